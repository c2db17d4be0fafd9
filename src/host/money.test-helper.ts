/** For tests only: a host with members and an issuer, all in memory, that can be killed at every call and begun again. */
import assert from 'node:assert/strict';
import type { Instant } from '../base/dates.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import { coinId } from '../protocol/ids.ts';
import { verifyEd25519 } from '../signers/ed25519.ts';
import { openMemoryHostStore } from '../stores/host/memory.test-helper.ts';
import { handover } from '../transports/handover.ts';
import type { Messenger, WalletStore } from '../wallet/ports.ts';
import type { WalletState } from '../wallet/state.ts';
import type { TestIssuer } from '../wallet/issuer.test-helper.ts';
import { NOON } from '../wallet/issuer.test-helper.ts';
import { seeded } from '../wallet/testing.test-helper.ts';
import type { HostContext } from './context.ts';
import { HOST_TIMES } from './limits.ts';
import { newMemberKey, sealIdentity } from './members/locks.ts';
import { Killed, MemoryWallets, agreed, cheapSecrets } from './members.test-helper.ts';
import { handleOf } from './members/names.ts';
import { openMember } from './open-member.ts';
import type { OpenMember } from './open-member.ts';
import type { HostParts, HostStore, Mail, TitleWallets } from './ports.ts';
import type { MemberRow } from './state.ts';
import { Transits } from './letters/transits.ts';
import { Turns } from './turns.ts';

/** kill: the program ends there. away: the issuer does not answer from there on. */
export interface Fault {
  readonly kind: 'kill' | 'away';
  /** Of the calls that have an effect outside of the program, from 0; of an absence: of the exchanges alone. */
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** Something that takes effect outside of the program. */
export type Effect = <Result>(run: () => Promise<Result>) => Promise<Result>;

const WRITES = new Set<PropertyKey>([
  ...['addMember', 'putMember', 'removeMember', 'putSession', 'removeSession', 'removeSessionsOf'],
  ...['removeExpired', 'putLetter', 'removeLetter', 'putDrop', 'removeDrop', 'putInvoice', 'settleInvoice'],
  ...['putTitleAddress', 'takeTitleAddress', 'removeTitleAddress'],
]);

/** A host, its members, an issuer (or several) and a postman. */
export class Stage {
  readonly issuers: readonly TestIssuer[];
  readonly store = openMemoryHostStore();
  readonly wallets = new MemoryWallets();
  readonly mails: Mail[] = [];
  /** The ids of the mails that the postman was told to forget. */
  readonly forgotten: string[] = [];
  readonly bugs: Error[] = [];
  readonly keys = new Map<string, { readonly row: MemberRow; readonly key: Uint8Array }>();
  postman: Refusal | undefined;
  /** Opens wallets of titles, whose effects are counted by what they are given; undefined: none are kept. */
  readonly #titles: ((effect: Effect) => TitleWallets) | undefined;
  now: Instant = NOON;
  calls = 0;
  exchanges = 0;
  context!: HostContext;
  #fault: Fault | undefined;
  #isDead = false;
  #isAway = false;
  #generation = 0;
  readonly #open = new Map<string, OpenMember>();
  readonly #randomness: (length: number) => Uint8Array;

  constructor(seed: string, issuers: readonly TestIssuer[], titles?: (effect: Effect) => TitleWallets) {
    this.#titles = titles;
    this.#randomness = seeded(seed);
    this.issuers = issuers;
    this.restart();
  }

  get issuer(): TestIssuer {
    return this.issuers[0]!;
  }

  /** The program begins again; what was in memory is gone. The fault is gone too. */
  restart(): void {
    this.#fault = undefined;
    this.#isDead = false;
    this.#isAway = false;
    this.#generation++;
    this.calls = 0;
    this.exchanges = 0;
    this.#open.clear();
    this.wallets.held.clear();
    const parts = this.parts();
    const openNow = (id: string): OpenMember | undefined => this.#open.get(id);
    this.context = {
      parts,
      turns: new Turns(),
      transits: new Transits({ parts, openNow }),
      openNow,
      forget: (id) => this.close(id),
    };
  }

  /** Plants a fault, and counts calls anew. */
  plant(fault: Fault | undefined): void {
    this.#fault = fault;
    this.#isAway = false;
    this.calls = 0;
    this.exchanges = 0;
  }

  /** Whether a planted fault has killed the program. */
  get isDead(): boolean {
    return this.#isDead;
  }

  /** Whether the issuers are away. */
  set away(away: boolean) {
    this.#isAway = away;
  }

  parts(): HostParts {
    const generation = this.#generation;
    return {
      store: this.#store(generation),
      wallets: {
        open: (member, key) => {
          const store = this.wallets.open(member, key);
          return 'commit' in store ? this.#walletStore(store, generation) : store;
        },
        remove: (member) => this.wallets.remove(member),
      },
      titles: this.#titles?.((run) => this.#effect(generation, run)),
      secrets: cheapSecrets,
      postman: {
        send: async (mail) => {
          if (this.postman !== undefined) return this.postman;
          await this.#effect(generation, async () => void this.mails.push(mail));
          return undefined;
        },
        forget: async (id) => this.#effect(generation, async () => void this.forgotten.push(id)),
      },
      handover,
      messenger: this.#messenger(generation),
      clock: () => this.now,
      randomness: this.#randomness,
      verifyEd25519,
      url: 'http://host.test/',
      currencies: [],
      bug: (error) => {
        if (!this.#isOver(generation)) this.bugs.push(error);
      },
    };
  }

  #store(generation: number): HostStore {
    return new Proxy(this.store, {
      get: (target, name, receiver) => {
        const method = Reflect.get(target, name, receiver) as (...given: unknown[]) => Promise<unknown>;
        return async (...given: unknown[]) => {
          const run = () => method.apply(target, given);
          if (WRITES.has(name)) return this.#effect(generation, run);
          if (this.#isOver(generation)) throw new Killed();
          return run();
        };
      },
    });
  }

  #walletStore(store: WalletStore, generation: number): WalletStore {
    return { ...store, commit: (change) => this.#effect(generation, () => store.commit(change)) };
  }

  #isOver(generation: number): boolean {
    return this.#isDead || generation !== this.#generation;
  }

