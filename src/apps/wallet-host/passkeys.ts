/** Passkeys (https://www.w3.org/TR/webauthn-3/): a new one, signing in by one, and one as second factor. */
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import Type from 'typebox';
import type { Static } from 'typebox';
import { hexToBytes, utf8 } from '../../base/bytes.ts';
import { fromBase64url, toBase64url } from '../../base/base64url.ts';
import { HOST_LIMITS } from '../../host/limits.ts';
import { Objection, object } from '../../host/objections.ts';
import type { MemberRow, Passkey } from '../../host/state.ts';
import type { Ceremony } from './challenges.ts';
import { enter, labelOf } from './forms-entry.ts';
import type { Site } from './site.ts';
import { addressOf, counted, isMemberVisit } from './visit.ts';
import type { MemberVisit, Visit } from './visit.ts';

/** Characters of what a passkey is called by. */
const LABEL = 80;

/** What a script sends; the form's other fields go along and mean nothing here. */
export const PasskeyBody = Type.Object({
  csrf: Type.String({ maxLength: 100 }),
  password: Type.Optional(Type.String({ maxLength: HOST_LIMITS.password })),
  name: Type.Optional(Type.String()),
  response: Type.Optional(
    Type.Object({ id: Type.String({ minLength: 1, maxLength: 2_000 }), response: Type.Object({}) }),
  ),
  prf: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })),
});
export type PasskeyBody = Static<typeof PasskeyBody>;

type Step = (visit: Visit, body: PasskeyBody) => Promise<object | Objection>;

/** Each ceremony has two steps: what is to be signed, and the signature. */
export const PASSKEY_STEPS: Readonly<Record<Ceremony, { readonly options: Step; readonly verify: Step }>> = {
  register: { options: ofMember(registerOptions), verify: ofMember(register) },
  signin: { options: signInOptions, verify: signIn },
  second: { options: secondOptions, verify: second },
};

function ofMember(step: (visit: MemberVisit, body: PasskeyBody) => Promise<object | Objection>): Step {
  return async (visit, body) => (isMemberVisit(visit) ? step(visit, body) : object('signed out'));
}

