/** What a passkey has to sign: made here, given once, good for a few minutes. */
import type { Clock } from '../../base/ports.ts';

/** Milliseconds in which a passkey has to be shown. */
const LIVES = 5 * 60_000;
const MOST = 10_000;

export type Ceremony = 'register' | 'signin' | 'second';

export class Challenges {
  readonly #clock: Clock;
  readonly #given = new Map<string, { readonly at: number; readonly whose: string }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Remembers a challenge; the oldest are forgotten first. */
  give(challenge: string, ceremony: Ceremony, browser: string): void {
    const now = this.#clock();
    for (const [old, { at }] of this.#given) {
      if (now - at < LIVES && this.#given.size < MOST) break;
      this.#given.delete(old);
    }
    this.#given.set(challenge, { at: now, whose: `${ceremony} ${browser}` });
  }

  /** Whether it was given to this browser for this, not long ago, and is here for the first time. */
  take(challenge: string, ceremony: Ceremony, browser: string): boolean {
    const given = this.#given.get(challenge);
    this.#given.delete(challenge);
    return given?.whose === `${ceremony} ${browser}` && this.#clock() - given.at < LIVES;
  }
}
