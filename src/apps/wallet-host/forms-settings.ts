/** The forms of the settings. */
import { HOST_LIMITS } from '../../host/limits.ts';
import { Objection, object } from '../../host/objections.ts';
import { closedPage, tokenPage, wordsPage } from '../../pages/pages.ts';
import type { DoneKey } from '../../pages/texts/index.ts';
import { goOn, shown } from './answers.ts';
import type { Answer } from './answers.ts';
import { putSessionCookie } from './cookies.ts';
import { text } from './fields.ts';
import type { Fields } from './fields.ts';
import { archive } from './files.ts';
import { members } from './form.ts';
import type { Counted, Form } from './form.ts';
import { lookOf, visitOf } from './visit.ts';
import type { MemberVisit } from './visit.ts';

/** Characters of what a token or a passkey is called by. */
const LABEL = 80;

type Act = (visit: MemberVisit, fields: Fields) => Promise<Answer>;

export const SETTINGS_FORMS: readonly Form[] = [
  setting('language', ({ member }, fields) => then(member.setLanguage(text(fields, 'language')), 'language')),
  guarded('password', changePassword),
  guarded('words', async (visit, fields) => {
    const phrase = await visit.member.phrase(text(fields, 'password'));
    if (phrase instanceof Objection) return phrase;
    return shown(wordsPage(lookOf(visit), { phrase, isNew: false }, {}));
  }),
  guarded('passkeys', ({ member }, fields) =>
    then(member.removePasskey(text(fields, 'credential'), text(fields, 'password')), 'passkeyRemoved'),
  ),
  guarded('second-factor', ({ member }, fields) => {
    const isOn = text(fields, 'on') === 'yes';
    return then(member.setSecondFactor(isOn, text(fields, 'password')), isOn ? 'factorOn' : 'factorOff');
  }),
  guarded('tokens', async (visit, fields) => {
    const label = text(fields, 'label').trim().slice(0, LABEL);
    const secret = await visit.member.newToken(label, text(fields, 'password'));
    return secret instanceof Objection ? secret : shown(tokenPage(lookOf(visit), { label, secret }));
  }),
  setting('sessions', endSession),
  setting(
    'files',
    async ({ member }) => {
      const files = await member.takeAway();
      return files instanceof Objection ? files : archive(files);
    },
    ({ member }) => [['take away', member.id]],
  ),
  guarded('close', close),
];

function setting(name: string, act: Act, counts?: (visit: MemberVisit) => Counted): Form {
  const options = { path: `/settings/${name}`, again: '/settings' };
  return members(counts === undefined ? options : { ...options, counts }, act);
}

/** One that asks for the password, whose guesses are counted. */
function guarded(name: string, act: Act): Form {
  const counts = ({ member }: MemberVisit): Counted => [['password', member.id]];
  return setting(
    name,
    async (visit, fields) => {
      const answer = await act(visit, fields);
      const isWrong = answer instanceof Objection && answer.name === 'wrong password';
      if (!isWrong) await visit.site.attempts.forgive('password', visit.member.id);
      return answer;
    },
    counts,
  );
}

async function then(done: Promise<Objection | undefined>, key: DoneKey): Promise<Answer> {
  return (await done) ?? goOn('/settings', key);
}

async function changePassword(visit: MemberVisit, fields: Fields): Promise<Answer> {
  const { member, session, site } = visit;
  const after = text(fields, 'after');
  if (after.length > HOST_LIMITS.password) return object('unreadable', 'after: it is too long');
  const endTokens = text(fields, 'tokens') === 'end';
  const refused = await member.changePassword(text(fields, 'before'), after, session.row.hash, endTokens);
  await site.streams.check(member.id);
  return refused ?? goOn('/settings', 'password');
}

async function endSession(visit: MemberVisit, fields: Fields): Promise<Answer> {
  const { member, site } = visit;
  const refused = await member.endSession(text(fields, 'id'));
  await site.streams.check(member.id);
  return refused ?? goOn('/settings', 'ended');
}

async function close(visit: MemberVisit, fields: Fields): Promise<Answer> {
  const { member, site, request } = visit;
  const isConfirmed = text(fields, 'confirmed') === 'yes';
  const refused = await member.closeAccount(text(fields, 'password'), isConfirmed);
  if (refused !== undefined) return refused;
  await site.streams.check(member.id);
  putSessionCookie(site, request, '');
  return shown(closedPage(lookOf(await visitOf(site, request, ''))));
}
