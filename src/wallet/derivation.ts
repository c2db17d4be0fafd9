/**
 * Everything a wallet makes derives from its phrase, so that the phrase brings it back:
 *
 *     derive(secret, part…) = HMAC-SHA512(key: secret, message: the parts' ASCII, joined by one zero byte)
 *
 *     root         = derive(BIP-39 seed, "specie wallet", "1")
 *     currency     = derive(root, "currency", issuer_id)
 *     transaction  = derive(currency, "transaction", number)
 *     coin         = derive(transaction, "coin", mint_key_id, index)
 *     identity     = derive(currency, "identity")
 *     titles       = derive(root, "titles")
 *
 *     account's token       = first 32 bytes of derive(currency, "account", index), in hexadecimal
 *     transaction_reference = first 32 bytes of derive(transaction, "reference"), as BigInt
 *     serial                = first 32 bytes of derive(coin, "serial"), as BigInt
 *     blind's reference     = first 16 bytes of derive(coin, "blind"), in hexadecimal
 *     suite's secrets       = HKDF-Expand-SHA512(derive(coin, "secrets"), info: label, length)
 *     the account's secrets = HKDF-Expand-SHA512(derive(identity, "secrets"), info: label, length)
 *
 * Numbers are decimal. A coin is bound to its mint key: a number that is used a second time under other keys gives
 * other serials and other secrets, and under the same keys the same coin, never one secret for two coins.
 */
import { expand } from '@noble/hashes/hkdf.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToNumber, writeBigInt } from '../base/bigint.ts';
import { bytesToHex, utf8 } from '../base/bytes.ts';
import { derive } from '../base/derive.ts';
import type { CoinSecrets } from '../suites/index.ts';

const REFERENCE_BYTES = 32;
const TOKEN_BYTES = 32;
const SERIAL_BYTES = 32;
const BLIND_BYTES = 16;

/** The secret that all of a wallet's others come from. */
export function rootSecret(seed: Uint8Array): Uint8Array {
  return derive(seed, 'specie wallet', '1');
}

/** The secret of one currency, by its issuer's id. */
export function currencySecret(root: Uint8Array, issuerId: string): Uint8Array {
  return derive(root, 'currency', issuerId);
}

/** The secret of all the wallet's titles. */
export function titlesSecret(root: Uint8Array): Uint8Array {
  return derive(root, 'titles');
}

/** What opens the wallet's account at the currency's bank: 64 hexadecimal digits, as secret as the coins. */
export function accountToken(currency: Uint8Array, index: number): string {
  return bytesToHex(derive(currency, 'account', String(index)).subarray(0, TOKEN_BYTES));
}

/** The secret of a currency's transaction, by its number. */
export function transactionSecret(currency: Uint8Array, number: number): Uint8Array {
  return derive(currency, 'transaction', String(number));
}

/** The `transaction_reference`: a BigInt of 256 bits. */
export function transactionReference(transaction: Uint8Array): string {
  return writeBigInt(bytesToNumber(derive(transaction, 'reference').subarray(0, REFERENCE_BYTES)));
}

/** The secret of the `index`-th coin that a transaction makes under a mint key. */
export function coinSecret(transaction: Uint8Array, mintKeyId: string, index: number): Uint8Array {
  return derive(transaction, 'coin', mintKeyId, String(index));
}

/** The coin's serial: a BigInt of 256 bits. */
export function coinSerial(coin: Uint8Array): string {
  return writeBigInt(bytesToNumber(derive(coin, 'serial').subarray(0, SERIAL_BYTES)));
}

/** The blind's reference: says nothing to the mint, and tells the wallet which coin a blind signature is for. */
export function blindReference(coin: Uint8Array): string {
  return bytesToHex(derive(coin, 'blind').subarray(0, BLIND_BYTES));
}

/** What the suite blinds and unblinds the coin with. */
export function coinSecrets(coin: Uint8Array): CoinSecrets {
  return secretsUnder(coin);
}

/** What a wallet is known by at a currency's mint, and proves itself with: suites of two rounds only. */
export function identitySecret(currency: Uint8Array): Uint8Array {
  return derive(currency, 'identity');
}

/** The account's secrets, as the suite wants them. */
export function accountSecrets(identity: Uint8Array): CoinSecrets {
  return secretsUnder(identity);
}

function secretsUnder(secret: Uint8Array): CoinSecrets {
  const key = derive(secret, 'secrets');
  return (label, length) => expand(sha512, key, utf8(label), length);
}
