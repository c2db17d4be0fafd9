import type { Clock, Randomness } from '../base/ports.ts';
import type { Book } from './book.ts';
import type { Messenger, Pause, VerifyEd25519 } from './ports.ts';

/** What every operation works with. */
export interface Context {
  readonly book: Book;
  readonly messenger: Messenger;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly verifyEd25519: VerifyEd25519;
  readonly pause: Pause;
}
