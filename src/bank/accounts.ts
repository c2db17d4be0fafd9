/** Customers' accounts. The token that opens one is in no answer, no refusal and no row. */
import { LIMITS } from '../base/limits.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import type { RequestAccount, RequestOpenAccount, ResponseAccount } from '../protocol/messages/account.ts';
import type { RequestPayout, ResponsePayout } from '../protocol/messages/payout.ts';
import type { OpenBank } from './parts.ts';
import { accountNumber, tokenHash } from './secrets.ts';

/** Opens a token's account; again, it answers the same one. */
export async function openAccount(
  bank: OpenBank,
  request: RequestOpenAccount,
): Promise<ResponseAccount | Refusal> {
  const { message_reference, token } = request;
  const outcome = await bank.store.openAccount(tokenHash(token), accountNumber(token), LIMITS.accounts);
  switch (outcome) {
    case 'opened':
    case 'repeated':
      return askAccount(bank, { message_reference, token, type: 'request account' });
    case 'number taken':
      return refuse('not possible', 'token: its account’s number is another’s; draw another token');
    case 'too many':
      return refuse('not possible', 'this bank opens no more accounts');
  }
}

/** How an account stands. */
export async function askAccount(
  bank: OpenBank,
  request: RequestAccount,
): Promise<ResponseAccount | Refusal> {
  const account = await bank.store.account(tokenHash(request.token), LIMITS.accountEntries);
  if (account === undefined) return refuse('unknown', 'token: no such account');
  return { ...ok(request.message_reference), ...account, type: 'response account' };
}

/** Sets money of an account aside to be paid out by a teller. */
export async function payOut(bank: OpenBank, request: RequestPayout): Promise<ResponsePayout | Refusal> {
  const { amount, message_reference, reference, to, token } = request;
  const wanted = { amount, reference, to, tokenHash: tokenHash(token) };
  const outcome = await bank.store.requestPayout(wanted, bank.clock(), LIMITS.pendingPayouts);
  switch (outcome.kind) {
    case 'set aside':
    case 'repeated':
      return { ...ok(message_reference), payout: outcome.payout, type: 'response payout' };
    case 'no such account':
      return refuse('unknown', 'token: no such account');
    case 'reference reused':
      return refuse('reference reused', 'reference: kept for another payout');
    case 'balance too small':
      return refuse('not enough', 'amount: more than the account’s balance');
    case 'too many pending':
      return refuse('busy', `at most ${LIMITS.pendingPayouts} payouts of one account wait at once`);
  }
}
