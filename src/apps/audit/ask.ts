/** Asks an issuer from the outside, as anyone can: one message, one answer that fits it, or a refusal. */
import { Refusal, refuse } from '../../base/refusal.ts';
import { refusalIn } from '../../protocol/answers.ts';
import type { Request, Response } from '../../protocol/catalogue.ts';
import { decodeDocument, decodeResponse, encode } from '../../protocol/codec.ts';
import type { Cddc } from '../../protocol/documents.ts';
import type { SignedEntry } from '../../protocol/journal.ts';
import { journalPages } from './journal-pages.ts';
import type { AskPage } from './journal-pages.ts';

/** The way to an issuer. */
export interface Way {
  readonly url: string;
  /** Sends a message and gives the bytes of the answer. */
  post(url: string, message: Uint8Array): Promise<Uint8Array | Refusal>;
  /** Gets the description document's bytes. */
  get(url: string): Promise<Uint8Array | Refusal>;
}

interface Answers {
  'request float': 'response float';
  'request journal': 'response journal';
  'request mint key certificates': 'response mint key certificates';
  'request operate': 'response operate';
  'request pending orders': 'response pending orders';
  'request double payments': 'response double payments';
}

type Asked = keyof Answers;
type AnswerTo<Type extends Asked> = Extract<Response, { readonly type: Answers[Type] }>;
type Question<Type extends Asked> = Omit<Extract<Request, { readonly type: Type }>, 'message_reference'>;

/** One message at a time goes to an issuer, so that one reference does for all. */
const REFERENCE = 1;

/** Asks a question. An answer that cannot be read, or is to another question, is a refusal too. */
export async function ask<Type extends Asked>(
  way: Way,
  question: Question<Type> & { readonly type: Type },
): Promise<AnswerTo<Type> | Refusal> {
  const bytes = await way.post(
    way.url,
    encode({ ...question, message_reference: REFERENCE } as unknown as Request),
  );
  if (bytes instanceof Refusal) return bytes;
  const answer = decodeResponse(bytes);
  if (answer instanceof Refusal) return unreadable(way, answer.details);
  const refusal = refusalIn(answer);
  if (refusal !== undefined) return refusal;
  const isFitting = answer.type === question.type.replace('request', 'response');
  return isFitting && answer.message_reference === REFERENCE
    ? (answer as AnswerTo<Type>)
    : unreadable(way, 'it answered another question');
}

/** Gets the description that an issuer shows. */
export async function askDescription(way: Way): Promise<Cddc | Refusal> {
  const bytes = await way.get(way.url);
  if (bytes instanceof Refusal) return bytes;
  const document = decodeDocument(bytes);
  if (!(document instanceof Refusal) && document.type === 'cdd certificate') return document;
  return refuse('unknown', `there is no currency at ${way.url}`);
}

/** The journal page by page, to `entries` entries. A refusal is the last thing that it gives. */
export function askJournal(
  way: Way,
  entries: number,
): AsyncGenerator<readonly SignedEntry[] | Refusal, undefined> {
  const page: AskPage = async (from) => {
    const answer = await ask(way, { type: 'request journal', from });
    return answer instanceof Refusal ? answer : answer.entries;
  };
  return journalPages(page, 0, entries);
}

function unreadable({ url }: Way, why: string): Refusal {
  return refuse('unreachable', `${url} gives no answer that can be read (${why})`);
}
