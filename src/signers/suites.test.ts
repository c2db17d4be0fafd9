/** What every native suite must do: the contract of `NativeSuite`, against the suite's plain mathematics. */
import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { describe, it } from 'node:test';
import { canonicalBytes } from '../base/canonical.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal } from '../base/refusal.ts';
import { NO_BIGINTS, SPECIAL_NUMBERS, mangled, spellings } from '../suites/hostile.test-helper.ts';
import { SUITES } from '../suites/index.ts';
import { must, payloadOf, secretsOf } from '../suites/keys.test-helper.ts';
import type { CipherSuite, KeyDocument, Preparation } from '../suites/suite.ts';
import { ACCOUNT, PAYMENT, casesOf, makeCoin, preparationFor } from '../suites/withdrawal.test-helper.ts';
import type { NativeKey } from './native.ts';
import { nativeNamed } from './natives.ts';
import { freshPair } from './pairs.test-helper.ts';

describe('the table of native suites', () => {
  it('has every suite, and throws on others', () => {
    for (const { name } of SUITES) assert.equal(nativeNamed(name).name, name);
    assert.throws(() => nativeNamed('RSA-MD5'), /RSA-MD5/);
  });
});

/** A first round by the native side, where the suite has one. */
function commitNatively(suite: CipherSuite, opened: NativeKey): Preparation {
  if (suite.accounts === undefined) return {};
  assert.ok(opened.commit !== undefined);
  return { account: ACCOUNT, commitment: opened.commit(suite.accounts.identity(ACCOUNT)) };
}

/** A coin as the mint gets it, out of an answer. */
function shownOf(suite: CipherSuite, key: unknown, word: string, answer: string, how: Preparation): string {
  const payload = payloadOf(word);
  const held = must(suite.unblind(key, payload, answer, secretsOf(word), how));
  return suite.show(must(suite.hand(key, payload, held, PAYMENT)));
}

