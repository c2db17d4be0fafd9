import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { accepted } from '../../base/accepted.test-helper.ts';
import { amount } from '../../base/amount.ts';
import { Refusal } from '../../base/refusal.ts';
import type { Cddc, Coin, MintKeyCertificate } from '../../protocol/documents.ts';
import { openMemoryVault } from '../../signers/vault/vault.ts';
import type { WalletChange } from '../../wallet/state.ts';
import type { Sealing } from './sealed-wallet.ts';
import { openSealedWalletStore } from './sealed-wallet.ts';
import { openSqliteWalletStore } from './sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'specie-sealed-'));
after(() => rmSync(folder, { recursive: true }));

let files = 0;
const fresh = (): string => join(folder, `${files++}`, 'wallet.sqlite');

const PHRASE = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
const SERIAL = 'c0ffee00'.repeat(8);
const COIN_ID = 'deadbeef'.repeat(8);
const SIGNATURE = 'facade11'.repeat(64);
const SUBJECT = 'three pounds of plums';
const CURRENCY = 'ab'.repeat(32);

const coin: Coin = {
  payload: {
    cdd_location: 'http://mint.test/',
    denomination: 1,
    issuer_id: CURRENCY,
    mint_key_id: '2'.repeat(64),
    protocol_version: 'https://opencoin.org/1.0',
    serial: SERIAL,
    type: 'payload',
  },
  signature: SIGNATURE,
  type: 'coin',
};

const FULL: WalletChange = {
  phrase: PHRASE,
  currencies: [{ id: CURRENCY, cddc: { cdd: { currency_name: 'Acorns' } } as unknown as Cddc }],
  certificates: [{ mint_key: { id: '2'.repeat(64) }, signature: '1' } as unknown as MintKeyCertificate],
  counters: [{ currency: CURRENCY, next: 3, known: 1, free: [2] }],
  coins: [{ id: COIN_ID, coin, reservedBy: null }],
  operations: [
    {
      number: 1,
      currency: CURRENCY,
      amount: amount(1),
      started: 0,
      reason: null,
      kind: 'send',
      state: 'sent',
      subject: SUBJECT,
      coins: [coin],
      coinIds: [COIN_ID],
    },
  ],
};

/** All bytes of the wallet's files: the log beside the database too. */
function bytesOf(path: string): Buffer {
  const beside = join(path, '..');
  return Buffer.concat(readdirSync(beside).map((name) => readFileSync(join(beside, name))));
}

function assertSealed(path: string): void {
  const bytes = bytesOf(path);
  assert.ok(bytes.length > 4096, 'there is something to look at');
  for (const text of [
    PHRASE,
    SERIAL,
    COIN_ID,
    SIGNATURE,
    SUBJECT,
    CURRENCY,
    'Acorns',
    'mint.test',
    'payload',
  ]) {
    assert.equal(bytes.indexOf(text), -1, `${text} is in the file`);
    const raw = Buffer.from(text, /^[0-9a-f]+$/.test(text) ? 'hex' : 'base64');
    assert.equal(bytes.indexOf(raw), -1, `${text} is in the file as bytes`);
  }
  for (const word of PHRASE.split(' ')) assert.equal(bytes.indexOf(word), -1, `${word} is in the file`);
}

