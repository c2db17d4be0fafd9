/** libsecp256k1's answers against the suite's plain mathematics. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bytesToNumber } from '../base/bigint.ts';
import { challenge } from '../suites/wagner/dleq.ts';
import { hashToCurve } from '../suites/wagner/hash-to-curve.ts';
import { must, payloadOf, secretsOf } from '../suites/keys.test-helper.ts';
import { G, ORDER, readPoint, times, writePoint, writeScalar } from '../suites/wagner/points.ts';
import { wagner } from '../suites/wagner.ts';
import { randomScalar, wagnerPair } from '../suites/wagner/wagner.test-helper.ts';
import { hmacSha256 } from './hmac-sha256.ts';
import { libsecp256k1 } from './secp256k1.ts';
import { nativeWagner } from './wagner.ts';

const CASES = 1000;
const pair = wagnerPair();
const other = wagnerPair();
const native = nativeWagner.open(pair.document, pair.secret);
const aBlind = () => writePoint(times(randomScalar(), G));

/** C', e and s of an answer. */
function partsOf(answer: string) {
  const [e = 0n, s = 0n] = (answer.slice(65).match(/.{64}/g) ?? []).map((each) => BigInt(`0x${each}`));
  return { point: answer.slice(0, 65), e, s };
}

describe('SECP256K1-WAGNER by libsecp256k1: signing', () => {
  it(`gives the answer of the plain mathematics, ${CASES} times`, () => {
    // Blinds whose logarithm is known make the check cheap: B' = b · G, hence C' = b · K and R2 = t · b · G.
    const step = randomScalar();
    const [stepG, stepK] = [times(step, G), times(step, pair.K)];
    let b = step;
    let [blind, answer] = [stepG, stepK];
    for (let count = 0; count < CASES; count++) {
      const text = native.sign(writePoint(blind));
      assert.match(text, /^[23][0-9a-f]{192}$/);
      const { point, e, s } = partsOf(text);
      assert.equal(point, writePoint(answer));
      const t = (s + (ORDER - pair.k) * e) % ORDER;
      assert.ok(s < ORDER && t > 0n);
      assert.equal(challenge([G.multiply(t), G.multiply((t * b) % ORDER), pair.K, answer]), e);
      b = (b + step) % ORDER;
      [blind, answer] = [blind.add(stepG), answer.add(stepK)];
    }
  });

  it('proves to the wallet, under any key', async () => {
    for (let count = 0; count < 40; count++) {
      const { publicKey, secret } = await nativeWagner.makeMintKey();
      const key = must(wagner.readKey(publicKey));
      const plain = nativeWagner.plainSecret(publicKey, secret);
      const payload = new Uint8Array(randomBytes(randomInt(400)));
      const blind = wagner.prepare(key, payload, secretsOf('coin'));
      const opened = nativeWagner.open(publicKey, secret);
      const answer = opened.sign(blind);
      assert.equal(partsOf(answer).point, partsOf(wagner.signPlainly(plain, blind)).point);
      const held = must(wagner.unblind(key, payload, answer, secretsOf('coin')));
      assert.ok(opened.verify(payload, wagner.show(held)));
    }
  });

  it('never takes a nonce twice, not even for the same blind', () => {
    const blind = aBlind();
    const answers = Array.from({ length: 200 }, () => partsOf(native.sign(blind)));
    const nonces = answers.map(({ e, s }) => (s + (ORDER - pair.k) * e) % ORDER);
    assert.equal(new Set(nonces).size, answers.length);
    assert.equal(new Set(answers.map(({ point }) => point)).size, 1, 'but the same point each time');
  });

  it('throws on what is no blind, and then goes on', () => {
    const blind = aBlind();
    const wrong = [
      '',
      '0',
      '00',
      `0${blind}`,
      `4${blind.slice(1)}`,
      blind.slice(1),
      `${blind}0`,
      `${blind}\n`,
    ];
    const offCurve = [`2${writeScalar(5n)}`, `2${'f'.repeat(64)}`, `2${'0'.repeat(64)}`];
    for (const text of [...wrong, ...offCurve, `3${'G'.repeat(64)}`]) {
      assert.throws(() => native.sign(text), /^RangeError: blind out of range$/, text);
      assert.ok(wagner.answers(pair.public, blind, native.sign(blind)));
    }
  });

  it('lets nothing out that a fault threw off the curve', (context) => {
    const library = libsecp256k1();
    const { ecdh, publicKeyCreate } = library;
    const blind = aBlind();
    const fails = /^Error: the private operation failed its check$/;
    for (const faulty of [1, 2]) {
      let count = 0;
      const mock = context.mock.method(library, 'ecdh', (...args: Parameters<typeof ecdh>) => {
        const output = ecdh(...args);
        if (++count === faulty) args[2].xbuf[31] = (args[2].xbuf[31] ?? 0) ^ 1;
        return output;
      });
      assert.throws(() => native.sign(blind), fails, `product ${faulty}`);
      mock.mock.restore();
    }
    const mock = context.mock.method(
      library,
      'publicKeyCreate',
      (...args: Parameters<typeof publicKeyCreate>) => {
        const output = publicKeyCreate(...args);
        output[64] = (output[64] ?? 0) ^ 1;
        return output;
      },
    );
    assert.throws(() => native.sign(blind), fails, "the nonce's point");
    mock.mock.restore();
    assert.ok(wagner.answers(pair.public, blind, native.sign(blind)));
  });
});

