import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { hexToBytes, sameBytes } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { coinChallenge } from './coin.ts';
import type { Point } from './group.ts';
import { ORDER, g, g2, pointBytes, pointOf, publicPower, reduce, scalarBytes } from './group.ts';
import type { Withdrawn } from './brands.test-helper.ts';
import {
  AT,
  accounts,
  alice,
  bob,
  bytesOfText,
  handOver,
  inverted,
  nonceOfWord,
  numberAt,
  offline,
  otherPair,
  pair,
  replaced,
  withdraw,
} from './brands.test-helper.ts';
import { brands } from '../brands.ts';
import { must, payloadOf, secretsOf } from '../keys.test-helper.ts';

/** Where the parts of commitment, blind and blind signature begin. */
const [NONCE, Z, A_, B_OR_C, R] = [1, 33, 66, 99, 131];

const coin = withdraw('coin');
const how = { account: alice };
const point = (bytes: Uint8Array): Point => pointOf(bytes) ?? assert.fail('no point');
const pointAt = (text: string, at: number): Point => point(bytesOfText(text).subarray(at, at + 33));
const prepare = (commitment: string) =>
  brands.prepare(pair.public, coin.payload, coin.secrets, { commitment, ...how });
const unblind = (answer: string) => brands.unblind(pair.public, coin.payload, answer, coin.secrets, how);

describe('a first round', () => {
  it('names its nonce, as its blind does; nothing else names one', () => {
    const nonce = nonceOfWord('coin');
    assert.equal(accounts.nonceOf(coin.commitment), nonce);
    assert.equal(accounts.nonceOf(coin.blind), nonce);
    const others = [
      '',
      '0',
      'x',
      coin.answer,
      coin.held,
      `0${coin.blind}`,
      `${coin.blind}0`,
      `2${coin.blind.slice(1)}`,
    ];
    for (const text of others) assert.equal(accounts.nonceOf(text), undefined, text);
  });

  it('is none with a point that is off the curve; a wallet makes no blind of it', () => {
    const offTheCurve = Uint8Array.of(2, ...new Uint8Array(31), 1);
    assert.equal(pointOf(offTheCurve), undefined);
    for (const at of [Z, A_, B_OR_C]) {
      for (const bytes of [
        offTheCurve,
        new Uint8Array(33),
        Uint8Array.of(4, 1),
        new Uint8Array(33).fill(255),
      ]) {
        const text = replaced(coin.commitment, at, bytes);
        assert.equal(accounts.nonceOf(text), undefined);
        assert.throws(() => prepare(text), /not a commitment/);
      }
    }
    for (const text of ['', coin.blind]) assert.throws(() => prepare(text), /not a commitment/);
    assert.throws(() =>
      brands.prepare(pair.public, coin.payload, coin.secrets, { commitment: coin.commitment }),
    );
  });

  it('is different for every nonce, identity and key', () => {
    const identity = accounts.identity(alice);
    const parts = [
      accounts.commitPlainly(pair.secretDocument, identity, nonceOfWord('one')),
      accounts.commitPlainly(pair.secretDocument, identity, nonceOfWord('two')),
      accounts.commitPlainly(otherPair.secretDocument, identity, nonceOfWord('one')),
    ].map((text) => text.slice(A_ * 2 - 1));
    assert.equal(new Set(parts).size, 3);
    for (const nonce of ['', '00', '00'.repeat(33)])
      assert.throws(() => accounts.commitPlainly(pair.secretDocument, identity, nonce), RangeError);
  });
});

