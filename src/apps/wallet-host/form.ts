/** What a form of the table is, and how one is carried out: read, act, answer. */
import { utf8 } from '../../base/bytes.ts';
import { Objection, object } from '../../host/objections.ts';
import type { Values } from '../../pages/look.ts';
import type { Answer } from './answers.ts';
import type { Attempt } from './attempts.ts';
import { isToken } from './cookies.ts';
import { retyped, text } from './fields.ts';
import type { Fields } from './fields.ts';
import { counted, isMemberVisit, ownPath } from './visit.ts';
import type { MemberVisit, Visit } from './visit.ts';

/** What is counted, and for whom. */
export type Counted = readonly (readonly [kind: Attempt, whose: string])[];

/** Where a form is, and what surrounds its deed. */
export interface FormOptions<Who> {
  readonly path: string;
  /** The page that is shown again, with what was typed, when it was not done. */
  readonly again: string;
  /** Whether it moves money: sent twice, it is carried out once. */
  readonly isOnce?: boolean;
  readonly counts?: (visit: Who, fields: Fields) => Counted;
}

export interface Form {
  readonly path: string;
  readonly again: string;
  readonly isForMembers: boolean;
  readonly isOnce: boolean;
  readonly counts: (visit: Visit, fields: Fields) => Counted;
  readonly act: (visit: Visit, fields: Fields) => Promise<Answer>;
}

type Act<Who> = (visit: Who, fields: Fields) => Answer | Promise<Answer>;

/** A form that anybody may send. */
export function open(options: Omit<FormOptions<Visit>, 'isOnce'>, act: Act<Visit>): Form {
  const { path, again, counts = () => [] } = options;
  return {
    path,
    again,
    isForMembers: false,
    isOnce: false,
    counts,
    act: async (visit, fields) => act(visit, fields),
  };
}

/** A form for who is signed in. */
export function members(options: FormOptions<MemberVisit>, act: Act<MemberVisit>): Form {
  const { path, again, isOnce = false, counts } = options;
  return {
    path,
    again,
    isForMembers: true,
    isOnce,
    counts: (visit, fields) => (isMemberVisit(visit) && counts !== undefined ? counts(visit, fields) : []),
    act: async (visit, fields) => (isMemberVisit(visit) ? act(visit, fields) : object('signed out')),
  };
}

/** Carries a form out. An objection comes back as the page that it was on, with what was typed, under its status. */
export async function carryOut(form: Form, visit: Visit, fields: Fields): Promise<Answer | Again> {
  const objection = await admitted(form, visit, fields);
  const answer = objection ?? (await acted(form, visit, fields));
  if (!(answer instanceof Objection)) return answer;
  if (answer.name === 'signed out') return again('/signin', { next: pathOf(visit, form) }, answer);
  if (answer.name === 'forged') return answer;
  return again(form.again, retyped(fields), answer);
}

/** A page that is to be shown again. */
export interface Again {
  readonly kind: 'again';
  readonly path: string;
  readonly values: Values;
  readonly objection: Objection;
}

function again(path: string, values: Values, objection: Objection): Again {
  return { kind: 'again', path, values, objection };
}

/** The page of a form, to come back to after signing in. */
function pathOf(visit: Visit, { again: path }: Form): string {
  return ownPath(visit, path.includes(':') ? visit.request.req.path : path, '');
}

async function admitted(form: Form, visit: Visit, fields: Fields): Promise<Objection | undefined> {
  if (form.isForMembers && visit.session === undefined) return object('signed out');
  if (!isToken(text(fields, 'csrf'), visit.csrf)) return object('forged');
  if (form.isForMembers && visit.member === undefined) return object('signed out');
  for (const [kind, whose] of form.counts(visit, fields)) {
    const tooMany = await counted(visit, kind, whose);
    if (tooMany !== undefined) return tooMany;
  }
  return undefined;
}

/**
 * A form that moves money brings a `once` along: sent twice, it is carried out once. Only the way that it led to is
 * remembered, and that for members alone: no page, no file, and nothing of a stranger's is kept in memory.
 */
async function acted(form: Form, visit: Visit, fields: Fields): Promise<Answer> {
  const { site, member, secret, request } = visit;
  const once = text(fields, 'once').slice(0, 64);
  if (!form.isOnce || member === undefined || once === '') return form.act(visit, fields);
  const session = site.secrets.hash(utf8(secret));
  const asked = {
    whose: member.id,
    key: `${session} ${request.req.path} ${once}`,
    what: saying(visit, fields),
  };
  const answer = await site.once.run(
    asked,
    () => form.act(visit, fields),
    (made) => !(made instanceof Objection) && made.kind === 'go on',
  );
  return answer === 'reused' ? object('reference reused') : answer;
}

/** All that was typed, as a hash. */
function saying({ site }: Visit, { texts, file }: Fields): string {
  const typed = Object.entries(texts).filter(([name]) => name !== 'csrf');
  return site.secrets.hash(utf8(JSON.stringify([typed, file])));
}
