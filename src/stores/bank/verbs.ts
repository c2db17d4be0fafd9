/** The verbs of `BankStore` over a store's rows: each rule of the books as one transaction. */
import * as books from '../../bank/books.ts';
import * as identities from '../../bank/books-identities.ts';
import type { Audit } from '../../bank/audit.ts';
import type {
  AccountView,
  BankStore,
  CashierKey,
  CreditedReceipt,
  KeptPayout,
  WaitingIdentity,
} from '../../bank/ports.ts';
import { customerAccount } from '../../bank/postings.ts';
import type { Tables } from '../../bank/tables.ts';
import type { Instant } from '../../base/dates.ts';
import type { AccountEntry } from '../../protocol/messages/account.ts';
import type { Order } from '../../protocol/messages/order.ts';

/** A store's rows: what the rules work on, and what is only read. */
export interface BankRows extends Tables {
  load(): CashierKey | undefined;
  found(key: CashierKey): void;
  unpaid(rail: string, now: Instant, most: number): readonly Order[];
  unfunded(): readonly Order[];
  /** The last entries of a ledger account, newest first. */
  entries(account: string, most: number): readonly AccountEntry[];
  /** Payouts that are pending, of one account or of all, oldest first. */
  pendingPayouts(account: string | undefined, most: number): readonly KeptPayout[];
  /** Identities that wait, soonest to expire first. */
  waitingIdentities(now: Instant, most: number): readonly WaitingIdentity[];
  receipt(sequence: number): CreditedReceipt | undefined;
  /** Every ledger account and the sum of its postings. */
  balances(): ReadonlyMap<string, number>;
  audit(): Audit;
  /** Carries work out wholly or, when it throws, not at all; durable when it returns. */
  atomically<Value>(work: () => Value): Value;
  close(): void;
}

/** Of these, the rows of identities: those that accounts have, had, and wait for. */
export type IdentityRows = Pick<
  BankRows,
  | 'identityOf'
  | 'holderOf'
  | 'formerHolderOf'
  | 'identitiesLike'
  | 'keepIdentity'
  | 'takeIdentityBack'
  | 'waitingOf'
  | 'waitingLike'
  | 'waitingIdentities'
  | 'countWaiting'
  | 'keepWaiting'
  | 'dropWaiting'
  | 'sweepWaiting'
>;

/** A bank's store over rows that answer at once. */
export function bankStoreOn(rows: BankRows): BankStore {
  const write = async <Value>(rule: () => Value): Promise<Value> => rows.atomically(rule);
  const read = async <Value>(look: () => Value): Promise<Value> => look();
  return {
    load: () => read(() => rows.load()),
    found: (key) => write(() => rows.found(key)),
    place: (order, now, most) => write(() => books.place(rows, order, now, most)),
    find: (reference) => read(() => rows.order(reference)),
    findByPayment: (reference) => read(() => rows.orderByPayment(reference)),
    unpaid: (rail, now, most) => read(() => rows.unpaid(rail, now, most)),
    pay: (payment) => write(() => books.pay(rows, payment)),
    noteFunded: (reference) => write(() => books.noteFunded(rows, reference)),
    unfunded: () => read(() => rows.unfunded()),
    issueVouchers: (batch) => write(() => books.issueVouchers(rows, batch)),
    voucher: (hash) => read(() => rows.voucher(hash)),
    openAccount: (tokenHash, number, most) => write(() => books.openAccount(rows, tokenHash, number, most)),
    account: (tokenHash, most) => read(() => viewAccount(rows, tokenHash, most)),
    register: (wish, rule) => write(() => identities.register(rows, wish, rule)),
    waitingIdentities: (now, most) => read(() => rows.waitingIdentities(now, most)),
    approve: (written, now, least) => write(() => identities.approve(rows, written, now, least)),
    takeBack: (account) => write(() => identities.takeBack(rows, account)),
    identityHolder: (identity) => read(() => identities.holderOf(rows, identity)),
    requestPayout: (wanted, now, most) => write(() => books.requestPayout(rows, wanted, now, most)),
    pendingPayouts: (most) => read(() => rows.pendingPayouts(undefined, most)),
    notePayoutPaid: (number, now) => write(() => books.notePayoutPaid(rows, number, now)),
    credit: (receipt, now) => write(() => books.credit(rows, receipt, now)),
    lastReceipt: () => read(() => rows.lastReceipt()),
    receipt: (sequence) => read(() => rows.receipt(sequence)),
    balance: (account) => read(() => rows.balance(account)),
    balances: () => read(() => rows.balances()),
    audit: () => read(() => rows.audit()),
    close: () => read(() => rows.close()),
  };
}

function viewAccount(rows: BankRows, tokenHash: string, most: number): AccountView | undefined {
  const kept = rows.accountOf(tokenHash);
  if (kept === undefined) return undefined;
  const account = customerAccount(kept.number);
  return {
    number: kept.number,
    balance: rows.balance(account),
    entries: rows.entries(account, most),
    payouts: rows.pendingPayouts(kept.number, Number.MAX_SAFE_INTEGER).map(books.payoutOf),
  };
}
