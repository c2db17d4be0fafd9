/** Follows a journal: every entry is checked before it counts. */
import { Refusal } from '../../base/refusal.ts';
import { applyEntry } from '../../mint/charter/apply.ts';
import type { Charter } from '../../mint/charter/charter.ts';
import { checkEntry } from '../../mint/charter/check.ts';
import type { VerifySignature } from '../../mint/ports.ts';
import type { SignedEntry } from '../../protocol/journal.ts';

/** Told of every entry that was accepted: the charter before it, which the founding has not, and after it. */
export type Follower = (before: Charter | undefined, signed: SignedEntry, after: Charter) => void;

export interface Followed {
  /** What the journal adds up to, as far as it could be followed. */
  readonly charter: Charter | undefined;
  /** Why it could not be followed further, with the entry's number; undefined when it is right to its end. */
  readonly fault: string | undefined;
  /** Whether every entry was accepted: a fault may be what is lacking at the end. */
  readonly isWhole: boolean;
}

/** Follows a journal to its end or its first fault. A refusal is one to ask again. */
export async function follow(
  journal: AsyncIterable<readonly SignedEntry[] | Refusal>,
  verify: VerifySignature,
  follower: Follower = () => undefined,
): Promise<Followed | Refusal> {
  let charter: Charter | undefined;
  for await (const page of journal) {
    if (page instanceof Refusal) return page;
    for (const signed of page) {
      const fault = checkEntry(charter, signed, { verify });
      if (fault !== undefined) {
        return { charter, fault: `entry ${charter?.head.entries ?? 0}: ${fault}`, isWhole: false };
      }
      const after = applyEntry(charter, signed.entry);
      follower(charter, signed, after);
      charter = after;
    }
  }
  return { charter, fault: faultAtEnd(charter), isWhole: true };
}

function faultAtEnd(charter: Charter | undefined): string | undefined {
  if (charter === undefined) return 'it has no entries';
  const [due] = charter.due;
  return due === undefined ? undefined : `it ends with an order that was not carried out: “${due.type}”`;
}
