import { canonicalBytes } from '../base/canonical.ts';
import { DAY, readDate } from '../base/dates.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import type { RequestFund, ResponseFund } from '../protocol/messages/fund.ts';
import type { OpenMint } from './mint.ts';

/** No word of a cashier's may lie about for years: it is money that no statement shows yet. */
const LIVES_MOST = 400 * DAY;

/**
 * Takes a cashier's word that an order was paid. The mint trusts neither the bank nor the front: the signature,
 * the cashier's limits and the currency are checked here. Said twice, it counts once.
 */
export async function fund(mint: OpenMint, request: RequestFund): Promise<ResponseFund | Refusal> {
  const { funding, signature } = request;
  const now = mint.clock();
  const { charter } = mint.scribe;
  if (funding.currency !== charter.issuerId) return refuse('unknown', 'funding.currency: another currency');
  const cashier = charter.cashiers.get(funding.cashier);
  if (cashier === undefined) return refuse('unauthorised', 'funding.cashier: no cashier of this currency');
  if (!(await mint.signer.verifyCashier(cashier.publicKey, canonicalBytes(funding), signature))) {
    return refuse('bad signature', 'signature: not the cashier’s over this funding');
  }
  if (funding.amount > cashier.limitPerOperation) {
    return refuse(
      'unauthorised',
      `funding.amount: this cashier may fund up to ${cashier.limitPerOperation} at once`,
    );
  }
  const expires = readDate(funding.expires) ?? 0;
  if (expires < now) return refuse('expired', 'funding.expires: has passed');
  if (expires > now + LIVES_MOST)
    return refuse('malformed', 'funding.expires: lies more than 400 days ahead');
  const outcome = await mint.store.fund(funding, cashier, now);
  switch (outcome.kind) {
    case 'recorded':
    case 'repeated':
      return { ...ok(request.message_reference), type: 'response fund' };
    case 'reference reused':
      return refuse('reference reused', 'funding.transaction_reference: funded otherwise before');
    case 'over the day limit':
      return refuse('busy', `funding.amount: this cashier may fund up to ${cashier.limitPerDay} a day`);
  }
}