describe('a blind', () => {
  it('is accepted with c from 1 to order - 1, and in its one form', () => {
    assert.ok(brands.accepts(pair.public, coin.blind));
    assert.ok(brands.accepts(pair.public, replaced(coin.blind, B_OR_C, scalarBytes(ORDER - 1n))));
    const wrong = [
      replaced(coin.blind, B_OR_C, new Uint8Array(32)),
      ...[ORDER, ORDER + 1n, 2n ** 256n - 1n].map((c) => replaced(coin.blind, B_OR_C, scalarBytes(c))),
      ...[Z, A_].flatMap((at) => [0, 1, 4, 255].map((byte) => replaced(coin.blind, at, Uint8Array.of(byte)))),
      coin.commitment,
      coin.answer,
      coin.blind.slice(1),
    ];
    for (const text of wrong) {
      assert.equal(brands.accepts(pair.public, text), false, text);
      assert.throws(() => brands.signPlainly(pair.secretDocument, text), /out of range/);
    }
  });

  it('is another for another coin, account, key or commitment', () => {
    const { payload, secrets, commitment } = coin;
    const blinds = [
      coin.blind,
      prepare(accounts.commitPlainly(pair.secretDocument, accounts.identity(alice), nonceOfWord('other'))),
      brands.prepare(pair.public, payload, secrets, { commitment, account: bob }),
      brands.prepare(pair.public, payload, secretsOf('other'), { commitment, ...how }),
      brands.prepare(pair.public, payloadOf('other'), secrets, { commitment, ...how }),
      brands.prepare(otherPair.public, payload, secrets, { commitment, ...how }),
    ];
    assert.equal(new Set(blinds.map((each) => numberAt(each, B_OR_C))).size, blinds.length);
    assert.equal(prepare(commitment), coin.blind);
  });

  it('is none of secrets that give nothing', () => {
    const none = (_label: string, length: number) => new Uint8Array(length);
    const preparation = { commitment: coin.commitment, ...how };
    assert.throws(() => brands.prepare(pair.public, coin.payload, none, preparation), /no scalar/);
  });
});

describe('the mint’s answer', () => {
  it('is refused where any part of it is another', () => {
    for (const at of [0, NONCE, 20, Z, 50, A_, 80, B_OR_C, 120, R, 162]) {
      const changed = replaced(coin.answer, at, Uint8Array.of((bytesOfText(coin.answer)[at] ?? 0) ^ 1));
      const refusal = unblind(changed);
      assert.ok(refusal instanceof Refusal, `${at}`);
      assert.equal(refusal.name, 'bad signature');
      assert.equal(brands.answers(pair.public, coin.blind, changed), false);
    }
    const r = numberAt(coin.answer, R);
    for (const other of [ORDER - r, 1n, 0n, ORDER])
      assert.ok(unblind(replaced(coin.answer, R, scalarBytes(other))) instanceof Refusal);
  });

  it('is refused for another account, payload, key, or coin', () => {
    const { payload, answer, secrets } = coin;
    const refused = [
      brands.unblind(pair.public, payload, answer, secrets, { account: bob }),
      brands.unblind(pair.public, payload, answer, secretsOf('other'), how),
      brands.unblind(pair.public, payloadOf('other'), answer, secrets, how),
      brands.unblind(otherPair.public, payload, answer, secrets, how),
    ];
    for (const refusal of refused) assert.ok(refusal instanceof Refusal);
  });

  // z or b that is no power of m would mark a coin for the mint to know again.
  for (const [name, at] of [
    ['z', Z],
    ['a', A_],
    ['b', B_OR_C],
  ] as const) {
    it(`is refused where the mint had committed itself to a false ${name}`, () => {
      const marked = pointBytes(pointAt(coin.commitment, at).add(g));
      const blind = prepare(replaced(coin.commitment, at, marked));
      assert.ok(unblind(brands.signPlainly(pair.secretDocument, blind)) instanceof Refusal);
    });
  }

  it('gives the key away with a second one to the same nonce: why a mint never gives it', () => {
    const another = replaced(coin.blind, B_OR_C, scalarBytes(numberAt(coin.blind, B_OR_C) ^ 1n));
    const second = brands.signPlainly(pair.secretDocument, another);
    const [c1, c2, r1, r2] = [coin.blind, another, coin.answer, second].map((text, index) =>
      numberAt(text, index < 2 ? B_OR_C : R),
    );
    assert.equal(reduce((r1! - r2!) * inverted(c1! - c2!)), pair.x);
  });
});

