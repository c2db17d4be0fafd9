/** The wallets, their accounts at the bank, and what travels between them. */
import { setTimeout as pause } from 'node:timers/promises';
import { amount } from '../../src/base/amount.ts';
import type { Amount } from '../../src/base/amount.ts';
import { Refusal } from '../../src/base/refusal.ts';
import type { RefusalName } from '../../src/base/refusal.ts';
import type { CoinStack } from '../../src/protocol/documents.ts';
import type { Entry, Wallet } from '../../src/wallet/wallet.ts';
import { Dice } from '../fuzz/dice.ts';
import { openTrader } from '../support/trader.ts';
import type { Trader } from '../support/trader.ts';
import type { Killer } from './killer.ts';

/** Refusals that trade under fire may meet. Any other is a fault. */
const EXPECTED: ReadonlySet<RefusalName> = new Set([
  'unreachable',
  'busy',
  'unpaid',
  'not enough',
  'already spent',
]);

/** Of a wallet that has asked for much and been answered little; it takes up what it has asked first. */
const WAITING = 'wait for an answer; take them up first';

/** What is done, and how often out of all of these together. */
const KINDS = [
  ...['buy', 'buy', 'buy', 'buy from the account', 'buy from the account', 'buy from the account'],
  ...['send', 'send', 'send', 'send', 'receive', 'receive', 'receive'],
  ...['redeem', 'redeem to the account', 'redeem to another', 'redeem to the account'],
  ...['take back', 'pay out'],
];
const AT_MOST = 60;
/** Out of an account, which has only what was redeemed to it. */
const A_LITTLE = 20;
/** Bought at once, times what is spent at once: not all that is bought comes to be minted soon. */
const BOUGHT_TIMES = 2;
const FIRST = amount(100);
/** Milliseconds within which a wallet that got no answer asks again. */
const WAIT_WITHIN = 600;
/** Rounds in which everything that is pending has to be settled once nobody is killed any more. */
const ROUNDS = 10;

export interface TradeOptions {
  readonly seed: number;
  readonly wallets: number;
  /** Milliseconds within which a wallet begins the next operation. */
  readonly restWithin: number;
}

export class Trade {
  readonly begun = new Map<string, number>();
  readonly refused = new Map<string, number>();
  readonly faults: string[] = [];
  readonly traders: readonly Trader[];
  readonly #currency: string;
  readonly #dice: Dice;
  readonly #restWithin: number;
  readonly #killer: Killer;
  /** Stacks that were handed over and not yet received. */
  readonly #underway: CoinStack[] = [];

  /** Opens the wallets and their accounts while nobody is killed yet. */
  static async open(url: string, options: TradeOptions, killer: Killer): Promise<Trade> {
    const opened = await Promise.all(Array.from({ length: options.wallets }, () => openTrader(url)));
    const currency = opened[0]?.wallet.currencies()[0]?.id;
    if (currency === undefined) throw new Error('nobody trades');
    return new Trade(opened, currency, options, killer);
  }

  private constructor(
    traders: readonly Trader[],
    currency: string,
    { seed, restWithin }: TradeOptions,
    killer: Killer,
  ) {
    this.traders = traders;
    this.#currency = currency;
    this.#dice = new Dice(seed + 1);
    this.#restWithin = restWithin;
    this.#killer = killer;
  }

