/** BIP-39's seed by OpenSSL: a wallet's own JavaScript takes six times as long. */
import { pbkdf2Sync } from 'node:crypto';

const ROUNDS = 2048;
const SEED_BYTES = 64;

/** The seed of a phrase, 64 bytes, with no passphrase. */
export function phraseSeed(phrase: string): Uint8Array {
  return new Uint8Array(pbkdf2Sync(phrase.normalize('NFKD'), 'mnemonic', ROUNDS, SEED_BYTES, 'sha512'));
}
