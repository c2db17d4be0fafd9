/** When mint keys are due: pure, from the charter and the time. */
import { DAY, HOUR, MINUTE, SECOND } from '../../base/dates.ts';
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

/** Every key stands in the journal for ever: a shorter time would let it grow without end. */
const SIGN_LEAST = MINUTE / SECOND;
/** About 20 years, and twice that for coins: no date comes near the year 9999, where dates end. */
const SIGN_MOST = (7_305 * DAY) / SECOND;
const LIVE_MOST = 2 * SIGN_MOST;

/** Why a schedule cannot work for so many denominations; undefined when it can. */
export function scheduleFaults(schedule: KeySchedule, denominations: number): Refusal | undefined {
  const { keys_sign_seconds: sign, coins_live_seconds: live, publish_ahead_seconds: ahead } = schedule;
  if (sign < SIGN_LEAST || sign > SIGN_MOST)
    return refuse('malformed', `keys_sign_seconds: from ${SIGN_LEAST} to ${SIGN_MOST}, which is 20 years`);
  if (live > LIVE_MOST)
    return refuse('malformed', `coins_live_seconds: at most ${LIVE_MOST}, which is 40 years`);
  if (live <= sign)
    return refuse('malformed', 'coins_live_seconds: coins must live longer than their key signs');
  if (ahead > sign)
    return refuse(
      'malformed',
      'publish_ahead_seconds: one key ahead is the most, so at most keys_sign_seconds',
    );
  const keys = keysAtOnce(schedule, denominations);
  if (keys > LIMITS.mintKeyCertificates)
    return refuse(
      'malformed',
      `key_schedule: ${keys} mint keys would live at once; at most ${LIMITS.mintKeyCertificates}`,
    );
  return undefined;
}

/** How many mint keys live at one time, at most, when all is made by one schedule. */
export function keysAtOnce(schedule: KeySchedule, denominations: number): number {
  const { keys_sign_seconds: sign, coins_live_seconds: live, publish_ahead_seconds: ahead } = schedule;
  return denominations * (Math.ceil((live + ahead) / sign) + 1);
}

/** The keys that have to be made now, so that every denomination can sign now and for as long as is published ahead. */
export function wantedKeys(charter: Charter, ring: Keyring, now: Instant): readonly WantedKey[] {
  const { schedule } = charter;
  const lasts = schedule.keys_sign_seconds * SECOND;
  const horizon = now + schedule.publish_ahead_seconds * SECOND;
  const due = ring.cdd.denominations.flatMap((denomination) => {
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
  // Restores and revocations are never refused for want of room; their successors wait until older keys are closed.
  return due.slice(0, Math.max(0, LIMITS.openMintKeys - ring.keys.size));
}

/** The keys whose coins nobody can bring back any more. */
export function expiredKeys(ring: Keyring, now: Instant): readonly RingKey[] {
  return [...ring.keys.values()].filter((key) => key.closesAfter + GRACE < now);
}