describe('a sealed wallet file', () => {
  it('shows no phrase, coin, coin id, currency or subject, while it is open and after', async () => {
    const [path, vault] = [fresh(), openMemoryVault()];
    const store = accepted(openSealedWalletStore(path, vault));
    await store.commit(FULL);
    assertSealed(path);
    await store.commit({ gone: [COIN_ID], counters: [{ currency: CURRENCY, next: 4, known: 1, free: [] }] });
    await store.close();
    assertSealed(path);
  });

  it('is not sealed by the file format alone: the same test finds what an open file holds', async () => {
    const path = fresh();
    const store = accepted(openSqliteWalletStore(path));
    await store.commit(FULL);
    await store.close();
    assert.throws(() => assertSealed(path), /is in the file/);
  });

  it('names the same coin otherwise in every file', async () => {
    const vault = openMemoryVault();
    const names = [];
    for (const path of [fresh(), fresh()]) {
      const store = accepted(openSealedWalletStore(path, vault));
      await store.commit(FULL);
      await store.close();
      names.push(...rowsOf(path).map(({ name }) => Buffer.from(name).toString('hex')));
    }
    assert.equal(names.length, 12);
    assert.equal(new Set(names).size, 12);
  });

  it('is refused to another key, and left as it was', async () => {
    const [path, vault] = [fresh(), openMemoryVault()];
    const store = accepted(openSealedWalletStore(path, vault));
    await store.commit(FULL);
    await store.close();
    const refusal = openSealedWalletStore(path, openMemoryVault());
    assert.ok(refusal instanceof Refusal && refusal.name === 'unauthorised');
    const again = accepted(openSealedWalletStore(path, vault));
    assert.equal((await again.load())?.phrase, PHRASE);
    await again.close();
  });

  it('is never taken for one that is not sealed, nor the other way', async () => {
    const [sealed, plain] = [fresh(), fresh()];
    await accepted(openSealedWalletStore(sealed, openMemoryVault())).close();
    await accepted(openSqliteWalletStore(plain)).close();
    assert.ok(openSqliteWalletStore(sealed) instanceof Refusal);
    assert.ok(openSealedWalletStore(plain, openMemoryVault()) instanceof Refusal);
  });

  it('does not load when a record was damaged, exchanged, or is another wallet’s', async () => {
    const vault = openMemoryVault();
    const [path, other] = [fresh(), fresh()];
    for (const each of [path, other]) {
      const store = accepted(openSealedWalletStore(each, vault));
      await store.commit(FULL);
      await store.close();
    }
    const [first, second] = rowsOf(path);
    const foreign = rowsOf(other)[0]!;
    const damaged = first!.sealed.slice();
    damaged[damaged.length >> 1]! ^= 1;
    for (const sealed of [damaged, second!.sealed, foreign.sealed]) {
      await assertUnloadable(path, vault, { ...first!, sealed });
    }
    await assertUnloadable(path, vault, { ...foreign, place: first!.place });
    replaceRow(path, first!);
    const store = accepted(openSealedWalletStore(path, vault));
    assert.equal((await store.load())?.phrase, PHRASE);
    await store.close();
  });

  it('keeps nothing when a record cannot be sealed', async () => {
    let working = true;
    const vault = openMemoryVault();
    const sealing: Sealing = {
      seal: (name, bytes) => {
        if (!working && Buffer.from(bytes).includes(SERIAL)) throw new Error('no sealing now');
        return vault.seal(name, bytes);
      },
      open: (name, sealed) => vault.open(name, sealed),
    };
    const store = accepted(openSealedWalletStore(fresh(), sealing));
    await store.commit({ phrase: 'before' });
    working = false;
    await assert.rejects(store.commit(FULL), /no sealing now/);
    const state = await store.load();
    assert.deepEqual([state?.phrase, state?.currencies, state?.operations], ['before', [], []]);
    await store.close();
  });
});

interface Row {
  readonly place: number;
  readonly name: Uint8Array;
  readonly sealed: Uint8Array;
}

function rowsOf(path: string): Row[] {
  const database = new DatabaseSync(path);
  const rows = database.prepare('SELECT place, name, sealed FROM record ORDER BY place').all();
  database.close();
  return rows as unknown as Row[];
}

function replaceRow(path: string, { place, name, sealed }: Row): void {
  const database = new DatabaseSync(path);
  database.prepare('UPDATE record SET name = ?, sealed = ? WHERE place = ?').run(name, sealed, place);
  database.close();
}

async function assertUnloadable(path: string, sealing: Sealing, row: Row): Promise<void> {
  replaceRow(path, row);
  const store = accepted(openSealedWalletStore(path, sealing));
  await assert.rejects(store.load(), /damaged/);
  await store.close();
}
