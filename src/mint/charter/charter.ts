/**
 * What a currency's journal adds up to: what the currency is, and who may do what. The mint decides by it and an
 * auditor checks by it; both fold the same entries with the same functions (apply.ts).
 */
import { amount } from '../../base/amount.ts';
import type { Amount } from '../../base/amount.ts';
import { canonical } from '../../base/canonical.ts';
import { readDate, writeDate } from '../../base/dates.ts';
import type { Instant } from '../../base/dates.ts';
import type {
  Revocation,
  RevocationCertificate,
  StatementKeyCertificate,
} from '../../protocol/attestations.ts';
import type { Cdd, Cddc, MintKeyCertificate } from '../../protocol/documents.ts';
import type { Action, DescriptionTerms, KeySchedule, Policy, Reserve } from '../../protocol/governance.ts';
import type { Cashier, Head, KeyCount } from '../ports.ts';

export interface Charter {
  readonly issuerId: string;
  /** Oldest first; the last is in force. */
  readonly cddcs: readonly Cddc[];
  readonly statementKey: StatementKeyCertificate;
  readonly policy: Policy;
  readonly schedule: KeySchedule;
  /** By public key. */
  readonly cashiers: ReadonlyMap<string, Cashier>;
  readonly power: 'on' | 'off';
  /** By id; keys whose coins have expired are in `formerKeys`. */
  readonly keys: ReadonlyMap<string, CharterKey>;
  /** Ids that must never come again: a key of today would give life to spent coins that were forgotten. */
  readonly formerKeys: ReadonlySet<string>;
  readonly authorised: Amount;
  readonly reserve: CharterReserve | null;
  /** Orders that were executed, by serial, until they expire. */
  readonly executed: ReadonlyMap<string, ExecutedOrder>;
  /** What each rule, by its place in the policy, permitted on the last day that it was used. */
  readonly permitted: ReadonlyMap<number, Permitted>;
  /** Actions that were ordered and whose outcome's entry has not come yet. */
  readonly due: readonly Action[];
  readonly head: Head;
  readonly time: Instant;
  /** By mint key, as the journal last said: what the keys have issued and redeemed since. */
  readonly lastTotals: ReadonlyMap<string, Totals>;
}

export type Totals = Pick<KeyCount, 'issued' | 'redeemed'>;

/**
 * live: it signs within its window, and its coins are taken. revoked: it signs no more, its coins are taken for a
 * time. retired: neither, since coins spent before a restore may have been forgotten.
 */
export interface CharterKey {
  readonly certificate: MintKeyCertificate;
  readonly state: 'live' | 'revoked' | 'retired';
  readonly revoked?: RevocationCertificate;
  /** When a restore retired it. */
  readonly retired?: Instant;
}

/** `held` is of the other currency's smallest unit. */
export interface CharterReserve {
  readonly terms: Reserve;
  readonly held: Amount;
}

export interface ExecutedOrder {
  /** The hash of the order: another one may not come under its serial. */
  readonly hash: string;
  readonly expires: Instant;
}

/** `day` counts days since 1970 in UTC. */
export interface Permitted {
  readonly day: number;
  readonly amount: Amount;
}

/** The description in force. */
export function descriptionOf(charter: Charter): Cdd {
  const last = charter.cddcs.at(-1);
  if (last === undefined) throw new Error('a charter has a description');
  return last.cdd;
}

/** What of a description an order may change. */
export function termsOf(cdd: Cdd): DescriptionTerms {
  return {
    additional_info: cdd.additional_info,
    cdd_expiry_date: cdd.cdd_expiry_date,
    cdd_location: cdd.cdd_location,
    currency_name: cdd.currency_name,
    denominations: cdd.denominations,
    info_service: cdd.info_service,
    invalidation_service: cdd.invalidation_service,
    renewal_service: cdd.renewal_service,
    validation_service: cdd.validation_service,
  };
}

/** Whether a description says what was ordered. */
export function saysTerms(cdd: Cdd, terms: DescriptionTerms): boolean {
  return canonical(termsOf(cdd)) === canonical(terms);
}

/** When a mint key signs, and until when its coins are taken, all of it within the bounds of its state. */
export function windowOf({ certificate, state, revoked }: CharterKey): {
  readonly signsFrom: Instant;
  readonly signsUntil: Instant;
  readonly coinsUntil: Instant;
  /** From when on what is left of its coins goes from float to treasury. */
  readonly closesAfter: Instant;
} {
  const key = certificate.mint_key;
  const expiry = instantOf(key.coins_expiry_date);
  const until = revoked === undefined ? expiry : Math.min(expiry, instantOf(revoked.revocation.coins_until));
  return {
    signsFrom: instantOf(key.sign_coins_not_before),
    signsUntil: state === 'live' ? instantOf(key.sign_coins_not_after) : Number.NEGATIVE_INFINITY,
    coinsUntil: state === 'retired' ? Number.NEGATIVE_INFINITY : until,
    // Coins that are not taken any more are still in people's hands: the float says so until they would have expired.
    closesAfter: expiry,
  };
}

/**
 * What a mint publishes of a key that a restore retired. No order says so, but the restore in the journal: the word is
 * the same each time it is given.
 */
export function retirementOf(issuerId: string, { certificate, retired }: CharterKey): Revocation | undefined {
  if (retired === undefined) return undefined;
  return {
    coins_until: writeDate(retired),
    issuer_id: issuerId,
    mint_key_id: certificate.mint_key.id,
    revoked: writeDate(retired),
    type: 'mint key revocation',
  };
}

/** What so much of a reserve is worth in our smallest unit, rounded down, and never more than its terms may add. */
export function worth({ gives, most, units }: Reserve, held: number): Amount {
  const value = (BigInt(held) * BigInt(gives)) / BigInt(units);
  return amount(value < BigInt(most) ? Number(value) : most);
}

/** Reads a date of a document that was decoded. Throws on any other. */
export function instantOf(date: string): Instant {
  const instant = readDate(date);
  if (instant === undefined) throw new Error('a decoded document has dates of the calendar only');
  return instant;
}
