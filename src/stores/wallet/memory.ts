import type { WalletStore } from '../../wallet/ports.ts';
import { Tables } from '../../wallet/tables.ts';

/** A wallet's records in memory, for tests: they outlive a wallet that closes, not the process. */
export function openMemoryWalletStore(): WalletStore {
  const tables = new Tables();
  return {
    load: () => Promise.resolve(tables.state()),
    // Copied, so that what is kept is data alone, as in a store that writes it down.
    commit: async (change) => tables.apply(structuredClone(change)),
    close: () => Promise.resolve(),
  };
}
