import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import diagnostics from 'node:diagnostics_channel';
import { after, before, describe, it } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { SUITES } from '../suites/index.ts';
import { makeKey, must, payloadOf, secretsOf } from '../suites/keys.test-helper.ts';
import { makeCashierKey, signEd25519 } from './ed25519.ts';
import { openLanes } from './lanes.ts';
import type { Lanes } from './lanes.ts';
import type { LaneKey } from './parcel.ts';

const pairs = SUITES.map((suite, index) => ({ suite, keyId: `key ${index}`, key: makeKey(1024) }));
const laneKeys: readonly LaneKey[] = pairs.map(({ suite, keyId, key }) => ({
  keyId,
  suite: suite.name,
  publicKey: key.document,
  secret: new Uint8Array(key.secretObject.export({ format: 'der', type: 'pkcs8' })),
}));
const [first] = pairs as [(typeof pairs)[number]];

/** A coin's blind and what its answer must be, under every suite. */
const coins = pairs.flatMap(({ suite, keyId, key }) =>
  Array.from({ length: 20 }, (_, index) => {
    const word = `coin ${index}`;
    const payload = payloadOf(word);
    const blind = suite.prepare(key.public, payload, secretsOf(word));
    const answer = suite.signPlainly(key.secretDocument, blind);
    const signature = must(suite.unblind(key.public, payload, answer, secretsOf(word)));
    return { keyId, payload, blind, answer, signature };
  }),
);

// Node announces every thread that is opened: how a test gets hold of one to kill it.
const threads: Worker[] = [];
function remember(message: unknown): void {
  threads.push((message as { worker: Worker }).worker);
}

