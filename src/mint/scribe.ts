/** Writes the journal: one step after the other, each signed, durable before anything acts on it. */
import { canonicalBytes } from '../base/canonical.ts';
import { writeDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { JournalEntry, JournalEvent, SignedEntry } from '../protocol/journal.ts';
import { applyEntry, authorisedBy } from './charter/apply.ts';
import type { Charter } from './charter/charter.ts';
import type { Head, JournalStep, MintStore, SealedSecret } from './ports.ts';

/** What is to be written: events in order, sealed secrets that belong to them, and the order that they carry out. */
export interface Draft {
  readonly events: readonly JournalEvent[];
  readonly secrets?: readonly SealedSecret[];
  readonly settles?: string;
}

/** Signs canonical bytes with the statement key. */
export type SignEntry = (bytes: Uint8Array) => string;

export interface ScribeParts {
  readonly store: MintStore;
  readonly clock: () => Instant;
  readonly sign: SignEntry;
  /** Called when the charter has changed, with the secrets that came with it, before the next step is drafted. */
  readonly changed: (charter: Charter, secrets: readonly SealedSecret[]) => Promise<void>;
}

export interface Scribe {
  /** What the journal adds up to now. */
  readonly charter: Charter;
  /** Drafts and writes one step. Drafts are made one at a time: each sees the charter that its step will follow. */
  write(draft: (charter: Charter, now: Instant) => Promise<Draft | Refusal>): Promise<Charter | Refusal>;
  /** Does work between two steps: while it lasts the journal stands where the charter says. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Opens the journal at the charter that its entries add up to. */
export function openScribe(parts: ScribeParts, start: Charter): Scribe {
  let charter = start;
  let turn: Promise<unknown> = Promise.resolve();
  // A step of which nobody could say whether it was recorded, or whose keys could not be loaded yet.
  let unsettled: Prepared | undefined;
  const adopt = async ({ step, next }: Prepared): Promise<void> => {
    charter = next;
    await parts.changed(next, step.secrets);
    unsettled = undefined;
  };
  const settle = async (): Promise<void> => {
    if (unsettled === undefined) return;
    const { head } = await parts.store.counters();
    if (head.hash === unsettled.next.head.hash) await adopt(unsettled);
    unsettled = undefined;
  };
  const writeStep: Scribe['write'] = async (draft) => {
    const now = Math.max(parts.clock(), charter.time);
    const drafted = await draft(charter, now);
    if (drafted instanceof Refusal) return drafted;
    if (drafted.events.length === 0) return charter;
    unsettled = prepare(charter, drafted, now, parts.sign);
    const refused = await recordSurely(parts.store, unsettled.step, unsettled.next.head);
    if (refused === undefined) await adopt(unsettled);
    unsettled = undefined;
    return refused ?? charter;
  };
  const inTurn: Scribe['inTurn'] = (work) => {
    const done = turn.then(settle).then(work);
    turn = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  };
  return {
    get charter() {
      return charter;
    },
    write: (draft) => inTurn(() => writeStep(draft)),
    inTurn,
  };
}

/** A step that may be recorded, and the charter that it leads to. */
interface Prepared {
  readonly step: JournalStep;
  readonly next: Charter;
}

/** The signed entries of a draft with all that takes effect with them, and the charter afterwards. Pure. */
export function prepare(charter: Charter | undefined, draft: Draft, now: Instant, sign: SignEntry): Prepared {
  const entries: SignedEntry[] = [];
  let authorised = 0;
  let next = charter;
  for (const event of draft.events) {
    authorised += authorisedBy(next, event);
    const entry = follow(next, event, now);
    entries.push({ entry, signature: sign(canonicalBytes(entry)), type: 'signed journal entry' });
    next = applyEntry(next, entry);
  }
  if (next === undefined) throw new Error('a step has an event');
  const step: JournalStep = {
    entries,
    authorised,
    secrets: draft.secrets ?? [],
    opens: draft.events.flatMap((each) => (each.type === 'mint key' ? [each.certificate.mint_key.id] : [])),
    closes: draft.events.flatMap((each) => (each.type === 'mint key expired' ? [each.totals] : [])),
    stops: draft.events.flatMap((each) =>
      each.type === 'mint key revoked' ? [each.certificate.revocation.mint_key_id] : [],
    ),
    dismisses: draft.events.flatMap(dismissed),
    settles: draft.settles ?? null,
    now,
  };
  return { step, next };
}

function follow(charter: Charter | undefined, event: JournalEvent, now: Instant): JournalEntry {
  const issuer_id = event.type === 'founded' ? event.cddc.cdd.id : charter?.issuerId;
  if (issuer_id === undefined) throw new Error('a journal begins with its founding');
  return {
    event,
    issuer_id,
    number: charter?.head.entries ?? 0,
    previous: charter?.head.hash ?? NO_ENTRY,
    time: writeDate(now),
    type: 'journal entry',
  };
}

/** The cashier whose limits an order has set to nothing. */
function dismissed(event: JournalEvent): readonly string[] {
  if (event.type !== 'ordered' || event.order.order.action.type !== 'cashier limits') return [];
  const { cashier, limit_per_day, limit_per_operation } = event.order.order.action.limits;
  return limit_per_day === 0 && limit_per_operation === 0 ? [cashier] : [];
}

/** The hash that stands before the first entry. */
export const NO_ENTRY = '0'.repeat(64);

/** Records a step. A store that rejects says neither yes nor no: its head tells which it was. */
async function recordSurely(store: MintStore, step: JournalStep, after: Head): Promise<Refusal | undefined> {
  try {
    const { kind } = await store.record(step);
    if (kind === 'recorded') return undefined;
    if (kind === 'treasury exhausted')
      return refuse('treasury exhausted', 'the treasury does not hold that much');
    throw new Error('the journal was written by somebody else');
  } catch (error) {
    const { head } = await store.counters();
    if (head.hash === after.hash) return undefined;
    throw error;
  }
}