describe('SECP256K1-WAGNER by libsecp256k1: verifying', () => {
  it(`says what the plain mathematics says, ${CASES} times`, () => {
    const verdicts = new Set<boolean>();
    for (let count = 0; count < CASES; count++) {
      const payload = new Uint8Array(randomBytes(randomInt(400)));
      const C = times(pair.k, hashToCurve(payload));
      const right = writePoint(C);
      const ways = [
        right,
        right,
        writePoint(C.negate()),
        writePoint(C.add(G)),
        `0${right}`,
        `${right}0`,
        aBlind(),
      ];
      const shown = ways[randomInt(ways.length)] ?? '';
      const verdict = native.verify(payload, shown);
      assert.equal(verdict, shown === right, shown);
      if (count < 50) assert.equal(verdict, wagner.verifyPlainly(pair.secretDocument, payload, shown));
      verdicts.add(verdict);
    }
    assert.equal(verdicts.size, 2);
  });

  it('is false for whatever is no coin, and never throws', () => {
    const payload = payloadOf('coin');
    const blind = wagner.prepare(pair.public, payload, secretsOf('coin'));
    const held = must(wagner.unblind(pair.public, payload, native.sign(blind), secretsOf('coin')));
    const shown = wagner.show(held);
    assert.ok(native.verify(payload, shown));
    assert.equal(native.verify(payload.subarray(1), shown), false);
    assert.equal(native.verify(payloadOf('coin', 2), shown), false);
    assert.equal(nativeWagner.open(other.document, other.secret).verify(payload, shown), false);
    const none = [
      held,
      held.slice(0, 193),
      blind,
      '',
      '0',
      'z',
      `${shown}\n`,
      shown.toUpperCase(),
      `4${shown.slice(1)}`,
    ];
    for (const text of [...none, `2${'0'.repeat(64)}`, `2${'f'.repeat(64)}`, 'f'.repeat(5_000)]) {
      assert.equal(native.verify(payload, text), false, text);
    }
  });

  it('hashes a view into a larger buffer by its own bytes', () => {
    const payload = payloadOf('view');
    const shown = writePoint(times(pair.k, hashToCurve(payload)));
    assert.ok(native.verify(new Uint8Array([7, ...payload, 7]).subarray(1, payload.length + 1), shown));
  });
});

