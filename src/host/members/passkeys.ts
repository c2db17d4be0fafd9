/** Signing in by a passkey whose signature was verified before. */
import type { HostContext } from '../context.ts';
import { openByPasskey } from './locks.ts';
import { storeRow } from './members.ts';
import { object } from '../objections.ts';
import type { Objection } from '../objections.ts';
import { beginSession, keyOfSession, shownSession } from './sessions.ts';
import type { MemberRow } from '../state.ts';

/** What a passkey has shown. */
export interface ShownPasskey {
  readonly credential: string;
  /** The authenticator's counter now. */
  readonly counter: number;
}

/** Begins a session by a passkey alone, which gives what opens the member key. */
export async function signInByPasskey(
  context: HostContext,
  shown: ShownPasskey,
  prf: Uint8Array,
  label: string,
): Promise<{ readonly secret: string } | Objection> {
  const { parts, turns } = context;
  const row = await parts.store.memberWith(shown.credential);
  if (row === undefined) return object('wrong passkey');
  return turns.run(row.id, async () => {
    const now = await parts.store.member(row.id);
    const counted = now === undefined ? undefined : withCounter(now, shown);
    const key = counted === undefined ? undefined : openByPasskey(parts, counted, shown.credential, prf);
    if (counted === undefined || key === undefined) return object('wrong passkey');
    await storeRow(context, counted);
    return { secret: await beginSession(parts, key, { member: row.id, kind: 'page', label }) };
  });
}

/** Makes of half a session, begun by the password, a whole one. */
export async function completeHalf(
  context: HostContext,
  secret: string,
  shown: ShownPasskey,
  label: string,
): Promise<{ readonly secret: string } | Objection> {
  const { parts, turns } = context;
  const half = await shownSession(parts, secret);
  if (half?.row.kind !== 'half') return object('signed out');
  const { member, hash } = half.row;
  return turns.run(member, async () => {
    const row = await parts.store.member(member);
    if (row === undefined || (await parts.store.session(hash)) === undefined) return object('signed out');
    const counted = withCounter(row, shown);
    if (counted === undefined) return object('wrong passkey');
    await storeRow(context, counted);
    const key = keyOfSession(parts, half);
    const whole = await beginSession(parts, key, { member, kind: 'page', label });
    await parts.store.removeSession(hash);
    return { secret: whole };
  });
}

/**
 * The row with the passkey's counter moved; undefined when it has no such passkey, or when the counter shows that there are
 * two of it (WebAuthn, 6.1.1). Many authenticators count nothing: theirs stays 0.
 */
function withCounter(row: MemberRow, { credential, counter }: ShownPasskey): MemberRow | undefined {
  const passkey = row.passkeys.find((each) => each.credential === credential);
  if (passkey === undefined) return undefined;
  const counts = counter !== 0 || passkey.counter !== 0;
  if (counts && counter <= passkey.counter) return undefined;
  const passkeys = row.passkeys.map((each) => (each === passkey ? { ...each, counter } : each));
  return { ...row, passkeys };
}
