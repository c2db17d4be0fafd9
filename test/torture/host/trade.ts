/** What people with a wallet on a host do all day, asking again for what got no answer, and what they were told. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { amount, formatAmount } from '../../../src/base/amount.ts';
import type { CurrencyView, LetterView } from '../../../src/host/schemas.ts';
import { Dice } from '../../fuzz/dice.ts';
import { Person, Refused } from '../../support/host-people.ts';
import type { DemoCurrency } from '../currencies.ts';
import type { Killer } from '../killer.ts';
import type { Claim } from './told.ts';

/** What a host may say no to under fire. Any other no is a fault. */
const EXPECTED: ReadonlySet<string> = new Set([
  'unreachable',
  'busy',
  'not enough',
  'already spent',
  'no drop',
  'not open',
  'too many',
]);
/** Of a wallet that has asked for much and been answered little; it takes up what it has asked first. */
const WAITING = 'wait for an answer; take them up first';

/** What is done, and how often out of all of these together. */
const KINDS = [
  ...['buy', 'buy', 'pay a name', 'pay a name', 'pay a name', 'pay a name', 'pay a name'],
  ...['leave a link', 'leave a link', 'leave a file', 'mail', 'take', 'take', 'take', 'take'],
  ...['request', 'pay a request', 'pay a request', 'take back', 'look around', 'look around'],
  ...['redeem', 'redeem to the account', 'redeem to another', 'pay out'],
] as const;
type Kind = (typeof KINDS)[number];

const PAGES = ['/inbox', '/sent', '/purse', '/history', '/compose', '/request', '/settings', '/redeem'];
/** Of the most that is paid at once in a currency. */
const FIRST = 8;
const BOUGHT_AT_MOST = 2;
const A_LITTLE = 1 / 3;
/** One of so many people joins while programs are killed already; of so many pays with a browser, too. */
const LATE = 6;
const BROWSING = 5;
/** What lies on the board is left there by one of so many who take it, for another who tries as well. */
const LEFT = 4;
/** Milliseconds within which somebody who got no answer, or 'later', asks again. */
const WAIT_WITHIN = 400;
/** Milliseconds between two tries to get an answer. */
const PACE = 25;
/** Things that wait on the board at most: what waits longest is not what anybody takes. */
const BOARD = 40;

export interface HostTradeOptions {
  readonly seed: number;
  readonly people: number;
  /** Milliseconds within which a person begins the next deed. */
  readonly restWithin: number;
}

/** Where people trade, and in what. */
export interface Place {
  /** The host's. */
  readonly url: string;
  /** The folder where it lays e-mails. */
  readonly mails: string;
  /** Its new wallets know the first. */
  readonly currencies: readonly DemoCurrency[];
}

/** Somebody who trades. */
export interface Member {
  readonly person: Person;
  /** Whether the browser is used as well. */
  readonly browses: boolean;
  /** The numbers of the accounts at the bank, by currency, as far as they are known. */
  readonly accounts: Map<string, string>;
  /** Payments that got no answer. */
  readonly doubts: Payment[];
}

interface Payment {
  readonly subject: string;
  readonly amount: number;
  readonly again: () => Promise<LetterView | Refused | undefined>;
  /** What goes on with the letter once it is known. */
  readonly then: (letter: LetterView) => Promise<void>;
}

/** A currency as people see it, and how much of it is traded. */
interface Traded {
  readonly id: string;
  readonly divisor: number;
  readonly atMost: number;
}

/** Coins that are offered to whoever takes them first. */
interface Offer {
  readonly subject: string;
  readonly amount: number;
  readonly text: string;
}

