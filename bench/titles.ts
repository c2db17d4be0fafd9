/** A title server: transfers a second as a share of raw verifications, in process and as people run it, small and large. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawCores } from './raw.ts';
import type { Stage } from './stage.ts';
import { median, printTable } from './table.ts';
import { bytesOf, printBytes } from './titles-bytes.ts';
import { startInside } from './titles-inside.ts';
import type { TransferKind } from './titles-people.ts';
import { serveTitles } from './titles-served.ts';
import type { ServedTitles } from './titles-served.ts';

/** Transfers of one measurement. */
const COUNT = 12_000;
/** Transfers before the first one that counts: for some seconds Node compiles at the same time what is measured. */
const WARM_UP = 24_000;
const FEW = 1_000_000;
const MANY = 100_000_000;
const GOAL_RATIO = 0.7;
const RAW_SECONDS = 1;

interface Measured {
  /** Transfers a second. */
  readonly rate: number;
  readonly ratio: number;
  /** Microseconds of processor: of a raw verification, and of a transfer by who used them. */
  readonly raw: number;
  readonly used: readonly number[];
}

/** Runs everything, and takes away what it wrote. */
export async function measureTitles({ raw, load }: Stage, rounds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'specie-titles-'));
  try {
    for (const titles of [FEW, MANY]) {
      console.log(`${titles} titles`);
      await measureInside(raw, { folder: join(folder, `inside-${titles}`), titles, rounds });
      await measureServed({ raw, load }, { folder: join(folder, `served-${titles}`), titles, rounds });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Plan {
  readonly folder: string;
  readonly titles: number;
  readonly rounds: number;
}

/** The server's parts in one process, on this disk: main thread and lanes. */
async function measureInside(raw: RawCores, { folder, titles, rounds }: Plan): Promise<void> {
  const inside = startInside(folder, titles);
  const rows: string[][] = [];
  let each = 0;
  for (const kind of ['transfer', 'split'] as const) {
    await inside.prepare(kind, WARM_UP);
    await inside.run();
    const found: Measured[] = [];
    for (let round = 0; round < rounds; round++) {
      await inside.prepare(kind, COUNT);
      const before = bytesOf(folder).groups;
      const run = await against(raw, () => inside.run());
      if (kind === 'transfer') each = (bytesOf(folder).groups - before) / COUNT;
      const { seconds, main, others } = run.made;
      found.push(measured(COUNT / seconds, run.raw, [main, others]));
    }
    rows.push(row(`${NAMES[kind]}, in process`, found));
    if (kind === 'transfer') sayGoal(found);
  }
  printTable([...HEADS, 'main', 'other threads'], rows);
  await inside.close();
  printBytes(bytesOf(folder), { titles, each });
  rmSync(folder, { recursive: true });
}

const NAMES: Readonly<Record<TransferKind, string>> = {
  transfer: 'one title',
  split: 'one for two of change',
};
const HEADS = ['transfers of', 'a second', 'of raw', 'by processor', 'µs: raw'];

/** Box and front as people start them, under load from another process. */
async function measureServed(
  { raw, load }: Pick<Stage, 'raw' | 'load'>,
  { folder, titles, rounds }: Plan,
): Promise<void> {
  const served = await serveTitles(folder, titles);
  const rows: string[][] = [];
  for (const way of ['udp', 'http'] as const) {
    const found: Measured[] = [];
    for (let round = 0; round <= rounds; round++) {
      const job = await served.job(way, round === 0 ? WARM_UP : COUNT);
      const used = served.processor();
      const { made, raw: bare } = await against(raw, () => load.run(job));
      const each = [...served.processor().map((now, at) => now - (used[at] ?? 0)), made.processor];
      served.mustBeDone(way, made.answers);
      const count = job.requests.length;
      if (round > 0)
        found.push(
          measured(
            count / made.seconds,
            bare,
            each.map((all) => (all * 1e6) / count),
          ),
        );
    }
    rows.push(row(`one title, ${WAYS[way]}`, found));
  }
  printTable([...HEADS, 'box main', 'box others', 'front', 'load'], rows);
  await sayStart(served);
  await served.close();
  rmSync(folder, { recursive: true });
}

const WAYS = { udp: 'over UDP', http: 'over HTTP' } as const;

async function sayStart(served: ServedTitles): Promise<void> {
  const before = served.memory();
  const { ready, transfer, root } = await served.restart();
  const after = served.memory();
  const written = (seconds: number) => seconds.toFixed(2);
  console.log(
    `from its start ${written(ready)} s until it serves, ${written(transfer)} until a transfer is answered, ` +
      `${written(root)} until a root is; its box held ${before.toFixed(0)} MiB under load, now ${after.toFixed(0)}`,
  );
}

/** Something of ours between two raw measurements. */
async function against<Made>(raw: RawCores, act: () => Promise<Made>) {
  const before = await raw.measure('Ed25519 verification', RAW_SECONDS);
  const made = await act();
  const after = await raw.measure('Ed25519 verification', RAW_SECONDS);
  return {
    made,
    raw: {
      perSecond: (before.perSecond + after.perSecond) / 2,
      processor: (before.processor + after.processor) / 2,
    },
  };
}

function measured(
  rate: number,
  raw: { readonly perSecond: number; readonly processor: number },
  used: readonly number[],
): Measured {
  return { rate, ratio: rate / raw.perSecond, raw: raw.processor, used };
}

/** What the processors' time would allow: others may use this machine too. */
function byProcessor({ raw, used }: Measured): number {
  return raw / used.reduce((sum, each) => sum + each, 0);
}

function row(name: string, found: readonly Measured[]): string[] {
  const middle = (of: (each: Measured) => number) => median(found.map(of));
  const threads = found[0]?.used.map((_, at) => middle(({ used }) => used[at] ?? 0)) ?? [];
  return [
    name,
    middle(({ rate }) => rate).toFixed(0),
    middle(({ ratio }) => ratio).toFixed(2),
    middle(byProcessor).toFixed(2),
    middle(({ raw }) => raw).toFixed(1),
    ...threads.map((each) => each.toFixed(1)),
  ];
}

/** Says whether the goal is reached: by what others left us of the processors, and by what we took of them. */
function sayGoal(found: readonly Measured[]): void {
  const ratio = median(found.map((each) => each.ratio));
  const owed = median(found.map(byProcessor));
  const raw = median(found.map((each) => each.rate / each.ratio));
  const isReached = Math.min(ratio, owed) >= GOAL_RATIO;
  console.log(`raw Ed25519 verifications a second, ${availableParallelism()} cores: ${raw.toFixed(0)}`);
  console.log(
    `in process ${ratio.toFixed(2)} of raw, by processor time ${owed.toFixed(2)}: ` +
      `${isReached ? 'reached' : 'NOT reached'} (goal ${GOAL_RATIO})`,
  );
}
