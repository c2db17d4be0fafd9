/** Becoming a member, and opening what is a member's by what the member knows. */
import { bytesToHex } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { newPhrase, readPhrase } from '../../wallet/phrase.ts';
import type { HostContext } from '../context.ts';
import { HOST_LIMITS } from '../limits.ts';
import {
  newMemberKey,
  openByPassword,
  openByPhrase,
  passwordLock,
  passwordLockOf,
  phraseLock,
  sealIdentity,
} from './locks.ts';
import type { PasswordLock } from './locks.ts';
import { handleOf, readName } from './names.ts';
import { Objection, object, passOn } from '../objections.ts';
import type { RecoverInput, SignInInput, SignUpInput } from '../schemas.ts';
import { beginSession } from './sessions.ts';
import type { MemberRow } from '../state.ts';

const ID_BYTES = 16;
/** Characters that differ, of a password: one key held down is none. */
const LEAST_DIFFERENT = 5;

/** A member whose key is at hand. */
export interface Unlocked {
  readonly row: MemberRow;
  readonly key: Uint8Array;
}

/** Why a password will not do; undefined when it does. */
export function weakness(password: string, name: string): Objection | undefined {
  const characters = Array.from(password);
  if (characters.length < HOST_LIMITS.passwordLeast) {
    return object('weak password', `password: ${HOST_LIMITS.passwordLeast} characters at least`);
  }
  if (characters.length > HOST_LIMITS.password) {
    return object('weak password', `password: ${HOST_LIMITS.password} characters at most`);
  }
  if (new Set(characters).size < LEAST_DIFFERENT) {
    return object('weak password', `password: ${LEAST_DIFFERENT} different characters at least`);
  }
  if (handleOf(password) === handleOf(name)) return object('weak password', 'password: it is the name');
  return undefined;
}

/**
 * Makes a member with a wallet, on a new phrase or on the one brought along.
 *
 * The wallet's file comes first, the member's row last and at once. A kill in between leaves a file sealed under a key that
 * nobody has, with nothing in it, and a name that is still free. The other way about, a name would be taken whose wallet is
 * made at the first sign-in, on words that its lock does not know.
 */
export async function enrol(
  context: HostContext,
  input: SignUpInput,
): Promise<(Unlocked & { readonly phrase: string }) | Objection> {
  const { parts } = context;
  const name = readName(input.name);
  if (name instanceof Objection) return name;
  const weak = weakness(input.password, name);
  if (weak !== undefined) return weak;
  const phrase = input.phrase.trim() === '' ? newPhrase(parts.randomness) : readPhrase(input.phrase);
  if (phrase instanceof Refusal) return passOn(phrase);
  if ((await parts.store.memberNamed(handleOf(name))) !== undefined) return object('name taken');
  if ((await parts.store.members()) >= HOST_LIMITS.members) {
    return object('full', `this host has ${HOST_LIMITS.members} members`);
  }
  const id = bytesToHex(parts.randomness(ID_BYTES));
  const key = newMemberKey(parts);
  const lock = await passwordLock(parts, id, key, input.password);
  if (lock === undefined) return object('too many');
  const row = await newRow(context, { id, name, key, phrase, lock });
  const refused = await makeWallet(context, id, key, phrase);
  if (refused !== undefined) return passOn(refused);
  if (await parts.store.addMember(row)) return { row, key, phrase };
  await parts.wallets.remove(id);
  return object('name taken');
}

interface NewMember {
  readonly id: string;
  readonly name: string;
  readonly key: Uint8Array;
  readonly phrase: string;
  readonly lock: PasswordLock;
}

async function newRow({ parts }: HostContext, member: NewMember): Promise<MemberRow> {
  const { id, name, key, phrase, lock } = member;
  const { identity, recipient } = await parts.secrets.newIdentity();
  return {
    id,
    name,
    handle: handleOf(name),
    created: parts.clock(),
    language: '',
    recipient,
    identity: sealIdentity(parts, id, key, identity),
    locks: [lock, phraseLock(parts, id, key, phrase)],
    passkeys: [],
    secondFactor: false,
  };
}

async function makeWallet(
  { parts }: HostContext,
  id: string,
  key: Uint8Array,
  phrase: string,
): Promise<Refusal | undefined> {
  const store = parts.wallets.open(id, key);
  if (store instanceof Refusal) return store;
  try {
    await store.commit({ phrase });
  } finally {
    await store.close();
  }
  return undefined;
}

/** Begins a session by name and password: half of one where the second factor is asked for. */
export async function signInByPassword(
  { parts, turns }: HostContext,
  { name, password }: SignInInput,
  label: string,
): Promise<{ readonly secret: string; readonly needsPasskey: boolean } | Objection> {
  const row = await parts.store.memberNamed(handleOf(name));
  const key = await openByPassword(parts, row, password);
  if (key === 'too many') return object('too many');
  if (key === 'wrong' || row === undefined) return object('wrong password');
  return turns.run(row.id, async () => {
    // The password may have been changed while it was stretched.
    const now = await parts.store.member(row.id);
    if (now === undefined || !hasSameLock(now, row)) return object('wrong password');
    const needsPasskey = now.secondFactor;
    const kind = needsPasskey ? 'half' : 'page';
    return { secret: await beginSession(parts, key, { member: row.id, kind, label }), needsPasskey };
  });
}

/** Stores a member's row, and shows it to the open member. In the member's turn. */
export async function storeRow({ parts, openNow }: HostContext, row: MemberRow): Promise<void> {
  await parts.store.putMember(row);
  openNow(row.id)?.rowChanged(row);
}

/** Whether the password is the one that it was. */
export function hasSameLock(left: MemberRow, right: MemberRow): boolean {
  return passwordLockOf(left)?.sealed === passwordLockOf(right)?.sealed;
}

/**
 * Sets a new password by name and twelve words. Whoever recovers may be taking the wallet back from somebody: all sessions
 * and tokens end, and all passkeys go, the second factor with them. Done once more when it was cut short.
 */
export async function recover(
  context: HostContext,
  input: RecoverInput,
  label: string,
): Promise<{ readonly secret: string } | Objection> {
  const { parts, turns } = context;
  const row = await parts.store.memberNamed(handleOf(input.name));
  const key = row === undefined ? undefined : openByPhrase(parts, row, input.phrase);
  if (row === undefined || key === undefined) return object('wrong phrase');
  const weak = weakness(input.password, row.name);
  if (weak !== undefined) return weak;
  const lock = await passwordLock(parts, row.id, key, input.password);
  if (lock === undefined) return object('too many');
  return turns.run(row.id, async () => {
    const now = await parts.store.member(row.id);
    if (now === undefined) return object('wrong phrase');
    await parts.store.removeSessionsOf(row.id, '');
    const locks = [lock, ...now.locks.filter(({ kind }) => kind === 'phrase')];
    await storeRow(context, { ...now, locks, passkeys: [], secondFactor: false });
    return { secret: await beginSession(parts, key, { member: row.id, kind: 'page', label }) };
  });
}
