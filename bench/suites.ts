/** Every suite on one core: what wallet and mint do for a coin, as operations a second and as shares of what lies underneath. */
import { hkdfSync, randomBytes } from 'node:crypto';
import { canonicalBytes } from '../src/base/canonical.ts';
import { LIMITS } from '../src/base/limits.ts';
import type { NativeKey } from '../src/signers/native.ts';
import { nativeNamed } from '../src/signers/natives.ts';
import { SUITES } from '../src/suites/index.ts';
import type { CipherSuite, CoinSecrets } from '../src/suites/index.ts';
import { certain } from '../test/support/certain.ts';
import { RAW_OPERATIONS, boundsOf } from './raw-operations.ts';
import { median, printTable } from './table.ts';

/** Seconds for which each operation is made, each time. */
const SECONDS = 0.2;
/** Different coins, so that nothing is measured that is remembered. */
const COINS = 16;

/** What is measured of a suite, in the order in which it happens to a coin. */
const STEPS = ['prepare', 'first round', 'sign', 'unblind', 'hand', 'check', 'mint verifies'] as const;
type Step = (typeof STEPS)[number];

/** One coin at every stage of its life. */
interface Life {
  readonly payload: Uint8Array;
  readonly secrets: CoinSecrets;
  readonly commitment?: string;
  readonly blind: string;
  readonly answer: string;
  readonly held: string;
  readonly handed: string;
  readonly shown: string;
}

const account = secretsFrom(randomBytes(32));

/** Measures every suite and prints a line for each step of each. */
export async function measureSuites(rounds: number): Promise<void> {
  const rows: string[][] = [];
  for (const suite of SUITES) rows.push(...(await measureSuite(suite, rounds)));
  printTable(['suite', 'step', 'a second', 'µs', 'of raw', 'raw: a second', 'which is'], rows);
}

async function measureSuite(suite: CipherSuite, rounds: number): Promise<string[][]> {
  const native = nativeNamed(suite.name);
  const made = await native.makeMintKey();
  const key = certain(suite.readKey(made.publicKey));
  const opened = native.open(made.publicKey, made.secret);
  const lives = Array.from({ length: COINS }, () => live(suite, key, opened));
  const operations = operationsOf(suite, key, opened);
  const bounds = boundsOf(suite.name);
  return STEPS.flatMap((step) => {
    const operate = operations[step];
    if (operate === undefined) return [];
    const bound = step === 'sign' || step === 'first round' ? bounds.sign : bounds.verify;
    const raw = RAW_OPERATIONS[bound]();
    const samples = Array.from({ length: rounds }, () => {
      const before = rate(raw);
      let at = 0;
      const own = rate(() => operate(lives[at++ % COINS] ?? live(suite, key, opened)));
      return { own, raw: (before + rate(raw)) / 2 };
    });
    const own = median(samples.map((each) => each.own));
    const ratio = median(samples.map((each) => each.own / each.raw));
    const underneath = median(samples.map((each) => each.raw));
    const name = step === 'prepare' ? suite.name : '';
    return [
      [name, step, own.toFixed(0), (1e6 / own).toFixed(1), ratio.toFixed(3), underneath.toFixed(0), bound],
    ];
  });
}

function operationsOf(
  suite: CipherSuite,
  key: unknown,
  opened: NativeKey,
): Partial<Record<Step, (life: Life) => unknown>> {
  const identity = suite.accounts?.identity(account);
  return {
    prepare: ({ payload, secrets, commitment }) =>
      suite.prepare(key, payload, secrets, commitment === undefined ? {} : { commitment, account }),
    ...(identity === undefined ? {} : { 'first round': () => opened.commit?.(identity) }),
    sign: ({ blind }) => opened.sign(blind),
    unblind: ({ payload, secrets, answer }) => suite.unblind(key, payload, answer, secrets, { account }),
    ...(suite.offline === undefined
      ? {}
      : { hand: ({ payload, held }: Life) => suite.hand(key, payload, held, PAYMENT) }),
    check: ({ payload, handed }) => suite.verify(key, payload, handed),
    'mint verifies': ({ payload, shown }) => opened.verify(payload, shown),
  };
}

const PAYMENT = { payee: '', time: 0, amount: 1 };

function live(suite: CipherSuite, key: unknown, opened: NativeKey): Life {
  const seed = randomBytes(32);
  const secrets = secretsFrom(seed);
  const serial = `f${seed.toString('hex').slice(0, LIMITS.serialDigits - 1)}`;
  const payload = canonicalBytes({ denomination: 1, serial, type: 'payload' });
  const commitment =
    suite.accounts === undefined ? undefined : opened.commit?.(suite.accounts.identity(account));
  const round = commitment === undefined ? {} : { commitment };
  const blind = suite.prepare(key, payload, secrets, { ...round, account });
  const answer = opened.sign(blind);
  const held = certain(suite.unblind(key, payload, answer, secrets, { account }));
  const handed = certain(suite.hand(key, payload, held, PAYMENT));
  const shown = suite.show(handed);
  if (!opened.verify(payload, shown)) throw new Error(`${suite.name}: the mint does not take its own coin`);
  return { payload, secrets, ...round, blind, answer, held, handed, shown };
}

function secretsFrom(seed: Uint8Array): CoinSecrets {
  return (label, length) => new Uint8Array(hkdfSync('sha256', seed, '', label, length));
}

/** How often a second it is done, on the core that this runs on. */
function rate(operate: () => unknown): number {
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < SECONDS * 1_000; count++) operate();
  return (count * 1_000) / (performance.now() - start);
}
