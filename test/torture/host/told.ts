/** What people were told by a wallet host, against what it says in the end: whether all of it is true of all of them. */
import type { EntryView, InvoiceView, LetterView, PurseView } from '../../../src/host/schemas.ts';

/** All that the host tells one person in the end. */
export interface Told {
  readonly name: string;
  readonly inbox: readonly LetterView[];
  readonly sent: readonly LetterView[];
  readonly purses: readonly PurseView[];
  readonly history: readonly EntryView[];
  readonly invoices: readonly InvoiceView[];
}

/** What a person was told the last time that they asked for something, or asked what had become of it. */
export interface Claim {
  readonly person: string;
  readonly what: 'paid' | 'nothing paid' | 'taken' | 'taken back';
  /** Each payment has its own, but for those that pay the same request. */
  readonly subject: string;
  readonly amount: number;
}

type State = LetterView['state'];

/** Of a letter that was sent: its coins have left the purse for good, or until they are taken back. */
const GONE: ReadonlySet<State> = new Set(['arriving', 'arrived', 'taken', 'not taken']);
/** Of a letter that was sent: somebody else has the coins. */
const ELSEWHERE: ReadonlySet<State> = new Set(['arrived', 'taken']);
/** Of a letter in an inbox: the coins are the member's. */
const HERE: ReadonlySet<State> = new Set(['arrived', 'taken']);

/** What the host says that cannot all be true, and what of it is not what it said before. */
export function untruths(people: readonly Told[], claims: readonly Claim[]): readonly string[] {
  return [
    ...people.flatMap(unsettled),
    ...currenciesOf(people).flatMap((currency) => toldOf(people, currency).flatMap(unbalanced)),
    ...people.flatMap(paidTwice),
    ...unmatched(people),
    ...people.flatMap((person) => invoicesOf(person)),
    ...broken(people, claims),
  ];
}

/** What people are told of one currency. */
export function toldOf(people: readonly Told[], currency: string): readonly Told[] {
  const isIts = (each: { readonly currency: string }) => each.currency === currency;
  return people.map(({ name, inbox, sent, purses, history, invoices }) => ({
    name,
    inbox: inbox.filter(isIts),
    sent: sent.filter(isIts),
    purses: purses.filter((purse) => purse.currency.id === currency),
    history: history.filter(isIts),
    invoices: invoices.filter(isIts),
  }));
}

/** What was sent and is in nobody's purse: links not taken, and letters that wait in an inbox. */
export function underway(people: readonly Told[]): { readonly links: number; readonly inboxes: number } {
  return {
    links: total(people.flatMap(({ sent }) => sent.filter(({ state }) => state === 'not taken'))),
    inboxes: total(people.flatMap(({ inbox }) => inbox.filter(({ state }) => state === 'arrived'))),
  };
}

/** What all purses hold. */
export function inPurses(people: readonly Told[]): number {
  return sum(people.flatMap(({ purses }) => purses.map((purse) => purse.available + purse.reserved)));
}

/** What is still on its way although everything had the time to settle. */
export function unsettled({ name, inbox, sent, purses, history }: Told): readonly string[] {
  const letters = [...inbox, ...sent].filter(({ state }) => state === 'arriving');
  const entries = history.filter(({ state }) => state === 'pending');
  return [
    ...letters.map((letter) => `${name}: a letter in ${letter.folder} is still arriving: ${shown(letter)}`),
    ...entries.map(({ kind, reason }) => `${name}: ${kind} is still pending: ${reason}`),
    ...purses
      .filter(({ reserved, ordered }) => reserved + ordered > 0)
      .map(({ reserved, ordered }) => `${name}: ${reserved} reserved and ${ordered} ordered`),
  ];
}

function currenciesOf(people: readonly Told[]): readonly string[] {
  const all = people.flatMap(({ inbox, sent, purses, history }) => [
    ...[...inbox, ...sent, ...history].map(({ currency }) => currency),
    ...purses.map(({ currency }) => currency.id),
  ]);
  return [...new Set(all)];
}

/** In one currency: the purse is what came in less what went out, by the letters and the history that the member sees. */
function unbalanced({ name, inbox, sent, purses, history }: Told): readonly string[] {
  const done = (kind: EntryView['kind']) =>
    total(history.filter((entry) => entry.kind === kind && entry.state === 'done'));
  const received = total(inbox.filter(({ state }) => state === 'taken'));
  const gone = total(sent.filter(({ state }) => GONE.has(state)));
  const expected = done('buy') + received - done('redeem') - gone;
  const held = sum(purses.map(({ available, reserved }) => available + reserved));
  if (held === expected) return [];
  const words = `bought ${done('buy')}, received ${received}, redeemed ${done('redeem')}, sent ${gone}`;
  return [`${name}: the purse holds ${held} and not ${expected}: ${words}`];
}

