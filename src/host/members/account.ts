/** What an open member changes about the membership itself: password, passkeys, tokens, sessions. */
import type { HostContext } from '../context.ts';
import { HOST_LIMITS } from '../limits.ts';
import { KEY_BYTES, openByPassword, passkeyLock, passwordLock } from './locks.ts';
import { hasSameLock, weakness } from './members.ts';
import { Objection, object } from '../objections.ts';
import type { AccountView } from '../schemas.ts';
import { beginSession, endBrowsers } from './sessions.ts';
import type { MemberRow, Passkey } from '../state.ts';

/** An open member, as far as the membership goes. */
export interface AccountDesk {
  readonly context: HostContext;
  /** The row as it was last seen; what is stored may be newer. */
  readonly row: () => MemberRow;
  /** Stores the row, and shows it from now on. */
  readonly setRow: (row: MemberRow) => Promise<void>;
  /** The member key. */
  readonly key: Uint8Array;
}

type Maybe<Result> = Promise<Result | Objection>;

/** `sessionHash`: which of the sessions asks. */
export async function account({ context, row }: AccountDesk, sessionHash: string): Maybe<AccountView> {
  const { store } = context.parts;
  const now = await store.member(row().id);
  if (now === undefined) return object('signed out');
  const sessions = await store.sessionsOf(now.id);
  const opening = new Set(now.locks.map((lock) => (lock.kind === 'passkey' ? lock.credential : '')));
  return {
    name: now.name,
    language: now.language,
    created: time(now.created),
    secondFactor: now.secondFactor,
    passkeys: now.passkeys.map(({ credential, name, created }) => ({
      credential,
      name,
      created: time(created),
      opens: opening.has(credential),
    })),
    sessions: sessions.map(({ hash, kind, label, created, seen }) => ({
      id: hash,
      kind,
      label,
      created: time(created),
      seen: time(seen),
      isThis: hash === sessionHash,
    })),
  };
}

function time(instant: number): string {
  return new Date(instant).toISOString();
}

export async function checkPassword(desk: AccountDesk, password: string): Maybe<undefined> {
  const row = await checkedRow(desk, password);
  return row instanceof Objection ? row : undefined;
}

/** The stored row, against the password. */
async function checkedRow({ context, row }: AccountDesk, password: string): Maybe<MemberRow> {
  const now = await context.parts.store.member(row().id);
  const opened = await openByPassword(context.parts, now, password);
  if (opened === 'too many') return object('too many');
  return now === undefined || opened === 'wrong' ? object('wrong password') : now;
}

/** Does something in the member's turn with the row as it is stored then. */
function inTurn<Result>(
  { context, row }: AccountDesk,
  job: (now: MemberRow) => Maybe<Result>,
): Maybe<Result> {
  const { id } = row();
  return context.turns.run(id, async () => {
    const now = await context.parts.store.member(id);
    return now === undefined ? object('signed out') : job(now);
  });
}

/** As `inTurn`, against the password, which may not have been changed meanwhile. */
async function againstPassword<Result>(
  desk: AccountDesk,
  password: string,
  job: (now: MemberRow) => Maybe<Result>,
): Maybe<Result> {
  const checked = await checkedRow(desk, password);
  if (checked instanceof Objection) return checked;
  return inTurn(desk, async (now) => (hasSameLock(now, checked) ? job(now) : object('wrong password')));
}

/**
 * Locks the member key anew: what is sealed under it stays as it is. The other browsers are signed out first: cut short, the
 * old password still holds, and it is done once more. Programs' tokens stay, unless `endTokens`: a thief's would too.
 */
export async function changePassword(
  desk: AccountDesk,
  before: string,
  after: string,
  sessionHash: string,
  endTokens = false,
): Maybe<undefined> {
  const { context, key } = desk;
  const { id, name } = desk.row();
  const weak = weakness(after, name);
  if (weak !== undefined) return weak;
  const checked = await checkedRow(desk, before);
  if (checked instanceof Objection) return checked;
  const lock = await passwordLock(context.parts, id, key, after);
  if (lock === undefined) return object('too many');
  return inTurn(desk, async (now) => {
    if (!hasSameLock(now, checked)) return object('wrong password');
    await endBrowsers(context.parts, id, sessionHash, endTokens);
    await desk.setRow({ ...now, locks: [lock, ...now.locks.filter(({ kind }) => kind !== 'password')] });
    return undefined;
  });
}