async function registerOptions(visit: MemberVisit, body: PasskeyBody): Promise<object | Objection> {
  const { site, member, session } = visit;
  const tooMany = await counted(visit, 'password', member.id);
  if (tooMany !== undefined) return tooMany;
  const refused = await member.checkPassword(body.password ?? '');
  if (refused !== undefined) return refused;
  await site.attempts.forgive('password', member.id);
  const account = await member.account(session.row.hash);
  if (account instanceof Objection) return account;
  const options = await generateRegistrationOptions({
    rpName: site.url.host,
    rpID: site.url.hostname,
    userName: member.name,
    userDisplayName: member.name,
    userID: Uint8Array.from(hexToBytes(member.id)),
    excludeCredentials: account.passkeys.map(({ credential }) => ({ id: credential })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  });
  return given(visit, 'register', options);
}

async function register(visit: MemberVisit, body: PasskeyBody): Promise<object | Objection> {
  const { site, member } = visit;
  const verified = await attempted(() =>
    verifyRegistrationResponse({
      response: body.response as unknown as RegistrationResponseJSON,
      ...expected(visit, 'register'),
      requireUserVerification: false,
    }),
  );
  if (verified?.verified !== true) return object('wrong passkey');
  const { credential, userVerified } = verified.registrationInfo;
  const passkey: Passkey = {
    credential: credential.id,
    publicKey: toBase64url(credential.publicKey),
    counter: credential.counter,
    transports: (credential.transports ?? []).filter((each) => /^[a-z-]{1,20}$/.test(each)).slice(0, 8),
    name: (body.name ?? '').trim().slice(0, LABEL) || labelOf(visit),
    created: site.clock(),
  };
  // A passkey that did not look who holds it gives another secret than one that did, as it has to when signing in.
  const secret = userVerified ? secretOf(body) : undefined;
  return (await member.addPasskey(passkey, secret)) ?? {};
}

/** Any passkey of this host: the browser shows those that it has. */
async function signInOptions(visit: Visit): Promise<object | Objection> {
  const options = await generateAuthenticationOptions({
    rpID: visit.site.url.hostname,
    userVerification: 'required',
  });
  return (await tooManyFrom(visit)) ?? given(visit, 'signin', options);
}

async function signIn(visit: Visit, body: PasskeyBody): Promise<object | Objection> {
  const { site } = visit;
  const tooMany = await tooManyFrom(visit);
  if (tooMany !== undefined) return tooMany;
  const row = await site.host.memberWithPasskey(body.response?.id ?? '');
  const secret = secretOf(body);
  if (row === undefined || secret === undefined) return object('wrong passkey');
  const shown = await shownBy(visit, row, body, 'signin');
  if (shown instanceof Objection) return shown;
  const signedIn = await site.host.signInByPasskey(shown.credential, shown.counter, secret, labelOf(visit));
  if (signedIn instanceof Objection) return signedIn;
  // Coins that somebody came with are handed in next, by a form of the session that begins here.
  const { csrf } = await enter(visit, signedIn.secret);
  return { csrf };
}

async function secondOptions(visit: Visit): Promise<object | Objection> {
  const who = halfOf(visit);
  if (who === undefined) return object('signed out');
  const options = await generateAuthenticationOptions({
    rpID: visit.site.url.hostname,
    userVerification: 'discouraged',
    allowCredentials: who.passkeys.map(({ credential, transports }) => ({
      id: credential,
      transports: [...transports],
    })),
  });
  return (await tooManyFrom(visit)) ?? given(visit, 'second', options);
}

async function second(visit: Visit, body: PasskeyBody): Promise<object | Objection> {
  const { site, secret } = visit;
  const tooMany = await tooManyFrom(visit);
  if (tooMany !== undefined) return tooMany;
  const who = halfOf(visit);
  if (who === undefined) return object('signed out');
  const shown = await shownBy(visit, who, body, 'second');
  if (shown instanceof Objection) return shown;
  const whole = await site.host.completeHalf(secret, shown.credential, shown.counter, labelOf(visit));
  if (whole instanceof Objection) return whole;
  // Coins that somebody came with are handed in next, by a form of the session that begins here.
  const { csrf } = await enter(visit, whole.secret);
  return { csrf };
}

function tooManyFrom(visit: Visit): Promise<Objection | undefined> {
  return counted(visit, 'passkey', addressOf(visit.site, visit.request));
}

/** Whose password was right, while the passkey is missing. */
function halfOf({ session }: Visit): MemberRow | undefined {
  return session?.member === undefined ? session?.who : undefined;
}

interface Options {
  readonly challenge: string;
  readonly extensions?: object;
}

/** Options as they go to the browser: their challenge remembered, and the passkey asked for its secret of this host. */
function given(visit: Visit, ceremony: Ceremony, options: Options): object {
  const { site } = visit;
  site.challenges.give(options.challenge, ceremony, visit.csrf);
  const prf = { eval: { first: prfInput(site) } };
  return ceremony === 'second' ? options : { ...options, extensions: { ...options.extensions, prf } };
}

/** What a passkey makes its secret of: the same at this host for ever, or nobody's passkey would open a wallet any more. */
function prfInput({ url, secrets }: Site): string {
  return toBase64url(hexToBytes(secrets.hash(utf8(`specie member key${url.origin}`))));
}

function secretOf({ prf }: PasskeyBody): Uint8Array | undefined {
  const secret = prf === undefined ? undefined : fromBase64url(prf);
  return secret?.length === 32 ? secret : undefined;
}

function expected(visit: Visit, ceremony: Ceremony) {
  const { site } = visit;
  return {
    expectedChallenge: (challenge: string) => site.challenges.take(challenge, ceremony, visit.csrf),
    expectedOrigin: site.url.origin,
    expectedRPID: site.url.hostname,
  };
}

/** Checks that a member's passkey has signed what it was given. */
async function shownBy(
  visit: Visit,
  row: MemberRow,
  body: PasskeyBody,
  ceremony: Ceremony,
): Promise<{ readonly credential: string; readonly counter: number } | Objection> {
  const passkey = row.passkeys.find(({ credential }) => credential === body.response?.id);
  const publicKey = passkey === undefined ? undefined : fromBase64url(passkey.publicKey);
  if (passkey === undefined || publicKey === undefined) return object('wrong passkey');
  const verified = await attempted(() =>
    verifyAuthenticationResponse({
      response: body.response as unknown as AuthenticationResponseJSON,
      ...expected(visit, ceremony),
      credential: {
        id: passkey.credential,
        publicKey: Uint8Array.from(publicKey),
        counter: passkey.counter,
      },
      requireUserVerification: ceremony === 'signin',
    }),
  );
  if (verified?.verified !== true) return object('wrong passkey');
  return { credential: passkey.credential, counter: verified.authenticationInfo.newCounter };
}

/** The library throws for whatever is wrong with what a browser sent; undefined for that. */
async function attempted<Result>(verify: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await verify();
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
