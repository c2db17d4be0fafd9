/** An address: where titles of a server may be transferred to, as text that a person can pass on. */
import { sha256 } from '@noble/hashes/sha2.js';
import { fromBase64url, toBase64url } from '../../base/base64url.ts';
import { bytesToHex, concatBytes, hexToBytes, sameBytes, utf8 } from '../../base/bytes.ts';
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';

/** What every address begins with, but a bare pseudonym. */
export const ADDRESS_PREFIX = 'titles1.';
const DOMAIN = utf8('specie title address 1\0');
const KEY_BYTES = 32;
const CHECK_BYTES = 4;
const MOST_KEYS = 16;

export interface Address {
  /** The server's public key; undefined for a bare pseudonym, which is of whichever server the title is. */
  readonly server: string | undefined;
  /** At least one, at most sixteen. */
  readonly pseudonyms: readonly Uint8Array[];
}

/** Writes the pseudonyms (32 bytes each) of a server as an address. */
export function writeAddress(server: string, pseudonyms: readonly Uint8Array[]): string {
  const body = concatBytes(hexToBytes(server), ...pseudonyms);
  return `${ADDRESS_PREFIX}${toBase64url(concatBytes(body, checkOf(body)))}`;
}

/** Reads an address or a bare pseudonym, with blanks around it. Refuses 'malformed' what was mistyped. */
export function readAddress(typed: string): Address | Refusal {
  const text = typed.trim();
  if (/^[0-9a-f]{64}$/.test(text)) return { server: undefined, pseudonyms: [hexToBytes(text)] };
  if (!text.startsWith(ADDRESS_PREFIX))
    return refuse(
      'malformed',
      `the address: begins with ${ADDRESS_PREFIX}, or is a key of 64 hexadecimal digits`,
    );
  const bytes = fromBase64url(text.slice(ADDRESS_PREFIX.length));
  const body = bytes?.subarray(0, -CHECK_BYTES);
  if (bytes === undefined || body === undefined || !sameBytes(checkOf(body), bytes.subarray(-CHECK_BYTES)))
    return refuse('malformed', 'the address: a letter is wrong or missing');
  const keys = body.length / KEY_BYTES - 1;
  if (!Number.isInteger(keys) || keys < 1 || keys > MOST_KEYS)
    return refuse('malformed', 'the address: has another length than addresses have');
  return {
    server: bytesToHex(body.subarray(0, KEY_BYTES)),
    pseudonyms: Array.from({ length: keys }, (_, at) =>
      body.slice((at + 1) * KEY_BYTES, (at + 2) * KEY_BYTES),
    ),
  };
}

function checkOf(body: Uint8Array): Uint8Array {
  return sha256(concatBytes(DOMAIN, body)).subarray(0, CHECK_BYTES);
}
