/** What every host store must do: no two members with one name or one passkey, nothing of a member who is gone. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Refusal } from '../../base/refusal.ts';
import type { HostStore } from '../../host/ports.ts';
import { openMemoryHostStore } from './memory.test-helper.ts';
import { NOW, drop, idOf, invoice, letter, member, passkey, session } from './rows.test-helper.ts';
import { openSqliteHostStore } from './sqlite.ts';
import { openSqliteWalletStore } from '../wallet/sqlite.ts';

const folder = mkdtempSync(join(tmpdir(), 'specie-host-'));
after(() => rmSync(folder, { recursive: true }));

let files = 0;
const paths = new Map<HostStore, string>();

function openFile(path: string): HostStore {
  const store = openSqliteHostStore(path);
  assert.ok(!(store instanceof Refusal), store instanceof Refusal ? store.details : '');
  paths.set(store, path);
  return store;
}

interface Kind {
  readonly fresh: () => HostStore;
  /** The same store after its process ended. */
  readonly reopen: (store: HostStore) => Promise<HostStore>;
}

const KINDS: Readonly<Record<string, Kind>> = {
  memory: {
    fresh: openMemoryHostStore,
    reopen: async (store) => {
      await store.close();
      return store;
    },
  },
  SQLite: {
    fresh: () => openFile(join(folder, `${files++}`, 'host.sqlite')),
    reopen: async (store) => {
      await store.close();
      return openFile(paths.get(store)!);
    },
  },
};

