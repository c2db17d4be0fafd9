import type { Amount } from '../base/amount.ts';
import type { Clock } from '../base/ports.ts';
import type { Refusal } from '../base/refusal.ts';
import type { Cddc } from '../protocol/documents.ts';
import type { AskMint, BankStore, CashierKey, CashierSign, Verify } from './ports.ts';
import type { Rail } from './rail.ts';

/** What a bank is made of. */
export interface BankParts {
  readonly store: BankStore;
  readonly clock: Clock;
  /** The description of the currency that is sold here; its master key certifies what the mint says. */
  readonly cddc: Cddc;
  readonly sign: CashierSign;
  readonly verify: Verify;
  readonly askMint: AskMint;
  /** The most that the mint lets this cashier fund at once: no order above it is taken. */
  readonly orderMost: () => Amount;
  /** The ways to pay that this bank offers. One that deals with money does not offer the rail *test*. */
  readonly rails: readonly Rail[];
  readonly registers: Registers;
}

/**
 * Whose identities the cashier vouches for, in suites of two rounds: those that a teller has approved, having seen who it
 * is; or anybody's, which makes paying twice free of charge.
 */
export type Registers = 'approved' | 'anybody';

/** A bank's parts, its cashier's key, and the collecting that is under way. */
export interface OpenBank extends BankParts {
  readonly cashier: CashierKey;
  readonly collecting: { current: Promise<Refusal | undefined> | undefined };
}
