import type { Amount } from '../base/amount.ts';
import { DAY, writeDate, readDate } from '../base/dates.ts';
import { canonicalBytes } from '../base/canonical.ts';
import { LIMITS } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import type { Funding } from '../protocol/messages/fund.ts';
import type {
  Order,
  RequestOrder,
  RequestOrderStatus,
  RequestTestPayment,
  ResponseOrder,
} from '../protocol/messages/order.ts';
import type { AskTreasury, BankStore, CashierKey, CashierSign, TellMint } from './ports.ts';
import type { Rail } from './rail.ts';
import { testRail } from './rail-test.ts';

const RAILS: readonly Rail[] = [testRail];

/** How long a funding may be used after its order could be paid. */
const FUNDING_LIVES = 365 * DAY;

export type BankRequest = RequestOrder | RequestOrderStatus | RequestTestPayment;

/** What a bank is made of. `currency` is the issuer's id. */
export interface BankParts {
  readonly store: BankStore;
  readonly clock: Clock;
  readonly currency: string;
  readonly sign: CashierSign;
  readonly tellMint: TellMint;
  readonly askTreasury: AskTreasury;
  /** The most that the mint lets this cashier fund at once: no order above it is taken. */
  readonly orderMost: Amount;
}

export interface Bank {
  answer(request: BankRequest): Promise<ResponseOrder | Refusal>;
  /** Tells the mint of every order that was paid and that it may not have heard of; says what it refused. */
  settle(): Promise<readonly Refusal[]>;
}

/** A bank's parts and its cashier's key. */
interface OpenBank extends BankParts {
  readonly cashier: CashierKey;
}

/** Opens a bank whose cashier's key is in its store. */
export async function openBank(parts: BankParts): Promise<Bank> {
  const cashier = await parts.store.load();
  if (cashier === undefined) throw new Error('this bank has no cashier yet');
  const bank: OpenBank = { ...parts, cashier };
  return { answer: (request) => answer(bank, request), settle: () => settle(bank) };
}

async function answer(bank: OpenBank, request: BankRequest): Promise<ResponseOrder | Refusal> {
  const order = await carryOut(bank, request);
  return order instanceof Refusal
    ? order
    : { ...ok(request.message_reference), order, type: 'response order' };
}

function carryOut(bank: OpenBank, request: BankRequest): Promise<Order | Refusal> {
  switch (request.type) {
    case 'request order':
      return place(bank, request);
    case 'request order status':
      return status(bank, request.transaction_reference);
    case 'request test payment':
      return payTest(bank, request);
  }
}

async function place(bank: OpenBank, request: RequestOrder): Promise<Order | Refusal> {
  if (request.currency !== bank.currency) return refuse('unknown', 'currency: not sold here');
  const rail = RAILS.find((each) => each.name === request.rail);
  if (rail === undefined) {
    return refuse('unknown', `rail: must be one of ${RAILS.map((each) => each.name).join(', ')}`);
  }
  if (request.amount > bank.orderMost) {
    return refuse('unauthorised', `amount: at most ${bank.orderMost} in one order`);
  }
  const known = await bank.store.find(request.transaction_reference);
  if (known === undefined && request.amount > (await bank.askTreasury())) {
    return refuse('treasury exhausted', 'amount: more than the mint may issue now');
  }
  const now = bank.clock();
  const outcome = await bank.store.place(draw(request, rail, now), now, LIMITS.unpaidOrders);
  switch (outcome.kind) {
    case 'placed':
    case 'repeated':
      return outcome.order;
    case 'reference reused':
      return refuse('reference reused', 'transaction_reference: kept for another order');
    case 'too many unpaid':
      return refuse('busy', 'too many orders wait for their payment');
  }
}

function draw(request: RequestOrder, rail: Rail, now: number): Order {
  return {
    amount: request.amount,
    currency: request.currency,
    expires: writeDate(now + rail.orderLives),
    instructions: rail.instructions(request),
    rail: rail.name,
    state: 'unpaid',
    transaction_reference: request.transaction_reference,
    type: 'order',
  };
}

async function find(bank: OpenBank, reference: string): Promise<Order | Refusal> {
  return (await bank.store.find(reference)) ?? refuse('unknown', 'transaction_reference: no such order');
}

/** How an order stands. One that was paid while the mint would not take its funding is tried again. */
async function status(bank: OpenBank, reference: string): Promise<Order | Refusal> {
  const order = await find(bank, reference);
  if (order instanceof Refusal || order.state !== 'paid') return order;
  const funded = await fund(bank, order);
  return funded instanceof Refusal ? order : funded;
}

async function payTest(bank: OpenBank, request: RequestTestPayment): Promise<Order | Refusal> {
  const order = await find(bank, request.transaction_reference);
  if (order instanceof Refusal) return order;
  const rail = RAILS.find((each) => each.name === order.rail);
  if (rail?.paysItself !== true)
    return refuse('unauthorised', `transaction_reference: the rail ${order.rail} takes money`);
  if (order.state === 'unpaid' && (readDate(order.expires) ?? 0) < bank.clock()) {
    return refuse('expired', 'transaction_reference: this order was not paid in time');
  }
  if (order.state === 'unpaid' && order.amount > (await bank.askTreasury())) {
    return refuse('busy', 'transaction_reference: the mint may not issue that much now');
  }
  await bank.store.advance(order.transaction_reference, 'paid');
  // What was paid is paid, even when the mint does not take the cashier's word yet.
  return status(bank, order.transaction_reference);
}

/** Tells the mint of a paid order, then notes that it knows. A crash in between tells it twice, which counts once. */
async function fund(bank: OpenBank, order: Order): Promise<Order | Refusal> {
  const funding: Funding = {
    amount: order.amount,
    cashier: bank.cashier.publicKey,
    currency: order.currency,
    // From the order's own date, so that telling the mint again says the very same.
    expires: writeDate((readDate(order.expires) ?? 0) + FUNDING_LIVES),
    transaction_reference: order.transaction_reference,
    type: 'funding',
  };
  const signature = await bank.sign(bank.cashier.secret, canonicalBytes(funding));
  const refused = await bank.tellMint({ funding, message_reference: 0, signature, type: 'request fund' });
  if (refused !== undefined) return refused;
  return (await bank.store.advance(order.transaction_reference, 'funded')) ?? order;
}

async function settle(bank: OpenBank): Promise<readonly Refusal[]> {
  const told: (Order | Refusal)[] = [];
  for (const order of await bank.store.unfunded()) told.push(await fund(bank, order));
  return told.filter((each) => each instanceof Refusal);
}
