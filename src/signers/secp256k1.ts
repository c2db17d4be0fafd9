/**
 * libsecp256k1 by the native binding of the package `secp256k1`, and never by the JavaScript that the package falls back
 * on: that takes a time which depends on the secret.
 */
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';

/** What the house uses of it. All of it throws on what is out of range or off the curve, and names no value. */
export interface Secp256k1 {
  /** Blinds `publicKeyCreate` afresh. */
  readonly contextRandomize: (seed: Uint8Array) => void;
  readonly privateKeyVerify: (scalar: Uint8Array) => boolean;
  /** In place: scalar + tweak. */
  readonly privateKeyTweakAdd: (scalar: Uint8Array, tweak: Uint8Array) => Uint8Array;
  /** In place: scalar · tweak. */
  readonly privateKeyTweakMul: (scalar: Uint8Array, tweak: Uint8Array) => Uint8Array;
  readonly publicKeyVerify: (point: Uint8Array) => boolean;
  /** scalar · G in constant time. */
  readonly publicKeyCreate: (scalar: Uint8Array, compressed: boolean, output: Uint8Array) => Uint8Array;
  readonly publicKeyConvert: (point: Uint8Array, compressed: boolean, output: Uint8Array) => Uint8Array;
  /** scalar · point in constant time, into `xbuf` and `ybuf`; what `hashfn` makes of them goes into `output`. */
  readonly ecdh: (
    point: Uint8Array,
    scalar: Uint8Array,
    options: EcdhOptions,
    output: Uint8Array,
  ) => Uint8Array;
}

interface EcdhOptions {
  readonly hashfn: () => Uint8Array;
  readonly xbuf: Uint8Array;
  readonly ybuf: Uint8Array;
}

/** Bytes of an uncompressed point: 04, x and y. */
export const POINT_BYTES = 65;

const NOTHING = new Uint8Array(0);
const nothing = (): Uint8Array => NOTHING;

let loaded: Secp256k1 | undefined;

/** The library, loaded when it is first needed. Throws where there is no binary for this machine, or none may be loaded. */
export function libsecp256k1(): Secp256k1 {
  loaded ??= load();
  return loaded;
}

/** A place for a product: 65 bytes, and the parts of them that the library fills. */
export interface Place {
  readonly bytes: Uint8Array;
  readonly options: EcdhOptions;
}

/** A place for a product in bytes of its own, or in 65 bytes of a larger text. */
export function placeIn(bytes: Uint8Array): Place {
  bytes[0] = 4;
  const options = { hashfn: nothing, xbuf: bytes.subarray(1, 33), ybuf: bytes.subarray(33, POINT_BYTES) };
  return { bytes, options };
}

/** scalar · point in constant time. Throws on a point that is none and on a scalar out of range. */
export function multiplyInto({ options }: Place, point: Uint8Array, scalar: Uint8Array): void {
  // ecdh is the one way to secp256k1_ecmult_const; publicKeyTweakMul takes a time that depends on the scalar.
  libsecp256k1().ecdh(point, scalar, options, NOTHING);
}

/** The first byte of a point's compressed form (SEC 1, §2.3.3). */
export function compressedPrefix({ bytes }: Place): 2 | 3 {
  return ((bytes[POINT_BYTES - 1] ?? 0) & 1) === 0 ? 2 : 3;
}

function load(): Secp256k1 {
  const library = requireBinding();
  library.contextRandomize(randomBytes(32));
  return library;
}

function requireBinding(): Secp256k1 {
  const require = createRequire(import.meta.url);
  try {
    return require('secp256k1/bindings.js') as Secp256k1;
  } catch (cause) {
    // Either there is no binary for this machine, or the process may not load one: what Node says tells which.
    const machine = `${process.platform}-${process.arch}`;
    const reason = cause instanceof Error ? cause.message : 'unknown';
    throw new Error(`libsecp256k1 cannot be loaded on ${machine}, which SECP256K1-WAGNER needs: ${reason}`, {
      cause,
    });
  }
}
