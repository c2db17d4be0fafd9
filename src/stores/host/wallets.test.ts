/** Wallets on a host's disk: each opens by its member's key alone, and one that was removed is gone. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Refusal } from '../../base/refusal.ts';
import { openBytes, sealBytes } from '../../signers/vault/seal.ts';
import type { WalletStore } from '../../wallet/ports.ts';
import { sealedWallets } from './wallets.ts';

const root = mkdtempSync(join(tmpdir(), 'specie-wallets-'));
after(() => rmSync(root, { recursive: true }));

const secrets = { seal: sealBytes, open: openBytes };
const ADA = 'a'.repeat(32);
const BO = 'b'.repeat(32);
const key = (): Uint8Array => new Uint8Array(randomBytes(32));
const PHRASE = 'one two three four five six seven eight nine ten eleven twelve';

let folders = 0;
const fresh = (): string => join(root, `${folders++}`, 'wallets');

function must(store: WalletStore | Refusal): WalletStore {
  assert.ok(!(store instanceof Refusal), store instanceof Refusal ? store.details : '');
  return store;
}

describe('sealed wallets', () => {
  it('come back under the same key, and tell a thief nothing', async () => {
    const folder = fresh();
    const own = key();
    const store = must(sealedWallets(folder, secrets).open(ADA, own));
    await store.commit({ phrase: PHRASE });
    await store.close();
    const path = join(folder, ADA, 'wallet.sqlite');
    assert.ok(!readFileSync(path).includes('three'));
    for (const each of [folder, join(folder, ADA)]) assert.equal(statSync(each).mode & 0o777, 0o700);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const again = must(sealedWallets(folder, secrets).open(ADA, own));
    assert.equal((await again.load())?.phrase, PHRASE);
    await again.close();
  });

  it('do not open with another key, nor in two places at once', async () => {
    const wallets = sealedWallets(fresh(), secrets);
    const own = key();
    const store = must(wallets.open(ADA, own));
    const busy = wallets.open(ADA, own);
    assert.ok(busy instanceof Refusal && busy.name === 'busy');
    const other = must(wallets.open(BO, key()));
    await store.close();
    await other.close();
    const stranger = wallets.open(ADA, key());
    assert.ok(stranger instanceof Refusal && stranger.name === 'unauthorised');
    await must(wallets.open(ADA, own)).close();
  });

  it('are in the folder and nowhere else, whatever the id', async () => {
    const folder = fresh();
    const wallets = sealedWallets(folder, secrets);
    mkdirSync(join(folder, '..', 'precious'));
    for (const id of [
      '',
      '.',
      '..',
      '../precious',
      `${ADA}/`,
      `../${ADA}`,
      ADA.toUpperCase(),
      `${ADA}\n`,
      '\0',
    ]) {
      assert.throws(() => wallets.open(id, key()), /32 hexadecimal/);
      await assert.rejects(wallets.remove(id), /32 hexadecimal/);
    }
    assert.deepEqual(readdirSync(folder), []);
    assert.deepEqual(readdirSync(join(folder, '..')).sort(), ['precious', 'wallets']);
  });

  it('are gone once they were removed, those of others are not; a removal may be repeated', async () => {
    const folder = fresh();
    const wallets = sealedWallets(folder, secrets);
    const own = key();
    for (const id of [ADA, BO]) {
      const store = must(wallets.open(id, own));
      await store.commit({ phrase: PHRASE });
      // A process that ended without closing leaves the log behind.
      assert.ok(existsSync(join(folder, id, 'wallet.sqlite-wal')));
      await store.close();
    }
    writeFileSync(join(folder, ADA, 'wallet.sqlite-wal'), 'left behind');
    await wallets.remove(ADA);
    await wallets.remove(ADA);
    assert.deepEqual(readdirSync(folder), [BO]);
    const anew = must(wallets.open(ADA, key()));
    assert.equal(await anew.load(), undefined);
    await anew.close();
  });

  it('that were being removed when the process ended are removed by the next', () => {
    const folder = fresh();
    mkdirSync(join(folder, `${ADA}.removed`), { recursive: true });
    writeFileSync(join(folder, `${ADA}.removed`, 'wallet.sqlite'), '');
    mkdirSync(join(folder, BO));
    sealedWallets(folder, secrets);
    assert.deepEqual(readdirSync(folder), [BO]);
  });
});
