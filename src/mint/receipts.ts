/** Receipts of redemptions: what the bank credits, each once. */
import { canonicalBytes } from '../base/canonical.ts';
import { readDate, writeDate } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import type { Receipt, SignedReceipt } from '../protocol/attestations.ts';
import type { RequestReceipts, ResponseReceipts } from '../protocol/messages/receipts.ts';
import type { OpenMint } from './mint.ts';
import type { KeptReceipt } from './ports.ts';

/** A receipt in the mint's name. The same receipt gets the same signature: Ed25519 is deterministic. */
export function signReceipt(mint: OpenMint, kept: KeptReceipt): SignedReceipt {
  const receipt: Receipt = {
    amount: kept.amount,
    issuer_id: mint.scribe.charter.issuerId,
    payee: kept.payee,
    redemption: kept.redemption,
    sequence: kept.sequence,
    time: writeDate(kept.time),
    type: 'receipt',
  };
  return { receipt, signature: mint.sign(canonicalBytes(receipt)), type: 'signed receipt' };
}

/** The receipts after a number, for a cashier who signs for them. */
export async function listReceipts(
  mint: OpenMint,
  { wanted, signature, message_reference }: RequestReceipts,
): Promise<ResponseReceipts | Refusal> {
  const { charter } = mint.scribe;
  if (wanted.issuer_id !== charter.issuerId) return refuse('unknown', 'wanted.issuer_id: another currency');
  if (!charter.cashiers.has(wanted.cashier))
    return refuse('unauthorised', 'wanted.cashier: no cashier of this currency');
  if ((readDate(wanted.expires) ?? 0) < mint.clock()) return refuse('expired', 'wanted.expires: has passed');
  if (!mint.verify(wanted.cashier, canonicalBytes(wanted), signature))
    return refuse('bad signature', 'signature: not the cashier’s over what is wanted');
  const receipts = await mint.store.receipts(wanted.after, LIMITS.receiptsPage);
  return {
    ...ok(message_reference),
    receipts: receipts.map((each) => signReceipt(mint, each)),
    statement_key: charter.statementKey,
    type: 'response receipts',
  };
}
