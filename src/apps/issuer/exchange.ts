import { Refusal, refuse } from '../../base/refusal.ts';
import type { BankRequest } from '../../bank/bank.ts';
import type { MintRequest } from '../../mint/mint.ts';
import { refusalAnswer } from '../../protocol/answers.ts';
import type { Request, Response } from '../../protocol/catalogue.ts';
import { decodeRequest, encode, referenceOf } from '../../protocol/codec.ts';
import type { Answer } from '../../transports/http-server.ts';
import type { Issuer } from './issuer.ts';

const RETRY_AFTER_SECONDS = 1;

/** One message in, one out: decode, let mint or bank answer, encode. */
export async function exchange(issuer: Issuer, message: Uint8Array): Promise<Answer> {
  const request = decodeRequest(message);
  if (request instanceof Refusal) return refused(referenceOf(message), request);
  // Before anything is committed, so that whoever is sent away may just come back.
  if (issuer.isBusy())
    return refused(request.message_reference, refuse('busy', 'too much waits to be signed'));
  const answer = await (isForBank(request) ? issuer.bank.answer(request) : issuer.mint.answer(request));
  return answer instanceof Refusal ? refused(request.message_reference, answer) : answered(answer);
}

/** A refusal as an answer, for what was refused before it was a message. */
export function refused(messageReference: number, refusal: Refusal): Answer {
  return answered(refusalAnswer(messageReference, refusal));
}

/** What a client is told of a bug: that it was ours, and nothing else. */
export function failed(): Answer {
  const answer = refusalAnswer(0, refuse('busy', 'the issuer has failed'));
  return { ...answered({ ...answer, status_code: 500 }), status: 500 };
}

/** 2xx → 200, 3xx → 202 with Retry-After, 4xx → the same (spec/bindings/http.md). */
function answered(response: Response): Answer {
  const body = encode(response);
  const code = response.status_code;
  if (code < 300) return { status: 200, body };
  return code < 400 ? { status: 202, retryAfterSeconds: RETRY_AFTER_SECONDS, body } : { status: code, body };
}

const BANK_TYPES: ReadonlySet<Request['type']> = new Set<BankRequest['type']>([
  'request order',
  'request order status',
  'request test payment',
]);

function isForBank(request: MintRequest | BankRequest): request is BankRequest {
  return BANK_TYPES.has(request.type);
}
