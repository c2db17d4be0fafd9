/** Asking a title server: by UDP what fits a datagram each way, by HTTP all else. What it says is for the caller to check. */
import { REFUSALS, Refusal, outsideName, refuse } from '../../base/refusal.ts';
import type { RefusalName } from '../../base/refusal.ts';
import { readTitleResponse, writeTitleRequest } from '../documents/codec.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import type { Said, TitleRequest, TitleResponse } from '../documents/messages.ts';
import type { Context } from './context.ts';
import type { KnownServer } from './state.ts';

type AnswerTo<Type> = Type extends `request ${infer What}`
  ? Extract<TitleResponse, { readonly type: `response ${What}` }>
  : never;

/** A server as one that is asked for the first time is known. */
export type Asked = Pick<KnownServer, 'url' | 'udpPort'>;

/** A server's refusal of a request, with what a wallet has to know of an outdated proof. */
export class ServerRefusal extends Refusal {
  readonly serial: number | undefined;
  readonly sequence: number | undefined;

  constructor(
    name: RefusalName,
    { details, serial, sequence }: Pick<Said<'response title refusal'>, 'details' | 'serial' | 'sequence'>,
  ) {
    super(name, outsideText(details));
    this.serial = serial;
    this.sequence = sequence;
  }
}

/** What is answered at length goes by HTTP. */
const LONG_ANSWERS: readonly TitleRequest['type'][] = [
  'request title classes',
  'request title root',
  'request title groups',
];
/** Titles of a transfer whose request and receipt fit a datagram each. */
const DATAGRAM_TITLES = 4;

/**
 * Asks, and gives the answer if it is one to this request. A temporary refusal leaves open what became of it: unreachable,
 * busy, or an answer that cannot be read.
 */
export async function ask<Message extends TitleRequest>(
  context: Context,
  server: Asked,
  message: Message,
  reference: number = freshReference(context),
): Promise<AnswerTo<Message['type']> | Refusal> {
  const bytes = writeTitleRequest({ reference, message });
  const { udpPort, url } = server;
  const mayTry = !context.deaf.has(url) && !isBetterSafe(server, message);
  if (udpPort !== null && mayTry && fitsDatagrams(message, bytes)) {
    const answer = await exchange(context, server, udpPort, { bytes, reference, message });
    if (!(answer instanceof Refusal) || !isOfTheWay(answer)) return answer;
    // What lies between lets no datagrams through: it would take seconds to find out each time.
    if (answer.name === 'unreachable') context.deaf.add(url);
  }
  return exchange(context, server, undefined, { bytes, reference, message });
}

/** A number by which an answer is told from others: unforeseeable, of 32 bits. */
export function freshReference({ randomness }: Pick<Context, 'randomness'>): number {
  const bytes = randomness(4);
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}

function fitsDatagrams(message: TitleRequest, bytes: Uint8Array): boolean {
  if (bytes.length > TITLE_LIMITS.datagramBytes || LONG_ANSWERS.includes(message.type)) return false;
  if (message.type !== 'request title transfer') return true;
  // One that was refused for an empty pool could be done later: no copy of it may be left on the way.
  return message.transfer.change.length === 0 && message.transfer.inputs.length <= DATAGRAM_TITLES;
}

/** What an old answer would do for as well, so that whoever is on the way could show one; and what shows a secret. */
function isBetterSafe({ url }: Asked, message: TitleRequest): boolean {
  if (!url.startsWith('https:')) return false;
  if (message.type === 'request title transfer')
    return message.transfer.inputs.some(({ secret }) => secret !== undefined);
  return message.type === 'request title' || message.type === 'request title server';
}

/** Whether another way may lead where this one does not. */
function isOfTheWay(refusal: Refusal): boolean {
  return !(refusal instanceof ServerRefusal) || refusal.name === 'too large';
}

interface Question<Message> {
  readonly bytes: Uint8Array;
  readonly reference: number;
  readonly message: Message;
}

async function exchange<Message extends TitleRequest>(
  { messenger }: Context,
  { url }: Asked,
  udpPort: number | undefined,
  { bytes, reference, message }: Question<Message>,
): Promise<AnswerTo<Message['type']> | Refusal> {
  const answer = await messenger.exchange(url, udpPort, bytes);
  if (answer instanceof Refusal) return answer;
  const read = readTitleResponse(answer);
  if (read instanceof Refusal) return noAnswer(url, read.details);
  // A server that could not read the request does not know its reference.
  if (read.reference !== reference) return noAnswer(url, 'its answer is to another request');
  const { message: said } = read;
  if (said.type === 'response title refusal') return refusalOf(said);
  if (said.type !== message.type.replace('request', 'response'))
    return noAnswer(url, 'its answer is to another kind of request');
  return said as AnswerTo<Message['type']>;
}

function noAnswer(url: string, why: string): Refusal {
  return refuse('unreachable', `${url} gives no answer of a title server (${why})`);
}

function refusalOf(said: Said<'response title refusal'>): Refusal {
  const { name, status_code: code } = said;
  if (Object.hasOwn(REFUSALS, name)) return new ServerRefusal(name as RefusalName, said);
  const what = { ...said, details: `${outsideName(name)}: ${said.details}` };
  return new ServerRefusal(code < 400 ? 'busy' : 'not possible', what);
}

function outsideText(text: string): string {
  return text.replace(/[^ -~’“”…–]/g, '?');
}