export class HostTrade {
  readonly members: readonly Member[];
  readonly begun = new Map<string, number>();
  readonly refused = new Map<string, number>();
  readonly faults: string[] = [];
  readonly #claims = new Map<string, Claim>();
  readonly #dice: Dice;
  readonly #killer: Killer;
  readonly #restWithin: number;
  readonly #mails: string;
  readonly #read = new Set<string>();
  readonly #offers: Offer[] = [];
  readonly #requests: {
    readonly id: string;
    readonly subject: string;
    readonly amount: number;
    readonly by: Member;
  }[] = [];
  readonly #currencies: readonly DemoCurrency[];
  /** By the address of each. */
  readonly #known = new Map<string, Traded>();
  #count = 0;

  constructor(
    { url, mails, currencies }: Place,
    { seed, people, restWithin }: HostTradeOptions,
    killer: Killer,
  ) {
    this.#currencies = currencies;
    this.#dice = new Dice(seed + 2);
    this.#killer = killer;
    this.#restWithin = restWithin;
    this.#mails = mails;
    this.members = Array.from({ length: people }, (_, index) => ({
      person: new Person({ url, name: `person-${index}`, address: `127.0.1.${index + 1}` }),
      browses: index % BROWSING === 0,
      accounts: new Map(),
      doubts: [],
    }));
  }

  get claims(): readonly Claim[] {
    return [...this.#claims.values()];
  }

  /** The ids of the currencies, in order. */
  get currencies(): readonly string[] {
    return this.#currencies.map(({ url }) => this.#at(url).id);
  }

  /** Most people join before anything is killed. */
  async open(): Promise<void> {
    const early = this.members.filter((_, index) => !isLate(index));
    await Promise.all(early.map((member) => this.#join(member)));
  }

  /** All trade at once, until the killing is over. */
  async run(): Promise<void> {
    await Promise.all(this.members.map((member) => this.#live(member)));
  }

  /** Asks until there is an answer that is no 'later'. */
  async insist<Value extends object>(
    what: string,
    ask: () => Promise<Value | Refused | undefined>,
  ): Promise<Value> {
    for (;;) {
      const answer = await ask();
      if (answer !== undefined && !(answer instanceof Refused)) return answer;
      const isLater = answer === undefined || [429, 503].includes(answer.status);
      if (!isLater) throw new Error(`${what}: ${answer.status} ${answer.error}: ${answer.details}`);
      await pause(PACE + this.#dice.below(WAIT_WITHIN));
    }
  }

  /** Nobody is killed any more: everybody learns what has become of what got no answer. */
  async resolve(): Promise<void> {
    await Promise.all(
      this.members.map(async (member) => {
        while (member.doubts.length > 0) {
          await this.#lookUp(member, false);
          await pause(PACE);
        }
      }),
    );
  }

  #at(url: string): Traded {
    const known = this.#known.get(url);
    if (known === undefined) throw new Error('nobody knows a currency yet');
    return known;
  }

  #any(): Traded {
    return this.#at(this.#dice.pick(this.#currencies).url);
  }

  async #join(member: Member): Promise<void> {
    const { person } = member;
    await this.insist('join', () => person.join());
    await this.insist('currencies', async () => {
      const known = await person.currencies();
      if (known === undefined || known instanceof Refused) return known;
      return known.length === 0 ? new Refused(503, 'no currency yet', '') : known;
    });
    for (const { url, atMost } of this.#currencies) {
      const added = await this.insist('add a currency', () =>
        person.call<CurrencyView>('POST', '/currencies', { url, acceptKeys: false }),
      );
      this.#known.set(url, { id: added.id, divisor: added.divisor, atMost });
      const bank = await this.insist('bank', () => person.bank(added.id));
      await this.insist('buy', () => person.buy(added.id, FIRST * atMost));
      member.accounts.set(added.id, bank.number);
    }
  }

  async #live(member: Member): Promise<void> {
    if (!this.#hasJoined(member)) await this.#join(member);
    while (!this.#killer.isOver) {
      await this.#lookUp(member, true);
      await this.#deed(member, this.#dice.pick(KINDS));
      await pause(this.#dice.below(this.#restWithin));
    }
  }

  async #deed(member: Member, kind: Kind): Promise<void> {
    const { person } = member;
    const { id: currency, atMost } = this.#any();
    const aLittle = 1 + this.#dice.below(Math.round(A_LITTLE * atMost));
    switch (kind) {
      case 'buy':
        await this.#begin(kind, person.buy(currency, 1 + this.#dice.below(BOUGHT_AT_MOST * atMost)));
        return;
      case 'pay a name':
        return this.#pay(member, kind, this.#other(member).person.name, async () => undefined);
      case 'leave a link':
        return this.#pay(member, kind, '', async (letter) => this.#offer(letter, letter.link));
      case 'leave a file':
        return this.#pay(member, kind, '', (letter) => this.#offerFile(member, letter));
      case 'mail':
        return this.#pay(member, kind, `${person.name}@example.org`, async (letter) =>
          this.#offerMail(letter),
        );
      case 'take':
        return this.#take(member);
      case 'request':
        return this.#request(member);
      case 'pay a request':
        return this.#payRequest(member);
      case 'take back':
        return this.#takeBack(member);
      case 'look around':
        return this.#lookAround(member);
      case 'redeem':
        return this.#redeem(member, kind, '');
      case 'redeem to the account':
        return this.#redeem(member, kind, 'account');
      case 'redeem to another':
        return this.#redeem(member, kind, 'another');
      case 'pay out':
        await this.#begin(kind, person.payOut({ currency, amount: aLittle, to: 'the counter' }));
    }
  }

  async #pay(
    member: Member,
    kind: Kind,
    to: string,
    then: (letter: LetterView) => Promise<void>,
  ): Promise<void> {
    const { person } = member;
    const { id, divisor, atMost } = this.#any();
    const input = {
      ...{ to, currency: id, amount: 1 + this.#dice.below(atMost) },
      ...{ subject: this.#subject(person), text: 'as agreed' },
    };
    const byForm = member.browses && this.#dice.below(2) === 0;
    const again = () => (byForm ? this.#payByForm(person, divisor, input) : person.pay(input));
    await this.#payment(member, kind, { subject: input.subject, amount: input.amount, again, then });
  }

  async #payment(member: Member, kind: string, payment: Payment): Promise<void> {
    const outcome = await this.#begin(kind, this.#killer.during('payment', payment.again()));
    if (outcome === undefined) member.doubts.push(payment);
    else await this.#learn(member, payment, outcome);
  }

  /** Through the page and its form, as a browser without scripts does. */
  async #payByForm(
    person: Person,
    divisor: number,
    input: { to: string; amount: number; subject: string; text: string; currency: string },
  ): Promise<LetterView | Refused | undefined> {
    const typed = formatAmount(amount(input.amount), divisor);
    const answer = await person.submit('/compose', '/compose', { ...input, amount: typed });
    if (answer === undefined) return undefined;
    const [, id] = /^\/sent\/([0-9a-f]{32})/.exec(answer.headers.location ?? '') ?? [];
    if (id !== undefined) return person.letter(id);
    if (answer.status >= 500 && answer.status !== 503) return new Refused(answer.status, 'page', 'compose');
    if (answer.status < 400)
      return new Refused(answer.status, 'page', `compose: ${answer.headers.location ?? ''}`);
    // The page says why in words for people.
    return new Refused(answer.status, answer.status === 503 ? 'busy' : 'not enough', 'by the form');
  }

  /** What a person knows of a payment now. */
  async #learn(member: Member, payment: Payment, outcome: LetterView | Refused): Promise<void> {
    const { subject, then } = payment;
    const isGone = !(outcome instanceof Refused) && outcome.state !== 'refused';
    this.#claim(member, isGone ? 'paid' : 'nothing paid', subject, payment.amount);
    if (isGone) await then(outcome);
  }

  /** As people do: whoever got no answer looks among the letters that were sent, and where it is not, sends it again. */
  async #lookUp(member: Member, mayPayAgain: boolean): Promise<void> {
    const [doubt] = member.doubts;
    if (doubt === undefined) return;
    const sent = await member.person.newest('sent');
    if (sent === undefined || sent instanceof Refused) return this.#note('look up', sent);
    member.doubts.shift();
    const letter = sent.find(({ subject }) => subject === doubt.subject);
    if (letter !== undefined) return this.#learn(member, doubt, letter);
    if (mayPayAgain && this.#dice.below(3) > 0) return this.#payment(member, 'pay again', doubt);
    this.#claim(member, 'nothing paid', doubt.subject, doubt.amount);
  }

  #offer({ subject, amount: value }: LetterView, text: string): void {
    if (text !== '' && this.#offers.length < BOARD) this.#offers.push({ subject, amount: value, text });
  }

  async #offerFile({ person }: Member, letter: LetterView): Promise<void> {
    const stack = await person.call<object>('GET', `/letters/${letter.id}/coins`);
    if (stack === undefined || stack instanceof Refused) await this.#note('save a file', stack);
    else this.#offer(letter, JSON.stringify(stack));
  }

  /** Whoever the mail is for finds it in the folder and opens the link in it. */
  #offerMail(letter: LetterView): void {
    const name = `${letter.id}.eml`;
    if (this.#read.has(name) || !readdirSync(this.#mails).includes(name)) return;
    this.#read.add(name);
    // A mail's lines are cut as quoted-printable has it (RFC 2045, 6.7).
    const mail = readFileSync(join(this.#mails, name), 'utf8').replaceAll(/=\r?\n/g, '');
    const [, key] = /receive#([\w-]{22})/.exec(mail) ?? [];
    if (key === undefined) this.faults.push('a mail without a link');
    else this.#offer(letter, letter.link.replace(/#.*$/, `#${key}`));
  }

  async #take(member: Member): Promise<void> {
    const [offer] = this.#offers;
    if (offer === undefined) return;
    if (this.#dice.below(LEFT) > 0) this.#offers.shift();
    await this.#takeOffer(member, offer);
  }

  async #takeOffer(member: Member, offer: Offer): Promise<void> {
    const letter = await this.#begin('take', this.#killer.during('payment', member.person.take(offer.text)));
    if (letter === undefined) this.#offers.push(offer);
    if (letter === undefined || letter instanceof Refused) return;
    if (letter.state === 'taken' && letter.folder === 'inbox')
      this.#claim(member, 'taken', offer.subject, offer.amount);
    if (letter.state === 'taken back') this.#claim(member, 'taken back', offer.subject, offer.amount);
  }

  /** Takes back what nobody has taken; where it lies on the board, while somebody else takes it. */
  async #takeBack(member: Member): Promise<void> {
    const sent = await member.person.newest('sent');
    if (sent === undefined || sent instanceof Refused) return this.#note('look up', sent);
    const mine = sent.filter(({ state }) => state === 'not taken');
    if (mine.length === 0) return;
    const { id, subject, amount: value } = this.#dice.pick(mine);
    const offer = this.#offers.find((each) => each.subject === subject);
    const rival = offer === undefined ? undefined : this.#takeOffer(this.#other(member), offer);
    const letter = await this.#begin('take back', member.person.takeBack(id));
    await rival;
    if (letter === undefined || letter instanceof Refused) return;
    if (letter.state === 'taken back') this.#claim(member, 'taken back', subject, value);
  }

  async #request(member: Member): Promise<void> {
    const { id, atMost } = this.#any();
    const value = 1 + this.#dice.below(atMost);
    const input = { currency: id, amount: value, subject: this.#subject(member.person) };
    const invoice = await this.#begin('request', member.person.request(input));
    if (invoice === undefined || invoice instanceof Refused) return;
    this.#requests.push({ id: invoice.id, subject: invoice.subject, amount: value, by: member });
  }

  /** Pays the oldest request; now and then two people do at the same moment. */
  async #payRequest(member: Member): Promise<void> {
    const at = this.#requests.findIndex(({ by }) => by !== member);
    const [request] = at === -1 ? [] : this.#requests.splice(at, 1);
    if (request === undefined) return;
    const second = this.#other(member);
    const payers = this.#dice.below(3) === 0 && second !== request.by ? [member, second] : [member];
    await Promise.all(
      payers.map((payer) =>
        this.#payment(payer, 'pay a request', {
          ...request,
          again: () => payer.person.payRequest(request.id),
          then: async () => undefined,
        }),
      ),
    );
  }

  async #redeem(member: Member, kind: Kind, to: '' | 'account' | 'another'): Promise<void> {
    const { id, atMost } = this.#any();
    const account = to === 'another' ? (this.#other(member).accounts.get(id) ?? '') : to;
    const input = { currency: id, amount: 1 + this.#dice.below(atMost), to: account };
    await this.#begin(kind, this.#killer.during('receipt', member.person.redeem(input)));
  }

  /** Reads a page in the browser, where there is one, or the letters and the purse. */
  async #lookAround({ person, browses }: Member): Promise<void> {
    if (!browses) {
      await this.#begin('look around', person.newest('inbox'));
      await this.#begin('look around', person.purses());
      return;
    }
    const path = this.#dice.pick(PAGES);
    const answer = await this.#begin('look around', person.page(path));
    if (answer === undefined || answer instanceof Refused || answer.status === 200) return;
    this.faults.push(`the page ${path} was answered by ${answer.status} ${answer.headers.location ?? ''}`);
  }

  async #begin<Value extends object>(
    kind: string,
    operation: Promise<Value | Refused | undefined>,
  ): Promise<Value | Refused | undefined> {
    this.begun.set(kind, (this.begun.get(kind) ?? 0) + 1);
    const outcome = await operation;
    if (outcome === undefined || outcome instanceof Refused) await this.#note(kind, outcome);
    else this.#killer.progress();
    return outcome;
  }

  async #note(kind: string, refused: Refused | undefined): Promise<void> {
    const name = refused?.error ?? 'no answer';
    this.refused.set(name, (this.refused.get(name) ?? 0) + 1);
    const isExpected =
      refused === undefined || EXPECTED.has(refused.error) || refused.details.includes(WAITING);
    if (!isExpected) this.faults.push(`${kind}: ${refused.status} ${refused.error}: ${refused.details}`);
    if (refused === undefined || [429, 503].includes(refused.status))
      await pause(this.#dice.below(WAIT_WITHIN));
  }

  #claim({ person }: Member, what: Claim['what'], subject: string, value: number): void {
    // What was taken back was paid before; what was paid after all was in doubt before.
    const kind = what === 'taken' || what === 'taken back' ? what : 'paid or not';
    const claim = { person: person.name, what, subject, amount: value };
    this.#claims.set(`${person.name} ${subject} ${kind}`, claim);
  }

  #other(member: Member): Member {
    return this.#dice.pick(this.members.filter((each) => each !== member && this.#hasJoined(each)));
  }

  /** Whether somebody has an account in every currency. */
  #hasJoined({ accounts }: Member): boolean {
    return accounts.size === this.#currencies.length;
  }

  #subject({ name }: Person): string {
    this.#count++;
    return `${name} ${this.#count}`;
  }
}

function isLate(index: number): boolean {
  return index % LATE === LATE - 1;
}
