/** Whether what the mint says in its own name is the mint's: the master key vouches for the key that signed it. */
import { canonicalBytes } from '../base/canonical.ts';
import type { Canonical } from '../base/canonical.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { refusalIn } from '../protocol/answers.ts';
import type { StatementKeyCertificate } from '../protocol/attestations.ts';
import type { Request, Response } from '../protocol/catalogue.ts';
import { suiteNamed } from '../suites/index.ts';
import type { OpenBank } from './parts.ts';

/** Asks the mint for an answer of one type. The mint's refusals come back as such. */
export async function askFor<Type extends Response['type']>(
  bank: OpenBank,
  request: Request,
  type: Type,
): Promise<Extract<Response, { readonly type: Type }> | Refusal> {
  const answer = await bank.askMint(request);
  if (answer instanceof Refusal) return answer;
  const refused = refusalIn(answer);
  if (refused !== undefined) return refused;
  if (answer.type !== type) return refuse('unreachable', 'the mint answered something else');
  return answer as Extract<Response, { readonly type: Type }>;
}

/** The public key that the currency's master key certifies to sign statements and receipts. */
export function statementKey(bank: OpenBank, certificate: StatementKeyCertificate): string | Refusal {
  const { id, issuer_cipher_suite: suiteName, issuer_public_master_key: masterKey } = bank.cddc.cdd;
  const { statement_key: key, signature } = certificate;
  if (key.issuer_id !== id) return refuse('unknown', 'statement_key.issuer_id: another currency');
  const suite = suiteNamed(suiteName);
  if (suite instanceof Refusal) return suite;
  const master = suite.documents.readKey(masterKey);
  if (master instanceof Refusal) return master;
  return suite.documents.verify(master, canonicalBytes(key), signature)
    ? key.public_key
    : refuse('bad signature', 'statement_key: not certified by the master key');
}

/** Why a document is not the mint's word; undefined when it is. `what` names it. */
export async function distrust(
  bank: OpenBank,
  key: string,
  document: Canonical,
  signature: string,
  what: string,
): Promise<Refusal | undefined> {
  const signed = await bank.verify(key, canonicalBytes(document), signature);
  return signed ? undefined : refuse('bad signature', `${what}: not signed by the mint’s statement key`);
}
