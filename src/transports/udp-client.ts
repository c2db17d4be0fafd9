/** Asks over UDP: the same datagram again after growing pauses, until its answer comes. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { Refusal, refuse } from '../base/refusal.ts';
import { titleEnvelopeOf, titleReferenceOf } from '../title/documents/codec.ts';
import { TITLE_LIMITS } from '../title/documents/limits.ts';

/** Does something after so many milliseconds, unless what it gives is called before. */
export type Schedule = (milliseconds: number, then: () => void) => () => void;

export interface UdpClientOptions {
  /** How often a question is sent in all. */
  readonly tries?: number;
  /** Milliseconds before it is sent a second time; each pause is twice the one before, up to the longest. */
  readonly firstPause?: number;
  readonly longestPause?: number;
  /** The system's timers when not given. */
  readonly schedule?: Schedule;
}

export interface UdpClient {
  /**
   * Sends a request, padded so that any answer which fits a datagram may come back, and gives the answer with the same
   * reference: what it says is the caller's to check. Refuses `unreachable` where none came: it may have been done all the
   * same. Refuses `too large` what fits no datagram, and `busy` a reference that is being asked about.
   */
  ask(request: Uint8Array): Promise<Uint8Array | Refusal>;
  /** What is not answered by then is refused. */
  close(): void;
}

/** Six seconds and a half in all. */
export const UDP_PATIENCE = { tries: 6, firstPause: 150, longestPause: 2_000 } as const;

/** Opens a client of one server; any number of questions may be underway. Refuses where the host has no address. */
export async function openUdpClient(
  host: string,
  port: number,
  options: UdpClientOptions = {},
): Promise<UdpClient | Refusal> {
  const addresses = await addressesOf(host);
  if (addresses.length === 0) return refuse('unreachable', `${host} has no address`);
  const client = new Client({ ...UDP_PATIENCE, schedule: onTime, ...options }, `${host}:${port}`);
  for (const { address, family } of addresses) {
    const socket = await connected(address, family, port);
    if (socket !== undefined) client.add(socket);
  }
  return client;
}

/** One question by a socket of its own: from a port that nobody could foresee. The refusals are those of `UdpClient`. */
export async function askUdp(
  host: string,
  port: number,
  request: Uint8Array,
  options: UdpClientOptions = {},
): Promise<Uint8Array | Refusal> {
  const client = await openUdpClient(host, port, options);
  if (client instanceof Refusal) return client;
  try {
    return await client.ask(request);
  } finally {
    client.close();
  }
}

/** One of each family: which of them is served cannot be known before somebody answers. None where there is no such host. */
async function addressesOf(host: string): Promise<readonly LookupAddress[]> {
  const name = host.startsWith('[') ? host.slice(1, -1) : host;
  const all = await lookup(name, { all: true, order: 'ipv4first' }).catch((error: unknown) => {
    if (error instanceof Error && 'hostname' in error) return [];
    throw error;
  });
  return [4, 6].flatMap((family) => all.find((each) => each.family === family) ?? []);
}

/** A socket that hears nobody but this server; undefined where there is no way to its address. */
function connected(address: string, family: number, port: number): Promise<Socket | undefined> {
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  return new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.once('connect', () => resolve(socket));
    socket.connect(port, address);
  });
}

interface Asked {
  readonly settle: (answer: Uint8Array | Refusal) => void;
}

class Client implements UdpClient {
  readonly #options: Required<UdpClientOptions>;
  readonly #name: string;
  readonly #sockets: Socket[] = [];
  readonly #asked = new Map<number, Asked>();
  #isClosed = false;

  constructor(options: Required<UdpClientOptions>, name: string) {
    this.#options = options;
    this.#name = name;
  }

  add(socket: Socket): void {
    // That nobody listens there just now is known soonest by its not answering.
    socket.removeAllListeners('error').on('error', () => undefined);
    socket.on('message', (bytes) => this.#heard(bytes));
    this.#sockets.push(socket);
  }

  ask(request: Uint8Array): Promise<Uint8Array | Refusal> {
    if (titleEnvelopeOf(request) !== 'request') throw new RangeError('what is asked over UDP is a request');
    if (request.length > TITLE_LIMITS.datagramBytes)
      return Promise.resolve(
        refuse('too large', `a datagram has at most ${TITLE_LIMITS.datagramBytes} bytes`),
      );
    const reference = titleReferenceOf(request);
    if (this.#isClosed) return Promise.resolve(this.#silence());
    if (this.#asked.has(reference))
      return Promise.resolve(refuse('busy', 'another question with this reference is underway'));
    const { promise, resolve } = Promise.withResolvers<Uint8Array | Refusal>();
    let cancel: () => void = () => undefined;
    const settle = (answer: Uint8Array | Refusal): void => {
      cancel();
      this.#asked.delete(reference);
      resolve(answer);
    };
    const datagram = new Uint8Array(TITLE_LIMITS.datagramBytes);
    datagram.set(request);
    const attempt = (tried: number): void => {
      if (tried === this.#options.tries) {
        settle(this.#silence());
        return;
      }
      this.#send(datagram, tried);
      cancel = this.#options.schedule(this.#pauseAfter(tried), () => attempt(tried + 1));
    };
    this.#asked.set(reference, { settle });
    attempt(0);
    return promise;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const { settle } of [...this.#asked.values()]) settle(this.#silence());
    for (const socket of this.#sockets) socket.close();
  }

  #silence(): Refusal {
    return refuse('unreachable', `${this.#name} does not answer over UDP`);
  }

  #pauseAfter(tried: number): number {
    return Math.min(this.#options.firstPause * 2 ** tried, this.#options.longestPause);
  }

  /** Addresses take turns. What cannot be sent is as lost as what gets lost on the way. */
  #send(datagram: Uint8Array, tried: number): void {
    this.#sockets[tried % this.#sockets.length]?.send(datagram, () => undefined);
  }

  #heard(bytes: Uint8Array): void {
    if (titleEnvelopeOf(bytes) === 'response')
      this.#asked.get(titleReferenceOf(bytes))?.settle(new Uint8Array(bytes));
  }
}

const onTime: Schedule = (milliseconds, then) => {
  const timer = setTimeout(then, milliseconds);
  return () => clearTimeout(timer);
};
