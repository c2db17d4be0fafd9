/** The wallets of a host's members on the disk: one folder each, every record sealed under its member's key. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secrets, Wallets } from '../../host/ports.ts';
import type { Refusal } from '../../base/refusal.ts';
import type { TitleWalletStore } from '../../title/wallet/ports.ts';
import { openSealedTitleStore } from '../title/wallet-sqlite.ts';
import { openSealedWalletStore } from '../wallet/sealed-wallet.ts';
import type { Sealing } from '../wallet/sealed-wallet.ts';
import { syncFolder } from '../sync-folder.ts';

const REMOVED = '.removed';

/**
 * Wallets as `<folder>/<member>/wallet.sqlite`, readable by their owner only. A member's id is 32 hexadecimal digits:
 * any other throws, since it would lead elsewhere. What a removal left behind when its process ended is removed now.
 */
export function sealedWallets(folder: string, secrets: Pick<Secrets, 'seal' | 'open'>): Wallets {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder))
    if (name.endsWith(REMOVED)) rmSync(join(folder, name), { recursive: true });
  return {
    open: (member, key) => {
      const place = placeOf(folder, member);
      const isNew = !existsSync(place);
      const store = openSealedWalletStore(join(place, 'wallet.sqlite'), sealingWith(secrets, key));
      // SQLite sees to what is in the wallet's folder, not to the folder's own name.
      if (isNew) syncNow(folder);
      return store;
    },
    remove: async (member) => {
      const place = placeOf(folder, member);
      if (!existsSync(place)) return;
      // In one step: a log without its database would be taken for one of the next database's.
      await rm(`${place}${REMOVED}`, { recursive: true, force: true });
      await rename(place, `${place}${REMOVED}`);
      await syncFolder(folder);
      await rm(`${place}${REMOVED}`, { recursive: true });
      await syncFolder(folder);
    },
  };
}

/** The stores of titles, `<folder>/<member>/titles.sqlite`, beside the wallets: they are removed with these. */
export function sealedTitleStores(
  folder: string,
  secrets: Pick<Secrets, 'seal' | 'open'>,
): (member: string, key: Uint8Array) => TitleWalletStore | Refusal {
  return (member, key) =>
    openSealedTitleStore(join(placeOf(folder, member), 'titles.sqlite'), sealingWith(secrets, key));
}

function placeOf(folder: string, member: string): string {
  if (!/^[0-9a-f]{32}$/.test(member)) throw new Error("a member's id has 32 hexadecimal digits");
  return join(folder, member);
}

function sealingWith(secrets: Pick<Secrets, 'seal' | 'open'>, key: Uint8Array): Sealing {
  return {
    seal: (name, bytes) => secrets.seal(key, name, bytes),
    open: (name, sealed) => {
      const bytes = secrets.open(key, name, sealed);
      if (bytes === undefined) throw new Error('a sealed record does not open: the wallet is damaged');
      return bytes;
    },
  };
}

function syncNow(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
