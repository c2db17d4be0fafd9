import type { Amount } from '../../base/amount.ts';
import { ZERO, add } from '../../base/amount.ts';
import type { Instant } from '../../base/dates.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { Blind } from '../../protocol/documents.ts';
import type { Keyring, RingKey } from '../keyring.ts';
import type { Move } from '../ports.ts';

/** What a request's blinds come to. `expires` is when the last of their coins will. */
export interface PlannedBlinds {
  readonly moves: readonly Move[];
  readonly total: Amount;
  readonly expires: Instant;
  /** When the first of their keys stops signing. */
  readonly lapses: Instant;
}

/** Checks every blind: its key known and in its signing window, itself in range, its reference used once. */
export function planBlinds(blinds: readonly Blind[], ring: Keyring, now: Instant): PlannedBlinds | Refusal {
  const references = new Set<string>();
  const moves: Move[] = [];
  let total = ZERO;
  let expires = 0;
  let lapses = Infinity;
  for (const [index, blind] of blinds.entries()) {
    const key = keyFor(blind, ring, now, `blinds[${index}]`);
    if (key instanceof Refusal) return key;
    if (references.has(blind.reference)) return refuse('malformed', `blinds[${index}].reference: used twice`);
    references.add(blind.reference);
    moves.push({ keyId: key.id, issued: key.denomination, redeemed: ZERO });
    total = add(total, key.denomination);
    expires = Math.max(expires, key.coinsUntil);
    lapses = Math.min(lapses, key.signsUntil);
  }
  return { moves, total, expires, lapses };
}

/** A mint key that signs now; `path` is the field that names it. */
export function signingKeyOf(id: string, ring: Keyring, now: Instant, path: string): RingKey | Refusal {
  const key = ring.keys.get(id);
  if (key === undefined) return refuse('unknown', `${path}: no mint key of this currency`);
  return now < key.signsFrom || now > key.signsUntil
    ? refuse('expired', `${path}: this mint key does not sign now`)
    : key;
}

function keyFor(blind: Blind, ring: Keyring, now: Instant, path: string): RingKey | Refusal {
  const key = signingKeyOf(blind.mint_key_id, ring, now, `${path}.mint_key_id`);
  if (key instanceof Refusal) return key;
  if (!ring.suite.accepts(key.publicKey, blind.blinded_payload_hash)) {
    return refuse('malformed', `${path}.blinded_payload_hash: out of range for its mint key`);
  }
  return key;
}