for (const suite of SUITES) {
  const native = nativeNamed(suite.name);
  const pair = await freshPair(suite);
  const other = await freshPair(suite);
  const opened = native.open(pair.document, pair.secret);

  describe(`${suite.name}: natively`, () => {
    it('has a first round where the suite has one, with a cost', () => {
      assert.equal(opened.commit !== undefined, suite.promises.rounds === 2);
      assert.equal(native.cost.commit > 0, suite.promises.rounds === 2);
      assert.ok(native.cost.sign > 0 && native.cost.verify > 0);
    });

    it('signs what plain arithmetic signs: the same answer, or one that makes the same coin', () => {
      for (let count = 0; count < casesOf(suite, 30); count++) {
        const word = randomBytes(8).toString('hex');
        const how = commitNatively(suite, opened);
        const blind = suite.prepare(pair.public, payloadOf(word), secretsOf(word), how);
        const answer = opened.sign(blind);
        const plainly = suite.signPlainly(pair.secretDocument, blind);
        assert.ok(suite.answers(pair.public, blind, answer));
        if (answer === plainly) continue;
        const [mine, its] = [answer, plainly].map((each) => shownOf(suite, pair.public, word, each, how));
        assert.equal(mine, its);
      }
    });

    it('makes the same coin of the same blind, whenever it signs it', () => {
      const how = commitNatively(suite, opened);
      const blind = suite.prepare(pair.public, payloadOf('again'), secretsOf('again'), how);
      const reopened = native.open(pair.document, pair.secret);
      const [first, ...later] = [opened, opened, reopened].map((each) =>
        shownOf(suite, pair.public, 'again', each.sign(blind), how),
      );
      for (const each of later) assert.equal(each, first);
    });

    it('gives the first round as plain arithmetic does, under a nonce that is never the same', () => {
      if (suite.accounts === undefined || opened.commit === undefined) return;
      const { accounts } = suite;
      const identity = accounts.identity(ACCOUNT);
      const nonces = Array.from({ length: 4 }, () => {
        const commitment = opened.commit?.(identity) ?? '';
        const nonce = accounts.nonceOf(commitment) ?? '';
        assert.match(nonce, /^[0-9a-f]{64}$/);
        assert.equal(commitment, accounts.commitPlainly(pair.secretDocument, identity, nonce));
        return nonce;
      });
      assert.equal(new Set(nonces).size, nonces.length);
      for (const text of [...NO_BIGINTS, ...spellings(identity), '0', '1', 'f'.repeat(5_000)])
        assert.throws(() => opened.commit?.(text), Error, text);
    });

    it('verifies as plain arithmetic does, good coins and spoilt ones', () => {
      const coins = Array.from({ length: casesOf(suite, 30) }, (_, index) => {
        const payload = new Uint8Array(randomBytes(randomInt(400)));
        return makeCoin(suite, pair, payload, `coin ${index}`, preparationFor(suite, pair));
      });
      for (const [index, { payload, shown }] of coins.entries()) {
        assert.ok(opened.verify(payload, shown));
        const few = mangled(shown, 24).filter((_, at) => at % coins.length === index % 8);
        for (const text of few)
          assert.equal(opened.verify(payload, text), suite.verifyPlainly(pair.secretDocument, payload, text));
        assert.equal(opened.verify(payload.subarray(1), shown), payload.length === 0);
        assert.equal(native.open(other.document, other.secret).verify(payload, shown), false);
      }
    });

    it('takes no coin from what comes in from strangers, and throws at none of it', () => {
      const coin = makeCoin(suite, pair, payloadOf('coin'), 'coin');
      const texts = [
        ...NO_BIGINTS,
        ...SPECIAL_NUMBERS,
        ...spellings(coin.shown),
        ...mangled(coin.shown, casesOf(suite, 200)),
      ];
      for (const text of texts) assert.equal(opened.verify(coin.payload, text), false, text);
      // Held and handed forms hold what the mint must not be told.
      for (const text of [coin.held, coin.handed].filter((each) => each !== coin.shown))
        assert.equal(opened.verify(coin.payload, text), false);
    });

    it('throws rather than sign what is out of range', () => {
      for (const text of [...NO_BIGINTS, 'f'.repeat(5_000)])
        assert.throws(() => opened.sign(text), Error, text);
      for (const text of SPECIAL_NUMBERS) {
        if (suite.accepts(pair.public, text))
          assert.ok(suite.answers(pair.public, text, opened.sign(text)), text);
      }
    });
  });

  describe(`${suite.name}: keys made natively`, () => {
    it('are read, without a weakness, sign, and keep within the limits', async () => {
      const [made, master] = await Promise.all([native.makeMintKey(), native.makeMaster()]);
      const key = suite.readKey(made.publicKey);
      assert.ok(!(key instanceof Refusal));
      assert.equal(suite.weakness(key), undefined);
      const masterKey = suite.documents.readKey(master.publicKey);
      assert.ok(!(masterKey instanceof Refusal));
      assert.equal(suite.documents.weakness(masterKey), undefined);
      const secretDocument = native.plainSecret(made.publicKey, made.secret);
      const coin = makeCoin(suite, { public: key, secretDocument }, payloadOf('made'), 'made');
      assert.ok(native.open(made.publicKey, made.secret).verify(coin.payload, coin.shown));
      mustFit(coin, suite);
      const document = new Uint8Array(randomBytes(500));
      const signature = await native.signDocument(master.secret, document);
      assert.ok(suite.documents.verify(masterKey, document, signature));
      await signsDocuments(suite, masterKey, master.secret);
    });

    it('open as the pair they are, and say nothing of the secret', () => {
      assert.throws(() => native.open(pair.document, other.secret), isSilentOn(other.secret));
      assert.throws(() => native.open(other.document, pair.secret), isSilentOn(pair.secret));
      assert.throws(() => native.open({ type: pair.document.type }, pair.secret), isSilentOn(pair.secret));
      const { secret } = pair;
      const broken = [0, 3, Math.floor(secret.length / 2)].map((at) =>
        secret.map((byte, index) => (index === at ? byte ^ 1 : byte)),
      );
      const zeros = new Uint8Array(secret.length);
      for (const each of [...broken.slice(0, 2), secret.subarray(0, -9), new Uint8Array(0), zeros])
        assert.throws(() => native.open(pair.document, each), isSilentOn(secret));
    });

    it('sign and commit with nothing of the secret in what they throw', () => {
      for (const text of ['', 'x', 'f'.repeat(5_000)]) {
        assert.throws(() => opened.sign(text), isSilentOn(pair.secret));
        if (opened.commit !== undefined) assert.throws(() => opened.commit?.(text), isSilentOn(pair.secret));
      }
    });
  });
}

