/**
 * Suites of two rounds: the wallet is registered by the bank under an identity, and opens a withdrawal at the mint for the
 * coins of a transaction. What the mint answers is kept before the blinds that need it are sent: after a crash the very
 * same blinds are sent again.
 */
import { canonicalBytes } from '../base/canonical.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { Cdd } from '../protocol/documents.ts';
import { commitmentsContext } from '../protocol/messages/commitments.ts';
import { registrationContext } from '../protocol/messages/registration.ts';
import type { SignedRegistration } from '../protocol/messages/registration.ts';
import type { AccountScheme } from '../suites/suite.ts';
import { openedToken } from './account.ts';
import type { Context } from './context.ts';
import { usableCurrency } from './currency.ts';
import { readKey, suiteOf } from './keys.ts';
import { ask } from './speak.ts';
import type { Buy, KnownCurrency, Renewal, Transaction } from './state.ts';
import { accountSecretsOf, referenceOf } from './transaction.ts';

/** How many coins of one mint key a transaction of the currency may make. */
export function coinsEach(cdd: Cdd): number {
  return suiteOf(cdd).accounts === undefined ? LIMITS.coinsPerRequest : LIMITS.coinsPerWithdrawal;
}

/** What the wallet is known by at the currency's mint; undefined in a suite without accounts. */
export function identityOf(context: Context, { id, cddc }: KnownCurrency): string | undefined {
  return suiteOf(cddc.cdd).accounts?.identity(accountSecretsOf(context, id));
}

/** Why the wallet cannot have coins of this currency made; undefined when it can, and is registered where it must be. */
export async function unregistered(context: Context, currency: string): Promise<Refusal | undefined> {
  const known = usableCurrency(context, currency);
  if (known instanceof Refusal) return known;
  const { accounts } = suiteOf(known.cddc.cdd);
  if (accounts === undefined) return undefined;
  const registration = known.registration ?? (await register(context, known, accounts));
  return registration instanceof Refusal ? registration : undefined;
}

/** The operation with its first round, asked for and kept where it needs one and has none. */
export async function withFirstRound<Kind extends Buy | Renewal>(
  context: Context,
  operation: Kind,
): Promise<Kind | Refusal> {
  const known = usableCurrency(context, operation.currency);
  if (known instanceof Refusal) return known;
  const { transaction } = operation;
  const { accounts } = suiteOf(known.cddc.cdd);
  if (accounts === undefined || transaction.commitments !== undefined) return operation;
  const commitments = await openWithdrawal(context, known, accounts, transaction);
  if (commitments instanceof Refusal) return commitments;
  const opened: Kind = { ...operation, transaction: { ...transaction, commitments } };
  await context.book.commit({ operations: [opened] });
  return opened;
}

/** The operation without the first round that is over: to be asked for anew. */
export async function withoutFirstRound<Kind extends Buy | Renewal>(
  { book }: Context,
  operation: Kind,
): Promise<Kind> {
  const { commitments: _, ...transaction } = operation.transaction;
  const again: Kind = { ...operation, transaction };
  await book.commit({ operations: [again] });
  return again;
}

/** The mint takes no registration of a cashier that is none any more: the bank is asked for another then, once. */
async function openWithdrawal(
  context: Context,
  known: KnownCurrency,
  accounts: AccountScheme,
  transaction: Transaction,
): Promise<readonly string[] | Refusal> {
  const registration = known.registration ?? (await register(context, known, accounts));
  if (registration instanceof Refusal) return registration;
  const answer = await askCommitments(context, registration, accounts, transaction);
  if (!(answer instanceof Refusal) || answer.name !== 'unauthorised') return answer;
  const fresh = await register(context, known, accounts);
  if (fresh instanceof Refusal) return fresh;
  return fresh.signature === registration.signature
    ? answer
    : askCommitments(context, fresh, accounts, transaction);
}

async function askCommitments(
  context: Context,
  registration: SignedRegistration,
  accounts: AccountScheme,
  transaction: Transaction,
): Promise<readonly string[] | Refusal> {
  const { currency } = registration.registration;
  const wanted = {
    mint_key_ids: (transaction.outputs ?? []).map(({ mintKeyId }) => mintKeyId),
    transaction_reference: referenceOf(context, currency, transaction.number),
  };
  const proof = accounts.prove(accountSecretsOf(context, currency), commitmentsContext(currency, wanted));
  const answer = await ask(context, context.book.currency(currency).cddc.cdd, {
    ...wanted,
    proof,
    signed_registration: registration,
    type: 'request commitments',
  });
  if (answer instanceof Refusal) return answer;
  return areCommitments(context, currency, wanted.mint_key_ids, answer.commitments)
    ? answer.commitments
    : refuse('unreachable', 'the mint answered with commitments that are none');
}

/** Whether a blind can be made on each of these, under a nonce of its own. A blind has a nonce too, and is no commitment. */
function areCommitments(
  { book }: Context,
  currency: string,
  mintKeyIds: readonly string[],
  commitments: readonly string[],
): boolean {
  const suite = suiteOf(book.currency(currency).cddc.cdd);
  const nonces = new Set(commitments.map((each) => suite.accounts?.nonceOf(each)));
  const areBlinds = mintKeyIds.some((id, index) => {
    const key = readKey(suite, book.certificate(id).mint_key.public_mint_key);
    return suite.accepts(key, commitments[index] ?? '');
  });
  return (
    !areBlinds &&
    !nonces.has(undefined) &&
    nonces.size === mintKeyIds.length &&
    commitments.length === mintKeyIds.length
  );
}

/** Has the bank register the wallet's identity as its account's, and keeps the cashier's word. */
async function register(
  context: Context,
  { id, cddc }: KnownCurrency,
  accounts: AccountScheme,
): Promise<SignedRegistration | Refusal> {
  const token = await openedToken(context, id);
  if (token instanceof Refusal) return token;
  const account = accountSecretsOf(context, id);
  const identity = accounts.identity(account);
  const proof = accounts.prove(account, registrationContext(id, token));
  const answer = await ask(context, cddc.cdd, { identity, proof, token, type: 'request registration' });
  if (answer instanceof Refusal) return answer;
  const { registration, signature } = answer.signed_registration;
  const said = canonicalBytes(registration);
  const right =
    registration.currency === id &&
    registration.identity === identity &&
    (await context.verifyEd25519(registration.cashier, said, signature));
  if (!right) return refuse('unreachable', 'the bank answered with another registration');
  const known = context.book.currency(id);
  await context.book.commit({ currencies: [{ ...known, registration: answer.signed_registration }] });
  return answer.signed_registration;
}
