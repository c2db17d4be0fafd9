/** A small currency for tests: chaum86 with keys of 512 bits, signed in plain arithmetic. Nothing here is secure. */
import {
  createHash,
  createPrivateKey as createPrivate,
  generateKeyPairSync,
  sign as nodeSign,
} from 'node:crypto';
import assert from 'node:assert/strict';
import { amount } from '../base/amount.ts';
import { utf8 } from '../base/bytes.ts';
import { canonicalBytes } from '../base/canonical.ts';
import { DAY, writeDate } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { Blind, Coin, Payload } from '../protocol/documents.ts';
import { PROTOCOL_VERSION } from '../protocol/documents.ts';
import { idOf, payloadBytes } from '../protocol/ids.ts';
import type { Funding, RequestFund } from '../protocol/messages/fund.ts';
import type { ResponseMint } from '../protocol/messages/mint.ts';
import { chaum86 } from '../suites/chaum86.ts';
import type { CoinSecrets, KeyDocument } from '../suites/index.ts';
import { foundCurrency } from './found.ts';
import type { Keyring } from './keyring.ts';
import type { Currency, KeyMaker, NewKey, Signer } from './ports.ts';

export const NOW = Date.UTC(2026, 0, 1);
export const CASHIER = 'ca'.repeat(32);
const URL_OF_ISSUER = 'http://127.0.0.1:1/';

function makeKey(): NewKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 512 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const number = (text: string) => BigInt('0x' + Buffer.from(text, 'base64url').toString('hex'));
  return {
    publicKey: {
      type: 'rsa public key',
      modulus: number(n).toString(16),
      public_exponent: Number(number(e)),
    },
    secret: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
  };
}

function secretDocument(key: NewKey): KeyDocument {
  const der = { key: Buffer.from(key.secret), format: 'der', type: 'pkcs8' } as const;
  const { d = '' } = createPrivate(der).export({ format: 'jwk' });
  return {
    ...key.publicKey,
    type: 'rsa secret key',
    private_exponent: BigInt('0x' + Buffer.from(d, 'base64url').toString('hex')).toString(16),
  };
}

const maker: KeyMaker = {
  make: () => Promise.resolve(makeKey()),
  signDocument: (_, secret, document) => {
    const key = createPrivate({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' });
    return Promise.resolve(BigInt('0x' + nodeSign('sha256', document, key).toString('hex')).toString(16));
  },
};

/** A cashier's signature in these tests: a hash, so that the mint's own checks are what is tested. */
export function cashierSignature(bytes: Uint8Array): string {
  return createHash('sha512').update(bytes).digest('hex');
}

export interface TestCurrency {
  readonly currency: Currency;
  readonly signer: Signer;
}

/** Founds a currency of coins 1, 2 and 4 with a treasury of 1000. */
export async function foundTestCurrency(): Promise<TestCurrency> {
  const secrets = new Map<string, KeyDocument>();
  const currency = await foundCurrency(
    maker,
    {
      name: 'Test',
      suite: chaum86.name,
      divisor: 1,
      denominations: [amount(1), amount(2), amount(4)],
      url: URL_OF_ISSUER,
      additionalInfo: '',
      treasury: amount(1_000),
      cashiers: [{ publicKey: CASHIER, limitPerOperation: amount(100), limitPerDay: amount(500) }],
      descriptionLives: 1_000 * DAY,
      keysSignFor: 100 * DAY,
      coinsLiveFor: 200 * DAY,
    },
    NOW,
    () => undefined,
  );
  for (const { certificate, secret } of currency.keys) {
    const publicKey = certificate.mint_key.public_mint_key;
    secrets.set(certificate.mint_key.id, secretDocument({ publicKey, secret }));
  }
  return { currency, signer: plainSigner(currency, secrets) };
}

function plainSigner(currency: Currency, secrets: ReadonlyMap<string, KeyDocument>): Signer {
  const publicKeyOf = (keyId: string) => {
    const found = currency.keys.find(({ certificate }) => certificate.mint_key.id === keyId);
    assert.ok(found !== undefined);
    const key = chaum86.readKey(found.certificate.mint_key.public_mint_key);
    assert.ok(!(key instanceof Refusal));
    return key;
  };
  return {
    verify: (checks) =>
      Promise.resolve(
        checks.map((check) => chaum86.verify(publicKeyOf(check.keyId), check.payload, check.signature)),
      ),
    sign: (blinds) =>
      Promise.resolve(
        blinds.map((each) => {
          const secret = secrets.get(each.keyId);
          assert.ok(secret !== undefined);
          return chaum86.signPlainly(secret, each.blind);
        }),
      ),
    verifyCashier: (publicKey, bytes, signature) =>
      Promise.resolve(publicKey === CASHIER && signature === cashierSignature(bytes)),
  };
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
  unblind(answer: ResponseMint): Coin;
}

/** Prepares a coin of a denomination; the same name gives the same coin. */
export function prepareCoin(ring: Keyring, name: string, denomination: number): ComingCoin {
  const key = [...ring.keys.values()].find((each) => each.denomination === denomination);
  assert.ok(key !== undefined);
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
  const unblind = (answer: ResponseMint): Coin => {
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
