/** The native side of `P256-BRANDS` beside its plain mathematics. What holds for every suite is in suites.test.ts. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { numberToBytes } from '../base/bigint.ts';
import { ORDER, g, pointBytes, pointOf, reduce, scalarBytes } from '../suites/brands/group.ts';
import { readBrandsPublicKey, writeBrandsPublicKey } from '../suites/brands/keys.ts';
import {
  AT,
  PAYMENT,
  accounts,
  alice,
  bytesOfText,
  handOver,
  numberAt,
  pair,
  replaced,
  scalarOfWord,
  withdraw,
} from '../suites/brands/brands.test-helper.ts';
import { brands } from '../suites/brands.ts';
import { must, payloadOf, secretsOf } from '../suites/keys.test-helper.ts';
import { nativeBrands } from './brands.ts';

const secret = numberToBytes(pair.x, 32);
const native = nativeBrands.open(pair.document, secret);
const commit = (identity: string): string => native.commit?.(identity) ?? assert.fail('it has a first round');

/** Where c stands in a blind, and r in its answer. */
const [C, R] = [99, 131];

// Plain arithmetic takes 5 ms to sign, 8 to commit, 8 to verify: it has to multiply points.
const [SIGNED, COMMITTED, VERIFIED] = [100, 60, 40];
/** Of one nonce: how one r follows from another is arithmetic on numbers alone. */
const SIGNED_UNDER_ONE_NONCE = 1_000;

const first = withdraw('first');

describe('the mint’s first round', () => {
  it('is as in plain arithmetic, under a nonce that never comes again', () => {
    const nonces = Array.from({ length: COMMITTED }, (_, index) => {
      const identity = accounts.identity(secretsOf(`account ${index % 20}`));
      const commitment = commit(identity);
      const nonce = accounts.nonceOf(commitment) ?? assert.fail('no nonce');
      assert.equal(commitment, accounts.commitPlainly(pair.secretDocument, identity, nonce));
      return nonce;
    });
    assert.equal(new Set(nonces).size, COMMITTED);
  });

  it('is for nobody who has no identity', () => {
    const minusG2 = pointBytes(
      pointOf(bytesOfText('21554cf983e0b060c78705ed7d14a4941b02e608cdb78f6a75a52345978141fd3'))!.negate(),
    );
    const wrong = [
      '',
      '0',
      'x',
      `2${'0'.repeat(63)}1`,
      `2${'f'.repeat(64)}`,
      `4${'1'.repeat(64)}`,
      Buffer.from(minusG2).toString('hex').slice(1),
      `0${accounts.identity(alice)}`,
    ];
    for (const identity of wrong) assert.throws(() => commit(identity), /not an identity/, identity);
  });
});

describe('the mint’s answer', () => {
  it('is as in plain arithmetic, for any nonce and any c', () => {
    for (let index = 0; index < SIGNED; index++) {
      const withNonce = replaced(first.blind, 1, randomBytes(32));
      const blind = replaced(withNonce, C, scalarBytes(scalarOfWord(`c ${index}`)));
      assert.equal(native.sign(blind), brands.signPlainly(pair.secretDocument, blind));
    }
    for (const c of [1n, 2n, ORDER - 2n, ORDER - 1n]) {
      const blind = replaced(first.blind, C, scalarBytes(c));
      assert.equal(native.sign(blind), brands.signPlainly(pair.secretDocument, blind));
    }
  });

  it('is c·x + w, whatever c is', () => {
    const [c, r] = [numberAt(first.blind, C), numberAt(first.answer, R)];
    for (let index = 0; index < SIGNED_UNDER_ONE_NONCE; index++) {
      const other = scalarOfWord(`c ${index} of one nonce`);
      const answer = native.sign(replaced(first.blind, C, scalarBytes(other)));
      assert.equal(numberAt(answer, R), reduce(r + (other - c) * pair.x));
    }
  });

  it('is the same whenever the blind is signed, also after the key was opened again', () => {
    const reopened = nativeBrands.open(pair.document, secret);
    assert.equal(native.sign(first.blind), first.answer);
    assert.equal(reopened.sign(first.blind), first.answer);
  });

  it('makes a coin', () => {
    const commitment = commit(accounts.identity(alice));
    const [payload, secrets] = [payloadOf('native'), secretsOf('native')];
    const blind = brands.prepare(pair.public, payload, secrets, { commitment, account: alice });
    const held = must(brands.unblind(pair.public, payload, native.sign(blind), secrets, { account: alice }));
    assert.ok(native.verify(payload, must(brands.hand(pair.public, payload, held, PAYMENT))));
    assert.equal(native.verify(payload, held), false);
  });

  it('is none to a blind that is out of range', () => {
    const wrong = [0n, ORDER, 2n ** 256n - 1n].map((c) => replaced(first.blind, C, scalarBytes(c)));
    for (const blind of [...wrong, '', '2', 'x', first.commitment, first.answer, `0${first.blind}`])
      assert.throws(() => native.sign(blind), /^RangeError: blind out of range$/, blind);
  });

  it('says nothing of the key beyond r', () => {
    const { c, r } = { c: numberAt(first.blind, C), r: numberAt(first.answer, R) };
    const a = g.multiplyUnsafe(r).subtract(pair.public.h.multiplyUnsafe(c));
    assert.deepEqual(bytesOfText(first.commitment).slice(66, 99), pointBytes(a));
    assert.ok(first.answer.startsWith(first.blind) && first.answer.length === first.blind.length + 64);
  });
});

