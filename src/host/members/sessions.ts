/** Who is signed in: rows by a secret that only the browser or the program has. */
import { HOUR } from '../../base/dates.ts';
import { fromBase64url, toBase64url } from '../../base/base64url.ts';
import { HOST_LIMITS, HOST_TIMES } from '../limits.ts';
import { openForSession, sealForSession } from './locks.ts';
import type { HostParts } from '../ports.ts';
import type { SessionKind, SessionRow } from '../state.ts';

export type SessionParts = Pick<HostParts, 'store' | 'secrets' | 'randomness' | 'clock'>;

const SECRET_BYTES = 32;

/** How long a session lives, in milliseconds, and whether using it makes it live longer. */
const LIVES: Readonly<Record<SessionKind, { readonly life: number; readonly isProlonged: boolean }>> = {
  page: { life: HOST_TIMES.page, isProlonged: true },
  half: { life: HOST_TIMES.half, isProlonged: false },
  token: { life: HOST_TIMES.token, isProlonged: true },
};

/** So often a session's row is written because it is used. */
const SEEN_EVERY = HOUR;

/** A session as its holder shows it. */
export interface ShownSession {
  readonly row: SessionRow;
  readonly secret: Uint8Array;
}

/** What a session is to be. */
export interface NewSession {
  readonly member: string;
  readonly kind: SessionKind;
  readonly label: string;
}

/**
 * A new session; its secret, in base64url. Of one kind a member has so many at most, and the one that was seen longest ago
 * goes. In the member's turn.
 */
export async function beginSession(parts: SessionParts, key: Uint8Array, what: NewSession): Promise<string> {
  const { store, secrets, clock } = parts;
  const others = (await store.sessionsOf(what.member)).filter(({ kind }) => kind === what.kind);
  const oldestFirst = [...others].sort((left, right) => left.seen - right.seen);
  for (const { hash } of oldestFirst.slice(0, Math.max(0, others.length + 1 - HOST_LIMITS.sessions)))
    await store.removeSession(hash);
  const secret = parts.randomness(SECRET_BYTES);
  const now = clock();
  await store.putSession({
    ...what,
    hash: secrets.hash(secret),
    created: now,
    seen: now,
    expires: now + LIVES[what.kind].life,
    sealed: sealForSession(parts, what.member, key, secret),
  });
  return toBase64url(secret);
}

/** The session with this secret; undefined when it is unknown or has expired. */
export async function shownSession(parts: SessionParts, text: string): Promise<ShownSession | undefined> {
  const secret = fromBase64url(text);
  if (secret?.length !== SECRET_BYTES) return undefined;
  const row = await parts.store.session(parts.secrets.hash(secret));
  return row === undefined || row.expires <= parts.clock() ? undefined : { row, secret };
}

/** Whether it is time to write down that the session is used. */
export function isUnseen({ clock }: SessionParts, { kind, seen }: SessionRow): boolean {
  return LIVES[kind].isProlonged && clock() - seen >= SEEN_EVERY;
}

/** Writes down that the session is used; undefined when it was ended meanwhile. In the member's turn. */
export async function seenSession(
  parts: SessionParts,
  { hash }: SessionRow,
): Promise<SessionRow | undefined> {
  const row = await parts.store.session(hash);
  if (row === undefined || !isUnseen(parts, row)) return row;
  const now = parts.clock();
  const seen = { ...row, seen: now, expires: now + LIVES[row.kind].life };
  await parts.store.putSession(seen);
  return seen;
}

/** The member key. Throws when the row was tampered with: its hash has shown that the secret is right. */
export function keyOfSession(parts: SessionParts, { row, secret }: ShownSession): Uint8Array {
  const key = openForSession(parts, row.member, row.sealed, secret);
  if (key === undefined) throw new Error('a session does not open the member key: its row is damaged');
  return key;
}

/** Ends all of a member's sessions in browsers but one, and programs' tokens where `andTokens`. In the member's turn. */
export async function endBrowsers(
  { store }: SessionParts,
  member: string,
  butHash: string,
  andTokens = false,
): Promise<void> {
  for (const { hash, kind } of await store.sessionsOf(member))
    if ((andTokens || kind !== 'token') && hash !== butHash) await store.removeSession(hash);
}
