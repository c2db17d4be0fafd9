/** One message in, one out: to the box or to the bank, and what came of it as HTTP says it. */
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import { MINT_REQUESTS } from '../../mint/mint.ts';
import { refusalAnswer } from '../../protocol/answers.ts';
import { encode, referenceOf } from '../../protocol/codec.ts';
import type { FramesClient } from '../../transports/frames/client.ts';
import type { Answer } from '../../transports/http-server.ts';

const RETRY_AFTER_SECONDS = 1;

/** Those that a front carries messages to; it decides nothing itself. */
export interface Parties {
  readonly box: FramesClient;
  readonly bank: FramesClient | undefined;
}

/** Carries a message to whoever answers its kind, for the currency with this id. */
export async function exchange(
  { box, bank }: Parties,
  issuerId: string,
  message: Uint8Array,
): Promise<Answer> {
  const party = isForBank(message) ? bank : box;
  if (party === undefined) {
    return refused(referenceOf(message), refuse('unknown', 'this issuer has no bank for that'));
  }
  const answer = await party.ask(issuerId, message);
  if (answer !== undefined) return answered(answer);
  const who = party === box ? 'mint' : 'bank';
  return refused(referenceOf(message), refuse('busy', `the ${who} does not answer now`));
}

/** A refusal as an answer, for what was refused before it was a message. */
export function refused(messageReference: number, refusal: Refusal): Answer {
  return answered(encode(refusalAnswer(messageReference, refusal)));
}

/** What a client is told of a bug: that it was ours, and nothing else. */
export function failed(): Answer {
  const answer = refusalAnswer(0, refuse('busy', 'the issuer has failed'));
  return { status: 500, body: encode({ ...answer, status_code: 500 }) };
}

/** 2xx → 200, 3xx → 202 with Retry-After, 4xx → the same (spec/bindings/http.md). */
export function answered(body: Uint8Array): Answer {
  const code = statusOf(body);
  if (code < 300) return { status: 200, body };
  return code < 400 ? { status: 202, retryAfterSeconds: RETRY_AFTER_SECONDS, body } : { status: code, body };
}

/** Our own answers say it once, early; only refusals are ever other than 200. */
const STATUS = /"status_code":(\d{3})/;
const STATUS_WITHIN = 4_096;

function statusOf(answer: Uint8Array): number {
  const head = Buffer.from(answer.buffer, answer.byteOffset, Math.min(answer.length, STATUS_WITHIN));
  return Number(STATUS.exec(head.toString('latin1'))?.[1] ?? 500);
}

/**
 * A request's type, without reading the rest: within a JSON text the quotes would be escaped, and no document in a
 * request has a type that begins so. A message that fools this is refused by whoever gets it.
 */
const TYPE = /"type"\s*:\s*"(request [a-z ]+)"/;
const FOR_BOX: ReadonlySet<string> = new Set<string>([...MINT_REQUESTS, 'request currencies']);

function isForBank(message: Uint8Array): boolean {
  const text = Buffer.from(message.buffer, message.byteOffset, message.byteLength).toString('latin1');
  const type = TYPE.exec(text)?.[1];
  return type !== undefined && !FOR_BOX.has(type);
}
