/** Mint keys of the suite Wagner whose scalar the test knows. */
import { randomBytes } from 'node:crypto';
import { bytesToNumber } from '../../base/bigint.ts';
import { must } from '../keys.test-helper.ts';
import { G, ORDER, times, writePoint, writeScalar } from './points.ts';
import type { CurvePoint } from './points.ts';
import type { KeyDocument } from '../suite.ts';
import { readWagnerKey, writeWagnerKey, writeWagnerSecret } from '../wagner.ts';
import type { WagnerKey } from '../wagner.ts';

export interface WagnerPair {
  readonly k: bigint;
  readonly K: CurvePoint;
  /** The scalar's 32 bytes, as the native side and Cashu have it. */
  readonly secret: Uint8Array;
  readonly document: KeyDocument;
  readonly secretDocument: KeyDocument;
  readonly public: WagnerKey;
}

/** The pair of a scalar; of a random one where none is named. */
export function wagnerPair(k: bigint = randomScalar()): WagnerPair {
  const K = times(k, G);
  const document = writeWagnerKey(writePoint(K));
  return {
    k,
    K,
    secret: new Uint8Array(Buffer.from(writeScalar(k), 'hex')),
    document,
    secretDocument: writeWagnerSecret(writePoint(K), k),
    public: must(readWagnerKey(document)),
  };
}

/** From 1 to the order less one. */
export function randomScalar(): bigint {
  return (bytesToNumber(randomBytes(48)) % (ORDER - 1n)) + 1n;
}
