/**
 * Messages about titles over UDP: one datagram in, at most one out. Whoever sends may have written anybody's address on
 * it, so an answer is never longer than its question, and no answer is ever answered.
 */
import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { titleEnvelopeOf } from '../title/documents/codec.ts';
import { TITLE_LIMITS } from '../title/documents/limits.ts';

export interface UdpService {
  /** Answers a request, in no more bytes than it has; with none, nothing is sent. Rejects only for a bug. */
  answer(request: Uint8Array): Promise<Uint8Array>;
  /** Told of a bug: whoever asked gets no answer, and the service goes on. */
  bug(error: Error): void;
}

export interface UdpServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Requests that are worked on at once; what comes beyond is dropped, and its sender asks again. */
  readonly underway?: number;
}

export interface UdpServer {
  readonly port: number;
  /** Takes nothing more, lets what is underway be answered, then resolves. */
  close(): Promise<void>;
}

const UNDERWAY = 1_024;
/** Bytes that the system keeps for us: some milliseconds of a full line, which one slow moment must not drop. */
const RECEIVE_BUFFER = 1_048_576;
/** How long an answer that is underway may take when the server closes. */
const GRACE_MILLISECONDS = 5_000;

/** Starts to listen. Rejects when the port cannot be had. */
export async function serveUdp(service: UdpService, options: UdpServerOptions): Promise<UdpServer> {
  const socket = createSocket({
    type: isIPv6(options.host) ? 'udp6' : 'udp4',
    recvBufferSize: RECEIVE_BUFFER,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind(options.port, options.host, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  const listening = new Listening(socket, service, options.underway ?? UNDERWAY);
  return { port: socket.address().port, close: () => listening.close() };
}

class Listening {
  readonly #socket: Socket;
  readonly #service: UdpService;
  readonly #most: number;
  readonly #underway = new Set<Promise<void>>();
  #isClosing = false;

  constructor(socket: Socket, service: UdpService, most: number) {
    this.#socket = socket;
    this.#service = service;
    this.#most = most;
    socket.on('message', (bytes, sender) => this.#arrived(bytes, sender));
    socket.on('error', (error) => service.bug(error));
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.race([Promise.all(this.#underway), pause(GRACE_MILLISECONDS, undefined, { ref: false })]);
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }

  #arrived(bytes: Uint8Array, sender: RemoteInfo): void {
    const isOurs = bytes.length <= TITLE_LIMITS.datagramBytes && titleEnvelopeOf(bytes) === 'request';
    if (!isOurs || this.#isClosing || this.#underway.size >= this.#most) return;
    const answering = this.#answer(bytes, sender)
      .catch((error: unknown) => {
        this.#service.bug(
          error instanceof Error ? error : new Error('something that is no error was thrown'),
        );
      })
      .finally(() => this.#underway.delete(answering));
    this.#underway.add(answering);
  }

  async #answer(request: Uint8Array, { port, address }: RemoteInfo): Promise<void> {
    const answer = await this.#service.answer(request);
    if (answer.length > request.length) throw new Error('an answer over UDP is longer than its question');
    if (answer.length === 0) return;
    // Resolves once it is sent or cannot be: an answer that gets lost is asked for again, wherever it gets lost.
    await new Promise<void>((resolve) => this.#socket.send(answer, port, address, () => resolve()));
  }
}
