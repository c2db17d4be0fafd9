/** The second place: what was acknowledged is never lost, and what does not belong together is never joined. */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { DAY } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import type { Cashier, Intent, MintStore } from '../../mint/ports.ts';
import { openLedgerThread } from './ledger-thread.ts';
import { dump } from './dump.test-helper.ts';
import { openMemoryMintStore } from './memory.ts';
import { openSqliteMintStore } from './sqlite.ts';
import {
  CASHIER,
  NOW,
  OPERATORS,
  answering,
  circulate,
  coin,
  found,
  founding,
  funding,
  intent,
  issue,
  keyOf,
  mint,
  order,
  record,
  redeem,
  redemption,
  renew,
  step,
  totalsOf,
} from './steps.test-helper.ts';
import { replaySecondPlace } from './second-place-replay.ts';
import { writeMarker, writeRecord } from './second-place-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'specie-second-'));
after(() => {
  rmSync(folder, { recursive: true });
});

let places = 0;
function fresh(): { readonly path: string; readonly second: string; readonly copy: string } {
  const base = join(folder, String(places++));
  return { path: `${base}.sqlite`, second: `${base}.second`, copy: `${base}.copy.sqlite` };
}

async function must(opening: Promise<MintStore | Refusal> | MintStore | Refusal): Promise<MintStore> {
  const store = await opening;
  assert.ok(!(store instanceof Refusal), store instanceof Refusal ? store.details : '');
  return store;
}

async function refused(opening: Promise<unknown>): Promise<string> {
  const outcome = await opening;
  assert.ok(outcome instanceof Refusal, 'this must be refused');
  return outcome.details;
}

const segmentOf = (second: string) => join(second, readdirSync(second).sort().at(-1) ?? '');
const linesOf = (second: string) => readFileSync(segmentOf(second), 'utf8').trimEnd().split('\n');

/** A little of everything, in two halves. */
async function firstHalf(store: MintStore): Promise<void> {
  await found(store);
  await circulate(store, 'a1', 10);
  await store.commit(renew('b1', 'x'), NOW);
  await store.commit(mint('w1', 1), NOW);
  await store.keepOrder(order('a'), OPERATORS, NOW);
  await store.commit(redemption('r1', 'y'), NOW);
  await store.commit(answering(redemption('r8', 's'), 'to bob'), NOW);
}

async function secondHalf(store: MintStore): Promise<void> {
  await store.commit(redemption('r2', 'z'), NOW + 1);
  await store.commit(answering(redemption('r8', 's'), 'to carol'), NOW + 1);
  await store.commit(answering(renew('b3', 't'), 'to bob'), NOW + 1);
  await record(store, {
    settles: 'a',
    secrets: [{ name: 'mint key', sealed: new Uint8Array([0, 255, 128]) }],
    opens: [keyOf(5, 1)],
    stops: [keyOf(1)],
  });
  await store.keepOrder(order('b', NOW + DAY, [0, 1]), OPERATORS, NOW + 2);
  await store.commit(renew('b2', 'u', 'v'), NOW + 3);
  await record(store, { closes: [await totalsOf(store, keyOf(5))] });
  await store.sweep(NOW + 40 * DAY);
  await store.sweep(NOW + 40 * DAY);
  await store.commit({ ...mint('w2', 2), expires: NOW + 90 * DAY, lapses: NOW + 90 * DAY }, NOW + 40 * DAY);
  await Promise.all(['w3', 'w4', 'w5'].map((name) => store.commit(mint(name, 2), NOW + 4)));
}

