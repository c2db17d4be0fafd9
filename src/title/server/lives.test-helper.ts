/**
 * Random lives of a title server against a simple model of it: who holds what, and how often it changed hands. A life is what
 * its seed makes it. Whatever is asked, however often, and whenever the store fails: no title ever has two holders, none
 * appears, none vanishes, and every sequence counts exactly the transfers that were made.
 */
import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { bytesToHex } from '../../base/bytes.ts';
import { Dice } from '../../../test/fuzz/dice.ts';
import type { Condition, Destination, SignedTransfer, TitleRange, Transfer } from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import { isUnder, leafHash } from '../documents/merkle.ts';
import type { Said, TitleResponse } from '../documents/messages.ts';
import { signersOf, transferHash, transferSigned } from '../documents/signed.ts';
import type { TitleStore } from './ports.ts';
import {
  certificateOf,
  fresh,
  heldAfter,
  idOf,
  mustBe,
  openWorld,
  receiptBytesOf,
  SERVER,
  sha256,
  somebody,
  to,
} from './world.test-helper.ts';
import type { Held, Somebody, World } from './world.test-helper.ts';

type Ask = Said<'request title transfer'>;

const PEOPLE = ['Anna', 'Ben', 'Carl', 'Dora'].map(somebody);
const DENOMINATIONS = [1, 2, 5];
const SECRET = new Uint8Array(32).fill(3);

/** What the model knows of a title: as it is held now, and as it was held before. */
interface Modelled {
  now: Held;
  readonly past: Held[];
}

interface ModelledClass {
  readonly name: string;
  readonly id: Uint8Array;
  version: number;
  readonly ranges: TitleRange[];
  readonly titles: Modelled[];
}

/** Opens the store again on what was kept. */
export type OpenStore = () => Promise<TitleStore>;

/** Lives a life of some steps, and throws where the server does what the model does not. How many transfers took effect. */
export async function live(seed: number, steps: number, openStore: OpenStore): Promise<number> {
  const life = new Life(seed, openStore);
  await life.begin();
  for (let step = 0; step < steps; step++) await life.step();
  await life.end();
  return life.transfers;
}

class Life {
  readonly #dice: Dice;
  readonly #openStore: OpenStore;
  readonly #classes: ModelledClass[] = [];
  /** Receipts by transfers, as bytes. */
  readonly #done = new Map<string, { readonly ask: Ask; readonly receipt: string }>();
  /** What was asked and not answered. */
  readonly #pending: Ask[] = [];
  readonly #pendingClasses: ModelledClass[] = [];
  #world: World | undefined;
  #now = Date.UTC(2031, 0, 1);
  #fault: 'none' | 'before' | 'after' = 'none';
  /** How often titles changed hands. */
  #moves = 0;

  constructor(seed: number, openStore: OpenStore) {
    this.#dice = new Dice(seed);
    this.#openStore = openStore;
  }

  get transfers(): number {
    return this.#done.size;
  }

  async begin(): Promise<void> {
    await this.#open();
    await this.#growClass();
  }

  async step(): Promise<void> {
    const kind = this.#dice.below(20);
    if (kind === 0) await this.#growClass();
    else if (kind === 1) await this.#restart();
    else if (kind === 2) this.#fault = this.#dice.pick(['before', 'after']);
    else if (kind === 3) this.#setNow(this.#now + this.#dice.below(4) * 500);
    else await this.#askAtOnce(1 + this.#dice.below(6));
  }

  async end(): Promise<void> {
    this.#fault = 'none';
    await this.#restart();
    await this.#agree();
  }

  get #server(): World {
    if (this.#world === undefined) throw new Error('there is a server first');
    return this.#world;
  }

