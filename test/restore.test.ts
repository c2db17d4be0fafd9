/** Backup and restore: what was lost with the disk comes back whole, or is known not to; nothing is spendable twice. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { restoreCurrency } from '../src/apps/box/restore.ts';
import type { RestoreParts } from '../src/apps/box/restore.ts';
import { amount } from '../src/base/amount.ts';
import { Refusal } from '../src/base/refusal.ts';
import type { CoinStack } from '../src/protocol/documents.ts';
import { openLedgerThread } from '../src/stores/mint/ledger-thread.ts';
import { makeAgeIdentity } from '../src/stores/mint/snapshot.ts';
import type { Wallet } from '../src/wallet/wallet.ts';
import { Issuer, available, closeLeft, keyFileOf, must, stand } from './restore.test-helper.ts';
import type { Places, Standing } from './restore.test-helper.ts';
import { SPECIE, launch, specie, until } from './support/processes.ts';

const PAYS = { payTest: true };
const WITNESSED = 12;

describe('a box whose disk is lost', () => {
  const top = mkdtempSync(join(tmpdir(), 'sp-'));
  const identityFile = join(top, 'anna.age');
  const lost: Places = { box: join(top, 'box'), bank: join(top, 'bank'), second: join(top, 'second') };
  let standing: Standing;
  let identity: string;
  let id: string;
  let backup: string;
  let earlier: string;
  let atBackup: string;
  let wallets: Wallet[];
  let late: Wallet;
  /** Sees what becomes of coins when the backup alone is left. */
  let witness: Wallet;
  let dropped: Set<string>;
  /** Sent before the backup, taken after it; and one that nobody has taken. */
  let taken: CoinStack;
  let underway: CoinStack;

  before(async () => {
    const made = await makeAgeIdentity();
    ({ identity } = made);
    writeFileSync(identityFile, `# public key: ${made.recipient}\n${identity}\n`, { mode: 0o600 });
    standing = await stand(top, lost.bank, made.recipient);
    const issuer = await Issuer.open(standing, lost);
    ({ id } = issuer);
    const [anna, bert] = (wallets = [await issuer.wallet(), await issuer.wallet()]);
    must(await anna!.buy(id, amount(90), PAYS));
    witness = await issuer.wallet();
    must(await witness.buy(id, amount(WITNESSED), PAYS));
    ({ stack: taken } = must(await anna!.send(id, amount(20), '')));
    ({ stack: underway } = must(await anna!.send(id, amount(7), '')));
    await anna!.resumeAll();
    earlier = await keep(await issuer.backUp(), 'earlier.age');
    cpSync(lost.second!, (atBackup = join(top, 'second-at-backup')), { recursive: true });
    must(await bert!.receive(taken));
    backup = await keep(await issuer.backUp(), 'kept.age');
    must(await anna!.buy(id, amount(33), PAYS));
    must(await bert!.redeem(id, amount(5)));
    must(await bert!.receive(must(await anna!.send(id, amount(11), '')).stack));
    dropped = new Set(['request mint', 'request resume']);
    late = await issuer.wallet(dropped);
    assert.match(String(refusalOf(await late.buy(id, amount(40), PAYS))), /network is gone/);
    for (const wallet of wallets) await wallet.resumeAll();
    await issuer.sold();
    const errors = await issuer.close('SIGKILL');
    assert.ok(!errors.includes('"bug"'), errors);
    rmSync(lost.box, { recursive: true });
  });
  afterEach(closeLeft);
  after(() => rmSync(top, { recursive: true }));

  /** Operators carry a backup away from the box. */
  async function keep(path: string, name: string): Promise<string> {
    renameSync(path, join(top, name));
    return Promise.resolve(join(top, name));
  }

  const command = (box: string, ...more: readonly string[]) =>
    specie([
      ...['box', 'restore', '--backup', backup, '--identity', identityFile, '--data', box],
      ...['--key-file', keyFileOf(standing), ...more],
    ]);

  function restoring(name: string, changes: Partial<RestoreParts> = {}) {
    return restoreCurrency({
      folder: join(top, name),
      backup,
      identities: [identity],
      unlock: { keyFile: keyFileOf(standing) },
      second: null,
      clock: Date.now,
      ...changes,
    });
  }

  async function refuses(name: string, changes: Partial<RestoreParts>, words: RegExp): Promise<void> {
    const outcome = await restoring(name, changes);
    assert.ok(outcome instanceof Refusal, 'it was restored');
    assert.match(outcome.details, words);
    assert.ok(!hasBooks(join(top, name)));
  }

  const hasBooks = (box: string) => readdirSync(join(box, 'currencies')).length > 0;

  /** A second place to be spoiled. */
  function copied(name: string): { second: string; folder: string; last: string } {
    const second = join(top, name);
    cpSync(lost.second!, second, { recursive: true });
    const folder = join(second, id);
    return { second, folder, last: join(folder, readdirSync(folder).toSorted().at(-1)!) };
  }

  test('is not restored with a wrong identity', async () => {
    const other = await makeAgeIdentity();
    await refuses('refused', { identities: [other.identity] }, /not for this identity/);
    const both = await restoring('several-identities', { identities: [other.identity, identity] });
    assert.ok(!(both instanceof Refusal));
  });

  test('is not restored from a damaged backup', async () => {
    const whole = readFileSync(backup);
    const spoiled = join(top, 'spoiled.age');
    for (const place of [whole.length - 1, whole.length >> 1]) {
      const bytes = Buffer.from(whole);
      bytes[place]! ^= 1;
      writeFileSync(spoiled, bytes);
      await refuses('refused', { backup: spoiled }, /damaged/);
    }
    writeFileSync(spoiled, whole.subarray(0, whole.length >> 1));
    await refuses('refused', { backup: spoiled }, /damaged/);
    writeFileSync(spoiled, 'nothing');
    await refuses('refused', { backup: spoiled }, /no snapshot/);
    await refuses('refused', { backup: join(top, 'none.age') }, /ENOENT/);
  });

  test('is not restored with a second place that is not its own, or has gaps', async () => {
    await refuses('refused', { second: join(top, 'nowhere') }, /nothing of this currency/);
    const others = copied('others');
    renameSync(others.folder, join(others.second, 'f'.repeat(64)));
    await refuses('refused', { second: others.second }, /nothing of this currency/);
    const foreign = copied('foreign');
    writeFileSync(foreign.last, readFileSync(await otherSegment()));
    await refuses('refused', { second: foreign.second }, /of other books/);
    const gap = copied('gap');
    const lines = readFileSync(gap.last, 'utf8').split('\n');
    writeFileSync(gap.last, lines.toSpliced(lines.length - 4, 1).join('\n'));
    await refuses('refused', { second: gap.second }, /damaged or missing/);
    await refuses('refused', { second: atBackup }, /newer than the second place/);
  });

  /** The second place of a currency that somebody else founded. */
  async function otherSegment(): Promise<string> {
    const places = {
      box: join(top, 'other-box'),
      bank: join(top, 'other-bank'),
      second: join(top, 'other-second'),
    };
    const other = await stand(mkdtempSync(join(top, 'o')), places.bank, '', { name: 'Other' });
    const issuer = await Issuer.open(other, places);
    assert.match(
      String(refusalOf(await issuer.order({ type: 'backup' }))),
      /no operator of the policy has a recipient/,
    );
    // So many records that the backup's number is among them.
    for (let count = 0; count < 60; count++) must(await issuer.order({ type: 'raise treasury', amount: 1 }));
    await issuer.close();
    const folder = join(places.second, issuer.id);
    return join(folder, readdirSync(folder)[0]!);
  }

  test('is not restored over books, nor into another box', async () => {
    must(await restoring('twice'));
    const before = readFileSync(join(top, 'twice', 'currencies', `${id}.sqlite`));
    const again = await restoring('twice');
    assert.ok(again instanceof Refusal);
    assert.match(again.details, /has books of Town already/);
    assert.deepEqual(readFileSync(join(top, 'twice', 'currencies', `${id}.sqlite`)), before);
    const box = join(top, 'other-box-alone');
    const places = { box, bank: join(top, 'alone-bank'), second: null };
    const alone = await stand(mkdtempSync(join(top, 'a')), places.bank, '', { name: 'Alone' });
    await (await Issuer.open(alone, places)).close();
    const outcome = await restoring('other-box-alone', { unlock: { keyFile: keyFileOf(alone) } });
    assert.ok(outcome instanceof Refusal);
    assert.match(outcome.details, /is another box than the backup's/);
    assert.equal(readdirSync(join(box, 'currencies')).length, 1);
  });

  test('is not restored while the clock is behind its books', async () => {
    await refuses('refused', { clock: () => Date.now() - 3_600_000 }, /set the clock right/);
  });

  test('comes back from the backup alone without its mint keys: nothing that may be forgotten is spent twice', async () => {
    const places = { box: join(top, 'alone'), bank: join(top, 'bank-copy'), second: null };
    cpSync(lost.bank, places.bank, { recursive: true, filter: (path) => !path.endsWith('.sock') });
    const { status, stdout, stderr } = await command(places.box);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /mint keys that were live are retired/);
    assert.match(stdout, /not taken any more/);
    const issuer = await Issuer.open(standing, places);
    const holder = await issuer.wallet();
    for (const stack of [taken, underway]) {
      assert.match(String(refusalOf(await holder.receive(stack))), /retired|worth nothing any more/);
      const { coins } = stack;
      const redeem = { type: 'request redeem', message_reference: 1, coins } as const;
      assert.match(
        String(refusalOf(await issuer.front.ask(id, redeem))),
        /retired when the mint was restored/,
      );
    }
    // The box makes them as soon as it serves.
    await until(async () => (await keysSinceRestored(issuer)) === 6, 'there are no new mint keys');
    // One who was there before goes on, too.
    await witness.resumeAll();
    must(await witness.buy(id, amount(6), PAYS));
    assert.equal(available(witness), 6);
    assert.equal(witness.balance()[0]?.expired, WITNESSED);
    must(await holder.buy(id, amount(25), PAYS));
    const other = await issuer.wallet();
    must(await other.receive(must(await holder.send(id, amount(9), '')).stack));
    assert.equal(available(other), 9);
    assert.deepEqual((await issuer.audit()).faults, []);
    assert.deepEqual(
      (await issuer.events()).filter((each) => each.type === 'restored'),
      [{ type: 'restored', complete: false }],
    );
    await issuer.close();
  });

  test('is restored after a restore that was killed anywhere', async () => {
    const { second } = copied('for-killed');
    const box = join(top, 'killed');
    const args = ['box', 'restore', '--backup', backup, '--identity', identityFile, '--data', box];
    const all = [SPECIE, ...args, '--key-file', keyFileOf(standing), '--second', second];
    let kills = 0;
    for (let wait = 100; ; wait += 100) {
      const running = launch(process.execPath, all);
      const timer = setTimeout(() => running.child.kill('SIGKILL'), wait);
      const { status, signal, stderr } = await running.ended;
      clearTimeout(timer);
      if (signal === 'SIGKILL') kills++;
      else {
        // It may have been killed when everything was done but to say so.
        if (status !== 0) assert.match(stderr, /has books of Town already/);
        break;
      }
    }
    assert.ok(kills > 1, `${kills} kills`);
    assert.ok(!existsSync(join(box, 'restoring')));
    const store = must(
      await openLedgerThread(join(box, 'currencies', `${id}.sqlite`), { second: join(second, id) }),
    );
    const { head } = await store.counters();
    const [last] = await store.journal(head.entries - 1, 1);
    await store.close();
    assert.deepEqual(last?.entry.event, { type: 'restored', complete: true });
  });

  test('comes back whole from backup and second place, whatever the last record is torn to', async () => {
    const places = { ...lost, box: join(top, 'whole') };
    const [file] = [copied('torn').last];
    appendFileSync(file, 'f'.repeat(64).concat(' {"number":'));
    const torn = must(await restoring('torn-box', { second: join(top, 'torn') }));
    const early = must(
      await restoring('early-box', { backup: earlier, second: copied('for-earlier').second }),
    );
    const { status, stdout, stderr } = await command(places.box, '--second', lost.second!);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /Nothing is missing/);
    assert.match(stdout, new RegExp(`^${torn.replayed} records`, 'm'));
    assert.ok(torn.complete && early.complete && early.replayed > torn.replayed);
    const issuer = await Issuer.open(standing, places);
    dropped.clear();
    for (const wallet of [...wallets, late]) await wallet.resumeAll();
    assert.equal(available(late), 40, 'what was paid is minted');
    const thief = await issuer.wallet();
    assert.match(String(refusalOf(await thief.receive(taken))), /spent|taken/);
    const finder = await issuer.wallet();
    must(await finder.receive(underway));
    const sums = [];
    for (const wallet of [...wallets, late, finder]) {
      const all = available(wallet);
      const heir = await issuer.wallet();
      must(await heir.receive(must(await wallet.send(id, amount(all), '')).stack));
      assert.equal(available(heir), all, 'every coin still renews');
      sums.push(all);
    }
    const total = sums.reduce((left, right) => left + right);
    assert.equal(total, 90 + 33 + 40 - 5);
    assert.equal(await issuer.float(), total + WITNESSED);
    assert.equal(await issuer.sold(), total + WITNESSED, 'the bank reconciles');
    assert.deepEqual((await issuer.audit()).faults, []);
    assert.deepEqual(
      (await issuer.events()).filter((each) => each.type === 'restored'),
      [{ type: 'restored', complete: true }],
    );
    await issuer.killAndRestart();
    assert.equal(await issuer.float(), total + WITNESSED);
    await issuer.close();
  });
});

/** Mint keys that were made after the restore. */
async function keysSinceRestored(issuer: Issuer): Promise<number> {
  const events = await issuer.events();
  const restored = events.findIndex((each) => each.type === 'restored');
  return events.slice(restored).filter((each) => each.type === 'mint key').length;
}

function refusalOf(value: unknown): string | undefined {
  if (value instanceof Refusal) return value.details;
  const entry = value as { readonly reason?: string };
  return entry.reason;
}
