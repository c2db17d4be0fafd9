import { bytesToNumber } from '../../base/bigint.ts';
import { inverseMod } from './modular.ts';
import type { RsaPublicKey } from './rsa.ts';
import type { CoinSecrets } from '../suite.ts';

/** Bytes beyond the modulus's own: reducing 128 bits more leaves a bias of at most 2^-128 (FIPS 186-5 §A.2.1). */
const EXTRA_BYTES = 16;

/** A factor that is not invertible would factor the modulus: more than one in a row is a fault of the secrets. */
const MOST_ATTEMPTS = 8;

/** The number r that blinds one coin, and inv = r^-1 mod n, which takes the blinding off again. */
export interface BlindingFactor {
  readonly r: bigint;
  readonly inv: bigint;
}

/** Client-side blinding left off: the mint sees what it signs, and its messages are the same. */
export const UNBLINDED: BlindingFactor = { r: 1n, inv: 1n };

/**
 * What blinds one coin: r is uniform from 1 to n - 1, invertible modulo n, the same for the same secrets. Throws when
 * no attempt gives one: then the secrets are not random or the key is none.
 */
export function blindingFactor(key: RsaPublicKey, secrets: CoinSecrets): BlindingFactor {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const label = attempt === 0 ? 'blinding factor' : `blinding factor ${attempt}`;
    const r = bytesToNumber(secrets(label, key.bytes + EXTRA_BYTES)) % key.n;
    const inv = inverseMod(r, key.n);
    if (inv !== undefined) return { r, inv };
  }
  throw new Error('the secrets give no blinding factor');
}
