/** What the mint lets this bank's cashier do, read from the public journal as anybody may read it. */
import { amount } from '../../base/amount.ts';
import type { Amount } from '../../base/amount.ts';
import { Refusal } from '../../base/refusal.ts';
import type { AskMint } from '../../bank/ports.ts';
import { applyEntry } from '../../mint/charter/apply.ts';
import type { Charter } from '../../mint/charter/charter.ts';
import { journalPages } from '../audit/journal-pages.ts';
import type { AskPage } from '../audit/journal-pages.ts';

export interface CashierLimitsReader {
  /** The most that the cashier may fund at once; undefined where it is no cashier of the currency (any more). */
  atOnce(): Amount | undefined;
  /** Reads what the journal has said since. */
  read(): Promise<Refusal | undefined>;
}

/** Follows the journal for a cashier. The mint enforces the limits itself; here they only keep people from paying in vain. */
export function readCashierLimits(askMint: AskMint, cashier: string): CashierLimitsReader {
  let charter: Charter | undefined;
  const askPage: AskPage = async (from) => {
    const answer = await askMint({ type: 'request journal', message_reference: 0, from });
    if (answer instanceof Refusal) return answer;
    if (answer.type !== 'response journal') throw new Error('the mint answered another question');
    return answer.entries;
  };
  const read = async (): Promise<Refusal | undefined> => {
    for await (const page of journalPages(askPage, charter?.head.entries)) {
      if (page instanceof Refusal) return page;
      for (const { entry } of page) charter = applyEntry(charter, entry);
    }
    return undefined;
  };
  return {
    read,
    atOnce: () => {
      const limits = charter?.cashiers.get(cashier);
      return limits === undefined ? undefined : amount(limits.limitPerOperation);
    },
  };
}
