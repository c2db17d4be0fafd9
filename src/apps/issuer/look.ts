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
}

/** Asks for the float and the mint keys. What cannot be had is left out: the page says so. */
export async function look(front: Front, cdd: Cdd): Promise<Look> {
  const suite = suiteNamed(cdd.issuer_cipher_suite);
  if (suite instanceof Refusal) throw new Error(suite.details);
  const [float, keys] = await Promise.all([
    front.ask(cdd.id, { type: 'request float', message_reference: 0 }),
    front.ask(cdd.id, { type: 'request mint key certificates', message_reference: 0 }),
  ]);
  return {
    cdd,
    suite,
    statement:
      float instanceof Refusal || float.type !== 'response float'
        ? undefined
        : float.signed_statement.statement,
    keys: keys instanceof Refusal || keys.type !== 'response mint key certificates' ? [] : keys.keys,
  };
}
