/** Trade in one currency: the wallets, their accounts at the bank, and what travels between them. */
import { setTimeout as pause } from 'node:timers/promises';
import { amount } from '../../src/base/amount.ts';
import type { Amount } from '../../src/base/amount.ts';
import { Refusal } from '../../src/base/refusal.ts';
import type { RefusalName } from '../../src/base/refusal.ts';
import { refusalIn } from '../../src/protocol/answers.ts';
import { decodeResponse } from '../../src/protocol/codec.ts';
import type { CoinStack } from '../../src/protocol/documents.ts';
import type { Operation } from '../../src/wallet/state.ts';
import type { Entry, Wallet } from '../../src/wallet/wallet.ts';
import { Dice } from '../fuzz/dice.ts';
import { openTrader } from '../support/trader.ts';
import type { Tap, Trader } from '../support/trader.ts';
import type { DemoCurrency } from './currencies.ts';
import type { Killer } from './killer.ts';
import { OfflineTrade, openCheater, pendingOf } from './offline.ts';

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
/** Beside that where coins can be accepted offline. */
const OFFLINE_KINDS = ['pay a payee', 'pay a payee', 'pay a payee', 'cheat', 'cheat'];
/** Of the most that is paid at once: out of an account, which has only what was redeemed to it. */
const A_LITTLE = 1 / 3;
/** Bought at once, times what is spent at once: not all that is bought comes to be minted soon. */
const BOUGHT_TIMES = 2;
/** Of the most that is paid at once: bought first. */
const FIRST = 5 / 3;
/** Milliseconds within which a wallet that got no answer asks again. */
const WAIT_WITHIN = 600;
/**
 * Milliseconds within which everything that is pending has to be settled once nobody is killed any more. A withdrawal that
 * nobody goes on with is in the way of others for ten seconds, and whoever let several lapse waits longer than that.
 */
const SETTLED_WITHIN = 150_000;
/** Milliseconds between two rounds of asking. */
const ROUND_PACE = 500;
/** No answer is longer that only says no. */
const SHORT_ANSWER = 4_000;

export interface TradeOptions {
  readonly seed: number;
  /** Wallets that trade in each currency. */
  readonly wallets: number;
  /** Milliseconds within which a wallet begins the next operation. */
  readonly restWithin: number;
}

export class Trade {
  readonly begun = new Map<string, number>();
  /** Refusals that operations came to, by name. */
  readonly refused = new Map<string, number>();
  /** Those that the issuer answered to single messages, whatever became of the operation. */
  readonly answered = new Map<string, number>();
  readonly faults: string[] = [];
  readonly offline: OfflineTrade;
  readonly currency: DemoCurrency;
  #traders: readonly Trader[] = [];
  #cheaters: readonly Trader[] = [];
  /** How many of them have cheated: each does so once. */
  #cheated = 0;
  readonly #kinds: readonly string[];
  readonly #dice: Dice;
  readonly #restWithin: number;
  readonly #killer: Killer;
  /** Stacks that were handed over and not yet received. */
  readonly #underway: CoinStack[] = [];

  constructor(currency: DemoCurrency, { seed, restWithin }: TradeOptions, killer: Killer) {
    const { promises } = currency.suite;
    this.currency = currency;
    this.#kinds = promises.safeOffline ? [...KINDS, ...OFFLINE_KINDS] : KINDS;
    this.#dice = new Dice(seed);
    this.#restWithin = restWithin;
    this.#killer = killer;
    this.offline = new OfflineTrade(new Dice(seed + 1));
  }

  /** All wallets, those that cheat among them. */
  get everybody(): readonly Trader[] {
    return [...this.#traders, ...this.#cheaters];
  }

  /** What a wallet buys first. */
  get #first(): Amount {
    return amount(Math.round(FIRST * this.currency.atMost));
  }

  /** The id of the currency. */
  get id(): string {
    return this.#traders[0]?.currency ?? '';
  }

