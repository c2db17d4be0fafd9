/** What came back to the mint, credited once: pulled from it in order, so that nothing is lost whichever dies. */
import { canonicalBytes } from '../base/canonical.ts';
import { MINUTE, writeDate } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import type { Receipt, SignedReceipt } from '../protocol/attestations.ts';
import type { ReceiptsWanted, ResponseReceipts } from '../protocol/messages/receipts.ts';
import type { RequestShowReceipt, ResponseShowReceipt } from '../protocol/messages/show-receipt.ts';
import { askFor, distrust, statementKey } from './attest.ts';
import type { OpenBank } from './parts.ts';

/** How long the cashier's wish for receipts may be on its way. */
const WISH_LIVES = 5 * MINUTE;

/**
 * Pulls receipts until the mint has no more and credits each. A refusal says why it stopped: the mint could not be
 * reached, or what it said is not to be trusted. Whoever asks while it is under way shares what comes of it.
 */
export async function collect(bank: OpenBank): Promise<Refusal | undefined> {
  bank.collecting.current ??= collectAll(bank).finally(() => {
    bank.collecting.current = undefined;
  });
  return bank.collecting.current;
}

async function collectAll(bank: OpenBank): Promise<Refusal | undefined> {
  for (;;) {
    const after = await bank.store.lastReceipt();
    const page = await askReceipts(bank, after);
    if (page instanceof Refusal) return page;
    const key = statementKey(bank, page.statement_key);
    if (key instanceof Refusal) return key;
    let sequence = after;
    for (const signed of page.receipts) {
      const untrue = await checkReceipt(bank, key, signed, ++sequence);
      if (untrue !== undefined) return untrue;
      await bank.store.credit(signed.receipt, bank.clock());
    }
    if (page.receipts.length === 0) return undefined;
  }
}

async function askReceipts(bank: OpenBank, after: number): Promise<ResponseReceipts | Refusal> {
  const wanted: ReceiptsWanted = {
    after,
    cashier: bank.cashier.publicKey,
    expires: writeDate(bank.clock() + WISH_LIVES),
    issuer_id: bank.cddc.cdd.id,
    type: 'receipts wanted',
  };
  const signature = await bank.sign(bank.cashier.secret, canonicalBytes(wanted));
  const request = { message_reference: 0, signature, type: 'request receipts', wanted } as const;
  return askFor(bank, request, 'response receipts');
}

async function checkReceipt(
  bank: OpenBank,
  key: string,
  { receipt, signature }: SignedReceipt,
  sequence: number,
): Promise<Refusal | undefined> {
  if (receipt.issuer_id !== bank.cddc.cdd.id) return refuse('unknown', 'receipt.issuer_id: another currency');
  if (receipt.sequence !== sequence) {
    return refuse(
      'distrusted',
      `receipt.sequence: ${sequence} comes next, and the mint gave ${receipt.sequence}`,
    );
  }
  return distrust(bank, key, receipt, signature, `receipt ${sequence}`);
}

/** A wallet shows a receipt: fetches what the mint has, and says whether this very receipt is in the books. */
export async function showReceipt(
  bank: OpenBank,
  request: RequestShowReceipt,
): Promise<ResponseShowReceipt | Refusal> {
  const { receipt } = request.signed_receipt;
  if (receipt.issuer_id !== bank.cddc.cdd.id) return refuse('unknown', 'receipt.issuer_id: another currency');
  if ((await bank.store.lastReceipt()) < receipt.sequence) {
    const refused = await collect(bank);
    if (refused !== undefined) return refused;
  }
  const credited = await isCredited(bank, receipt);
  return { ...ok(request.message_reference), credited, type: 'response show receipt' };
}

async function isCredited(bank: OpenBank, { amount, redemption, sequence }: Receipt): Promise<boolean> {
  const kept = await bank.store.receipt(sequence);
  return kept?.redemption === redemption && kept.amount === amount;
}
