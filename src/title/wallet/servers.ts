/** The title servers that a wallet knows, and what they show of their classes. */
import { bytesToHex, hexToBytes, sameBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { rootSigned } from '../documents/signed.ts';
import { ask } from './ask.ts';
import type { BookChange } from './book.ts';
import { rangeOf } from './classes.ts';
import type { WalletClass } from './classes.ts';
import type { Context } from './context.ts';
import type { IssuedTitles, KeptClass, KnownServer, Pseudonym } from './state.ts';

/** Classes of one server that are looked at. */
const MOST_CLASSES = 10_000;

/** A server that the wallet knows and trusts. Refuses 'unknown' and 'distrusted'. */
export function serverOf({ book }: Pick<Context, 'book'>, id: string): KnownServer | Refusal {
  const server = book.servers.get(id);
  if (server === undefined)
    return refuse('unknown', 'the title server: this wallet does not know it; add its address');
  return server.stopped === ''
    ? server
    : refuse('distrusted', `the title server ${server.url}: ${server.stopped}`);
}

/** Knows a server from now on, at this address; it has to show that it has its key. Asks for its classes too. */
export async function addServer(context: Context, url: string): Promise<KnownServer | Refusal> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return refuse('malformed', 'the address of a title server begins with https:// or http://');
  const asked = { url, udpPort: null };
  const said = await ask(context, asked, { type: 'request title server' });
  if (said instanceof Refusal) return said;
  const root = await ask(context, asked, { type: 'request title root', pages: [] });
  if (root instanceof Refusal) return root;
  const { statement, signature } = root.signed_root;
  if (!context.verify(said.server, rootSigned(said.server, statement), signature))
    return refuse('bad signature', `${url} does not prove that it is the server that it says it is`);
  const id = bytesToHex(said.server);
  const before = context.book.servers.get(id);
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

/**
 * Asks for all of a server's classes; titles that were issued to this wallet are held from now on. A server whose classes
 * contradict what it showed before is stopped, and refused 'distrusted'.
 */
export async function fetchClasses(
  context: Context,
  server: KnownServer,
): Promise<readonly WalletClass[] | Refusal> {
  const all: WalletClass[] = [];
  for (let from = 0; from < MOST_CLASSES;) {
    const page = await ask(context, server, { type: 'request title classes', from });
    if (page instanceof Refusal) return page;
    for (const certificate of page.certificates) {
      const taken = context.classes.take(server.id, certificate);
      if (taken instanceof Refusal) return stop(context, server, taken);
      all.push(taken);
    }
    if (page.certificates.length === 0) break;
    from += page.certificates.length;
  }
  await keepIssued(context, server, all);
  return all;
}

/** A class, asked for where it is not known. Refuses 'unknown'. */
export async function classOf(
  context: Context,
  server: KnownServer,
  id: string,
): Promise<WalletClass | Refusal> {
  const known = context.classes.get(id);
  if (known !== undefined) return known;
  const fetched = await fetchClasses(context, server);
  if (fetched instanceof Refusal) return fetched;
  return context.classes.get(id) ?? refuse('unknown', `the class ${id}: the server does not know it`);
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
  const fetched = await fetchClasses(context, server);
  if (fetched instanceof Refusal) return fetched;
  const newest = context.classes.known(id);
  return has(newest)
    ? newest
    : refuse('unknown', `the titles ${serials.join(', ')}: not all were issued in the class ${id}`);
}

async function stop(context: Context, { id }: KnownServer, refusal: Refusal): Promise<Refusal> {
  const server = context.book.servers.get(id);
  if (refusal.name !== 'distrusted' || server === undefined) return refusal;
  await context.book.commit({ servers: [{ ...server, stopped: refusal.details }] });
  return refuse('distrusted', `the title server ${server.url}: ${refusal.details}`);
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
    const fresh = known.ranges.flatMap((range) => {
      const owner = book.pseudonym(server.id, bytesToHex(range.holder));
      return owner === undefined || book.issued.has(`${known.id}/${range.first}`) ? [] : [{ range, owner }];
    });
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
