/** The published vectors of NUT-00 and NUT-12. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { hexToBytes, utf8 } from '../../base/bytes.ts';
import { challenge, proveDleqPlainly } from './dleq.ts';
import { hashToCurve } from './hash-to-curve.ts';
import { must } from '../keys.test-helper.ts';
import { pointOrNone, writeScalar } from './points.ts';
import { wagner, writeWagnerKey } from '../wagner.ts';
import { wagnerPair } from './wagner.test-helper.ts';

type Row = Readonly<Record<string, string>>;
type Table = 'hash_to_curve' | 'blinded_messages' | 'blinded_signatures' | 'hash_e';
type Proofs = 'deterministic_proofs' | 'blind_signatures' | 'proofs';

const file = new URL('../../../spec/vectors/cashu.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Record<Table | Proofs, readonly Row[]>;

const point = (hex = '') => pointOrNone(hex) ?? assert.fail(`${hex} is no point`);
const scalar = (hex = '') => BigInt(`0x${hex}`);
/** A point as a BigInt: the digits without their first zero. */
const digits = (hex = '') => hex.slice(1);
const keyOf = (hex = '') => must(wagner.readKey(writeWagnerKey(digits(hex))));

describe('the vectors of NUT-00', () => {
  it('hash_to_curve', () => {
    assert.equal(vectors.hash_to_curve.length, 3);
    for (const { message, point: expected } of vectors.hash_to_curve) {
      assert.equal(hashToCurve(hexToBytes(message ?? '')).toHex(true), expected);
    }
  });

  it('blinded messages', () => {
    assert.equal(vectors.blinded_messages.length, 2);
    const { public: key } = wagnerPair(1n);
    for (const { x = '', r = '', B_ } of vectors.blinded_messages) {
      const secrets = (_label: string, length: number) => hexToBytes(r.padStart(length * 2, '0'));
      assert.equal(`0${wagner.prepare(key, hexToBytes(x), secrets)}`, B_);
    }
  });

  it('blinded signatures', () => {
    assert.equal(vectors.blinded_signatures.length, 2);
    for (const { k, B_, C_ } of vectors.blinded_signatures) {
      const { secretDocument } = wagnerPair(scalar(k));
      assert.equal(`0${wagner.signPlainly(secretDocument, digits(B_)).slice(0, 65)}`, C_);
    }
  });
});

describe('the vectors of NUT-12', () => {
  it('hash_e', () => {
    const [row] = vectors.hash_e;
    const e = challenge([point(row?.['R1']), point(row?.['R2']), point(row?.['K']), point(row?.['C_'])]);
    assert.equal(writeScalar(e), row?.['e']);
  });

  it('proofs with the deterministic nonce', () => {
    const [row] = vectors.deterministic_proofs;
    const statement = { K: point(row?.['A']), blind: point(row?.['B_']), answer: point(row?.['C_']) };
    const proof = proveDleqPlainly(scalar(row?.['a']), statement);
    assert.deepEqual(proof, { e: scalar(row?.['e']), s: scalar(row?.['s']) });
    const { secretDocument } = wagnerPair(scalar(row?.['a']));
    const answer = wagner.signPlainly(secretDocument, digits(row?.['B_']));
    assert.equal(answer, digits(row?.['C_']) + writeScalar(proof.e) + writeScalar(proof.s));
  });

  it('proofs in blind signatures', () => {
    assert.equal(vectors.blind_signatures.length, 2);
    for (const { A, B_, C_, e = '', s = '' } of vectors.blind_signatures) {
      const key = keyOf(A);
      assert.ok(wagner.answers(key, digits(B_), digits(C_) + e + s));
      assert.equal(wagner.answers(key, digits(B_), digits(C_) + s + e), false);
    }
  });

  it('proofs in coins that were handed over', () => {
    const [row] = vectors.proofs;
    const { A, secret = '', C, e = '', s = '', r = '' } = row ?? {};
    assert.ok(wagner.verify(keyOf(A), utf8(secret), digits(C) + e + s + r));
    // Cashu's secret is a text: its bytes are those of the digits, not what the digits say.
    assert.equal(wagner.verify(keyOf(A), hexToBytes(secret), digits(C) + e + s + r), false);
  });
});
