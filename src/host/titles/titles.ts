import type { TitleWallet } from '../../title/wallet/facade.ts';
import { Refusal } from '../../base/refusal.ts';
import { view } from '../desk.ts';
import type { Desk } from '../desk.ts';
import { HOST_LIMITS } from '../limits.ts';
import { Objection, object, passTitle } from '../objections.ts';
import type { LetterView } from '../schemas.ts';
import { give, handoverOf } from './give.ts';
import { furnish, makeReady } from './upkeep.ts';
import type * as schema from './schemas.ts';
import { classView, lookView, titleView, titlesView } from './views.ts';

type Maybe<Result> = Promise<Result | Objection>;

/** What the titles of a member need of who opened them. */
export interface TitleDesk {
  readonly desk: Desk;
  /** Runs what changes letters, one after the other; whoever looks is told. */
  readonly inTurn: <Result>(job: () => Promise<Result>) => Promise<Result>;
  /** Runs what changes no letter; whoever looks is told. */
  readonly changing: <Result>(job: () => Promise<Result>) => Promise<Result>;
}

/** The titles of an open member. Where the host keeps none, everything objects 'not possible'. */
export class MemberTitles {
  readonly #desk: Desk;
  readonly #parts: TitleDesk;

  constructor(parts: TitleDesk) {
    this.#parts = parts;
    this.#desk = parts.desk;
  }

  /** What is held, and what was done. Asks nobody. */
  view(): schema.TitlesView | Objection {
    const titles = this.#titles();
    return titles instanceof Objection ? titles : titlesView(this.#desk, titles);
  }

  /**
   * Gets to know the host's title servers, as far as they answer, and keeps addresses ready. `isBrought`: the twelve words are
   * older than this wallet, and titles of theirs are looked for.
   */
  async furnish(isBrought: boolean): Promise<void> {
    const { titles, context } = this.#desk;
    if (titles === undefined) return;
    const servers = context.parts.titles?.servers ?? [];
    if (isBrought) for (const url of servers) await this.#parts.changing(() => titles.restore(url));
    await this.#parts.inTurn(() => furnish(this.#desk, titles));
  }

  /** As a letter, which brings a member the titles and keeps the handover for an address. Asked for twice with `once`: done once. */
  give(input: schema.GiveInput, once = ''): Maybe<LetterView> {
    return this.#with(async (titles) => {
      const letter = await this.#parts.inTurn(() => give(this.#desk, titles, input, once));
      return letter instanceof Objection ? letter : view(this.#desk, letter);
    });
  }

