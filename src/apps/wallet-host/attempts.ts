/** How often things may be asked for: against guessing, flooding, and mail that nobody wants. */
import { createHmac, randomBytes } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What is counted: how many in how many seconds, and for whom. */
const TABLE = {
  /** Guesses at one member's password from one address. */
  'sign in by both': { points: 12, seconds: 15 * MINUTE },
  /** And from wherever they come: so many more that one guesser alone keeps nobody out. */
  'sign in by name': { points: 120, seconds: 15 * MINUTE },
  /** Guesses from one address, at whomever. */
  'sign in by address': { points: 120, seconds: 15 * MINUTE },
  'sign up': { points: 60, seconds: HOUR },
  recover: { points: 20, seconds: HOUR },
  passkey: { points: 120, seconds: 15 * MINUTE },
  /** Guesses at the password by somebody who is signed in, such as whoever found the browser open. */
  password: { points: 30, seconds: 15 * MINUTE },
  pay: { points: 120, seconds: MINUTE },
  /** E-mails by one member, from one address, to one mailbox, and of the whole host: it is no relay for who likes to pretend. */
  mail: { points: 50, seconds: DAY },
  'mail by address': { points: 100, seconds: DAY },
  'mail to': { points: 10, seconds: DAY },
  'mail of host': { points: 5_000, seconds: DAY },
  /** Each makes the host ask where a stranger says. */
  currency: { points: 60, seconds: HOUR },
  'take away': { points: 12, seconds: HOUR },
  look: { points: 120, seconds: MINUTE },
  'upload bytes': { points: 256 * 1_048_576, seconds: HOUR },
  api: { points: 1_200, seconds: MINUTE },
} as const;

export type Attempt = keyof typeof TABLE;

/** So many counters each kind has: what is counted by more names than that shares them, so memory is bounded. */
const COUNTERS = 16_384;

export interface Attempts {
  /** Counts one attempt, or `points` of them. The seconds to wait where that was too often; undefined where it was not. */
  count(kind: Attempt, whose: string, points?: number): Promise<number | undefined>;
  /** Takes one back that was none, such as a password that was right. */
  forgive(kind: Attempt, whose: string): Promise<void>;
}

/** Counters in memory: a restart forgets them. Nobody outside can tell which names share one. */
export function openAttempts(): Attempts {
  const key = randomBytes(32);
  const counterOf = (whose: string): number =>
    createHmac('sha256', key).update(whose).digest().readUInt32BE() % COUNTERS;
  const limiters = new Map(
    Object.entries(TABLE).map(([kind, { points, seconds }]) => [
      kind,
      new RateLimiterMemory({ points, duration: seconds }),
    ]),
  );
  const limiterOf = (kind: Attempt): RateLimiterMemory => {
    const limiter = limiters.get(kind);
    if (limiter === undefined) throw new Error(`nothing counts ${kind}`);
    return limiter;
  };
  return {
    count: async (kind, whose, points = 1) => {
      try {
        await limiterOf(kind).consume(counterOf(whose), points);
        return undefined;
      } catch (error) {
        // That is how the limiter says that it was too often.
        if (!(error instanceof RateLimiterRes)) throw error;
        return Math.max(1, Math.ceil(error.msBeforeNext / 1_000));
      }
    },
    forgive: async (kind, whose) => {
      await limiterOf(kind).reward(counterOf(whose), 1);
    },
  };
}
