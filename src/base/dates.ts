/** A point in time: whole milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** ISO 8601 to the second or finer; no zone means UTC, a trailing Z is read too (spec/protocol.md, Dates). */
export const DATE_PATTERN = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,6})?Z?$';

const dateExpression = new RegExp(DATE_PATTERN);

/** Reads a date; undefined when it is no date of the calendar. Microseconds are cut to milliseconds. */
export function readDate(text: string): Instant | undefined {
  if (!dateExpression.test(text)) return undefined;
  const fraction = text.slice(20).replace('Z', '');
  const instant = Date.parse(`${text.slice(0, 19)}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
  // Date.parse rolls 30 February, and 24 o'clock, over to another day.
  const sameDay = new Date(instant).getUTCDate() === Number(text.slice(8, 10));
  return sameDay ? instant : undefined;
}

/** Writes a date as the protocol does: UTC, without a zone, to the millisecond. Throws outside of years 0 to 9999. */
export function writeDate(instant: Instant): string {
  const text = new Date(instant).toISOString();
  if (text.length !== 24) throw new RangeError('not a date of the protocol: years 0 to 9999 only');
  return text.slice(0, -1);
}
