/** HMAC-SHA-256 (RFC 2104) under one key, many times: Node's own makes an object for each, which takes longer than the hash. */
import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;

/** A text of one length that is written anew for every digest. */
export interface KeyedText {
  readonly message: Buffer;
  /** The 32 bytes of HMAC over what the message now says. */
  readonly digest: () => Buffer;
}

/** For a key of at most 64 bytes and messages of `length` bytes. */
export function hmacSha256(key: Uint8Array, length: number): KeyedText {
  const inner = Buffer.alloc(BLOCK_BYTES + length);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);
  pad(inner, key, 0x36);
  pad(outer, key, 0x5c);
  return {
    message: inner.subarray(BLOCK_BYTES),
    digest: () => {
      // As text on its way: a short buffer of its own takes Node longer than the hash.
      outer.write(hash('sha256', inner, 'binary'), BLOCK_BYTES, 'latin1');
      return Buffer.from(hash('sha256', outer, 'binary'), 'latin1');
    },
  };
}

function pad(place: Uint8Array, key: Uint8Array, filler: number): void {
  if (key.length > BLOCK_BYTES) throw new RangeError(`a key has at most ${BLOCK_BYTES} bytes here`);
  for (let index = 0; index < BLOCK_BYTES; index++) place[index] = (key[index] ?? 0) ^ filler;
}
