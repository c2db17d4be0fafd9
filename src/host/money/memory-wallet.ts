/** Wallets in memory alone: for coins on their way, and for what a host knows of currencies. */
import type { WalletStore } from '../../wallet/ports.ts';
import { Tables } from '../../wallet/tables.ts';
import type { WalletChange } from '../../wallet/state.ts';
import { openWallet } from '../../wallet/wallet.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { HostParts } from '../ports.ts';

/** A wallet in memory, with its store. */
export interface MemoryWallet {
  readonly wallet: Wallet;
  readonly store: WalletStore;
}

/** Opens a wallet in memory with these records in it. */
export async function openMemoryWallet(
  { messenger, clock, randomness, verifyEd25519, seedOf, pause }: HostParts,
  records: WalletChange,
): Promise<MemoryWallet> {
  const tables = new Tables();
  tables.apply(records);
  const store: WalletStore = {
    load: async () => tables.state(),
    commit: async (change) => tables.apply(change),
    close: () => Promise.resolve(),
  };
  return {
    wallet: await openWallet({ store, messenger, clock, randomness, verifyEd25519, seedOf, pause }),
    store,
  };
}
