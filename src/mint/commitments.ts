/** The first round of a suite of two: only for accounts that the bank registered, one withdrawal of each at a time. */
import { canonicalBytes } from '../base/canonical.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import { commitmentsContext } from '../protocol/messages/commitments.ts';
import type { RequestCommitments, ResponseCommitments } from '../protocol/messages/commitments.ts';
import type { AccountScheme } from '../suites/suite.ts';
import type { OpenMint } from './mint.ts';
import { signingKeyOf } from './plan/blinds.ts';

/** Opens a withdrawal: a commitment for each coin, on which its blinds are answered within seconds, once. */
export async function answerCommitments(
  mint: OpenMint,
  request: RequestCommitments,
): Promise<ResponseCommitments | Refusal> {
  const { accounts } = mint.desk.ring.suite;
  if (accounts === undefined) return refuse('not possible', 'this currency’s coins are made in one round');
  const refused =
    (await unregistered(mint, request)) ?? notSigning(mint, request) ?? unproved(mint, accounts, request);
  if (refused !== undefined) return refused;
  const { identity } = request.signed_registration.registration;
  const keyIds = request.mint_key_ids;
  const opened = mint.desk.withdrawals.open(
    { identity, reference: request.transaction_reference, keyIds },
    {
      commit: () => mint.signer.commit(keyIds.map((keyId) => ({ keyId, identity }))),
      nonceOf: (commitment) => accounts.nonceOf(commitment),
    },
  );
  if (opened instanceof Refusal) return opened;
  const commitments = [...(await opened)];
  return { ...ok(request.message_reference), commitments, type: 'response commitments' };
}

/** Why the identity is not one that a cashier of this currency registered. */
async function unregistered(
  mint: OpenMint,
  { signed_registration: { registration, signature } }: RequestCommitments,
): Promise<Refusal | undefined> {
  const { charter } = mint.scribe;
  if (registration.currency !== charter.issuerId)
    return refuse('unknown', 'signed_registration.registration.currency: another currency');
  if (mint.desk.exposed.identities.has(registration.identity))
    return refuse(
      'unauthorised',
      'signed_registration.registration.identity: this account handed a coin over twice, and its secret is public',
    );
  const cashier = charter.cashiers.get(registration.cashier);
  if (cashier === undefined)
    return refuse('unauthorised', 'signed_registration.registration.cashier: no cashier of this currency');
  return (await mint.signer.verifyCashier(cashier.publicKey, canonicalBytes(registration), signature))
    ? undefined
    : refuse('bad signature', 'signed_registration.signature: not the cashier’s over this registration');
}

function notSigning(mint: OpenMint, { mint_key_ids: ids }: RequestCommitments): Refusal | undefined {
  const now = mint.clock();
  return ids
    .map((id, index) => signingKeyOf(id, mint.desk.ring, now, `mint_key_ids[${index}]`))
    .find((key) => key instanceof Refusal);
}

/** Last, since it takes milliseconds: what comes this far has a cashier's word on it. */
function unproved(mint: OpenMint, accounts: AccountScheme, request: RequestCommitments): Refusal | undefined {
  const { identity } = request.signed_registration.registration;
  const context = commitmentsContext(mint.scribe.charter.issuerId, request);
  return accounts.proves(identity, context, request.proof)
    ? undefined
    : refuse('bad signature', 'proof: not this identity’s over this request');
}
