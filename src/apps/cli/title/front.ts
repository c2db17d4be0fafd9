/** `specie title front`: carries messages between the network and a title box. `title serve` starts one. */
import { Refusal } from '../../../base/refusal.ts';
import { serveAt } from '../../issuer/serve.ts';
import { openTitleFront, serveTitleUdp } from '../../title/front.ts';
import type { TitleFront } from '../../title/front.ts';
import { titleService } from '../../title/http.ts';
import { readArguments } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import { readPort } from '../issuer.ts';
import { whenReachable } from '../reaching.ts';
import { stopSignal } from '../../supervisor/stopping.ts';
import { complain, misused, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';

export const TITLE_FRONT_USAGE =
  'specie title front --box SOCKET [--host HOST] [--port N] [--udp-port N | --no-udp]';

/** The line that says that a front of titles serves. */
export const TITLE_FRONT_READY = 'the title front is ready';

/** Where titles are served unless something else is said. */
const TITLE_PORT = '8090';

interface FrontOptions extends TitlePlaces {
  readonly box: string;
  readonly supervised: boolean;
}

/** Serves until SIGINT or SIGTERM. */
export async function titleFront(args: readonly string[]): Promise<ExitStatus> {
  const options = readOptions(args);
  if (typeof options === 'string') return misused(TITLE_FRONT_USAGE, options);
  const stopped = stopSignal(options.supervised);
  const front = await whenReachable(
    () => openTitleFront(options.box),
    options.supervised ? stopped : Promise.resolve(),
  );
  if (front instanceof Refusal) return complain(front);
  const servers = await listen(front, options);
  if (servers instanceof Refusal) {
    front.close();
    return complain(servers);
  }
  say(TITLE_FRONT_READY);
  await stopped;
  await Promise.all(servers.map((each) => each.close()));
  front.close();
  return 0;
}

interface Closing {
  close(): Promise<void>;
}

async function listen(
  front: TitleFront,
  { host, port, udpPort }: FrontOptions,
): Promise<readonly Closing[] | Refusal> {
  const http = await serveAt(titleService(front), host, port);
  if (http instanceof Refusal || udpPort === undefined) return http instanceof Refusal ? http : [http];
  const udp = await serveTitleUdp(front, { host, port: udpPort });
  if (!(udp instanceof Refusal)) return [http, udp];
  await http.close();
  return udp;
}

function readOptions(args: readonly string[]): FrontOptions | string {
  const given = readArguments(args, {
    texts: ['box', 'host', 'port', 'udp-port'],
    flags: ['no-udp', 'supervised'],
  });
  if (typeof given === 'string') return given;
  const [operand] = given.operands;
  if (operand !== undefined) return `title front takes no ${operand}`;
  const { box } = given.texts;
  if (box === undefined) return '--box says where the socket of the title box is';
  const places = readTitlePlaces(given);
  return typeof places === 'string' ? places : { box, ...places, supervised: given.flags.has('supervised') };
}

export interface TitlePlaces {
  readonly host: string;
  readonly port: number;
  /** Undefined: no datagrams are taken. */
  readonly udpPort: number | undefined;
}

/** Where a front listens; a text says what is wrong with it. Datagrams come to the same number unless another is named. */
export function readTitlePlaces({ texts, flags }: Arguments): TitlePlaces | string {
  const { host = '127.0.0.1', port: typed = TITLE_PORT } = texts;
  const port = readPort(typed);
  if (typeof port === 'string') return port;
  const udpPort = flags.has('no-udp') ? undefined : readPort(texts['udp-port'] ?? typed);
  return typeof udpPort === 'string' ? udpPort : { host, port, udpPort };
}
