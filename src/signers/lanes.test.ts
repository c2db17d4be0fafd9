import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import diagnostics from 'node:diagnostics_channel';
import { after, before, describe, it } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { SUITES } from '../suites/index.ts';
import { must, payloadOf, secretsOf } from '../suites/keys.test-helper.ts';
import { ACCOUNT, casesOf, makeCoin } from '../suites/withdrawal.test-helper.ts';
import { makeCashierKey, signEd25519 } from './ed25519.ts';
import { openLanes } from './lanes.ts';
import type { Lanes } from './lanes.ts';
import { nativeNamed } from './natives.ts';
import { freshPair } from './pairs.test-helper.ts';
import type { LaneKey } from './parcel.ts';

const pairs = await Promise.all(
  SUITES.map(async (suite, index) => ({ suite, keyId: `key ${index}`, key: await freshPair(suite) })),
);
const laneKeys: readonly LaneKey[] = pairs.map(({ suite, keyId, key }) => ({
  keyId,
  suite: suite.name,
  publicKey: key.document,
  secret: key.secret,
}));
const [first] = pairs as [(typeof pairs)[number]];

/**
 * A coin's blind and its answer, or how it must begin: two answers to one blind differ where a proof in them has chance
 * in it. What they begin with tells whose they are; whether they are right is for suites.test.ts.
 */
const coins = pairs.flatMap(({ suite, keyId, key }) => {
  const native = nativeNamed(suite.name).open(key.document, key.secret);
  return Array.from({ length: casesOf(suite, 20) }, (_, index) => {
    const { payload, blind, answer, shown } = makeCoin(suite, key, payloadOf(`${index}`), `${index}`);
    const again = native.sign(blind);
    const begins = again === answer ? answer : answer.slice(0, 32);
    assert.ok(again.startsWith(begins));
    return { keyId, payload, blind, begins, signature: shown };
  });
});

function assertRight(answers: readonly string[], to: readonly { readonly begins: string }[] = coins): void {
  assert.equal(answers.length, to.length);
  for (const [index, { begins }] of to.entries()) assert.ok(answers[index]?.startsWith(begins));
}

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

  it('sign and verify in the order asked', async () => {
    assertRight(await signAll());
    const others = [...coins.slice(1), ...coins.slice(0, 1)];
    const checks = coins.map((coin, index) =>
      index % 3 === 0 ? { ...coin, signature: others[index]?.signature ?? '' } : coin,
    );
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
        assertRight(signatures, own);
        assert.ok(verdicts.every((verdict) => verdict) && verdicts.length === own.length);
      }),
    );
  });

  it('verify payloads of any bytes', async () => {
    const payload = new Uint8Array(256).map((_, index) => index);
    // A view into a larger buffer, as a decoder may hand over.
    const view = new Uint8Array([7, ...payload, 7]).subarray(1, 257);
    const checks = pairs.map(({ suite, key, keyId }) => {
      const { shown } = makeCoin(suite, key, payload, 'bytes');
      return { keyId, payload: view, signature: shown };
    });
    assert.deepEqual(
      await lanes.verify(checks),
      checks.map(() => true),
    );
  });

  it('do the first round where there is one, and reject it elsewhere', async () => {
    for (const { suite, key, keyId } of pairs) {
      if (suite.accounts === undefined) {
        await assert.rejects(lanes.commit([{ keyId, identity: '2' }]), /no first round/);
        continue;
      }
      const { accounts } = suite;
      const coin = { keyId, identity: accounts.identity(ACCOUNT) };
      const commitments = await lanes.commit([coin, coin, coin]);
      const nonces = commitments.map((commitment) => accounts.nonceOf(commitment) ?? '');
      assert.equal(new Set(nonces).size, 3);
      for (const [index, nonce] of nonces.entries())
        assert.equal(commitments[index], accounts.commitPlainly(key.secretDocument, coin.identity, nonce));
      const how = { account: ACCOUNT, commitment: commitments[0] ?? '' };
      const [payload, secrets] = [payloadOf('two rounds'), secretsOf('two rounds')];
      const [answer = ''] = await lanes.sign([
        { keyId, blind: suite.prepare(key.public, payload, secrets, how) },
      ]);
      must(suite.unblind(key.public, payload, answer, secrets, how));
      await assert.rejects(lanes.commit([coin, { keyId, identity: 'no identity' }]));
    }
    assert.deepEqual(await lanes.commit([]), []);
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
      const [made, master] = await Promise.all([
        lanes.make(suite.name, 'mint'),
        lanes.make(suite.name, 'master'),
      ]);
      const document = new Uint8Array(randomBytes(500));
      const signature = await lanes.signDocument(suite.name, master.secret, document);
      assert.ok(suite.documents.verify(must(suite.documents.readKey(master.publicKey)), document, signature));
      const keyId = `made ${suite.name}`;
      await lanes.load([{ keyId, suite: suite.name, ...made }]);
      const key = {
        public: must(suite.readKey(made.publicKey)),
        secretDocument: nativeNamed(suite.name).plainSecret(made.publicKey, made.secret),
      };
      const { payload, blind, shown } = makeCoin(suite, key, payloadOf('made'), 'made');
      const [answer = ''] = await lanes.sign([{ keyId, blind }]);
      assert.ok(suite.answers(key.public, blind, answer));
      assert.deepEqual(await lanes.verify([{ keyId, payload, signature: shown }]), [true]);
    }
    await assert.rejects(lanes.make('RSA-MD5', 'mint'), /RSA-MD5/);
  });

  it('reject a key that is not loaded, and nothing else', async () => {
    const others = signAll();
    await assert.rejects(lanes.sign([{ keyId: 'unknown', blind: '2' }]), /no mint key unknown/);
    const check = { keyId: 'unknown', payload: new Uint8Array(1), signature: '2' };
    await assert.rejects(lanes.verify([...coins, check]), /no mint key unknown/);
    assertRight(await others);
  });

  it('reject the job in which something throws, and no other', async () => {
    const tooLarge = { keyId: first.keyId, blind: 'f'.repeat(5_000) };
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
    assertRight(await signAll());
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
        if (each.status === 'fulfilled') assertRight(each.value);
        else assert.match(String(each.reason), /a signing lane ended before it answered/);
      }
      assertRight(await signAll());
    }
  });

  it('recover when all are killed at once', async () => {
    await Promise.all(threads.map((thread) => thread.terminate()));
    assertRight(await signAll());
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
