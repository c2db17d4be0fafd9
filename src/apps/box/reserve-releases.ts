/** Releases: coins that leave the reserve by an order are set aside under its serial, and are found by it again. */
import type { Amount } from '../../base/amount.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import type { Reserve } from '../../protocol/governance.ts';
import type { Entry, Wallet } from '../../wallet/wallet.ts';

/** Sets coins aside for the order with this serial; the same coins again as long as nobody has taken them. */
export async function release(
  wallet: Wallet,
  terms: Reserve,
  serial: string,
  wanted: Amount,
): Promise<CoinStack | Refusal> {
  const earlier = findRelease(wallet, terms, serial);
  if (earlier === undefined) {
    const sent = await wallet.send(terms.issuer_id, wanted, releaseSubject(serial));
    return sent instanceof Refusal ? sent : sent.stack;
  }
  if (earlier.amount !== wanted)
    return refuse('reference reused', 'order.serial: coins of another amount were set aside under it');
  return again(wallet, earlier);
}

/** The coins that were set aside for an order. Never sets any aside. */
export async function released(wallet: Wallet, terms: Reserve, serial: string): Promise<CoinStack | Refusal> {
  const earlier = findRelease(wallet, terms, serial);
  return earlier === undefined
    ? refuse('unknown', 'order.serial: the reserve holds nothing that was set aside under it')
    : again(wallet, earlier);
}

function releaseSubject(serial: string): string {
  return `reserve release ${serial}`;
}

function findRelease(wallet: Wallet, terms: Reserve, serial: string): Entry | undefined {
  const subject = releaseSubject(serial);
  return wallet
    .history()
    .find((each) => each.kind === 'send' && each.subject === subject && each.currency === terms.issuer_id);
}

/** Where the other issuer does not say now what became of the coins, the stack is the one that was given before. */
async function again(wallet: Wallet, { number, subject }: Entry): Promise<CoinStack | Refusal> {
  await wallet.checkSent();
  const isReturning = wallet
    .history()
    .some((each) => each.kind === 'takeback' && each.state === 'pending' && each.subject === subject);
  if (isReturning) return refuse('not possible', 'already paid out: its coins are coming back as a deposit');
  const stack = wallet.stackOf(number);
  return stack instanceof Refusal
    ? refuse('not possible', 'already paid out: its coins were taken, or have come back as a deposit')
    : stack;
}
