/** The front of a title box: UDP and HTTP outside, frames inside. It keeps nothing, and any number may stand before one box. */
import { Refusal, refuse } from '../../base/refusal.ts';
import { readTitleResponse, writeTitleRequest } from '../../title/documents/codec.ts';
import { TITLE_LIMITS } from '../../title/documents/limits.ts';
import type { TitleRequest, TitleResponse } from '../../title/documents/messages.ts';
import { openFramesClient } from '../../transports/frames/client.ts';
import { serveUdp } from '../../transports/udp-server.ts';
import type { UdpServer } from '../../transports/udp-server.ts';
import { portError, reportBug } from '../issuer/serve.ts';
import { DATAGRAM, TITLE_UNDERWAY } from './options.ts';

export interface TitleFront {
  /** Carries a request to the box as it is, and the answer back; undefined where there is none. */
  carry(request: Uint8Array): Promise<Uint8Array | undefined>;
  /** The same for what came as a datagram: the answer is no longer than it; without bytes where there is none. */
  carryDatagram(request: Uint8Array): Promise<Uint8Array>;
  /** Asks the box on our own account; undefined where it does not answer. */
  ask(message: TitleRequest): Promise<TitleResponse | undefined>;
  close(): void;
}

const NOTHING = new Uint8Array(0);
/** Requests that the box may have under way for HTTP, however many datagrams come. */
const KEPT_FOR_HTTP = 256;

/** Connects to a title box. Refuses `unreachable` when it does not answer. */
export async function openTitleFront(socket: string): Promise<TitleFront | Refusal> {
  const box = openFramesClient({
    path: socket,
    messageBytes: TITLE_LIMITS.messageBytes,
    underway: TITLE_UNDERWAY,
  });
  const carry = async (request: Uint8Array) => {
    const answer = await box.ask('', request);
    return answer?.length === 0 ? undefined : answer;
  };
  const front: TitleFront = {
    carry,
    carryDatagram: async (request) => (await box.ask(DATAGRAM, request)) ?? NOTHING,
    ask: async (message) => {
      const bytes = await carry(writeTitleRequest({ reference: 0, message }));
      if (bytes === undefined) return undefined;
      const answer = readTitleResponse(bytes);
      if (answer instanceof Refusal)
        throw new Error(`the title box says what cannot be read: ${answer.details}`);
      return answer.message;
    },
    close: () => box.close(),
  };
  if ((await front.ask({ type: 'request title server' })) !== undefined) return front;
  box.close();
  return refuse('unreachable', 'the title box does not answer');
}

/** Takes datagrams for a title box. Refuses when the port cannot be had; `option` is how another is chosen. */
export async function serveTitleUdp(
  front: TitleFront,
  { host, port }: { readonly host: string; readonly port: number },
  option = '--udp-port',
): Promise<UdpServer | Refusal> {
  try {
    return await serveUdp(
      { answer: (request) => front.carryDatagram(request), bug: reportBug },
      { host, port, underway: TITLE_UNDERWAY - KEPT_FOR_HTTP },
    );
  } catch (error) {
    return portError(error, port, option);
  }
}
