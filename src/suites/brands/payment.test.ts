import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { paymentChallenge, readHanded } from './coin.ts';
import {
  ORDER,
  Point,
  g,
  g1,
  g2,
  pointBytes,
  pointOf,
  publicPower,
  publicProduct,
  reduce,
  scalarBytes,
} from './group.ts';
import {
  AT,
  PAYMENT,
  accounts,
  alice,
  bob,
  bytesOfText,
  handOver,
  inverted,
  numberAt,
  offline,
  otherPair,
  pair,
  replaced,
  scalarOfWord,
  onPayload,
  withdraw,
} from './brands.test-helper.ts';
import type { Withdrawn } from './brands.test-helper.ts';
import { brands } from '../brands.ts';
import { must, payloadOf } from '../keys.test-helper.ts';
import type { Payment } from '../suite.ts';

const coin = withdraw('coin');
const another = withdraw('another');
const ofBob = withdraw('of bob', bob);
const handed = handOver(coin);
const verifies = (text: string, payload = coin.payload) => brands.verify(pair.public, payload, text);
const pointAt = (text: string, at: number): Point =>
  pointOf(bytesOfText(text).subarray(at, at + 33)) ?? assert.fail('no point');

describe('a coin', () => {
  it('is handed over for one payment, and verified by anyone', () => {
    for (const payment of [PAYMENT, { ...PAYMENT, payee: '' }, { payee: '', time: 0, amount: 0 }]) {
      const text = handOver(coin, payment);
      assert.ok(verifies(text));
      assert.ok(brands.verifyPlainly(pair.secretDocument, coin.payload, text));
      assert.deepEqual(offline.paymentOf(text), payment);
      assert.equal(brands.show(text), text);
    }
    const largest = { payee: PAYMENT.payee, time: Number.MAX_SAFE_INTEGER, amount: Number.MAX_SAFE_INTEGER };
    assert.ok(verifies(handOver(coin, largest)));
    assert.deepEqual(offline.paymentOf(handOver(coin, largest)), largest);
  });

  it('verifies for no other payload, and under no other key', () => {
    assert.equal(verifies(handed, payloadOf('coin', 2)), false);
    assert.equal(verifies(handed, new Uint8Array(0)), false);
    assert.equal(brands.verify(otherPair.public, coin.payload, handed), false);
  });

  it('is never taken as it is held', () => {
    assert.equal(verifies(coin.held), false);
    assert.equal(offline.paymentOf(coin.held), undefined);
    assert.equal(brands.verifyPlainly(pair.secretDocument, coin.payload, coin.held), false);
  });

  it('keeps to itself what it answers with', () => {
    const secrets = [163, 195, 227, 259].map((at) => bytesToHex(bytesOfText(coin.held).slice(at, at + 32)));
    for (const secret of secrets) assert.ok(!handed.includes(secret));
  });
});

describe('a coin that was handed over', () => {
  const again = (text: string, payment: Payment) => brands.hand(pair.public, coin.payload, text, payment);

  it('stays as it is for the same payee, and for nobody in particular', () => {
    assert.equal(again(handed, { ...PAYMENT, time: 5, amount: 6 }), handed);
    assert.equal(again(handed, { payee: '', time: 5, amount: 6 }), handed);
    const toNobody = handOver(coin, { ...PAYMENT, payee: '' });
    assert.equal(again(toNobody, { payee: '', time: 5, amount: 6 }), toNobody);
  });

  it('is handed to nobody else', () => {
    for (const text of [handed, handOver(coin, { ...PAYMENT, payee: '' })]) {
      const refusal = again(text, { ...PAYMENT, payee: accounts.identity(bob) });
      assert.ok(refusal instanceof Refusal);
      assert.equal(refusal.name, 'not possible');
    }
  });

  it('is none where payee, time or amount cannot be written', () => {
    const wrong: Payment[] = [
      ...['0', '5', 'x', `2${'f'.repeat(64)}`, `0${PAYMENT.payee}`].map((payee) => ({ ...PAYMENT, payee })),
      ...[-1, 0.5, NaN, Infinity, 2 ** 53].flatMap((number) => [
        { ...PAYMENT, time: number },
        { ...PAYMENT, amount: number },
      ]),
    ];
    for (const payment of wrong) {
      const refusal = again(coin.held, payment);
      assert.ok(refusal instanceof Refusal, JSON.stringify(payment));
      assert.equal(refusal.name, 'not possible');
    }
    assert.ok(again(coin.answer, PAYMENT) instanceof Refusal);
    assert.ok(again('', PAYMENT) instanceof Refusal);
  });
});

