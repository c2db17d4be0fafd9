import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { newPassphrase } from './passphrase.ts';

/** Somebody who types these lines, and what they were asked. */
function typing(...lines: readonly (string | Refusal)[]) {
  const asked: string[] = [];
  const ask = (question: string) => {
    asked.push(question);
    return Promise.resolve(lines[asked.length - 1] ?? assert.fail('nothing more is typed'));
  };
  return { asked, ask };
}

test('a new passphrase that is too short is refused before it is typed a second time', async () => {
  const { asked, ask } = typing('short', 'short');
  const refused = await newPassphrase('New: ', ask);
  assert.ok(refused instanceof Refusal);
  assert.match(refused.details, /at least 12 characters/);
  assert.deepEqual(asked, ['New: ']);
});

test('a new passphrase is typed twice, and is the same both times', async () => {
  const good = 'long enough, this';
  assert.equal(await newPassphrase('New: ', typing(good, good).ask), good);
  const differs = await newPassphrase('New: ', typing(good, `${good}.`).ask);
  assert.ok(differs instanceof Refusal && differs.details.includes('differ'));
  const interrupted = refuse('not possible', 'it was interrupted');
  assert.equal(await newPassphrase('New: ', typing(interrupted).ask), interrupted);
  assert.equal(await newPassphrase('New: ', typing(good, interrupted).ask), interrupted);
});
