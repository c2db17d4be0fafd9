import { Refusal } from '../base/refusal.ts';
import type { TitleWallet } from '../title/wallet/facade.ts';
import { openWallet } from '../wallet/wallet.ts';
import type { Wallet } from '../wallet/wallet.ts';
import { LetterBook } from './letters/letters.ts';
import { openIdentity } from './members/locks.ts';
import { passOn } from './objections.ts';
import type { Objection } from './objections.ts';
import type { HostParts } from './ports.ts';
import type { MemberRow } from './state.ts';

/** What a member's key opens. */
export interface MemberBooks {
  readonly wallet: Wallet;
  readonly letters: LetterBook;
  readonly titles: TitleWallet | undefined;
}

/** Opens a member's wallets and letters. Objects 'busy' where the wallet is open elsewhere. */
export async function openBooks(
  parts: HostParts,
  row: MemberRow,
  key: Uint8Array,
): Promise<MemberBooks | Objection> {
  const identity = openIdentity(parts, row, key);
  const store = parts.wallets.open(row.id, key);
  if (store instanceof Refusal) return passOn(store);
  const { messenger, clock, randomness, verifyEd25519, pause } = parts;
  try {
    const wallet = await openWallet({ store, messenger, clock, randomness, verifyEd25519, pause });
    const letters = await LetterBook.open(parts, { member: row.id, key, identity });
    const titles = await parts.titles?.open(row.id, key, wallet.titlesSecret());
    if (!(titles instanceof Refusal)) return { wallet, letters, titles };
    await wallet.close();
    return passOn(titles);
  } catch (error) {
    await store.close();
    throw error;
  }
}