  async #effect<Result>(generation: number, run: () => Promise<Result>): Promise<Result> {
    if (this.#isOver(generation)) throw new Killed();
    const isHere = this.#fault?.kind === 'kill' && this.calls++ === this.#fault.call;
    if (this.#fault === undefined) this.calls++;
    if (!isHere) return run();
    this.#isDead = true;
    if (this.#fault?.when === 'after') await run();
    throw new Killed();
  }

  #messenger(generation: number): Messenger {
    const at = (url: string): TestIssuer | undefined =>
      this.issuers.find((issuer) => url.startsWith(issuer.url));
    return {
      describe: async (url) => {
        if (this.#isOver(generation)) throw new Killed();
        const issuer = this.#isAway ? undefined : at(url);
        return issuer?.messenger().describe(url) ?? refuse('unreachable', 'nobody is there');
      },
      exchange: async (url, message) => {
        if (this.#isOver(generation)) throw new Killed();
        const issuer = at(url);
        assert.ok(issuer !== undefined);
        const isHere = this.#fault?.kind === 'away' && this.exchanges === this.#fault.call;
        this.exchanges++;
        if (isHere && this.#fault?.when === 'after') issuer.handle(message);
        if (isHere) this.#isAway = true;
        if (this.#isAway) return refuse('unreachable', 'nobody is there');
        return this.#effect(generation, async () => issuer.handle(message));
      },
    };
  }

  /** A new member, who knows the issuers' currencies, and has this much of the first. */
  async enrol(name: string, money = 0): Promise<OpenMember> {
    const { secrets, randomness } = this.context.parts;
    const { identity, recipient } = await secrets.newIdentity();
    const id = Buffer.from(randomness(16)).toString('hex');
    const key = newMemberKey(this.context.parts);
    const row: MemberRow = {
      ...{ id, name, handle: handleOf(name), created: this.now, language: 'en', recipient },
      identity: sealIdentity(this.context.parts, id, key, identity),
      ...{ locks: [], passkeys: [], secondFactor: false },
    };
    assert.ok(await this.store.addMember(row));
    this.keys.set(name, { row, key });
    const member = await this.member(name);
    for (const { url } of money === 0 ? this.issuers.slice(0, 1) : this.issuers) {
      agreed(await member.addCurrency({ url, acceptKeys: false }));
    }
    if (money > 0) await this.buys(member, money);
    return member;
  }

  async buys(member: OpenMember, amount: number, issuer = this.issuer): Promise<void> {
    const entry = agreed(await member.buy({ currency: issuer.id, amount, rail: 'test', voucher: '' }));
    assert.equal(entry.state, 'done');
  }

  /** A member's wallet, opened where it is not. */
  async member(name: string): Promise<OpenMember> {
    const { row, key } = this.keys.get(name)!;
    const before = this.#open.get(row.id);
    if (before !== undefined) return before;
    const member = agreed(await openMember(this.context, row, key));
    this.#open.set(row.id, member);
    return member;
  }

  /** The member's wallet is closed. */
  async leave(name: string): Promise<void> {
    await this.close(this.keys.get(name)!.row.id);
  }

  async close(id: string): Promise<void> {
    const member = this.#open.get(id);
    this.#open.delete(id);
    await member?.close();
  }

  /** Time goes by, and everybody's upkeep runs, often enough for all to be settled that can be. */
  async settle(rounds = 3): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      this.now += HOST_TIMES.upkeep;
      for (const issuer of this.issuers) issuer.now = this.now;
      await Promise.all(this.context.transits.due().map(([, goOn]) => goOn()));
      for (const name of this.keys.keys()) await (await this.member(name)).upkeep();
    }
  }

  /** What was stored of a member's wallet. */
  async walletOf(name: string): Promise<WalletState | undefined> {
    return this.wallets.files.get(this.keys.get(name)!.row.id)?.store.load();
  }

  /** No coin is in two purses or spent, and all the money that is out is in the purses and in what was sent. */
  async assertConserved(): Promise<void> {
    const seen = new Map<string, number>();
    const see = (id: string, denomination: number): void => {
      assert.ok(!seen.has(id), 'no coin is in two places');
      seen.set(id, denomination);
    };
    const spent = new Set(this.issuers.flatMap((issuer) => [...issuer.spent]));
    for (const name of this.keys.keys()) {
      const state = await this.walletOf(name);
      for (const { id, coin } of state?.coins ?? []) {
        assert.ok(!spent.has(id), 'no coin of a purse is spent');
        see(id, coin.payload.denomination);
      }
      for (const operation of state?.operations ?? []) {
        if (operation.kind !== 'send' || operation.state !== 'sent') continue;
        for (const { payload } of operation.coins) {
          if (!spent.has(coinId(payload))) see(coinId(payload), payload.denomination);
        }
      }
    }
    const total = [...seen.values()].reduce((left, right) => left + right, 0);
    const out = this.issuers.reduce((left, issuer) => left + issuer.float, 0);
    assert.equal(total, out, 'all the money that is out can be found');
  }
}

/** What a member can spend of the first currency they know. */
export function available(member: OpenMember, currency?: string): number {
  return member
    .purses()
    .filter((purse) => currency === undefined || purse.currency.id === currency)
    .reduce((total, purse) => total + purse.available, 0);
}
