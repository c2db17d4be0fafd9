/** The wallet of titles in a folder, beside the wallet of coins: the same twelve words bring both back. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../../base/refusal.ts';
import { publicKeyOfSeed, signWithSeed } from '../../../signers/title/pseudonyms.ts';
import { verifyTitleSignature } from '../../../signers/title/signature.ts';
import { openSqliteTitleStore } from '../../../stores/title/wallet-sqlite.ts';
import { openTitleWallet } from '../../../title/wallet/wallet.ts';
import type { OpenTitleWallet } from '../../../title/wallet/wallet.ts';
import { titleMessenger } from '../../../transports/title-messenger.ts';
import { TITLES_FILE, openWalletIn } from '../wallet/wallet.ts';

/** Opens it, and makes it where there is none. Refuses 'busy' while another process has it open. */
export async function openTitlesIn(folder: string): Promise<OpenTitleWallet | Refusal> {
  const secret = await secretIn(folder);
  if (secret instanceof Refusal) return secret;
  const store = openSqliteTitleStore(join(folder, TITLES_FILE));
  if (store instanceof Refusal) return store;
  const opened = await openTitleWallet({
    store,
    messenger: titleMessenger,
    secret,
    signer: { publicKeyOfSeed, signWithSeed },
    verify: verifyTitleSignature,
    clock: Date.now,
    // Who sits before it ends what takes too long.
    logTime: Infinity,
    randomness: (length) => new Uint8Array(randomBytes(length)),
  });
  if (opened instanceof Refusal) await store.close();
  return opened;
}

/** Whether there is a wallet in a folder already. */
export function hasWallet(folder: string): boolean {
  return existsSync(join(folder, 'wallet.sqlite'));
}

async function secretIn(folder: string): Promise<Uint8Array | Refusal> {
  const coins = await openWalletIn(folder);
  if (coins instanceof Refusal) return coins;
  try {
    return coins.titlesSecret();
  } finally {
    await coins.close();
  }
}
