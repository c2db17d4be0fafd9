/** Deposits: a stack of the backing currency is renewed into the reserve's wallet, once. */
import { isAmount } from '../../base/amount.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { worth } from '../../mint/charter/charter.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import type { Reserve } from '../../protocol/governance.ts';
import { coinId, hashOf } from '../../protocol/ids.ts';
import type { Wallet } from '../../wallet/wallet.ts';

/**
 * Renews the coins of a stack into the wallet. The same stack again, after whatever happened to its answer, changes
 * nothing and is no refusal. A temporary refusal says whether the wallet has kept the coins.
 */
export async function deposit(
  wallet: Wallet,
  terms: Reserve,
  stack: CoinStack,
): Promise<Refusal | undefined> {
  const fault = depositFault(wallet, terms, stack);
  if (fault !== undefined) return fault;
  // Only so many renewals may wait; and what waits may be this very stack.
  const resumed = await wallet.resumeAll();
  if (wasDeposited(wallet, stack)) return undefined;
  const entry = await wallet.receive({ ...stack, subject: depositSubject(stack) });
  if (!(entry instanceof Refusal)) return undefined;
  const waiting = resumed.find(({ refusal }) => refusal?.temporary)?.refusal;
  if (entry.temporary) return later(wallet, stack, entry);
  // Where as many wait as may: that is no fault of this stack.
  return waiting !== undefined && entry.name === 'not possible' ? later(wallet, stack, waiting) : entry;
}

/** Why a stack is none for this reserve, as far as it says itself. */
function depositFault(wallet: Wallet, terms: Reserve, stack: CoinStack): Refusal | undefined {
  const claim = wallet.inspect(stack);
  if (claim instanceof Refusal) return claim;
  if (claim.currencyId !== terms.issuer_id)
    return refuse(
      'not possible',
      'stack: its coins are of another currency than the one that backs this one',
    );
  const balance = wallet.balance().find(({ currency }) => currency.id === terms.issuer_id);
  const after = (balance?.available ?? 0) + (balance?.reserved ?? 0) + claim.amount;
  return isAmount(after) && worth(terms, after) !== undefined
    ? undefined
    : refuse('too large', 'stack: the reserve would be worth more than numbers can say');
}

/** A stack by its coins, in whatever order they stand. Put in place of what its sender wrote, it finds the deposit again. */
function depositSubject({ coins }: CoinStack): string {
  return `reserve deposit ${hashOf(coins.map(({ payload }) => coinId(payload)).toSorted())}`;
}

/** Whether these very coins were renewed into the wallet before: received, or taken back after their release. */
function wasDeposited(wallet: Wallet, stack: CoinStack): boolean {
  const subject = depositSubject(stack);
  const sent = wallet.sentAs(stack);
  return wallet
    .history()
    .some(
      ({ kind, state, number, subject: other }) =>
        (kind === 'receive' && state === 'done' && other === subject) ||
        (number === sent && state === 'taken back'),
    );
}

function later(wallet: Wallet, stack: CoinStack, { details }: Refusal): Refusal {
  const subject = depositSubject(stack);
  const sent = wallet.sentAs(stack);
  const returned =
    sent instanceof Refusal ? undefined : wallet.history().find(({ number }) => number === sent);
  const isKept = wallet
    .history()
    .some(
      ({ kind, state, subject: other }) =>
        state === 'pending' &&
        ((kind === 'receive' && other === subject) || (kind === 'takeback' && other === returned?.subject)),
    );
  return isKept
    ? refuse(
        'unreachable',
        `the coins are kept, and count as soon as their issuer has renewed them; it has not answered yet (${details})`,
      )
    : refuse('unreachable', `nothing was taken; the issuer of the coins has not answered (${details})`);
}
