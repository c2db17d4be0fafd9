import type { Clock, Randomness } from '../../base/ports.ts';
import type { VerifySignature } from '../documents/proof.ts';
import type { Book } from './book.ts';
import type { ClassShelf } from './classes.ts';
import type { TitleMessenger } from './ports.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/** What every operation works with. */
export interface Context {
  readonly book: Book;
  readonly classes: ClassShelf;
  readonly pseudonyms: Pseudonyms;
  readonly messenger: TitleMessenger;
  /** URLs of servers that no datagram reaches from here. */
  readonly deaf: Set<string>;
  /** Servers that have titles for this wallet in more classes than it keeps of one. */
  readonly crowded: Set<string>;
  /** Milliseconds after which a log that is still being read is too long. */
  readonly logTime: number;
  readonly verify: VerifySignature;
  readonly clock: Clock;
  readonly randomness: Randomness;
}