for (const [name, { fresh, reopen }] of Object.entries(KINDS)) {
  /** A store with members 1 and 2. */
  const withTwo = async (): Promise<HostStore> => {
    const store = fresh();
    for (const number of [1, 2]) assert.equal(await store.addMember(member(number)), true);
    return store;
  };

  describe(`addresses for titles in a host store: ${name}`, () => {
    const row = (of: number, address: string, use: 'ready' | 'shown' = 'ready', server = 's1') =>
      ({ member: idOf(of), server, address, use }) as const;

    it('are each taken once, the first one first, and those that were shown never', async () => {
      let store = await withTwo();
      const rows = [
        row(1, 'shown', 'shown'),
        row(1, 'a'),
        row(1, 'b'),
        row(1, 'else', 'ready', 's2'),
        row(2, 'a'),
      ];
      for (const each of rows) await store.putTitleAddress(each);
      await store.putTitleAddress(row(1, 'a'));
      store = await reopen(store);
      assert.deepEqual(await store.titleAddresses(idOf(1)), rows.slice(0, 4));
      const taken = await Promise.all([1, 2, 3].map(() => store.takeTitleAddress(idOf(1), 's1')));
      assert.deepEqual(taken, ['a', 'b', undefined]);
      assert.deepEqual(await store.titleAddresses(idOf(1)), [rows[0], rows[3]]);
      assert.deepEqual(await store.titleAddresses(idOf(2)), [rows[4]]);
      await store.removeTitleAddress(idOf(1), 'shown');
      assert.deepEqual(await store.titleAddresses(idOf(1)), [rows[3]]);
      await store.close();
    });

    it('go with their member, and are kept for nobody', async () => {
      const store = await withTwo();
      await store.putTitleAddress(row(1, 'a'));
      await store.removeMember(idOf(1));
      assert.deepEqual(await store.titleAddresses(idOf(1)), []);
      assert.equal(await store.takeTitleAddress(idOf(1), 's1'), undefined);
      await assert.rejects(store.putTitleAddress(row(1, 'b')));
      await store.close();
    });
  });

  describe(`members in a host store: ${name}`, () => {
    it('come back as they are, by id, handle and passkey, after it was opened again', async () => {
      let store = await withTwo();
      store = await reopen(store);
      for (const number of [1, 2]) {
        const row = member(number);
        assert.deepEqual(await store.member(row.id), row);
        assert.deepEqual(await store.memberNamed(row.handle), row);
        assert.deepEqual(await store.memberWith(`credential ${number}`), row);
      }
      assert.equal(await store.member(idOf(3)), undefined);
      assert.equal(await store.memberNamed('Ada 1'), undefined, 'a name is no handle');
      assert.equal(await store.memberWith(''), undefined);
      assert.equal(await store.members(), 2);
      await store.close();
    });

    it('are never two with one handle, however many ask at once', async () => {
      const store = fresh();
      const asked = [1, 2, 3, 4].map((number) => store.addMember(member(number, { handle: 'ada' })));
      const added = await Promise.all(asked);
      assert.deepEqual(added, [true, false, false, false]);
      assert.equal(await store.members(), 1);
      assert.equal((await store.memberNamed('ada'))?.id, idOf(1));
      assert.equal(await store.memberWith('credential 2'), undefined, 'nothing was added');
      await store.addMember(member(5));
      await assert.rejects(store.putMember(member(5, { handle: 'ada' })));
      assert.deepEqual(await store.member(idOf(5)), member(5));
      await assert.rejects(store.addMember(member(5, { handle: 'somebody else' })), 'an id is one member');
      assert.equal((await store.member(idOf(5)))?.handle, 'ada 5');
      await store.close();
    });

    it('are never two with one passkey', async () => {
      let store = await withTwo();
      await assert.rejects(store.putMember(member(2, { passkeys: [passkey('credential 1')] })));
      await assert.rejects(store.addMember(member(3, { passkeys: [passkey('credential 1')] })));
      store = await reopen(store);
      assert.equal((await store.memberWith('credential 1'))?.id, idOf(1));
      assert.deepEqual(await store.memberWith('credential 2'), member(2), 'nor was the old one lost');
      assert.equal(await store.memberNamed('ada 3'), undefined);
      await store.close();
    });

    it('are replaced whole; a passkey that was given up leads nowhere', async () => {
      let store = await withTwo();
      const changed = member(1, {
        name: 'Bo',
        handle: 'bo',
        language: '',
        locks: [],
        passkeys: [passkey('new', 8), passkey('newer')],
        secondFactor: false,
      });
      await store.putMember(changed);
      await store.putMember(changed);
      store = await reopen(store);
      assert.deepEqual(await store.member(idOf(1)), changed);
      assert.equal(await store.memberNamed('ada 1'), undefined);
      assert.equal(await store.memberWith('credential 1'), undefined);
      assert.equal((await store.memberWith('newer'))?.id, idOf(1));
      assert.equal(await store.addMember(member(3, { handle: 'ada 1' })), true, 'the handle is free');
      await store.putMember(member(9));
      assert.equal(await store.member(idOf(9)), undefined, 'who is gone stays gone');
      await store.close();
    });

    it('go with all that is theirs, and with nothing of others', async () => {
      let store = await withTwo();
      for (const whose of [1, 2]) {
        await store.putSession(session(`s${whose}`, whose));
        await store.putLetter(letter(5, whose));
        await store.putDrop(drop(10 + whose, whose));
        await store.putInvoice(invoice(20 + whose, whose));
      }
      await store.removeMember(idOf(1));
      await store.removeMember(idOf(1));
      store = await reopen(store);
      assert.equal(await store.members(), 1);
      assert.equal(await store.session('s1'), undefined);
      assert.deepEqual(await store.letters(idOf(1)), []);
      assert.deepEqual(await store.drop(idOf(11)), drop(11, 1), 'its coins were given away');
      assert.equal(await store.invoice(idOf(21)), undefined);
      assert.equal(await store.memberWith('credential 1'), undefined);
      assert.deepEqual(await store.session('s2'), session('s2', 2));
      assert.deepEqual(await store.letters(idOf(2)), [letter(5, 2)]);
      assert.deepEqual(await store.drop(idOf(12)), drop(12, 2));
      assert.deepEqual(await store.invoice(idOf(22)), invoice(22, 2));
      assert.equal(await store.addMember(member(3, { handle: 'ada 1' })), true);
      await assert.rejects(store.putSession(session('late', 1)));
      assert.equal(await store.putLetter(letter(6, 1)), false);
      assert.equal(await store.letter(idOf(1), idOf(6)), undefined);
      await assert.rejects(store.putInvoice(invoice(23, 1)));
      await store.close();
    });
  });

  describe(`sessions in a host store: ${name}`, () => {
    it('come back, are replaced, and end: one, all but one, those that expired', async () => {
      let store = await withTwo();
      const rows = [
        session('a', 1),
        session('b', 1, { kind: 'token', expires: NOW + 50 }),
        session('c', 1, { kind: 'half', label: '' }),
        session('d', 2, { expires: NOW + 50 }),
      ];
      for (const row of rows) await store.putSession(row);
      await store.putSession(session('a', 1, { seen: NOW + 9, expires: NOW + 900 }));
      store = await reopen(store);
      const [, b, c, d] = rows;
      assert.deepEqual(await store.sessionsOf(idOf(1)), [
        session('a', 1, { seen: NOW + 9, expires: NOW + 900 }),
        b,
        c,
      ]);
      await store.putDrop(drop(1, 1, { expires: NOW + 50 }));
      await store.putDrop(drop(2, 1, { expires: NOW + 51 }));
      await store.removeExpired(NOW + 50);
      assert.deepEqual(await store.session('d'), d, 'in its last moment it has not expired');
      await store.removeExpired(NOW + 51);
      store = await reopen(store);
      assert.equal(await store.session('b'), undefined);
      assert.equal(await store.session('d'), undefined);
      assert.equal(await store.drop(idOf(1)), undefined);
      assert.deepEqual(await store.drop(idOf(2)), drop(2, 1, { expires: NOW + 51 }));
      await store.putSession(session('e', 2));
      await store.removeSessionsOf(idOf(1), 'c');
      assert.deepEqual(await store.sessionsOf(idOf(1)), [c]);
      await store.removeSessionsOf(idOf(1), '');
      assert.deepEqual(await store.sessionsOf(idOf(1)), []);
      assert.deepEqual(await store.sessionsOf(idOf(2)), [session('e', 2)]);
      await store.removeSession('e');
      await store.removeSession('e');
      assert.equal(await store.session('e'), undefined);
      await store.close();
    });
  });

  describe(`letters and drops in a host store: ${name}`, () => {
    it('come back byte for byte, in the order of their times, each with its own member', async () => {
      let store = await withTwo();
      for (const row of [letter(3, 1), letter(1, 1), letter(2, 1, { time: NOW + 3 }), letter(3, 2)])
        await store.putLetter(row);
      const replaced = letter(3, 1, { sealedTo: 'key', sealed: new Uint8Array(0), folder: 'sent' });
      await store.putLetter(replaced);
      store = await reopen(store);
      assert.deepEqual(await store.letters(idOf(1)), [
        letter(1, 1),
        letter(2, 1, { time: NOW + 3 }),
        replaced,
      ]);
      assert.deepEqual(await store.letter(idOf(2), idOf(3)), letter(3, 2), 'the other has the same id');
      assert.equal(await store.letter(idOf(2), idOf(1)), undefined, "nobody finds another's");
      await store.removeLetter(idOf(2), idOf(1));
      await store.removeLetter(idOf(1), idOf(3));
      assert.deepEqual(
        (await store.letters(idOf(1))).map(({ id }) => id),
        [idOf(1), idOf(2)],
      );
      assert.equal((await store.letters(idOf(2))).length, 1);
      assert.equal(await store.countLetters(idOf(2), 'inbox'), 1);
      assert.equal(await store.countLetters(idOf(2), 'sent'), 0);
      assert.equal(await store.countLetters(idOf(9), 'inbox'), 0);
      await store.putDrop(drop(1, 1));
      await store.putDrop(drop(1, 1, { sealed: Uint8Array.of(5) }));
      store = await reopen(store);
      assert.deepEqual(await store.drop(idOf(1)), drop(1, 1, { sealed: Uint8Array.of(5) }));
      await store.removeDrop(idOf(1));
      assert.equal(await store.drop(idOf(1)), undefined);
      await store.close();
    });

    it('are copies: neither who gave them nor who asked changes what is kept', async () => {
      const store = await withTwo();
      const sealed = Uint8Array.of(1, 2, 3);
      await store.putLetter(letter(1, 1, { sealed }));
      sealed[0] = 9;
      (await store.letter(idOf(1), idOf(1)))!.sealed[1] = 9;
      assert.deepEqual((await store.letter(idOf(1), idOf(1)))?.sealed, Uint8Array.of(1, 2, 3));
      await store.close();
    });
  });

  describe(`invoices in a host store: ${name}`, () => {
    it('come back newest first', async () => {
      let store = await withTwo();
      for (const row of [invoice(1, 1), invoice(2, 1, { created: NOW + 1 }), invoice(3, 1), invoice(4, 2)])
        await store.putInvoice(row);
      await store.putInvoice(invoice(2, 1, { created: NOW + 1, state: 'withdrawn' }));
      store = await reopen(store);
      assert.deepEqual(await store.invoicesOf(idOf(1)), [
        invoice(2, 1, { created: NOW + 1, state: 'withdrawn' }),
        invoice(3, 1),
        invoice(1, 1),
      ]);
      assert.deepEqual(await store.invoice(idOf(4)), invoice(4, 2));
      assert.equal(await store.invoice(idOf(5)), undefined);
      await store.close();
    });

    it('are paid by one letter, which may say so again; withdrawn ones by none', async () => {
      let store = await withTwo();
      await store.putInvoice(invoice(1, 1));
      await store.putInvoice(invoice(2, 1, { state: 'withdrawn' }));
      const settled = await Promise.all(['x', 'y', 'x'].map((by) => store.settleInvoice(idOf(1), by)));
      assert.deepEqual(settled, [true, false, true]);
      assert.equal(await store.settleInvoice(idOf(2), 'x'), false);
      assert.equal(await store.settleInvoice(idOf(2), ''), false);
      assert.equal(await store.settleInvoice(idOf(3), 'x'), false);
      store = await reopen(store);
      assert.equal(await store.settleInvoice(idOf(1), 'y'), false);
      assert.deepEqual(await store.invoice(idOf(1)), invoice(1, 1, { state: 'paid', letter: 'x' }));
      assert.equal((await store.invoice(idOf(2)))?.state, 'withdrawn');
      await store.close();
    });

    it('that are being paid are paid by that letter, and by no other', async () => {
      let store = await withTwo();
      await store.putInvoice(invoice(1, 1, { state: 'paying', letter: 'x' }));
      store = await reopen(store);
      assert.equal(await store.settleInvoice(idOf(1), 'y'), false);
      assert.deepEqual(await store.invoice(idOf(1)), invoice(1, 1, { state: 'paying', letter: 'x' }));
      assert.equal(await store.settleInvoice(idOf(1), 'x'), true);
      assert.equal((await store.invoice(idOf(1)))?.state, 'paid');
      await store.close();
    });
  });
}