  /** All trade at once, until the killing is over. */
  async run(): Promise<void> {
    await Promise.all(this.traders.map((trader) => this.#tradeOf(trader)));
  }

  /** Nobody is killed any more: every operation is taken up until none is pending. */
  async settle(): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) if ((await this.#pending()).length === 0) break;
    for (const { kind, reason } of await this.#pending())
      this.faults.push(`${kind} is pending although nobody is killed: ${reason}`);
    for (const { wallet } of this.traders) {
      await wallet.checkSent();
      const redeemed = wallet.history().filter((entry) => entry.receipt !== null);
      // The bank pulls up to it.
      const last = redeemed.toSorted(bySequence).at(-1);
      if (last === undefined) continue;
      const credited = await wallet.showReceipt(last.number);
      if (credited !== true) this.faults.push('the bank has not credited a receipt that it was shown');
    }
  }

  /** Takes up what is pending, what the history does not show, such as tidying, too; says what stays so. */
  async #pending(): Promise<readonly Entry[]> {
    const resumed = await Promise.all(this.traders.map(({ wallet }) => wallet.resumeAll()));
    return resumed.flat().flatMap(({ entry }) => (entry.state === 'pending' ? [entry] : []));
  }

  async #tradeOf(trader: Trader): Promise<void> {
    await this.#begin('buy', trader.wallet.buy(this.#currency, FIRST, { payTest: true }));
    while (!this.#killer.isOver) {
      if (this.#dice.below(3) === 0) await trader.wallet.resumeAll();
      await this.#one(trader);
      await pause(this.#dice.below(this.#restWithin));
    }
  }

  async #one(trader: Trader): Promise<void> {
    const value = amount(1 + this.#dice.below(AT_MOST));
    const aLittle = amount(1 + this.#dice.below(A_LITTLE));
    const kind = this.#dice.pick(KINDS);
    const { wallet, account } = trader;
    switch (kind) {
      case 'buy':
        return this.#begin(kind, wallet.buy(this.#currency, amount(BOUGHT_TIMES * value), { payTest: true }));
      case 'buy from the account':
        return this.#begin(kind, wallet.buy(this.#currency, aLittle, { rail: 'account' }));
      case 'send':
        return this.#begin(kind, this.#send(wallet, value));
      case 'receive':
        return this.#receive(wallet);
      case 'redeem':
        return this.#redeem(kind, wallet, value, '');
      case 'redeem to the account':
        return this.#redeem(kind, wallet, value, account);
      case 'redeem to another':
        return this.#redeem(kind, wallet, value, this.#dice.pick(this.traders).account);
      case 'pay out':
        return this.#begin(kind, wallet.payOut(this.#currency, aLittle, 'the counter'));
      default:
        return this.#takeBack(wallet);
    }
  }

  async #send(wallet: Wallet, value: Amount): Promise<unknown> {
    const sent = await wallet.send(this.#currency, value, '');
    if (!(sent instanceof Refusal)) this.#underway.push(sent.stack);
    return sent;
  }

  /** Receives a stack; now and then one that somebody else receives as well, of whom only one can have it. */
  async #receive(wallet: Wallet): Promise<void> {
    const [stack] = this.#underway;
    if (stack === undefined) return;
    if (this.#dice.below(5) > 0) this.#underway.shift();
    await this.#begin('receive', wallet.receive(stack));
  }

  async #takeBack(wallet: Wallet): Promise<void> {
    const sent = wallet.history().findLast((entry) => entry.kind === 'send' && entry.state === 'sent');
    if (sent !== undefined) await this.#begin('take back', wallet.takeback(sent.number));
  }

  /** Redeems, and shows the bank the receipt at once, so that it pulls while others redeem. */
  async #redeem(kind: string, wallet: Wallet, value: Amount, payee: string): Promise<void> {
    await this.#begin(kind, this.#killer.during('receipt', this.#redeemAndShow(wallet, value, payee)));
  }

  async #redeemAndShow(wallet: Wallet, value: Amount, payee: string): Promise<unknown> {
    const entry = await wallet.redeem(this.#currency, value, { payee });
    if (entry instanceof Refusal || entry.receipt === null) return entry;
    const credited = await wallet.showReceipt(entry.number);
    if (credited === false) this.faults.push('the bank has pulled receipts, and not the one it was shown');
    return credited;
  }

  async #begin(kind: string, operation: Promise<unknown>): Promise<void> {
    this.begun.set(kind, (this.begun.get(kind) ?? 0) + 1);
    const outcome = await operation;
    if (outcome instanceof Refusal) await this.#note(kind, outcome);
    else this.#killer.progress();
  }

  async #note(kind: string, refusal: Refusal): Promise<void> {
    this.refused.set(refusal.name, (this.refused.get(refusal.name) ?? 0) + 1);
    const isExpected = EXPECTED.has(refusal.name) || refusal.details.includes(WAITING);
    if (!isExpected) this.faults.push(`${kind}: ${refusal.name}: ${refusal.details}`);
    if (refusal.temporary) await pause(this.#dice.below(WAIT_WITHIN));
  }
}

/** What was taken up again later has a later receipt than its place in the history says. */
function bySequence(left: Entry, right: Entry): number {
  return (left.receipt?.receipt.sequence ?? 0) - (right.receipt?.receipt.sequence ?? 0);
}
