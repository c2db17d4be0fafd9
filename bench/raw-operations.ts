/** The fastest known operations underneath the suites, bare: what everything else is measured against. */
import {
  constants,
  createECDH,
  createHmac,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import { POINT_BYTES, libsecp256k1, multiplyInto, placeIn } from '../src/signers/secp256k1.ts';

/** Each makes one operation with a key of its own. */
export const RAW_OPERATIONS = {
  /** OpenSSL's private power of RSA-2048. */
  'RSA power': rsaPower,
  /** OpenSSL's RSASSA-PSS with SHA-384 under RSA-2048, as coins are verified. */
  'RSA-PSS verification': rsaPssVerification,
  /** OpenSSL's public power of RSA-2048. */
  'RSA public power': rsaPublicPower,
  /** libsecp256k1's multiplication of a point by a secret, constant in time. */
  'secp256k1 multiplication': secp256k1Multiplication,
  /** OpenSSL's multiplication of a point of P-256 by a secret. */
  'P-256 multiplication': p256Multiplication,
  'Ed25519 signature': ed25519Signature,
  'Ed25519 verification': ed25519Verification,
  'HMAC-SHA256': hmac,
} as const satisfies Readonly<Record<string, () => () => unknown>>;

export type RawOperation = keyof typeof RAW_OPERATIONS;

const MESSAGE = Buffer.alloc(32, 7);

function rsaKey() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const message = Buffer.alloc(256, 7);
  message[0] = 0;
  return { privateKey, publicKey, message };
}

// Options on the key itself, as the lanes have them: src/signers/rsa.ts says why.
const RAW = { padding: constants.RSA_NO_PADDING };
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 48 };

function rsaPower() {
  const { privateKey, message } = rsaKey();
  const key = Object.assign(privateKey, RAW);
  return () => privateDecrypt(key, message);
}

function rsaPublicPower() {
  const { publicKey, message } = rsaKey();
  const key = Object.assign(publicKey, RAW);
  return () => publicEncrypt(key, message);
}

function rsaPssVerification() {
  const { privateKey, publicKey, message } = rsaKey();
  const signature = sign('sha384', message, { key: privateKey, ...PSS });
  const key = Object.assign(publicKey, PSS);
  return () => verify('sha384', message, key, signature);
}

function secp256k1Multiplication() {
  const library = libsecp256k1();
  const secret = new Uint8Array(randomBytes(32));
  const point = library.publicKeyCreate(new Uint8Array(randomBytes(32)), false, new Uint8Array(POINT_BYTES));
  const place = placeIn(new Uint8Array(POINT_BYTES));
  return () => multiplyInto(place, point, secret);
}

function p256Multiplication() {
  const own = createECDH('prime256v1');
  own.generateKeys();
  const point = createECDH('prime256v1').generateKeys();
  return () => own.computeSecret(point);
}

function ed25519Signature() {
  const { privateKey } = generateKeyPairSync('ed25519');
  return () => sign(null, MESSAGE, privateKey);
}

function ed25519Verification() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signature = sign(null, MESSAGE, privateKey);
  return () => verify(null, MESSAGE, publicKey, signature);
}

function hmac() {
  const key = randomBytes(32);
  return () => createHmac('sha256', key).update(MESSAGE).digest();
}

/** The operations underneath a suite: of a blind signature, and of the mint's check of a coin. */
export interface Bounds {
  readonly sign: RawOperation;
  readonly verify: RawOperation;
}

const BOUNDS: Readonly<Record<string, Bounds>> = {
  'RSA-SHA384-PSS-RFC9474': { sign: 'RSA power', verify: 'RSA-PSS verification' },
  'RSA-SHA512-CHAUM86': { sign: 'RSA power', verify: 'RSA public power' },
  'SECP256K1-WAGNER': { sign: 'secp256k1 multiplication', verify: 'secp256k1 multiplication' },
  'P256-BRANDS': { sign: 'P-256 multiplication', verify: 'P-256 multiplication' },
  'ED25519-UNBLINDED': { sign: 'Ed25519 signature', verify: 'Ed25519 verification' },
  PLAIN: { sign: 'HMAC-SHA256', verify: 'HMAC-SHA256' },
};

/** The operations underneath a suite. Throws where nobody has said what they are. */
export function boundsOf(suite: string): Bounds {
  const bounds = BOUNDS[suite];
  if (bounds === undefined) throw new Error(`bench/raw-operations.ts has no bounds for ${suite}`);
  return bounds;
}
