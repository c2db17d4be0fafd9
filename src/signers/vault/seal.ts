/** How a vault seals bytes: AES-256-GCM by OpenSSL under a key of the name's own. */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** The first byte of everything sealed, so that another way of sealing can be told from this one. */
const VERSION = 1;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals bytes: a version byte, a nonce of 12 bytes, the bytes encrypted, a tag of 16 bytes; 29 bytes longer than they
 * were. Opens only under the same key and the same name.
 */
export function sealBytes(key: Uint8Array, name: string, bytes: Uint8Array): Uint8Array {
  const head = Uint8Array.of(VERSION);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(key, name), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(additional(head, name));
  const body = [cipher.update(bytes), cipher.final()];
  return new Uint8Array(Buffer.concat([head, nonce, ...body, cipher.getAuthTag()]));
}

/** What was sealed; undefined when not a single byte of it, of the name or of the key may have been another. */
export function openBytes(key: Uint8Array, name: string, sealed: Uint8Array): Uint8Array | undefined {
  const head = sealed.subarray(0, 1);
  if (head[0] !== VERSION || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const cipher = createDecipheriv('aes-256-gcm', keyOf(key, name), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(additional(head, name));
  cipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const bytes = cipher.update(sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES));
  try {
    return new Uint8Array(Buffer.concat([bytes, cipher.final()]));
  } catch {
    // The only thing that final() can object to is the tag.
    return undefined;
  }
}

/** A key for one use, from a key for many: HKDF-SHA256 (RFC 5869), 32 bytes. */
export function subkey(key: Uint8Array, label: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, new Uint8Array(0), label, KEY_BYTES));
}

/**
 * Every name has its own key: NIST SP 800-38D, 8.3 allows 2^32 random nonces a key, and so counts them by name. The
 * name is hashed because HKDF by OpenSSL takes no more than 1024 bytes.
 */
function keyOf(key: Uint8Array, name: string): Uint8Array {
  return subkey(key, `specie vault seal 1 ${createHash('sha256').update(name).digest('hex')}`);
}

function additional(head: Uint8Array, name: string): Uint8Array {
  return Buffer.concat([head, Buffer.from(name)]);
}
