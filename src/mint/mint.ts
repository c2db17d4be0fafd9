import type { Clock } from '../base/ports.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import type { Request, Response } from '../protocol/catalogue.ts';
import type { ResponseMint } from '../protocol/messages/mint.ts';
import type { RequestResume } from '../protocol/messages/resume.ts';
import { coinStatus } from './coin-status.ts';
import { describeCddc, describeKeys, describeSerial } from './describe.ts';
import { fund } from './fund.ts';
import { openKeyring } from './keyring.ts';
import type { Keyring } from './keyring.ts';
import { plan } from './plan/plan.ts';
import type { Plan } from './plan/plan.ts';
import type { Cashier, CommitOutcome, Counters, Intent, MintStore, Signer } from './ports.ts';
import { coinIdsOf, sameWish, wishOf } from './wish.ts';
import type { MoneyRequest } from './wish.ts';

/** The requests that a mint answers; the rest of the protocol is the bank's. */
export type MintRequest = Exclude<
  Request,
  { type: 'request order' | 'request order status' | 'request test payment' }
>;

/** What a mint reports of itself: an allow-list, with no serial, coin or blind in it. */
export type MintEvent = { readonly event: 'key overdrawn'; readonly keyId: string };

/** What a mint is made of. */
export interface MintParts {
  readonly store: MintStore;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly report: (event: MintEvent) => void;
}

/** A mint at work on one currency. */
export interface Mint {
  readonly keyring: Keyring;
  /** Answers one request. Every request can be sent again and gets the same answer. */
  answer(request: MintRequest): Promise<Response | Refusal>;
  counters(): Promise<Counters>;
}

/** The mint's parts with what was read of its currency: what every step of an answer works with. */
export interface OpenMint extends MintParts {
  readonly ring: Keyring;
  readonly cashiers: readonly Cashier[];
}

/** Opens the mint of the currency that was founded in this store. */
export async function openMint(parts: MintParts): Promise<Mint> {
  const currency = await parts.store.load();
  if (currency === undefined) throw new Error('no currency was founded in this store');
  const mint: OpenMint = { ...parts, ring: openKeyring(currency), cashiers: currency.cashiers };
  return {
    keyring: mint.ring,
    answer: (request) => answer(mint, request),
    counters: () => parts.store.counters(),
  };
}

function answer(mint: OpenMint, request: MintRequest): Promise<Response | Refusal> {
  switch (request.type) {
    case 'request mint':
    case 'request renew':
    case 'request redeem':
      return moveMoney(mint, request);
    case 'request resume':
      return resume(mint, request);
    case 'request fund':
      return fund(mint, request);
    case 'request coin status':
      return coinStatus(mint, request);
    case 'request cdd serial':
      return Promise.resolve(describeSerial(mint.ring, request));
    case 'request cddc':
      return Promise.resolve(describeCddc(mint.ring, request));
    case 'request mint key certificates':
      return Promise.resolve(describeKeys(mint.ring, request, mint.clock()));
  }
}

/** One request, straight through: plan, verify, commit, sign. Nothing is signed that is not on disk. */
async function moveMoney(mint: OpenMint, request: MoneyRequest): Promise<Response | Refusal> {
  const planned = plan(request, mint.ring, mint.clock());
  if (planned instanceof Refusal) return repeated(mint, request, planned);
  const forged = await forgery(mint, planned);
  if (forged !== undefined) return forged;
  const outcome = await mint.store.commit(planned.intent, mint.clock());
  return conclude(mint, planned.intent, outcome, request.message_reference);
}

/** The answer to a mint or renewal once more, by its reference; or the commit of one whose payment has come. */
async function resume(mint: OpenMint, request: RequestResume): Promise<Response | Refusal> {
  const kept = await mint.store.recall(request.transaction_reference);
  if (kept === undefined) return refuse('unknown', 'transaction_reference: no request is kept under it');
  if (kept.state === 'committed') return sign(mint, kept, request.message_reference);
  const outcome = await mint.store.commit(kept, mint.clock());
  return conclude(mint, kept, outcome, request.message_reference);
}

/** A request committed in its time is answered again even when its keys no longer sign; any other is refused. */
async function repeated(
  mint: OpenMint,
  request: MoneyRequest,
  refusal: Refusal,
): Promise<Response | Refusal> {
  if (refusal.name !== 'expired') return refusal;
  const wish = wishOf(request, coinIdsOf(request));
  const kept = await mint.store.recall(wish.reference);
  return kept?.state === 'committed' && sameWish(kept, wish)
    ? sign(mint, kept, request.message_reference)
    : refusal;
}

async function forgery(mint: OpenMint, { checks }: Plan): Promise<Refusal | undefined> {
  if (checks.length === 0) return undefined;
  const verified = await mint.signer.verify(checks);
  const forged = verified.indexOf(false);
  return forged === -1 ? undefined : refuse('bad signature', `coins[${forged}].signature: does not verify`);
}

async function conclude(
  mint: OpenMint,
  intent: Intent,
  outcome: CommitOutcome,
  messageReference: number,
): Promise<Response | Refusal> {
  switch (outcome.kind) {
    case 'committed':
    case 'repeated':
      return sign(mint, intent, messageReference);
    case 'unpaid':
      return refuse('unpaid', 'no funding has come for this transaction reference');
    case 'funding differs':
      return refuse('unbalanced', `blinds: the order was paid for ${outcome.funded}`);
    case 'funding expired':
      return refuse('expired', 'transaction_reference: its funding has expired');
    case 'lapsed':
      return refuse('expired', 'blinds: a mint key has stopped to sign');
    case 'reference reused':
      return refuse('reference reused', 'transaction_reference: kept for another request');
    case 'spent':
      return refuse(
        'already spent',
        `coins: ${outcome.coinIds.length} of ${intent.spends.length} spent before`,
      );
    case 'treasury exhausted':
      return refuse('treasury exhausted', 'blinds: more than the treasury holds');
    case 'overdrawn':
      mint.report({ event: 'key overdrawn', keyId: outcome.keyId });
      return refuse('bad signature', 'coins: more of this mint key came back than were issued');
  }
}

async function sign(mint: OpenMint, intent: Intent, messageReference: number): Promise<Response> {
  if (intent.kind === 'redeem') return { ...ok(messageReference), type: 'response redeem' };
  const signatures = await mint.signer.sign(intent.blinds);
  return { ...ok(messageReference), blind_signatures: pair(intent, signatures), type: 'response mint' };
}

function pair(intent: Intent, signatures: readonly string[]): ResponseMint['blind_signatures'] {
  return intent.blinds.map((blind, index) => {
    const signature = signatures[index];
    if (signature === undefined) throw new Error('the signer answered fewer signatures than blinds');
    return { blind_signature: signature, reference: blind.reference, type: 'blind signature' };
  });
}
