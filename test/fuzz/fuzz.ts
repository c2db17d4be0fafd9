/**
 * `npm run fuzz -- [--seed N] [--count N] [--seconds N] [--target name]`, or FUZZ_SEED, FUZZ_COUNT, FUZZ_SECONDS and
 * FUZZ_TARGET. Throws mutated messages at each target; exits with 1 when one crashes it. A target is meant by its name or its
 * first word: `codec`, `issuer`, `suite P256-BRANDS`.
 */
import { parseArgs } from 'node:util';
import { campaign } from './campaign.ts';
import { TARGETS, isMeant } from './targets.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { seed: text, count: text, seconds: text, target: text } });

function setting(name: 'seed' | 'count' | 'seconds', fallback: number): number {
  const given = values[name] ?? process.env[`FUZZ_${name.toUpperCase()}`];
  const value = given === undefined ? fallback : Number(given);
  if (Number.isNaN(value)) throw new Error(`--${name} must be a number`);
  return value;
}

const seed = setting('seed', Math.floor(Math.random() * 2 ** 31));
const count = setting('count', 1_000_000);
const seconds = setting('seconds', Infinity);
const only = values.target ?? process.env['FUZZ_TARGET'];

for (const [name, { open }] of Object.entries(TARGETS)) {
  if (!isMeant(name, only)) continue;
  const target = await open();
  const start = performance.now();
  const until = start + seconds * 1000;
  const { messages, statuses, crash } = await campaign(target.answer, target.messages(seed), count, until);
  await target.close();
  const took = ((performance.now() - start) / 1000).toFixed(1);
  const answers = [...statuses]
    .sort(([left], [right]) => left - right)
    .map(([status, times]) => `${status}: ${times}`);
  console.log(`${name}: ${messages} messages in ${took} s, seed ${seed}; ${answers.join(', ')}`);
  if (crash === undefined) continue;
  console.error(`crash on message ${messages} of seed ${seed}: ${crash.reason}`);
  console.error(`the message in base64: ${Buffer.from(crash.message).toString('base64')}`);
  process.exitCode = 1;
}
