/** The members' wallets of titles, put together. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Refusal } from '../../base/refusal.ts';
import type { Secrets, TitleWallets } from '../../host/ports.ts';
import { publicKeyOfSeed, signWithSeed, verifySignature } from '../../signers/title/pseudonyms.ts';
import { sealedTitleStores } from '../../stores/host/wallets.ts';
import { openTitleWallet } from '../../title/wallet/wallet.ts';
import { guardedMessenger } from '../../transports/public-network.ts';

interface TitleOptions {
  /** The host's folder. */
  readonly folder: string;
  /** The addresses of the title servers that every new wallet knows. */
  readonly titles: readonly string[];
}

/**
 * Wallets that speak to title servers by HTTP alone: where people name addresses, a host sends no datagrams. Each is in its
 * member's folder.
 */
export function titleWallets({ folder, titles }: TitleOptions, secrets: Secrets): TitleWallets {
  const allowed = titles.map((each) => new URL(each).origin);
  const network = guardedMessenger({ allowed }, 'application/octet-stream');
  const storeOf = sealedTitleStores(join(folder, 'wallets'), secrets);
  return {
    servers: titles,
    open: async (member, key, secret) => {
      const store = storeOf(member, key);
      if (store instanceof Refusal) return store;
      const wallet = await openTitleWallet({
        store,
        messenger: { exchange: (url, _udpPort, request) => network.exchange(url, request) },
        secret,
        signer: { publicKeyOfSeed, signWithSeed },
        verify: verifySignature,
        clock: Date.now,
        randomness: (length) => new Uint8Array(randomBytes(length)),
      });
      if (wallet instanceof Refusal) await store.close();
      return wallet;
    },
  };
}
