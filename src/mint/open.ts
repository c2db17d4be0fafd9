/** Opens a mint on its books: the journal says what the currency is, the vault opens its keys. */
import type { Clock } from '../base/ports.ts';
import { writeDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import type { Refusal } from '../base/refusal.ts';
import { refuse } from '../base/refusal.ts';
import type { JournalEntry, SignedEntry } from '../protocol/journal.ts';
import { applyEntry } from './charter/apply.ts';
import type { Charter } from './charter/charter.ts';
import { openKeyring } from './keyring.ts';
import type { Keyring } from './keyring.ts';
import { answer } from './mint.ts';
import type { Desk, Mint, MintParts, OpenMint } from './mint.ts';
import type { Books, LoadedKey, MintStore, SealedSecret } from './ports.ts';
import { learnExposed } from './double-payments.ts';
import { countReserve } from './reserve.ts';
import { NO_ENTRY, openScribe } from './scribe.ts';
import { STATEMENT, mintKeySecret, unseal } from './secrets.ts';
import { tend } from './tend.ts';
import { Withdrawals } from './withdrawals.ts';

/** Entries read at once when the journal is folded. */
const PAGE = 256;

/** Opens the mint of the currency that was founded in this store. Refuses when its clock has gone back. */
export async function openMint(parts: MintParts): Promise<Mint | Refusal> {
  const books = await parts.store.load();
  if (books === undefined) throw new Error('no currency was founded in this store');
  const { charter, totalsAt } = await foldJournal(parts.store, books);
  const behind = clockGoneBack(parts.clock, Math.max(books.latest, charter.time));
  if (behind !== undefined) return behind;
  const mint = await assemble({ ...parts, clock: neverBack(parts.clock) }, { charter, totalsAt }, books);
  return {
    get charter() {
      return mint.scribe.charter;
    },
    get keyring() {
      return mint.desk.ring;
    },
    answer: (request) => answer(mint, request),
    counters: () => parts.store.counters(),
    tend: async () => {
      await tend(mint);
      await learnExposed(mint);
      await countReserve(mint);
    },
  };
}

/** What the whole journal adds up to, and when it last said the totals. Throws when it is not the one that the counters know. */
async function foldJournal(
  store: MintStore,
  { counters }: Books,
): Promise<{ readonly charter: Charter; readonly totalsAt: Instant }> {
  let charter: Charter | undefined;
  let totalsAt: Instant | undefined;
  for (let from = 0; from < counters.head.entries; from = charter?.head.entries ?? 0) {
    const page: readonly SignedEntry[] = await store.journal(from, PAGE);
    if (page.length === 0) throw new Error('the journal is shorter than its head says');
    for (const { entry } of page) {
      charter = applyEntry(charter, following(charter, entry));
      if (entry.event.type === 'totals') totalsAt = charter.time;
      totalsAt ??= charter.time;
    }
  }
  if (charter === undefined || totalsAt === undefined) throw new Error('a founded currency has a journal');
  if (charter.head.hash !== counters.head.hash) throw new Error('the journal does not lead to its head');
  if (charter.authorised !== counters.authorised)
    throw new Error('conservation: the journal authorises another sum than the counters have');
  return { charter, totalsAt };
}

/** The entry, when it follows what was folded. The head vouches for the last hash only, and each hash for the one before. */
function following(charter: Charter | undefined, entry: JournalEntry): JournalEntry {
  const head = charter?.head ?? { entries: 0, hash: NO_ENTRY };
  if (entry.number !== head.entries || entry.previous !== head.hash)
    throw new Error(`the journal's chain breaks at entry ${head.entries}`);
  return entry;
}

/** A clock behind the books would let expired coins live again and a day's limits begin anew. */
function clockGoneBack(clock: Clock, latest: number): Refusal | undefined {
  const now = clock();
  return now >= latest
    ? undefined
    : refuse(
        'not possible',
        `the clock says ${writeDate(now)}, the books were written at ${writeDate(latest)}: set the clock right, then start again`,
      );
}

/** While the mint runs, its time stands still rather than go back. */
function neverBack(clock: Clock): Clock {
  let latest = 0;
  return () => (latest = Math.max(latest, clock()));
}

async function assemble(
  parts: MintParts,
  { charter, totalsAt }: { readonly charter: Charter; readonly totalsAt: Instant },
  books: Books,
): Promise<OpenMint> {
  const open = (name: string, secrets = books.secrets) =>
    unseal(parts.vault, charter.issuerId, secrets, name);
  const statementSecret = open(STATEMENT);
  const sign = (bytes: Uint8Array) => parts.maker.attest(statementSecret, bytes);
  const desk: Desk = {
    ring: openKeyring(charter),
    statement: undefined,
    totalsAt,
    underway: new Map(),
    withdrawals: new Withdrawals(parts.clock),
    claims: new Map(),
    exposed: { byNumber: new Map(), formerKeys: new Map(), reported: 0, identities: new Set(), looked: 0 },
  };
  await parts.loader.load(loadable(desk.ring, undefined, (name) => open(name)));
  const scribe = openScribe(
    {
      store: parts.store,
      clock: parts.clock,
      sign,
      changed: async (next, fresh) => {
        const ring = openKeyring(next, desk.ring);
        // The lanes have a key before any plan can name it.
        await parts.loader.load(loadable(ring, desk.ring, (name) => open(name, byName(fresh))));
        desk.ring = ring;
      },
    },
    charter,
  );
  return { ...parts, scribe, desk, sign, unseal: (name) => open(name) };
}

function byName(secrets: readonly SealedSecret[]): ReadonlyMap<string, Uint8Array> {
  return new Map(secrets.map(({ name, sealed }) => [name, sealed]));
}

/** The keys of a ring that were not in the one before, with their secrets. */
function loadable(
  ring: Keyring,
  before: Keyring | undefined,
  open: (name: string) => Uint8Array,
): readonly LoadedKey[] {
  return [...ring.keys.values()]
    .filter((key) => before?.keys.has(key.id) !== true)
    .map((key) => ({
      keyId: key.id,
      suite: ring.suite.name,
      publicKey: key.certificate.mint_key.public_mint_key,
      secret: open(mintKeySecret(key.id)),
    }));
}
