/** What people do with titles, all at once, and what travels between them. */
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../../../src/base/refusal.ts';
import type { RefusalName } from '../../../src/base/refusal.ts';
import { readAddress } from '../../../src/title/wallet/address.ts';
import type { TitleName, TitleView } from '../../../src/title/wallet/facade.ts';
import type { Dice } from '../../fuzz/dice.ts';
import type { Killer } from '../killer.ts';
import { secretMatches, secretOf } from './client.ts';
import type { Client } from './client.ts';
import type { IssuedClass } from './issuer.ts';

/** Refusals that honest people never meet, whoever dies. */
const FAULTY: ReadonlySet<RefusalName> = new Set([
  'bad signature',
  'malformed',
  'unbalanced',
  'unauthorised',
]);

type Work = (client: Client) => Promise<unknown>;

/** Milliseconds from now until which a condition binds. */
const BINDS = { least: 300, within: 2_000 };
/** Titles of one gift. */
const GIFT = 6;
/** Paid at once, in the unit of the class. */
const PAYMENT = 25;
/** Titles that everybody gives to the pool first. */
const POOLED = 12;
/** One secret of so many is never told. */
const UNTOLD = 4;
/** A person that does nothing else takes up what is pending in one of so many turns. */
const RESUMES = 3;
/** So many copies of wallets at most: each is to be settled. */
const MOST_COPIES = 40;
/** Titles that a later version adds. */
const GROWTH = 3;
/** Milliseconds within which everything is to be settled once nobody is killed any more, and between two rounds. */
const SETTLED_WITHIN = 90_000;
const ROUND_PACE = 100;

