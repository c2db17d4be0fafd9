/** Speaks with a currency's services: one request, one answer that fits it, or a refusal. */
import { bytesToNumber } from '../base/bigint.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { refusalIn } from '../protocol/answers.ts';
import type { Request, Response } from '../protocol/catalogue.ts';
import { decodeResponse, encode } from '../protocol/codec.ts';
import type { Cdd } from '../protocol/documents.ts';
import type { Context } from './context.ts';

/** What each request is answered with when it is not refused. */
interface Answers {
  'request mint': 'response mint';
  'request renew': 'response mint';
  'request resume': 'response mint';
  'request redeem': 'response redeem';
  'request coin status': 'response coin status';
  'request rails': 'response rails';
  'request order': 'response order';
  'request order status': 'response order';
  'request test payment': 'response order';
  'request payment': 'response order';
  'request voucher': 'response voucher';
  'request open account': 'response account';
  'request account': 'response account';
  'request payout': 'response payout';
  'request show receipt': 'response show receipt';
  'request registration': 'response registration';
  'request commitments': 'response commitments';
  'request mint key certificates': 'response mint key certificates';
  'request cddc': 'response cddc';
}

type Asked = keyof Answers;
type AnswerTo<Type extends Asked> = Extract<Response, { type: Answers[Type] }>;
/** A request before it has its number. */
type Question<Type extends Asked> = Omit<Extract<Request, { type: Type }>, 'message_reference' | 'type'> & {
  readonly type: Type;
};

const ANSWERS: { readonly [Type in Asked]: Answers[Type] } = {
  'request mint': 'response mint',
  'request renew': 'response mint',
  'request resume': 'response mint',
  'request redeem': 'response redeem',
  'request coin status': 'response coin status',
  'request rails': 'response rails',
  'request order': 'response order',
  'request order status': 'response order',
  'request test payment': 'response order',
  'request payment': 'response order',
  'request voucher': 'response voucher',
  'request open account': 'response account',
  'request account': 'response account',
  'request payout': 'response payout',
  'request show receipt': 'response show receipt',
  'request registration': 'response registration',
  'request commitments': 'response commitments',
  'request mint key certificates': 'response mint key certificates',
  'request cddc': 'response cddc',
};

const REFERENCE_BYTES = 6;
const DETAILS_SHOWN = 300;

/**
 * Asks the services that the description names for this kind of request, lowest weight first, the next where one
 * does not answer. A permanent refusal is the issuer's own word; whatever else goes wrong on the way, an answer
 * that cannot be read among it, is a temporary one, since the request may have been done.
 */
export async function ask<Type extends Asked>(
  context: Context,
  cdd: Cdd,
  question: Question<Type>,
): Promise<AnswerTo<Type> | Refusal> {
  let refusal = refuse('unreachable', 'the description of the currency names no service for this');
  for (const url of servicesFor(cdd, question.type)) {
    const answer = await exchange(context, url, question);
    if (!(answer instanceof Refusal)) {
      if (answer.type === ANSWERS[question.type]) return answer as AnswerTo<Type>;
      refusal = unreadable(url, 'it answered another question');
    } else if (answer.name === 'unreachable') refusal = answer;
    else return answer;
  }
  return refusal;
}

async function exchange(context: Context, url: string, question: object): Promise<Response | Refusal> {
  const message_reference = Number(bytesToNumber(context.randomness(REFERENCE_BYTES)));
  const bytes = await context.messenger.exchange(url, encode({ ...question, message_reference } as Request));
  if (bytes instanceof Refusal) return bytes.temporary ? bytes : unreadable(url, bytes.details);
  const answer = decodeResponse(bytes);
  if (answer instanceof Refusal) return unreadable(url, answer.details);
  if (answer.message_reference !== message_reference) return unreadable(url, 'it answered another message');
  const refusal = refusalIn(answer);
  return refusal === undefined ? answer : refuse(refusal.name, shown(refusal.details));
}

function unreadable(url: string, why: string): Refusal {
  return refuse('unreachable', `${url} gives no answer that can be read (${shown(why)})`);
}

/** What an issuer says is shown on terminals: no control characters, and not too much. */
export function shown(details: string): string {
  return details.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').slice(0, DETAILS_SHOWN);
}

function servicesFor(cdd: Cdd, type: Asked): readonly string[] {
  switch (type) {
    case 'request renew':
      return byWeight(cdd.renewal_service);
    case 'request redeem':
      return byWeight(cdd.invalidation_service);
    case 'request mint':
      return byWeight(cdd.validation_service);
    default:
      return [...new Set([...byWeight(cdd.validation_service), ...byWeight(cdd.renewal_service)])];
  }
}

function byWeight(services: Cdd['validation_service']): readonly string[] {
  return services.toSorted(([left], [right]) => left - right).map(([, url]) => url);
}
