/** What the issuer's page shows, asked of the box as anybody may. */
import { Refusal } from '../../base/refusal.ts';
import type { Statement } from '../../protocol/attestations.ts';
import type { Cdd, MintKeyCertificate } from '../../protocol/documents.ts';
import { suiteNamed } from '../../suites/index.ts';
import type { CipherSuite } from '../../suites/index.ts';
import type { Front } from './front.ts';

export interface Look {
  readonly cdd: Cdd;
  readonly suite: CipherSuite;
  /** Undefined while the mint does not answer. */
  readonly statement: Statement | undefined;
  readonly keys: readonly MintKeyCertificate[];
  /** The issuer's other currencies, where this one is the first. */
  readonly others: readonly Offered[];
  /** Whether titles are served beside the currencies. */
  readonly hasTitles: boolean;
}

/** A currency among others. */
export interface Offered {
  readonly cdd: Cdd;
  readonly suite: CipherSuite;
}

/** All currencies that a front serves, with their suites. */
export function offeredBy(front: Front): readonly Offered[] {
  return front.currencies().map((cdd) => ({ cdd, suite: suiteOf(cdd) }));
}

function suiteOf(cdd: Cdd): CipherSuite {
  const suite = suiteNamed(cdd.issuer_cipher_suite);
  if (suite instanceof Refusal) throw new Error(suite.details);
  return suite;
}

/** Asks for the float and the mint keys. What cannot be had is left out: the page says so. */
export async function look(front: Front, cdd: Cdd, hasTitles: boolean): Promise<Look> {
  const [float, keys] = await Promise.all([
    front.ask(cdd.id, { type: 'request float', message_reference: 0 }),
    front.ask(cdd.id, { type: 'request mint key certificates', message_reference: 0 }),
  ]);
  return {
    cdd,
    suite: suiteOf(cdd),
    hasTitles,
    others: front.at('/')?.id === cdd.id ? offeredBy(front).filter((each) => each.cdd.id !== cdd.id) : [],
    statement:
      float instanceof Refusal || float.type !== 'response float'
        ? undefined
        : float.signed_statement.statement,
    keys: keys instanceof Refusal || keys.type !== 'response mint key certificates' ? [] : keys.keys,
  };
}
