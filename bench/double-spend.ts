/**
 * `node bench/double-spend.ts [--coins 0,1000000,10000000] [--seconds 4] [--rounds 3] [--second] [--folder …]`: whether
 * the ledger stays quick and small when it remembers many spent coins. Fills books, then opens a copy of them and commits
 * through the ledger thread with 64 calls in flight. Books stay in the folder that is named, for another run. Rounds
 * alternate between the books and the best of each counts, since others may use the machine.
 */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ZERO, amount } from '../src/base/amount.ts';
import { DAY, writeDate } from '../src/base/dates.ts';
import { Refusal } from '../src/base/refusal.ts';
import type { Intent, MintStore } from '../src/mint/ports.ts';
import { openLedgerThread } from '../src/stores/mint/ledger-thread.ts';
import { SCHEMA } from '../src/stores/mint/sqlite-schema.ts';
import { SpentCoins } from '../src/stores/mint/sqlite-spent.ts';
import { mintStatements } from '../src/stores/mint/sqlite-statements.ts';
import { openSqliteMintStore } from '../src/stores/mint/sqlite.ts';
import { NOTHING, step } from '../src/stores/mint/steps.test-helper.ts';
import { COIN_BYTES } from '../src/stores/mint/spent-index.ts';
import { openDatabase } from '../src/stores/sqlite-file.ts';

const NOW = Date.UTC(2026, 0, 1);
const KEYS = Array.from({ length: 16 }, (_, index) => sha256(`mint key ${index}`));
const IN_FLIGHT = 64;
const COINS_EACH = [1, 8] as const;
const WARM_UP = 0.25;
/** Coins that one transaction spends to fill the books. */
const TOGETHER = 10_000;
/** As a blind signature's blind under a key of 2048 bits is written. */
const BLIND = 'b'.repeat(512);

interface Measured {
  /** Commits a second, for each of COINS_EACH. */
  readonly commits: readonly number[];
  /** Microseconds of processor that a commit takes, with what asks for it. */
  readonly processor: readonly number[];
  readonly memory: number;
  readonly syncs: number;
  /** Seconds that opening the books takes. */
  readonly opening: number;
}

const { values } = parseArgs({
  options: {
    coins: { type: 'string', default: '0,1000000,10000000' },
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    second: { type: 'boolean', default: false },
    folder: { type: 'string' },
    measure: { type: 'string' },
  },
});
const seconds = Number(values.seconds);

if (values.measure !== undefined) console.log(JSON.stringify(await measure(values.measure)));
else await compare(values.coins.split(',').map(Number), Number(values.rounds));

async function compare(sizes: readonly number[], rounds: number): Promise<void> {
  const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'specie-bench-'));
  const books = [];
  for (const size of sizes) {
    const path = join(folder, `${size}.sqlite`);
    const start = performance.now();
    const bytes = existsSync(path) ? undefined : await fill(path, size);
    console.log(`filled ${size} coins in ${((performance.now() - start) / 1_000).toFixed(0)} s`);
    books.push({ size, path, bytes, rounds: [] as Measured[] });
  }
  for (let round = 0; round < rounds; round++) for (const each of books) each.rounds.push(inProcess(each));
  if (values.folder === undefined) rmSync(folder, { recursive: true });
  const best = books.map((each) => ({
    ...each,
    commits: COINS_EACH.map((_, index) => Math.max(...each.rounds.map((round) => round.commits[index] ?? 0))),
    processor: COINS_EACH.map((_, index) =>
      Math.min(...each.rounds.map((round) => round.processor[index] ?? 0)),
    ),
    memory: Math.max(...each.rounds.map((round) => round.memory)),
    syncs: Math.max(...each.rounds.map((round) => round.syncs)),
    opening: Math.min(...each.rounds.map((round) => round.opening)),
  }));
  print(best);
}

function print(
  rows: readonly (Measured & { readonly size: number; readonly bytes: number | undefined })[],
): void {
  const base = rows[0];
  console.log(
    'spent coins | bytes each | by 1 coin: commits/s, ratio, µs of processor | by 8 coins: the same | syncs/s | commits a sync | MiB | s to open',
  );
  for (const { size, bytes, commits, processor, memory, syncs, opening } of rows) {
    const cells = commits.map((each, index) =>
      [
        each.toFixed(0),
        (each / (base?.commits[index] ?? each)).toFixed(2),
        processor[index]?.toFixed(0),
      ].join(', '),
    );
    const perSync = ((commits[0] ?? 0) / syncs).toFixed(2);
    const perCoin = size === 0 || bytes === undefined ? '-' : (bytes / size).toFixed(1);
    const tail = [syncs.toFixed(0), perSync, memory.toFixed(0), opening.toFixed(2)];
    console.log([size, perCoin, ...cells, ...tail].join(' | '));
  }
}

