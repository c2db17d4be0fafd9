import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missing } from './books.ts';
import type { TitleBooks } from './books.ts';

const SERVER = 'server';
/** Alice gave the first to Bob; the second went to the pool for the third, which had been put there before. */
const BOOKS: TitleBooks = {
  server: SERVER,
  served: [
    { title: 'c/1', denomination: 5, cell: 0, sequence: 1, holder: 'b1', isBound: false },
    { title: 'c/2', denomination: 2, cell: 1, sequence: 1, holder: SERVER, isBound: false },
    { title: 'c/3', denomination: 2, cell: 2, sequence: 2, holder: 'a2', isBound: false },
  ],
  pooled: 2,
  issued: 9,
  log: [
    { hash: 'fill', moves: [{ title: 'c/3', sequence: 1 }] },
    { hash: 'give', moves: [{ title: 'c/1', sequence: 1 }] },
    {
      hash: 'split',
      moves: [
        { title: 'c/2', sequence: 1 },
        { title: 'c/3', sequence: 2 },
      ],
    },
  ],
  done: [
    { hash: 'fill', moves: [{ title: 'c/3', sequence: 1 }] },
    { hash: 'give', moves: [] },
    {
      hash: 'split',
      moves: [
        { title: 'c/2', sequence: 1 },
        { title: 'c/3', sequence: 2 },
      ],
    },
  ],
  undone: new Map(),
  wallets: new Map([
    ['alice', [{ title: 'c/3', sequence: 2, pseudonym: 'a2' }]],
    ['bob', [{ title: 'c/1', sequence: 1, pseudonym: 'b1' }]],
  ]),
  sequences: [1, 1, 2],
  places: [Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
};
const [first, second, third] = BOOKS.served;
const [fill, give, split] = BOOKS.log;
assert.ok(first && second && third && fill && give && split);

/** What goes wrong, and what is said of it. */
const WRONG: readonly (readonly [what: string, wrong: Partial<TitleBooks>, said: RegExp])[] = [
  ['nobody has a title', { wallets: new Map([...BOOKS.wallets].slice(0, 1)) }, /c\/1 is lost/],
  [
    'two have one',
    { wallets: new Map([...BOOKS.wallets, ['eve', [{ title: 'c/1', sequence: 1, pseudonym: 'b1' }]]]) },
    /c\/1 is held by bob and eve/,
  ],
  [
    'one of the pool is in a wallet too',
    { wallets: new Map([...BOOKS.wallets, ['eve', [{ title: 'c/2', sequence: 0, pseudonym: 'e' }]]]) },
    /c\/2 is in the pool, and eve has it too/,
  ],
  [
    'a title out of nothing',
    { wallets: new Map([...BOOKS.wallets, ['eve', [{ title: 'c/4', sequence: 0, pseudonym: 'e' }]]]) },
    /c\/4 is in a wallet and was never issued/,
  ],
  [
    'a wallet is behind',
    {
      wallets: new Map([...BOOKS.wallets, ['bob', [{ title: 'c/1', sequence: 0, pseudonym: 'b1' }]]]),
    },
    /bob has c\/1 at sequence 0, and the server at 1/,
  ],
  ['a pool that lacks something', { pooled: 0 }, /9 were issued, 7 are in wallets and 0 in pools/],
  ['still bound', { served: [{ ...first, isBound: true }, second, third] }, /c\/1 is still bound/],
  [
    'made and not known',
    { done: BOOKS.done.slice(0, 2) },
    /the log has the transfer split, which is not done: nobody made it/,
  ],
  ['done and not made', { log: BOOKS.log.slice(1) }, /the transfer fill is done, and not in the log/],
  ['logged twice', { log: [...BOOKS.log, give] }, /the log has a transfer twice/],
  [
    'two to one sequence',
    { log: [...BOOKS.log, { hash: 'again', moves: give.moves }] },
    /two transfers of the log brought c\/1 at 1/,
  ],
  [
    'a receipt that says otherwise',
    { done: [fill, { hash: 'give', moves: [{ title: 'c/1', sequence: 2 }] }, split] },
    /the receipt of give says otherwise/,
  ],
  [
    'a sequence that counts too much',
    { served: [{ ...first, sequence: 2 }, second, third] },
    /c\/1 is at sequence 2, and 1 transfers of it were made/,
  ],
  ['a file that lags', { sequences: [1, 1, 1] }, /c\/3 is at 2, and in the file at 1/],
  ['a file that is short', { sequences: [1, 1] }, /the file counts 2 titles/],
  ['places apart', { places: [Uint8Array.of(1), Uint8Array.of(1, 2)] }, /the two places differ/],
];

test('books that agree have no fault', () => {
  assert.deepEqual(missing(BOOKS), []);
});

for (const [what, wrong, said] of WRONG)
  test(`books are faulty: ${what}`, () => {
    assert.match(missing({ ...BOOKS, ...wrong }).join('\n'), said);
  });
