/** Ed25519 by OpenSSL: how a bank's cashier signs. Public keys and signatures are hexadecimal, of one length each. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';

const PUBLIC_KEY = /^[0-9a-f]{64}$/;
const SIGNATURE = /^[0-9a-f]{128}$/;

/** Makes a cashier's key: `publicKey` is 64 hex digits, `secret` PKCS #8 DER. */
export function makeCashierKey(): { readonly publicKey: string; readonly secret: Uint8Array } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return {
    publicKey: Buffer.from(x, 'base64url').toString('hex'),
    secret: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
  };
}

/** Signs bytes: 128 hex digits. Throws when the secret is no PKCS #8 DER. */
export function signEd25519(secret: Uint8Array, bytes: Uint8Array): string {
  const key = createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' });
  return sign(null, bytes, key).toString('hex');
}

/** Whether the signature by this key covers the bytes. False for whatever is no key or no signature. */
export function verifyEd25519(publicKey: string, bytes: Uint8Array, signature: string): boolean {
  if (!PUBLIC_KEY.test(publicKey) || !SIGNATURE.test(signature)) return false;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey, 'hex').toString('base64url') };
  return verify(null, bytes, createPublicKey({ key: jwk, format: 'jwk' }), Buffer.from(signature, 'hex'));
}
