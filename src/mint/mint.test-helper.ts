/** A small currency for tests: chaum86 with keys of 512 bits, signed in plain arithmetic. Nothing here is secure. */
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
import type { Funding, RequestFund } from '../protocol/messages/fund.ts';
import type { ResponseMint } from '../protocol/messages/mint.ts';
import { makeCashierKey, signEd25519, verifyEd25519 } from '../signers/ed25519.ts';
import { openMemoryVault } from '../signers/vault.ts';
import { chaum86 } from '../suites/chaum86.ts';
import type { CoinSecrets, KeyDocument } from '../suites/index.ts';
import { makeKey } from '../suites/keys.test-helper.ts';
import { foundCurrency } from './found.ts';
import type { Keyring } from './keyring.ts';
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
const pool: NewKey[] = [];

function pooledKey(number: number): NewKey {
  const pooled = pool[number];
  if (pooled !== undefined) return pooled;
  const { document, secretObject } = makeKey(512);
  const secret = new Uint8Array(secretObject.export({ format: 'der', type: 'pkcs8' }));
  return (pool[number] = { publicKey: document, secret });
}

const openSecret = (secret: Uint8Array) =>
  createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' });

/** Makes keys, for one currency: no two of them are the same. */
export function testMaker(): KeyMaker {
  let made = 0;
  return {
    make: () => Promise.resolve(pooledKey(made++)),
    signDocument: (_, secret, document) =>
      Promise.resolve(writeBigInt(bytesToNumber(nodeSign('sha256', document, openSecret(secret))))),
    makeStatementKey: makeCashierKey,
    attest: signEd25519,
  };
}

/** Signs in plain arithmetic, with keys that were loaded and no others. */
export function plainLanes(): Signer & KeyLoader {
  const loaded = new Map<string, { readonly key: LoadedKey; readonly secret: KeyDocument }>();
  const keyOf = (keyId: string) => {
    const found = loaded.get(keyId);
    if (found === undefined) throw new Error(`no mint key ${keyId} is loaded`);
    return found;
  };
  return {
    load: (keys) => {
      for (const key of keys) loaded.set(key.keyId, { key, secret: secretDocument(key) });
      return Promise.resolve();
    },
    verify: async (checks) => {
      await Promise.resolve();
      return checks.map(({ keyId, payload, signature }) => {
        const key = chaum86.readKey(keyOf(keyId).key.publicKey);
        assert.ok(!(key instanceof Refusal));
        return chaum86.verify(key, payload, signature);
      });
    },
    sign: async (blinds) => {
      await Promise.resolve();
      return blinds.map(({ keyId, blind }) => chaum86.signPlainly(keyOf(keyId).secret, blind));
    },
    commit: () => Promise.reject(new Error('this suite has no first round')),
    verifyCashier: (publicKey, bytes, signature) =>
      Promise.resolve(verifyEd25519(publicKey, bytes, signature)),
  };
}

const secretDocuments = new Map<string, KeyDocument>();

function secretDocument({ keyId, publicKey, secret }: LoadedKey): KeyDocument {
  const known = secretDocuments.get(keyId);
  if (known !== undefined) return known;
  const { d = '' } = openSecret(secret).export({ format: 'jwk' });
  const document: KeyDocument = {
    ...publicKey,
    type: 'rsa secret key',
    private_exponent: writeBigInt(bytesToNumber(Buffer.from(d, 'base64url'))),
  };
  secretDocuments.set(keyId, document);
  return document;
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

/** A coin to come: its payload, its blind, and how the mint's answer becomes the coin. */
export interface ComingCoin {
  readonly payload: Payload;
  readonly blind: Blind;
  unblind(answer: Pick<ResponseMint, 'blind_signatures'>): Coin;
}

/** Prepares a coin of a denomination under the key that signs at `now`; the same name gives the same coin. */
export function prepareCoin(
  ring: Keyring,
  name: string,
  denomination: number,
  now: Instant = NOW,
): ComingCoin {
  const key = [...ring.keys.values()].find(
    (each) => each.denomination === denomination && each.signsFrom <= now && now <= each.signsUntil,
  );
  assert.ok(key !== undefined, `a key signs coins of ${denomination}`);
  const payload: Payload = {
    cdd_location: ring.cdd.cdd_location,
    denomination,
    issuer_id: ring.cdd.id,
    mint_key_id: key.id,
    protocol_version: PROTOCOL_VERSION,
    serial: idOf(utf8(name)).replace(/^0+/, ''),
    type: 'payload',
  };
  const secrets: CoinSecrets = (label, length) =>
    new Uint8Array(createHash('shake256', { outputLength: length }).update(`${name}/${label}`).digest());
  const blind: Blind = {
    blinded_payload_hash: chaum86.prepare(key.publicKey as never, payloadBytes(payload), secrets),
    mint_key_id: key.id,
    reference: name,
    type: 'blinded payload hash',
  };
  const unblind = (answer: Pick<ResponseMint, 'blind_signatures'>): Coin => {
    const signed = answer.blind_signatures.find((each) => each.reference === name);
    assert.ok(signed !== undefined);
    const signature = chaum86.unblind(
      key.publicKey as never,
      payloadBytes(payload),
      signed.blind_signature,
      secrets,
    );
    assert.ok(!(signature instanceof Refusal));
    return { payload, signature, type: 'coin' };
  };
  return { payload, blind, unblind };
}
