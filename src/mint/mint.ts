import type { Clock } from '../base/ports.ts';
import type { Instant } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import type { Request, Response } from '../protocol/catalogue.ts';
import type { ResponseMint } from '../protocol/messages/mint.ts';
import type { RequestResume } from '../protocol/messages/resume.ts';
import type { Charter } from './charter/charter.ts';
import { claimed } from './claims.ts';
import { coinStatus } from './coin-status.ts';
import { answerCommitments } from './commitments.ts';
import { describeCddc, describeJournal, describeKeys, describeSerial } from './describe.ts';
import { listDoublePayments, saySpent } from './double-payments.ts';
import type { Exposed } from './double-payments.ts';
import type { MintExtras } from './extras.ts';
import { fund } from './fund.ts';
import type { Keyring } from './keyring.ts';
import { operate, pendingOrders } from './operate.ts';
import { plan } from './plan/plan.ts';
import type { Plan } from './plan/plan.ts';
import type {
  CommitOutcome,
  Counters,
  Intent,
  KeptReceipt,
  KeyLoader,
  KeyMaker,
  MintStore,
  Signer,
  Vault,
  VerifySignature,
} from './ports.ts';
import { listReceipts, signReceipt } from './receipts.ts';
import { deposit } from './reserve.ts';
import type { Scribe } from './scribe.ts';
import { sayFloat } from './statement.ts';
import type { MadeStatement } from './statement.ts';
import { coinIdsOf, sameAnswers, sameWish, wishOf } from './wish.ts';
import type { Withdrawals } from './withdrawals.ts';
import type { MoneyRequest } from './wish.ts';

/** The requests that a mint answers, by their type. */
export const MINT_REQUESTS = [
  'request cdd serial',
  'request cddc',
  'request mint key certificates',
  'request mint',
  'request renew',
  'request resume',
  'request redeem',
  'request coin status',
  'request fund',
  'request float',
  'request journal',
  'request operate',
  'request pending orders',
  'request receipts',
  'request reserve deposit',
  'request commitments',
  'request double payments',
] as const satisfies readonly Request['type'][];
export type MintRequest = Extract<Request, { type: (typeof MINT_REQUESTS)[number] }>;

/** What a mint reports of itself: an allow-list, with no serial, coin or blind in it. */
export type MintEvent =
  | { readonly event: 'key overdrawn'; readonly keyId: string }
  | { readonly event: 'double payment'; readonly number: number };

/** What a mint is made of. */
export interface MintParts {
  readonly store: MintStore;
  readonly signer: Signer;
  readonly loader: KeyLoader;
  readonly maker: KeyMaker;
  readonly vault: Vault;
  readonly verify: VerifySignature;
  readonly clock: Clock;
  readonly extras: MintExtras;
  readonly report: (event: MintEvent) => void;
}

/** A mint at work on one currency. */
export interface Mint {
  readonly charter: Charter;
  readonly keyring: Keyring;
  /** Answers one request. Every request can be sent again and gets the same answer. */
  answer(request: MintRequest): Promise<Response | Refusal>;
  counters(): Promise<Counters>;
  /** Does what is due: keys, totals, forgetting, the reserve. Safe at any time. */
  tend(): Promise<void>;
}

/** What lies on the mint's desk: read from the charter, or only kept to save work. */
export interface Desk {
  ring: Keyring;
  statement: MadeStatement | undefined;
  totalsAt: Instant;
  /** Orders that are being carried out, by their hash. */
  readonly underway: Map<string, Promise<Refusal | undefined>>;
  /** Suites of two rounds: what first rounds opened. */
  readonly withdrawals: Withdrawals;
  /** Requests that claimed their withdrawal and are not answered yet, by their reference. */
  readonly claims: Map<string, Promise<unknown>>;
  readonly exposed: Exposed;
}

/** The mint's parts with what was read of its currency: what every step of an answer works with. */
export interface OpenMint extends MintParts {
  readonly scribe: Scribe;
  readonly desk: Desk;
  /** Signs with the statement key. */
  readonly sign: (bytes: Uint8Array) => string;
  /** Opens a secret of the books as they were when the mint was opened. */
  readonly unseal: (name: string) => Uint8Array;
}

/** Answers one request. */
export function answer(mint: OpenMint, request: MintRequest): Promise<Response | Refusal> {
  const { charter } = mint.scribe;
  switch (request.type) {
    case 'request mint':
    case 'request renew':
    case 'request redeem':
      return whileOn(charter, () => moveMoney(mint, request));
    case 'request resume':
      return whileOn(charter, () => resume(mint, request));
    case 'request fund':
      return whileOn(charter, () => fund(mint, request));
    case 'request reserve deposit':
      return whileOn(charter, () => deposit(mint, request));
    case 'request commitments':
      return whileOn(charter, () => answerCommitments(mint, request));
    case 'request double payments':
      return listDoublePayments(mint, request);
    case 'request coin status':
      return coinStatus(mint, request);
    case 'request receipts':
      return listReceipts(mint, request);
    case 'request float':
      return sayFloat(mint, request);
    case 'request journal':
      return describeJournal(mint.store, request);
    case 'request operate':
      return operate(mint, request);
    case 'request pending orders':
      return pendingOrders(mint, request);
    case 'request cdd serial':
      return Promise.resolve(describeSerial(mint.desk.ring, request));
    case 'request cddc':
      return Promise.resolve(describeCddc(mint.desk.ring, request));
    case 'request mint key certificates':
      return Promise.resolve(describeKeys(mint, request));
  }
}