/** A process of its own for each measurement, so that its memory is that of one mint's; on a copy, so that each begins alike. */
function inProcess({ path }: { path: string }): Measured {
  const used = `${path}.copy`;
  copyFileSync(path, used);
  const descriptor = openSync(used, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
  const args = [fileURLToPath(import.meta.url), '--measure', used, '--seconds', String(seconds)];
  if (values.second) args.push('--second');
  const measured = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Measured;
  for (const each of [used, `${used}-wal`, `${used}.second`]) rmSync(each, { recursive: true, force: true });
  return measured;
}

/** Books with this many coins spent. Returns the bytes that the coins take. */
async function fill(path: string, size: number): Promise<number> {
  const store = must(openSqliteMintStore(path));
  await store.record(step(NOTHING, { authorised: 1e15, opens: KEYS }));
  const limits = { publicKey: 'c'.repeat(64), limitPerOperation: amount(1e15), limitPerDay: amount(1e15) };
  const each = amount(1e12);
  const funding = {
    amount: each * KEYS.length,
    cashier: limits.publicKey,
    currency: sha256('currency'),
    expires: writeDate(NOW + DAY),
    transaction_reference: 'aa',
    type: 'funding',
  } as const;
  await store.fund(funding, limits, NOW);
  const moves = KEYS.map((keyId) => ({ keyId, issued: each, redeemed: ZERO }));
  await store.commit({ ...intentOf(0), kind: 'mint', reference: 'aa', moves }, NOW);
  await store.close();
  const empty = statSync(path).size;
  const database = openDatabase(path, SCHEMA);
  if (database instanceof Refusal) throw new Error(database.details);
  const spent = new SpentCoins(mintStatements(database));
  for (let done = 0; done < size; done += TOGETHER) {
    database.exec('BEGIN');
    for (let coin = done; coin < Math.min(size, done + TOGETHER); coin++)
      spent.add(1 + (coin % KEYS.length), randomBytes(COIN_BYTES).toString('hex'));
    spent.write();
    database.exec('COMMIT');
    spent.committed();
  }
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  return statSync(path).size - empty;
}

async function measure(path: string): Promise<Measured> {
  const options = values.second ? { second: `${path}.second` } : {};
  const start = performance.now();
  const store = must(await openLedgerThread(path, options));
  const opening = (performance.now() - start) / 1_000;
  const commits: number[] = [];
  const processor: number[] = [];
  for (const coins of COINS_EACH) {
    await commitFor(store, seconds * WARM_UP, coins);
    const before = process.cpuUsage();
    const rate = await commitFor(store, seconds, coins);
    const { user, system } = process.cpuUsage(before);
    commits.push(rate);
    processor.push((user + system) / (rate * seconds));
  }
  const memory = process.resourceUsage().maxRSS / 1_024;
  await store.close();
  return { commits, processor, memory, opening, syncs: syncsPerSecond(`${path}.syncs`) };
}

/** Commits a second, with many in flight for so many seconds. */
async function commitFor(store: MintStore, duration: number, coins: number): Promise<number> {
  const start = performance.now();
  let count = 0;
  const commitOn = async () => {
    while (performance.now() - start < duration * 1_000) {
      const { kind } = await store.commit(intentOf(coins), NOW);
      if (kind !== 'committed') throw new Error(kind);
      count++;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, commitOn));
  return (count * 1_000) / (performance.now() - start);
}

/** A renewal of coins of one mint key for as many fresh ones. */
function intentOf(coins: number): Intent {
  const keyId = KEYS[Math.floor(Math.random() * KEYS.length)] ?? '';
  const each = amount(coins);
  return {
    kind: 'renew',
    reference: randomBytes(32).toString('hex'),
    blinds: Array.from({ length: coins }, (_, index) => ({ keyId, reference: String(index), blind: BLIND })),
    spends: Array.from({ length: coins }, () => ({ keyId, coinId: randomBytes(32).toString('hex') })),
    payee: '',
    moves: coins === 0 ? [] : [{ keyId, issued: each, redeemed: each }],
    expires: NOW + 90 * DAY,
    lapses: NOW + 30 * DAY,
  };
}

/** What the disk can do: a page written and synced, one after the other. */
function syncsPerSecond(path: string): number {
  const descriptor = openSync(path, 'w');
  const page = Buffer.alloc(4_096, 1);
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < 1_000; count++) {
    writeSync(descriptor, page);
    fdatasyncSync(descriptor);
  }
  closeSync(descriptor);
  rmSync(path);
  return count;
}

function must(store: MintStore | Refusal): MintStore {
  if (store instanceof Refusal) throw new Error(store.details);
  return store;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
