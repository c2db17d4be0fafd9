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
  readonly verify: VerifySignature;
  readonly clock: Clock;
  readonly randomness: Randomness;
}
