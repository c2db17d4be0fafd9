/** Master keys of the suites whose documents are signed with Ed25519, by OpenSSL. Secrets are PKCS #8 DER. */
import { createPrivateKey, generateKeyPair, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { NewKey } from '../mint/ports.ts';
import { writeEd25519PublicKey } from '../suites/ed25519-documents.ts';

const generate = promisify(generateKeyPair);
const signLater = promisify(sign);

/** Makes a master key's pair. */
export async function makeEd25519Master(): Promise<NewKey> {
  const { publicKey, privateKey } = await generate('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return {
    publicKey: writeEd25519PublicKey(Buffer.from(x, 'base64url')),
    secret: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })),
  };
}

/** Signs canonical bytes: a BigInt of the 64 bytes. Throws when the secret is no PKCS #8 DER. */
export async function signEd25519Document(secret: Uint8Array, document: Uint8Array): Promise<string> {
  const key = createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' });
  const signature = await signLater(null, document, key);
  return signature.toString('hex').replace(/^0+(?=.)/, '');
}
