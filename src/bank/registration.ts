/** Suites of two rounds: the cashier's word that an identity at the mint is an account's here. Only the bank knows whose. */
import { canonicalBytes } from '../base/canonical.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import { registrationContext } from '../protocol/messages/registration.ts';
import type {
  Registration,
  RequestRegistration,
  ResponseRegistration,
} from '../protocol/messages/registration.ts';
import type { RequestIdentityHolder, ResponseIdentityHolder } from '../protocol/messages/teller.ts';
import { suiteNamed } from '../suites/index.ts';
import type { OpenBank } from './parts.ts';
import { tokenHash } from './secrets.ts';

/** Registers an account's identity, one for ever; again, it is the same word. */
export async function register(
  bank: OpenBank,
  request: RequestRegistration,
): Promise<ResponseRegistration | Refusal> {
  const { identity, message_reference, proof, token } = request;
  const { id: currency, issuer_cipher_suite: suiteName } = bank.cddc.cdd;
  const suite = suiteNamed(suiteName);
  if (suite instanceof Refusal) return suite;
  const { accounts } = suite;
  if (accounts === undefined) return refuse('not possible', 'this currency’s coins need no registration');
  const hash = tokenHash(token);
  // Before the proof, which takes longer to check.
  if ((await bank.store.account(hash, 0)) === undefined) return refuse('unknown', 'token: no such account');
  if (!accounts.proves(identity, registrationContext(currency, token), proof))
    return refuse('bad signature', 'proof: not this identity’s over this account');
  switch (await bank.store.register(hash, identity)) {
    case 'registered':
    case 'repeated': {
      const registration: Registration = {
        cashier: bank.cashier.publicKey,
        currency,
        identity,
        type: 'registration',
      };
      const signature = await bank.sign(bank.cashier.secret, canonicalBytes(registration));
      const signed_registration = { registration, signature, type: 'signed registration' } as const;
      return { ...ok(message_reference), signed_registration, type: 'response registration' };
    }
    case 'no such account':
      return refuse('unknown', 'token: no such account');
    case 'another identity':
      return refuse('not possible', 'identity: this account has registered another, and has one for ever');
    case 'identity taken':
      return refuse('not possible', 'identity: another account has registered it');
  }
}

/** Whose an identity is: for the teller alone, when one of its coins was handed over twice. */
export async function identityHolder(
  bank: OpenBank,
  { identity, message_reference }: RequestIdentityHolder,
): Promise<ResponseIdentityHolder | Refusal> {
  const account = await bank.store.identityHolder(identity);
  if (account === undefined) return refuse('unknown', 'identity: registered for no account of this bank');
  return { ...ok(message_reference), account, type: 'response identity holder' };
}
