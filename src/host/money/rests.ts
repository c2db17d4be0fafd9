/** What upkeep leaves alone for a while: currencies of one member whose issuers did not answer, and what is not due again. */
import type { Instant } from '../../base/dates.ts';
import type { Clock } from '../../base/ports.ts';
import { Refusal } from '../../base/refusal.ts';
import { HOST_TIMES } from '../limits.ts';

interface Rest {
  readonly length: number;
  readonly until: Instant;
}

/** Only upkeep asks it: what a person wants is always tried. */
export class Rests {
  readonly #clock: Clock;
  readonly #rests = new Map<string, Rest>();
  readonly #done = new Map<string, Instant>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a currency is not to be asked for now. */
  isResting(currency: string): boolean {
    return this.#clock() < (this.#rests.get(currency)?.until ?? 0);
  }

  /** What came of asking: each time in a row that nobody answered doubles the rest. */
  met(currency: string, outcome: unknown): void {
    if (!(outcome instanceof Refusal && outcome.name === 'unreachable')) {
      this.#rests.delete(currency);
      return;
    }
    const before = this.#rests.get(currency)?.length ?? HOST_TIMES.upkeep / 2;
    const length = Math.min(2 * before, HOST_TIMES.rest);
    this.#rests.set(currency, { length, until: this.#clock() + length });
  }

  /** Whether what is done every so many milliseconds is due; it counts as done now. */
  isDue(name: string, every: number): boolean {
    const now = this.#clock();
    const before = this.#done.get(name);
    if (before !== undefined && now - before < every) return false;
    this.#done.set(name, now);
    return true;
  }
}
