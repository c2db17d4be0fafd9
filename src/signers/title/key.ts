/** A title server's own key, out of its vault's data key: nothing else has to be kept, and with the vault it is there again. */
import { createPrivateKey, createPublicKey, hkdfSync, sign } from 'node:crypto';
import type { TitleServerKey } from '../../title/server/ports.ts';
import { hmacSha256 } from '../hmac-sha256.ts';
import type { KeyedText } from '../hmac-sha256.ts';

const SIGNING = 'specie title server key 1';
const SEALING = 'specie title server seals 1';
const SECRET_BYTES = 32;
const SEAL_BYTES = 16;
/** What stands before an Ed25519 secret in PKCS #8 (RFC 8410 §7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
/** Lengths of sealed bytes that are met: with a condition and without. */
const LENGTHS_MOST = 8;

/** Derives the key from a secret of 32 bytes. */
export function titleServerKey(secret: Uint8Array): TitleServerKey {
  if (secret.length !== SECRET_BYTES) throw new RangeError(`a secret has ${SECRET_BYTES} bytes`);
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, derived(secret, SIGNING)]),
    format: 'der',
    type: 'pkcs8',
  });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return {
    publicKey: new Uint8Array(Buffer.from(x, 'base64url')),
    sign: (bytes) => new Uint8Array(sign(null, bytes, privateKey)),
    seal: sealer(derived(secret, SEALING)),
  };
}

function derived(secret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', purpose, SECRET_BYTES));
}

function sealer(key: Uint8Array): (bytes: Uint8Array) => Uint8Array {
  const texts = new Map<number, KeyedText>();
  return (bytes) => {
    let text = texts.get(bytes.length);
    if (text === undefined) {
      if (texts.size >= LENGTHS_MOST) texts.clear();
      texts.set(bytes.length, (text = hmacSha256(key, bytes.length)));
    }
    text.message.set(bytes);
    return text.digest().subarray(0, SEAL_BYTES);
  };
}
