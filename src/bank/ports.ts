import type { Amount } from '../base/amount.ts';
import type { Instant } from '../base/dates.ts';
import type { Refusal } from '../base/refusal.ts';
import type { Receipt } from '../protocol/attestations.ts';
import type { Request, Response } from '../protocol/catalogue.ts';
import type { AccountEntry, Payout } from '../protocol/messages/account.ts';
import type { Order } from '../protocol/messages/order.ts';
import type { Audit } from './audit.ts';

/** Where a bank keeps its books: atomic verbs, each whole and durable when its promise resolves. */
export interface BankStore {
  /** The cashier's secret key (PKCS #8 DER) and public key (64 hex digits); undefined before `found`. */
  load(): Promise<CashierKey | undefined>;
  found(key: CashierKey): Promise<void>;

  /** Places an order once; `unpaidMost` bounds how many may be unpaid and unexpired at `now`. */
  place(order: Order, now: Instant, unpaidMost: number): Promise<PlaceOutcome>;
  find(reference: string): Promise<Order | undefined>;
  /** The order with this payment reference. */
  findByPayment(paymentReference: string): Promise<Order | undefined>;
  /** Orders on a rail that may still be paid, soonest to expire first. */
  unpaid(rail: string, now: Instant, most: number): Promise<readonly Order[]>;
  /** Marks an order paid and posts it, together and once; uses up the voucher or the balance that pays it. */
  pay(payment: Payment): Promise<PayOutcome>;
  /** Notes that the mint knows of a paid order. From any other state it stays. */
  noteFunded(reference: string): Promise<Order | undefined>;
  /** Orders that were paid and of which the mint has yet to be told. */
  unfunded(): Promise<readonly Order[]>;

  /** Keeps vouchers under the hashes of their codes, once for each batch. */
  issueVouchers(batch: VoucherBatch): Promise<'issued' | 'repeated' | 'reference reused'>;
  /** The voucher whose code has this hash. */
  voucher(hash: string): Promise<Voucher | undefined>;

  /** Opens an account once; `most` bounds how many there are. */
  openAccount(tokenHash: string, number: string, most: number): Promise<OpenOutcome>;
  account(tokenHash: string, entriesMost: number): Promise<AccountView | undefined>;
  /**
   * Registers what an account is known by at the mint, at once or when it is approved: one identity of one account. A wish
   * that has to wait takes the place of those of the same account and of the same identity.
   */
  register(wish: RegistrationWish, rule: RegistrationRule): Promise<RegisterOutcome>;
  /** Identities that wait at `now` to be approved, soonest to expire first. */
  waitingIdentities(now: Instant, most: number): Promise<readonly WaitingIdentity[]>;
  /** Registers a waiting identity, once; `written` is all of it, or as many of its first digits as `digitsLeast` says. */
  approve(written: string, now: Instant, digitsLeast: number): Promise<ApproveOutcome>;
  /** Takes an account's identity back, registered or waiting. One that was registered stays known as that account's. */
  takeBack(account: string): Promise<TakeBackOutcome>;
  /** The account that registered an identity. */
  identityHolder(identity: string): Promise<IdentityHolder | undefined>;
  /** Sets money of an account aside, once for each of its references; `pendingMost` bounds how many wait. */
  requestPayout(wanted: PayoutWanted, now: Instant, pendingMost: number): Promise<PayoutOutcome>;
  pendingPayouts(most: number): Promise<readonly KeptPayout[]>;
  /** Notes that a payout's money has gone, once. Undefined when there is no such payout. */
  notePayoutPaid(number: number, now: Instant): Promise<PayoutPaid | undefined>;

  /** Credits the next receipt and notes that it was. An earlier one does nothing; throws for one after a gap. */
  credit(receipt: Receipt, now: Instant): Promise<'credited' | 'repeated'>;
  /** The sequence of the last receipt that was credited; 0 before the first. */
  lastReceipt(): Promise<number>;
  receipt(sequence: number): Promise<CreditedReceipt | undefined>;

  balance(account: string): Promise<number>;
  /** Every ledger account's balance, as the sum of its postings. */
  balances(): Promise<ReadonlyMap<string, number>>;
  audit(): Promise<Audit>;
  close(): Promise<void>;
}

