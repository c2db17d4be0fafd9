/**
 * `npm run torture -- [--seed N] [--kills N] [--wallets N]`: see torture.ts. Prints what happened; exits with 1 when a
 * unit is missing or too many.
 */
import { parseArgs } from 'node:util';
import { torture } from './torture.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { seed: text, kills: text, wallets: text } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));

const start = performance.now();
const report = await torture({
  seed,
  kills: Number(values.kills ?? 1_000),
  wallets: Number(values.wallets ?? 40),
  liveWithin: 16,
  restWithin: 4_000,
});

const { kills, begun, refused, box, bank, purses, faults } = report;
const sum = (amounts: Iterable<number>) => [...amounts].reduce((left, right) => left + right, 0);
const list = (counts: ReadonlyMap<string, number>) =>
  [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
const bought = sum(purses.bought.values());
const { authorised, float, treasury } = box.counters;
const lines: readonly (readonly [string, string | number])[] = [
  [`seed ${seed}`, `${((performance.now() - start) / 1_000).toFixed(0)} s`],
  ['kills', `${sum(kills.byProgram.values())}: ${list(kills.byProgram)}`],
  ['with a receipt on its way', kills.betweenReceiptAndCredit],
  ['operations begun', `${sum(begun.values())}: ${list(begun)}`],
  ['refusals on the way', list(refused)],
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
process.exitCode = faults.length === 0 ? 0 : 1;
