/**
 * Coins on their way to a member: renewed through a wallet of their own, so that whoever sent them cannot take them back
 * while the member is away. That wallet's phrase lies sealed in the member's letter before the first coin moves.
 */
import { add, amount as amountOf } from '../../base/amount.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { Issuers } from '../money/issuers.ts';
import type { LetterRecord } from '../letter-record.ts';
import { openMemoryWallet } from '../money/memory-wallet.ts';
import type { HostParts } from '../ports.ts';

/** The wallet of a transit: everything it makes follows from the letter's phrase. */
export async function openTransit(
  parts: HostParts,
  issuers: Issuers,
  { transit, currency, location }: LetterRecord,
): Promise<Wallet | Refusal> {
  const knowledge = await issuers.knowledge(currency, location);
  if (knowledge instanceof Refusal) return knowledge;
  const { wallet } = await openMemoryWallet(parts, { phrase: transit, ...knowledge });
  return wallet;
}

/** Fresh coins for a stack. After a temporary refusal, with the same wallet again. */
export async function carry(wallet: Wallet, stack: CoinStack): Promise<CoinStack | Refusal> {
  const before = wallet.history().findLast(({ kind, state }) => kind === 'send' && state === 'sent');
  if (before !== undefined) return wallet.stackOf(before.number);
  if (held(wallet) === 0) {
    const received = await wallet.receive(stack);
    if (received instanceof Refusal) return received;
  }
  const [balance] = wallet.balance();
  if (balance === undefined) return refuse('not possible', 'there are no coins');
  const sent = await wallet.send(balance.currency.id, balance.available, stack.subject);
  return sent instanceof Refusal ? sent : sent.stack;
}

/** Whether a transit's wallet has the money, or may have it without knowing. */
export function isInvolved(wallet: Wallet): boolean {
  return held(wallet) > 0 || wallet.history().some(({ state }) => state === 'pending');
}

function held(wallet: Wallet): number {
  return wallet
    .balance()
    .reduce((total, { available, reserved }) => add(total, add(available, reserved)), amountOf(0));
}

/**
 * The same once the wallet of the transit was lost: the phrase makes the same requests again, and finds what the old
 * wallet was given. Only what is refused for good both times is lost.
 *
 * What it finds is doubtful where coins are safe offline, and there is nothing to doubt: a transit's wallet hands its coins to
 * nobody but its letter, in the same write that takes the phrase out of it. Whoever finds the phrase in the letter knows that
 * no handed form has left the host. Had one done so all the same, out of a copy of older books, the mint would be asked first,
 * and the account that is named would be the transit's own, and no person's.
 */
export async function carryAgain(
  parts: HostParts,
  issuers: Issuers,
  letter: LetterRecord,
  stack: CoinStack,
): Promise<CoinStack | Refusal> {
  const wallet = await openTransit(parts, issuers, letter);
  if (wallet instanceof Refusal) return wallet;
  const first = await carry(wallet, stack);
  if (!(first instanceof Refusal) || first.temporary) return first;
  const restored = await wallet.restore(letter.transit, [letter.location]);
  if (restored instanceof Refusal) return restored.temporary ? restored : first;
  const cleared = await wallet.clearDoubt(letter.currency);
  if (cleared instanceof Refusal) return cleared.temporary ? cleared : first;
  return held(wallet) === 0 ? first : carry(wallet, stack);
}
