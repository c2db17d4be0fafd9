/** The ways to a member key: each lock holds it under one thing that the member knows or has. */
import { bytesToHex, hexToBytes, utf8 } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { readPhrase } from '../../wallet/phrase.ts';
import type { HostParts } from '../ports.ts';
import type { Lock, MemberRow } from '../state.ts';

export type LockParts = Pick<HostParts, 'secrets' | 'randomness'>;
export type PasswordLock = Extract<Lock, { kind: 'password' }>;

const SALT_BYTES = 16;
/** Of a member key, and of what a passkey gives (WebAuthn, 10.1.4). */
export const KEY_BYTES = 32;
/** Nobody's: what an unknown name's password is stretched with. */
const NO_SALT = new Uint8Array(SALT_BYTES);

/** A new member key. */
export function newMemberKey({ randomness }: LockParts): Uint8Array {
  return randomness(KEY_BYTES);
}

/** What something of a member's is sealed under: it opens as nothing else, and as nobody else's. */
function nameOf(member: string, kind: string): string {
  return `member ${member} ${kind}`;
}

/** Undefined when too many wait for the same. */
export async function passwordLock(
  { secrets, randomness }: LockParts,
  member: string,
  key: Uint8Array,
  password: string,
): Promise<PasswordLock | undefined> {
  const salt = randomness(SALT_BYTES);
  const stretched = await secrets.stretch(normalised(password), salt);
  if (stretched === undefined) return undefined;
  const sealed = bytesToHex(secrets.seal(stretched, nameOf(member, 'password'), key));
  return { kind: 'password', salt: bytesToHex(salt), sealed };
}

/**
 * The member key by the password; 'wrong' when it is not the password, or when there is no such member, which costs the
 * same; 'too many' when too many wait.
 */
export async function openByPassword(
  { secrets }: LockParts,
  row: MemberRow | undefined,
  password: string,
): Promise<Uint8Array | 'wrong' | 'too many'> {
  const lock = row === undefined ? undefined : passwordLockOf(row);
  const salt = lock === undefined ? NO_SALT : hexToBytes(lock.salt);
  const stretched = await secrets.stretch(normalised(password), salt);
  if (stretched === undefined) return 'too many';
  if (row === undefined || lock === undefined) return 'wrong';
  return secrets.open(stretched, nameOf(row.id, 'password'), hexToBytes(lock.sealed)) ?? 'wrong';
}

/** The lock of the password. */
export function passwordLockOf({ locks }: MemberRow): PasswordLock | undefined {
  return locks.find((lock) => lock.kind === 'password');
}

/** The same password from every keyboard: RFC 8265, section 4.2, has it so. */
function normalised(password: string): string {
  return password.replaceAll(/\p{Zs}/gu, ' ').normalize('NFC');
}

/** `phrase` as `readPhrase` writes it. It carries 128 bits, so that it needs no stretching. */
export function phraseLock({ secrets }: LockParts, member: string, key: Uint8Array, phrase: string): Lock {
  const sealed = secrets.seal(phraseKey(secrets, phrase), nameOf(member, 'phrase'), key);
  return { kind: 'phrase', sealed: bytesToHex(sealed) };
}

/** The member key by twelve words as a person types them; undefined when they are others. */
export function openByPhrase({ secrets }: LockParts, row: MemberRow, typed: string): Uint8Array | undefined {
  const phrase = readPhrase(typed);
  const lock = row.locks.find(({ kind }) => kind === 'phrase');
  if (phrase instanceof Refusal || lock === undefined) return undefined;
  return secrets.open(phraseKey(secrets, phrase), nameOf(row.id, 'phrase'), hexToBytes(lock.sealed));
}

function phraseKey(secrets: LockParts['secrets'], phrase: string): Uint8Array {
  return secrets.subkey(utf8(phrase), 'specie host phrase lock 1');
}

/** `prf`: the bytes that the passkey gives for this host; throws unless they are 32. */
export function passkeyLock(
  { secrets }: LockParts,
  member: string,
  key: Uint8Array,
  passkey: { readonly credential: string; readonly prf: Uint8Array },
): Lock {
  const { credential, prf } = passkey;
  if (prf.length !== KEY_BYTES) throw new RangeError(`a passkey gives ${KEY_BYTES} bytes`);
  const sealed = secrets.seal(prf, nameOf(member, `passkey ${credential}`), key);
  return { kind: 'passkey', credential, sealed: bytesToHex(sealed) };
}

/** The member key by what the passkey gave; undefined when it is another's, or opens nothing. */
export function openByPasskey(
  { secrets }: LockParts,
  row: MemberRow,
  credential: string,
  prf: Uint8Array,
): Uint8Array | undefined {
  const lock = row.locks.find((each) => each.kind === 'passkey' && each.credential === credential);
  if (lock === undefined) return undefined;
  return secrets.open(prf, nameOf(row.id, `passkey ${credential}`), hexToBytes(lock.sealed));
}

/** The member key for a session; `secret`: the 32 bytes that the browser or program has. Hexadecimal. */
export function sealForSession(
  { secrets }: LockParts,
  member: string,
  key: Uint8Array,
  secret: Uint8Array,
): string {
  return bytesToHex(secrets.seal(secret, nameOf(member, 'session'), key));
}

/** Undefined when the secret is another's. */
export function openForSession(
  { secrets }: LockParts,
  member: string,
  sealed: string,
  secret: Uint8Array,
): Uint8Array | undefined {
  return secrets.open(secret, nameOf(member, 'session'), hexToBytes(sealed));
}

/** The age identity by which the member reads what others left, for the row. Hexadecimal. */
export function sealIdentity(
  { secrets }: LockParts,
  member: string,
  key: Uint8Array,
  identity: string,
): string {
  return bytesToHex(secrets.seal(key, nameOf(member, 'identity'), utf8(identity)));
}

/** The member's age identity. Throws when the key is not the member's: whoever has it has opened a lock before. */
export function openIdentity({ secrets }: LockParts, row: MemberRow, key: Uint8Array): string {
  const bytes = secrets.open(key, nameOf(row.id, 'identity'), hexToBytes(row.identity));
  if (bytes === undefined) throw new Error('the row and the key are of two members');
  return new TextDecoder().decode(bytes);
}
