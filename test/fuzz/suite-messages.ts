/** Texts and key documents that are almost right for a suite: digits changed where its numbers stand, determined by a seed. */
import {
  NO_BIGINTS,
  SPECIAL_NUMBERS,
  combinations,
  spellings,
} from '../../src/suites/hostile.test-helper.ts';
import type { KeyDocument } from '../../src/suites/index.ts';
import type { Json } from '../../src/protocol/synthetic.test-helper.ts';
import { Dice } from './dice.ts';
import type { Material } from './suite-material.ts';
import type { Probe } from './suite-probes.ts';

/** One message to a suite: what is tried, and with what in the place of what is right. */
export interface SuiteMessage {
  readonly probe: string;
  readonly text: string;
  /** For probes of keys, in place of `text`. */
  readonly document?: Json;
}

/** Where a number may begin or end in a text that holds several: points with and without their first digit, scalars. */
const SIZES: readonly number[] = [1, 2, 16, 63, 64, 65, 66];

/** Orders of the groups that suites work in: a scalar's negative is where signatures are malleable. */
const ORDERS: readonly bigint[] = [
  2n ** 252n + 27742317777372353535851937790883648493n,
  BigInt('0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'),
  BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
];

type Change = (text: string, dice: Dice, others: readonly string[]) => string;

const CHANGES: readonly Change[] = [
  function flip(text, dice) {
    const at = dice.below(text.length + 1);
    const digit = parseInt(text[at] ?? '', 16);
    return replaced(text, at, Number.isNaN(digit) ? '' : (digit ^ (1 << dice.below(4))).toString(16));
  },
  function drop(text, dice) {
    const [at, size] = [dice.below(text.length + 1), dice.pick(SIZES)];
    return text.slice(0, at) + text.slice(at + size);
  },
  function insert(text, dice) {
    const at = dice.below(text.length + 1);
    return text.slice(0, at) + dice.pick(['0', '1', 'f', '00', 'F', ' ', '-', '\u0660']) + text.slice(at);
  },
  function fill(text, dice) {
    const [at, size] = placeIn(text, dice);
    return replaced(text, at, dice.pick(['0', 'f']).repeat(size));
  },
  function special(text, dice) {
    return replaced(text, placeIn(text, dice)[0], dice.pick(SPECIAL_NUMBERS).slice(0, 192));
  },
  function negate(text, dice) {
    const at = placeIn(text, dice)[0];
    const chunk = text.slice(at, at + 64);
    if (!/^[0-9a-f]{64}$/.test(chunk)) return text;
    const order = dice.pick(ORDERS);
    const value = BigInt(`0x${chunk}`);
    const other = dice.below(2) === 0 ? value + order : (((order - value) % order) + order) % order;
    return replaced(text, at, other.toString(16).padStart(64, '0'));
  },
  function graft(text, dice, others) {
    const other = dice.pick(others);
    const [at, size] = placeIn(text, dice);
    return replaced(text, at, other.slice(at, at + size));
  },
  function cross(text, dice, others) {
    const at = placeIn(text, dice)[0];
    return text.slice(0, at) + dice.pick(others).slice(at);
  },
  function combine(text, dice, others) {
    const other = dice.pick(others);
    return areNumbers(text, other) ? dice.pick(combinations(text, other)) : other;
  },
  function spell(text, dice) {
    return dice.pick([...spellings(text), text]);
  },
  function pointSign(text) {
    return /^[23]/.test(text) ? (text.startsWith('2') ? '3' : '2') + text.slice(1) : `0${text}`;
  },
  function replace(_text, dice, others) {
    return dice.pick(dice.pick([NO_BIGINTS, SPECIAL_NUMBERS, others]));
  },
];

function areNumbers(...texts: readonly string[]): boolean {
  return texts.every((text) => text.length < 1_100 && /^[0-9a-f]+$/.test(text));
}

function replaced(text: string, at: number, part: string): string {
  return text.slice(0, at) + part + text.slice(at + part.length);
}

/** A place in a text that holds several numbers of one length, mostly where one of them begins. */
function placeIn(text: string, dice: Dice): readonly [at: number, size: number] {
  const size = dice.pick(SIZES);
  const places = Math.max(1, Math.floor(text.length / size));
  const at = dice.below(4) === 0 ? dice.below(text.length + 1) : dice.below(places) * size;
  return [at, Math.min(size, text.length - at)];
}

/** Messages without end: one in eight as it should be. */
export function* suiteMessages(
  seed: number,
  material: Material,
  probes: readonly Probe[],
): Generator<Uint8Array, never> {
  const dice = new Dice(seed);
  for (;;) {
    const probe = dice.pick(probes);
    const base = dice.below(8) === 0 ? dice.pick(material.texts) : probe.right(material);
    const whole = dice.below(8) === 0;
    const text = whole ? base : changed(base, dice, material.texts);
    const message: SuiteMessage =
      probe.key === undefined
        ? { probe: probe.name, text }
        : { probe: probe.name, text: '', document: changedKey(probe.key(material), dice, material, whole) };
    yield new TextEncoder().encode(JSON.stringify(message));
  }
}

function changed(base: string, dice: Dice, others: readonly string[]): string {
  let text = base;
  for (let times = 1 + dice.below(2); times > 0; times--) text = dice.pick(CHANGES)(text, dice, others);
  return text;
}

const VALUES: readonly Json[] = [
  null,
  true,
  -1,
  0,
  1,
  3,
  65_537,
  2 ** 32,
  2 ** 53,
  0.5,
  '',
  [],
  {},
  ['1'],
  'type',
];
const FIELDS: readonly string[] = [
  'extra',
  '__proto__',
  'constructor',
  'type',
  'modulus',
  'point',
  'h',
  'name',
];

/** A key document with a field changed, dropped, added or another's. */
function changedKey(key: KeyDocument, dice: Dice, { keys, texts }: Material, whole: boolean): Json {
  if (whole) return { ...key };
  const fields = Object.entries(key) as [string, Json][];
  const at = dice.below(fields.length);
  const [name = ''] = fields[at] ?? [];
  switch (dice.below(6)) {
    case 0:
      return Object.fromEntries(fields.toSpliced(at, 1));
    case 1:
      return Object.fromEntries([...fields, [dice.pick(FIELDS), dice.pick(VALUES)]]);
    case 2:
      return Object.fromEntries(fields.with(at, [name, dice.pick(VALUES)]));
    case 3:
      return Object.fromEntries(fields.with(at, [name, dice.pick(Object.values(dice.pick(keys)))]));
    default: {
      const [field, text] = Object.entries(key).findLast(isNumber) ?? ['', ''];
      return { ...key, [field]: changed(String(text), dice, texts) };
    }
  }
}

function isNumber([field, value]: [string, string | number]): boolean {
  return field !== 'type' && typeof value === 'string';
}
