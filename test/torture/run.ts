/**
 * `npm run torture -- [--seed N] [--wallets N] [--operations N]`: see torture.ts. Prints what happened; exits with 1 when
 * a unit is missing or too many.
 */
import { parseArgs } from 'node:util';
import { torture } from './torture.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { seed: text, wallets: text, operations: text } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));

const start = performance.now();
const report = await torture({
  seed,
  wallets: Number(values.wallets ?? 200),
  operations: Number(values.operations ?? 12),
  killAfter: 300,
  killWithin: 1_500,
});

const list = (counts: ReadonlyMap<string, number>) =>
  [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
console.log(`seed ${seed}, ${((performance.now() - start) / 1_000).toFixed(0)} s`);
console.log(`kills of the issuer      ${report.kills}`);
console.log(`operations begun         ${list(report.begun)}`);
console.log(`refusals on the way      ${list(report.refused)}`);
console.log(
  `bought less redeemed     ${report.bought} - ${report.redeemed} = ${report.bought - report.redeemed}`,
);
console.log(
  `in wallets and stacks    ${report.inWallets} + ${report.inStacks} = ${report.inWallets + report.inStacks}`,
);
console.log(`float                    ${report.counters.float}`);
console.log(`treasury + float         ${report.counters.treasury + report.counters.float}`);
console.log(`authorised               ${report.counters.authorised}`);
for (const fault of new Set(report.faults)) console.error(`FAULT ${fault}`);
console.log(report.faults.length === 0 ? 'every unit is accounted for' : `${report.faults.length} faults`);
process.exitCode = report.faults.length === 0 ? 0 : 1;
