/**
 * What an order needs from outside the mint before it can take effect: files, other currencies, other issuers. Run before
 * the journal's turn, since nothing else, and least of all switching off, may wait for it; so it may have been run for
 * nothing, or twice, and must do no harm by that.
 */
import { amount } from '../base/amount.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { Action, ActionName, OperatorOrder } from '../protocol/governance.ts';
import type { JournalEvent } from '../protocol/journal.ts';
import { authorisedByAction } from './charter/apply.ts';
import type { OpenMint } from './mint.ts';

/** The events that follow the order in the journal. */
type Errand<Name extends ActionName> = (
  mint: OpenMint,
  action: Action & { readonly type: Name },
  serial: string,
) => Promise<readonly JournalEvent[] | Refusal>;

const NONE: readonly JournalEvent[] = [];

const ERRANDS: { readonly [Name in ActionName]?: Errand<Name> } = {
  backup: async (mint) => {
    const made = await mint.extras.backup(mint.store, mint.scribe.charter);
    return made instanceof Refusal ? made : [{ type: 'backup', sha256: made.sha256 }];
  },
  'new currency': async (mint, { founding }) => {
    const issuerId = await mint.extras.foundSibling(founding);
    return issuerId instanceof Refusal ? issuerId : [{ type: 'currency founded', issuer_id: issuerId }];
  },
  reserve: async (mint, { reserve }) => (await mint.extras.reserve.know(reserve)) ?? NONE,
  // Set aside before the journal says so: a crash in between leaves too little in the count, never too much.
  'release reserve': async (mint, action, serial) => {
    const { charter } = mint.scribe;
    const { treasury } = await mint.store.counters();
    // Asked before any coin is set aside: what the reserve backs may be in circulation.
    if (treasury + authorisedByAction(charter, action) < 0)
      return refuse('treasury exhausted', 'the treasury does not hold that much');
    if (charter.reserve === null)
      throw new Error('an order that has no reserve to release is refused before');
    const { terms } = charter.reserve;
    const sealed = await mint.extras.reserve.release(terms, serial, amount(action.amount), action.recipient);
    return sealed instanceof Refusal ? sealed : NONE;
  },
};

/** Runs the errand of an order; most have none. */
export function runErrand(
  mint: OpenMint,
  { action, serial }: OperatorOrder,
): Promise<readonly JournalEvent[] | Refusal> {
  const errand = ERRANDS[action.type] as Errand<ActionName> | undefined;
  return errand?.(mint, action, serial) ?? Promise.resolve(NONE);
}
