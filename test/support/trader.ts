/** Somebody who trades: a wallet in memory, with an account at the bank. */
import { randomBytes } from 'node:crypto';
import { LIMITS } from '../../src/base/limits.ts';
import type { Refusal } from '../../src/base/refusal.ts';
import { verifyEd25519 } from '../../src/signers/ed25519.ts';
import { openMemoryWalletStore } from '../../src/stores/wallet/memory.ts';
import { get, post } from '../../src/transports/http-client.ts';
import type { Messenger, WalletStore } from '../../src/wallet/ports.ts';
import { openWallet } from '../../src/wallet/wallet.ts';
import type { Wallet } from '../../src/wallet/wallet.ts';
import { certain } from './certain.ts';

export interface Trader {
  readonly wallet: Wallet;
  readonly store: WalletStore;
  /** The currency that it trades in. */
  readonly currency: string;
  /** The number of the account at the bank. */
  readonly account: string;
}

/** Sees every message that a wallet sends, and its answer while it is on its way. */
export type Tap = (
  message: Uint8Array,
  answer: Promise<Uint8Array | Refusal>,
) => Promise<Uint8Array | Refusal>;

/** Opens a wallet for the currency at a URL. `way` says where its messages really go. */
export async function openTrader(
  url: string,
  way: (url: string) => string = (straight) => straight,
  tap: Tap = (_message, answer) => answer,
): Promise<Trader> {
  const store = openMemoryWalletStore();
  const wallet = await openTradersWallet(store, {
    exchange: (to, message) => tap(message, post(way(to), message, LIMITS.messageBytes)),
    describe: (from) => get(way(from), LIMITS.messageBytes),
  });
  const { id } = certain(await wallet.add(url));
  const { number } = certain(await wallet.account(id));
  return { wallet, store, currency: id, account: number };
}

/** Opens the wallet in a store. */
export function openTradersWallet(store: WalletStore, messenger: Messenger): Promise<Wallet> {
  return openWallet({
    store,
    messenger,
    clock: Date.now,
    randomness: (length) => new Uint8Array(randomBytes(length)),
    verifyEd25519,
  });
}