describe('the second place', () => {
  test('holds every batch that changed something, for its owner only, and nothing of reads', async () => {
    const { path, second } = fresh();
    const store = await must(openLedgerThread(path, { second }));
    assert.equal(linesOf(second).length, 1);
    await found(store);
    assert.equal(linesOf(second).length, 2);
    await Promise.all([store.load(), store.counters(), store.recall('a'), store.spent([coin('x')])]);
    await store.journal(0, 9);
    await store.receipts(0, 9);
    await store.orders();
    await store.doublePayments(0, 9);
    await store.sweep(NOW);
    assert.equal((await store.record(founding())).kind, 'head moved');
    assert.equal(linesOf(second).length, 2);
    await store.close();
    assert.equal(statSync(segmentOf(second)).mode & 0o777, 0o600);
    assert.equal(statSync(second).mode & 0o777, 0o700);
  });

  test('replayed onto an older copy, or onto nothing, makes the very books that were lost', async () => {
    const { path, second, copy } = fresh();
    const store = await must(openLedgerThread(path, { second }));
    await firstHalf(store);
    await store.snapshot(copy);
    const older = dump(copy);
    await secondHalf(store);
    await store.close();
    const lost = dump(path);
    assert.notDeepEqual(older, lost);
    const replayed = await replaySecondPlace(copy, second);
    assert.ok(!(replayed instanceof Refusal) && replayed.replayed > 5, JSON.stringify(replayed));
    assert.deepEqual(dump(copy), lost);
    assert.deepEqual(await replaySecondPlace(copy, second), { replayed: 0 });
    const fromNothing = `${copy}.anew`;
    await replaySecondPlace(fromNothing, second);
    assert.deepEqual(dump(fromNothing), lost);
    const again = await must(openLedgerThread(copy, { second }));
    assert.ok((await again.load()) !== undefined);
    await again.commit(mint('goes on', 2), NOW);
    await again.close();
  });

  test('begins where the books are that had none before', async () => {
    const { path, second, copy } = fresh();
    const alone = await must(openLedgerThread(path));
    await firstHalf(alone);
    await alone.snapshot(copy);
    await alone.close();
    const store = await must(openLedgerThread(path, { second }));
    await secondHalf(store);
    await store.close();
    const replayed = await replaySecondPlace(copy, second);
    assert.ok(!(replayed instanceof Refusal), JSON.stringify(replayed));
    assert.deepEqual(dump(copy), dump(path));
    const older = `${copy}.anew`;
    assert.match(await refused(replaySecondPlace(older, second)), /begins after/);
  });

  test('one record ahead, as a crash before the commit leaves it, is taken up', async () => {
    const { path, second, copy } = fresh();
    const store = await must(openLedgerThread(path, { second }));
    await firstHalf(store);
    await store.close();
    copyFileSync(path, copy);
    const again = await must(openLedgerThread(path, { second }));
    await again.commit(renew('late', 'late'), NOW);
    await again.close();
    const mended = await must(openLedgerThread(copy, { second }));
    assert.equal((await mended.recall('late'))?.state, 'committed');
    assert.deepEqual(await mended.spent([coin('late')]), [true]);
    await mended.close();
    assert.deepEqual(dump(copy), dump(path));
  });

  test('further ahead, behind, or of other books is refused with what to do', async () => {
    const { path, second, copy } = fresh();
    const store = await must(openLedgerThread(path, { second }));
    await firstHalf(store);
    await store.close();
    copyFileSync(path, copy);
    cpSync(second, `${second}.old`, { recursive: true });
    const again = await must(openLedgerThread(path, { second }));
    await secondHalf(again);
    await again.close();
    const before = readFileSync(segmentOf(second));
    assert.match(await refused(openLedgerThread(copy, { second })), /replaying the second place/);
    assert.match(await refused(openLedgerThread(path, { second: `${second}.old` })), /misses some/);
    assert.match(await refused(openLedgerThread(path, { second: `${second}.empty` })), /mount it/);
    assert.match(await refused(replaySecondPlace(path, `${second}.old`)), /newer than the second place/);
    assert.match(await refused(replaySecondPlace(path, `${second}.none`)), /no second place/);
    const other = fresh();
    const others = await must(openLedgerThread(other.path, { second: other.second }));
    await firstHalf(others);
    await others.close();
    assert.match(await refused(openLedgerThread(copy, { second: other.second })), /other books/);
    assert.match(await refused(replaySecondPlace(copy, other.second)), /other books/);
    assert.deepEqual(readFileSync(segmentOf(second)), before, 'a refusal changes nothing');
    await (await must(openLedgerThread(path, { second }))).close();
  });

  test('two histories of the same books are told apart, though both count as many records', async () => {
    const { path, second, copy } = fresh();
    const store = await must(openLedgerThread(path));
    await firstHalf(store);
    await store.close();
    copyFileSync(path, copy);
    for (const [each, name] of [
      [path, 'here'],
      [copy, 'there'],
    ] as const) {
      const apart = await must(openSqliteMintStore(each));
      await apart.commit(renew(name, name), NOW + (name === 'here' ? 7 : 8));
      await apart.close();
    }
    await (await must(openLedgerThread(path, { second }))).close();
    assert.match(await refused(openLedgerThread(copy, { second })), /other books/);
  });

  test('a lost one is begun anew after one start without it', async () => {
    const { path, second, copy } = fresh();
    const store = await must(openLedgerThread(path, { second }));
    await firstHalf(store);
    await store.close();
    rmSync(second, { recursive: true });
    assert.match(await refused(openLedgerThread(path, { second })), /is empty/);
    await (await must(openLedgerThread(path))).close();
    const anew = await must(openLedgerThread(path, { second }));
    await anew.snapshot(copy);
    await secondHalf(anew);
    await anew.close();
    await replaySecondPlace(copy, second);
    assert.deepEqual(dump(copy), dump(path));
  });

  test('a torn last line is cut off; one in the middle is refused', async () => {
    const { path, second } = fresh();
    const store = await must(openLedgerThread(path, { second }));
    await firstHalf(store);
    await store.close();
    const whole = readFileSync(segmentOf(second), 'utf8');
    const lines = whole.trimEnd().split('\n');
    const last = lines.at(-1) ?? '';
    const torn = [
      last.slice(0, 40),
      `${last.slice(0, 80)}\0\0\0`,
      `${last.replace('calls', 'falls')}\n`,
      '\0\0\0\n',
    ];
    for (const tail of torn) {
      writeFileSync(segmentOf(second), whole + tail);
      await (await must(openLedgerThread(path, { second }))).close();
      assert.equal(readFileSync(segmentOf(second), 'utf8'), whole);
    }
    const middle = [
      lines.with(3, (lines[3] ?? '').replace('calls', 'falls')),
      lines.toSpliced(3, 1),
      lines.with(3, lines[4] ?? ''),
      lines.with(0, lines[1] ?? ''),
    ];
    for (const each of middle) {
      writeFileSync(segmentOf(second), `${each.join('\n')}\n`);
      assert.match(await refused(openLedgerThread(path, { second })), /damaged or missing/);
      assert.match(await refused(replaySecondPlace(`${path}.anew`, second)), /damaged or missing/);
    }
  });

  test('what a crash left of its very beginning is begun again', async () => {
    const { path, second } = fresh();
    await (await must(openLedgerThread(path, { second }))).close();
    truncateSync(segmentOf(second), 30);
    const store = await must(openLedgerThread(path, { second }));
    await found(store);
    await store.close();
    await (await must(openLedgerThread(path, { second }))).close();
  });

  test('when it cannot be written nothing is committed, and reads go on', async () => {
    const { path, second } = fresh();
    const store = await must(openLedgerThread(path, { second }));
    await firstHalf(store);
    const before = await store.load();
    const whole = readFileSync(segmentOf(second));
    appendFileSync(segmentOf(second), 'of another program\n');
    const calls = [
      store.commit(renew('b9', 'b9'), NOW),
      store.fund(funding('a9', 5), CASHIER, NOW),
      store.spent([coin('x')]),
    ];
    const [committed, funded, spent] = await Promise.allSettled(calls);
    assert.equal(committed?.status, 'rejected');
    assert.equal(funded?.status, 'rejected');
    assert.deepEqual(spent, { status: 'fulfilled', value: [true] });
    assert.deepEqual(await store.load(), before);
    assert.equal(await store.recall('b9'), undefined);
    writeFileSync(segmentOf(second), whole);
    assert.equal((await store.commit(renew('b9', 'b9'), NOW)).kind, 'committed');
    await store.close();
    await (await must(openLedgerThread(path, { second }))).close();
  });

  test('spans several segments, of which old ones may be put away', async () => {
    const { path, second, copy } = fresh();
    const store = await must(openLedgerThread(path, { second }));
    await firstHalf(store);
    const big = { name: 'big', sealed: new Uint8Array(1_200_000) };
    await record(store, { secrets: [big] });
    await record(store, { secrets: [big] });
    await store.snapshot(copy);
    await secondHalf(store);
    await store.close();
    assert.equal(readdirSync(second).length, 2);
    await replaySecondPlace(`${copy}.anew`, second);
    assert.deepEqual(dump(`${copy}.anew`), dump(path));
    const [first = ''] = readdirSync(second).sort();
    renameSync(join(second, first), join(folder, `${first}.put-away`));
    await (await must(openLedgerThread(path, { second }))).close();
    const replayed = await replaySecondPlace(copy, second);
    assert.ok(!(replayed instanceof Refusal), JSON.stringify(replayed));
    assert.deepEqual(dump(copy), dump(path));
  });

  test('a record that comes out otherwise than it did is refused, and changes nothing', async () => {
    const { path, second, copy } = fresh();
    const store = await must(openLedgerThread(path, { second }));
    await firstHalf(store);
    await store.close();
    copyFileSync(path, copy);
    const [row] = dump(path)['ledger'] as { record_number: number; record_hash: string }[];
    assert.ok(row !== undefined);
    const { record_number: number, record_hash: previous } = row;
    const forged = writeRecord({
      number: number + 1,
      previous,
      calls: [{ verb: 'commit', intent: renew('f', 'f'), now: NOW }],
      after: [1, 2, 3],
    });
    rmSync(second, { recursive: true });
    await (await must(openLedgerThread(path))).close();
    await (await must(openLedgerThread(path, { second }))).close();
    writeFileSync(segmentOf(second), writeMarker(number, previous).text + forged.text);
    const before = dump(copy);
    assert.match(await refused(replaySecondPlace(copy, second)), /other sums/);
    assert.deepEqual(dump(copy), before);
  });
});

