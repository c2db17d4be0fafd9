/** A wallet host's folder from outside: the wallets as their own words open them, and whether anything lies open in it. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../../src/base/refusal.ts';
import { openByPhrase } from '../../../src/host/members/locks.ts';
import { handleOf } from '../../../src/host/members/names.ts';
import { verifyEd25519 } from '../../../src/signers/ed25519.ts';
import { memberSecrets } from '../../../src/signers/member-secrets.ts';
import { openSqliteHostStore } from '../../../src/stores/host/sqlite.ts';
import { sealedWallets } from '../../../src/stores/host/wallets.ts';
import type { WalletStore } from '../../../src/wallet/ports.ts';
import { openWallet } from '../../../src/wallet/wallet.ts';
import type { Wallet } from '../../../src/wallet/wallet.ts';
import { certain } from '../../support/certain.ts';
import { leaked } from '../../support/leaks.ts';
import type { Secret } from '../../support/leaks.ts';

/** Whose wallet it is, and what opens it. */
export interface Owner {
  readonly name: string;
  /** The twelve words. */
  readonly phrase: string;
}

export interface OpenedWallet {
  readonly wallet: Wallet;
  readonly store: WalletStore;
  /** What opens everything of the member's. */
  readonly key: Uint8Array;
}

/** Opens wallets by their owners' words, as the host does. The host must have ended. Nobody is asked for anything. */
export async function openFolder(folder: string, owners: readonly Owner[]): Promise<readonly OpenedWallet[]> {
  const secrets = memberSecrets();
  const host = certain(openSqliteHostStore(join(folder, 'host.sqlite')));
  const wallets = sealedWallets(join(folder, 'wallets'), secrets);
  const opened: OpenedWallet[] = [];
  for (const { name, phrase } of owners) {
    const row = await host.memberNamed(handleOf(name));
    const key = row === undefined ? undefined : openByPhrase({ secrets, randomness }, row, phrase);
    if (row === undefined || key === undefined)
      throw new Error(`the words of ${name} do not open the wallet`);
    const store = certain(wallets.open(row.id, key));
    const wallet = await openWallet({ store, messenger, clock: Date.now, randomness, verifyEd25519 });
    opened.push({ wallet, store, key });
  }
  await host.close();
  return opened;
}

function randomness(length: number): Uint8Array {
  throw new Error(`nothing is made up here, so nobody needs ${length} bytes`);
}

const messenger = {
  exchange: async () => new Refusal('unreachable', 'nobody is asked'),
  describe: async () => new Refusal('unreachable', 'nobody is asked'),
};

/** Live coins that are looked for: each is looked for in many forms. */
const COINS = 20;

/** What must lie open nowhere: words, keys, and what makes a coin one, of coins that are still worth something. */
export async function secretsOf(
  owners: readonly Owner[],
  wallets: readonly OpenedWallet[],
): Promise<readonly Secret[]> {
  const words = owners.map(({ name, phrase }) => ({
    name: `the words of ${name}`,
    bytes: Buffer.from(phrase),
  }));
  const keys = wallets.map(({ key }, index) => ({ name: `member key ${index}`, bytes: Buffer.from(key) }));
  const coins: Secret[] = [];
  for (const { store } of wallets) {
    const { coins: held = [], operations = [] } = (await store.load()) ?? {};
    const sent = operations.flatMap((each) =>
      each.kind === 'send' && each.state === 'sent' ? each.coins : [],
    );
    for (const { payload, signature } of [...sent, ...held.map(({ coin }) => coin)]) {
      // As they stand in a stack, and the bytes that they stand for.
      coins.push({ name: 'a serial', bytes: Buffer.from(payload.serial) });
      coins.push({ name: 'a signature', bytes: Buffer.from(signature) });
      coins.push({ name: "a signature's bytes", bytes: Buffer.from(signature, 'hex') });
    }
  }
  const step = Math.max(1, Math.floor(coins.length / COINS));
  const chosen = coins.filter((secret, index) => index % step === 0 && secret.bytes.length >= 16);
  return [...words, ...keys, ...chosen];
}

/** Files of mails: coins lie open in them, since that is what mails are. */
const MAILS = 'mails';

/**
 * What lies open in the folder, by name and file. Says so too where the search itself is blind: names of members lie there
 * openly, and are found.
 */
export function lyingOpen(
  folder: string,
  secrets: readonly Secret[],
  owners: readonly Owner[],
): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => !path.startsWith(join(folder, MAILS)));
  const everything = Buffer.concat(files.map((path) => readFileSync(path)));
  const found = leaked(everything, secrets).map((name) => `${name} lies open in the host's folder`);
  const blind = owners.filter(({ name }) => !everything.includes(name));
  return [...found, ...blind.map(({ name }) => `the search is blind: ${name} is nowhere`)];
}
