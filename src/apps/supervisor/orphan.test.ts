import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { endWithParent, readInput } from './orphan.ts';

test('the first line is read, in whatever parts it comes, and what follows stays', async () => {
  const input = new PassThrough();
  const line = readInput(input);
  for (const byte of Buffer.from('pass wörd\nnext')) input.write(Buffer.of(byte));
  assert.equal(await line, 'pass wörd');
  input.end('\n');
  assert.equal(await readInput(input), 'next');
});

test('input that ends before its line does, or whose line has no end, is none', async () => {
  for (const text of ['', 'half', 'x'.repeat(70_000)]) {
    const input = new PassThrough();
    const line = readInput(input);
    input.end(text);
    assert.equal(await line, undefined);
  }
});

for (const [how, end] of [
  ['ends', (input: PassThrough) => input.end('more')],
  ['breaks', (input: PassThrough) => input.destroy(new Error('broken'))],
] as const) {
  test(`its end is told once when input ${how}, and not before`, async () => {
    const input = new PassThrough();
    let times = 0;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    endWithParent(() => {
      times += 1;
      resolve(undefined);
    }, input);
    input.write('not the end');
    await new Promise(setImmediate);
    assert.equal(times, 0);
    end(input);
    await promise;
    await new Promise(setImmediate);
    assert.equal(times, 1);
  });
}

test('an end that came before is told too', async () => {
  const input = new PassThrough();
  input.end();
  assert.equal(await readInput(input), undefined);
  await new Promise<void>((resolve) => endWithParent(resolve, input));
});
