/**
 * `npm run torture -- [--only issuer|host|titles] [--seed N] [--kills N] [--wallets N] [--people N] [--clients N] [--loss P]
 * [--suites NAME,NAME]`: see torture.ts, host/torture.ts and titles/torture.ts; one after the other. `--loss`: datagrams of a
 * hundred that are lost. Wallets are those of each currency. Prints what happened, with a line
 * for each suite; exits with 1 when a unit is missing or too many.
 */
import { parseArgs } from 'node:util';
import { suitesNamed } from './currencies.ts';
import { HOST_SUITES, hostTorture } from './host/torture.ts';
import type { Kills } from './killer.ts';
import { titleTorture } from './titles/torture.ts';
import { torture } from './torture.ts';
import type { CurrencyReport } from './torture.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    ...{ seed: text, kills: text, wallets: text, people: text, clients: text, loss: text },
    ...{ only: text, suites: text },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));

const RUNS: Readonly<Record<string, () => Promise<Came>>> = {
  issuer: underWallets,
  host: underPeople,
  titles: underTitles,
};

const only = values.only?.split(',') ?? Object.keys(RUNS);
for (const name of only) {
  const run = RUNS[name];
  if (run === undefined) throw new Error(`there is no ${name}; there are ${Object.keys(RUNS).join(', ')}`);
  console.log(`${name}, seed ${seed}`);
  const start = performance.now();
  print(await run(), (performance.now() - start) / 1_000);
}

/** What a run came to. */
interface Came {
  readonly kills: Kills;
  readonly begun: ReadonlyMap<string, number>;
  readonly refused: ReadonlyMap<string, number>;
  readonly currencies: readonly CurrencyReport[];
  readonly faults: readonly string[];
  /** What is said beside it. */
  readonly more?: readonly (readonly [string, string | number])[];
}

function underWallets(): Promise<Came> {
  return torture({
    seed,
    suites: suitesNamed(values.suites),
    kills: Number(values.kills ?? 1_000),
    meets: ['receipt'],
    wallets: Number(values.wallets ?? 7),
    liveWithin: 16,
    restWithin: 4_000,
  });
}

async function underPeople(): Promise<Came> {
  const report = await hostTorture({
    seed,
    suites: suitesNamed(values.suites ?? HOST_SUITES.join(',')),
    kills: Number(values.kills ?? 1_000),
    meets: ['payment'],
    people: Number(values.people ?? 50),
    hurries: 0,
    liveWithin: 16,
    restWithin: 4_000,
  });
  const { inbox, sent } = report.letters;
  return { ...report, more: [['letters', `${inbox} came, ${sent} were sent`]] };
}

async function underTitles(): Promise<Came> {
  const { counts, datagrams, ...report } = await titleTorture({
    seed,
    kills: Number(values.kills ?? 200),
    meets: ['transfer'],
    clients: Number(values.clients ?? 6),
    lost: Number(values.loss ?? 25) * 10,
    liveWithin: 24,
    restWithin: 60,
  });
  const more = [...counts, ['datagrams', list(new Map(Object.entries(datagrams)))] as const];
  return { ...report, currencies: [], more };
}

function print({ kills, begun, refused, currencies, faults, more = [] }: Came, seconds: number): void {
  const lines: readonly (readonly [string, string | number])[] = [
    ['took', `${seconds.toFixed(0)} s`],
    ['kills', `${sum(kills.byProgram.values())}: ${list(kills.byProgram)}`],
    ['with something on its way', list(new Map(Object.entries(kills.during)))],
    ['operations begun', `${sum(begun.values())}: ${list(begun)}`],
    ['refusals on the way', list(refused)],
    ...more,
    ...currencies.map((currency) => [currency.name, booksOf(currency)] as const),
  ];
  for (const [name, value] of lines) console.log(`${name.padEnd(28)}${value}`);
  for (const fault of new Set(faults)) console.error(`FAULT ${fault}`);
  console.log(faults.length === 0 ? 'every unit is accounted for' : `${faults.length} faults`);
  if (faults.length > 0) process.exitCode = 1;
}

/** Each two that are to be the same, side by side. */
function booksOf({ box, bank, purses, more }: CurrencyReport): string {
  const { authorised, float, treasury } = box.counters;
  const bought = sum(purses.bought.values());
  return [
    `float ${float} = ${bought} bought - ${purses.redeemed} redeemed`,
    `= ${purses.inWallets} in wallets + ${purses.inStacks} in stacks = ${bank.balances.get('coins') ?? 0} at the bank;`,
    `${authorised} authorised = ${treasury + float}; ${box.receipts.length} receipts, ${bank.credited.length} credited;`,
    list(more),
  ].join(' ');
}

function sum(amounts: Iterable<number>): number {
  return [...amounts].reduce((left, right) => left + right, 0);
}

function list(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
}
