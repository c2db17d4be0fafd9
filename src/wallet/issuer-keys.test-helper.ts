/** For tests only: the keys of issuers, each made once for a test file. */
import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { bytesToNumber, numberToBytes, readBigInt, writeBigInt } from '../base/bigint.ts';
import { writeEd25519PublicKey } from '../suites/ed25519-documents.ts';
import type { CipherSuite, KeyDocument } from '../suites/index.ts';
import type { NewKey } from '../mint/ports.ts';
import { must } from '../suites/keys.test-helper.ts';
import type { TestKey } from '../suites/keys.test-helper.ts';
import type { NativeKey } from '../signers/native.ts';
import { nativeNamed } from '../signers/natives.ts';
import { makeTestKey } from './rsa-keys.test-helper.ts';

const keys: TestKey[] = [];

/** Key pairs are slow to make: each test file makes each of its keys once. */
export function testKey(index: number): TestKey {
  while (keys.length <= index) keys.push(makeTestKey(keys.length));
  return keys[index]!;
}

/** A key as an issuer signs with it. */
export interface IssuerKey {
  readonly document: KeyDocument;
  /** As the suite reads it. */
  readonly public: unknown;
  readonly native: NativeKey;
}

const made = new Map<string, NewKey[]>();

/** Makes mint keys of a suite ahead, once for each test file: RSA keys are made when they are wanted. */
export async function makeKeys(suite: string, count: number): Promise<void> {
  const keysOf = made.get(suite) ?? [];
  made.set(suite, keysOf);
  while (keysOf.length < count && !isRsa(suite)) keysOf.push(await nativeNamed(suite).makeMintKey());
}

export function isRsa(suite: string): boolean {
  return suite.startsWith('RSA-');
}

/** The `index`-th mint key of a suite. */
export function issuerKey(suite: CipherSuite, index: number): IssuerKey {
  const { publicKey, secret } = isRsa(suite.name) ? derOf(testKey(index)) : made.get(suite.name)![index]!;
  return {
    document: publicKey,
    public: must(suite.readKey(publicKey)),
    native: nativeNamed(suite.name).open(publicKey, secret),
  };
}

function derOf({ document, secretObject }: TestKey): NewKey {
  return {
    publicKey: document,
    secret: new Uint8Array(secretObject.export({ format: 'der', type: 'pkcs8' })),
  };
}

/** A master key: its document, and what signs with it. */
export interface MasterKey {
  readonly document: KeyDocument;
  readonly secretObject: KeyObject;
  /** By document what it has signed. */
  readonly signed: Map<string, string>;
}

const masters = new Map<number, MasterKey>();

const rsaMasters = new Map<TestKey, MasterKey>();

export function rsaMaster(key: TestKey): MasterKey {
  const { document, secretObject } = key;
  const master = rsaMasters.get(key) ?? { document, secretObject, signed: new Map<string, string>() };
  rsaMasters.set(key, master);
  return master;
}

/** A master key of any suite but RSA's. */
export function ed25519Master(index: number): MasterKey {
  const known = masters.get(index);
  if (known !== undefined) return known;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const document = writeEd25519PublicKey(Buffer.from(x, 'base64url'));
  const master = { document, secretObject: privateKey, signed: new Map<string, string>() };
  masters.set(index, master);
  return master;
}

/** An Ed25519 key pair, its public part as documents carry it. */
export function makeStatementKey(): { readonly publicKey: string; readonly secret: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return { publicKey: Buffer.from(x, 'base64url').toString('hex'), secret: privateKey };
}

/** The private operation, by OpenSSL. */
export function rawSign(key: { secretObject: KeyObject; public: { bytes: number } }, blind: string): string {
  const input = numberToBytes(readBigInt(blind), key.public.bytes);
  const output = privateDecrypt({ key: key.secretObject, padding: constants.RSA_NO_PADDING }, input);
  return writeBigInt(bytesToNumber(output));
}
