/**
 * Trade under fire: many wallets buy, send, receive, take back and redeem at once while the issuer is killed with
 * SIGKILL at random and started again. In the end every unit is accounted for, in the wallets and in the books.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { amount } from '../../src/base/amount.ts';
import { LIMITS } from '../../src/base/limits.ts';
import { Refusal } from '../../src/base/refusal.ts';
import type { RefusalName } from '../../src/base/refusal.ts';
import type { Counters } from '../../src/mint/ports.ts';
import type { CoinStack } from '../../src/protocol/documents.ts';
import { openSqliteMintStore } from '../../src/stores/mint-sqlite.ts';
import { openMemoryWalletStore } from '../../src/stores/wallet-memory.ts';
import { get, post } from '../../src/transports/http-client.ts';
import { openWallet } from '../../src/wallet/wallet.ts';
import type { Wallet } from '../../src/wallet/wallet.ts';
import { Dice } from '../fuzz/dice.ts';
import { startIssuer } from '../support/processes.ts';
import type { IssuerProcess } from '../support/processes.ts';

export interface TortureOptions {
  readonly seed: number;
  readonly wallets: number;
  /** Operations that each wallet begins. */
  readonly operations: number;
  /** Milliseconds between two kills: the least, and what chance adds at the most. */
  readonly killAfter: number;
  readonly killWithin: number;
}

/** What it came to. */
export interface TortureReport {
  readonly kills: number;
  /** Operations begun, by kind. */
  readonly begun: ReadonlyMap<string, number>;
  /** Refusals met on the way, by name. */
  readonly refused: ReadonlyMap<string, number>;
  readonly counters: Counters;
  readonly inWallets: number;
  readonly inStacks: number;
  readonly bought: number;
  readonly redeemed: number;
  /** What is wrong; empty when every unit is accounted for. */
  readonly faults: readonly string[];
}

/** Refusals that trade under fire may meet. Any other is a fault. */
const EXPECTED: ReadonlySet<RefusalName> = new Set([
  'unreachable',
  'busy',
  'unpaid',
  'not enough',
  'already spent',
]);

