/** What the fuzzer throws its messages at. */
import { canonical } from '../../src/base/canonical.ts';
import { Refusal } from '../../src/base/refusal.ts';
import { refusalAnswer } from '../../src/protocol/answers.ts';
import { decodeRequest, decodeResponse, encode, referenceOf } from '../../src/protocol/codec.ts';
import { SUITES } from '../../src/suites/index.ts';
import { openIssuerTarget } from './issuer-target.ts';
import { mutations } from './mutations.ts';
import { openSuiteTarget } from './suite-target.ts';
import { openTitlesTarget } from './titles-target.ts';

/** Takes a message and gives the status it is answered with. A crash is to throw, or a status of 500 and above. */
export type Target = (bytes: Uint8Array) => Promise<number>;

/** A target at work: what it answers with, what is thrown at it, and its end. */
export interface OpenTarget {
  readonly answer: Target;
  /** Without end. The same for the same seed, but for what the target itself draws: its keys, its nonces. */
  messages(seed: number): Iterable<Uint8Array>;
  /** Rejects when the target came to harm unseen. */
  close(): Promise<void>;
}

export interface TargetMaker {
  /** How many messages are enough for `npm test`, by what one costs. */
  readonly brief: number;
  readonly open: () => Promise<OpenTarget>;
}

/** By name: the codec, a title server, and of each suite an issuer and its own functions. */
export const TARGETS: Readonly<Record<string, TargetMaker>> = {
  codec: {
    brief: 2_500,
    open: () =>
      Promise.resolve({
        answer: codecTarget,
        messages: (seed) => mutations(seed),
        close: () => Promise.resolve(),
      }),
  },
  titles: { brief: 3_000, open: openTitlesTarget },
  ...Object.fromEntries(
    SUITES.flatMap((suite): [string, TargetMaker][] => [
      [`issuer ${suite.name}`, { brief: 400, open: () => openIssuerTarget(suite.name) }],
      [
        `suite ${suite.name}`,
        { brief: suite.accounts === undefined ? 150 : 50, open: () => openSuiteTarget(suite) },
      ],
    ]),
  ),
};

/** Whether a target is meant by a name, or by its first word. */
export function isMeant(name: string, only: string | undefined): boolean {
  return only === undefined || name === only || name.startsWith(`${only} `);
}

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
