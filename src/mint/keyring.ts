import { amount, isAmount } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import type { Instant } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal } from '../base/refusal.ts';
import type { Cdd, Cddc, MintKeyCertificate } from '../protocol/documents.ts';
import { suiteNamed } from '../suites/index.ts';
import type { CipherSuite } from '../suites/index.ts';
import { windowOf } from './charter/charter.ts';
import type { Charter, CharterKey } from './charter/charter.ts';

/** A mint key, read and ready: its windows as instants, its public key as the suite wants it. */
export interface RingKey {
  readonly id: string;
  readonly denomination: Amount;
  readonly certificate: MintKeyCertificate;
  readonly publicKey: unknown;
  /** live: as its dates say. revoked: signs no more. retired: signs no more, and its coins are not taken. */
  readonly state: CharterKey['state'];
  readonly signsFrom: Instant;
  readonly signsUntil: Instant;
  readonly coinsUntil: Instant;
  /** From when on what is left of its coins goes from float to treasury. */
  readonly closesAfter: Instant;
}

/** The public side of a currency: its description and its mint keys by id. Plans read from it, nothing else. */
export interface Keyring {
  readonly suite: CipherSuite;
  readonly cddc: Cddc;
  readonly cdd: Cdd;
  /** Every description there was, oldest first; the last is in force. */
  readonly cddcs: readonly Cddc[];
  readonly keys: ReadonlyMap<string, RingKey>;
}

/**
 * The keyring of a charter; keys that `before` has read already are not read again. Throws on documents that the mint
 * itself could not have made.
 */
export function openKeyring(charter: Charter, before?: Keyring): Keyring {
  const cddc = charter.cddcs.at(-1);
  if (cddc === undefined) throw new Error('a charter has a description');
  const suite = before?.suite ?? suiteNamed(cddc.cdd.issuer_cipher_suite);
  if (suite instanceof Refusal) throw new Error(suite.details);
  const keys = [...charter.keys.values()].map((key) =>
    readRingKey(suite, key, before?.keys.get(key.certificate.mint_key.id)),
  );
  const highest = Math.max(0, ...keys.map((key) => key.denomination));
  if (!isAmount(highest * LIMITS.coinsPerRequest)) throw new Error('a request of such coins has no safe sum');
  return {
    suite,
    cddc,
    cdd: cddc.cdd,
    cddcs: charter.cddcs,
    keys: new Map(keys.map((key) => [key.id, key])),
  };
}

function readRingKey(suite: CipherSuite, key: CharterKey, before: RingKey | undefined): RingKey {
  const { certificate, state } = key;
  const { mint_key: dated } = certificate;
  const publicKey = before?.publicKey ?? suite.readKey(dated.public_mint_key);
  if (publicKey instanceof Refusal) throw new Error(publicKey.details);
  return {
    id: dated.id,
    denomination: amount(dated.denomination),
    certificate,
    publicKey,
    state,
    ...windowOf(key),
  };
}
