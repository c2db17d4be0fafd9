/**
 * Suites of two rounds: which blinds may be signed at all.
 *
 * A nonce that answers two challenges gives the mint key away. Each answers one at most:
 * - A nonce is open in memory only, from its commitment until its withdrawal is claimed or over. It is claimed in the same
 *   synchronous step as it is looked for, by one request, whatever becomes of that request. After a crash none is open;
 *   and a nonce is drawn at random for its commitment, so that none opens a second time.
 * - Only blinds of an intent are signed. Into an intent come the blinds of a request that claimed their nonces, or those of
 *   an intent that is kept already, letter by letter. So whatever is kept or committed under a nonce is one and the same
 *   blind, and the same blind has the same answer however often it is signed.
 * - An intent that waited too long, or was forgotten, takes its nonces along: nobody can claim them again.
 * - Books that are brought back from a backup hold fewer intents and never others: what they forgot is not signed again,
 *   since its nonces are open nowhere. (And a restore that is not complete retires the keys.)
 */
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import type { OpenMint } from './mint.ts';
import type { Plan } from './plan/plan.ts';
import type { Intent } from './ports.ts';
import { sameWish } from './wish.ts';

/**
 * Carries a plan out once its blinds' withdrawal is claimed. What was claimed, committed or waits already is a repetition;
 * anything else has missed its first round. Claims before its first `await`.
 */
export async function claimed<Answer>(
  mint: OpenMint,
  { intent, payees }: Plan,
  work: () => Promise<Answer | Refusal>,
): Promise<Answer | Refusal> {
  const { accounts } = mint.desk.ring.suite;
  if (accounts === undefined || intent.blinds.length === 0) return work();
  const identity = mint.desk.withdrawals.claim(
    intent.reference,
    intent.blinds.map(({ keyId, blind }) => ({ keyId, nonce: accounts.nonceOf(blind) })),
  );
  if (identity === undefined) {
    return (await isKept(mint, intent))
      ? work()
      : refuse('first round over', 'blinds: their first round is not open under this transaction reference');
  }
  if ([...payees].some((payee) => payee !== identity))
    return refuse('unauthorised', 'coins: paid to another account, which alone may renew them');
  return underway(mint, intent.reference, work());
}

/** Whether the very same was asked before: what is still being done is waited for, so that no answer is given too early. */
async function isKept(mint: OpenMint, intent: Intent): Promise<boolean> {
  await Promise.allSettled([mint.desk.claims.get(intent.reference)]);
  const kept = await mint.store.recall(intent.reference);
  return kept !== undefined && sameWish(kept, intent);
}

async function underway<Answer>(mint: OpenMint, reference: string, work: Promise<Answer>): Promise<Answer> {
  const { claims } = mint.desk;
  claims.set(reference, work);
  try {
    return await work;
  } finally {
    if (claims.get(reference) === work) claims.delete(reference);
  }
}
