/** An issuer as one sees it from the outside, out of a journal written by hand; each answer can be another. */
import { encode, decodeRequest } from '../../protocol/codec.ts';
import { ok } from '../../protocol/answers.ts';
import type { Response } from '../../protocol/catalogue.ts';
import { Refusal } from '../../base/refusal.ts';
import type { TestIssuer } from '../../mint/charter/charter.test-helper.ts';
import { windowOf } from '../../mint/charter/charter.ts';
import type { SignedEntry } from '../../protocol/journal.ts';
import type { ResponseFloat } from '../../protocol/messages/float.ts';
import type { ResponseMintKeyCertificates } from '../../protocol/messages/mint-key-certificates.ts';
import type { Way } from './ask.ts';

/** What a liar says in the place of the truth. */
export interface Lies {
  readonly entries?: readonly SignedEntry[];
  /** Of the statements asked for one after the other, the first and the second. */
  readonly floats?: readonly ResponseFloat[];
  readonly keys?: Partial<ResponseMintKeyCertificates>;
  readonly cddc?: TestIssuer['charter']['cddcs'][number];
}

const PAGE = 5;

export function floatOf(
  issuer: TestIssuer,
  changes: Parameters<TestIssuer['statement']>[0] = {},
): ResponseFloat {
  return {
    ...ok(1),
    signed_statement: issuer.statement(changes),
    statement_key: issuer.charter.statementKey,
    type: 'response float',
  };
}

export function keysOf({ charter }: TestIssuer): ResponseMintKeyCertificates {
  const keys = [...charter.keys.values()].filter(
    (each) => each.state !== 'retired' && windowOf(each).coinsUntil >= charter.time,
  );
  return {
    ...ok(1),
    keys: keys.map((each) => each.certificate),
    revocations: keys.flatMap((each) => each.revoked ?? []),
    statement_key: charter.statementKey,
    type: 'response mint key certificates',
  };
}

/** The way to an issuer that says the truth but for its lies. Everything goes through bytes, as on the network. */
export function wayTo(issuer: TestIssuer, lies: Lies = {}): Way {
  const { entries = issuer.entries } = lies;
  const floats = [...(lies.floats ?? [])];
  const answer = (bytes: Uint8Array): Response => {
    const request = decodeRequest(bytes);
    if (request instanceof Refusal) throw new Error(request.details);
    switch (request.type) {
      case 'request float':
        return floats.shift() ?? floatOf(issuer);
      case 'request mint key certificates':
        return { ...keysOf(issuer), ...lies.keys };
      case 'request journal':
        return {
          ...ok(1),
          entries: entries.slice(request.from, request.from + PAGE),
          type: 'response journal',
        };
      default:
        throw new Error(`nobody asks ${request.type}`);
    }
  };
  return {
    url: 'https://mint.example/',
    post: async (_, message) => encode(answer(message)),
    get: async () => encode(lies.cddc ?? issuer.charter.cddcs.at(-1)!),
  };
}
