/** The forms of titles. */
import { Objection, object } from '../../host/objections.ts';
import type { LetterView } from '../../host/schemas.ts';
import {
  ClaimInput,
  GiveInput,
  HandoverInput,
  TitleInput,
  TitleServerInput,
  UrlInput,
} from '../../host/titles/schemas.ts';
import { titlesPage, verifyTitlesPage } from '../../pages/pages.ts';
import { goOn, shown } from './answers.ts';
import type { Answer } from './answers.ts';
import { coins, plainAmount, text } from './fields.ts';
import type { Fields } from './fields.ts';
import { members } from './form.ts';
import type { Counted, Form } from './form.ts';
import { withInput } from './inputs.ts';
import { lookOf } from './visit.ts';
import type { MemberVisit } from './visit.ts';

export const TITLE_FORMS: readonly Form[] = [
  members({ path: '/titles/give', isOnce: true, again: '/titles/give', counts: count('pay') }, give),
  members({ path: '/titles/receive', isOnce: true, again: '/titles/receive', counts: count('pay') }, receive),
  members({ path: '/titles/address', again: '/titles/receive', counts: count('currency') }, newAddress),
  members({ path: '/titles/verify', again: '/titles/verify', counts: count('look') }, verify),
  members({ path: '/titles/servers', again: '/titles/servers', counts: count('currency') }, addServer),
  members({ path: '/titles/claim', isOnce: true, again: '/titles', counts: count('pay') }, claim),
  members({ path: '/titles/check', again: '/titles', counts: count('currency') }, check),
  members({ path: '/titles/restore', again: '/titles/servers', counts: count('currency') }, restore),
];

function count(kind: 'pay' | 'currency' | 'look') {
  return ({ member }: MemberVisit): Counted => [[kind, member.id]];
}

async function give(visit: MemberVisit, fields: Fields): Promise<Answer> {
  const isByAmount = text(fields, 'how') === 'amount';
  const amount = isByAmount ? wholeIn(visit, text(fields, 'amount')) : 0;
  if (amount === undefined) return object('bad title amount');
  const serials = isByAmount ? [] : serialsIn(text(fields, 'titles'));
  if (!isByAmount && serials.length === 0) return object('no title chosen');
  const given = {
    to: text(fields, 'to').trim(),
    titleClass: text(fields, 'class'),
    serials,
    amount,
    subject: text(fields, 'subject').trim(),
    // Browsers write line breaks as two characters.
    text: text(fields, 'text').replaceAll('\r\n', '\n'),
  };
  const once = text(fields, 'once').slice(0, 64);
  const letter = await withInput(GiveInput, given, (input) => visit.member.titles.give(input, once));
  return letter instanceof Objection ? letter : goOn(`/sent/${letter.id}`, whatBecame(letter));
}

/** Undefined where the letter itself says what is the matter. */
function whatBecame({ state, way }: LetterView) {
  if (state === 'arriving') return 'titlesOnTheWay';
  if (state !== 'arrived') return undefined;
  return way === 'address' ? 'givenAddress' : 'given';
}

/** Titles have no parts: an amount is a whole number. */
function wholeIn({ language }: MemberVisit, typed: string): number | undefined {
  const plain = plainAmount(typed, language) ?? '';
  const amount = /^\d{1,15}$/.test(plain) ? Number(plain) : 0;
  return amount === 0 ? undefined : amount;
}

function serialsIn(ticked: string): number[] {
  return ticked.split(',').flatMap((each) => (/^\d{1,15}$/.test(each) ? [Number(each)] : []));
}

async function receive(visit: MemberVisit, fields: Fields): Promise<Answer> {
  const given = coins(fields);
  if (given instanceof Objection) return object('no titles');
  const taken = await withInput(HandoverInput, { text: given }, (input) =>
    visit.member.titles.receive(input),
  );
  return taken instanceof Objection ? taken : goOn('/titles', 'titlesTaken');
}

async function newAddress({ member }: MemberVisit, fields: Fields): Promise<Answer> {
  const made = await member.titles.newAddress(text(fields, 'server'));
  return made instanceof Objection ? made : goOn('/titles/receive', 'addressMade');
}

async function verify(visit: MemberVisit, fields: Fields): Promise<Answer> {
  const { titles } = visit.member;
  const typed = text(fields, 'serial').trim();
  const serial = wholeIn(visit, typed);
  if (typed !== '' && serial === undefined) return object('bad title number');
  const looks =
    serial === undefined
      ? await inspected(visit, fields)
      : await withInput(TitleInput, { titleClass: text(fields, 'class'), serial }, (input) =>
          titles.look(input),
        );
  if (looks instanceof Objection) return looks;
  return shown(verifyTitlesPage(lookOf(visit), { classes: [], looks: [looks].flat() }, {}));
}

async function inspected({ member }: MemberVisit, fields: Fields) {
  const given = coins(fields);
  if (given instanceof Objection) return object('no titles');
  return withInput(HandoverInput, { text: given }, (input) => member.titles.inspect(input));
}

async function addServer({ member }: MemberVisit, fields: Fields): Promise<Answer> {
  const given = { url: text(fields, 'url').trim(), confirmed: text(fields, 'confirmed') === 'yes' };
  const added = await withInput(TitleServerInput, given, (input) => member.titles.addServer(input));
  return added instanceof Objection ? added : goOn('/titles', 'serverAdded');
}

async function claim({ member }: MemberVisit, fields: Fields): Promise<Answer> {
  const given = {
    titleClass: text(fields, 'class'),
    serial: serialsIn(text(fields, 'serial'))[0] ?? -1,
    secret: text(fields, 'secret').trim().toLowerCase(),
  };
  const claimed = await withInput(ClaimInput, given, (input) => member.titles.claim(input));
  return claimed instanceof Objection ? claimed : goOn('/titles', 'claimed');
}

async function restore({ member }: MemberVisit, fields: Fields): Promise<Answer> {
  const restored = await withInput(UrlInput, { url: text(fields, 'url') }, ({ url }) =>
    member.titles.restore(url),
  );
  return restored instanceof Objection ? restored : goOn('/titles', 'titlesRestored');
}

/** What the servers say otherwise stands on the page itself. */
async function check(visit: MemberVisit): Promise<Answer> {
  const { titles } = visit.member;
  const said = await titles.check();
  if (said instanceof Objection) return said;
  if (said.length === 0) return goOn('/titles', 'titlesChecked');
  const view = titles.view();
  return view instanceof Objection
    ? view
    : shown(titlesPage(lookOf(visit, undefined, '/titles'), { view, said }));
}
