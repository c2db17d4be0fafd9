/** Against another implementation of NUT-00 and NUT-12: theirs takes ours, ours takes theirs, at every step. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  blindMessage,
  createBlindSignature,
  createDLEQProof,
  hashToCurve as theirHashToCurve,
  pointFromHex,
  unblindSignature,
  verifyDLEQProof,
  verifyDLEQProof_reblind,
  verifyUnblindedSignature,
} from '@cashu/cashu-ts';
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import { bytesToNumber } from '../../base/bigint.ts';
import { hashToCurve } from './hash-to-curve.ts';
import { must, payloadOf, secretsOf } from '../keys.test-helper.ts';
import { ORDER } from './points.ts';
import { wagner } from '../wagner.ts';
import { wagnerPair } from './wagner.test-helper.ts';

const WORDS = ['one', 'two', 'three', 'four', 'five', 'six'];
const pair = wagnerPair();
const A = pointFromHex(pair.K.toHex(true));

/** The factor that our wallet derives. */
const factorOf = (word: string) => bytesToNumber(secretsOf(word)('blinding factor', 48)) % ORDER;
const pointOf = (text: string) => pointFromHex(`0${text.slice(0, 65)}`);
const scalarAt = (text: string, index: number) => text.slice(65 + index * 64, 129 + index * 64);
const proofOf = (text: string) => ({ e: hexToBytes(scalarAt(text, 0)), s: hexToBytes(scalarAt(text, 1)) });

describe('another implementation of NUT-00 and NUT-12', () => {
  it('hashes to the same points', () => {
    for (let index = 0; index < 60; index++) {
      const payload = payloadOf(`message ${index}`);
      assert.equal(hashToCurve(payload).toHex(true), theirHashToCurve(payload).toHex(true));
    }
  });

  it('blinds as ours does', () => {
    for (const word of WORDS) {
      const { B_ } = blindMessage(payloadOf(word), factorOf(word));
      assert.equal(`0${wagner.prepare(pair.public, payloadOf(word), secretsOf(word))}`, B_.toHex(true));
    }
  });

  it('signs what ours blinded; ours unblinds and verifies it', () => {
    for (const word of WORDS) {
      const payload = payloadOf(word);
      const blind = wagner.prepare(pair.public, payload, secretsOf(word));
      const { C_ } = createBlindSignature(pointOf(blind), pair.secret, 'id');
      const { e, s } = createDLEQProof(pointOf(blind), pair.secret);
      const answer = C_.toHex(true).slice(1) + bytesToHex(e) + bytesToHex(s);
      assert.equal(answer, wagner.signPlainly(pair.secretDocument, blind));
      assert.ok(wagner.answers(pair.public, blind, answer));
      const held = must(wagner.unblind(pair.public, payload, answer, secretsOf(word)));
      assert.ok(wagner.verify(pair.public, payload, held));
      assert.ok(wagner.verifyPlainly(pair.secretDocument, payload, wagner.show(held)));
    }
  });

  it('unblinds and verifies what ours signed', () => {
    for (const word of WORDS) {
      const payload = payloadOf(word);
      const { B_, r } = blindMessage(payload);
      const answer = wagner.signPlainly(pair.secretDocument, B_.toHex(true).slice(1));
      assert.ok(verifyDLEQProof(proofOf(answer), B_, pointOf(answer), A));
      const C = unblindSignature(pointOf(answer), r, A);
      assert.ok(verifyUnblindedSignature({ C, secret: payload, id: 'id' }, pair.secret));
      assert.ok(wagner.verifyPlainly(pair.secretDocument, payload, C.toHex(true).slice(1)));
      const handed = C.toHex(true).slice(1) + answer.slice(65) + r.toString(16).padStart(64, '0');
      assert.ok(wagner.verify(pair.public, payload, handed));
    }
  });

  it('takes coins that ours hands over, and not for another payload or key', () => {
    for (const word of WORDS.slice(0, 3)) {
      const payload = payloadOf(word);
      const blind = wagner.prepare(pair.public, payload, secretsOf(word));
      const answer = wagner.signPlainly(pair.secretDocument, blind);
      const handed = must(wagner.unblind(pair.public, payload, answer, secretsOf(word)));
      const dleq = { ...proofOf(handed), r: BigInt(`0x${scalarAt(handed, 2)}`) };
      const C = pointOf(handed);
      assert.ok(verifyDLEQProof_reblind(payload, dleq, C, A));
      assert.ok(verifyUnblindedSignature({ C, secret: payload, id: 'id' }, pair.secret));
      for (const [other, key] of [
        [payloadOf('other'), pair.public],
        [payload, wagnerPair().public],
      ] as const) {
        assert.equal(verifyDLEQProof_reblind(other, dleq, C, key.K), false);
        assert.equal(wagner.verify(key, other, handed), false);
      }
    }
  });
});
