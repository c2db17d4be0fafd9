/** What the fuzzer throws its messages at. */
import { canonical } from '../../src/base/canonical.ts';
import { Refusal } from '../../src/base/refusal.ts';
import { refusalAnswer } from '../../src/protocol/answers.ts';
import type { Json } from '../../src/protocol/synthetic.test-helper.ts';
import { openIssuerTarget } from './issuer-target.ts';
import { decodeRequest, decodeResponse, encode, referenceOf } from '../../src/protocol/codec.ts';

/** Takes a message and gives the status it is answered with. A crash is to throw, or a status of 500 and above. */
export type Target = (bytes: Uint8Array) => Promise<number>;

/** A target at work: what it answers with, messages that it accepts for mutations to begin with, and its end. */
export interface OpenTarget {
  readonly answer: Target;
  readonly examples: readonly Json[];
  close(): Promise<void>;
}

/** By name: makes the target. */
export const TARGETS: Readonly<Record<string, () => Promise<OpenTarget>>> = {
  codec: () => Promise.resolve({ answer: codecTarget, examples: [], close: () => Promise.resolve() }),
  issuer: openIssuerTarget,
};

/** Decodes a request. What is read must survive writing and reading again; what is refused must have an answer. */
export function codecTarget(bytes: Uint8Array): Promise<number> {
  const request = decodeRequest(bytes);
  if (request instanceof Refusal) {
    const answer = decodeResponse(encode(refusalAnswer(referenceOf(bytes), request)));
    if (answer instanceof Refusal) throw new Error(`a refusal that cannot be answered: ${answer.details}`);
    return Promise.resolve(request.code);
  }
  const again = decodeRequest(encode(request));
  if (again instanceof Refusal)
    throw new Error(`what was read is refused when written again: ${again.details}`);
  if (canonical(again) !== canonical(request)) throw new Error('what was read changes when written again');
  return Promise.resolve(200);
}