/** Two letters, or empty: as the browser asks. */
export async function setLanguage(desk: AccountDesk, language: string): Maybe<undefined> {
  if (!/^(?:[a-z]{2})?$/.test(language)) return object('unreadable', 'language: two letters, or none');
  return inTurn(desk, async (now) => {
    await desk.setRow({ ...now, language });
    return undefined;
  });
}

/**
 * Adds a passkey, or replaces the one with its credential. With what it gives for this host (`prf`, 32 bytes) it signs in by
 * itself; without, it is a second factor only.
 */
export async function addPasskey(
  desk: AccountDesk,
  passkey: Passkey,
  prf: Uint8Array | undefined,
): Maybe<undefined> {
  const { context, key } = desk;
  const { credential } = passkey;
  if (prf !== undefined && prf.length !== KEY_BYTES)
    return object('wrong passkey', `prf: ${KEY_BYTES} bytes`);
  return inTurn(desk, async (now) => {
    const holder = await context.parts.store.memberWith(credential);
    if (holder !== undefined && holder.id !== now.id)
      return object('not possible', 'passkey: it is somebody else’s');
    const rest = withoutPasskey(now, credential);
    if (rest.passkeys.length >= HOST_LIMITS.passkeys) {
      return object('full', `a member has ${HOST_LIMITS.passkeys} passkeys at most`);
    }
    const locks = prf === undefined ? [] : [passkeyLock(context.parts, now.id, key, { credential, prf })];
    await desk.setRow({
      ...rest,
      passkeys: [...rest.passkeys, passkey],
      locks: [...rest.locks, ...locks],
    });
    return undefined;
  });
}

function withoutPasskey(row: MemberRow, credential: string): MemberRow {
  return {
    ...row,
    passkeys: row.passkeys.filter((each) => each.credential !== credential),
    locks: row.locks.filter((lock) => lock.kind !== 'passkey' || lock.credential !== credential),
  };
}

/** Without the last one there is no second factor any more. */
export async function removePasskey(
  desk: AccountDesk,
  credential: string,
  password: string,
): Maybe<undefined> {
  return againstPassword(desk, password, async (now) => {
    const rest = withoutPasskey(now, credential);
    await desk.setRow({ ...rest, secondFactor: rest.secondFactor && rest.passkeys.length > 0 });
    return undefined;
  });
}

export async function setSecondFactor(desk: AccountDesk, on: boolean, password: string): Maybe<undefined> {
  return againstPassword(desk, password, async (now) => {
    if (on && now.passkeys.length === 0) {
      return object('not possible', 'second factor: there is no passkey yet');
    }
    await desk.setRow({ ...now, secondFactor: on });
    return undefined;
  });
}

/** A secret by which a program is this member, in base64url. Nobody can show it again. */
export async function newToken(desk: AccountDesk, label: string, password: string): Maybe<string> {
  const { parts } = desk.context;
  return againstPassword(desk, password, async ({ id }) => {
    const tokens = (await parts.store.sessionsOf(id)).filter(({ kind }) => kind === 'token');
    if (tokens.length >= HOST_LIMITS.sessions) {
      return object('full', `a member has ${HOST_LIMITS.sessions} tokens at most`);
    }
    return beginSession(parts, desk.key, { member: id, kind: 'token', label });
  });
}

/** Ends one of the member's sessions, by its hash; nothing happens where it is nobody's or another's. */
export async function endSession(desk: AccountDesk, hash: string): Maybe<undefined> {
  const { store } = desk.context.parts;
  return inTurn(desk, async ({ id }) => {
    const session = await store.session(hash);
    if (session?.member === id) await store.removeSession(hash);
    return undefined;
  });
}

/**
 * Ends the membership. `remove`: removes the member from the store, unless there is money left, in the member's turn.
 * The row goes first, and with it every lock: cut short after that, the wallet's file is sealed under a key that nobody has.
 * It closes the open member; not to be called in anything that the open member's close() waits for.
 */
export async function closeAccount(
  desk: AccountDesk,
  password: string,
  remove: () => Maybe<undefined>,
): Maybe<undefined> {
  const { parts, forget } = desk.context;
  const { id } = desk.row();
  const closed = await againstPassword(desk, password, remove);
  if (closed !== undefined) return closed;
  await forget(id);
  await parts.wallets.remove(id);
  return undefined;
}
