/**
 * `npm run torture -- [--only issuer|host] [--seed N] [--kills N] [--wallets N] [--people N]`: see torture.ts and
 * host/torture.ts; one after the other. Prints what happened; exits with 1 when a unit is missing or too many.
 */
import { parseArgs } from 'node:util';
import type { BankBooks, BoxBooks, Purses } from './books.ts';
import { hostTorture } from './host/torture.ts';
import type { Kills } from './killer.ts';
import { torture } from './torture.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { seed: text, kills: text, wallets: text, people: text, only: text },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));

const RUNS: Readonly<Record<string, () => Promise<Came>>> = { issuer: underWallets, host: underPeople };

const only = values.only?.split(',') ?? Object.keys(RUNS);
for (const name of only) {
  const run = RUNS[name];
  if (run === undefined) throw new Error(`there is no ${name}; there are ${Object.keys(RUNS).join(', ')}`);
  console.log(`${name}, seed ${seed}`);
  print(await run());
}

/** What a run came to. */
interface Came {
  readonly kills: Kills;
  readonly begun: ReadonlyMap<string, number>;
  readonly refused: ReadonlyMap<string, number>;
  readonly box: BoxBooks;
  readonly bank: BankBooks;
  readonly purses: Purses;
  readonly faults: readonly string[];
  /** What is said beside it. */
  readonly more: readonly (readonly [string, string | number])[];
  readonly seconds: number;
}

async function underWallets(): Promise<Came> {
  const start = performance.now();
  const report = await torture({
    seed,
    kills: Number(values.kills ?? 1_000),
    wallets: Number(values.wallets ?? 40),
    liveWithin: 16,
    restWithin: 4_000,
  });
  return { ...report, more: [], seconds: (performance.now() - start) / 1_000 };
}

async function underPeople(): Promise<Came> {
  const start = performance.now();
  const report = await hostTorture({
    seed,
    kills: Number(values.kills ?? 1_000),
    people: Number(values.people ?? 50),
    hurries: 0,
    liveWithin: 16,
    restWithin: 4_000,
  });
  const { seen, letters } = report;
  const more = [
    ['with a payment on its way', report.kills.during.payment],
    ['what people see', `${seen.inPurses} + ${seen.links} in links + ${seen.inboxes} in inboxes`],
    ['letters', `${letters.inbox} came, ${letters.sent} were sent`],
  ] as const;
  return { ...report, more, seconds: (performance.now() - start) / 1_000 };
}

function print({ kills, begun, refused, box, bank, purses, faults, more, seconds }: Came): void {
  const bought = sum(purses.bought.values());
  const { authorised, float, treasury } = box.counters;
  const lines: readonly (readonly [string, string | number])[] = [
    ['took', `${seconds.toFixed(0)} s`],
    ['kills', `${sum(kills.byProgram.values())}: ${list(kills.byProgram)}`],
    ['with a receipt on its way', kills.during.receipt],
    ['operations begun', `${sum(begun.values())}: ${list(begun)}`],
    ['refusals on the way', list(refused)],
    ...more,
    ['bought less redeemed', `${bought} - ${purses.redeemed} = ${bought - purses.redeemed}`],
    [
      'in wallets and stacks',
      `${purses.inWallets} + ${purses.inStacks} = ${purses.inWallets + purses.inStacks}`,
    ],
    ['float', float],
    ['coins in the bank’s books', bank.balances.get('coins') ?? 0],
    ['treasury + float', treasury + float],
    ['authorised', authorised],
    ['receipts, and credited', `${box.receipts.length}, ${bank.credited.length}`],
    ['in accounts at the bank', sum(purses.accounts.values())],
  ];
  for (const [name, value] of lines) console.log(`${name.padEnd(28)}${value}`);
  for (const fault of new Set(faults)) console.error(`FAULT ${fault}`);
  console.log(faults.length === 0 ? 'every unit is accounted for' : `${faults.length} faults`);
  if (faults.length > 0) process.exitCode = 1;
}

function sum(amounts: Iterable<number>): number {
  return [...amounts].reduce((left, right) => left + right, 0);
}

function list(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
}