describe('SECP256K1-WAGNER by libsecp256k1: keys', () => {
  it('are fresh, and in range', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => nativeWagner.makeMintKey()));
    assert.equal(new Set(keys.map(({ publicKey }) => publicKey['point'])).size, keys.length);
    for (const { publicKey, secret } of keys) {
      const k = bytesToNumber(secret);
      assert.ok(k > 0n && k < ORDER && secret.length === 32);
      assert.equal(publicKey['point'], writePoint(times(k, G)));
    }
  });

  it('open as a pair only, and what is said of it says nothing of the secret', () => {
    const zero = new Uint8Array(32);
    const large = new Uint8Array(32).fill(0xff);
    const cases: [Uint8Array, RegExp][] = [
      [other.secret, /^Error: public and secret key are no pair$/],
      // The secret of -K, whose point has the same x.
      [
        new Uint8Array(Buffer.from(writeScalar(ORDER - pair.k), 'hex')),
        /^Error: public and secret key are no pair$/,
      ],
      ...[zero, large, pair.secret.subarray(1), new Uint8Array(0)].map((secret): [Uint8Array, RegExp] => [
        secret,
        /^Error: not a secret key$/,
      ]),
    ];
    for (const [secret, message] of cases)
      assert.throws(() => nativeWagner.open(pair.document, secret), message);
    assert.throws(() => nativeWagner.open({ type: 'x' }, pair.secret), /^Error: public key: type/);
  });

  it('stay open when the secret that they were opened with is written over', () => {
    const secret = Uint8Array.from(pair.secret);
    const opened = nativeWagner.open(pair.document, secret);
    secret.fill(0);
    const blind = aBlind();
    assert.ok(wagner.answers(pair.public, blind, opened.sign(blind)));
  });

  it('keep to themselves: two keys that sign in turn do not disturb each other', () => {
    const second = nativeWagner.open(other.document, other.secret);
    for (let count = 0; count < 10; count++) {
      const blind = aBlind();
      const [one, two] = [native.sign(blind), second.sign(blind)];
      assert.ok(wagner.answers(pair.public, blind, one) && wagner.answers(other.public, blind, two));
    }
  });

  it('are not made where no native code may be loaded, and other suites do without it', () => {
    const script = `
      import { nativeNamed } from ${JSON.stringify(new URL('natives.ts', import.meta.url).href)};
      const other = await nativeNamed('ED25519-UNBLINDED').makeMintKey();
      const outcome = await nativeNamed('SECP256K1-WAGNER').makeMintKey().catch((error) => error.message);
      console.log(JSON.stringify([typeof other.publicKey, outcome]));`;
    const readable = fileURLToPath(new URL('../..', import.meta.url));
    const args = ['--permission', `--allow-fs-read=${readable}`, '--input-type=module', '--eval', script];
    const printed = execFileSync(process.execPath, args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [kind, outcome] = JSON.parse(printed) as [string, string];
    assert.equal(kind, 'object');
    assert.match(outcome, /^libsecp256k1 cannot be loaded on .+ which SECP256K1-WAGNER needs: /);
  });

  it('are never used by arithmetic in JavaScript', () => {
    native.sign(aBlind());
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    assert.ok(loaded.some((path) => path.includes('/secp256k1/bindings.js')));
    assert.deepEqual(
      loaded.filter((path) => path.includes('elliptic')),
      [],
    );
  });
});

describe('HMAC-SHA-256 in one text', () => {
  it('is what Node makes of key and text', () => {
    for (let count = 0; count < 50; count++) {
      const key = randomBytes(randomInt(65));
      const { message, digest } = hmacSha256(key, randomInt(300));
      for (const text of [randomBytes(message.length), randomBytes(message.length)]) {
        message.set(text);
        assert.deepEqual(digest(), createHmac('sha256', key).update(text).digest());
      }
    }
    assert.throws(() => hmacSha256(new Uint8Array(65), 1), RangeError);
  });

  it('is what RFC 4231, test case 2, has', () => {
    const { message, digest } = hmacSha256(Buffer.from('Jefe'), 28);
    message.write('what do ya want for nothing?');
    assert.equal(
      digest().toString('hex'),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});

describe("a currency's points", () => {
  it('are read natively and plainly alike', () => {
    const library = libsecp256k1();
    for (let count = 0; count < 300; count++) {
      const text = (count % 2 === 0 ? '2' : '3') + randomBytes(32).toString('hex');
      assert.equal(readPoint(text) !== undefined, library.publicKeyVerify(Buffer.from(`0${text}`, 'hex')));
    }
  });
});
