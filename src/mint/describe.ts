/** What anyone may ask of a currency: its description and its mint keys. */
import type { Instant } from '../base/dates.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import type { RequestCddSerial, ResponseCddSerial } from '../protocol/messages/cdd-serial.ts';
import type { RequestCddc, ResponseCddc } from '../protocol/messages/cddc.ts';
import type {
  RequestMintKeyCertificates,
  ResponseMintKeyCertificates,
} from '../protocol/messages/mint-key-certificates.ts';
import type { Keyring, RingKey } from './keyring.ts';

export function describeSerial(ring: Keyring, request: RequestCddSerial): ResponseCddSerial {
  return { ...ok(request.message_reference), cdd_serial: ring.cdd.cdd_serial, type: 'response cdd serial' };
}

export function describeCddc(ring: Keyring, request: RequestCddc): ResponseCddc | Refusal {
  if (request.cdd_serial !== undefined && request.cdd_serial !== ring.cdd.cdd_serial) {
    return refuse('unknown', `cdd_serial: the current description has serial ${ring.cdd.cdd_serial}`);
  }
  return { ...ok(request.message_reference), cddc: ring.cddc, type: 'response cddc' };
}

/** The keys of the denominations or with the ids asked for; without either, all whose coins still live. */
export function describeKeys(
  ring: Keyring,
  request: RequestMintKeyCertificates,
  now: Instant,
): ResponseMintKeyCertificates {
  const ids = new Set(request.mint_key_ids ?? []);
  const denominations = new Set<number>(request.denominations ?? []);
  const unfiltered = ids.size === 0 && denominations.size === 0;
  const lives = (key: RingKey) =>
    now <= key.coinsUntil && (unfiltered || denominations.has(key.denomination));
  const keys = [...ring.keys.values()].filter((key) => ids.has(key.id) || lives(key));
  return {
    ...ok(request.message_reference),
    keys: keys.map((key) => key.certificate),
    type: 'response mint key certificates',
  };
}
