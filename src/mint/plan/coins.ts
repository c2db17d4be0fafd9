import type { Amount } from '../../base/amount.ts';
import { ZERO, add } from '../../base/amount.ts';
import type { Instant } from '../../base/dates.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { PROTOCOL_VERSION } from '../../protocol/documents.ts';
import type { Coin } from '../../protocol/documents.ts';
import { idOf, payloadBytes } from '../../protocol/ids.ts';
import type { Keyring, RingKey } from '../keyring.ts';
import type { CoinCheck, Move } from '../ports.ts';

/** What a request's coins come to, and which signatures have yet to be checked. */
export interface PlannedCoins {
  readonly ids: readonly string[];
  readonly checks: readonly CoinCheck[];
  readonly moves: readonly Move[];
  readonly total: Amount;
  readonly expires: Instant;
  /** When the first of them will: a commit after that comes too late. */
  readonly lapses: Instant;
  /** The accounts to which some were paid, which alone may bring them. */
  readonly payees: ReadonlySet<string>;
}

/** Checks every coin but for its signature: currency, key, denomination, expiry, and that none stands twice. */
export function planCoins(coins: readonly Coin[], ring: Keyring, now: Instant): PlannedCoins | Refusal {
  const seen = new Set<string>();
  const checks: CoinCheck[] = [];
  const moves: Move[] = [];
  const payees = new Set<string>();
  let total = ZERO;
  let expires = 0;
  let lapses = Infinity;
  for (const [index, coin] of coins.entries()) {
    const key = keyOf(coin, ring, now, `coins[${index}]`);
    if (key instanceof Refusal) return key;
    const payload = payloadBytes(coin.payload);
    const id = idOf(payload);
    if (seen.has(id)) return refuse('already spent', `coins[${index}]: stands twice in this request`);
    seen.add(id);
    checks.push({ keyId: key.id, payload, signature: coin.signature });
    moves.push({ keyId: key.id, issued: ZERO, redeemed: key.denomination });
    const serial = ring.suite.offline?.serialOf(coin.signature) ?? coin.payload.serial;
    if (serial !== coin.payload.serial)
      return refuse('bad signature', `coins[${index}].payload.serial: is not the one of its signature`);
    const payee = ring.suite.offline?.paymentOf(coin.signature)?.payee ?? '';
    if (payee !== '') payees.add(payee);
    total = add(total, key.denomination);
    expires = Math.max(expires, key.coinsUntil);
    lapses = Math.min(lapses, key.coinsUntil);
  }
  return { ids: [...seen], checks, moves, total, expires, lapses, payees };
}

function keyOf({ payload }: Coin, ring: Keyring, now: Instant, path: string): RingKey | Refusal {
  if (payload.protocol_version !== PROTOCOL_VERSION) {
    return refuse('malformed', `${path}.payload.protocol_version: must be ${PROTOCOL_VERSION}`);
  }
  if (payload.issuer_id !== ring.cdd.id)
    return refuse('unknown', `${path}.payload.issuer_id: another currency`);
  const key = ring.keys.get(payload.mint_key_id);
  if (key === undefined)
    return refuse('unknown', `${path}.payload.mint_key_id: no mint key of this currency`);
  if (payload.denomination !== key.denomination) {
    return refuse(
      'bad signature',
      `${path}.payload.denomination: its mint key makes coins of ${key.denomination}`,
    );
  }
  if (key.state === 'retired')
    return refuse('expired', `${path}: its mint key was retired when the mint was restored; ask the issuer`);
  if (now > key.coinsUntil) return refuse('expired', `${path}: coins of this mint key have expired`);
  return key;
}
