/**
 * What travels between the house and its lanes. Tasks go as columns of strings: strings are what a structured clone
 * copies fastest (0.1 µs each, where an object costs 0.7 and a byte array 0.9).
 */
import type { KeyDocument } from '../suites/index.ts';

export type Operation = 'sign' | 'verify' | 'commit' | 'cashier';

/** One operation: of a key on a text, and on bytes where it has any. */
export interface Task {
  readonly operation: Operation;
  /** The mint key's id. `cashier`: the public key itself. */
  readonly key: string;
  /** The blind, the signature or the identity. */
  readonly text: string;
  /** The bytes that the signature covers, one character each. */
  readonly bytes: string;
}

/** A key pair as the lanes get it. `secret` is whatever its suite made. */
export interface LaneKey {
  readonly keyId: string;
  readonly suite: string;
  readonly publicKey: KeyDocument;
  readonly secret: Uint8Array;
}

export interface Parcel {
  readonly operations: readonly Operation[];
  readonly keys: readonly string[];
  readonly texts: readonly string[];
  readonly bytes: readonly string[];
}

/** The blind signature, or whether the signature verifies; a fault where the operation threw. */
export type Answer = string | boolean | { readonly fault: string };

export type ToLane = { readonly load: readonly LaneKey[] } | { readonly parcel: Parcel };
export type FromLane =
  { readonly loaded: true | { readonly fault: string } } | { readonly answers: readonly Answer[] };

export function pack(tasks: readonly Task[]): Parcel {
  return {
    operations: tasks.map(({ operation }) => operation),
    keys: tasks.map(({ key }) => key),
    texts: tasks.map(({ text }) => text),
    bytes: tasks.map(({ bytes }) => bytes),
  };
}

export function unpack({ operations, keys, texts, bytes }: Parcel): readonly Task[] {
  return operations.map((operation, index) => ({
    operation,
    key: keys[index] ?? '',
    text: texts[index] ?? '',
    bytes: bytes[index] ?? '',
  }));
}

/** Bytes as a text of as many characters, and back. */
export function bytesToText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

export function textToBytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
