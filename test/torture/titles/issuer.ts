/** Who issues titles under fire: two classes, of which new versions are registered again and again. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { bytesToHex, utf8 } from '../../../src/base/bytes.ts';
import { Refusal } from '../../../src/base/refusal.ts';
import { nativeSha256 } from '../../../src/signers/title/hash.ts';
import { publicKeyOfSeed, signWithSeed } from '../../../src/signers/title/pseudonyms.ts';
import { readTitleResponse, writeTitleRequest } from '../../../src/title/documents/codec.ts';
import type { TitleRange, TitleTerms } from '../../../src/title/documents/documents.ts';
import type { TitleRequest, TitleResponse } from '../../../src/title/documents/messages.ts';
import { classId, classSigned } from '../../../src/title/documents/signed.ts';
import { titleMessenger } from '../../../src/transports/title-messenger.ts';

const SEED = nativeSha256(utf8('the issuer of the titles'));
export const ISSUER = publicKeyOfSeed(SEED);
/** Milliseconds before a request that got no answer is sent again. */
const BREATH = 50;

/** Asks over HTTP until there is an answer. */
export async function insistently(url: string, message: TitleRequest): Promise<TitleResponse> {
  for (;;) {
    const answer = await titleMessenger.exchange(
      url,
      undefined,
      writeTitleRequest({ reference: 7, message }),
    );
    const read = answer instanceof Refusal ? answer : readTitleResponse(answer);
    const said = read instanceof Refusal ? undefined : read.message;
    const isBusy = said?.type === 'response title refusal' && said.status_code < 400;
    if (said !== undefined && !isBusy) return said;
    await pause(BREATH);
  }
}

/** A class that grows. */
export class IssuedClass {
  readonly id: string;
  readonly denominations: readonly number[];
  readonly #url: string;
  readonly #terms: TitleTerms;
  #ranges: readonly TitleRange[] = [];
  #version = 0;
  /** Versions come one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(url: string, server: Uint8Array, name: string, denominations: readonly number[]) {
    this.#url = url;
    this.denominations = denominations;
    this.#terms = {
      server,
      issuer: ISSUER,
      name,
      entitles: `One of the ${name.toLowerCase()} of this torture.`,
      unit: name.toLowerCase(),
      denominations: [...denominations],
      salt: randomBytes(16),
    };
    this.id = bytesToHex(classId(this.#terms));
  }

  /** Issues titles, once, whatever dies meanwhile. Gives what is wrong. */
  issue(ranges: readonly TitleRange[]): Promise<readonly string[]> {
    const issued = this.#last.then(() => this.#issue(ranges));
    this.#last = issued;
    return issued;
  }

  async #issue(ranges: readonly TitleRange[]): Promise<readonly string[]> {
    this.#ranges = [...this.#ranges, ...ranges];
    this.#version++;
    const titleClass = { terms: this.#terms, version: this.#version, ranges: this.#ranges };
    const certificate = { title_class: titleClass, signature: signWithSeed(SEED, classSigned(titleClass)) };
    const answer = await insistently(this.#url, { type: 'request title class', certificate });
    return answer.type === 'response title class'
      ? []
      : [`version ${this.#version} of a class was not taken: ${JSON.stringify(answer)}`];
  }
}
