/** Asks a title server as anybody can: one question, the answer that fits it, or a refusal. */
import { REFUSALS, Refusal, outsideName, refuse } from '../../base/refusal.ts';
import type { RefusalName } from '../../base/refusal.ts';
import { readTitleResponse, writeTitleRequest } from '../documents/codec.ts';
import type { Group, TitleClassCertificate } from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import type { Said, TitleRequest, TitleResponse } from '../documents/messages.ts';
import { ServerRefusal } from '../wallet/ask.ts';

/** The way to a title server: a request's bytes to its answer's. */
export type TitleWay = (request: Uint8Array) => Promise<Uint8Array | Refusal>;

type AnswerTo<Type> = Type extends `request ${infer What}`
  ? Extract<TitleResponse, { readonly type: `response ${What}` }>
  : never;

/** One question at a time goes to a server, so that one reference does for all. */
const REFERENCE = 1;

/** Asks a question. What cannot be read, or answers another, is a refusal too. */
export async function askTitles<Message extends TitleRequest>(
  way: TitleWay,
  message: Message,
): Promise<AnswerTo<Message['type']> | Refusal> {
  const bytes = await way(writeTitleRequest({ reference: REFERENCE, message }));
  if (bytes instanceof Refusal) return bytes;
  const answer = readTitleResponse(bytes);
  if (answer instanceof Refusal) return unreadable(answer.details);
  const { reference, message: said } = answer;
  if (said.type === 'response title refusal') return refusalOf(said);
  return reference === REFERENCE && said.type === message.type.replace('request', 'response')
    ? (said as AnswerTo<Message['type']>)
    : unreadable('it answered another question');
}

function refusalOf(said: Said<'response title refusal'>): Refusal {
  const { name, details, status_code: code } = said;
  if (Object.hasOwn(REFUSALS, name)) return new ServerRefusal(name as RefusalName, said);
  return refuse(code < 400 ? 'busy' : 'not possible', `${outsideName(name)}: ${details}`);
}

function unreadable(why: string): Refusal {
  return refuse('unreachable', `the title server gives no answer that can be read (${why})`);
}

/** The latest version of every class, in the order in which they came. */
export async function askClasses(way: TitleWay): Promise<readonly TitleClassCertificate[] | Refusal> {
  const all: TitleClassCertificate[] = [];
  for (;;) {
    const answer = await askTitles(way, { type: 'request title classes', from: all.length });
    if (answer instanceof Refusal) return answer;
    if (answer.certificates.length === 0) return all;
    all.push(...answer.certificates);
    if (all.length > TITLE_LIMITS.classes) return unreadable('it shows more classes than a server may have');
  }
}

/** Groups from a number on; none where the server has none, or has them no more. */
export async function askGroups(way: TitleWay, from: number): Promise<readonly Group[] | Refusal> {
  const answer = await askTitles(way, { type: 'request title groups', from });
  return answer instanceof Refusal ? answer : answer.groups;
}
