import type { Instant } from '../base/dates.ts';
import type { Refusal } from '../base/refusal.ts';
import type { Order } from '../protocol/messages/order.ts';
import type { RequestFund } from '../protocol/messages/fund.ts';

/** What became of placing an order. The same order again is no new one. */
export type PlaceOutcome =
  | { readonly kind: 'placed' | 'repeated'; readonly order: Order }
  | { readonly kind: 'reference reused' | 'too many unpaid' };

/** Where a bank keeps its orders: atomic verbs, each whole and durable when its promise resolves. */
export interface BankStore {
  /** The cashier's secret key (PKCS #8 DER) and public key (64 hex digits); undefined before `found`. */
  load(): Promise<CashierKey | undefined>;
  found(key: CashierKey): Promise<void>;
  /** Places an order once; `unpaidMost` bounds how many may be unpaid and unexpired at `now`. */
  place(order: Order, now: Instant, unpaidMost: number): Promise<PlaceOutcome>;
  find(reference: string): Promise<Order | undefined>;
  /** Moves an order on, from unpaid to paid or from paid to funded; from any other state it stays. */
  advance(reference: string, to: 'paid' | 'funded'): Promise<Order | undefined>;
  /** Orders that were paid and of which the mint has yet to be told. */
  unfunded(): Promise<readonly Order[]>;
  close(): Promise<void>;
}

export interface CashierKey {
  readonly publicKey: string;
  readonly secret: Uint8Array;
}

/** Signs with the cashier's key: an Ed25519 signature of 128 hex digits. */
export type CashierSign = (secret: Uint8Array, bytes: Uint8Array) => Promise<string>;

/** Hands a cashier's word to the mint. A refusal says why the mint would not take it. */
export type TellMint = (request: RequestFund) => Promise<Refusal | undefined>;

/** What may still be issued: an order above it is refused before anyone pays for it. */
export type AskTreasury = () => Promise<number>;