describe('lanes', () => {
  let lanes: Lanes;

  before(async () => {
    diagnostics.subscribe('worker_threads', remember);
    lanes = await openLanes(2);
    await lanes.load(laneKeys);
  });

  after(async () => {
    await lanes.close();
    diagnostics.unsubscribe('worker_threads', remember);
  });

  const signAll = () => lanes.sign(coins);
  const rightAnswers = coins.map(({ answer }) => answer);

  it('sign and verify in the order asked', async () => {
    assert.deepEqual(await signAll(), rightAnswers);
    const checks = coins.map((coin, index) => (index % 3 === 0 ? { ...coin, signature: coin.answer } : coin));
    assert.deepEqual(
      await lanes.verify(checks),
      coins.map((_, index) => index % 3 !== 0),
    );
    assert.deepEqual(await lanes.sign([]), []);
    assert.deepEqual(await lanes.verify([]), []);
  });

  it('give everyone their own answers when many ask at once', async () => {
    await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const own = coins.slice(index % coins.length, (index % coins.length) + 1 + (index % 7));
        const [signatures, verdicts] = await Promise.all([lanes.sign(own), lanes.verify(own)]);
        assert.deepEqual(
          signatures,
          own.map(({ answer }) => answer),
        );
        assert.ok(verdicts.every((verdict) => verdict) && verdicts.length === own.length);
      }),
    );
  });

  it('verify payloads of any bytes', async () => {
    const payload = new Uint8Array(256).map((_, index) => index);
    const { suite, key, keyId } = first;
    const blind = suite.prepare(key.public, payload, secretsOf('bytes'));
    const [answer = ''] = await lanes.sign([{ keyId, blind }]);
    const signature = must(suite.unblind(key.public, payload, answer, secretsOf('bytes')));
    // A view into a larger buffer, as a decoder may hand over.
    const view = new Uint8Array([7, ...payload, 7]).subarray(1, 257);
    assert.deepEqual(await lanes.verify([{ keyId, payload: view, signature }]), [true]);
  });

  it('verify a cashier', async () => {
    const { publicKey, secret } = makeCashierKey();
    const bytes = new Uint8Array(randomBytes(100));
    assert.equal(await lanes.verifyCashier(publicKey, bytes, signEd25519(secret, bytes)), true);
    assert.equal(await lanes.verifyCashier(publicKey, bytes.subarray(1), signEd25519(secret, bytes)), false);
    assert.equal(await lanes.verifyCashier('no key', bytes, 'no signature'), false);
  });

  it('make keys and certify documents', async () => {
    for (const { suite } of pairs) {
      const made = await lanes.make(suite.name, 'mint');
      const document = new Uint8Array(randomBytes(500));
      const signature = await lanes.signDocument(suite.name, made.secret, document);
      assert.ok(suite.documents.verify(must(suite.readKey(made.publicKey)), document, signature));
      await lanes.load([{ keyId: `made ${suite.name}`, suite: suite.name, ...made }]);
      const [answer = ''] = await lanes.sign([{ keyId: `made ${suite.name}`, blind: '2' }]);
      assert.ok(suite.answers(must(suite.readKey(made.publicKey)), '2', answer));
    }
    await assert.rejects(lanes.make('RSA-MD5', 'mint'), /RSA-MD5/);
  });

  it('reject a key that is not loaded, and nothing else', async () => {
    const others = signAll();
    await assert.rejects(lanes.sign([{ keyId: 'unknown', blind: '2' }]), /no mint key unknown/);
    const check = { keyId: 'unknown', payload: new Uint8Array(1), signature: '2' };
    await assert.rejects(lanes.verify([...coins, check]), /no mint key unknown/);
    assert.deepEqual(await others, rightAnswers);
  });

  it('reject the job in which something throws, and no other', async () => {
    const tooLarge = { keyId: first.keyId, blind: first.key.public.n.toString(16) };
    const jobs = await Promise.allSettled([
      signAll(),
      lanes.sign([...coins.slice(0, 3), tooLarge]),
      signAll(),
    ]);
    assert.deepEqual(
      jobs.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    await assert.rejects(lanes.sign([tooLarge]), /^Error: blind out of range$/);
  });

  it('reject keys that are no pair, and say nothing of the secret', async () => {
    const [one, other] = laneKeys as [LaneKey, LaneKey];
    const mixed = { ...one, keyId: 'mixed', secret: other.secret };
    await assert.rejects(lanes.load([mixed]), /no pair/);
    await assert.rejects(lanes.sign([{ keyId: 'mixed', blind: '2' }]), /no mint key mixed/);
    const cut = { ...one, keyId: 'cut', secret: one.secret.subarray(0, 300) };
    await assert.rejects(
      lanes.load([cut]),
      (error) => error instanceof Error && !/[0-9a-f]{16}/.test(error.message),
    );
    assert.deepEqual(await signAll(), rightAnswers);
  });

  it('recover when one is killed: its work is rejected, the rest and what follows is done', async () => {
    for (let round = 0; round < 3; round++) {
      const alive = threads.filter(({ threadId }) => threadId !== -1);
      assert.equal(alive.length, 2);
      const jobs = Array.from({ length: 40 }, signAll);
      await new Promise((resolve) => setImmediate(resolve));
      await alive[round % 2]!.terminate();
      const outcomes = await Promise.allSettled(jobs);
      const rejected = outcomes.filter(({ status }) => status === 'rejected');
      assert.ok(rejected.length > 0 && rejected.length < jobs.length, `${rejected.length} rejected`);
      for (const each of outcomes) {
        if (each.status === 'fulfilled') assert.deepEqual(each.value, rightAnswers);
        else assert.match(String(each.reason), /a signing lane ended before it answered/);
      }
      assert.deepEqual(await signAll(), rightAnswers);
    }
  });

  it('recover when all are killed at once', async () => {
    await Promise.all(threads.map((thread) => thread.terminate()));
    assert.deepEqual(await signAll(), rightAnswers);
    assert.equal(threads.filter(({ threadId }) => threadId !== -1).length, 2);
  });
});

describe('lanes at their end', () => {
  it('reject what they have not answered, and all that comes after', async () => {
    const lanes = await openLanes(1);
    await lanes.load(laneKeys);
    const jobs = Promise.allSettled(Array.from({ length: 30 }, () => lanes.sign(coins)));
    await lanes.close();
    const outcomes = await jobs;
    assert.ok(outcomes.some(({ status }) => status === 'rejected'));
    await assert.rejects(lanes.sign(coins), /closed/);
    await assert.rejects(lanes.load(laneKeys), /closed/);
    await lanes.close();
  });

  it('are at least one', async () => {
    await assert.rejects(openLanes(0), RangeError);
    await assert.rejects(openLanes(1.5), RangeError);
  });
});
