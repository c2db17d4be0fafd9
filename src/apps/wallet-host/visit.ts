/** One request of a browser: who it is from, and all that its answer is made of. */
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { toBase64url } from '../../base/base64url.ts';
import type { OpenSession } from '../../host/host.ts';
import { object } from '../../host/objections.ts';
import type { Objection } from '../../host/objections.ts';
import type { OpenMember } from '../../host/open-member.ts';
import type { Look, Notice } from '../../pages/look.ts';
import { TEXTS, isDone, isLanguage } from '../../pages/texts/index.ts';
import type { Language } from '../../pages/texts/index.ts';
import type { Attempt } from './attempts.ts';
import { formCookie, formToken, sessionCookie } from './cookies.ts';
import { languagesOf } from './headers.ts';
import type { Site } from './site.ts';

export type HostRequest = Context<{ Bindings: HttpBindings }>;

export interface Visit {
  readonly site: Site;
  readonly request: HostRequest;
  /** The session's secret; empty where the browser is not signed in. */
  readonly secret: string;
  readonly session: OpenSession | undefined;
  /** Whose wallet is open; undefined before the second factor, too. */
  readonly member: OpenMember | undefined;
  readonly csrf: string;
  readonly language: Language;
}

/** A visit of somebody whose wallet is open. */
export interface MemberVisit extends Visit {
  readonly session: OpenSession;
  readonly member: OpenMember;
}

export function isMemberVisit(visit: Visit): visit is MemberVisit {
  return visit.member !== undefined;
}

/** Who asks. A program's token is no browser's session, wherever it stands. */
export async function visitOf(site: Site, request: HostRequest, secret?: string): Promise<Visit> {
  const given = secret ?? sessionCookie(site, request);
  const found = given === '' ? undefined : await site.host.session(given);
  const session = found?.row.kind === 'token' ? undefined : found;
  const csrf = formToken(site, session === undefined ? formCookie(site, request) : given);
  const member = session?.member;
  const language = languageOf(member?.language ?? '', request.req.header('accept-language') ?? '');
  return { site, request, secret: session === undefined ? '' : given, session, member, csrf, language };
}

function languageOf(chosen: string, header: string): Language {
  if (isLanguage(chosen)) return chosen;
  return languagesOf(header).find(isLanguage) ?? 'en';
}

/** What the pages know besides their own view. `path`: the page's, where it is shown in answer to a form. */
export function lookOf(visit: Visit, notice?: Notice, path = ':'): Look {
  const { site, request, member, language } = visit;
  const done = request.req.method === 'GET' ? (request.req.query('done') ?? '') : '';
  return {
    texts: TEXTS[language],
    language,
    member: member?.name,
    csrf: visit.csrf,
    once: toBase64url(site.randomness(16)),
    unread: member?.unread() ?? 0,
    path: path.includes(':') ? request.req.path : path,
    host: site.url.host,
    hasMailServer: site.hasMailServer,
    now: site.clock(),
    zone: zoneOf(visit),
    notice: notice ?? (isDone(done) ? { kind: 'done', key: done } : undefined),
    assets: site.assets.address,
  };
}

/** The time zone that a script has left in a cookie: it says nothing but how times are shown. */
function zoneOf({ request }: Visit): string | undefined {
  const zone = getCookie(request, 'zone');
  return zone !== undefined && ZONES.has(zone) ? zone : undefined;
}

const ZONES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('timeZone'));

/** A path of a table as a route: what is no id leads nowhere. */
export function routed(path: string): string {
  return path.replace(':id', ':id{[0-9a-f]+}');
}

/** Who is on the other end: with a proxy before us, whom the last one says it asks for. */
export function addressOf(site: Site, request: HostRequest): string {
  const socket = request.env.incoming.socket.remoteAddress ?? '';
  if (!site.behindProxy) return network(socket);
  const hops = (request.req.header('x-forwarded-for') ?? '').split(',');
  const last = (hops.at(-1) ?? '').trim();
  return network(last === '' ? socket : last.slice(0, 100));
}

/** An IPv6 address by its first 64 bits: one customer has all that follow. */
function network(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address.replace('::ffff:', '');
  const [head = ''] = address.split('::');
  return `${head.split(':').slice(0, 4).join(':')}::`;
}

/** Counts an attempt; objects where there were too many, and says when to come back. */
export async function counted(
  visit: Pick<Visit, 'site' | 'request'>,
  kind: Attempt,
  whose: string,
  points = 1,
): Promise<Objection | undefined> {
  const seconds = await visit.site.attempts.count(kind, whose, points);
  if (seconds === undefined) return undefined;
  visit.request.header('Retry-After', String(seconds));
  return object('too many', kind);
}

/** A path of ours that a form or an address names to go on to; `otherwise` for what is none. */
export function ownPath(visit: Visit, next: string | undefined, otherwise: string): string {
  if (next?.startsWith('/') !== true) return otherwise;
  const { origin } = visit.site.url;
  const address = URL.parse(next, origin);
  return address?.origin === origin && !address.pathname.startsWith('//')
    ? `${address.pathname}${address.search}`
    : otherwise;
}
