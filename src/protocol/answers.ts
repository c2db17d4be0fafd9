import { REFUSALS, refuse } from '../base/refusal.ts';
import type { Refusal, RefusalName } from '../base/refusal.ts';
import type { Response } from './catalogue.ts';
import type { ResponseDelay, ResponseError } from './messages/refusals.ts';

/** What every answer that is not a refusal carries. */
export function ok(messageReference: number) {
  return { message_reference: messageReference, status_code: 200, status_description: 'ok' } as const;
}

/** A refusal as a message: the draft's `response delay` when it is temporary, `response error` when it is not. */
export function refusalAnswer(messageReference: number, refusal: Refusal): ResponseDelay | ResponseError {
  const status = {
    message_reference: messageReference,
    status_code: refusal.code,
    status_description: refusal.next,
  };
  return refusal.temporary
    ? { ...status, type: 'response delay' }
    : { ...status, details: refusal.details, type: 'response error' };
}

/** The refusal that an answer carries; undefined when it carries none. */
export function refusalIn(answer: Response): Refusal | undefined {
  if (answer.type !== 'response delay' && answer.type !== 'response error') return undefined;
  const details = answer.type === 'response error' ? answer.details : 'the issuer asks to wait';
  return refuse(nameFor(answer), details);
}

/** Some names share a code; the sentence tells them apart. An unknown code is taken by its class alone. */
function nameFor(answer: ResponseDelay | ResponseError): RefusalName {
  const names = Object.keys(REFUSALS) as RefusalName[];
  const sameCode = names.filter((name) => REFUSALS[name].code === answer.status_code);
  const exact = sameCode.find((name) => REFUSALS[name].next === answer.status_description);
  return exact ?? sameCode[0] ?? (answer.type === 'response delay' ? 'busy' : 'not possible');
}