describe('a snapshot', () => {
  test('taken while commits run is whole, conserved, and replayed to the very end', async () => {
    const { path, second, copy } = fresh();
    const store = await must(openLedgerThread(path, { second }));
    await found(store);
    await circulate(store, 'a1', 50);
    // A few megabytes, so that the copy takes many steps.
    await record(store, { secrets: [{ name: 'big', sealed: new Uint8Array(8 * 1_048_576) }] });
    const names = Array.from({ length: 600 }, (_, index) => `n${index}`);
    const progress = { during: 0, isCopied: false };
    const copying = store.snapshot(copy).then(() => {
      progress.isCopied = true;
    });
    for (const name of names) {
      await store.commit(renew(name, name), NOW + 1);
      if (progress.isCopied) break;
      progress.during++;
    }
    await copying;
    await Promise.all(names.slice(progress.during).map((name) => store.commit(renew(name, name), NOW + 1)));
    assert.ok(progress.during > 1, 'calls go on while it is written');
    const last = await store.load();
    await store.close();
    const opened = await must(openSqliteMintStore(copy));
    assert.ok((await opened.load()) !== undefined);
    await opened.close();
    const replayed = await replaySecondPlace(copy, second);
    assert.ok(!(replayed instanceof Refusal), JSON.stringify(replayed));
    const restored = await must(openSqliteMintStore(copy));
    assert.deepEqual(await restored.load(), last);
    assert.ok((await restored.spent(names.map(coin))).every(Boolean));
    await restored.close();
    assert.deepEqual(dump(copy), dump(path));
  });

  test('is waited for by close', async () => {
    const { path, copy } = fresh();
    const store = await must(openLedgerThread(path));
    await found(store);
    await record(store, { secrets: [{ name: 'big', sealed: new Uint8Array(8 * 1_048_576) }] });
    const [copied] = await Promise.allSettled([store.snapshot(copy), store.close()]);
    assert.equal(copied.status, 'fulfilled');
    await (await must(openSqliteMintStore(copy))).close();
  });
});

