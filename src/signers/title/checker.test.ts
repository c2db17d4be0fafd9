import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import diagnostics from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';
import { utf8 } from '../../base/bytes.ts';
import type { SignatureCheck } from '../../title/server/ports.ts';
import { openTitleChecker } from './checker.ts';
import { titleServerKey } from './key.ts';
import { packChecks, unpackChecks } from './parcel.ts';

const KEYS = Array.from({ length: 5 }, (_, index) => titleServerKey(new Uint8Array(32).fill(index)));

/** Some hold, some do not: by their number. */
function checkOf(number: number): SignatureCheck {
  const key = KEYS[number % KEYS.length];
  assert.ok(key !== undefined);
  const bytes = utf8(`transfer ${number}`.padEnd(number % 90, '.'));
  const signature = key.sign(bytes);
  if (!holds(number)) signature[5] = (signature[5] ?? 0) ^ 1;
  return { publicKey: key.publicKey, bytes, signature };
}

function holds(number: number): boolean {
  return number % 7 !== 3;
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function opened(t: TestContext, count: number) {
  const checker = openTitleChecker(count);
  t.after(() => checker.close());
  return checker;
}

const threads: Worker[] = [];
diagnostics.subscribe('worker_threads', (message) => {
  threads.push((message as { worker: Worker }).worker);
});

describe('the checker of signatures', () => {
  it('has a verdict for each check, in their order, however they come together', async (t) => {
    const checker = opened(t, 2);
    const sizes = [1, 0, 3, 130, 2, 500, 1];
    const verdicts = await Promise.all(sizes.map((size) => checker.check(numbers(size).map(checkOf))));
    sizes.forEach((size, index) => assert.deepEqual(verdicts[index], numbers(size).map(holds)));
  });

  it('has false for what is no key or no signature, beside those that are', async (t) => {
    const checker = opened(t, 1);
    const good = checkOf(0);
    const wrong = [
      { ...good, publicKey: new Uint8Array(31) },
      { ...good, signature: new Uint8Array(65) },
      { ...good, publicKey: new Uint8Array(0), signature: new Uint8Array(0) },
      { ...good, publicKey: new Uint8Array(32) },
      { ...good, bytes: new Uint8Array(0) },
    ];
    assert.deepEqual(await checker.check([good, ...wrong, good]), [
      true,
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
    assert.deepEqual(await checker.check(wrong.slice(0, 3)), [false, false, false]);
  });

  it('keeps what it was given to itself: nothing of the caller’s is handed over', async (t) => {
    const checker = opened(t, 1);
    const check = checkOf(0);
    const pending = checker.check([check]);
    assert.deepEqual(await pending, [true]);
    assert.equal(check.bytes.length, utf8('transfer 0').length);
    assert.deepEqual(await checker.check([check]), [true]);
  });

  it('fails the work of a lane that dies, and goes on with another', async (t) => {
    const from = threads.length;
    const checker = opened(t, 2);
    assert.deepEqual(await checker.check(numbers(200).map(checkOf)), numbers(200).map(holds));
    for (let round = 0; round < 3; round++) {
      const [first] = threads.slice(from).filter(({ threadId }) => threadId !== -1);
      assert.ok(first !== undefined);
      const pending = checker.check(numbers(2_000).map(checkOf));
      const outcome = assert.rejects(pending, /a lane ended before it had checked a signature/);
      setImmediate(() => void first.terminate());
      await outcome;
      assert.deepEqual(await checker.check(numbers(200).map(checkOf)), numbers(200).map(holds));
    }
    assert.equal(threads.length - from, 5, 'each that died was replaced, once');
  });

  it('takes nothing any more when it is closed', async () => {
    const checker = openTitleChecker(1);
    const pending = checker.check(numbers(2_000).map(checkOf));
    const outcome = assert.rejects(pending, /lane/);
    await checker.close();
    await outcome;
    await assert.rejects(checker.check([checkOf(0)]), /no lane is left/);
    assert.throws(() => openTitleChecker(0), RangeError);
  });
});

describe('a parcel of checks', () => {
  it('holds what was put in', () => {
    const checks = numbers(20).map(checkOf);
    assert.deepEqual(unpackChecks(packChecks(checks)), checks);
    assert.deepEqual(unpackChecks(packChecks([])), []);
  });
});