/** What the mint knows of a withdrawal: with its key, also w. */
function seenByTheMint({ commitment, blind, answer }: Pick<Withdrawn, 'commitment' | 'blind' | 'answer'>) {
  const [c, r] = [numberAt(blind, B_OR_C), numberAt(answer, R)];
  const [z, a, b] = [Z, A_, B_OR_C].map((at) => pointAt(commitment, at)) as [Point, Point, Point];
  return { c, r, z, a, b, w: reduce(r - c * pair.x) };
}

/** What the mint knows of a coin that it is shown. */
function shownToTheMint(each: Withdrawn) {
  const shown = handOver(each);
  const bytes = (at: number) => bytesOfText(shown).slice(at, at + 33);
  return {
    id: hexToBytes(each.coinId),
    points: { A: bytes(AT.A), B: bytes(AT.B), z: bytes(AT.z) },
    A: point(bytes(AT.A)),
    c: numberAt(shown, AT.c),
    r: numberAt(shown, AT.r),
  };
}

type Shown = ReturnType<typeof shownToTheMint>;

/** c', were the coin made under w with u, v and this z': the mint can compute it, since b' = A^(w·u + v). */
function challengeUnder({ id, points, A }: Shown, w: bigint, u: bigint, v: bigint, z = points.z): bigint {
  const exponent = reduce(w * u + v);
  const [a, b] = [publicPower(g, exponent), publicPower(A, exponent)].map(pointBytes);
  return coinChallenge(pair.public.bytes, id, { ...points, z, a: a!, b: b! });
}

describe('every pairing of a withdrawal with a coin', () => {
  const made = ['one', 'two', 'three', 'four'].map((word, index) => withdraw(word, index < 3 ? alice : bob));
  const shown = made.map(shownToTheMint);

  it('is explained by s, u and v, which are what the wallet would have used', () => {
    const explanations = made.flatMap((withdrawn) => {
      const { c, r, z, a, b, w } = seenByTheMint(withdrawn);
      return made.map((other, index) => {
        const coinShown = shown[index]!;
        const u = reduce(coinShown.c * inverted(c));
        const v = reduce(coinShown.r - r * u);
        assert.ok(u > 0n);
        assert.equal(challengeUnder(coinShown, w, u, v), coinShown.c);
        // z' = A^x, as z = m^x: so whatever s leads from m to A leads from z to z' too. m is not neutral: there is one.
        assert.ok(publicPower(coinShown.A, pair.x).equals(point(coinShown.points.z)));
        if (other.account === withdrawn.account) {
          const s = numberAt(other.held, 195);
          assert.ok(publicPower(z, s).equals(point(coinShown.points.z)));
          const aBlinded = publicPower(a, u).add(publicPower(g, v));
          const bBlinded = publicPower(b, reduce(s * u)).add(publicPower(coinShown.A, v));
          const [aBytes, bBytes] = [aBlinded, bBlinded].map(pointBytes);
          const again = coinChallenge(pair.public.bytes, coinShown.id, {
            ...coinShown.points,
            a: aBytes!,
            b: bBytes!,
          });
          assert.equal(reduce(again * inverted(u)), c);
        }
        return `${u} ${v}`;
      });
    });
    assert.equal(new Set(explanations).size, 16, 'each pairing has one of its own');
  });

  it('shows the mint nothing in a coin that it saw when it made it', () => {
    const seen = new Set(
      made.flatMap(({ commitment, answer }) => [...windows(commitment), ...windows(answer)]),
    );
    for (const each of made) for (const window of windows(handOver(each))) assert.ok(!seen.has(window));
  });
});

/** All 16 bytes that stand anywhere in a text. */
function windows(text: string): string[] {
  return Array.from({ length: text.length - 31 }, (_, at) => text.slice(at, at + 32));
}

