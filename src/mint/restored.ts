/** The journal's word that a currency's books were brought back from a backup, written before anything else happens. */
import { canonicalBytes } from '../base/canonical.ts';
import { writeDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { applyEntry } from './charter/apply.ts';
import type { Charter } from './charter/charter.ts';
import { checkEntry } from './charter/check.ts';
import type { Books, JournalStep, KeyMaker, MintStore, Vault, VerifySignature } from './ports.ts';
import { prepare } from './scribe.ts';
import { STATEMENT, unseal } from './secrets.ts';

export interface RestoredParts {
  readonly store: MintStore;
  readonly vault: Vault;
  readonly attest: KeyMaker['attest'];
  readonly verify: VerifySignature;
}

/** Entries read at once when the journal is folded. */
const PAGE = 256;

/** What the books hold, and what their journal adds up to. Refuses books that are no founded currency's, or not whole. */
export async function readRestored({
  store,
  verify,
}: Pick<RestoredParts, 'store' | 'verify'>): Promise<
  { readonly books: Books; readonly charter: Charter } | Refusal
> {
  const books = await store.load();
  if (books === undefined) return refuse('malformed', 'the backup holds no currency');
  const { head, authorised } = books.counters;
  let charter: Charter | undefined;
  for (let from = 0; from < head.entries; from = charter?.head.entries ?? 0) {
    const page = await store.journal(from, PAGE);
    for (const signed of page) {
      // Whoever knows a recipient can make a backup: that the master key certified the statement key is not forged.
      const fault = charter === undefined ? checkEntry(undefined, signed, { verify }) : undefined;
      if (fault !== undefined) return refuse('malformed', `the backup's journal is not genuine: ${fault}`);
      charter = applyEntry(charter, signed.entry);
    }
    if (page.length === 0) break;
  }
  if (charter?.head.hash !== head.hash || charter.authorised !== authorised)
    return refuse('malformed', 'the backup’s journal does not lead to where its books stand');
  return { books, charter };
}

/**
 * Writes the entry 'restored'. Where it is not complete, every mint key there is retires with it and issues nothing any
 * more, not even what was asked for before. Refuses when the clock is behind the books, when the vault does not open
 * them, and when the statement key is not the one that the journal names.
 */
export async function markRestored(
  parts: RestoredParts,
  complete: boolean,
  now: Instant,
): Promise<Charter | Refusal> {
  const read = await readRestored(parts);
  if (read instanceof Refusal) return read;
  const { books, charter } = read;
  const latest = Math.max(books.latest, charter.time);
  if (now < latest) {
    return refuse(
      'not possible',
      `the clock says ${writeDate(now)}, the books were written at ${writeDate(latest)}; set the clock right, then try again`,
    );
  }
  const secret = statementSecret(parts.vault, charter, books);
  if (secret instanceof Refusal) return secret;
  const sign = (bytes: Uint8Array) => parts.attest(secret, bytes);
  const { step, next } = prepare(charter, { events: [{ type: 'restored', complete }] }, now, sign);
  if (!isSigned(step, charter, parts.verify))
    return refuse('malformed', 'the backup’s statement key is not the one that its journal names');
  const stops = complete ? [] : [...charter.keys.keys()];
  const { kind } = await parts.store.record({ ...step, stops });
  if (kind !== 'recorded') throw new Error('nobody else writes to books that are being restored');
  return next;
}

function statementSecret(vault: Vault, charter: Charter, { secrets }: Books): Uint8Array | Refusal {
  try {
    return unseal(vault, charter.issuerId, secrets, STATEMENT);
  } catch {
    // Whether a data key is that of some books is not known before it is tried.
    return refuse('malformed', 'the data key in the backup does not open the books in it');
  }
}

function isSigned({ entries }: JournalStep, charter: Charter, verify: VerifySignature): boolean {
  const { public_key: key } = charter.statementKey.statement_key;
  return entries.every(({ entry, signature }) => verify(key, canonicalBytes(entry), signature));
}
