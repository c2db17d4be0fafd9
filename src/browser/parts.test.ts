import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_PARTS, joined, withPart } from './parts.ts';
import type { Parts } from './parts.ts';

const part = (index: number, count: number, check: string, piece: string) =>
  `SP1:${index}/${count}:${check}:${piece}`;
const A = [
  part(1, 3, 'aaaaaaaa', 'specie1.one'),
  part(2, 3, 'aaaaaaaa', 'two'),
  part(3, 3, 'aaaaaaaa', 'three'),
];
const B = [part(1, 2, 'bbbbbbbb', 'specie1.B'), part(2, 2, 'bbbbbbbb', 'b')];

/** As the camera sees them. */
function seen(texts: readonly string[]): Parts {
  return texts.reduce((parts, text) => withPart(parts, text) ?? parts, NO_PARTS);
}

test('parts in any order, some seen twice, make the whole', () => {
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 1, 2, 1, 0],
    [1, 2, 0, 0],
  ])
    assert.equal(joined(seen(order.map((index) => A[index] ?? ''))), 'specie1.onetwothree', order.join());
});

test('while a part is missing there is no whole', () => {
  assert.equal(joined(NO_PARTS), undefined);
  assert.equal(joined(seen([A[0]!, A[2]!, A[2]!])), undefined);
  assert.equal(seen([A[0]!, A[2]!, A[2]!]).seen.size, 2);
});

test('parts of two stacks are never mixed', () => {
  assert.equal(joined(seen([A[0]!, A[1]!, B[1]!, A[2]!])), undefined);
  assert.equal(joined(seen([A[0]!, A[1]!, ...B])), 'specie1.Bb');
  const sameCheck = part(2, 2, 'aaaaaaaa', 'x');
  assert.equal(joined(seen([A[0]!, A[1]!, sameCheck])), undefined);
});

test('what is no part changes nothing', () => {
  const bad = [
    '',
    'specie1.abc',
    'https://host.example/receive#k',
    part(0, 3, 'aaaaaaaa', 'x'),
    part(4, 3, 'aaaaaaaa', 'x'),
  ];
  for (const text of [
    ...bad,
    part(1, 3, 'AAAAAAAA', 'x'),
    part(1, 3, 'aaaaaaaa', ''),
    part(1, 1000, 'aaaaaaaa', 'x'),
  ])
    assert.equal(withPart(NO_PARTS, text), undefined, text);
});
