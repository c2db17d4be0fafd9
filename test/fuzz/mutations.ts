/** Messages that are almost right: what a hostile or broken client might send, determined by a seed. */
import { readFileSync, readdirSync } from 'node:fs';
import { REQUESTS } from '../../src/protocol/catalogue.ts';
import { CATALOGUE, synthetic } from '../../src/protocol/synthetic.test-helper.ts';
import type { Json } from '../../src/protocol/synthetic.test-helper.ts';
import { Dice } from './dice.ts';
import { Branch, Leaf, branches, copy, treeOf, write } from './tree.ts';
import type { Node } from './tree.ts';

const EXAMPLES = new URL('../../spec/vectors/opencoin-draft/', import.meta.url);

/** The examples that the draft prints, by file name. */
export function publishedExamples(): Map<string, Uint8Array> {
  const names = readdirSync(EXAMPLES).filter((name) => name.endsWith('.json'));
  return new Map(names.sort().map((name) => [name, readFileSync(new URL(name, EXAMPLES))]));
}

/** What mutations begin with: every published example, every kind of message, requests twice as often. */
export function seeds(): Json[] {
  const published = [...publishedExamples().values()].map(
    (bytes) => JSON.parse(Buffer.from(bytes).toString()) as Json,
  );
  const requests = Object.keys(REQUESTS).map((type) => synthetic(CATALOGUE[type] ?? {}));
  return [...published, ...Object.values(CATALOGUE).map(synthetic), ...requests];
}

/**
 * Mutated messages without end, half of them from the `examples` where there are any: whoever gives them may give others
 * as time goes by. The same seed and examples give the same ones.
 */
export function* mutations(
  seed: number,
  examples: () => readonly Json[] = () => [],
): Generator<Uint8Array, never> {
  const dice = new Dice(seed);
  const known = seeds().map(treeOf);
  let [current, trees]: [readonly Json[], readonly Node[]] = [[], known];
  for (;;) {
    const now = examples();
    if (now !== current) [current, trees] = [now, withExamples(known, now)];
    let tree = copy(dice.pick(trees));
    if (dice.below(4) > 0) {
      for (let times = 1 + dice.below(3); times > 0; times--) tree = mutateTree(tree, trees, dice);
    }
    const bytes = new TextEncoder().encode(write(tree));
    yield dice.below(3) === 0 ? mutateBytes(bytes, dice) : bytes;
  }
}

function withExamples(known: readonly Node[], examples: readonly Json[]): readonly Node[] {
  const often = examples.length === 0 ? 0 : Math.ceil(known.length / examples.length);
  return [...known, ...Array.from({ length: often }, () => examples.map(treeOf)).flat()];
}

const NUMBERS = [
  ...[
    '0',
    '-0',
    '-1',
    '1',
    '2',
    '255',
    '256',
    '1.0',
    '1.5',
    '1e2',
    '1E400',
    '-1e-9',
    '01',
    '+1',
    '.5',
    'NaN',
    'Infinity',
  ],
  ...[
    '2147483648',
    '4294967296',
    '9007199254740991',
    '9007199254740992',
    '-9007199254740991',
    '18446744073709551616',
  ],
  '9'.repeat(400),
];

const STRINGS = [
  ...[
    '',
    ' ',
    'a',
    'A1',
    '0',
    '00',
    '0a',
    'ff',
    '-1',
    '0x1',
    'ﬀ',
    '\u0000',
    '\n',
    '\u007f',
    '"',
    '\\',
    '😀',
    '\ud800',
    '\udfff',
  ],
  ...[
    'e\u0301',
    '\u202e',
    '\ufeff',
    '__proto__',
    'constructor',
    'toString',
    'type',
    'request mint',
    'coin',
    'public key',
  ],
  ...[
    '2026-02-30T00:00:00',
    '2026-13-01T00:00:00',
    '0000-01-01T00:00:00',
    '9999-12-31T23:59:59.999999Z',
    '+012026-01-01T00:00:00',
  ],
  ...['https://', 'http://[', 'https://mint.example/\u202e', 'javascript:alert(1)', 'file:///etc/passwd'],
  ...[63, 64, 65, 128, 200, 201, 1_001, 2_049, 10_001].map((length) => 'f'.repeat(length)),
  '😀'.repeat(200),
  '\u0301'.repeat(500),
];

