/**
 * `npm run bench [-- --only raw,suites,suite-renewals,renewals,fronts,frames,redemptions,double-spend,latency,host,titles] [--batches 1,8] [--rounds 3]
 * [--coins N] [--double-spend 0,1000000,10000000]`: what this machine can do, and what box, bank, fronts, a wallet host and a
 * title server make of it, in one run. Speed is a ratio to the machine's own limit, measured before and after every measurement of ours.
 */
import { execFileSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureHost } from './host.ts';
import { measureLatency } from './latency.ts';
import { memoryOf } from './processor.ts';
import { rawSyncs } from './raw.ts';
import { measureSuiteRenewals } from './suite-renewals.ts';
import { measureSuites } from './suites.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';
import { spread } from './table.ts';
import { measureThroughput } from './throughput.ts';
import type { Kind } from './throughput.ts';
import { measureTitles } from './titles.ts';

const BATCHES = '1,2,4,8,16,32,64';
const REDEEMED_BATCHES = [1, 8, 64];
const FRONTS = [1, 2, 4];
const RAW_SECONDS = 1;
const MEASURED_SECONDS = 1.2;
/** Every batch divides it. */
const COINS_STEP = 64;
const LATENCY_ROUNDS = 400;
/** MiB that the box should never need more of. */
const MEMORY_GOAL = 512;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    batches: { type: 'string', default: BATCHES },
    rounds: { type: 'string', default: '3' },
    coins: { type: 'string' },
    'double-spend': { type: 'string', default: '0,1000000,10000000' },
  },
});
const batches = values.batches.split(',').map(Number);
const rounds = Number(values.rounds);

const throughput = (kinds: readonly Kind[]) => async (stage: Stage) =>
  measureThroughput(stage, { kinds, rounds, coins: await coinsFor(stage) });
const renewals = (fronts: readonly number[]): Kind[] =>
  fronts.flatMap((count) => batches.map((batch) => ({ work: 'renew', fronts: count, batch })));

/** The parts of the bench, in their order. */
const PARTS: Readonly<Record<string, { title: string; run: (stage: Stage) => unknown }>> = {
  raw: { title: 'Raw: what the machine does by itself', run: measureRaw },
  suites: {
    title: 'Every suite on one core, step by step',
    run: () => measureSuites(rounds),
  },
  'suite-renewals': {
    title: 'Renewals of 8 coins for 8 over HTTP, one front, a currency of each suite',
    run: () => measureSuiteRenewals(rounds),
  },
  renewals: {
    title: 'Renewals of n coins for n over HTTP, durable, one front (goal: 0.9 of raw from 8 coins on)',
    run: throughput(renewals(FRONTS.slice(0, 1))),
  },
  fronts: { title: 'The same with several fronts', run: throughput(renewals(FRONTS.slice(1))) },
  frames: { title: 'The same over frames, without a front', run: throughput(renewals([0])) },
  redemptions: {
    title: 'Redemptions over HTTP, one front: of raw verifications',
    run: throughput(REDEEMED_BATCHES.map((batch) => ({ work: 'redeem', fronts: 1, batch }))),
  },
  'double-spend': { title: 'The ledger alone, remembering many spent coins', run: measureLedger },
  latency: {
    title: 'Latency over HTTP, idle issuer',
    run: (stage) => measureLatency(stage, LATENCY_ROUNDS),
  },
  host: {
    title: 'A wallet host with 50 people (goals: pages in a median of 50 ms, 50 KB of script)',
    run: measureHost,
  },
  titles: {
    title: 'A title server: of raw Ed25519 verifications (goals: 0.7 in process, 4.0 bytes a title)',
    run: (stage) => measureTitles(stage, rounds),
  },
};

const only = values.only?.split(',') ?? Object.keys(PARTS);
const unknown = only.find((name) => !Object.hasOwn(PARTS, name));
if (unknown === undefined) await runAll();
else {
  console.error(`there is no part ${unknown}; the parts are ${Object.keys(PARTS).join(', ')}`);
  process.exitCode = 2;
}

async function runAll(): Promise<void> {
  const start = performance.now();
  const stage = await openStage();
  console.log(
    `cores ${availableParallelism()}, node ${process.version}, OpenSSL ${process.versions.openssl}`,
  );
  for (const [name, { title, run }] of Object.entries(PARTS)) {
    if (!only.includes(name)) continue;
    console.log(`\n${title}; load average before ${loadavg()[0]?.toFixed(1) ?? ''}`);
    await run(stage);
    const { now, peak } = memoryOf(stage.boxPid);
    console.log(
      `the box holds ${now.toFixed(0)} MiB, at most ${peak.toFixed(0)} (goal under ${MEMORY_GOAL})`,
    );
  }
  await stage.close();
  console.log(`\n${((performance.now() - start) / 1_000).toFixed(0)} s in all`);
}

async function measureRaw({ raw, folder }: Stage): Promise<void> {
  const found = { sign: [] as number[], verify: [] as number[], sync: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    found.sign.push((await raw.measure('RSA power', RAW_SECONDS)).perSecond);
    found.verify.push((await raw.measure('RSA-PSS verification', RAW_SECONDS)).perSecond);
    found.sync.push(rawSyncs(folder, RAW_SECONDS));
  }
  console.log(`RSA-2048 private powers a second, all cores  ${spread(found.sign)}`);
  console.log(`RSA-2048 PSS verifications a second, all     ${spread(found.verify)}`);
  console.log(`syncs of 4 KiB a second, disk of the books   ${spread(found.sync)}`);
}

/** Coins of one measurement: as many as were said, or as take a little over a second if it were all signatures. */
async function coinsFor({ raw }: Stage): Promise<number> {
  if (values.coins !== undefined) return Number(values.coins);
  const { perSecond } = await raw.measure('RSA power', RAW_SECONDS);
  return Math.ceil((perSecond * MEASURED_SECONDS) / COINS_STEP) * COINS_STEP;
}

/** In processes of its own: what it prints of memory is of a ledger, not of the box. */
function measureLedger(): void {
  const program = fileURLToPath(new URL('./double-spend.ts', import.meta.url));
  const args = ['--coins', values['double-spend'], '--rounds', '2', '--seconds', '2'];
  execFileSync(process.execPath, [program, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
}