  /** The handover of a letter that was sent: for its recipient's wallet. */
  handover(letter: string): string | Objection {
    const titles = this.#titles();
    return titles instanceof Objection ? titles : handoverOf(this.#desk, titles, letter);
  }

  /** One address for each title server: to be told to one giver. */
  addresses(): Maybe<readonly schema.TitleAddressView[]> {
    return this.#with((titles) => this.#parts.inTurn(() => this.#shown(titles)));
  }

  /** Another address at a title server, since somebody has the last one. */
  newAddress(server: string): Maybe<readonly schema.TitleAddressView[]> {
    return this.#with((titles) =>
      this.#parts.inTurn(async () => {
        await this.#forgetShown(server);
        return this.#shown(titles);
      }),
    );
  }

  async #shown(titles: TitleWallet): Maybe<readonly schema.TitleAddressView[]> {
    const { store } = this.#desk.context.parts;
    const member = this.#desk.row().id;
    const known = (await store.titleAddresses(member)).filter(({ use }) => use === 'shown');
    const all: schema.TitleAddressView[] = [];
    for (const { id: server, url } of titles.servers()) {
      const before = known.find((each) => each.server === server)?.address;
      const address = before ?? (await titles.address(server));
      if (address instanceof Refusal) return passTitle(address);
      if (before === undefined) await store.putTitleAddress({ member, server, address, use: 'shown' });
      all.push({ server, url, address });
    }
    return all;
  }

  async #forgetShown(server: string): Promise<void> {
    const { store } = this.#desk.context.parts;
    const member = this.#desk.row().id;
    for (const row of await store.titleAddresses(member)) {
      if (row.use === 'shown' && row.server === server) await store.removeTitleAddress(member, row.address);
    }
  }

  /** Takes what somebody handed over. The address that was shown was used by it: the next giver is shown another. */
  receive({ text }: schema.HandoverInput): Maybe<readonly schema.TitleView[]> {
    return this.#with((titles) =>
      this.#parts.inTurn(async () => {
        const taken = await titles.receive(text);
        if (taken instanceof Refusal) return notTaken(taken);
        const [first] = taken;
        if (first !== undefined) await this.#forgetShown(first.titleClass.server);
        return taken.map((each) => titleView(each, this.#now()));
      }),
    );
  }

  /** What somebody handed over, and whether their server says the same now. Nothing is taken. */
  inspect({ text }: schema.HandoverInput): Maybe<readonly schema.TitleLookView[]> {
    return this.#with(async (titles) => {
      const looks = await titles.inspect(text);
      if (looks instanceof Refusal) return handed(looks);
      return looks.map((look) => lookView(look, this.#fallbacks(titles), this.#now()));
    });
  }

  /** Who holds a title. */
  look(input: schema.TitleInput): Maybe<schema.TitleLookView> {
    return this.#with(async (titles) => {
      const look = await titles.look(input);
      return look instanceof Refusal ? passTitle(look) : lookView(look, this.#fallbacks(titles), this.#now());
    });
  }

  /** The classes of all title servers that answer. */
  classes(): Maybe<readonly schema.TitleClassView[]> {
    return this.#with(async (titles) => {
      const all: schema.TitleClassView[] = [];
      for (const { id } of titles.servers()) {
        const classes = await titles.classes(id);
        if (!(classes instanceof Refusal)) all.push(...classes.map(classView));
      }
      return all;
    });
  }

  /** Knows a title server from now on. Objects 'not confirmed' before it was said what its keeper sees. */
  addServer({ url, confirmed }: schema.TitleServerInput): Maybe<schema.TitleServerView> {
    return this.#with(async (titles) => {
      if (!confirmed) return object('not confirmed');
      if (titles.servers().length >= HOST_LIMITS.titleServers) return object('full', 'your title servers');
      return this.#parts.inTurn(async () => {
        const added = await titles.add(url);
        if (added instanceof Refusal) return passTitle(added);
        await makeReady(this.#desk, titles);
        return { id: added.id, url: added.url };
      });
    });
  }

  /** Looks in the log of a title server for titles of the member's twelve words. It has to be known before. */
  restore(url: string): Maybe<schema.TitlesView> {
    return this.#with((titles) =>
      this.#parts.changing(async () => {
        const isHosts = this.#desk.context.parts.titles?.servers.includes(url) === true;
        if (!isHosts && !titles.servers().some((each) => each.url === url))
          return object('no title server', 'add it first');
        const found = await titles.restore(url);
        if (found instanceof Refusal) return passTitle(found);
        await makeReady(this.#desk, titles);
        return titlesView(this.#desk, titles);
      }),
    );
  }

  /** Claims a title that a condition binds, or takes it back. */
  claim({ titleClass, serial, secret }: schema.ClaimInput): Maybe<undefined> {
    return this.#with((titles) =>
      this.#parts.changing(async () => {
        const claimed = await titles.claim({ titleClass, serial }, secret === '' ? undefined : secret);
        return claimed instanceof Refusal ? passTitle(claimed) : undefined;
      }),
    );
  }

  /** Asks the servers about every title: what is said of those that are held no more, in English. */
  check(): Maybe<readonly string[]> {
    return this.#with((titles) =>
      this.#parts.changing(async () => {
        const said = await titles.check();
        return said instanceof Refusal ? passTitle(said) : said;
      }),
    );
  }

  #fallbacks(titles: TitleWallet): ReadonlySet<string> {
    const own = titles.titles().filter(({ condition, pseudonym }) => condition?.fallback === pseudonym);
    return new Set(own.map(({ pseudonym }) => pseudonym));
  }

  #now(): number {
    return this.#desk.context.parts.clock();
  }

  #titles(): TitleWallet | Objection {
    return this.#desk.titles ?? object('not possible', 'this host keeps no titles');
  }

  async #with<Result>(act: (titles: TitleWallet) => Maybe<Result>): Maybe<Result> {
    const titles = this.#titles();
    return titles instanceof Objection ? titles : act(titles);
  }
}

/** By these a wallet does not take a handover that is genuine, and somebody else's. */
const OF_OTHERS: ReadonlySet<string> = new Set(['not possible', 'outdated proof']);

function notTaken(refusal: Refusal): Objection {
  return OF_OTHERS.has(refusal.name) ? object('not your titles', refusal.details) : handed(refusal);
}

/** What is no handover is told as such, and one of a server that is not known. */
function handed(refusal: Refusal): Objection {
  if (refusal.name === 'unknown') return object('no title server', refusal.details);
  return refusal.name === 'malformed' ? object('no titles', refusal.details) : passTitle(refusal);
}
