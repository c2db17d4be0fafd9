import { Refusal, refuse } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import type { Request, TellerRequest, TellerResponse } from '../protocol/catalogue.ts';
import type { RequestAccount, RequestOpenAccount, ResponseAccount } from '../protocol/messages/account.ts';
import type {
  Order,
  RequestOrder,
  RequestOrderStatus,
  RequestTestPayment,
  ResponseOrder,
} from '../protocol/messages/order.ts';
import type { RequestPayment, RequestVoucher, ResponseVoucher } from '../protocol/messages/payment.ts';
import type { RequestPayout, ResponsePayout } from '../protocol/messages/payout.ts';
import type { RequestRegistration, ResponseRegistration } from '../protocol/messages/registration.ts';
import type { RequestRails, ResponseRails } from '../protocol/messages/rails.ts';
import type { RequestShowReceipt, ResponseShowReceipt } from '../protocol/messages/show-receipt.ts';
import { askAccount, openAccount, payOut } from './accounts.ts';
import { assertSound } from './audit.ts';
import { fundAll } from './funding.ts';
import { orderStatus, placeOrder } from './orders.ts';
import type { BankParts, OpenBank } from './parts.ts';
import { askVoucher, payTest, payWithProof } from './payments.ts';
import { COINS } from './postings.ts';
import { collect, showReceipt } from './receipts.ts';
import { register } from './registration.ts';
import { answerTeller } from './teller.ts';

export type { BankParts } from './parts.ts';

/** What customers ask of a bank. */
export type BankRequest =
  | RequestRails
  | RequestOrder
  | RequestOrderStatus
  | RequestTestPayment
  | RequestPayment
  | RequestVoucher
  | RequestOpenAccount
  | RequestAccount
  | RequestPayout
  | RequestShowReceipt
  | RequestRegistration;

export type BankResponse =
  | ResponseRails
  | ResponseOrder
  | ResponseVoucher
  | ResponseAccount
  | ResponsePayout
  | ResponseShowReceipt
  | ResponseRegistration;

/** The types of `BankRequest`, for whoever hands messages on. */
export const BANK_REQUESTS: ReadonlySet<Request['type']> = new Set<BankRequest['type']>([
  'request rails',
  'request order',
  'request order status',
  'request test payment',
  'request payment',
  'request voucher',
  'request open account',
  'request account',
  'request payout',
  'request show receipt',
  'request registration',
]);

export interface Bank {
  /** Answers a customer. Whatever is not for customers is unknown here. */
  answer(request: Request | TellerRequest): Promise<BankResponse | Refusal>;
  /** Answers a teller: only for requests that came over the bank's own socket. */
  answerTeller(request: TellerRequest): Promise<TellerResponse | Refusal>;
  /** Tells the mint of every order that it may not have heard of, and collects receipts; says what was refused. */
  settle(): Promise<readonly Refusal[]>;
  /** Credits what came back to the mint since; a refusal says why it stopped. */
  collect(): Promise<Refusal | undefined>;
  /** Every account of the ledger. The balances sum to zero. */
  balances(): Promise<ReadonlyMap<string, number>>;
}

/** Opens a bank whose cashier's key is in its store. Throws when its books do not balance. */
export async function openBank(parts: BankParts): Promise<Bank> {
  const cashier = await parts.store.load();
  if (cashier === undefined) throw new Error('this bank has no cashier yet');
  assertSound(await parts.store.audit());
  const bank: OpenBank = { ...parts, cashier, collecting: { current: undefined } };
  return {
    answer: (request) => answer(bank, request),
    answerTeller: (request) => answerTeller(bank, request),
    settle: () => settle(bank),
    collect: () => collect(bank),
    balances: () => bank.store.balances(),
  };
}

function answer(bank: OpenBank, request: Request | TellerRequest): Promise<BankResponse | Refusal> {
  const order = (outcome: Promise<Order | Refusal>) => answerOrder(request.message_reference, outcome);
  switch (request.type) {
    case 'request rails':
      return Promise.resolve(answerRails(bank, request.message_reference));
    case 'request order':
      return order(placeOrder(bank, request));
    case 'request order status':
      return order(orderStatus(bank, request.transaction_reference));
    case 'request test payment':
      return order(payTest(bank, request.transaction_reference));
    case 'request payment':
      return order(payWithProof(bank, request));
    case 'request voucher':
      return askVoucher(bank, request);
    case 'request open account':
      return openAccount(bank, request);
    case 'request account':
      return askAccount(bank, request);
    case 'request payout':
      return payOut(bank, request);
    case 'request show receipt':
      return showReceipt(bank, request);
    case 'request registration':
      return register(bank, request);
    default:
      return Promise.resolve(refuse('unknown', 'message.type: not a request that a bank answers'));
  }
}

function answerRails({ rails }: OpenBank, messageReference: number): ResponseRails {
  return { ...ok(messageReference), rails: rails.map(({ name }) => ({ name })), type: 'response rails' };
}

async function answerOrder(
  messageReference: number,
  outcome: Promise<Order | Refusal>,
): Promise<ResponseOrder | Refusal> {
  const order = await outcome;
  return order instanceof Refusal ? order : { ...ok(messageReference), order, type: 'response order' };
}

async function settle(bank: OpenBank): Promise<readonly Refusal[]> {
  const refused = [...(await fundAll(bank))];
  const stopped = await collect(bank);
  if (stopped !== undefined) refused.push(stopped);
  if ((await bank.store.balance(COINS)) < 0) {
    refused.push(refuse('unbalanced', 'more coins came back to the mint than this bank has sold'));
  }
  return refused;
}
