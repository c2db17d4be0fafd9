/** The leaves of a group, as they follow from what it holds. */
import type { Holding, Transfer } from '../documents/documents.ts';

/** What the log says of a transfer beside itself. */
export interface Course {
  readonly hash: Uint8Array;
  /** Of the titles out of the pool. */
  readonly serials: readonly number[];
  /** After it: of the inputs, then of the change. */
  readonly sequences: readonly number[];
  /** Of the inputs. */
  readonly denominations: readonly number[];
}

/** Who holds what after a transfer: its inputs first, then its change. */
export function holdingsOf(transfer: Transfer, course: Course): readonly Holding[] {
  const { inputs, change, title_class } = transfer;
  const { serials, sequences, denominations } = course;
  const holdings: Holding[] = [];
  for (const [at, { serial, to }] of inputs.entries())
    holdings.push(holding(serial, denominations[at], sequences[at], to));
  for (const [at, { denomination, to }] of change.entries())
    holdings.push(holding(serials[at], denomination, sequences[inputs.length + at], to));
  return holdings;

  function holding(
    serial: number | undefined,
    denomination: number | undefined,
    sequence: number | undefined,
    { holder, condition }: Transfer['change'][number]['to'],
  ): Holding {
    if (serial === undefined || denomination === undefined || sequence === undefined)
      throw new Error('every title has serial, denomination and sequence');
    return { title_class, serial, denomination, sequence, holder, condition, transfer: course.hash };
  }
}
