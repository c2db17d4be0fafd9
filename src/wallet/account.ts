/** The customer's account at a currency's bank: opened by a token from the phrase, so that a restore finds it again. */
import type { Amount } from '../base/amount.ts';
import { bytesToNumber, writeBigInt } from '../base/bigint.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { AccountEntry, Payout, ResponseAccount } from '../protocol/messages/account.ts';
import type { Context } from './context.ts';
import { usableCurrency } from './currency.ts';
import { accountToken, currencySecret } from './derivation.ts';
import { begin, done, refused } from './operations.ts';
import { ask } from './speak.ts';
import type { KnownCurrency, PayoutOrder } from './state.ts';
import { entryOf } from './views.ts';
import type { Entry } from './views.ts';

/** Tokens that are tried: a bank that has given a token's number to another account wants the next one. */
const TOKENS = 3;
const REFERENCE_BYTES = 32;

/** An account as the bank has it. */
export interface Account {
  /** What others pay to. */
  readonly number: string;
  readonly balance: number;
  /** The last ones, newest first. */
  readonly entries: readonly AccountEntry[];
  /** Money on its way out. */
  readonly payouts: readonly Payout[];
}

/** The wallet's account at a currency's bank; opened where there is none yet. */
export async function openAccount(context: Context, currency: string): Promise<Account | Refusal> {
  const found = await findOrOpen(context, currency);
  return found instanceof Refusal ? found : found.account;
}

/** The token of the wallet's account, which is opened where there is none yet; a secret. */
export async function openedToken(context: Context, currency: string): Promise<string | Refusal> {
  const found = await findOrOpen(context, currency);
  return found instanceof Refusal ? found : found.token;
}

async function findOrOpen(context: Context, currency: string): Promise<FoundAccount | Refusal> {
  const found = await findAccount(context, currency);
  if (!(found instanceof Refusal) || found.name !== 'unknown') return found;
  const known = usableCurrency(context, currency);
  if (known instanceof Refusal) return known;
  let refusal: Refusal = found;
  for (const token of tokensOf(context, known)) {
    const answer = await ask(context, known.cddc.cdd, { token, type: 'request open account' });
    if (!(answer instanceof Refusal)) return { token, account: accountOf(answer) };
    if (answer.name !== 'not possible') return answer;
    refusal = answer;
  }
  return refusal;
}

/** The token of the wallet's account; a secret. Refuses 'unknown' where there is none. */
export async function tokenOf(context: Context, currency: string): Promise<string | Refusal> {
  const found = await findAccount(context, currency);
  return found instanceof Refusal ? found : found.token;
}

interface FoundAccount {
  readonly token: string;
  readonly account: Account;
}

async function findAccount(context: Context, currency: string): Promise<FoundAccount | Refusal> {
  const known = usableCurrency(context, currency);
  if (known instanceof Refusal) return known;
  for (const token of tokensOf(context, known)) {
    const answer = await ask(context, known.cddc.cdd, { token, type: 'request account' });
    if (!(answer instanceof Refusal)) return { token, account: accountOf(answer) };
    if (answer.name !== 'unknown') return answer;
  }
  return refuse('unknown', 'this wallet has no account at the bank of this currency; open one first');
}

function tokensOf({ book }: Context, { id }: KnownCurrency): readonly string[] {
  const secret = currencySecret(book.root, id);
  return Array.from({ length: TOKENS }, (_, index) => accountToken(secret, index));
}

function accountOf({ number, balance, entries, payouts }: ResponseAccount): Account {
  return { number, balance, entries, payouts };
}

/** Orders money out of the account. Kept before it is sent; done once the bank has set it aside to be paid. */
export async function payOut(
  context: Context,
  currency: string,
  amount: Amount,
  to: string,
): Promise<Entry | Refusal> {
  if (amount === 0) return refuse('malformed', 'amount: must be at least 1');
  if (to === '' || to.length > LIMITS.shortText)
    return refuse('malformed', `to: where the money goes, in 1 to ${LIMITS.shortText} characters`);
  const token = await tokenOf(context, currency);
  if (token instanceof Refusal) return token;
  const operation: PayoutOrder = {
    ...begin(context, currency, amount),
    kind: 'payout',
    state: 'pending',
    subject: to,
    reference: writeBigInt(bytesToNumber(context.randomness(REFERENCE_BYTES))),
  };
  await context.book.commit({ operations: [operation] });
  const outcome = await resumePayout(context, operation);
  return outcome instanceof Refusal ? outcome : entryOf(outcome);
}

/** Takes up a payout that is kept; the bank knows it by its reference and carries it out once. */
export async function resumePayout(context: Context, operation: PayoutOrder): Promise<PayoutOrder | Refusal> {
  const known = usableCurrency(context, operation.currency);
  if (known instanceof Refusal) return known;
  const token = await tokenOf(context, operation.currency);
  const answer =
    token instanceof Refusal
      ? token
      : await ask(context, known.cddc.cdd, {
          amount: operation.amount,
          reference: operation.reference,
          to: operation.subject,
          token,
          type: 'request payout',
        });
  if (answer instanceof Refusal) {
    if (!answer.temporary) await context.book.commit({ operations: [refused(operation, answer)] });
    return answer;
  }
  const { amount, reference, to } = answer.payout;
  if (amount !== operation.amount || reference !== operation.reference || to !== operation.subject)
    return refuse('unreachable', 'the bank answered with another payout');
  const settled = done(operation);
  await context.book.commit({ operations: [settled] });
  return settled;
}

/** What a voucher is worth; refuses one that was used. */
export async function voucherValue(
  context: Context,
  currency: string,
  code: string,
): Promise<number | Refusal> {
  const known = usableCurrency(context, currency);
  if (known instanceof Refusal) return known;
  const answer = await ask(context, known.cddc.cdd, { code, type: 'request voucher' });
  if (answer instanceof Refusal) return answer;
  return answer.used ? refuse('not possible', 'this voucher was used before') : answer.amount;
}

/** Shows the bank the receipt of a redemption, so that it need not wait for the mint; whether it is credited now. */
export async function showReceipt(context: Context, number: number): Promise<boolean | Refusal> {
  const operation = context.book.operations.get(number);
  if (operation?.kind !== 'redeem' || operation.receipt === undefined)
    return refuse('unknown', `operation ${number} has no receipt`);
  const known = usableCurrency(context, operation.currency);
  if (known instanceof Refusal) return known;
  const answer = await ask(context, known.cddc.cdd, {
    signed_receipt: operation.receipt,
    type: 'request show receipt',
  });
  return answer instanceof Refusal ? answer : answer.credited;
}