function paidTwice({ name, sent }: Told): readonly string[] {
  const gone = sent.filter(({ state }) => GONE.has(state)).map(({ subject }) => subject);
  const twice = new Set(gone.filter((subject, index) => gone.indexOf(subject) !== index));
  return [...twice].map((subject) => `${name}: ${subject} was paid twice`);
}

/** Each letter that went has come, once, and none has come that did not go. */
function unmatched(people: readonly Told[]): readonly string[] {
  const faults: string[] = [];
  const came = new Map<string, LetterView[]>();
  for (const { name, inbox } of people)
    for (const letter of inbox.filter(({ state }) => HERE.has(state))) {
      const key = keyOf(payerOf(letter), letter);
      came.set(key, [...(came.get(key) ?? []), { ...letter, to: name }]);
    }
  for (const { name, sent } of people)
    for (const letter of sent) {
      const key = keyOf(name, letter);
      const arrived = came.get(key) ?? [];
      // One that was refused may have been paid again by another.
      const isLast =
        letter.state !== 'refused' || !sent.some((each) => each !== letter && same(each, letter));
      if (!isLast) continue;
      came.delete(key);
      faults.push(...mismatch(name, letter, arrived));
    }
  for (const letters of came.values())
    for (const letter of letters) faults.push(`${letter.to}: nobody sent ${shown(letter)}`);
  return faults;
}

function mismatch(payer: string, letter: LetterView, came: readonly LetterView[]): readonly string[] {
  const expected = ELSEWHERE.has(letter.state) ? 1 : 0;
  if (came.length !== expected) {
    return [
      `${payer}: ${shown(letter)} has come ${came.length} times, to ${came.map(({ to }) => to).join()}`,
    ];
  }
  const [one] = came;
  if (one === undefined) return [];
  if (one.amount !== letter.amount || one.currency !== letter.currency)
    return [`${payer}: ${shown(letter)} came as ${one.amount} ${one.currencyName}`];
  const isToOther = letter.way === 'name' && one.to !== letter.to;
  return isToOther ? [`${payer}: ${shown(letter)} to ${letter.to} came to ${one.to}`] : [];
}

function invoicesOf({ name, invoices, inbox }: Told): readonly string[] {
  return invoices.flatMap(({ subject, state }) => {
    const isPaid = inbox.some((letter) => letter.subject === subject && HERE.has(letter.state));
    return isPaid === (state === 'paid')
      ? []
      : [`${name}: the request ${subject} is ${state}, and paid: ${isPaid}`];
  });
}

/** Claims that are not so. */
function broken(people: readonly Told[], claims: readonly Claim[]): readonly string[] {
  const byName = new Map(people.map((person) => [person.name, person]));
  return claims.flatMap((claim) => {
    const { person, what, subject, amount } = claim;
    const { inbox = [], sent = [] } = byName.get(person) ?? {};
    const among = (letters: readonly LetterView[]) =>
      letters
        .filter((letter) => letter.subject === subject && letter.amount === amount)
        .map(({ state }) => state);
    const holds: Readonly<Record<Claim['what'], boolean>> = {
      paid: among(sent).some((state) => GONE.has(state) || state === 'taken back'),
      'nothing paid': !among(sent).some((state) => GONE.has(state)),
      taken: among(inbox).includes('taken'),
      'taken back': among(sent).includes('taken back'),
    };
    const states = `sent ${among(sent).join() || 'no'}, inbox ${among(inbox).join() || 'no'}`;
    return holds[what] ? [] : [`${person} was told of ${subject}: ${what}; the letters say: ${states}`];
  });
}

/** Coins out of a file do not say who sent them; the subject begins with the name. */
function payerOf({ from, subject }: LetterView): string {
  return from === '' ? (subject.split(' ')[0] ?? '') : from;
}

function keyOf(payer: string, { subject }: LetterView): string {
  return `${payer} ${subject}`;
}

function same(one: LetterView, other: LetterView): boolean {
  return one.subject === other.subject;
}

function shown({ subject, amount, way, state, reason }: LetterView): string {
  return `${subject} (${amount} by ${way}, ${state}${reason === '' ? '' : `: ${reason}`})`;
}

function total(items: readonly { readonly amount: number }[]): number {
  return sum(items.map(({ amount }) => amount));
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((before, amount) => before + amount, 0);
}
