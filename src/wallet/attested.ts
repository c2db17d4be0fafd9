/** What a mint says in its own name: its statement key, revocations and receipts, checked before they are believed. */
import { canonical, canonicalBytes } from '../base/canonical.ts';
import type { Refusal } from '../base/refusal.ts';
import { refuse } from '../base/refusal.ts';
import type {
  RevocationCertificate,
  SignedReceipt,
  StatementKeyCertificate,
} from '../protocol/attestations.ts';
import type { Cdd } from '../protocol/documents.ts';
import { hashOf } from '../protocol/ids.ts';
import { readMasterKey, shortId, suiteOf } from './keys.ts';
import type { VerifyEd25519 } from './ports.ts';

/** Why a statement key is not the currency's; undefined when the master key certifies it. */
export function doubtsAboutStatementKey(cdd: Cdd, certificate: StatementKeyCertificate): Refusal | undefined {
  const { statement_key: key, signature } = certificate;
  if (key.issuer_id !== cdd.id) return refuse('distrusted', 'statement_key.issuer_id: another currency');
  const suite = suiteOf(cdd);
  return suite.documents.verify(readMasterKey(cdd), canonicalBytes(key), signature)
    ? undefined
    : refuse('bad signature', 'statement_key: is not signed by the master key');
}

/** In words, how a statement key contradicts the one known; undefined when it does not. Both are certified. */
export function contradictsStatementKey(
  known: StatementKeyCertificate | undefined,
  shown: StatementKeyCertificate,
): string | undefined {
  if (known === undefined || canonical(known.statement_key) === canonical(shown.statement_key))
    return undefined;
  const [before, now] = [known, shown].map((each) => shortId(each.statement_key.public_key));
  return `its issuer signs statements and receipts with the key ${now} now, and did with ${before} before`;
}

/** Why a revocation is not to be believed; undefined when it is. The statement key is the currency's. */
export async function doubtsAboutRevocation(
  verify: VerifyEd25519,
  { statement_key: key }: StatementKeyCertificate,
  { revocation, signature }: RevocationCertificate,
): Promise<Refusal | undefined> {
  if (revocation.issuer_id !== key.issuer_id)
    return refuse('distrusted', 'revocation.issuer_id: another currency');
  return (await verify(key.public_key, canonicalBytes(revocation), signature))
    ? undefined
    : refuse('bad signature', 'revocation: is not signed by the statement key');
}

/** What a redemption gave, which its receipt has to say. */
export interface Redeemed {
  readonly amount: number;
  readonly coinIds: readonly string[];
  readonly payee?: string;
}

/** The name of a set of coins: the hash of the list of their ids, sorted. */
export function redemptionOf(coinIds: readonly string[]): string {
  return hashOf(coinIds.toSorted());
}

/** Why a receipt is none for this redemption, in words; undefined when it is. The statement key is the currency's. */
export async function doubtsAboutReceipt(
  verify: VerifyEd25519,
  { statement_key: key }: StatementKeyCertificate,
  { receipt, signature }: SignedReceipt,
  { amount, coinIds, payee = '' }: Redeemed,
): Promise<string | undefined> {
  if (receipt.issuer_id !== key.issuer_id) return 'it is of another currency';
  if (receipt.redemption !== redemptionOf(coinIds)) return 'it is for other coins';
  if (receipt.amount !== amount) return 'it is for another amount';
  if (receipt.payee !== payee) return 'it is for another account';
  const good = await verify(key.public_key, canonicalBytes(receipt), signature);
  return good ? undefined : 'its signature does not verify';
}
