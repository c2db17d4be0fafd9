/** `specie issuer`: the front, which carries messages between the network and box and bank. */
import { refuse, Refusal } from '../../base/refusal.ts';
import { openFront } from '../issuer/front.ts';
import { reportBug, serveFront, tryPort } from '../issuer/serve.ts';
import { openTitleFront, serveTitleUdp } from '../title/front.ts';
import { titleResources } from '../title/http.ts';
import type { TitleResources } from '../title/http.ts';
import { readArguments } from './arguments.ts';
import { whenReachable } from './reaching.ts';
import { stopSignal } from '../supervisor/stopping.ts';
import { complain, misused, say } from './terminal.ts';
import type { ExitStatus } from './terminal.ts';

const USAGE =
  'specie issuer --box SOCKET [--bank SOCKET] [--title SOCKET [--title-port N]] [--host HOST] [--port N]';

/** The line that says that a front serves. */
export const ISSUER_READY = 'the issuer is ready';

interface IssuerOptions {
  readonly box: string;
  readonly bank: string | undefined;
  /** The socket of a title box, which is served at `/title`. */
  readonly title: string | undefined;
  /** Where datagrams for it are taken; undefined: nowhere. */
  readonly titlePort: number | undefined;
  readonly host: string;
  readonly port: number;
  /** Where a currency must live, when whoever started it knows. */
  readonly url: string | undefined;
  readonly supervised: boolean;
}

/** Serves until SIGINT or SIGTERM. */
export async function issuer(args: readonly string[]): Promise<ExitStatus> {
  const options = readOptions(args);
  if (typeof options === 'string') return misused(USAGE, options);
  const stopped = stopSignal(options.supervised);
  const taken = await tryPort(options.host, options.port);
  if (taken !== undefined) return complain(taken);
  const front = await whenReachable(
    () => openFront({ boxSocket: options.box, bankSocket: options.bank, bug: reportBug }),
    options.supervised ? stopped : Promise.resolve(),
  );
  if (front instanceof Refusal) return complain(front);
  const elsewhere = livesElsewhere(
    front.currencies().map((each) => each.cdd_location),
    options.url,
  );
  const titles = elsewhere ?? (await openTitles(options, stopped));
  const server =
    titles instanceof Refusal
      ? titles
      : await serveFront(front, options.host, options.port, titles?.resources);
  if (server instanceof Refusal) {
    if (!(titles instanceof Refusal)) await titles?.close();
    front.close();
    return complain(server);
  }
  for (const cdd of front.currencies()) say(`${cdd.currency_name} is issued at ${cdd.cdd_location}`);
  say(ISSUER_READY);
  await stopped;
  await server.close();
  if (!(titles instanceof Refusal)) await titles?.close();
  front.close();
  return 0;
}

interface Titles {
  readonly resources: TitleResources;
  close(): Promise<void>;
}

/** The way to the title box, and its datagrams; undefined where there is none. */
async function openTitles(
  { title, titlePort, host, supervised }: IssuerOptions,
  stopped: Promise<void>,
): Promise<Titles | Refusal | undefined> {
  if (title === undefined) return undefined;
  const front = await whenReachable(() => openTitleFront(title), supervised ? stopped : Promise.resolve());
  if (front instanceof Refusal) return front;
  const udp =
    titlePort === undefined
      ? undefined
      : await serveTitleUdp(front, { host, port: titlePort }, '--title-port');
  if (udp instanceof Refusal) {
    front.close();
    return udp;
  }
  const close = async () => {
    await udp?.close();
    front.close();
  };
  return { resources: titleResources(front), close };
}

function livesElsewhere(locations: readonly string[], url: string | undefined): Refusal | undefined {
  if (url === undefined || locations.some((each) => each.startsWith(url))) return undefined;
  return refuse(
    'not possible',
    `the folder holds a currency that lives at ${locations.join(' and ')}, not at ${url}; choose its port, or another folder with --data`,
  );
}

function readOptions(args: readonly string[]): IssuerOptions | string {
  const given = readArguments(args, {
    texts: ['box', 'bank', 'title', 'title-port', 'host', 'port', 'url'],
    flags: ['supervised'],
  });
  if (typeof given === 'string') return given;
  const { box, bank, title, 'title-port': udp, host = '127.0.0.1', port = '8080', url } = given.texts;
  const [operand] = given.operands;
  if (operand !== undefined) return `issuer takes no ${operand}`;
  if (box === undefined) return '--box says where the socket of the box is';
  const number = readPort(port);
  if (typeof number === 'string') return number;
  const titlePort = udp === undefined ? undefined : readPort(udp);
  if (typeof titlePort === 'string') return titlePort;
  if (titlePort !== undefined && title === undefined) return '--title-port goes with --title';
  const supervised = given.flags.has('supervised');
  return { box, bank, title, titlePort, host, port: number, url, supervised };
}

/** A port as typed; a text says what is wrong with it. */
export function readPort(text: string): number | string {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535
    ? Number(text)
    : 'a port is a number from 1 to 65535';
}
