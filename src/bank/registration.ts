/** Suites of two rounds: the cashier's word that an identity at the mint is an account's here. Only the bank knows whose. */
import { canonicalBytes } from '../base/canonical.ts';
import { DAY, writeDate } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import { registrationContext } from '../protocol/messages/registration.ts';
import type {
  Registration,
  RequestRegistration,
  ResponseRegistration,
} from '../protocol/messages/registration.ts';
import type {
  RequestApproveRegistration,
  RequestForgetIdentity,
  RequestIdentityHolder,
  RequestWaitingRegistrations,
  ResponseApproveRegistration,
  ResponseForgetIdentity,
  ResponseIdentityHolder,
  ResponseWaitingRegistrations,
} from '../protocol/messages/teller.ts';
import { suiteNamed } from '../suites/index.ts';
import type { OpenBank } from './parts.ts';
import type { RegistrationRule } from './ports.ts';
import { tokenHash } from './secrets.ts';

/** So many first digits of an identity are enough to tell it from others: nobody has another made that begins so. */
export const IDENTITY_DIGITS = 16;

/** Whoever has not been to a teller by then asks once more. */
const WAITING_LIVES = 30 * DAY;

/** Registers an account's identity, where a teller has approved it; again, it is the same word. */
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
  const account = await bank.store.account(hash, 0);
  if (account === undefined) return refuse('unknown', 'token: no such account');
  if (!accounts.proves(identity, registrationContext(currency, token), proof))
    return refuse('bad signature', 'proof: not this identity’s over this account');
  switch (await bank.store.register({ tokenHash: hash, identity }, ruleOf(bank))) {
    case 'registered':
    case 'repeated':
      return { ...ok(message_reference), ...(await vouch(bank, identity)), type: 'response registration' };
    case 'waiting':
      return refuse(
        'not possible',
        `account ${account.number} waits for the bank’s teller to approve it; show there this number, and ` +
          `${identity.slice(0, IDENTITY_DIGITS)}, with which the wallet’s identity begins, then ask again`,
      );
    case 'too many waiting':
      return refuse('busy', 'too many registrations wait for the bank’s teller');
    case 'no such account':
      return refuse('unknown', 'token: no such account');
    case 'another identity':
      return refuse(
        'not possible',
        'identity: this account has registered another; the bank’s teller can take that back',
      );
    case 'identity taken':
      return refuse('not possible', 'identity: another account has registered it');
  }
}

/** Fails closed: what is not said to be for anybody waits for a teller. */
function ruleOf(bank: OpenBank): RegistrationRule {
  const now = bank.clock();
  const waits = { until: now + WAITING_LIVES, most: LIMITS.unpaidOrders };
  return { now, waits: bank.registers === 'anybody' ? undefined : waits };
}

/** The cashier's word. */
async function vouch(
  { cashier, cddc, sign }: OpenBank,
  identity: string,
): Promise<Pick<ResponseRegistration, 'signed_registration'>> {
  const { id: currency } = cddc.cdd;
  const registration: Registration = {
    cashier: cashier.publicKey,
    currency,
    identity,
    type: 'registration',
  };
  const signature = await sign(cashier.secret, canonicalBytes(registration));
  return { signed_registration: { registration, signature, type: 'signed registration' } };
}

/** Who waits to be approved. */
export async function waitingRegistrations(
  { clock, store }: OpenBank,
  { message_reference }: RequestWaitingRegistrations,
): Promise<ResponseWaitingRegistrations> {
  const kept = await store.waitingIdentities(clock(), LIMITS.tellerPage);
  const registrations = kept.map(({ account, identity, until }) => ({
    account,
    expires: writeDate(until),
    identity,
  }));
  return { ...ok(message_reference), registrations, type: 'response waiting registrations' };
}

/** The teller's word that the account of an identity is a person's who is known here. */
export async function approveRegistration(
  { clock, store }: OpenBank,
  { identity: written, message_reference }: RequestApproveRegistration,
): Promise<ResponseApproveRegistration | Refusal> {
  const outcome = await store.approve(written, clock(), IDENTITY_DIGITS);
  switch (outcome.kind) {
    case 'approved':
    case 'repeated': {
      const { account, identity, kind } = outcome;
      const approved_before = kind === 'repeated';
      return {
        ...ok(message_reference),
        account,
        approved_before,
        identity,
        type: 'response approve registration',
      };
    }
    case 'none waits':
      return refuse(
        'unknown',
        `identity: none that waits; give its first ${IDENTITY_DIGITS} digits, or all of them`,
      );
    case 'several':
      return refuse('not possible', 'identity: several begin so; give all of its digits');
  }
}

/** Takes an account's identity back, so that it may register anew. */
export async function forgetIdentity(
  { store }: OpenBank,
  { account, message_reference }: RequestForgetIdentity,
): Promise<ResponseForgetIdentity | Refusal> {
  const outcome = await store.takeBack(account);
  if (outcome.kind === 'no such account') return refuse('unknown', 'account: no such account');
  const { identity } = outcome;
  const had = identity === undefined ? {} : { identity };
  return { ...ok(message_reference), account, ...had, type: 'response forget identity' };
}

/** Whose an identity is: for the teller alone, when one of its coins was handed over twice. */
export async function identityHolder(
  bank: OpenBank,
  { identity, message_reference }: RequestIdentityHolder,
): Promise<ResponseIdentityHolder | Refusal> {
  const holder = await bank.store.identityHolder(identity);
  if (holder === undefined) return refuse('unknown', 'identity: registered for no account of this bank');
  return { ...ok(message_reference), ...holder, type: 'response identity holder' };
}
