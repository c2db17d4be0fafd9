/** Ed25519 as the master keys of several suites have it: one key, one document, one signature, one verdict. */
import assert from 'node:assert/strict';
import { createHash, createPublicKey, randomBytes, verify as verifyByOpenSsl } from 'node:crypto';
import { describe, it } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumber, writeBigInt } from '../base/bigint.ts';
import { hexToBytes } from '../base/bytes.ts';
import { Refusal } from '../base/refusal.ts';
import { makeEd25519Master, signEd25519Document } from '../signers/ed25519-documents.ts';
import { ed25519Documents, writeEd25519PublicKey } from './ed25519-documents.ts';
import { SMALL_ORDER_25519 } from './hostile.test-helper.ts';
import { must } from './keys.test-helper.ts';
import type { KeyDocument } from './suite.ts';

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;
const PRIME = 2n ** 255n - 19n;

/** RFC 8032 §7.1, tests 1 to 3: public key, message, signature. */
const PUBLISHED = [
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

const OF_ORDER_8 = 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a';

const stripped = (hex: string) => hex.replace(/^0+(?=.)/, '');
const documentOf = (hex: string): KeyDocument => ({ type: 'ed25519 public key', public_key: stripped(hex) });
const verify = (key: KeyDocument, text: Uint8Array, signature: string) =>
  ed25519Documents.verify(must(ed25519Documents.readKey(key)), text, signature);
const littleEndian = (value: bigint) =>
  Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse().toString('hex');

describe("a master key's documents under Ed25519", () => {
  const document = new Uint8Array(randomBytes(300));

  it('are signed as RFC 8032 §7.1 has it', () => {
    for (const [key, message, signature] of PUBLISHED) {
      assert.ok(verify(documentOf(key), hexToBytes(message), stripped(signature)));
      assert.equal(verify(documentOf(key), hexToBytes(`${message}00`), stripped(signature)), false);
    }
  });

  it('are signed natively, and hold for one key and one document', async () => {
    const [one, other] = [await makeEd25519Master(), await makeEd25519Master()];
    assert.deepEqual(Object.keys(one.publicKey).sort(), ['public_key', 'type']);
    // About every sixteenth signature begins with a zero, which a BigInt leaves out.
    for (let count = 0; count < 60; count++) {
      const text = new Uint8Array([count, ...document]);
      const signature = await signEd25519Document(one.secret, text);
      assert.match(signature, /^[1-9a-f][0-9a-f]*$/);
      assert.ok(verify(one.publicKey, text, signature));
      if (count > 3) continue;
      assert.equal(verify(other.publicKey, text, signature), false);
      assert.equal(verify(one.publicKey, text.with(5, (text[5] ?? 0) ^ 1), signature), false);
    }
  });

  it('have signatures in one spelling', async () => {
    const { publicKey, secret } = await makeEd25519Master();
    const signature = await signEd25519Document(secret, document);
    const padded = signature.padStart(128, '0');
    const S = bytesToNumber(hexToBytes(padded.slice(64)).toReversed());
    const wrong = [
      '',
      '0',
      `0${signature}`,
      `${signature}0`,
      `${signature}\n`,
      signature.toUpperCase(),
      'f'.repeat(128),
      'f'.repeat(5_000),
      stripped(padded.slice(0, 64) + littleEndian(S + ORDER)),
      stripped(padded.slice(0, 64) + littleEndian(ORDER - S)),
      stripped(padded.slice(64) + padded.slice(0, 64)),
    ];
    for (const text of wrong) assert.equal(verify(publicKey, document, text), false, text);
    assert.ok(verify(publicKey, document, signature));
  });

  it('hold here exactly where they hold for OpenSSL, with parts of small order too', () => {
    // Whoever made the key can add a point of order 8 to R: a check that multiplies by the cofactor would take it.
    const a = bytesToNumber(randomBytes(48)) % ORDER;
    const r = bytesToNumber(randomBytes(48)) % ORDER;
    const A = Point.BASE.multiply(a);
    const torsion = Point.fromHex(OF_ORDER_8);
    const key = writeEd25519PublicKey(A.toBytes());
    const x = Buffer.from(A.toBytes()).toString('base64url');
    const byOpenSsl = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    for (const [R, expected] of [
      [Point.BASE.multiply(r), true],
      [Point.BASE.multiply(r).add(torsion), false],
    ] as const) {
      const k = challengeOf(R.toBytes(), A.toBytes(), document);
      const signature = Buffer.from(R.toHex() + littleEndian((r + k * a) % ORDER), 'hex');
      assert.equal(verifyByOpenSsl(null, document, byOpenSsl, signature), expected);
      assert.equal(verify(key, document, stripped(signature.toString('hex'))), expected);
    }
  });
});

describe('a public key of Ed25519', () => {
  it('is refused where it is of small order, or has a part that is', async () => {
    const { publicKey } = await makeEd25519Master();
    const bytes = hexToBytes(String(publicKey['public_key']).padStart(64, '0'));
    const mixed = Point.fromBytes(bytes).add(Point.fromHex(OF_ORDER_8)).toHex();
    for (const hex of [...SMALL_ORDER_25519, mixed]) {
      assert.ok(ed25519Documents.readKey(documentOf(hex)) instanceof Refusal, hex);
    }
    assert.ok(!(ed25519Documents.readKey(publicKey) instanceof Refusal));
  });

  it('is refused in any other encoding, and where it is no point', () => {
    // y + prime fits into 255 bits for y under 19: of these some are points, all in a second spelling.
    for (let y = 0n; y < 19n; y++) {
      for (const sign of [0n, 1n << 255n]) {
        assert.ok(ed25519Documents.readKey(documentOf(littleEndian(PRIME + y + sign))) instanceof Refusal);
      }
    }
    // No x belongs to these.
    for (const y of [2n, 7n, 8n, 11n, 12n]) {
      assert.ok(ed25519Documents.readKey(documentOf(littleEndian(y))) instanceof Refusal, String(y));
    }
  });

  it('is one field of one kind, and the refusal names the field', () => {
    const key = documentOf(PUBLISHED[0][0]);
    const wrong: [string, Record<string, unknown>][] = [
      ['type', { ...key, type: 'rsa public key' }],
      ['extra', { ...key, extra: 1 }],
      ['public_key', { type: key.type }],
      ...['', '0', '00', 'g', `0${String(key['public_key'])}`, '1'.repeat(65), 7, null].map(
        (value): [string, Record<string, unknown>] => ['public_key', { ...key, public_key: value }],
      ),
    ];
    for (const [field, document] of wrong) {
      const refusal = ed25519Documents.readKey(document as KeyDocument);
      assert.ok(refusal instanceof Refusal, JSON.stringify(document));
      assert.equal(refusal.details.split(':')[0], field);
    }
  });

  it('has a leading zero where its first byte has one', () => {
    const bytes = hexToBytes(`00${'5a'.repeat(31)}`);
    assert.deepEqual(writeEd25519PublicKey(bytes), documentOf('5a'.repeat(31)));
    assert.throws(() => writeEd25519PublicKey(bytes.subarray(1)), RangeError);
    assert.equal(writeBigInt(bytesToNumber(bytes)), '5a'.repeat(31));
  });
});

/** RFC 8032 §5.1.6, step 4. */
function challengeOf(...parts: readonly Uint8Array[]): bigint {
  const digest = createHash('sha512').update(Buffer.concat(parts)).digest();
  return bytesToNumber(digest.reverse()) % ORDER;
}
