/** Messages about titles that are almost right, in both forms: determined by a seed and by what has happened so far. */
import fc from 'fast-check';
import type { beginLife } from '../../src/title/audit/lives.test-helper.ts';
import { writeTitleJson, writeTitleRequest, writeTitleResponse } from '../../src/title/documents/codec.ts';
import type { Enveloped } from '../../src/title/documents/codec.ts';
import { TITLE_LIMITS } from '../../src/title/documents/limits.ts';
import { TITLE_REQUESTS } from '../../src/title/documents/messages.ts';
import type { TitleRequest, TitleResponse } from '../../src/title/documents/messages.ts';
import { MESSAGES, jsonOf } from '../../src/title/documents/samples.test-helper.ts';
import { Dice } from './dice.ts';
import { mutateBytes, mutateTree } from './mutations.ts';
import { copy, treeOf, write } from './tree.ts';
import type { Json } from '../../src/protocol/synthetic.test-helper.ts';

type Life = Pick<ReturnType<typeof beginLife>, 'asked' | 'held' | 'offer'>;
type Message = Enveloped<TitleRequest | TitleResponse>;

/** Of every type so many that were made up. */
const MADE_UP = 12;
/** Of what was asked for, the latest: older ones are as outdated as they. */
const LATEST = 64;

/** Messages without end. */
export function* titleMessages(seed: number, life: Life): Generator<Uint8Array, never> {
  const dice = new Dice(seed);
  const madeUp = samples(seed);
  const trees = madeUp.map((each) =>
    treeOf(JSON.parse(new TextDecoder().decode(writeTitleJson(each))) as Json),
  );
  for (;;) {
    const message = dice.below(2) === 0 ? dice.pick(madeUp) : living(life, dice);
    if (dice.below(4) === 0) {
      let tree = copy(treeOf(JSON.parse(new TextDecoder().decode(writeTitleJson(message))) as Json));
      for (let times = dice.below(3); times > 0; times--) tree = mutateTree(tree, trees, dice);
      const bytes = new TextEncoder().encode(write(tree));
      yield dice.below(3) === 0 ? mutateBytes(bytes, dice) : bytes;
    } else {
      let bytes = written(message, dice.pick([0, 0, 200, TITLE_LIMITS.datagramBytes]));
      for (let times = dice.below(4); times > 0; times--)
        bytes = mutateBinary(bytes, written(dice.pick(madeUp), 0), dice);
      yield bytes;
    }
  }
}

function samples(seed: number): readonly Message[] {
  return MESSAGES.flatMap(({ type, form }) =>
    fc
      .sample(jsonOf(form), { numRuns: MADE_UP, seed })
      .map(
        (json, at) => ({ reference: at, message: { type, ...(form.fromJson(json) as object) } }) as Message,
      ),
  );
}

/** What somebody asks who knows what there is. */
function living({ asked, held, offer }: Life, dice: Dice): Message {
  const reference = dice.below(2 ** 32);
  const latest = asked.slice(-LATEST);
  const offered = dice.below(8) === 0 ? offer() : undefined;
  if (offered !== undefined) return { reference, message: offered };
  if (latest.length > 0 && dice.below(2) === 0) return { reference, message: dice.pick(latest) };
  const titles = [...held.values()];
  if (titles.length === 0) return { reference, message: { type: 'request title server' } };
  const { titleClass: title_class, serial } = dice.pick(titles);
  const questions: readonly TitleRequest[] = [
    { type: 'request title', title_class, serial },
    { type: 'request title pool', title_class },
    { type: 'request title root', pages: [0] },
    { type: 'request title groups', from: 1 + dice.below(60) },
    { type: 'request title classes', from: dice.below(3) },
    { type: 'request title server' },
  ];
  return { reference, message: dice.pick(questions) };
}

function written({ reference, message }: Message, length: number): Uint8Array {
  return Object.hasOwn(TITLE_REQUESTS, message.type)
    ? writeTitleRequest({ reference, message: message as TitleRequest }, length)
    : writeTitleResponse({ reference, message: message as TitleResponse });
}

type Change = (bytes: Uint8Array, at: number, dice: Dice, other: Uint8Array) => Uint8Array;

const BINARY_CHANGES: readonly Change[] = [
  function flip(bytes, at, dice) {
    const changed = bytes.slice();
    if (at < changed.length) changed[at] = (changed[at] ?? 0) ^ (1 << dice.below(8));
    return changed;
  },
  function extreme(bytes, at, dice) {
    const changed = bytes.slice();
    changed.fill(dice.pick([0, 1, 0x7f, 0x80, 0xff]), at, at + dice.pick([1, 2, 4, 8, 32]));
    return changed;
  },
  function cut(bytes, at) {
    return bytes.subarray(0, at);
  },
  function drop(bytes, at, dice) {
    return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + dice.below(40)));
  },
  function repeat(bytes, at, dice) {
    const length = dice.pick([1, 2, 4, 16, 32, 64, 91]);
    return joined(bytes.subarray(0, at + length), bytes.subarray(at));
  },
  function graft(bytes, at, dice, other) {
    return joined(bytes.subarray(0, at), other.subarray(dice.below(other.length + 1)));
  },
  function kind(bytes, _at, dice) {
    const changed = bytes.slice();
    if (changed.length > 2) changed[2] = dice.below(256);
    return changed;
  },
  function pad(bytes, _at, dice) {
    return joined(bytes, new Uint8Array(dice.below(1_200)));
  },
];

function mutateBinary(bytes: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  // Most fields stand at the beginning.
  const at = dice.below(2) === 0 ? dice.below(bytes.length + 1) : Math.min(bytes.length, dice.below(64));
  return dice.pick(BINARY_CHANGES)(bytes, at, dice, other);
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