describe('a forger', () => {
  it('cannot change payee, time or amount of a payment', () => {
    const changed = [
      replaced(handed, AT.payee, new Uint8Array(33)),
      replaced(handed, AT.payee, bytesOfText(accounts.identity(bob))),
      replaced(handed, AT.amount - 1, Uint8Array.of(1)),
      replaced(handed, AT.end - 1, Uint8Array.of(0)),
      replaced(handed, AT.time, new Uint8Array(8).fill(255)),
    ];
    for (const text of changed) assert.equal(verifies(text), false);
  });

  it('cannot change any part of a coin, be it into what has the same points or numbers', () => {
    const other = handOver(another);
    const negated = (at: number) => replaced(handed, at, scalarBytes(ORDER - numberAt(handed, at)));
    const opposite = (at: number) => replaced(handed, at, pointBytes(pointAt(handed, at).negate()));
    const shifted = (at: number, by: Point) => replaced(handed, at, pointBytes(pointAt(handed, at).add(by)));
    const changed = [
      ...[AT.c, AT.r, AT.r1, AT.r2].flatMap((at) => [
        negated(at),
        replaced(handed, at, new Uint8Array(32)),
        replaced(handed, at, scalarBytes(ORDER)),
        replaced(handed, at, new Uint8Array(32).fill(255)),
        replaced(handed, at, scalarBytes(reduce(numberAt(handed, at) + 1n))),
        replaced(handed, at, bytesOfText(other).slice(at, at + 32)),
      ]),
      ...[AT.A, AT.B, AT.z].flatMap((at) => [
        opposite(at),
        shifted(at, g),
        shifted(at, pair.public.h),
        replaced(handed, at, bytesOfText(other).slice(at, at + 33)),
      ]),
      ...[AT.A, AT.z].map((at) => replaced(other, at, bytesOfText(handed).slice(at, at + 33))),
      ...[AT.B, AT.z].flatMap((at) =>
        [0, 1, 4, 255].map((byte) => replaced(handed, at, Uint8Array.of(byte))),
      ),
      ...[AT.A, AT.B, AT.z].map((at) => replaced(handed, at, Uint8Array.of(2, ...new Uint8Array(31), 1))),
      replaced(
        replaced(handed, AT.r1, bytesOfText(handed).slice(AT.r2, AT.r2 + 32)),
        AT.r2,
        new Uint8Array(1),
      ),
    ];
    for (const [index, text] of changed.entries()) assert.equal(verifies(text), false, `${index}`);
    for (const text of ['', '0', 'x', handed.slice(1), `${handed}0`, `0${handed}`, handed.toUpperCase()])
      assert.equal(verifies(text), false, text);
  });

  it('cannot raise a coin to a power, though its equations bear it', () => {
    const t = 3n;
    const raised = [AT.A, AT.z].reduce(
      (text, at) => replaced(text, at, pointBytes(publicPower(pointAt(handed, at), t))),
      handed,
    );
    const [s, us] = [numberAt(coin.held, 195), numberAt(coin.held, 163)].map((each) => reduce(each * t));
    const d = challengeOf(coin, raised);
    const answered = replaced(
      replaced(raised, AT.r1, scalarBytes(reduce(d * us! + numberAt(coin.held, 227)))),
      AT.r2,
      scalarBytes(reduce(d * s! + numberAt(coin.held, 259))),
    );
    assert.ok(isAnswer(coin, answered), 'the answer is right');
    assert.equal(verifies(answered), false);
  });

  it('cannot make one coin more out of those that it bought', () => {
    const bought = [coin, another, withdraw('a third')];
    const shown = bought.map((each) => bytesOfText(handOver(each)));
    const numbers = (at: number) => bought.map((each) => numberAt(handOver(each), at));
    const weights = [
      [1n, 1n, 0n],
      [1n, 1n, 1n],
      [2n, ORDER - 1n, 0n],
      [3n, 5n, 7n],
    ];
    for (const weight of weights) {
      const sum = (values: readonly bigint[]) =>
        reduce(values.reduce((total, value, index) => total + value * weight[index]!, 0n));
      const product = (at: number) =>
        pointBytes(
          publicProduct(
            ...shown.map((bytes, index) => [pointOf(bytes.subarray(at, at + 33))!, weight[index]!] as const),
          ),
        );
      const parts = [AT.A, AT.B, AT.z].reduce((text, at) => replaced(text, at, product(at)), handed);
      const combined = [AT.c, AT.r, AT.r1, AT.r2].reduce(
        (text, at) => replaced(text, at, scalarBytes(sum(numbers(at)))),
        parts,
      );
      for (const each of [...bought.map(({ payload }) => payload), payloadOf('forged')])
        assert.equal(verifies(combined, each), false);
      // c' as it would have to be, with the r' that all the answers come to.
      assert.equal(verifies(replaced(combined, AT.c, scalarBytes(numberAt(handed, AT.c)))), false);
    }
  });

  it('cannot sign with what it chooses itself', () => {
    const [t, k] = [scalarOfWord('t'), scalarOfWord('k')];
    const { h } = pair.public;
    // A = g^t and z' = h^t have the logarithm that is asked for: what is missing is a c' that the hash agrees to.
    const A = pointBytes(publicPower(g, t));
    const z = pointBytes(publicPower(h, t));
    for (const [c, r] of [
      [1n, k],
      [k, t],
      [numberAt(handed, AT.c), numberAt(handed, AT.r)],
    ] as const) {
      const forged = [
        [AT.A, A],
        [AT.z, z],
        [AT.c, scalarBytes(c)],
        [AT.r, scalarBytes(r)],
      ] as const;
      assert.equal(verifies(forged.reduce((text, [at, bytes]) => replaced(text, at, bytes), handed)), false);
    }
  });

  it('cannot bring a coin without knowing how it was made', () => {
    // Whoever saw a payment knows A, B and one answer; another payment asks for another.
    const bare = replaced(handed, AT.payee, bytesOfText(accounts.identity(bob)));
    const [d, e] = [challengeOf(coin, handed), challengeOf(coin, bare)];
    const guesses = [1n, reduce(e * inverted(d)), reduce(e - d)].map((factor) =>
      [AT.r1, AT.r2].reduce(
        (text, at) => replaced(text, at, scalarBytes(reduce(numberAt(handed, at) * factor))),
        bare,
      ),
    );
    for (const text of guesses) assert.equal(verifies(text), false);
  });
});