/** An error that tells no eight bytes in a row of the secret, and nothing that looks like a number of a key. */
function isSilentOn(secret: Uint8Array): (error: unknown) => boolean {
  return (error) => {
    if (!(error instanceof Error)) return false;
    const said = `${error.stack ?? ''} ${JSON.stringify(error)}`;
    const bytes = Buffer.from(secret);
    const forms = Array.from({ length: Math.max(0, bytes.length - 7) }, (_, at) =>
      bytes.subarray(at, at + 8),
    );
    return (
      !/[0-9a-f]{16}/i.test(said) &&
      forms.every(
        (each) => !said.includes(each.toString('latin1')) && !said.includes(each.toString('base64', 0, 6)),
      )
    );
  };
}

/** The most coins and blinds of one request go into one message, there and back. */
function mustFit(coin: ReturnType<typeof makeCoin>, suite: CipherSuite): void {
  const { blind, answer, held, handed, shown } = coin;
  for (const text of [blind, answer, held, handed, shown, coin.how.commitment ?? '0'])
    assert.ok(text.length <= LIMITS.bigIntDigits);
  const id = 'f'.repeat(64);
  const payload = JSON.parse(Buffer.from(coin.payload).toString()) as KeyDocument;
  // Seven blinds or coins in eight of a common URL's length; what a stack's URL adds, the sum has room for.
  const far = { ...payload, cdd_location: `https://mint.example/${'x'.repeat(200)}` };
  const each = <Item>(item: Item): Item[] => Array.from({ length: LIMITS.coinsPerRequest }, () => item);
  const messages = [
    {
      blinds: each({
        blinded_payload_hash: blind,
        mint_key_id: id,
        reference: 'f'.repeat(32),
        type: 'blinded payload hash',
      }),
      coins: each({ payload: far, signature: shown, type: 'coin' }),
    },
    { coins: each({ payload: far, signature: handed, type: 'coin' }), subject: 'x'.repeat(LIMITS.subject) },
    {
      blind_signatures: each({ blind_signature: answer, reference: 'f'.repeat(32), type: 'blind signature' }),
    },
    { commitments: each(coin.how.commitment ?? ''), mint_key_ids: each(id) },
  ];
  for (const message of messages) {
    const { length } = canonicalBytes({ ...message, message_reference: 0, transaction_reference: id });
    assert.ok(length <= LIMITS.messageBytes, `${suite.name}: ${length} bytes`);
  }
}

/** Documents of any length, by this key only, without a change, in one spelling. */
async function signsDocuments(suite: CipherSuite, masterKey: unknown, secret: Uint8Array): Promise<void> {
  for (const length of [0, 1, 64, 3_000]) {
    const document = new Uint8Array(randomBytes(length));
    const signature = await nativeNamed(suite.name).signDocument(secret, document);
    assert.ok(suite.documents.verify(masterKey, document, signature));
    assert.equal(suite.documents.verify(masterKey, Uint8Array.of(...document, 0), signature), false);
    for (const text of [...NO_BIGINTS, ...spellings(signature), ...mangled(signature, 4), 'f'.repeat(5_000)])
      assert.equal(suite.documents.verify(masterKey, document, text), false, text);
  }
}