  async #open(): Promise<void> {
    const store = await this.#openStore();
    this.#world = await openWorld({
      store: {
        start: () => store.start(),
        sequence: (cell) => store.sequence(cell),
        obstacle: () => store.obstacle(),
        lastGroup: (cell, find) => store.lastGroup(cell, find),
        groups: (from, most, isIt) => store.groups(from, most, isIt),
        page: (page) => store.page(page),
        close: () => store.close(),
        commit: async (groups) => {
          if (this.#fault === 'before') throw new Error('nothing was kept');
          await store.commit(groups);
          if (this.#fault === 'after') throw new Error('who knows what was kept');
        },
      },
    });
    this.#setNow(this.#now);
  }

  #setNow(now: number): void {
    this.#now = now;
    this.#server.now = now;
  }

  /** The server goes down and up again; what was not answered is asked once more. */
  async #restart(): Promise<void> {
    await this.#server.server.close();
    this.#fault = 'none';
    await this.#open();
    for (const growing of this.#pendingClasses.splice(0)) await this.#ask(certificate(growing));
    const heard: { readonly ask: Ask; readonly answer: TitleResponse }[] = [];
    for (const ask of this.#pending.splice(0)) heard.push({ ask, answer: await this.#ask(ask) });
    for (const { ask, answer } of inOrder(heard)) this.#hear(ask, answer);
    await this.#agree();
  }

  #ask(message: Ask | Parameters<World['ask']>[0]): Promise<TitleResponse> {
    return this.#server.ask(message);
  }

  async #growClass(): Promise<void> {
    const isNew = this.#classes.length === 0 || (this.#classes.length < 3 && this.#dice.below(2) === 0);
    const growing = isNew ? this.#newClass() : this.#dice.pick(this.#classes);
    if (growing.ranges.length > 4) return;
    for (let left = 1 + this.#dice.below(2); left > 0; left--) {
      const [denomination, holder] = [this.#dice.pick(DENOMINATIONS), this.#dice.pick(PEOPLE)];
      const count = 1 + this.#dice.below(8);
      growing.ranges.push({ denomination, count, holder: holder.publicKey });
      for (let at = 0; at < count; at++) {
        const now = fresh(growing.id, growing.titles.length + 1, denomination, holder);
        growing.titles.push({ now, past: [] });
      }
    }
    growing.version++;
    const answer = await this.#ask(certificate(growing));
    if (isBusy(answer)) {
      this.#pendingClasses.push(growing);
      await this.#restart();
    } else mustBe('response title class', answer);
  }

  #newClass(): ModelledClass {
    const name = `class ${this.#classes.length}`;
    const id = idOf(certificateOf([], { name, denominations: DENOMINATIONS }));
    const made = { name, id, version: 0, ranges: [], titles: [] };
    this.#classes.push(made);
    return made;
  }

  /** Asks for several transfers at once: good ones, bad ones, and some that contend for a title. */
  async #askAtOnce(count: number): Promise<void> {
    const asks = Array.from({ length: count }, () => this.#randomAsk());
    const sure = asks.filter((ask, at) => this.#isSure(ask, asks.toSpliced(at, 1)));
    const answers = await Promise.all(asks.map((ask) => this.#ask(ask)));
    const heard = answers.map((answer, at) => ({ answer, ask: asks[at]! }));
    const isRefused = ({ answer }: (typeof heard)[number]): boolean =>
      answer.type === 'response title refusal' && !isBusy(answer);
    for (const { answer, ask } of inOrder(heard)) if (!isRefused({ answer, ask })) this.#hear(ask, answer);
    if (this.#pending.length > 0) await this.#restart();
    // Last: what was refused may have been refused for what was never answered.
    for (const { answer, ask } of heard) if (isRefused({ answer, ask })) this.#hear(ask, answer);
    for (const ask of sure)
      assert.ok(this.#done.has(nameOf(ask)), 'what nothing stands in the way of is done');
  }

  /** Whether nothing can stand in its way: proofs that are the last ones, rights held, no change, nobody contending. */
  #isSure({ transfer, signatures }: Ask, others: readonly Ask[]): boolean {
    if (transfer.change.length > 0) return false;
    const good = signedBy(transfer, this.#now);
    if (signatures.length !== good.signatures.length) return false;
    if (signatures.some((each, at) => bytesToHex(each) !== bytesToHex(good.signatures[at]!))) return false;
    const serials = transfer.inputs.map(({ serial }) => serial);
    if (new Set(serials).size < serials.length) return false;
    const isAlone = others.every(
      (other) =>
        bytesToHex(other.transfer.title_class) !== bytesToHex(transfer.title_class) ||
        (other.transfer.change.length === 0 &&
          other.transfer.inputs.every(({ serial }) => !serials.includes(serial))),
    );
    return (
      isAlone &&
      transfer.inputs.every(({ serial, sequence, holder, condition, seal, secret, to: destination }) => {
        const title = this.#titleOf(transfer.title_class, serial);
        if (title === undefined) return false;
        const { now } = title;
        const said = [sequence, bytesToHex(holder), condition, bytesToHex(seal)];
        const known = [now.sequence, bytesToHex(now.holder.publicKey), now.condition, bytesToHex(now.seal)];
        if (!isDeepStrictEqual(said, known)) return false;
        if (condition !== undefined && this.#now < condition.until && secret === undefined) return false;
        if (condition === undefined && secret !== undefined) return false;
        return destination.condition === undefined || isGoodCondition(destination, this.#now);
      })
    );
  }

  /** Takes notice of an answer: what a receipt says has to follow from what the model knows. */
  #hear(ask: Ask, answer: TitleResponse): void {
    if (isBusy(answer)) {
      this.#pending.push(ask);
      return;
    }
    if (answer.type === 'response title refusal') {
      assert.ok(!this.#isFresh(ask), `what was done is answered again, not refused: ${answer.details}`);
      return;
    }
    const message = mustBe('response title transfer', answer);
    const receipt = receiptBytesOf(message);
    const before = this.#done.get(nameOf(ask));
    if (before !== undefined) {
      assert.equal(receipt, before.receipt);
      return;
    }
    this.#apply(ask, message);
    this.#done.set(nameOf(ask), { ask, receipt });
  }

  /** Whether a transfer was done, and one of its titles has not moved since. */
  #isFresh(ask: Ask): boolean {
    const done = this.#done.get(nameOf(ask));
    // The same transfer with signatures that are none may come while the good one is on its way.
    if (done === undefined || !isDeepStrictEqual(done.ask.signatures, ask.signatures)) return false;
    return ask.transfer.inputs.some(
      ({ serial, sequence }) =>
        this.#titleOf(ask.transfer.title_class, serial)?.now.sequence === sequence + 1,
    );
  }

  #apply(
    { transfer, signatures }: SignedTransfer,
    { type: _, ...receipt }: Said<'response title transfer'>,
  ): void {
    const titles = receipt.titles.map(({ serial }) => {
      const title = this.#titleOf(transfer.title_class, serial);
      assert.ok(title !== undefined, 'no title appears');
      return title;
    });
    assert.equal(new Set(titles).size, titles.length, 'no title is there twice');
    const denominations = titles.map(({ now }) => now.denomination);
    const after = heldAfter({ transfer, signatures }, receipt, denominations, [...PEOPLE, SERVER]);
    let [given, taken] = [0, 0];
    for (const [at, title] of titles.entries()) {
      const held = after[at]!;
      assert.equal(held.sequence, title.now.sequence + 1, 'every sequence counts the transfers made');
      assert.equal(held.denomination, title.now.denomination);
      const input = transfer.inputs[at];
      if (input === undefined) {
        assert.equal(title.now.holder, SERVER, 'change comes out of the pool');
        taken += held.denomination;
      } else {
        assert.equal(
          bytesToHex(title.now.holder.publicKey),
          bytesToHex(input.holder),
          'a title has one holder',
        );
        if (held.holder === SERVER) given += held.denomination;
      }
    }
    if (transfer.change.length > 0) assert.equal(given, taken, 'what goes in is worth what comes out');
    for (const [at, title] of titles.entries()) {
      title.past.push(title.now);
      title.now = after[at]!;
      this.#moves++;
    }
  }

  #titleOf(titleClass: Uint8Array, serial: number): Modelled | undefined {
    return this.#classes.find(({ id }) => bytesToHex(id) === bytesToHex(titleClass))?.titles[serial - 1];
  }

  #randomAsk(): Ask {
    const kind = this.#dice.below(10);
    const olds = [...this.#done.values()];
    if (kind === 0 && olds.length > 0) return this.#dice.pick(olds).ask;
    const titleClass = this.#dice.pick(this.#classes);
    const held = titleClass.titles.filter(({ now }) => now.holder !== SERVER);
    if (held.length === 0) return this.#dice.pick(olds).ask;
    const chosen = Array.from({ length: 1 + this.#dice.below(3) }, () => this.#dice.pick(held));
    const titles = (kind === 1 ? chosen : [...new Set(chosen)]).map((title) =>
      kind === 2 && title.past.length > 0 ? this.#dice.pick(title.past) : title.now,
    );
    return this.#spoiled(signedBy(this.#randomTransfer(titleClass, titles), this.#now));
  }

  #randomTransfer(titleClass: ModelledClass, titles: readonly Held[]): Transfer {
    const isPay = this.#dice.below(3) === 0;
    const inputs = titles.map((title) => {
      const destination = isPay && this.#dice.below(3) > 0 ? to(SERVER) : this.#destination();
      return { title, destination };
    });
    const given = inputs
      .filter(({ destination }) => bytesToHex(destination.holder) === bytesToHex(SERVER.publicKey))
      .reduce((sum, { title }) => sum + title.denomination, 0);
    // Sometimes the sums differ by one.
    const change =
      this.#dice.below(4) === 0 ? [] : this.#changeFor(given + Number(this.#dice.below(12) === 0));
    return {
      title_class: titleClass.id,
      inputs: inputs.map(({ title, destination }) => ({
        serial: title.serial,
        sequence: title.sequence,
        holder: title.holder.publicKey,
        condition: title.condition,
        seal: title.seal,
        secret: title.condition !== undefined && this.#dice.below(4) > 0 ? SECRET : undefined,
        to: destination,
      })),
      change: given === 0 ? [] : change,
    };
  }

  #changeFor(amount: number): Transfer['change'] {
    const change: Transfer['change'][number][] = [];
    for (let left = amount; left > 0;) {
      const denomination = this.#dice.pick(DENOMINATIONS.filter((each) => each <= left));
      change.push({ denomination, to: this.#destination() });
      left -= denomination;
    }
    return change;
  }

  #destination(): Destination {
    const holder = this.#dice.pick(PEOPLE);
    if (this.#dice.below(6) > 0) return to(holder);
    const condition: Condition = {
      hash: sha256(SECRET),
      until: this.#now + this.#dice.below(4) * 500,
      fallback: this.#dice.pick(PEOPLE).publicKey,
    };
    return to(holder, condition);
  }

  /** Now and then something is wrong with it. */
  #spoiled(ask: Ask): Ask {
    const kind = this.#dice.below(30);
    if (kind === 0) return { ...ask, signatures: ask.signatures.map(() => new Uint8Array(64)) };
    if (kind === 1) return signedBy(ask.transfer, this.#now + 1_000_000);
    const [first, ...others] = ask.transfer.inputs;
    if (first === undefined) return ask;
    const changed = [
      { ...first, seal: new Uint8Array(16) },
      { ...first, sequence: first.sequence + 1 },
      { ...first, holder: this.#dice.pick(PEOPLE).publicKey },
      { ...first, serial: 1 + this.#dice.below(60) },
      { ...first, condition: undefined },
    ][kind - 2];
    if (changed === undefined) return ask;
    return signedBy({ ...ask.transfer, inputs: [changed, ...others] }, this.#now);
  }

  /** The server says of everything what the model says. */
  async #agree(): Promise<void> {
    const all = this.#classes.flatMap(({ titles }) => titles);
    const said = mustBe('response title server', await this.#ask({ type: 'request title server' }));
    assert.equal(said.titles, all.length, 'no title appears and none vanishes');
    for (const { now } of all) {
      const ask = { type: 'request title', title_class: now.titleClass, serial: now.serial } as const;
      const title = mustBe('response title', await this.#ask(ask));
      assert.deepEqual(
        [title.sequence, title.denomination, bytesToHex(title.to.holder), title.to.condition],
        [now.sequence, now.denomination, bytesToHex(now.holder.publicKey), now.condition],
      );
    }
    for (const { id, titles } of this.#classes) {
      const { stock } = mustBe(
        'response title pool',
        await this.#ask({ type: 'request title pool', title_class: id }),
      );
      for (const { denomination, count } of stock) {
        const pooled = titles.filter(({ now }) => now.holder === SERVER && now.denomination === denomination);
        assert.equal(count, pooled.length);
      }
    }
    await this.#agreeOnRoot(all);
  }

  async #agreeOnRoot(all: readonly Modelled[]): Promise<void> {
    const pages = all.length === 0 ? [] : [0];
    const answer = mustBe('response title root', await this.#ask({ type: 'request title root', pages }));
    const { root, titles } = answer.signed_root.statement;
    assert.ok(titles <= TITLE_LIMITS.pageCells, 'a life has one page');
    for (const { sequences, path } of answer.pages) {
      assert.ok(isUnder(root, leafHash(sequences), { index: 0, size: 1, path }));
      const view = new DataView(Uint8Array.from(sequences).buffer);
      let sum = 0;
      for (let at = 0; at < view.byteLength; at += 4) sum += view.getUint32(at);
      assert.equal(sum, this.#moves, 'sequences count exactly the transfers made');
    }
  }
}

function certificate({ name, ranges, version }: ModelledClass): Said<'request title class'> {
  return certificateOf(ranges, { name, version, denominations: DENOMINATIONS });
}

/** Signed by those who have to sign at a moment, as far as they are people. */
function signedBy(transfer: Transfer, now: number): Ask {
  const bytes = transferSigned(transferHash(SERVER.publicKey, transfer, sha256));
  const signatures = signersOf(transfer, now).map((publicKey) => person(publicKey).sign(bytes));
  return { type: 'request title transfer', transfer, signatures };
}

function person(publicKey: Uint8Array): Somebody {
  return PEOPLE.find((each) => bytesToHex(each.publicKey) === bytesToHex(publicKey)) ?? SERVER;
}

function isGoodCondition({ condition }: Destination, now: number): boolean {
  return condition === undefined || condition.until > now;
}

function isBusy(answer: TitleResponse): boolean {
  return answer.type === 'response title refusal' && answer.name === 'busy';
}

function nameOf({ transfer }: Ask): string {
  return bytesToHex(transferHash(SERVER.publicKey, transfer, sha256));
}

/** In the order in which they took effect, refusals last. */
function inOrder<Heard extends { readonly answer: TitleResponse }>(
  heard: readonly Heard[],
): readonly Heard[] {
  return heard.toSorted((left, right) => orderOf(left.answer) - orderOf(right.answer) || 0);
}

/** The place of what a receipt is about in the log. */
function orderOf(answer: TitleResponse): number {
  if (answer.type !== 'response title transfer') return Infinity;
  return answer.signed_head.head.number * TITLE_LIMITS.groupLeaves + answer.index;
}
