/** How the reserve's wallet reaches the other issuer: it has no network, a front posts its messages. */
import { randomBytes } from 'node:crypto';
import { canonicalBytes } from '../../base/canonical.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { refusalIn } from '../../protocol/answers.ts';
import { decodeResponse, encode } from '../../protocol/codec.ts';
import type { Cddc } from '../../protocol/documents.ts';
import type { Messenger } from '../../wallet/ports.ts';

/**
 * Has a front POST a message of the box's own to a URL; the answer's bytes, or undefined when no front carries or
 * nobody answers.
 */
export type Carry = (url: string, message: Uint8Array) => Promise<Uint8Array | undefined>;

export interface Carriage extends Messenger {
  /** Lets descriptions of this currency through. Those of others the wallet never gets to see. */
  admit(issuerId: string): void;
  /** Lets those be asked again that did not answer before. */
  anew(): void;
}

/** Bytes of a message reference: as a whole number it is exact. */
const REFERENCE_BYTES = 6;

/** A wallet's messenger that sends everything by carriage. */
export function openCarriage(carry: Carry): Carriage {
  const admitted = new Set<string>();
  // A wallet asks often, and the mint waits for it: whoever is silent is asked only once until `anew`.
  const silent = new Set<string>();
  const exchange = async (url: string, message: Uint8Array): Promise<Uint8Array | Refusal> => {
    const answer = silent.has(url) ? undefined : await carry(url, message);
    if (answer !== undefined) return answer;
    silent.add(url);
    return refuse('unreachable', `no front brought an answer from ${url}`);
  };
  return {
    exchange,
    describe: async (url) => {
      const cddc = await askDescription(exchange, url);
      if (cddc instanceof Refusal) return cddc;
      return admitted.has(cddc.cdd.id)
        ? canonicalBytes(cddc)
        : refuse('distrusted', `at ${url} there is another currency than the one that backs this one`);
    },
    admit: (issuerId) => void admitted.add(issuerId),
    anew: () => silent.clear(),
  };
}

/** A description by a message, since nothing is fetched for a box. What it says is the wallet's to check. */
async function askDescription(exchange: Messenger['exchange'], url: string): Promise<Cddc | Refusal> {
  const message_reference = randomBytes(REFERENCE_BYTES).readUIntBE(0, REFERENCE_BYTES);
  const bytes = await exchange(url, encode({ message_reference, type: 'request cddc' }));
  if (bytes instanceof Refusal) return bytes;
  const answer = decodeResponse(bytes);
  if (answer instanceof Refusal || answer.message_reference !== message_reference)
    return refuse('unreachable', `${url} gives no answer that can be read`);
  const refusal = refusalIn(answer);
  if (refusal !== undefined) return refusal;
  return answer.type === 'response cddc'
    ? answer.cddc
    : refuse('unreachable', `${url} answered another question`);
}
