import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asDetails, isForPeople } from './last-words.ts';
import { PAUSES, pauseAfter } from './pauses.ts';

test('pauses double from a tenth of a second to half a minute', () => {
  const pauses = [1, 2, 3, 9, 10, 5_000].map((deaths) => pauseAfter(deaths, 1, PAUSES));
  assert.deepEqual(pauses, [100, 200, 400, 25_600, 30_000, 30_000]);
});

test('chance takes at most half of a pause', () => {
  assert.deepEqual(
    [0, 0.5, 1].map((random) => pauseAfter(2, random, PAUSES)),
    [100, 150, 200],
  );
});

test('sentences are for people; log events and stack traces are not', () => {
  const crash = [
    'file:///a.ts:3',
    "    throw new Error('x');",
    '    ^',
    '',
    'Error: it broke',
    '    at a (b:1)',
    '',
  ];
  const said = [...crash, '{', '}', 'Node.js v24.21.0', '{"event":"bug"}'];
  assert.deepEqual(said.filter(isForPeople), ['Error: it broke']);
  assert.equal(asDetails('Error: it broke'), 'it broke');
  assert.equal(asDetails('specie: Port 80 may not be used.'), 'Port 80 may not be used');
  assert.equal(asDetails('Error [ERR_X]: broken'), 'broken');
});
