import type { StoredRecord, TitleWalletStore } from '../../title/wallet/ports.ts';

/** A wallet of titles in memory, for tests: it outlives a wallet that closes, not the process. */
export function openMemoryTitleWalletStore(): TitleWalletStore {
  const records = new Map<string, StoredRecord>();
  return {
    load: async () => [...records.values()],
    commit: async ({ put, remove }) => {
      for (const key of remove) records.delete(key);
      for (const record of put) records.set(record.key, { ...record });
    },
    close: () => Promise.resolve(),
  };
}
