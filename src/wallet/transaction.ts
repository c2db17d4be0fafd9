/** The coins that a transaction makes: planned, blinded, and taken out of the mint's answer. */
import { Refusal, refuse } from '../base/refusal.ts';
import { PROTOCOL_VERSION } from '../protocol/documents.ts';
import type { Blind, MintKeyCertificate, Payload } from '../protocol/documents.ts';
import { idOf, payloadBytes } from '../protocol/ids.ts';
import type { ResponseMint } from '../protocol/messages/mint.ts';
import type { CoinSecrets } from '../suites/index.ts';
import type { Preparation } from '../suites/suite.ts';
import type { Context } from './context.ts';
import {
  accountSecrets,
  blindReference,
  coinSecret,
  coinSecrets,
  coinSerial,
  currencySecret,
  identitySecret,
  transactionReference,
  transactionSecret,
} from './derivation.ts';
import { readKey, suiteOf } from './keys.ts';
import type { SigningKeys } from './keys.ts';
import { shuffle } from './shuffle.ts';
import type { HeldCoin, KnownCurrency, Output, Transaction } from './state.ts';

/** A transaction under a number, for coins of these denominations in random order. */
export function planTransaction(
  context: Context,
  { cddc, unblinded }: KnownCurrency,
  number: number,
  denominations: readonly number[],
  keys: SigningKeys,
): Transaction {
  const counts = new Map<string, number>();
  const outputs = denominations.map((denomination): Output => {
    const key = keys.get(denomination)?.mint_key;
    if (key === undefined) throw new Error('coins are planned only for denominations that have a key');
    const index = counts.get(key.id) ?? 0;
    counts.set(key.id, index + 1);
    return { mintKeyId: key.id, index };
  });
  const location = cddc.cdd.cdd_location;
  const how = unblinded === undefined ? {} : { unblinded };
  return { number, location, outputs: shuffle(outputs, context.randomness), ...how };
}

/** The `transaction_reference`. */
export function referenceOf(context: Context, currency: string, number: number): string {
  return transactionReference(secretOf(context, currency, number));
}

/** The account's secrets at a currency's mint: suites of two rounds only. */
export function accountSecretsOf({ book }: Context, currency: string): CoinSecrets {
  return accountSecrets(identitySecret(currencySecret(book.root, currency)));
}

/** The blinds, the same each time. In a suite of two rounds the transaction has its commitments. */
export function blindsOf(context: Context, currency: KnownCurrency, transaction: Transaction): Blind[] {
  const suite = suiteOf(currency.cddc.cdd);
  const { commitments, unblinded } = transaction;
  const account = suite.accounts === undefined ? {} : { account: accountSecretsOf(context, currency.id) };
  return comingCoins(context, currency, transaction).map((coin, index) => {
    const commitment = commitments?.[index];
    const how: Preparation = {
      ...account,
      ...(commitment === undefined ? {} : { commitment }),
      ...(unblinded === undefined ? {} : { blinded: false }),
    };
    return {
      blinded_payload_hash: suite.prepare(coin.key, coin.bytes, coin.secrets, how),
      mint_key_id: coin.payload.mint_key_id,
      reference: coin.reference,
      type: 'blinded payload hash',
    };
  });
}

/**
 * The coins out of the mint's answer, each verified; all of them or a refusal. Whatever is wrong with the answer,
 * the same can be asked for again.
 */
export function collect(
  context: Context,
  currency: KnownCurrency,
  transaction: Transaction,
  answer: ResponseMint,
): readonly HeldCoin[] | Refusal {
  if (transaction.outputs === null) return collectFound(context, currency, transaction, answer);
  const coming = comingCoins(context, currency, transaction);
  const signatures = byReference(answer);
  if (answer.blind_signatures.length !== coming.length || signatures.size !== coming.length) {
    return refuse(
      'bad signature',
      `the mint answered ${signatures.size} blind signatures for ${coming.length} blinds`,
    );
  }
  const coins: HeldCoin[] = [];
  for (const coin of coming) {
    const made = unblind(context, currency, coin, signatures.get(coin.reference));
    if (made instanceof Refusal) return made;
    coins.push(made);
  }
  return coins;
}

/** The coins out of an answer to blinds that another wallet with this phrase sent: its references tell which. */
function collectFound(
  context: Context,
  currency: KnownCurrency,
  transaction: Transaction,
  answer: ResponseMint,
): readonly HeldCoin[] | Refusal {
  const found = findCoins(context, currency, transaction, answer);
  if (found.refused === 0 && found.coins.length === answer.blind_signatures.length) return found.coins;
  return refuse('bad signature', 'not every blind signature of the answer is a coin of this wallet');
}

