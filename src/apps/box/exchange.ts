/** One message in, one out, for the currency that the frame's context names. */
import { Refusal, refuse } from '../../base/refusal.ts';
import type { MintRequest } from '../../mint/mint.ts';
import { MINT_REQUESTS } from '../../mint/mint.ts';
import { ok, refusalAnswer } from '../../protocol/answers.ts';
import type { Request, Response } from '../../protocol/catalogue.ts';
import { decodeRequest, encode, referenceOf } from '../../protocol/codec.ts';
import type { OpenCurrency } from './box.ts';

/** µs of one core: beyond two seconds of work that waits, more is sent away before anything of it is committed. */
const BACKLOG_MOST = 2_000_000;

/** What of a box answers messages. */
export interface Answering {
  readonly currencies: ReadonlyMap<string, OpenCurrency>;
  readonly lanes: { readonly backlog: number };
}

/** What takes the lanes' time. */
const COSTLY: ReadonlySet<Request['type']> = new Set([
  'request mint',
  'request renew',
  'request resume',
  'request redeem',
  'request fund',
  'request commitments',
]);

/** Decode, let the mint answer, encode. Never rejects for what a front sent. */
export async function exchange(box: Answering, context: string, message: Uint8Array): Promise<Uint8Array> {
  const request = decodeRequest(message);
  if (request instanceof Refusal) return encode(refusalAnswer(referenceOf(message), request));
  const answer = await respond(box, context, request);
  return encode(answer instanceof Refusal ? refusalAnswer(request.message_reference, answer) : answer);
}

async function respond(box: Answering, context: string, request: Request): Promise<Response | Refusal> {
  if (request.type === 'request currencies') return listCurrencies(box, request.message_reference);
  const currency = box.currencies.get(context);
  if (currency === undefined) return refuse('unknown', 'the box holds no such currency');
  if (!isForMint(request)) return refuse('unknown', 'type: the bank answers this');
  // Operators and auditors are heard however much waits: switching off must not.
  if (COSTLY.has(request.type) && box.lanes.backlog > BACKLOG_MOST)
    return refuse('busy', 'too much waits to be signed');
  return currency.mint.answer(request);
}

function listCurrencies(box: Answering, messageReference: number): Response {
  return {
    ...ok(messageReference),
    currencies: [...box.currencies.values()].map(({ mint }) => mint.keyring.cddc),
    type: 'response currencies',
  };
}

const TYPES: ReadonlySet<string> = new Set(MINT_REQUESTS);

function isForMint(request: Request): request is MintRequest {
  return TYPES.has(request.type);
}

/** What a front is told of a bug: that it was ours, and nothing else. */
export function failed(): Uint8Array {
  return encode(refusalAnswer(0, refuse('busy', 'the mint has failed')));
}