/** What became of placing an order. The same order again is no new one. */
export type PlaceOutcome =
  | { readonly kind: 'placed' | 'repeated'; readonly order: Order }
  | { readonly kind: 'reference reused' | 'too many unpaid' };

/** What an order is paid with. `code` and `token` are hashes. */
export type Means =
  | { readonly rail: 'test' }
  | { readonly rail: 'manual'; readonly amount: number }
  | { readonly rail: 'voucher'; readonly code: string }
  | { readonly rail: 'account'; readonly token: string };

export interface Payment {
  readonly reference: string;
  readonly means: Means;
  readonly now: Instant;
  /** What the balance of `coins` may come to, so that the mint can issue all that was sold; undefined: anything. */
  readonly coinsMost: Amount | undefined;
}

export type PayOutcome =
  | { readonly kind: 'paid' | 'repeated'; readonly order: Order }
  | { readonly kind: 'amounts differ'; readonly ordered: number; readonly brought: number }
  | {
      readonly kind:
        | 'no such order'
        | 'another rail'
        | 'expired'
        | 'no such voucher'
        | 'voucher used'
        | 'no such account'
        | 'balance too small'
        | 'not covered';
    };

export interface Voucher {
  readonly hash: string;
  readonly amount: number;
  /** The order that it paid. */
  readonly usedFor: string | undefined;
}

/** Vouchers of one amount, issued together. All hashes have 64 hex digits. */
export interface VoucherBatch {
  readonly hash: string;
  readonly amount: number;
  readonly vouchers: readonly string[];
}

export type OpenOutcome = 'opened' | 'repeated' | 'number taken' | 'too many';

export interface RegistrationWish {
  readonly tokenHash: string;
  readonly identity: string;
}

export interface RegistrationRule {
  readonly now: Instant;
  /** Who is not registered yet waits until then, and so many at most; undefined: nobody waits. */
  readonly waits: { readonly until: Instant; readonly most: number } | undefined;
}

export type RegisterOutcome =
  | 'registered'
  | 'repeated'
  | 'waiting'
  | 'too many waiting'
  | 'no such account'
  | 'another identity'
  | 'identity taken';

/** An identity, and the number of the account whose it is to be. */
export interface WaitingIdentity {
  readonly account: string;
  readonly identity: string;
  readonly until: Instant;
}

export type ApproveOutcome =
  | { readonly kind: 'approved' | 'repeated'; readonly account: string; readonly identity: string }
  | { readonly kind: 'none waits' | 'several' };

/** What was taken back: nothing where the account had none any more. */
export type TakeBackOutcome =
  | { readonly kind: 'taken back'; readonly identity: string | undefined }
  | { readonly kind: 'no such account' };

/** An account's number, and whether it has the identity still. */
export interface IdentityHolder {
  readonly account: string;
  readonly state: 'registered' | 'taken back';
}

export interface AccountView {
  readonly number: string;
  readonly balance: number;
  /** The last entries, newest first. */
  readonly entries: readonly AccountEntry[];
  /** Those that are pending, oldest first. */
  readonly payouts: readonly Payout[];
}

export interface PayoutWanted {
  readonly tokenHash: string;
  readonly amount: number;
  readonly reference: string;
  readonly to: string;
}

/** A payout and whose it is. */
export interface KeptPayout extends Payout {
  readonly account: string;
  readonly time: Instant;
}

export type PayoutOutcome =
  | { readonly kind: 'set aside' | 'repeated'; readonly payout: Payout }
  | { readonly kind: 'no such account' | 'reference reused' | 'balance too small' | 'too many pending' };

export interface PayoutPaid {
  readonly payout: Payout;
  readonly before: boolean;
}

export interface CreditedReceipt {
  readonly sequence: number;
  readonly amount: number;
  readonly redemption: string;
}

export interface CashierKey {
  readonly publicKey: string;
  readonly secret: Uint8Array;
}

/** Signs with the cashier's key: an Ed25519 signature of 128 hex digits. */
export type CashierSign = (secret: Uint8Array, bytes: Uint8Array) => Promise<string>;

/** Whether an Ed25519 signature by this key covers the bytes. */
export type Verify = (publicKey: string, bytes: Uint8Array, signature: string) => boolean | Promise<boolean>;

/** Asks the mint. A refusal is either the mint's, or says that it cannot be reached. */
export type AskMint = (request: Request) => Promise<Response | Refusal>;