describe('a mint that breaks off a withdrawal', () => {
  const identity = accounts.identity(alice);
  const second = accounts.commitPlainly(pair.secretDocument, identity, nonceOfWord('the second attempt'));
  // z = m^(x + 1): the mint would know z' of it as well, A^(x + 1).
  const m = point(bytesOfText(identity)).add(g2);
  const falseZ = replaced(second, Z, pointBytes(pointAt(second, Z).add(m)));
  const otherNonce = replaced(second, NONCE, new Uint8Array(32).fill(7));
  const otherPoints = replaced(coin.commitment, NONCE, hexToBytes(nonceOfWord('the second attempt')));
  const attempts = [coin.commitment, otherPoints, falseZ, otherNonce, second].map((commitment) => {
    const blind = prepare(commitment);
    return { commitment, blind, answer: brands.signPlainly(pair.secretDocument, blind) };
  });
  const last = attempts.at(-1)!;
  const finished = { ...coin, ...last, held: must(unblind(last.answer)) };

  it('cannot tell its attempts by the coin that came of the last', () => {
    const shown = shownToTheMint(finished);
    const { c, r, w } = seenByTheMint(finished);
    const u = reduce(shown.c * inverted(c));
    const v = reduce(shown.r - r * u);
    // With the coin's own u and v it would: this is how, and that it works on the attempt that was finished.
    assert.equal(reduce(challengeUnder(shown, w, u, v) * inverted(u)), c);
    const [first, withOtherPoints, withFalseZ, withOtherNonce] = attempts.map((each) => ({
      ...seenByTheMint(each),
      ...each,
    }));
    const zWouldBe = new Uint8Array(pointBytes(point(shown.points.z).add(shown.A)));
    assert.notEqual(reduce(challengeUnder(shown, first!.w, u, v) * inverted(u)), first!.c);
    assert.notEqual(reduce(challengeUnder(shown, first!.w, u, v) * inverted(u)), withOtherPoints!.c);
    assert.notEqual(reduce(challengeUnder(shown, w, u, v, zWouldBe) * inverted(u)), withFalseZ!.c);
    assert.notEqual(withOtherNonce!.c, c);
  });

  it('gets another c from each attempt, and the same from the same', () => {
    assert.equal(new Set(attempts.map(({ blind }) => numberAt(blind, B_OR_C))).size, attempts.length);
    for (const { commitment, blind } of attempts) assert.equal(prepare(commitment), blind);
  });
});

describe('coins of one payload', () => {
  it('share nothing, where source or account differ', () => {
    const helds = [['one', alice] as const, ['two', alice] as const, ['one', bob] as const].map(
      ([word, account], index) => {
        const [payload, secrets] = [payloadOf('one'), secretsOf(word)];
        const nonce = createHash('sha256').update(`${index}`).digest('hex');
        const commitment = accounts.commitPlainly(pair.secretDocument, accounts.identity(account), nonce);
        const blind = brands.prepare(pair.public, payload, secrets, { commitment, account });
        const answer = brands.signPlainly(pair.secretDocument, blind);
        return bytesOfText(must(brands.unblind(pair.public, payload, answer, secrets, { account })));
      },
    );
    for (const at of [AT.A, AT.B, AT.z, 163, 195, 227, 259]) {
      const parts = helds.map((held) => held.subarray(at, at + 32));
      assert.ok(
        parts.every((part, index) => parts.every((each, other) => index === other || !sameBytes(part, each))),
      );
    }
  });
});

describe('the serial', () => {
  it('is known before the payload, and follows from every form of the coin', () => {
    const coin = withdraw('its serial');
    const expected = offline.serial(pair.public, coin.secrets, coin.account);
    assert.match(expected, /^[1-9a-f][0-9a-f]{0,63}$/);
    assert.equal(offline.serialOf(coin.held), expected);
    assert.equal(offline.serialOf(handOver(coin)), expected);
    assert.equal(offline.serialOf(coin.blind), undefined);
  });

  it('is another for another source, account or key', () => {
    const serials = [
      offline.serial(pair.public, secretsOf('one'), alice),
      offline.serial(pair.public, secretsOf('two'), alice),
      offline.serial(pair.public, secretsOf('one'), bob),
      offline.serial(otherPair.public, secretsOf('one'), alice),
    ];
    assert.equal(new Set(serials).size, serials.length);
  });
});
