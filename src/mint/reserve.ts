/** The reserve: coins of another currency that back this one. The treasury rises by what they are worth, no further. */
import { isAmount } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import type { RequestReserveDeposit, ResponseReserveDeposit } from '../protocol/messages/reserve.ts';
import type { CoinStack } from '../protocol/documents.ts';
import type { Reserve } from '../protocol/governance.ts';
import { authorisedBy } from './charter/apply.ts';
import type { Charter } from './charter/charter.ts';
import type { OpenMint } from './mint.ts';
import type { Draft } from './scribe.ts';

/** A purse of the backing currency's coins, in the box. It reaches that currency's issuer through a front. */
export interface ReservePurse {
  /** Gets to know the backing currency; refuses what is not the one that the terms name. */
  know(terms: Reserve): Promise<Refusal | undefined>;
  /** Renews the coins of a stack into the purse. The same stack again is no second deposit. */
  receive(terms: Reserve, stack: CoinStack): Promise<Refusal | undefined>;
  /** What the purse holds, in the backing currency's smallest unit, without what was set aside. */
  held(terms: Reserve): Promise<Amount>;
  /**
   * Sets coins aside for the order with this serial; asked again, they are the same coins. Gives their stack encrypted
   * with age to this recipient alone, in base64: no mint, no front and nobody who has the order reads it.
   */
  release(terms: Reserve, serial: string, amount: Amount, recipient: string): Promise<string | Refusal>;
  /** The same for what was set aside before. Sets nothing aside: a purse that was lost must not pay twice. */
  released(terms: Reserve, serial: string, recipient: string): Promise<string | Refusal>;
}

/** Takes a stack of the backing currency, then counts it. */
export async function deposit(
  mint: OpenMint,
  { stack, message_reference }: RequestReserveDeposit,
): Promise<ResponseReserveDeposit | Refusal> {
  const terms = mint.scribe.charter.reserve?.terms;
  if (terms === undefined) return refuse('not possible', 'this currency has no reserve in another');
  const refused = await mint.extras.reserve.receive(terms, stack);
  if (refused !== undefined) return refused;
  const counted = await countReserve(mint);
  if (counted instanceof Refusal) return counted;
  const { treasury } = await mint.store.counters();
  return {
    ...ok(message_reference),
    held: mint.scribe.charter.reserve?.held ?? 0,
    treasury,
    type: 'response reserve deposit',
  };
}

/**
 * Brings the journal up to what the purse holds. A crash between the purse's renewal and the journal's entry is made up
 * for by the next count, at the start at the latest; counting twice changes nothing.
 */
export async function countReserve(mint: OpenMint): Promise<Refusal | undefined> {
  const { reserve } = mint.scribe.charter;
  if (reserve === null) return undefined;
  // Asked before the journal's turn: another issuer may be slow, and orders must not wait for it.
  const held = await mint.extras.reserve.held(reserve.terms);
  const written = await mint.scribe.write((charter) => Promise.resolve(draftCount(charter, reserve, held)));
  return written instanceof Refusal ? written : undefined;
}

function draftCount(charter: Charter, counted: Charter['reserve'], held: Amount): Draft | Refusal {
  // What was released or ordered meanwhile makes the count an old one; the next is true again.
  if (charter.reserve !== counted || held <= (counted?.held ?? 0)) return { events: [] };
  const event = { type: 'reserve held', amount: held } as const;
  if (!isAmount(charter.authorised + authorisedBy(charter, event)))
    return refuse('too large', 'the reserve is worth more than numbers can say');
  return { events: [event] };
}
