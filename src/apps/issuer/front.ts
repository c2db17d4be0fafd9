/** The front: keeps nothing but which currency lives at which path. Any number of them may stand before one box. */
import { Refusal, refuse } from '../../base/refusal.ts';
import { LIMITS } from '../../base/limits.ts';
import { SECOND } from '../../base/dates.ts';
import { pathOf } from '../../mint/description.ts';
import { refusalIn } from '../../protocol/answers.ts';
import type { Request, Response } from '../../protocol/catalogue.ts';
import { decodeResponse, encode } from '../../protocol/codec.ts';
import type { Cdd } from '../../protocol/documents.ts';
import { openFramesClient } from '../../transports/frames/client.ts';
import type { FramesClient } from '../../transports/frames/client.ts';
import { post } from '../../transports/http-client.ts';
import type { Parties } from './exchange.ts';

/** How often the box is asked which currencies it holds: one that is founded by order appears without a restart. */
const LOOK_PACE = 2 * SECOND;

export interface FrontOptions {
  readonly boxSocket: string;
  readonly bankSocket: string | undefined;
  readonly bug: (error: Error) => void;
}

export interface Front extends Parties {
  /** The currency that lives at a path; undefined where none does. */
  at(path: string): Cdd | undefined;
  /** All currencies of the box, by their paths: the one at `/` is the first. */
  currencies(): readonly Cdd[];
  /** Asks the box on our own account. */
  ask(issuerId: string, request: Request): Promise<Response | Refusal>;
  close(): void;
}

/** Connects to box and bank. Refuses when the box does not answer. */
export async function openFront(options: FrontOptions): Promise<Front | Refusal> {
  const box = openFramesClient({
    path: options.boxSocket,
    messageBytes: LIMITS.messageBytes,
    carry: carryOut,
    failed: options.bug,
  });
  const bank =
    options.bankSocket === undefined
      ? undefined
      : openFramesClient({ path: options.bankSocket, messageBytes: LIMITS.messageBytes });
  const places = new Places(box);
  const looked = await places.look();
  const timer = setInterval(() => void places.look().catch(options.bug), LOOK_PACE);
  const close = () => {
    clearInterval(timer);
    box.close();
    bank?.close();
  };
  if (looked !== undefined) {
    close();
    return looked;
  }
  return {
    box,
    bank,
    at: (path) => places.byPath.get(path),
    currencies: () =>
      [...places.byPath].toSorted(([left], [right]) => left.localeCompare(right)).map(([, cdd]) => cdd),
    ask: (issuerId, request) => askBox(box, issuerId, request),
    close,
  };
}

/** Which currency lives where: the path of its own address. Of two at one path, the first in the box's order. */
class Places {
  byPath: ReadonlyMap<string, Cdd> = new Map();
  readonly #box: FramesClient;

  constructor(box: FramesClient) {
    this.#box = box;
  }

  async look(): Promise<Refusal | undefined> {
    const answer = await askBox(this.#box, '', { type: 'request currencies', message_reference: 0 });
    if (answer instanceof Refusal) return answer;
    if (answer.type !== 'response currencies') throw new Error('the box answered another question');
    const byPath = new Map<string, Cdd>();
    for (const { cdd } of answer.currencies) {
      const path = pathOf(cdd);
      // A currency that nobody could go to must not keep the others from being served.
      if (path !== undefined && !byPath.has(path)) byPath.set(path, cdd);
    }
    this.byPath = byPath;
    return undefined;
  }
}

async function askBox(box: FramesClient, issuerId: string, request: Request): Promise<Response | Refusal> {
  const bytes = await box.ask(issuerId, encode(request));
  if (bytes === undefined) return refuse('unreachable', 'the mint does not answer');
  const answer = decodeResponse(bytes);
  return answer instanceof Refusal ? answer : (refusalIn(answer) ?? answer);
}

/** Takes a message of the box's to another issuer: the box has no network of its own. */
async function carryOut(url: string, message: Uint8Array): Promise<Uint8Array | undefined> {
  const answer = await post(url, message, LIMITS.messageBytes);
  return answer instanceof Refusal ? undefined : answer;
}