export class Trade {
  readonly begun = new Map<string, number>();
  readonly refused = new Map<string, number>();
  readonly faults: string[] = [];
  /** Second copies of wallets. */
  readonly copies: Client[] = [];
  readonly clients: readonly Client[];
  readonly #server: string;
  readonly #classes: readonly IssuedClass[];
  readonly #dice: Dice;
  readonly #killer: Killer;
  readonly #restWithin: number;
  #secrets = 0;
  readonly #kinds: readonly (readonly [name: string, share: number, work: Work])[] = [
    ['give', 4, (client) => this.#give(client, 1)],
    ['give several', 3, (client) => this.#give(client, 2 + this.#dice.below(GIFT - 1))],
    ['pay', 5, (client) => this.#pay(client)],
    ['split', 2, (client) => this.#split(client)],
    ['join', 1, (client) => this.#join(client)],
    ['fill the pool', 1, (client) => this.#fill(client)],
    ['bind', 3, (client) => this.#bind(client)],
    ['claim', 5, (client) => this.#claim(client)],
    ['two copies', 1, (client) => this.#twoCopies(client)],
    ['check', 1, (client) => this.#check(client)],
    ['grow', 1, (client) => this.#grow(client)],
    ['die', 3, (client) => this.#die(client)],
  ];

  constructor(
    {
      clients,
      server,
      classes,
    }: Pick<Trade, 'clients'> & { server: string; classes: readonly IssuedClass[] },
    { dice, killer, restWithin }: { dice: Dice; killer: Killer; restWithin: number },
  ) {
    this.clients = clients;
    this.#server = server;
    this.#classes = classes;
    this.#dice = dice;
    this.#killer = killer;
    this.#restWithin = restWithin;
  }

  /** Issues titles to everybody, and fills the pool of the first class, while nobody is killed yet. */
  async open(counts: readonly (readonly [denomination: number, count: number])[]): Promise<void> {
    for (const client of this.clients) await client.open();
    for (const issued of this.#classes) {
      for (const client of this.clients) await this.#issue(issued, client, counts);
    }
    for (const client of this.clients) {
      await this.#do(client, (wallet) => wallet.classes(this.#server));
      const [first] = this.#classes;
      const spare = free(client).filter(
        ({ titleClass, serial, denomination }) =>
          titleClass.id === first?.id && denomination < 10 && serial % 2 === 0,
      );
      await this.#do(client, (wallet) => wallet.fillPool(spare.slice(0, POOLED).map(named)));
    }
  }

  /** All trade at once, until the killing is over. */
  async run(): Promise<void> {
    await Promise.all(this.clients.map((client) => this.#tradeOf(client)));
  }

  /** Nobody is killed any more: everything is taken up until nothing is left to do. */
  async settle(): Promise<void> {
    const everybody = [...this.clients, ...this.copies];
    for (const client of everybody) client.spare();
    const end = performance.now() + SETTLED_WITHIN;
    for (;;) {
      await Promise.all(everybody.map((client) => this.#settleOf(client)));
      const open = [...everybody.flatMap(openMatters), ...this.clients.flatMap(boundTitles)];
      if (open.length === 0) break;
      if (performance.now() > end) {
        this.faults.push(...open.map((each) => `${each}, although nobody is killed`));
        return;
      }
      await pause(ROUND_PACE);
    }
    for (const client of this.clients) {
      const said = await client.act((wallet) => wallet.check());
      if (said instanceof Refusal) this.faults.push(`a check was refused: ${said.details}`);
      else this.faults.push(...(said ?? []).map((words) => `${client.name} is told: ${words}`));
    }
  }

  async #settleOf(client: Client): Promise<void> {
    await client.act((wallet) => wallet.resumeAll());
    await this.#handOver(client);
    while (client.inbox.length > 0 && (await this.#takeIn(client)));
    if (this.copies.includes(client)) return;
    await this.#check(client);
    await this.#claim(client);
  }

  async #tradeOf(client: Client): Promise<void> {
    const kinds = this.#kinds.flatMap(([name, share, work]) =>
      Array.from({ length: share }, () => ({ name, work })),
    );
    while (!this.#killer.isOver) {
      if (this.#dice.below(RESUMES) === 0) await client.act((wallet) => wallet.resumeAll());
      await this.#handOver(client);
      await this.#takeIn(client);
      const { name, work } = this.#dice.pick(kinds);
      this.begun.set(name, (this.begun.get(name) ?? 0) + 1);
      const value = await work(client);
      if (!(value instanceof Refusal)) this.#killer.progress();
      await pause(this.#dice.below(this.#restWithin));
    }
  }

  /** Does something, and counts a refusal. */
  async #do<Value>(
    client: Client,
    work: (wallet: Parameters<Parameters<Client['act']>[0]>[0]) => Promise<Value>,
  ): Promise<Value | undefined> {
    const value = await client.act(work);
    if (value instanceof Refusal) this.#refused(value);
    return value;
  }

  /** `isLate`: whoever signed has nothing to sign any more, since a condition's time went by. */
  #refused({ name, details }: Refusal, isLate = false): void {
    this.refused.set(name, (this.refused.get(name) ?? 0) + 1);
    if (FAULTY.has(name) && !(isLate && name === 'bad signature'))
      this.faults.push(`somebody was refused “${name}”: ${details}`);
  }

  /** Gives an address of somebody else; undefined where that one died. */
  async #addressOf(client: Client): Promise<string | undefined> {
    const address = await this.#do(client, (wallet) => wallet.address(this.#server));
    return address instanceof Refusal ? undefined : address;
  }

  #another(...than: readonly Client[]): Client {
    return this.#dice.pick(this.clients.filter((each) => !than.includes(each)));
  }

  /** Some titles of one class that can be transferred. */
  #some(client: Client, count: number): readonly TitleView[] {
    const titles = free(client);
    if (titles.length === 0) return [];
    const { titleClass } = this.#dice.pick(titles);
    const left = titles.filter((each) => each.titleClass.id === titleClass.id);
    return Array.from({ length: Math.min(count, left.length) }, () =>
      left.splice(this.#dice.below(left.length), 1),
    ).flat();
  }

  async #give(client: Client, count: number): Promise<unknown> {
    const to = this.#another(client);
    const address = await this.#addressOf(to);
    const titles = this.#some(client, count).map(named);
    if (address === undefined || titles.length === 0) return undefined;
    const reference = client.reference();
    client.debts.push({ reference, to, handed: new Set() });
    return this.#do(client, (wallet) => wallet.give({ titles, to: address, reference }));
  }

  async #pay(client: Client): Promise<unknown> {
    const to = this.#another(client);
    const address = await this.#addressOf(to);
    const titleClass = this.#dice.pick(this.#classes);
    if (address === undefined) return undefined;
    const reference = client.reference();
    client.debts.push({ reference, to, handed: new Set() });
    const amount = 1 + this.#dice.below(PAYMENT);
    return this.#do(client, (wallet) => wallet.pay(titleClass.id, amount, address, reference));
  }

  async #split(client: Client): Promise<unknown> {
    const [title] = this.#some(client, 1);
    if (title === undefined || title.denomination === 1) return undefined;
    const smaller = title.titleClass.denominations.filter((each) => each < title.denomination);
    const into: number[] = [];
    for (let left = title.denomination; left > 0;) {
      const next = this.#dice.pick(smaller.filter((each) => each <= left));
      into.push(next);
      left -= next;
    }
    return this.#do(client, (wallet) => wallet.split([named(title)], into));
  }

  async #join(client: Client): Promise<unknown> {
    const titles = this.#some(client, 1 + this.#dice.below(GIFT));
    const worth = titles.reduce((sum, { denomination }) => sum + denomination, 0);
    if (!(titles[0]?.titleClass.denominations.includes(worth) ?? false)) return undefined;
    return this.#do(client, (wallet) => wallet.split(titles.map(named), [worth]));
  }

  async #fill(client: Client): Promise<unknown> {
    const titles = this.#some(client, 1 + this.#dice.below(2));
    if (titles.length === 0 || titles[0]?.titleClass.id !== this.#classes[0]?.id) return undefined;
    return this.#do(client, (wallet) => wallet.fillPool(titles.map(named)));
  }

  async #bind(client: Client): Promise<unknown> {
    const to = this.#another(client);
    const address = await this.#addressOf(to);
    const fallback = await this.#do(client, (wallet) => wallet.pseudonym(this.#server));
    const titles = this.#some(client, 1).map(named);
    if (address === undefined || typeof fallback !== 'string' || titles.length === 0) return undefined;
    const { secret, hash } = secretOf(this.#secrets++);
    const until = Date.now() + BINDS.least + this.#dice.below(BINDS.within);
    const reference = client.reference();
    client.debts.push({ reference, to, handed: new Set() });
    for (const title of titles)
      if (this.#dice.below(UNTOLD) > 0) to.secrets.set(`${title.titleClass}/${title.serial}`, secret);
    const condition = { hash, until, fallback };
    return this.#do(client, (wallet) => wallet.give({ titles, to: address, condition, reference }));
  }

  /** Claims what it can: as the holder with the secret, or as the fallback where the time is over. */
  async #claim(client: Client): Promise<unknown> {
    for (const title of client.titles) {
      const { condition, state, pseudonym, serial, titleClass } = title;
      if (condition === undefined || state !== 'held') continue;
      const isFallback = condition.fallback === pseudonym;
      const isOver = Date.now() >= condition.until;
      const secret = client.secrets.get(`${titleClass.id}/${serial}`);
      const isHolders =
        !isFallback && !isOver && secret !== undefined && secretMatches(secret, condition.hash);
      if (isFallback ? !isOver : !isHolders) continue;
      const given = isFallback ? undefined : secret;
      const claimed = await client.act((wallet) => wallet.claim(named(title), given));
      if (claimed instanceof Refusal) this.#refused(claimed, !isFallback && Date.now() >= condition.until);
    }
    return undefined;
  }

  /** Two copies of one wallet give one title to two people at once. */
  async #twoCopies(client: Client): Promise<unknown> {
    if (this.copies.length >= MOST_COPIES || this.clients.length < 3) return undefined;
    await client.act((wallet) => wallet.resumeAll());
    if (client.operations.some(({ state }) => state === 'pending')) return undefined;
    const one = this.#another(client);
    const other = this.#another(client, one);
    const [first, second] = [await this.#addressOf(one), await this.#addressOf(other)];
    const titles = this.#some(client, 1).map(named);
    if (first === undefined || second === undefined || titles.length === 0) return undefined;
    const copy = client.copy(this.copies.length);
    await copy.open();
    this.copies.push(copy);
    const gifts = [
      { who: client, to: one, address: first, reference: client.reference() },
      { who: copy, to: other, address: second, reference: copy.reference() },
    ];
    return Promise.all(
      gifts.map(async ({ who, to, address, reference }) => {
        who.debts.push({ reference, to, handed: new Set() });
        await this.#do(who, (wallet) => wallet.give({ titles, to: address, reference }));
      }),
    );
  }

  /** Somebody else may hold a title: two copies gave it away. The server itself has nothing to be blamed for. */
  async #check(client: Client): Promise<unknown> {
    const said = await this.#do(client, (wallet) => wallet.check());
    if (said === undefined || said instanceof Refusal) return said;
    const worse = said.filter((words) => !/somebody else holds it now|does not answer|answers? /.test(words));
    this.faults.push(...worse.map((words) => `${client.name} is told: ${words}`));
    return said;
  }

  /** The wallet dies during what comes next. */
  async #die(client: Client): Promise<unknown> {
    client.doom();
    return undefined;
  }

  async #grow(client: Client): Promise<unknown> {
    const issued = this.#dice.pick(this.#classes);
    await this.#issue(issued, client, [[this.#dice.pick(issued.denominations), GROWTH]]);
    return this.#do(client, (wallet) => wallet.classes(this.#server));
  }

  async #issue(
    issued: IssuedClass,
    client: Client,
    counts: readonly (readonly [denomination: number, count: number])[],
  ): Promise<void> {
    const typed = await this.#addressOf(client);
    const address = typed === undefined ? undefined : readAddress(typed);
    if (address === undefined || address instanceof Refusal) return;
    const [holder] = address.pseudonyms;
    if (holder === undefined) throw new Error('an address has pseudonyms');
    const fitting = counts.filter(([denomination]) => issued.denominations.includes(denomination));
    const ranges = fitting.map(([denomination, count]) => ({ denomination, count, holder }));
    this.faults.push(...(await issued.issue(ranges)));
  }

  /** Hands over what is done by now. What was refused may be done late: somebody may have kept a copy of it. */
  async #handOver(client: Client): Promise<void> {
    if (client.debts.length === 0 || (await client.act(async () => true)) === undefined) return;
    const operations = Map.groupBy(client.operations, ({ reference }) => reference);
    for (const debt of client.debts.splice(0)) {
      const its = operations.get(debt.reference) ?? [];
      for (const { number, state } of its) {
        if (state !== 'done' || debt.handed.has(number)) continue;
        const handover = await client.act(async (wallet) => wallet.handover(number));
        if (handover === undefined) continue;
        debt.handed.add(number);
        // Where somebody took the titles on without it, there is nothing to be handed.
        if (handover instanceof Refusal) this.#refused(handover);
        else debt.to.inbox.push(handover);
      }
      if (its.some(({ number }) => !debt.handed.has(number))) client.debts.push(debt);
    }
  }

  /** Takes one handover: whether that came to an end. */
  async #takeIn(client: Client): Promise<boolean> {
    const [handover] = client.inbox;
    if (handover === undefined) return false;
    const taken = await this.#do(client, (wallet) => wallet.receive(handover));
    const isOpen = taken === undefined || (taken instanceof Refusal && taken.temporary);
    if (!isOpen) client.inbox.splice(client.inbox.indexOf(handover), 1);
    return !isOpen;
  }
}

function named({ titleClass, serial }: TitleView): TitleName {
  return { titleClass: titleClass.id, serial };
}

/** What can be transferred without more ado. */
function free(client: Client): TitleView[] {
  return client.titles.filter(({ state, condition }) => state === 'held' && condition === undefined);
}

/** What is not settled yet, in words. */
function openMatters({ name, operations, debts, inbox }: Client): readonly string[] {
  return [
    ...operations
      .filter(({ state }) => state === 'pending')
      .map(({ kind, reason }) => `${name}: ${kind} is pending (${reason})`),
    ...operations
      .filter(
        ({ number, state, reference }) =>
          state === 'done' && debts.some((debt) => debt.reference === reference && !debt.handed.has(number)),
      )
      .map(({ reference }) => `${name}: ${reference} is not handed over`),
    ...inbox.map(() => `${name}: a handover is not taken`),
  ];
}

function boundTitles({ name, titles }: Client): readonly string[] {
  return titles
    .filter(({ condition }) => condition !== undefined)
    .map(({ serial }) => `${name}: the title ${serial} is bound`);
}