/** What an answer holds for a wallet that knows nothing but its phrase. Amounts to no promise that it is all. */
export interface FoundCoins {
  readonly coins: readonly HeldCoin[];
  /** Blind signatures that were this wallet's but make no coin. */
  readonly refused: number;
}

/**
 * Matches blind signatures with the coins they are for, over all mint keys of the currency that are known. Whoever sent
 * the blinds may have handed the coins over since: where that gives a holder away, they are doubtful.
 */
export function findCoins(
  context: Context,
  currency: KnownCurrency,
  { number, location }: Transaction,
  answer: ResponseMint,
): FoundCoins {
  const signatures = byReference(answer);
  const doubt = suiteOf(currency.cddc.cdd).offline === undefined ? {} : { doubtful: true as const };
  const coins: HeldCoin[] = [];
  let refused = 0;
  for (const { mint_key: key } of context.book.certificates.values()) {
    if (key.issuer_id !== currency.id) continue;
    // A transaction counts the coins of each key from 0 without a gap.
    for (let index = 0; ; index++) {
      // Asked of the secret alone: making a coin may take the suite's mathematics.
      const secret = coinSecret(secretOf(context, currency.id, number), key.id, index);
      const signature = signatures.get(blindReference(secret));
      if (signature === undefined) break;
      const coin = comingCoin(context, currency, location, { mintKeyId: key.id, secret });
      const made = unblind(context, currency, coin, signature);
      if (made instanceof Refusal) refused++;
      else coins.push({ ...made, ...doubt });
    }
  }
  return { coins, refused };
}

/** All that is known of a coin before the mint has signed it. */
interface ComingCoin {
  readonly key: unknown;
  readonly payload: Payload;
  readonly bytes: Uint8Array;
  readonly secrets: CoinSecrets;
  readonly reference: string;
}

function comingCoins(
  context: Context,
  currency: KnownCurrency,
  transaction: Transaction,
): readonly ComingCoin[] {
  const secret = secretOf(context, currency.id, transaction.number);
  return (transaction.outputs ?? []).map(({ mintKeyId, index }) =>
    comingCoin(context, currency, transaction.location, {
      mintKeyId,
      secret: coinSecret(secret, mintKeyId, index),
    }),
  );
}

function comingCoin(
  context: Context,
  { id, cddc }: KnownCurrency,
  location: string,
  { mintKeyId, secret }: { readonly mintKeyId: string; readonly secret: Uint8Array },
): ComingCoin {
  const certificate = context.book.certificate(mintKeyId);
  const suite = suiteOf(cddc.cdd);
  const key = readKey(suite, certificate.mint_key.public_mint_key);
  const secrets = coinSecrets(secret);
  const serial = suite.offline?.serial(key, secrets, accountSecretsOf(context, id)) ?? coinSerial(secret);
  const payload = payloadOf(certificate, location, serial);
  return { key, payload, bytes: payloadBytes(payload), secrets, reference: blindReference(secret) };
}

function payloadOf({ mint_key: key }: MintKeyCertificate, location: string, serial: string): Payload {
  return {
    cdd_location: location,
    denomination: key.denomination,
    issuer_id: key.issuer_id,
    mint_key_id: key.id,
    protocol_version: PROTOCOL_VERSION,
    serial,
    type: 'payload',
  };
}

function unblind(
  context: Context,
  { id, cddc }: KnownCurrency,
  coin: ComingCoin,
  blindSignature: string | undefined,
): HeldCoin | Refusal {
  if (blindSignature === undefined) {
    return refuse('bad signature', 'the mint answered a blind signature for a blind that was not sent');
  }
  const suite = suiteOf(cddc.cdd);
  const how = suite.accounts === undefined ? {} : { account: accountSecretsOf(context, id) };
  const signature = suite.unblind(coin.key, coin.bytes, blindSignature, coin.secrets, how);
  if (signature instanceof Refusal) return signature;
  const { payload } = coin;
  return { id: idOf(coin.bytes), coin: { payload, signature, type: 'coin' }, reservedBy: null };
}

function byReference(answer: ResponseMint): ReadonlyMap<string, string> {
  return new Map(answer.blind_signatures.map((each) => [each.reference, each.blind_signature]));
}

function secretOf({ book }: Context, currency: string, number: number): Uint8Array {
  return transactionSecret(currencySecret(book.root, currency), number);
}
