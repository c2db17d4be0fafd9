/** Reads a journal page by page, however it is asked for. */
import { Refusal } from '../../base/refusal.ts';
import type { SignedEntry } from '../../protocol/journal.ts';

/** Asks for entries from a number on; none when there are no more. */
export type AskPage = (from: number) => Promise<readonly SignedEntry[] | Refusal>;

/** The entries from number `from` on, before number `until`. A refusal is the last thing that it gives. */
export async function* journalPages(
  askPage: AskPage,
  from = 0,
  until = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly SignedEntry[] | Refusal, undefined> {
  for (let next = from; next < until;) {
    const entries = await askPage(next);
    if (entries instanceof Refusal) {
      yield entries;
      return;
    }
    const page = entries.slice(0, until - next);
    // A journal that is shorter than was said is for the reader to find out.
    if (page.length === 0) return;
    next += page.length;
    yield page;
  }
}