/** Runs it in a temporary folder. */
export async function torture(options: TortureOptions): Promise<TortureReport> {
  const folder = mkdtempSync(join(tmpdir(), 'specie-torture-'));
  try {
    const first = await startIssuer({ folder });
    const killer = new Killer(first, options);
    const trade = await Trade.open(options, first.url, () => killer.up);
    const killing = killer.run();
    await trade.run();
    killer.enough();
    const issuer = await killing;
    await trade.settle();
    await issuer.stop();
    return await account(join(folder, 'mint.sqlite'), trade, killer.kills);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Kills the issuer at random moments and starts it again on the same books. */
class Killer {
  kills = 0;
  readonly #options: TortureOptions;
  readonly #dice: Dice;
  readonly #over = new AbortController();
  #issuer: IssuerProcess;
  /** Resolves when the issuer serves: at once as long as it was not killed. */
  up: Promise<unknown> = Promise.resolve();

  constructor(issuer: IssuerProcess, options: TortureOptions) {
    this.#issuer = issuer;
    this.#options = options;
    this.#dice = new Dice(options.seed);
  }

  async run(): Promise<IssuerProcess> {
    const { killAfter, killWithin } = this.#options;
    for (;;) {
      await this.#wait(killAfter + this.#dice.below(killWithin));
      if (this.#over.signal.aborted) return this.#issuer;
      const { folder, port } = this.#issuer;
      const killed = this.#issuer.kill('SIGKILL');
      this.kills++;
      const restarted = killed.then(() => startIssuer({ folder, port }));
      this.up = restarted;
      this.#issuer = await restarted;
    }
  }

  enough(): void {
    this.#over.abort();
  }

  async #wait(milliseconds: number): Promise<void> {
    await pause(milliseconds, undefined, { signal: this.#over.signal }).catch((error: unknown) => {
      if (!this.#over.signal.aborted) throw error;
    });
  }
}

/** The wallets and what travels between them. */
class Trade {
  readonly begun = new Map<string, number>();
  readonly refused = new Map<string, number>();
  readonly unexpected: string[] = [];
  readonly #wallets: readonly Wallet[];
  readonly #currency: string;
  readonly #operations: number;
  readonly #dice: Dice;
  readonly #whenUp: () => Promise<unknown>;
  /** Stacks that were handed over and not yet received. */
  readonly #underway: CoinStack[] = [];

  static async open(options: TortureOptions, url: string, whenUp: () => Promise<unknown>): Promise<Trade> {
    const opened = await Promise.all(Array.from({ length: options.wallets }, openMemoryWallet));
    const known = await Promise.all(opened.map((wallet) => wallet.add(url)));
    const [info] = known;
    if (info === undefined || info instanceof Refusal) throw new Error('the currency cannot be known');
    return new Trade(opened, info.id, options, whenUp);
  }

  private constructor(
    wallets: readonly Wallet[],
    currency: string,
    { operations, seed }: TortureOptions,
    whenUp: () => Promise<unknown>,
  ) {
    this.#wallets = wallets;
    this.#currency = currency;
    this.#operations = operations;
    this.#dice = new Dice(seed + 1);
    this.#whenUp = whenUp;
  }

  get wallets(): readonly Wallet[] {
    return this.#wallets;
  }

  /** All wallets trade at once. */
  async run(): Promise<void> {
    await Promise.all(this.#wallets.map((wallet) => this.#tradeOf(wallet)));
  }

  /** The issuer stays up now: every operation is taken up until none is pending. */
  async settle(): Promise<void> {
    for (const wallet of this.#wallets) {
      // Also what the history does not show, as tidying, is taken up.
      const resumed = await wallet.resumeAll();
      const stuck = resumed.filter((each) => each.entry.state === 'pending');
      for (const { entry } of stuck)
        this.unexpected.push(`${entry.kind} is pending although the issuer is up`);
    }
    for (const wallet of this.#wallets) await wallet.checkSent();
  }

  async #tradeOf(wallet: Wallet): Promise<void> {
    await this.#begin('buy', wallet.buy(this.#currency, amount(100), { payTest: true }));
    for (let count = 1; count < this.#operations; count++) {
      await this.#whenUp();
      if (this.#dice.below(2) === 0) await wallet.resumeAll();
      await this.#one(wallet);
    }
  }

  async #one(wallet: Wallet): Promise<void> {
    const value = amount(1 + this.#dice.below(60));
    const chance = this.#dice.below(10);
    if (chance < 3) return this.#begin('buy', wallet.buy(this.#currency, value, { payTest: true }));
    if (chance < 6) return this.#send(wallet, value);
    if (chance < 8) return this.#receive(wallet);
    if (chance < 9) return this.#begin('redeem', wallet.redeem(this.#currency, value));
    const sent = wallet.history().findLast((entry) => entry.kind === 'send' && entry.state === 'sent');
    if (sent !== undefined) await this.#begin('takeback', wallet.takeback(sent.number));
  }

  async #send(wallet: Wallet, value: ReturnType<typeof amount>): Promise<void> {
    await this.#begin(
      'send',
      wallet.send(this.#currency, value, '').then((sent) => {
        if (!(sent instanceof Refusal)) this.#underway.push(sent.stack);
        return sent;
      }),
    );
  }

  /** Receives a stack; now and then one that somebody else receives as well, of whom only one can have it. */
  async #receive(wallet: Wallet): Promise<void> {
    const [stack] = this.#underway;
    if (stack === undefined) return;
    if (this.#dice.below(5) > 0) this.#underway.shift();
    await this.#begin('receive', wallet.receive(stack));
  }

  async #begin(kind: string, operation: Promise<unknown>): Promise<void> {
    this.begun.set(kind, (this.begun.get(kind) ?? 0) + 1);
    const outcome = await operation;
    if (outcome instanceof Refusal) this.#note(outcome);
  }

  #note(refusal: Refusal): void {
    this.refused.set(refusal.name, (this.refused.get(refusal.name) ?? 0) + 1);
    if (!EXPECTED.has(refusal.name)) this.unexpected.push(`${refusal.name}: ${refusal.details}`);
  }
}

function openMemoryWallet(): Promise<Wallet> {
  return openWallet({
    store: openMemoryWalletStore(),
    messenger: {
      exchange: (url, message) => post(url, message, LIMITS.messageBytes),
      describe: (url) => get(url, LIMITS.messageBytes),
    },
    clock: Date.now,
    randomness: (length) => new Uint8Array(randomBytes(length)),
  });
}

/** Compares what the wallets hold with what the books say. Opening the books asserts that they conserve. */
async function account(books: string, trade: Trade, kills: number): Promise<TortureReport> {
  const store = openSqliteMintStore(books);
  if (store instanceof Refusal) throw new Error(store.details);
  await store.load();
  const counters = await store.counters();
  await store.close();
  const entries = trade.wallets.flatMap((wallet) => wallet.history());
  const total = (kind: string, state: string) =>
    entries
      .filter((entry) => entry.kind === kind && entry.state === state)
      .reduce((sum, entry) => sum + entry.amount, 0);
  const balances = trade.wallets.flatMap((wallet) => wallet.balance());
  const inWallets = balances.reduce((sum, each) => sum + each.available + each.reserved, 0);
  const inStacks = total('send', 'sent');
  const bought = total('buy', 'done');
  const redeemed = total('redeem', 'done');
  const faults = [
    ...trade.unexpected,
    ...(counters.treasury + counters.float === counters.authorised
      ? []
      : ['treasury + float is not what was authorised']),
    ...(bought - redeemed === counters.float
      ? []
      : ['the float is not what was bought less what was redeemed']),
    ...(inWallets + inStacks === counters.float
      ? []
      : ['the wallets and the stacks underway do not hold the float']),
    ...(balances.every((each) => each.reserved === 0) ? [] : ['a coin is still reserved']),
  ];
  const { begun, refused } = trade;
  return { kills, begun, refused, counters, inWallets, inStacks, bought, redeemed, faults };
}
