import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { utf8 } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { memberSecrets } from '../../signers/member-secrets.ts';
import type { TitleWalletStore } from '../../title/wallet/ports.ts';
import type { Sealing } from '../wallet/sealed-wallet.ts';
import { openMemoryTitleWalletStore } from './wallet-memory.test-helper.ts';
import { openSealedTitleStore, openSqliteTitleStore } from './wallet-sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'specie-title-wallet-'));
after(() => rmSync(folder, { recursive: true }));
let files = 0;

function fresh(): string {
  return join(folder, `${++files}`, 'titles.sqlite');
}

function sealingOf(letter: string): Sealing {
  const key = utf8(letter.repeat(32));
  const secrets = memberSecrets();
  return {
    seal: (name, bytes) => secrets.seal(key, name, bytes),
    open: (name, sealed) => {
      const bytes = secrets.open(key, name, sealed);
      if (bytes === undefined) throw new Error('does not open');
      return bytes;
    },
  };
}

function must(store: TitleWalletStore | Refusal): TitleWalletStore {
  if (store instanceof Refusal) throw new Error(store.toString());
  return store;
}

/** How each store is opened, time and again on what it has kept. */
const STORES: Readonly<Record<string, () => () => TitleWalletStore>> = {
  memory: () => {
    const store = openMemoryTitleWalletStore();
    return () => store;
  },
  SQLite: () => {
    const path = fresh();
    return () => must(openSqliteTitleStore(path));
  },
  sealed: () => {
    const path = fresh();
    return () => must(openSealedTitleStore(path, sealingOf('k')));
  },
};

for (const [name, made] of Object.entries(STORES))
  describe(`a store of titles (${name})`, () => {
    it('has what was committed, in the order in which it came first', async () => {
      const open = made();
      const store = open();
      assert.deepEqual(await store.load(), []);
      const [a, b, c] = ['a', 'b', 'c'].map((key) => ({ key, json: `{"of":"${key}"}` }));
      await store.commit({ put: [a!, b!], remove: [] });
      await store.commit({ put: [c!, { key: 'a', json: '"new"' }], remove: ['b', 'none'] });
      await store.close();
      const again = open();
      assert.deepEqual(await again.load(), [{ key: 'a', json: '"new"' }, c]);
      await again.commit({ put: [{ key: 'c', json: '1' }], remove: ['c'] });
      assert.deepEqual(await again.load(), [
        { key: 'a', json: '"new"' },
        { key: 'c', json: '1' },
      ]);
      await again.close();
    });
  });

describe('a file of titles', () => {
  it('is open once, and readable by its owner only', async () => {
    const path = fresh();
    const store = must(openSqliteTitleStore(path));
    const second = openSqliteTitleStore(path);
    assert.ok(second instanceof Refusal && second.name === 'busy');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    await store.close();
    const other = openSealedTitleStore(path, sealingOf('k'));
    assert.ok(other instanceof Refusal && other.name === 'not possible');
  });

  it('shows nothing of what it holds when it is sealed, and opens for its own key alone', async () => {
    const path = fresh();
    const store = must(openSealedTitleStore(path, sealingOf('k')));
    await store.commit({ put: [{ key: 'proven/ffff/1', json: '"a pseudonym"' }], remove: [] });
    await store.close();
    const bytes = readFileSync(path).toString('latin1');
    assert.ok(!bytes.includes('proven') && !bytes.includes('pseudonym'));
    const other = openSealedTitleStore(path, sealingOf('x'));
    assert.ok(other instanceof Refusal && other.name === 'unauthorised');
  });
});
