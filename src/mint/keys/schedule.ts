/** When mint keys are due: pure, from the charter and the time. */
import { HOUR, SECOND } from '../../base/dates.ts';
import type { Instant } from '../../base/dates.ts';
import { LIMITS } from '../../base/limits.ts';
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import type { KeySchedule } from '../../protocol/governance.ts';
import type { Charter } from '../charter/charter.ts';
import type { Keyring, RingKey } from '../keyring.ts';
import type { WantedKey } from './make.ts';

/** How long a key's books are kept after its coins have expired: a request that came in time must have been answered. */
const GRACE = HOUR;

/** Why a schedule cannot work for so many denominations; undefined when it can. */
export function scheduleFaults(schedule: KeySchedule, denominations: number): Refusal | undefined {
  const { keys_sign_seconds: sign, coins_live_seconds: live, publish_ahead_seconds: ahead } = schedule;
  if (live <= sign)
    return refuse('malformed', 'coins_live_seconds: coins must live longer than their key signs');
  if (ahead > sign)
    return refuse(
      'malformed',
      'publish_ahead_seconds: one key ahead is the most, so at most keys_sign_seconds',
    );
  const keys = denominations * (Math.ceil((live + ahead) / sign) + 1);
  if (keys > LIMITS.mintKeyCertificates)
    return refuse(
      'malformed',
      `key_schedule: ${keys} mint keys would live at once; at most ${LIMITS.mintKeyCertificates}`,
    );
  return undefined;
}

/** The keys that have to be made now, so that every denomination can sign now and for as long as is published ahead. */
export function wantedKeys(charter: Charter, ring: Keyring, now: Instant): readonly WantedKey[] {
  const { schedule } = charter;
  const lasts = schedule.keys_sign_seconds * SECOND;
  const horizon = now + schedule.publish_ahead_seconds * SECOND;
  return ring.cdd.denominations.flatMap((denomination) => {
    const keys = [...ring.keys.values()].filter(
      (key) => key.state === 'live' && key.denomination === denomination && key.signsUntil > now,
    );
    const wanted: WantedKey[] = [];
    const want = (from: Instant, until: Instant) =>
      wanted.push({ denomination, window: { from, until }, schedule });
    // After a revocation the next key may be published already: what takes the revoked one's place ends where it begins.
    const next = Math.min(...keys.map((key) => key.signsFrom));
    if (next > now) want(now, Math.min(now + lasts, next));
    const until = Math.max(...keys.map((key) => key.signsUntil), ...wanted.map(({ window }) => window.until));
    if (until <= horizon) want(until, until + lasts);
    return wanted;
  });
}

/** The keys whose coins nobody can bring back any more. */
export function expiredKeys(ring: Keyring, now: Instant): readonly RingKey[] {
  return [...ring.keys.values()].filter((key) => key.closesAfter + GRACE < now);
}
