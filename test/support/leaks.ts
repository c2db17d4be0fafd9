/** Looks for secrets in what a program has said: in binary, hexadecimal and base64, whole or in part. */
import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../../src/base/refusal.ts';
import { unseal } from '../../src/mint/secrets.ts';
import { openVault } from '../../src/signers/vault/vault.ts';
import { openSqliteMintStore } from '../../src/stores/mint/sqlite.ts';

/** Bytes that somebody must not learn. */
export interface Secret {
  readonly name: string;
  readonly bytes: Buffer;
}

/** So many bytes in a row of a secret are a leak of it. */
const TELLING = 16;

/** Every secret of a box: what opens its folder, and its private keys with each of their numbers. */
export async function secretsOf(folder: string, keyFile: string): Promise<readonly Secret[]> {
  const vault = openVault(folder, { keyFile });
  if (vault instanceof Refusal) throw new Error(vault.details);
  const key = readFileSync(keyFile, 'utf8').trim();
  const secrets: Secret[] = [
    { name: 'the key file', bytes: Buffer.from(key, 'hex') },
    { name: 'the data key', bytes: Buffer.from(vault.exportKey()) },
  ];
  for (const file of readdirSync(join(folder, 'currencies')).filter((name) => name.endsWith('.sqlite'))) {
    const issuerId = file.slice(0, -'.sqlite'.length);
    const store = openSqliteMintStore(join(folder, 'currencies', file));
    if (store instanceof Refusal) throw new Error(store.details);
    const books = await store.load();
    await store.close();
    const sealed = books?.secrets ?? new Map<string, Uint8Array>();
    for (const name of sealed.keys()) secrets.push(...numbersOf(name, unseal(vault, issuerId, sealed, name)));
  }
  return secrets;
}

/** A private key (PKCS #8) and the secret numbers in it. */
function numbersOf(name: string, der: Uint8Array): Secret[] {
  const jwk = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' }).export({
    format: 'jwk',
  });
  const numbers = (['d', 'p', 'q', 'dp', 'dq', 'qi'] as const).flatMap((field) => {
    const value = jwk[field];
    return value === undefined ? [] : [{ name: `${name}: ${field}`, bytes: Buffer.from(value, 'base64url') }];
  });
  // The first bytes of PKCS #8 say which kind of key it is, and are in everything that says that.
  return [{ name, bytes: Buffer.from(der).subarray(-TELLING) }, ...numbers];
}

/** The names of the secrets of which a telling part is in what was heard. */
export function leaked(heard: Buffer, secrets: readonly Secret[]): readonly string[] {
  const text = heard.toString('latin1');
  const hex = Buffer.from(text.toLowerCase(), 'latin1');
  const base64 = Buffer.from(text.replaceAll('-', '+').replaceAll('_', '/'), 'latin1');
  const isIn = ({ bytes }: Secret) =>
    partsOf(bytes).some(
      (part) =>
        heard.includes(part) ||
        hex.includes(part.toString('hex')) ||
        base64Forms(part).some((form) => base64.includes(form)),
    );
  return secrets.filter(isIn).map(({ name }) => name);
}

/** The beginning, the middle and the end. */
function partsOf(bytes: Buffer): readonly Buffer[] {
  const middle = Math.floor((bytes.length - TELLING) / 2);
  return [0, middle, bytes.length - TELLING].map((from) => bytes.subarray(from, from + TELLING));
}

/** How base64 shows bytes, wherever among others they begin: less the digits that the others have a part in. */
function base64Forms(part: Buffer): readonly string[] {
  return [0, 1, 2].map((before) => {
    const digits = Buffer.concat([Buffer.alloc(before), part])
      .toString('base64')
      .replaceAll('=', '');
    return digits.slice(before === 0 ? 0 : before + 1, -1);
  });
}
