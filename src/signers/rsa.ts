/** The two RSA suites by OpenSSL: the raw private power, coins verified, keys made, documents signed. */
import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  hash,
  privateDecrypt,
  publicEncrypt,
  sign,
  verify,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { bytesToNumber, isBigIntText, numberToBytes, readBigInt, writeBigInt } from '../base/bigint.ts';
import { Refusal } from '../base/refusal.ts';
import type { NewKey } from '../mint/ports.ts';
import { chaum86 } from '../suites/chaum86.ts';
import { rfc9474 } from '../suites/rfc9474.ts';
import { RSA_KEY_BITS, RSA_PUBLIC_EXPONENT, readRsaPublicKey, writeRsaPublicKey } from '../suites/rsa/rsa.ts';
import type { RsaPublicKey } from '../suites/rsa/rsa.ts';
import type { KeyDocument } from '../suites/index.ts';
import type { NativeKey, NativeSuite } from './native.ts';

const generate = promisify(generateKeyPair);
const signLater = promisify(sign);

const RAW = { padding: constants.RSA_NO_PADDING };
/** For 2,048 bits. */
const COST = { sign: 320, verify: 25, commit: 0 };

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 };

/** `RSA-SHA384-PSS-RFC9474` by OpenSSL. */
export const nativeRfc9474: NativeSuite = {
  name: rfc9474.name,
  cost: COST,
  makeMaster,
  makeMintKey,
  plainSecret,
  signDocument,
  open(publicKey, secret) {
    const pair = openPair(publicKey, secret);
    const pssKey = withOptions(publicKeyObject(pair.key), PSS);
    return {
      sign: pair.sign,
      verify(payload, signature) {
        const bytes = bytesBelowModulus(pair, signature);
        return bytes !== undefined && verify('sha384', payload, pssKey, bytes);
      },
    };
  },
};

/** `RSA-SHA512-CHAUM86` by OpenSSL. */
export const nativeChaum86: NativeSuite = {
  name: chaum86.name,
  cost: COST,
  makeMaster,
  makeMintKey,
  plainSecret,
  signDocument,
  open(publicKey, secret) {
    const pair = openPair(publicKey, secret);
    return {
      sign: pair.sign,
      verify(payload, signature) {
        const bytes = bytesBelowModulus(pair, signature);
        if (bytes === undefined) return false;
        const h = Buffer.alloc(pair.key.bytes);
        h.set(hash('sha256', payload, 'buffer'), pair.key.bytes - 32);
        return publicEncrypt(pair.raw, bytes).equals(h);
      },
    };
  },
};

/** An opened key pair: what the suites have in common. */
interface Pair {
  readonly key: RsaPublicKey;
  readonly modulus: Uint8Array;
  /** The public key for RSAVP1. */
  readonly raw: KeyObject;
  readonly sign: NativeKey['sign'];
}

function openPair(publicKey: KeyDocument, secret: Uint8Array): Pair {
  const key = readRsaPublicKey(publicKey);
  if (key instanceof Refusal) throw new Error(`public key: ${key.details}`);
  const secretObject = readSecret(secret);
  const { n, e } = publicNumbers(createPublicKey(secretObject));
  if (n !== key.n || e !== key.e) throw new Error('public and secret key are no pair');
  const raw = withOptions(publicKeyObject(key), RAW);
  const power = withOptions(secretObject, RAW);
  const modulus = numberToBytes(key.n, key.bytes);
  return {
    key,
    modulus,
    raw,
    sign(blind) {
      const bytes = bytesBelowModulus({ key, modulus }, blind);
      if (bytes === undefined || blind === '0') throw new RangeError('blind out of range');
      const answer = privateDecrypt(power, bytes);
      // One answer that is wrong modulo one prime only would give away the key (Boneh, DeMillo, Lipton 1997).
      if (!publicEncrypt(raw, answer).equals(bytes))
        throw new Error('the private operation failed its check');
      return bigIntText(answer);
    },
  };
}

/**
 * Puts the options on the key itself. OpenSSL's part of a public operation of 2048 bits is 15 µs; Node 24 adds 10 µs
 * when options and key come as one object, because it learns that the object is no key by throwing, twice. An
 * option that were overlooked here would fail every check: the default paddings give other results.
 */
function withOptions<Options extends object>(key: KeyObject, options: Options): KeyObject & Options {
  return Object.assign(key, options);
}

/** The big-endian bytes of a BigInt below the modulus, as many as the modulus has; undefined for anything else. */
function bytesBelowModulus(
  { key, modulus }: Pick<Pair, 'key' | 'modulus'>,
  text: string,
): Buffer | undefined {
  const digits = key.bytes * 2;
  if (text.length > digits || !isBigIntText(text)) return undefined;
  const bytes = Buffer.from(text.padStart(digits, '0'), 'hex');
  return bytes.compare(modulus) < 0 ? bytes : undefined;
}

/** Big-endian bytes as a BigInt, which has no leading zeros. */
function bigIntText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^0+(?=.)/, '');
}

function publicKeyObject(key: RsaPublicKey): KeyObject {
  const jwk = { kty: 'RSA', n: base64url(key.n), e: base64url(key.e) };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function readSecret(secret: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' });
}

/** The modulus and the exponent of a public key. */
function publicNumbers(key: KeyObject): { readonly n: bigint; readonly e: bigint } {
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  return { n: bytesToNumber(Buffer.from(n, 'base64url')), e: bytesToNumber(Buffer.from(e, 'base64url')) };
}

function base64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
}

function makeMaster(): Promise<NewKey> {
  return make(RSA_KEY_BITS.master);
}

function makeMintKey(): Promise<NewKey> {
  return make(RSA_KEY_BITS.mint);
}

/** The private exponent, for the plain mathematics. */
function plainSecret({ modulus, public_exponent }: KeyDocument, secret: Uint8Array): KeyDocument {
  const { d = '' } = readSecret(secret).export({ format: 'jwk' });
  const key = writeRsaPublicKey(readBigInt(String(modulus)), BigInt(public_exponent ?? 0));
  return {
    ...key,
    type: 'rsa secret key',
    private_exponent: writeBigInt(bytesToNumber(Buffer.from(d, 'base64url'))),
  };
}

async function make(bits: number): Promise<NewKey> {
  const options = { modulusLength: bits, publicExponent: RSA_PUBLIC_EXPONENT };
  const { publicKey, privateKey } = await generate('rsa', options);
  const { n, e } = publicNumbers(publicKey);
  const secret = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
  return { publicKey: writeRsaPublicKey(n, e), secret };
}

/** RSASSA-PKCS1-v1_5 with SHA-256, Node's default padding for RSA signatures. */
async function signDocument(secret: Uint8Array, document: Uint8Array): Promise<string> {
  return bigIntText(await signLater('sha256', document, readSecret(secret)));
}
