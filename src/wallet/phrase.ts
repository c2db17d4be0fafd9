import { entropyToMnemonic, mnemonicToSeedSync, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import type { Randomness } from '../base/ports.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';

/** Twelve words carry 128 bits. */
const ENTROPY_BYTES = 16;
const WORDS = 12;

/** A new phrase: twelve words of BIP-39's English list. */
export function newPhrase(randomness: Randomness): string {
  return entropyToMnemonic(randomness(ENTROPY_BYTES), wordlist);
}

/**
 * Reads a phrase as a person types it, in any case and with any blanks between; the refusal says which word is
 * wrong by its place, never by itself.
 */
export function readPhrase(typed: string): string | Refusal {
  const words = typed.normalize('NFKD').toLowerCase().trim().split(/\s+/u);
  if (words.length !== WORDS) {
    return refuse('malformed', `the phrase must have ${WORDS} words, this has ${words.length}`);
  }
  const wrong = words.findIndex((word) => !wordlist.includes(word));
  if (wrong !== -1) return refuse('malformed', `word ${wrong + 1} of the phrase is not in the list of words`);
  const phrase = words.join(' ');
  if (validateMnemonic(phrase, wordlist)) return phrase;
  return refuse(
    'malformed',
    'the words of the phrase do not fit together: one is wrong, or two changed places',
  );
}

/** BIP-39's seed, 64 bytes, with no passphrase. */
export function seedOf(phrase: string): Uint8Array {
  return mnemonicToSeedSync(phrase);
}