const EXTREMES: readonly Node[] = [
  ...NUMBERS.map((text) => new Leaf(text)),
  ...STRINGS.map((text) => new Leaf(JSON.stringify(text))),
  ...['null', 'true', 'false', '[]', '{}', '[[]]', '{"":{}}', '{"__proto__":{}}', 'undefined', ''].map(
    (text) => new Leaf(text),
  ),
  ...['"\\ud83d\\ude00"', '"\\u0061"', '"\\x"', '"\u0001"'].map((text) => new Leaf(text)),
  ...[7, 8, 9, 5_000].map((depth) => new Leaf('['.repeat(depth) + ']'.repeat(depth))),
];

type Change = (branch: Branch, at: number, dice: Dice, trees: readonly Node[]) => void;

const CHANGES: readonly Change[] = [
  function drop(branch, at) {
    branch.children.splice(at, 1);
  },
  function repeat(branch, at, dice) {
    const child = branch.children[at];
    if (child === undefined) return;
    const times = branch.isList ? dice.pick([1, 1, 2, 63, 64, 65, 255, 256, 257]) : 1;
    branch.children.splice(
      at,
      0,
      ...Array.from({ length: times }, () => ({ key: child.key, node: copy(child.node) })),
    );
  },
  function replace(branch, at, dice) {
    branch.children[at] = { key: branch.children[at]?.key ?? 'new', node: dice.pick(EXTREMES) };
  },
  function add(branch, at, dice) {
    branch.children.splice(at, 0, { key: dice.pick(STRINGS), node: dice.pick(EXTREMES) });
  },
  function rename(branch, at, dice) {
    const child = branch.children[at];
    if (child !== undefined) child.key = dice.pick(STRINGS);
  },
  function swap(branch, at, dice) {
    const other = dice.below(Math.max(branch.children.length, 1));
    const [left, right] = [branch.children[at], branch.children[other]];
    if (left !== undefined && right !== undefined) [left.node, right.node] = [right.node, left.node];
  },
  function graft(branch, at, dice, trees) {
    const foreign = dice.pick(branches(dice.pick(trees)));
    branch.children[at] = { key: branch.children[at]?.key ?? 'new', node: copy(foreign) };
  },
  function wrap(branch, at, dice) {
    const child = branch.children[at];
    if (child !== undefined)
      child.node = new Branch(dice.below(2) === 0, [{ key: 'type', node: child.node }]);
  },
];

/** Changes something in a tree of JSON; the tree, or another in its stead. */
export function mutateTree(tree: Node, trees: readonly Node[], dice: Dice): Node {
  const all = branches(tree);
  if (all.length === 0 || dice.below(100) === 0) return dice.pick(EXTREMES);
  const branch = dice.pick(all);
  dice.pick(CHANGES)(branch, dice.below(branch.children.length + 1), dice, trees);
  return tree;
}

const SPLICES = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\u0000',
  '\ufeff',
  '-',
  '.',
  'e',
  '\\u0000',
  '\\ud800',
  '😀',
  ' ',
  '\n',
];
const INVALID_UTF8 = [
  [0x80],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xff],
  [0xe2, 0x82],
];

/** Changes some bytes of a text. */
export function mutateBytes(bytes: Uint8Array, dice: Dice): Uint8Array {
  const at = dice.below(bytes.length + 1);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (dice.below(6)) {
    case 0:
      return head;
    case 1:
      return tail;
    case 2:
      return joined(head, tail.subarray(1 + dice.below(8)));
    case 3:
      return joined(head, new TextEncoder().encode(dice.pick(SPLICES)), tail);
    case 4:
      return joined(head, Uint8Array.from(dice.pick(INVALID_UTF8)), tail);
    default: {
      const flipped = Uint8Array.from(bytes);
      if (at < flipped.length) flipped[at] = (flipped[at] ?? 0) ^ (1 << dice.below(8));
      return flipped;
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
