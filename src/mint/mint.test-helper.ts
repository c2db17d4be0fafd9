/** A small currency for tests, of any suite; chaum86 with keys of 512 bits where none is named. Nothing here is secure. */
import { createHash, createPrivateKey, sign as nodeSign } from 'node:crypto';
import assert from 'node:assert/strict';
import { bytesToNumber, writeBigInt } from '../base/bigint.ts';
import { utf8 } from '../base/bytes.ts';
import { canonicalBytes } from '../base/canonical.ts';
import { DAY, SECOND, writeDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { Blind, Coin, Payload } from '../protocol/documents.ts';
import { PROTOCOL_VERSION } from '../protocol/documents.ts';
import type { Founding } from '../protocol/governance.ts';
import { idOf, payloadBytes } from '../protocol/ids.ts';
import { commitmentsContext } from '../protocol/messages/commitments.ts';
import type { RequestCommitments } from '../protocol/messages/commitments.ts';
import type { Funding, RequestFund } from '../protocol/messages/fund.ts';
import type { ResponseMint } from '../protocol/messages/mint.ts';
import type { Registration, SignedRegistration } from '../protocol/messages/registration.ts';
import { makeCashierKey, signEd25519, verifyEd25519 } from '../signers/ed25519.ts';
import type { NativeKey } from '../signers/native.ts';
import { nativeNamed } from '../signers/natives.ts';
import { openMemoryVault } from '../signers/vault/vault.ts';
import { chaum86 } from '../suites/chaum86.ts';
import type { CoinSecrets } from '../suites/index.ts';
import { makeKey } from '../suites/keys.test-helper.ts';
import { rfc9474 } from '../suites/rfc9474.ts';
import type { Payment, Preparation } from '../suites/suite.ts';
import { foundCurrency } from './found.ts';
import type { Keyring, RingKey } from './keyring.ts';
import { POLICY, signatory } from './operators.test-helper.ts';
import type { JournalStep, KeyLoader, KeyMaker, LoadedKey, NewKey, Signer, Vault } from './ports.ts';

export const NOW = Date.UTC(2026, 0, 1);
const URL_OF_ISSUER = 'http://127.0.0.1:1/';
const SERVICE = [[10, URL_OF_ISSUER]] as const;

const cashier = signatory(202);
export const CASHIER = cashier.publicKey;

/** The cashier's signature. */
export function cashierSignature(bytes: Uint8Array): string {
  return signEd25519(cashier.secret, bytes);
}

export const KEYS_SIGN = 100 * DAY;
export const COINS_LIVE = 200 * DAY;
export const AHEAD = 10 * DAY;

/** Coins of 1, 2 and 4, a treasury of 1000, a cashier who may fund 100 at once and 500 a day. */
export const FOUNDING: Founding = {
  cashiers: [{ cashier: CASHIER, limit_per_day: 500, limit_per_operation: 100 }],
  currency_divisor: 1,
  description: {
    additional_info: '',
    cdd_expiry_date: writeDate(NOW + 3_000 * DAY),
    cdd_location: URL_OF_ISSUER,
    currency_name: 'Test',
    denominations: [1, 2, 4],
    info_service: SERVICE,
    invalidation_service: SERVICE,
    renewal_service: SERVICE,
    validation_service: SERVICE,
  },
  issuer_cipher_suite: chaum86.name,
  key_schedule: {
    coins_live_seconds: COINS_LIVE / SECOND,
    keys_sign_seconds: KEYS_SIGN / SECOND,
    publish_ahead_seconds: AHEAD / SECOND,
  },
  policy: POLICY,
  treasury: 1_000,
  type: 'founding',
};

/** Keys that were made in this process: every maker begins with the first of them, since making them is slow. */
const pool = new Map<string, Promise<NewKey>>();

function pooledKey(suite: string, use: 'master' | 'mint', number: number): Promise<NewKey> {
  // Of the RSA suites the master's keys are like any other.
  const name = suite in RSA_BITS ? `${suite} ${number}` : `${suite} ${use} ${number}`;
  const pooled = pool.get(name) ?? newKey(suite, use);
  pool.set(name, pooled);
  return pooled;
}

/** Bits of RSA keys in tests: PSS with SHA-384 has no room in fewer than 784. */
const RSA_BITS: Readonly<Record<string, number>> = { [chaum86.name]: 512, [rfc9474.name]: 1_024 };

async function newKey(suite: string, use: 'master' | 'mint'): Promise<NewKey> {
  const bits = RSA_BITS[suite];
  if (bits === undefined)
    return use === 'master' ? nativeNamed(suite).makeMaster() : nativeNamed(suite).makeMintKey();
  const { document, secretObject } = makeKey(bits);
  return {
    publicKey: document,
    secret: new Uint8Array(secretObject.export({ format: 'der', type: 'pkcs8' })),
  };
}

const openSecret = (secret: Uint8Array) =>
  createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' });

/** Makes keys, for one currency: no two of them are the same. */
export function testMaker(): KeyMaker {
  let made = 0;
  return {
    make: (suite, use) => pooledKey(suite, use, made++),
    signDocument: (suite, secret, document) =>
      suite === chaum86.name
        ? Promise.resolve(writeBigInt(bytesToNumber(nodeSign('sha256', document, openSecret(secret)))))
        : nativeNamed(suite).signDocument(secret, document),
    makeStatementKey: makeCashierKey,
    attest: signEd25519,
  };
}

/** In plain arithmetic, of keys under which OpenSSL signs nothing: they are too short. */
function openPlainly({ publicKey, secret }: LoadedKey): NativeKey {
  const key = chaum86.readKey(publicKey);
  assert.ok(!(key instanceof Refusal));
  const secretDocument = nativeNamed(chaum86.name).plainSecret(publicKey, secret);
  return {
    sign: (blind) => chaum86.signPlainly(secretDocument, blind),
    verify: (payload, shown) => chaum86.verify(key, payload, shown),
  };
}

/** Keys that were opened in this process. */
const openKeys = new Map<string, NativeKey>();

function openKey(key: LoadedKey): NativeKey {
  const known = openKeys.get(key.keyId);
  const opened =
    known ??
    (key.suite === chaum86.name ? openPlainly(key) : nativeNamed(key.suite).open(key.publicKey, key.secret));
  openKeys.set(key.keyId, opened);
  return opened;
}

/** Signs in this process, with keys that were loaded and no others. */
export function plainLanes(): Signer & KeyLoader {
  const loaded = new Map<string, NativeKey>();
  const keyOf = (keyId: string) => {
    const found = loaded.get(keyId);
    if (found === undefined) throw new Error(`no mint key ${keyId} is loaded`);
    return found;
  };
  return {
    load: (keys) => {
      for (const key of keys) loaded.set(key.keyId, openKey(key));
      return Promise.resolve();
    },
    verify: async (checks) => {
      await Promise.resolve();
      return checks.map(({ keyId, payload, signature }) => keyOf(keyId).verify(payload, signature));
    },
    sign: async (blinds) => {
      await Promise.resolve();
      return blinds.map(({ keyId, blind }) => keyOf(keyId).sign(blind));
    },
    commit: async (coins) => {
      await Promise.resolve();
      return coins.map(({ keyId, identity }) => {
        const commitment = keyOf(keyId).commit?.(identity);
        if (commitment === undefined) throw new Error('this suite has no first round');
        return commitment;
      });
    },
    verifyCashier: (publicKey, bytes, signature) =>
      Promise.resolve(verifyEd25519(publicKey, bytes, signature)),
  };
}

export interface TestCurrency {
  readonly issuerId: string;
  /** Recording it founds the currency. */
  readonly step: JournalStep;
  readonly maker: KeyMaker;
  readonly vault: Vault;
}

/** Founds a currency at `NOW`. */
export async function foundTestCurrency(changes: Partial<Founding> = {}): Promise<TestCurrency> {
  const founder = { maker: testMaker(), vault: openMemoryVault() };
  const founded = await foundCurrency(founder, { ...FOUNDING, ...changes }, NOW, () => undefined);
  assert.ok(!(founded instanceof Refusal), founded instanceof Refusal ? founded.details : '');
  return { ...founded, ...founder };
}

/** The cashier's word that an order was paid. */
export function fundRequest(
  ring: Keyring,
  reference: string,
  value: number,
  changed: Partial<Funding> = {},
): RequestFund {
  const funding: Funding = {
    amount: value,
    cashier: CASHIER,
    currency: ring.cdd.id,
    expires: writeDate(NOW + 30 * DAY),
    transaction_reference: reference,
    type: 'funding',
    ...changed,
  };
  return {
    funding,
    message_reference: 1,
    signature: cashierSignature(canonicalBytes(funding)),
    type: 'request fund',
  };
}

/** The cashier's word that a wallet's identity is an account's. */
export function registrationOf(
  ring: Keyring,
  wallet: string,
  changed: Partial<Registration> = {},
): SignedRegistration {
  const { accounts } = ring.suite;
  assert.ok(accounts !== undefined);
  const registration: Registration = {
    cashier: CASHIER,
    currency: ring.cdd.id,
    identity: accounts.identity(secretsOf(wallet)),
    type: 'registration',
    ...changed,
  };
  const signature = cashierSignature(canonicalBytes(registration));
  return { registration, signature, type: 'signed registration' };
}

/** A wallet's request for the first round of a transaction, of coins of these denominations. */
export function commitmentsRequest(
  ring: Keyring,
  wallet: string,
  reference: string,
  denominations: readonly number[],
  now: Instant = NOW,
): RequestCommitments {
  const { accounts } = ring.suite;
  assert.ok(accounts !== undefined);
  const asked = {
    mint_key_ids: denominations.map((value) => keyFor(ring, value, now).id),
    transaction_reference: reference,
  };
  return {
    ...asked,
    message_reference: 3,
    proof: accounts.prove(secretsOf(wallet), commitmentsContext(ring.cdd.id, asked)),
    signed_registration: registrationOf(ring, wallet),
    type: 'request commitments',
  };
}

/** A coin to come: its payload, its blind, and how the mint's answer becomes the coin. */
export interface ComingCoin {
  readonly payload: Payload;
  readonly blind: Blind;
  /** The coin's signature as a purse keeps it. */
  held(answer: Answered): string;
  /** The coin as the mint gets it, handed over to whoever has it. */
  unblind(answer: Answered): Coin;
  /** The coin as the mint gets it, handed over in this payment. */
  paid(answer: Answered, payment: Payment): Coin;
}

type Answered = Pick<ResponseMint, 'blind_signatures'>;

/** Secrets that follow from a name. */
export function secretsOf(name: string): CoinSecrets {
  return (label, length) =>
    new Uint8Array(createHash('shake256', { outputLength: length }).update(`${name}/${label}`).digest());
}

/** The key that signs coins of a denomination at `now`. */
export function keyFor(ring: Keyring, denomination: number, now: Instant = NOW): RingKey {
  const key = [...ring.keys.values()].find(
    (each) => each.denomination === denomination && each.signsFrom <= now && now <= each.signsUntil,
  );
  assert.ok(key !== undefined, `a key signs coins of ${denomination}`);
  return key;
}

/**
 * Prepares a coin of a denomination under the key that signs at `now`; the same name gives the same coin. Suites of two
 * rounds: the commitment, and the account that it was made for. `twinOf`: on a payload that another coin has already.
 */
export function prepareCoin(
  ring: Keyring,
  name: string,
  denomination: number,
  now: Instant = NOW,
  { twinOf, ...how }: Preparation & { readonly twinOf?: Payload } = {},
): ComingCoin {
  const { suite } = ring;
  const key = keyFor(ring, denomination, now);
  const payload: Payload = twinOf ?? {
    cdd_location: ring.cdd.cdd_location,
    denomination,
    issuer_id: ring.cdd.id,
    mint_key_id: key.id,
    protocol_version: PROTOCOL_VERSION,
    serial:
      how.account === undefined
        ? idOf(utf8(name)).replace(/^0+/, '')
        : (suite.offline?.serial(key.publicKey, secretsOf(name), how.account) ?? '1'),
    type: 'payload',
  };
  const bytes = payloadBytes(payload);
  const secrets = secretsOf(name);
  const blind: Blind = {
    blinded_payload_hash: suite.prepare(key.publicKey, bytes, secrets, how),
    mint_key_id: key.id,
    reference: name,
    type: 'blinded payload hash',
  };
  const held = (answer: Answered): string => {
    const signed = answer.blind_signatures.find((each) => each.reference === name);
    assert.ok(signed !== undefined);
    const signature = suite.unblind(key.publicKey, bytes, signed.blind_signature, secrets, how);
    assert.ok(!(signature instanceof Refusal));
    return signature;
  };
  const paid = (answer: Answered, payment: Payment): Coin => {
    const handed = suite.hand(key.publicKey, bytes, held(answer), payment);
    assert.ok(!(handed instanceof Refusal));
    return { payload, signature: suite.show(handed), type: 'coin' };
  };
  return {
    payload,
    blind,
    held,
    paid,
    unblind: (answer) => paid(answer, { payee: '', time: now, amount: denomination }),
  };
}
