/** `specie issuer`: the front, which carries messages between the network and box and bank. */
import { refuse, Refusal } from '../../base/refusal.ts';
import { openFront } from '../issuer/front.ts';
import { reportBug, serveFront, tryPort } from '../issuer/serve.ts';
import { readArguments } from './arguments.ts';
import { stopSignal, whenReachable } from './stopping.ts';
import { complain, misused, say } from './terminal.ts';
import type { ExitStatus } from './terminal.ts';

const USAGE = 'specie issuer --box SOCKET [--bank SOCKET] [--host HOST] [--port N]';

/** The line that says that a front serves. */
export const ISSUER_READY = 'the issuer is ready';

interface IssuerOptions {
  readonly box: string;
  readonly bank: string | undefined;
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
  const server = elsewhere ?? (await serveFront(front, options.host, options.port));
  if (server instanceof Refusal) {
    front.close();
    return complain(server);
  }
  for (const cdd of front.currencies()) say(`${cdd.currency_name} is issued at ${cdd.cdd_location}`);
  say(ISSUER_READY);
  await stopped;
  await server.close();
  front.close();
  return 0;
}

function livesElsewhere(locations: readonly string[], url: string | undefined): Refusal | undefined {
  if (url === undefined || locations.some((each) => each.startsWith(url))) return undefined;
  return refuse(
    'not possible',
    `the folder holds a currency that lives at ${locations.join(' and ')}, not at ${url}; choose its port, or another folder with --data`,
  );
}

function readOptions(args: readonly string[]): IssuerOptions | string {
  const given = readArguments(args, { texts: ['box', 'bank', 'host', 'port', 'url'], flags: ['supervised'] });
  if (typeof given === 'string') return given;
  const { box, bank, host = '127.0.0.1', port = '8080', url } = given.texts;
  const [operand] = given.operands;
  if (operand !== undefined) return `issuer takes no ${operand}`;
  if (box === undefined) return '--box says where the socket of the box is';
  const number = readPort(port);
  if (typeof number === 'string') return number;
  return { box, bank, host, port: number, url, supervised: given.flags.has('supervised') };
}

/** A port as typed; a text says what is wrong with it. */
export function readPort(text: string): number | string {
  return /^[1-9]\d{0,4}$/.test(text) && Number(text) <= 65_535
    ? Number(text)
    : 'a port is a number from 1 to 65535';
}
