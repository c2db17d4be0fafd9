import { assertConserved } from '../../mint/counters.ts';
import type { Books } from '../../mint/ports.ts';
import { hashOf } from '../../protocol/ids.ts';
import type { Shelf, Span } from './shelf.ts';

/** How many of the journal's last entries are checked when the books are opened; the mint itself folds all of them. */
const ENTRIES = 64;

/** What the books hold; undefined where nothing was founded. Throws when they contradict themselves. */
export function load(shelf: Shelf): Books | undefined {
  assertConserved(shelf.counters);
  checkJournal(shelf);
  checkNumbers(shelf.receiptSpan(), shelf.lastReceipt, 'receipts');
  checkNumbers(shelf.doublePaymentSpan(), shelf.lastDoublePayment, 'double payments');
  const { counters, latest } = shelf;
  return counters.head.entries === 0 ? undefined : { counters, secrets: shelf.secrets(), latest };
}

function checkJournal(shelf: Shelf): void {
  const { entries, hash } = shelf.counters.head;
  const from = Math.max(0, entries - ENTRIES);
  // One more is asked for than there may be.
  const last = shelf.journal(from, ENTRIES + 1);
  if (last.length !== entries - from) throw new Error('the journal is longer or shorter than the books say');
  for (const [index, { entry }] of last.entries()) {
    const next = last[index + 1];
    const expected = next === undefined ? hash : next.entry.previous;
    if (entry.number !== from + index || hashOf(entry) !== expected)
      throw new Error(`the journal's chain breaks at entry ${from + index}`);
  }
}

/** Numbered from 1 without a gap, to the last that the ledger knows of. */
function checkNumbers({ count, first, last }: Span, known: number, what: string): void {
  const isWhole = count === known && last === known && (count === 0 || first === 1);
  if (!isWhole) throw new Error(`${what} are missing in the books`);
}