describe("a host's file", () => {
  it('can be read by its owner only, is open in one place at a time, and is no other file of ours', async () => {
    const path = join(folder, 'private', 'host.sqlite');
    const store = openFile(path);
    await store.addMember(member(1));
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(join(folder, 'private')).mode & 0o777, 0o700);
    const second = openSqliteHostStore(path);
    assert.ok(second instanceof Refusal && second.name === 'busy');
    await store.close();
    const wallet = openSqliteWalletStore(path);
    assert.ok(wallet instanceof Refusal && wallet.name === 'not possible');
  });

  it('keeps no trace of what was removed', async () => {
    const path = join(folder, 'traces', 'host.sqlite');
    const store = openFile(path);
    const mark = 'what nobody shall find again';
    await store.addMember(member(1));
    await store.putLetter(letter(1, 1, { sealed: new Uint8Array(Buffer.from(mark.repeat(400))) }));
    await store.removeLetter(idOf(1), idOf(1));
    // Closing moves the write-ahead log into the file.
    await store.close();
    assert.ok(!readFileSync(path).includes(mark));
  });

  it('takes over what an earlier version kept', async () => {
    const path = join(folder, 'earlier', 'host.sqlite');
    const before = openFile(path);
    await before.addMember(member(1));
    await before.close();
    const database = new DatabaseSync(path);
    database.exec('DROP TABLE title_address; PRAGMA user_version = 1;');
    database.close();
    const store = openFile(path);
    assert.deepEqual(await store.member(idOf(1)), member(1));
    assert.deepEqual(await store.titleAddresses(idOf(1)), []);
    await store.close();
  });

  it('has everything that was acknowledged when its process is killed', { timeout: 60_000 }, async () => {
    const path = join(folder, 'killed', 'host.sqlite');
    const acknowledged: number[] = [];
    for (const [run, moment] of [1, 7, 20].entries())
      acknowledged.push(...(await linesUntilKilled(path, run * 10_000, moment)).map(Number));
    assert.ok(acknowledged.length >= 28);
    const store = openFile(path);
    for (const number of acknowledged) {
      assert.deepEqual(await store.member(idOf(number)), member(number));
      assert.equal((await store.memberWith(`credential ${number}`))?.id, idOf(number));
      assert.deepEqual(await store.letters(idOf(number)), [letter(number, number)]);
      assert.equal((await store.invoice(idOf(number)))?.state, 'paid');
    }
    await store.close();
  });
});

async function linesUntilKilled(path: string, from: number, moment: number): Promise<string[]> {
  const helper = fileURLToPath(new URL('./kill.test-helper.ts', import.meta.url));
  const child = spawn(process.execPath, [helper, path, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > moment) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [unknown, string];
  assert.equal(signal, 'SIGKILL', 'it ends by nothing else');
  return said.split('\n').slice(0, -1);
}
