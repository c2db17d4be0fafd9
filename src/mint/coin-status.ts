import { ok } from '../protocol/answers.ts';
import type { RequestCoinStatus, ResponseCoinStatus } from '../protocol/messages/coin-status.ts';
import type { OpenMint } from './mint.ts';

/** Whether coins were spent. Only who knows a coin knows its id, so nothing is told to strangers. */
export async function coinStatus(mint: OpenMint, request: RequestCoinStatus): Promise<ResponseCoinStatus> {
  const spent = await mint.store.spent(request.coin_ids);
  return { ...ok(request.message_reference), spent: [...spent], type: 'response coin status' };
}