/** d of a handed form of this coin. */
function challengeOf({ coinId }: Withdrawn, text: string): bigint {
  const parts = readHanded(text) ?? assert.fail('not handed');
  return paymentChallenge(pair.public.bytes, hexToBytes(coinId), parts, parts.paymentBytes);
}

/** Whether the answer is right, whoever signed. */
function isAnswer(each: Withdrawn, text: string): boolean {
  const left = publicProduct([g1, numberAt(text, AT.r1)], [g2, numberAt(text, AT.r2)]);
  return left.equals(publicPower(pointAt(text, AT.A), challengeOf(each, text)).add(pointAt(text, AT.B)));
}

describe('a coin that was handed over twice', () => {
  const toBob = handOver(coin, { ...PAYMENT, payee: accounts.identity(bob) });
  const expose = (first: string, second: string, id = coin.coinId) =>
    offline.expose(pair.public, id, first, second);

  it('tells whose it was, and proves it', () => {
    const others = [
      toBob,
      handOver(coin, { ...PAYMENT, time: PAYMENT.time + 1 }),
      handOver(coin, { ...PAYMENT, amount: PAYMENT.amount + 1 }),
      handOver(coin, { ...PAYMENT, payee: '' }),
    ];
    for (const other of others) {
      const exposure = expose(handed, other) ?? assert.fail('two payments tell');
      assert.equal(exposure.identity, accounts.identity(alice));
      assert.deepEqual(expose(other, handed), exposure);
      assert.ok(offline.isExposed(exposure));
      assert.ok(g1.multiply(BigInt(`0x${exposure.secret}`)).equals(Point.fromHex(`0${exposure.identity}`)));
    }
    const [mine, hers] = [ofBob, coin].map((each) =>
      offline.expose(pair.public, each.coinId, handOver(each), handOver(each, { ...PAYMENT, payee: '' })),
    );
    assert.equal(mine?.identity, accounts.identity(bob));
    assert.notEqual(mine.identity, hers?.identity);
  });

  it('tells nothing where it was one payment, held, or another coin', () => {
    assert.equal(expose(handed, handed), undefined);
    assert.equal(expose(handed, coin.held), undefined);
    assert.equal(expose(coin.held, coin.held), undefined);
    assert.equal(expose(handed, handOver(another)), undefined);
    assert.equal(expose(handed, toBob, another.coinId), undefined);
    assert.equal(offline.expose(otherPair.public, coin.coinId, handed, toBob), undefined);
    for (const id of ['', 'x', coin.coinId.slice(2), coin.coinId.toUpperCase()])
      assert.equal(expose(handed, toBob, id), undefined);
    for (const text of ['', '0', 'x', coin.answer]) assert.equal(expose(handed, text), undefined);
  });

  it('accuses nobody by an answer that is wrong', () => {
    for (const at of [AT.r1, AT.r2, AT.A, AT.B, AT.payee]) {
      const other = replaced(toBob, at + 20, Uint8Array.of((bytesOfText(toBob)[at + 20] ?? 0) ^ 1));
      assert.equal(expose(handed, other), undefined);
    }
  });

  it('cannot be told of a second coin on the same payload, whose serial therefore is another', () => {
    const twin = onPayload(coin.payload, 'twin', bob);
    assert.equal(twin.coinId, coin.coinId);
    assert.ok(verifies(handOver(twin)));
    assert.equal(expose(handed, handOver(twin, { ...PAYMENT, payee: '' })), undefined);
    const payload = Buffer.from(coin.payload).toString();
    assert.ok(payload.includes(`"serial": "${offline.serialOf(handed) ?? ''}"`));
    assert.ok(!payload.includes(offline.serialOf(handOver(twin)) ?? ''));
  });

  it('is shown by the secret alone', () => {
    const exposure = expose(handed, toBob) ?? assert.fail('two payments tell');
    const { identity, secret } = exposure;
    const wrong = [
      { identity: accounts.identity(bob), secret },
      { identity, secret: '' },
      { identity, secret: '0' },
      { identity, secret: `0${secret}` },
      { identity, secret: 'x' },
      { identity, secret: (BigInt(`0x${secret}`) ^ 1n).toString(16) },
      { identity, secret: (ORDER - BigInt(`0x${secret}`)).toString(16) },
      { identity, secret: (ORDER + BigInt(`0x${secret}`)).toString(16) },
      { identity, secret: 'f'.repeat(5_000) },
      { identity: 'x', secret },
      { identity: '', secret },
    ];
    for (const each of wrong) assert.equal(offline.isExposed(each), false, JSON.stringify(each));
  });
});

