/** The forms at the door: in, out, and back in. */
import { handleOf } from '../../host/members/names.ts';
import { Objection } from '../../host/objections.ts';
import { RecoverInput, SignInInput, SignUpInput } from '../../host/schemas.ts';
import { offerPage, secondFactorPage, signedOutPage, wordsPage } from '../../pages/pages.ts';
import { goOn, shown } from './answers.ts';
import type { Answer } from './answers.ts';
import { putSessionCookie } from './cookies.ts';
import { text } from './fields.ts';
import type { Fields } from './fields.ts';
import { open } from './form.ts';
import type { Counted, Form } from './form.ts';
import { browserOf } from './headers.ts';
import { withInput } from './inputs.ts';
import { addressOf, isMemberVisit, lookOf, ownPath, visitOf } from './visit.ts';
import type { Visit } from './visit.ts';

export const ENTRY_FORMS: readonly Form[] = [
  open({ path: '/signin', again: '/signin', counts: signInCounts }, signIn),
  open({ path: '/signup', again: '/signup', counts: byAddress('sign up') }, signUp),
  // Nobody guesses twelve words, and counting by name would let strangers keep a member out.
  open({ path: '/recover', again: '/recover', counts: byAddress('recover') }, recover),
  open({ path: '/signout', again: '/' }, signOut),
  open({ path: '/words', again: '/' }, (visit, fields) => goOnWith(visit, fields)),
];

function byAddress(kind: 'sign up' | 'recover') {
  return ({ site, request }: Visit): Counted => [[kind, addressOf(site, request)]];
}

function signInCounts({ site, request }: Visit, fields: Fields): Counted {
  const address = addressOf(site, request);
  const handle = handleOf(text(fields, 'name').slice(0, 200));
  return [
    ['sign in by address', address],
    ['sign in by both', `${address} ${handle}`],
    ['sign in by name', handle],
  ];
}

async function signIn(visit: Visit, fields: Fields): Promise<Answer> {
  const { site } = visit;
  const given = { name: text(fields, 'name'), password: text(fields, 'password') };
  const signedIn = await withInput(SignInInput, given, (input) => site.host.signIn(input, labelOf(visit)));
  if (signedIn instanceof Objection) return signedIn;
  for (const [kind, whose] of signInCounts(visit, fields)) await site.attempts.forgive(kind, whose);
  const entered = await enter(visit, signedIn.secret);
  const carried = { text: text(fields, 'text'), next: ownPath(visit, text(fields, 'next'), '/inbox') };
  if (!signedIn.needsPasskey) return goOnWith(entered, fields);
  return shown(secondFactorPage(lookOf(entered), { name: given.name }, carried));
}

/** The words are shown in the answer itself: they stand nowhere that they could be asked for without the password. */
async function signUp(visit: Visit, fields: Fields): Promise<Answer> {
  const { site } = visit;
  const given = {
    name: text(fields, 'name'),
    password: text(fields, 'password'),
    phrase: text(fields, 'phrase').trim(),
  };
  const signedUp = await withInput(SignUpInput, given, (input) => site.host.signUp(input, labelOf(visit)));
  if (signedUp instanceof Objection) return signedUp;
  const entered = await enter(visit, signedUp.secret);
  // Who brought words along has them.
  if (given.phrase !== '') return goOnWith(entered, fields);
  const carried = { text: text(fields, 'text'), next: text(fields, 'next') };
  return shown(wordsPage(lookOf(entered), { phrase: signedUp.phrase, isNew: true }, carried));
}

async function recover(visit: Visit, fields: Fields): Promise<Answer> {
  const { site } = visit;
  const given = {
    name: text(fields, 'name'),
    phrase: text(fields, 'phrase').trim(),
    password: text(fields, 'password'),
  };
  const back = await withInput(RecoverInput, given, (input) => site.host.recover(input, labelOf(visit)));
  if (back instanceof Objection) return back;
  const { member } = await enter(visit, back.secret);
  if (member !== undefined) await site.streams.check(member.id);
  return goOn('/inbox', 'recovered');
}

async function signOut(visit: Visit): Promise<Answer> {
  const { site, request, secret, member } = visit;
  if (secret !== '') await site.host.signOut(secret);
  if (member !== undefined) await site.streams.check(member.id);
  putSessionCookie(site, request, '');
  return shown(signedOutPage(lookOf(await visitOf(site, request, ''))));
}

/** Signs the browser in, and out of what it was signed in to; from here on the visit is the new session's. */
export async function enter({ site, request, secret: before }: Visit, secret: string): Promise<Visit> {
  if (before !== '') await site.host.signOut(before);
  putSessionCookie(site, request, secret);
  return visitOf(site, request, secret);
}

export function labelOf({ request }: Visit): string {
  return browserOf(request.req.header('user-agent') ?? '');
}

/** After the door: to the coins that somebody came with, or to the page that they were on the way to. */
async function goOnWith(visit: Visit, fields: Fields): Promise<Answer> {
  const carried = text(fields, 'text');
  const next = ownPath(visit, text(fields, 'next'), '/inbox');
  if (carried === '' || !isMemberVisit(visit)) return goOn(next, next === '/inbox' ? 'welcome' : undefined);
  const offer = await visit.member.look({ text: carried });
  return offer instanceof Objection
    ? goOn('/inbox', 'welcome')
    : shown(offerPage(lookOf(visit), offer, carried));
}
