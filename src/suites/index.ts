import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';
import { brands } from './brands.ts';
import { chaum86 } from './chaum86.ts';
import { plain } from './plain.ts';
import { rfc9474 } from './rfc9474.ts';
import type { CipherSuite } from './suite.ts';
import { unblinded } from './unblinded.ts';
import { wagner } from './wagner.ts';

export type { CipherSuite, CoinSecrets, KeyDocument, OfflineScheme, Promises } from './suite.ts';

/** Every suite there is, the default first. A new one is added here. */
export const SUITES: readonly CipherSuite[] = [rfc9474, chaum86, wagner, brands, unblinded, plain];

/** The suite that a currency names. */
export function suiteNamed(name: string): CipherSuite | Refusal {
  const suite = SUITES.find((each) => each.name === name);
  return suite ?? refuse('unknown', `the cipher suite ${name.slice(0, 80)} is not known here`);
}