describe('a coin that was handed over once', () => {
  it('could be anybody’s: every identity has secrets that explain it', () => {
    // In a group where the test knows the logarithm of g2 to g1, and so every other; the equations are the suite's.
    const lambda = scalarOfWord('the logarithm that nobody knows');
    const h2 = publicPower(g1, lambda);
    const [u1, s, x1, x2, d] = ['u1', 's', 'x1', 'x2', 'd'].map(scalarOfWord) as [
      bigint,
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    const A = publicProduct([g1, reduce(u1 * s)], [h2, s]);
    const B = publicProduct([g1, x1], [h2, x2]);
    const [r1, r2] = [reduce(d * u1 * s + x1), reduce(d * s + x2)];
    for (const who of ['alice', 'bob', 'carol', 'u1'].map(scalarOfWord)) {
      const theirs = reduce((u1 * s + lambda * s) * inverted(who + lambda));
      const [y1, y2] = [reduce(r1 - d * who * theirs), reduce(r2 - d * theirs)];
      assert.ok(theirs > 0n);
      assert.ok(publicProduct([g1, reduce(who * theirs)], [h2, theirs]).equals(A), 'A = m^s');
      assert.ok(publicProduct([g1, y1], [h2, y2]).equals(B), 'B = g1^x1 · g2^x2');
      assert.equal(reduce(d * who * theirs + y1), r1);
      assert.equal(reduce(d * theirs + y2), r2);
      // A second payment tells them apart.
      const e = reduce(d + 1n);
      const same = reduce(e * theirs + y2) === reduce(e * s + x2);
      assert.equal(same, who === u1);
    }
  });

  it('answers with numbers that the suite’s own equations demand', () => {
    const [us, s, x1, x2] = [163, 195, 227, 259].map((at) => numberAt(coin.held, at)) as [
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    const d = challengeOf(coin, handed);
    assert.equal(numberAt(handed, AT.r1), reduce(d * us + x1));
    assert.equal(numberAt(handed, AT.r2), reduce(d * s + x2));
    assert.ok(publicProduct([g1, x1], [g2, x2]).equals(pointAt(handed, AT.B)));
    const m = Point.fromHex(`0${accounts.identity(alice)}`).add(g2);
    assert.ok(publicPower(m, s).equals(pointAt(handed, AT.A)));
    assert.ok(isAnswer(coin, handed));
  });
});

describe('two answers of one held form', () => {
  it('are different, so that a wallet must never give them', () => {
    const two = [PAYMENT, { ...PAYMENT, time: 1 }].map((payment) =>
      must(brands.hand(pair.public, coin.payload, coin.held, payment)),
    );
    assert.notEqual(numberAt(two[0]!, AT.r2), numberAt(two[1]!, AT.r2));
  });
});
