/** Deposits: a stack of the backing currency is renewed into the reserve's wallet, once. */
import { Refusal, refuse } from '../../base/refusal.ts';
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
  const claim = wallet.inspect(stack);
  if (claim instanceof Refusal) return claim;
  if (claim.currencyId !== terms.issuer_id)
    return refuse(
      'not possible',
      'stack: its coins are of another currency than the one that backs this one',
    );
  // Only so many renewals may wait; and what waits may be this very stack.
  const resumed = await wallet.resumeAll();
  if (wasDeposited(wallet, stack)) return undefined;
  if (!isKept(wallet, stack) && !hasRoom(wallet, terms, claim.amount))
    return refuse('too large', 'stack: with it the reserve would be worth more than its terms let it add');
  const entry = await wallet.receive({ ...stack, subject: depositSubject(stack) });
  if (!(entry instanceof Refusal)) return undefined;
  const waiting = resumed.find(({ refusal }) => refusal?.temporary)?.refusal;
  if (entry.temporary) return later(wallet, stack, entry);
  // Where as many wait as may: that is no fault of this stack.
  return waiting !== undefined && entry.name === 'not possible' ? later(wallet, stack, waiting) : entry;
}

/** Whether so much more would still count in full: whoever gives coins is to know before that they are of use. */
function hasRoom(wallet: Wallet, { gives, issuer_id, most, units }: Reserve, more: number): boolean {
  const balance = wallet.balance().find(({ currency }) => currency.id === issuer_id);
  const after = BigInt(balance?.available ?? 0) + BigInt(balance?.reserved ?? 0) + BigInt(more);
  return after <= BigInt(Number.MAX_SAFE_INTEGER) && (after * BigInt(gives)) / BigInt(units) <= BigInt(most);
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
  return isKept(wallet, stack)
    ? refuse(
        'unreachable',
        `the coins are kept, and count as soon as their issuer has renewed them; it has not answered yet (${details})`,
      )
    : refuse('unreachable', `nothing was taken; the issuer of the coins has not answered (${details})`);
}

/** Whether the wallet has these coins, and waits for their issuer to renew them. */
function isKept(wallet: Wallet, stack: CoinStack): boolean {
  const subject = depositSubject(stack);
  const sent = wallet.sentAs(stack);
  const returned =
    sent instanceof Refusal ? undefined : wallet.history().find(({ number }) => number === sent);
  return wallet
    .history()
    .some(
      ({ kind, state, subject: other }) =>
        state === 'pending' &&
        ((kind === 'receive' && other === subject) || (kind === 'takeback' && other === returned?.subject)),
    );
}
