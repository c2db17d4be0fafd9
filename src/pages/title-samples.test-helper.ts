/** For tests only: invented titles. */
import type { LetterView } from '../host/schemas.ts';
import type {
  TitleAddressView,
  TitleClassView,
  TitleLookView,
  TitleOperationView,
  TitleView,
  TitlesView,
} from '../host/titles/schemas.ts';

type Say = (text: string) => string;

const SERVER = 'c4d9'.repeat(16);
const HARBOUR = '51f0'.repeat(16);
const CONCERT = '9ac3'.repeat(16);
const OTHERS = '0f3e7d21'.repeat(8);
const TIME = '2026-11-21T09:41:00Z';

/** What is another's in a letter that brings titles. */
export const TITLE_LETTER: Partial<LetterView> = {
  kind: 'titles',
  serials: [101, 102, 103, 117],
  currency: HARBOUR,
  currencyName: 'Harbour Bakery shares',
  divisor: 1,
  amount: 8,
  location: 'https://titles.example/title',
};

function classes(say: Say): readonly TitleClassView[] {
  const harbour = {
    id: HARBOUR,
    server: SERVER,
    issuer: 'e1b8'.repeat(16),
    name: say('Harbour Bakery shares'),
    entitles: say(
      'A share of the bakery’s yearly profit, paid each March, and one vote a share at the meeting.',
    ),
    unit: say('shares'),
    denominations: [1, 2, 5, 10],
    issued: 12_000,
  };
  const name = say('Winter concert, 12 December');
  const entitles = say('One seat in the hall.');
  return [
    harbour,
    { ...harbour, id: CONCERT, name, entitles, unit: say('seats'), denominations: [1], issued: 240 },
  ];
}

function title(serial: number, denomination: number, over: Partial<TitleView> = {}): TitleView {
  return {
    titleClass: HARBOUR,
    ...{ serial, denomination, sequence: 3, pseudonym: OTHERS, state: 'held', condition: null },
    checked: TIME,
    ...over,
  };
}

function condition(over: Partial<NonNullable<TitleView['condition']>> = {}) {
  const bound = { hash: 'ab12'.repeat(16), until: '2026-11-23T18:00:00Z', fallback: OTHERS };
  return { ...bound, isOver: false, isOwn: false, ...over };
}

function operation(number: number, over: Partial<TitleOperationView>): TitleOperationView {
  return {
    ...{ number, kind: 'receive', state: 'done', titleClass: HARBOUR, amount: 5, serials: [2_041] },
    ...{ time: TIME, reason: '', who: '', letter: '' },
    ...over,
  };
}

export function titles(say: Say = (text) => text): TitlesView {
  return {
    servers: [{ id: SERVER, url: 'https://titles.example/title' }],
    classes: [...classes(say)],
    unlisted: [],
    titles: [
      ...[101, 102, 103, 104].map((serial) => title(serial, 1)),
      ...[2_041, 2_042].map((serial) => title(serial, 5)),
      title(2_050, 5, { state: 'leaving' }),
      title(3_007, 10, { checked: '' }),
      title(12, 1, { titleClass: CONCERT }),
      title(13, 1, { titleClass: CONCERT }),
      title(14, 1, { titleClass: CONCERT, condition: condition() }),
      title(15, 1, { titleClass: CONCERT, condition: condition({ isOwn: true, isOver: true }) }),
      title(16, 1, { titleClass: CONCERT, condition: condition({ isOwn: true }) }),
      title(17, 1, { titleClass: CONCERT, condition: condition({ isOver: true }) }),
    ],
    operations: [
      operation(4, {
        kind: 'give',
        state: 'pending',
        who: say('grace'),
        serials: [2_050],
        letter: 'a1'.repeat(16),
      }),
      operation(3, {
        kind: 'pay',
        who: say('noether'),
        amount: 3,
        serials: [99, 100],
        letter: 'a2'.repeat(16),
      }),
      operation(2, { titleClass: CONCERT, amount: 2, serials: [12, 13] }),
      operation(1, { kind: 'split', state: 'refused', reason: say('The pool is empty') }),
    ],
  };
}

export function addresses(say: Say = (text) => text): readonly TitleAddressView[] {
  const address = say(`st1.${'Qm8x3V0ka7Tn'.repeat(20)}`);
  return [
    { server: SERVER, url: 'https://titles.example/title', address },
    { server: 'd00d'.repeat(16), url: 'https://tickets.example/title', address },
  ];
}

export function looks(say: Say = (text) => text): readonly TitleLookView[] {
  const [titleClass] = classes(say);
  if (titleClass === undefined) throw new Error('there is a class');
  const one = { titleClass, serial: 101, denomination: 1, sequence: 3, holder: OTHERS, condition: null };
  return [
    { ...one, isOwn: true, isCurrent: true },
    { ...one, serial: 102, sequence: 1, isOwn: false, isCurrent: true, condition: condition() },
    { ...one, serial: 103, sequence: 0, isOwn: false, isCurrent: false },
  ];
}

/** Everything that can happen, done and not done; and more titles than a person wants to tick. */
export function many(say: Say = (text) => text): TitlesView {
  const kinds = ['give', 'pay', 'split', 'pool', 'claim', 'receive'] as const;
  const states = ['done', 'refused', 'pending'] as const;
  return {
    ...titles(say),
    titles: Array.from({ length: 130 }, (_, index) => title(index * 2, 1)),
    unlisted: [{ titleClass: HARBOUR, count: 2_000, amount: 2_000 }],
    operations: kinds.flatMap((kind, at) =>
      states.map((state, index) => operation(at * 10 + index, { kind, state })),
    ),
  };
}
