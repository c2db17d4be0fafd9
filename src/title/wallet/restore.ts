/** A wallet back from its secret and a server's address: what its pseudonyms hold stands in the server's log. */
import { bytesToHex } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { nameOf } from './book.ts';
import type { IssuedRange, WalletClass } from './classes.ts';
import type { Context } from './context.ts';
import { spansWithout } from './holdings.ts';
import { readLog } from './log.ts';
import { lookUp, ownerIn } from './lookup.ts';
import type { Found } from './lookup.ts';
import { PSEUDONYM_GAP } from './pseudonyms.ts';
import { refresh } from './refresh.ts';
import { addServer, classWith, hasRoom, issuedTitles, readClasses } from './servers.ts';
import type { KnownServer, Pseudonym } from './state.ts';

interface OwnRange {
  readonly known: WalletClass;
  readonly range: IssuedRange;
  /** Serials that changed hands. */
  readonly moved: Set<number>;
}

/** What the log says of this wallet. */
interface Seen {
  /** Titles that its pseudonyms hold at the end, by class and serial. */
  readonly titles: Map<string, { readonly titleClass: string; readonly serial: number }>;
  readonly pseudonyms: Map<number, Pseudonym>;
  readonly ranges: readonly OwnRange[];
}

/** Finds all titles of a server that this wallet's pseudonyms hold. May be repeated; what was done does not come back. */
export async function restore(context: Context, url: string): Promise<KnownServer | Refusal> {
  const server = await addServer(context, url);
  if (server instanceof Refusal) return server;
  const seen = await readOwn(context, server);
  if (seen instanceof Refusal) return seen;
  await keepRanges(context, server, seen);
  for (const [titleClass, names] of Map.groupBy(seen.titles.values(), (each) => each.titleClass)) {
    const serials = [...names].map(({ serial }) => serial);
    const known = await classWith(context, server, titleClass, serials);
    if (known instanceof Refusal) return known;
    const found: Found[] = [];
    for (const { serial } of names) {
      const each = await lookUp(context, server, known, serial);
      if (each instanceof Refusal) return each;
      found.push(each);
    }
    await context.book.commit(refresh(context, server, known, found).change);
  }
  return server;
}

async function readOwn(context: Context, server: KnownServer): Promise<Seen | Refusal> {
  const pseudonyms = new Map<number, Pseudonym>();
  const titles: Seen['titles'] = new Map();
  const ranges = await ownRanges(context, server, pseudonyms);
  if (ranges instanceof Refusal) return ranges;
  const fault = await readLog(context, server, 1, ({ transfer, holdings }) => {
    const titleClass = bytesToHex(transfer.title_class);
    const own = ranges.filter(({ known }) => known.id === titleClass);
    for (const { serial } of transfer.inputs)
      own.find(({ range }) => serial >= range.first && serial < range.first + range.count)?.moved.add(serial);
    for (const holding of holdings) {
      const name = { titleClass, serial: holding.serial };
      const owner = ownerIn(context, server.id, holding, PSEUDONYM_GAP);
      if (owner === undefined) titles.delete(nameOf(name));
      else {
        titles.set(nameOf(name), name);
        pseudonyms.set(owner.pseudonym.number, owner.pseudonym);
      }
    }
    return 'go on';
  });
  return fault ?? { titles, pseudonyms, ranges };
}

/** What was issued to this wallet, as far as it keeps it. */
async function ownRanges(
  context: Context,
  server: KnownServer,
  pseudonyms: Map<number, Pseudonym>,
): Promise<readonly OwnRange[] | Refusal> {
  const own: OwnRange[] = [];
  const more = { ranges: 0, classes: 0, bytes: 0 };
  const fault = await readClasses(context, server, (page) => {
    for (const known of page) {
      const ranges = rangesOf(known);
      const isNew = ({ range }: OwnRange) => !context.book.issued.has(`${known.id}/${range.first}`);
      const fresh = ranges.filter(isNew).length;
      if (fresh > 0 && !hasRoom(context, known, { ...more, ranges: more.ranges + fresh })) continue;
      more.ranges += fresh;
      own.push(...ranges);
      if (fresh === 0 || context.book.classes.has(known.id)) continue;
      more.classes++;
      more.bytes += known.size;
    }
  });
  return fault ?? own;

  function rangesOf(known: WalletClass): readonly OwnRange[] {
    return known.ranges.flatMap((range) => {
      const owner = ownerIn(
        context,
        server.id,
        { holder: range.holder, condition: undefined },
        PSEUDONYM_GAP,
      );
      if (owner === undefined) return [];
      pseudonyms.set(owner.pseudonym.number, owner.pseudonym);
      return [{ known, range, moved: new Set<number>() }];
    });
  }
}

/** Keeps all pseudonyms that were ever used, and what is left of issued ranges. */
async function keepRanges(
  context: Context,
  server: KnownServer,
  { ranges, pseudonyms }: Seen,
): Promise<void> {
  const now = context.clock();
  await context.book.commit({
    ...context.pseudonyms.used(server, [...pseudonyms.values()]),
    classes: ranges.flatMap(({ known }) => context.classes.change(known)),
    issued: ranges.map(({ known, range, moved }) => {
      const issued = issuedTitles(known, range, now);
      return { ...issued, spans: spansWithout(issued.spans, [...moved]) };
    }),
  });
}