/** A mint that is switched off moves no money. It still says what it is, and takes its operators' orders. */
function whileOn(charter: Charter, work: () => Promise<Response | Refusal>): Promise<Response | Refusal> {
  return charter.power === 'on' ? work() : Promise.resolve(switchedOff());
}

/** One request, straight through: plan, claim, verify, commit, sign. Nothing is signed that is not on disk. */
async function moveMoney(mint: OpenMint, request: MoneyRequest): Promise<Response | Refusal> {
  const planned = plan(request, mint.desk.ring, mint.clock());
  if (planned instanceof Refusal) return repeated(mint, request, planned);
  return claimed(mint, planned, async () => {
    const forged = await forgery(mint, planned);
    if (forged !== undefined) return forged;
    const outcome = await commit(mint, planned.intent);
    return conclude(mint, planned.intent, outcome, request.message_reference);
  });
}

/** The answer to a mint or renewal once more, by its reference; or the commit of one whose payment has come. */
async function resume(mint: OpenMint, request: RequestResume): Promise<Response | Refusal> {
  const kept = await mint.store.recall(request.transaction_reference);
  if (kept === undefined) return refuse('unknown', 'transaction_reference: no request is kept under it');
  if (kept.state === 'committed') return sign(mint, kept, undefined, request.message_reference);
  const outcome = await commit(mint, kept);
  return conclude(mint, kept, outcome, request.message_reference);
}

/** A request committed in its time is answered again even when its keys no longer sign; any other is refused. */
async function repeated(
  mint: OpenMint,
  request: MoneyRequest,
  refusal: Refusal,
): Promise<Response | Refusal> {
  // A key that is closed is not known any more.
  if (refusal.name !== 'expired' && refusal.name !== 'unknown') return refusal;
  const wish = wishOf(request, coinIdsOf(request), mint.desk.ring.suite.offline);
  const kept = await mint.store.recall(wish.reference);
  return kept?.state === 'committed' && sameWish(kept, wish) && sameAnswers(kept, wish)
    ? conclude(mint, kept, await commit(mint, kept), request.message_reference)
    : refusal;
}

async function forgery(mint: OpenMint, { checks }: Plan): Promise<Refusal | undefined> {
  if (checks.length === 0) return undefined;
  const verified = await mint.signer.verify(checks);
  const forged = verified.indexOf(false);
  return forged === -1 ? undefined : refuse('bad signature', `coins[${forged}].signature: does not verify`);
}

/** The one place from which money moves. What was verified while it was switched off has come too late. */
async function commit(mint: OpenMint, intent: Intent): Promise<CommitOutcome | Refusal> {
  return mint.scribe.charter.power === 'on' ? mint.store.commit(intent, mint.clock()) : switchedOff();
}

function switchedOff(): Refusal {
  return refuse('switched off', 'its operators have switched this currency off');
}

async function conclude(
  mint: OpenMint,
  intent: Intent,
  outcome: CommitOutcome | Refusal,
  messageReference: number,
): Promise<Response | Refusal> {
  if (outcome instanceof Refusal) return outcome;
  switch (outcome.kind) {
    case 'committed':
    case 'repeated':
      return sign(mint, intent, outcome.receipt, messageReference);
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
      return refuse('already spent', await saySpent(mint, intent, outcome.coinIds, outcome.twice));
    case 'treasury exhausted':
      return refuse('treasury exhausted', 'blinds: more than the treasury holds');
    case 'overdrawn':
      mint.report({ event: 'key overdrawn', keyId: outcome.keyId });
      return refuse('bad signature', 'coins: more of this mint key came back than were issued');
  }
}

async function sign(
  mint: OpenMint,
  intent: Intent,
  receipt: KeptReceipt | undefined,
  messageReference: number,
): Promise<Response | Refusal> {
  if (intent.kind === 'redeem') return acknowledge(mint, receipt, messageReference);
  // Their coins would be worth nothing, and a mint that was opened since has not loaded such a key.
  if (!intent.blinds.every(({ keyId }) => mint.desk.ring.keys.has(keyId)))
    return refuse('expired', 'blinds: the coins of a mint key have expired');
  const signatures = await mint.signer.sign(intent.blinds);
  return { ...ok(messageReference), blind_signatures: pair(intent, signatures), type: 'response mint' };
}

function acknowledge(mint: OpenMint, receipt: KeptReceipt | undefined, messageReference: number): Response {
  if (receipt === undefined) throw new Error('the ledger numbers every redemption');
  return {
    ...ok(messageReference),
    signed_receipt: signReceipt(mint, receipt),
    statement_key: mint.scribe.charter.statementKey,
    type: 'response redeem',
  };
}

function pair(intent: Intent, signatures: readonly string[]): ResponseMint['blind_signatures'] {
  return intent.blinds.map((blind, index) => {
    const signature = signatures[index];
    if (signature === undefined) throw new Error('the signer answered fewer signatures than blinds');
    return { blind_signature: signature, reference: blind.reference, type: 'blind signature' };
  });
}
