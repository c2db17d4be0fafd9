/** The title servers that a wallet knows, and what they show of their classes. */
import { bytesToHex, hexToBytes, sameBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import { rootSigned } from '../documents/signed.ts';
import { ask } from './ask.ts';
import type { BookChange } from './book.ts';
import { Contradiction, rangeOf } from './classes.ts';
import type { WalletClass } from './classes.ts';
import type { Context } from './context.ts';
import type { IssuedTitles, KeptClass, KnownServer, Pseudonym } from './state.ts';

/** Bytes of classes that are shown of one server. */
const SHOWN_BYTES = 1_048_576;
/** What a server may put into a wallet that did not ask for it: anybody can issue titles to an address. */
const UNASKED = { classes: 256, bytes: 524_288, ranges: 1_024 };

/** A server that the wallet knows and trusts. Refuses 'unknown' and 'distrusted'. */
export function serverOf({ book }: Pick<Context, 'book'>, id: string): KnownServer | Refusal {
  const server = book.servers.get(id);
  if (server === undefined)
    return refuse('unknown', 'the title server: this wallet does not know it; add its address');
  return server.stopped === ''
    ? server
    : refuse('distrusted', `the title server ${server.url}: ${server.stopped}`);
}

/**
 * Knows a server from now on, at this address. What it shows there is a statement that the server signed once: that says which server
 * is meant, and not who answers. So one that is known keeps its address, unless it `moves`: 'not possible'. Asks for its classes too.
 */
export async function addServer(
  context: Context,
  url: string,
  moves = false,
): Promise<KnownServer | Refusal> {
  const wrong = faultOfUrl(url);
  if (wrong !== undefined) return wrong;
  const asked = { url, udpPort: null };
  const said = await ask(context, asked, { type: 'request title server' });
  if (said instanceof Refusal) return said;
  const root = await ask(context, asked, { type: 'request title root', pages: [] });
  if (root instanceof Refusal) return root;
  const { statement, signature } = root.signed_root;
  if (!context.verify(said.server, rootSigned(said.server, statement), signature))
    return refuse('bad signature', `${url} shows no statement of the server that it says it is`);
  const id = bytesToHex(said.server);
  const before = context.book.servers.get(id);
  if (before !== undefined && before.url !== url && !moves)
    return refuse(
      'not possible',
      `${url} says that it is the title server that this wallet asks at ${before.url}, which anybody can say; nothing is changed`,
    );
  const server: KnownServer = {
    id,
    next: before?.next ?? 0,
    stopped: before?.stopped ?? '',
    url,
    udpPort: said.udp_port ?? null,
  };
  await context.book.commit({ servers: [server] });
  const classes = await fetchClasses(context, server);
  return classes instanceof Refusal ? classes : serverOf(context, id);
}

/** An address goes into handovers and onto pages: it holds no password. */
function faultOfUrl(typed: string): Refusal | undefined {
  const url = URL.canParse(typed) ? new URL(typed) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    return refuse('malformed', 'the address of a title server begins with https:// or http://');
  return !/^[^:]*:\/*[^/?#]*@/.test(typed.trim())
    ? undefined
    : refuse('malformed', 'the address of a title server: has a name or a password in it');
}

/**
 * Asks for all of a server's classes, and gives as many as can be shown; titles that were issued to this wallet are held from now
 * on. Of a class that contradicts what was shown before nothing new is taken, and nothing new is done with it. Refuses
 * 'distrusted' where there is one among them that nobody signed: the server did not sign the list, so that says nothing of it.
 */
export async function fetchClasses(
  context: Context,
  server: KnownServer,
): Promise<readonly WalletClass[] | Refusal> {
  const shown: WalletClass[] = [];
  let bytes = 0;
  context.crowded.delete(server.id);
  const fault = await readClasses(context, server, async (page) => {
    for (const known of page) {
      bytes += known.size;
      if (bytes <= SHOWN_BYTES) shown.push(known);
    }
    await keepIssued(context, server, page);
  });
  return fault ?? shown;
}

/** Asks for all of a server's classes, a page at a time: together they may be more than there is room for. */
export async function readClasses(
  context: Context,
  server: KnownServer,
  each: (page: readonly WalletClass[]) => Promise<void> | void,
): Promise<Refusal | undefined> {
  for (let from = 0; from < TITLE_LIMITS.classes;) {
    const page = await ask(context, server, { type: 'request title classes', from });
    if (page instanceof Refusal) return page;
    const classes: WalletClass[] = [];
    for (const certificate of page.certificates) {
      const taken = context.classes.take(server.id, certificate);
      if (taken instanceof Contradiction) await stop(context, taken);
      else if (taken instanceof Refusal)
        return refuse(taken.name, `the title server ${server.url}: ${taken.details}`);
      classes.push(taken instanceof Contradiction ? taken.titleClass : taken);
    }
    if (classes.length === 0) break;
    await each(classes);
    from += classes.length;
  }
  return undefined;
}

/** A class, asked for where it is not known. Refuses 'unknown'. */
export async function classOf(
  context: Context,
  server: KnownServer,
  id: string,
): Promise<WalletClass | Refusal> {
  return context.classes.get(id) ?? fetchClass(context, server, id);
}

/** A class as its server shows it now. Refuses 'unknown'. */
export async function fetchClass(
  context: Context,
  server: KnownServer,
  id: string,
): Promise<WalletClass | Refusal> {
  let found: WalletClass | undefined;
  const fault = await readClasses(context, server, async (page) => {
    // Kept here: it may be forgotten for those that follow.
    found ??= page.find((each) => each.id === id);
    await keepIssued(context, server, page);
  });
  return fault ?? found ?? refuse('unknown', `the class ${id}: the server does not know it`);
}

/** A class in a version that has these titles: its issuer may have issued more since it was asked for. Refuses 'unknown'. */
export async function classWith(
  context: Context,
  server: KnownServer,
  id: string,
  serials: readonly number[],
): Promise<WalletClass | Refusal> {
  const has = (known: WalletClass): boolean =>
    serials.every((serial) => rangeOf(known, serial) !== undefined);
  const known = await classOf(context, server, id);
  if (known instanceof Refusal || has(known)) return known;
  const newest = await fetchClass(context, server, id);
  if (newest instanceof Refusal) return newest;
  return has(newest)
    ? newest
    : refuse('unknown', `the titles ${serials.join(', ')}: not all were issued in the class ${id}`);
}

async function stop({ book }: Context, { titleClass, details }: Contradiction): Promise<void> {
  const kept = book.classes.get(titleClass.id);
  if (kept !== undefined && kept.stopped !== details)
    await book.commit({ classes: [{ ...kept, stopped: details }] });
}

/** Whether there is room for what a server has issued to this wallet without being asked; notes where there is none. */
export function hasRoom(
  { book, crowded }: Context,
  known: WalletClass,
  more: { readonly ranges: number; readonly classes: number; readonly bytes: number },
): boolean {
  const classes = [...book.classes.values()].filter(({ server }) => server === known.server);
  const bytes = classes.reduce((sum, { certificate }) => sum + certificate.length / 2, more.bytes);
  const ranges = [...book.issued.values()].filter(
    ({ titleClass }) => book.classes.get(titleClass)?.server === known.server,
  );
  const isOwn = book.classes.has(known.id);
  const fits =
    ranges.length + more.ranges <= UNASKED.ranges &&
    (isOwn || (classes.length + more.classes < UNASKED.classes && bytes + known.size <= UNASKED.bytes));
  if (!fits) crowded.add(known.server);
  return fits;
}

/** Keeps newer versions of classes that the wallet has to do with, and ranges that were issued to its pseudonyms. */
async function keepIssued(
  context: Context,
  server: KnownServer,
  classes: readonly WalletClass[],
): Promise<void> {
  const { book } = context;
  const kept: KeptClass[] = [];
  const issued: IssuedTitles[] = [];
  const used: Pseudonym[] = [];
  for (const known of classes) {
    const all = known.ranges.flatMap((range) => {
      const owner = book.pseudonym(server.id, bytesToHex(range.holder));
      return owner === undefined || book.issued.has(`${known.id}/${range.first}`) ? [] : [{ range, owner }];
    });
    const more = { ranges: issued.length + all.length, classes: kept.length, bytes: sizeOf(kept) };
    const fresh = all.length > 0 && hasRoom(context, known, more) ? all : [];
    for (const { range, owner } of fresh) {
      issued.push(issuedTitles(known, range, context.clock()));
      used.push(owner);
    }
    if (fresh.length > 0 || book.classes.has(known.id)) kept.push(...context.classes.change(known));
  }
  if (kept.length === 0 && issued.length === 0) return;
  const change: BookChange = { ...context.pseudonyms.used(server, used), classes: kept, issued };
  await book.commit(change);
}

function sizeOf(kept: readonly KeptClass[]): number {
  return kept.reduce((sum, { certificate }) => sum + certificate.length / 2, 0);
}

/** A range of titles that were issued to this wallet and never moved. */
export function issuedTitles(
  known: WalletClass,
  { first, count, denomination, holder }: WalletClass['ranges'][number],
  checked: number,
): IssuedTitles {
  const spans = [[first, first + count - 1]] as const;
  return { titleClass: known.id, first, denomination, holder: bytesToHex(holder), spans, checked };
}

/** Whether a destination is a server's pool. */
export function isPool(server: string, holder: Uint8Array): boolean {
  return sameBytes(hexToBytes(server), holder);
}