describe('the mint’s check of a coin', () => {
  const coins = ['one', 'two', 'three'].map((word) => withdraw(word));
  const agree = (payload: Uint8Array, shown: string): boolean => {
    const verdict = native.verify(payload, shown);
    assert.equal(verdict, brands.verifyPlainly(pair.secretDocument, payload, shown));
    return verdict;
  };

  it('says what plain arithmetic says, of good coins', () => {
    for (let index = 0; index < VERIFIED; index++) {
      const coin = coins[index % coins.length]!;
      const payee = index % 4 === 0 ? '' : PAYMENT.payee;
      assert.ok(agree(coin.payload, handOver(coin, { payee, time: index * 1_000, amount: index })));
    }
  });

  it('says what plain arithmetic says, of spoilt ones', () => {
    const coin = coins[0]!;
    const shown = handOver(coin);
    const parts = Object.values(AT).filter((at) => at < AT.end);
    const spoilt = [
      ...parts.flatMap((at) => [0, 7].map((more) => flipped(shown, at + more))),
      ...[AT.c, AT.r, AT.r1, AT.r2].flatMap((at) =>
        [0n, 1n, ORDER - 1n, ORDER, ORDER - numberAt(shown, at)].map((value) =>
          replaced(shown, at, scalarBytes(value)),
        ),
      ),
      ...[AT.A, AT.B, AT.z].flatMap((at) => [
        replaced(shown, at, pointBytes(g)),
        replaced(shown, at, pointBytes(pair.public.h)),
        replaced(shown, at, pointBytes(pointOf(bytesOfText(shown).subarray(at, at + 33))!.negate())),
        replaced(shown, at, Uint8Array.of(2, ...new Uint8Array(31), 1)),
      ]),
      handOver(coins[1]!),
      coin.held,
      coin.answer,
    ];
    for (const text of spoilt) assert.equal(agree(coin.payload, text), false, text);
    assert.equal(agree(payloadOf('another'), shown), false);
  });

  it('throws at nothing', () => {
    for (const text of ['', '0', 'x', '2', 'f'.repeat(551), `2${'0'.repeat(550)}`, 'f'.repeat(5_000)])
      assert.equal(agree(coins[0]!.payload, text), false);
  });
});

function flipped(text: string, at: number): string {
  return replaced(text, at, Uint8Array.of((bytesOfText(text)[at] ?? 0) ^ 1));
}

describe('a mint key made natively', () => {
  it('is read, opens with its own secret, and with no other', async () => {
    const [one, other] = await Promise.all([nativeBrands.makeMintKey(), nativeBrands.makeMintKey()]);
    assert.notDeepEqual(one, other);
    const key = must(readBrandsPublicKey(one.publicKey));
    assert.deepEqual(writeBrandsPublicKey(key.bytes), one.publicKey);
    assert.equal(one.secret.length, 32);
    nativeBrands.open(one.publicKey, one.secret);
    for (const wrong of [
      other.secret,
      one.secret.slice(1),
      new Uint8Array(32),
      new Uint8Array(32).fill(255),
      Uint8Array.of(0, ...one.secret),
      numberToBytes(ORDER, 32),
    ])
      assert.throws(() => nativeBrands.open(one.publicKey, wrong), /no pair/);
    assert.throws(
      () => nativeBrands.open({ ...one.publicKey, type: 'rsa public key' }, one.secret),
      /public key/,
    );
  });
});