describe('any calls', () => {
  const small = fc.integer({ min: 0, max: 5 });
  const day = fc.integer({ min: 0, max: 40 });
  const fives = fc.integer({ min: 1, max: 3 });
  const wide: Cashier = { ...CASHIER, limitPerDay: 60 as Cashier['limitPerDay'] };
  type Act = (store: MintStore, now: number) => Promise<unknown>;
  const dated = (wish: Intent, now: number): Intent => ({
    ...wish,
    lapses: now + 5 * DAY,
    expires: now + 9 * DAY,
  });
  const act: fc.Arbitrary<Act> = fc.oneof(
    fc.tuple(small, fives, day).map(
      ([name, count, until]): Act =>
        (store, now) =>
          store.fund(funding(`m${name}`, count * 5, now + until * DAY), wide, now),
    ),
    fc.tuple(small, fives).map(
      ([name, count]): Act =>
        (store, now) =>
          store.commit(dated(mint(`m${name}`, ...Array.from({ length: count }, () => 5)), now), now),
    ),
    fc.tuple(small, fc.array(small.map(String), { maxLength: 3 })).map(
      ([name, coins]): Act =>
        (store, now) =>
          store.commit(dated(renew(`n${name}`, ...coins), now), now),
    ),
    fc.tuple(small, fc.array(small.map(String), { maxLength: 3 })).map(
      ([name, coins]): Act =>
        (store, now) =>
          store.commit(dated(redemption(`r${name}`, ...coins), now), now),
    ),
    fc.constant<Act>((store, now) =>
      store.commit(dated(intent('renew', 'torn', ['t'], [redeem(5), issue(2)]), now), now),
    ),
    fc.tuple(small, day).map(
      ([serial, until]): Act =>
        (store, now) =>
          store.keepOrder(order(`o${serial}`, now + until * DAY, [serial % 10]), OPERATORS, now),
    ),
    fc.integer({ min: -200, max: 200 }).map(
      (authorised): Act =>
        (store, now) =>
          record(store, { authorised, now }),
    ),
    small.map(
      (generation): Act =>
        (store, now) =>
          record(store, { opens: [keyOf(5, generation)], now }),
    ),
    fc.constantFrom(1, 2, 5).map(
      (each): Act =>
        async (store, now) =>
          record(store, { closes: [await totalsOf(store, keyOf(each))], now }),
    ),
    small.map(
      (serial): Act =>
        (store, now) =>
          record(store, { settles: `o${serial}`, stops: [keyOf(2)], now }),
    ),
    fc.constant<Act>((store, now) => store.record(step({ entries: 1, hash: '5'.repeat(64) }, { now }))),
    fc.constant<Act>((store, now) => store.sweep(now)),
  );

  const NAMES = ['0', '1', '2', '3', '4', '5'];

  const look = async (store: MintStore) => [
    await store.load(),
    await store.counters(),
    await store.journal(0, 99),
    await store.orders(),
    await store.receipts(0, 99),
    await store.spent(['t', ...NAMES].map(coin)),
    await Promise.all(
      NAMES.flatMap((name) =>
        [`m${name}`, `n${name}`, redemption(`r${name}`).reference].map((reference) =>
          store.recall(reference),
        ),
      ),
    ),
  ];

  const told = async (outcome: Promise<unknown>) => {
    const [settled] = await Promise.allSettled([outcome]);
    return settled.status === 'fulfilled' ? settled.value : String(settled.reason);
  };

  test('come to the same in memory, on SQLite and by the second place', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(act, day), { minLength: 1, maxLength: 30 }), async (acts) => {
        const { path, second, copy } = fresh();
        const memory = openMemoryMintStore();
        const thread = await must(openLedgerThread(path, { second }));
        for (const store of [memory, thread]) await found(store);
        let now = NOW;
        for (const [each, days] of acts) {
          now += (days % 4 === 0 ? days : 0) * DAY;
          assert.deepEqual(await told(each(thread, now)), await told(each(memory, now)));
        }
        const expected = await look(memory);
        assert.deepEqual(await look(thread), expected);
        await memory.snapshot(copy);
        await thread.close();
        const copied = await must(openSqliteMintStore(copy));
        assert.deepEqual(await look(copied), expected);
        await copied.close();
        await replaySecondPlace(`${copy}.anew`, second);
        assert.deepEqual(dump(`${copy}.anew`), dump(path));
      }),
      { numRuns: 15 },
    );
  });
});
