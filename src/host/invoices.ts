import type { HostContext } from './context.ts';
import type { Objection } from './objections.ts';
import type { InvoiceView, LetterView } from './schemas.ts';

/** A request for money, for whoever has its link; `member`: who looks, empty for somebody who is not signed in. */
export function invoiceOf(
  _context: HostContext,
  _id: string,
  _member: string,
): Promise<InvoiceView | Objection> {
  throw new Error('not yet');
}

/** Somebody who is not signed in pays with coins of exactly the amount. */
export function payInvoiceWith(
  _context: HostContext,
  _id: string,
  _text: string,
): Promise<LetterView | Objection> {
  throw new Error('not yet');
}