  /** Opens the wallets and their accounts while nobody is killed yet; beside them those of `cheaters`, where one can cheat. */
  async open(wallets: number, cheaters: number): Promise<void> {
    const { url, suite } = this.currency;
    this.#traders = await Promise.all(
      Array.from({ length: wallets }, () => openTrader(url, undefined, this.#tap)),
    );
    const opened: Trader[] = [];
    while (suite.promises.safeOffline && opened.length < cheaters)
      opened.push(await openCheater(url, this.#first));
    this.#cheaters = opened;
  }

  /** All trade at once, until the killing is over. */
  async run(): Promise<void> {
    await Promise.all(this.#traders.map((trader) => this.#tradeOf(trader)));
  }

  /** Nobody is killed any more: every operation is taken up until none is pending. */
  async settle(): Promise<void> {
    if (this.#cheated === 0) await this.#cheat();
    const end = performance.now() + SETTLED_WITHIN;
    let pending = await this.#pending();
    while (pending.length > 0 && performance.now() < end) {
      await pause(ROUND_PACE);
      pending = await this.#pending();
    }
    for (const { kind, reason } of pending)
      this.faults.push(`${kind} is pending although nobody is killed: ${reason?.details ?? ''}`);
    for (const { wallet } of this.everybody) {
      await insist(() => wallet.checkSent(), end);
      const redeemed = wallet.history().filter((entry) => entry.receipt !== null);
      // The bank pulls up to it.
      const last = redeemed.toSorted(bySequence).at(-1);
      if (last === undefined) continue;
      const credited = await insist(() => wallet.showReceipt(last.number), end);
      if (credited !== true) this.faults.push('the bank has not credited a receipt that it was shown');
    }
    const [anybody] = this.#traders;
    if (anybody === undefined) return;
    const { url, suite } = this.currency;
    this.faults.push(...(await this.offline.settledFaults(url, suite, anybody)));
  }

  /** Counts what the issuer says no to, and aims kills at second rounds. */
  #tap: Tap = async (message, answer) => {
    const isSecond = this.currency.suite.promises.rounds === 2 && asksForCoins(message);
    const bytes = await (isSecond ? this.#killer.during('second round', answer) : answer);
    if (bytes instanceof Refusal || bytes.length > SHORT_ANSWER) return bytes;
    const response = decodeResponse(bytes);
    const refusal = response instanceof Refusal ? response : refusalIn(response);
    if (refusal !== undefined) count(this.answered, refusal.name);
    return bytes;
  };

  /** The next of those that are there to do so cheats, unless all have. */
  async #cheat(): Promise<void> {
    const cheater = this.#cheaters[this.#cheated];
    if (cheater === undefined) return;
    this.#cheated++;
    const value = amount(1 + this.#dice.below(this.currency.atMost));
    await this.#begin('cheat', this.offline.cheat(cheater, value, this.#others(cheater)));
  }

  /** Takes up what is pending; says what stays so, and what was begun meanwhile, such as tidying. */
  async #pending(): Promise<readonly Operation[]> {
    await Promise.all(this.everybody.map(({ wallet }) => wallet.resumeAll()));
    return pendingOf(this.everybody);
  }

  async #tradeOf(trader: Trader): Promise<void> {
    await this.#begin('buy', trader.wallet.buy(this.id, this.#first, { payTest: true }));
    while (!this.#killer.isOver) {
      if (this.#dice.below(3) === 0) await trader.wallet.resumeAll();
      await this.#one(trader);
      await pause(this.#dice.below(this.#restWithin));
    }
  }

  async #one(trader: Trader): Promise<void> {
    const { atMost } = this.currency;
    const value = amount(1 + this.#dice.below(atMost));
    const aLittle = amount(1 + this.#dice.below(Math.round(A_LITTLE * atMost)));
    const kind = this.#dice.pick(this.#kinds);
    const { wallet, account } = trader;
    switch (kind) {
      case 'buy':
        return this.#begin(kind, wallet.buy(this.id, amount(BOUGHT_TIMES * value), { payTest: true }));
      case 'buy from the account':
        return this.#begin(kind, wallet.buy(this.id, aLittle, { rail: 'account' }));
      case 'send':
        return this.#begin(kind, this.#send(wallet, value));
      case 'receive':
        return this.#receive(wallet);
      case 'redeem':
        return this.#redeem(kind, wallet, value, '');
      case 'redeem to the account':
        return this.#redeem(kind, wallet, value, account);
      case 'redeem to another':
        return this.#redeem(kind, wallet, value, this.#dice.pick(this.#traders).account);
      case 'pay out':
        return this.#begin(kind, wallet.payOut(this.id, aLittle, 'the counter'));
      case 'pay a payee':
        return this.#begin(kind, this.offline.pay(trader, this.#others(trader)[0], value));
      case 'cheat':
        return this.#cheat();
      default:
        return this.#takeBack(trader);
    }
  }

  /** Two others that trade. */
  #others(trader: Trader): readonly [Trader, Trader] {
    const others = this.#traders.filter((each) => each !== trader);
    const one = this.#dice.pick(others);
    return [one, this.#dice.pick(others.filter((each) => each !== one))];
  }

  async #send(wallet: Wallet, value: Amount): Promise<unknown> {
    const sent = await wallet.send(this.id, value, '');
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

  async #takeBack(trader: Trader): Promise<void> {
    const { wallet } = trader;
    const sent = wallet.history().findLast((entry) => entry.kind === 'send' && entry.state === 'sent');
    if (sent === undefined) return;
    if (!this.offline.isBound(trader, sent.number))
      return this.#begin('take back', wallet.takeback(sent.number));
    const refused = await wallet.takeback(sent.number);
    if (!(refused instanceof Refusal)) this.faults.push('what a payee has alone was taken back');
  }

  /** Redeems, and shows the bank the receipt at once, so that it pulls while others redeem. */
  async #redeem(kind: string, wallet: Wallet, value: Amount, payee: string): Promise<void> {
    await this.#begin(kind, this.#killer.during('receipt', this.#redeemAndShow(wallet, value, payee)));
  }

  async #redeemAndShow(wallet: Wallet, value: Amount, payee: string): Promise<unknown> {
    const entry = await wallet.redeem(this.id, value, { payee });
    if (entry instanceof Refusal || entry.receipt === null) return entry;
    const credited = await wallet.showReceipt(entry.number);
    if (credited === false) this.faults.push('the bank has pulled receipts, and not the one it was shown');
    return credited;
  }

  async #begin(kind: string, operation: Promise<unknown>): Promise<void> {
    count(this.begun, kind);
    const outcome = await operation;
    if (outcome instanceof Refusal) await this.#note(kind, outcome);
    else this.#killer.progress();
  }

  async #note(kind: string, refusal: Refusal): Promise<void> {
    count(this.refused, refusal.name);
    const isExpected = EXPECTED.has(refusal.name) || refusal.details.includes(WAITING);
    if (!isExpected) this.faults.push(`${kind}: ${refusal.name}: ${refusal.details}`);
    if (refusal.temporary) await pause(this.#dice.below(WAIT_WITHIN));
  }
}

/** Asks until the answer is no 'later', or the time is over. */
async function insist<Value>(ask: () => Promise<Value | Refusal>, end: number): Promise<Value | Refusal> {
  for (;;) {
    const answer = await ask();
    if (!(answer instanceof Refusal) || !answer.temporary || performance.now() > end) return answer;
    await pause(ROUND_PACE);
  }
}

/** What was taken up again later has a later receipt than its place in the history says. */
function bySequence(left: Entry, right: Entry): number {
  return (left.receipt?.receipt.sequence ?? 0) - (right.receipt?.receipt.sequence ?? 0);
}

function asksForCoins(message: Uint8Array): boolean {
  const text = Buffer.from(message).toString('latin1');
  return text.includes('"request mint"') || text.includes('"request renew"');
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
