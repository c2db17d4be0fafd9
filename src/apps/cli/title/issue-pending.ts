/** What an issuer has signed and no server has answered yet, beside the issuer's key: it is handed in again before anything new. */
import { rmSync } from 'node:fs';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { createFile, readText } from '../../../signers/vault/file.ts';
import { readFormJson } from '../../../title/documents/codec.ts';
import { TitleClassCertificate } from '../../../title/documents/documents.ts';

/** A version of a class that is underway. */
export interface PendingClass {
  readonly url: string;
  readonly certificate: TitleClassCertificate;
}

/** Where it lies. */
export function pendingPath(keyFile: string): string {
  return `${keyFile}.pending`;
}

/** What is underway; undefined where nothing is. Refuses a file that holds something else. */
export function readPending(keyFile: string): PendingClass | Refusal | undefined {
  const text = readText(pendingPath(keyFile));
  if (text === undefined) return undefined;
  const damaged = refuse(
    'malformed',
    `the file ${pendingPath(keyFile)} is damaged; look at what was issued before you remove it`,
  );
  const { url, certificate } = fieldsOf(text);
  if (typeof url !== 'string') return damaged;
  const read = readFormJson(TitleClassCertificate, certificate, 'certificate');
  return read instanceof Refusal ? damaged : { url, certificate: read };
}

/** Keeps what is going to be handed in. Durable when this returns. Refuses while something else is underway. */
export function keepPending(keyFile: string, { url, certificate }: PendingClass): Refusal | undefined {
  const text = JSON.stringify({ url, certificate: TitleClassCertificate.toJson(certificate) });
  return createFile(pendingPath(keyFile), `${text}\n`)
    ? undefined
    : refuse('busy', `another command with the key ${keyFile} is underway`);
}

/** It was answered. */
export function dropPending(keyFile: string): void {
  rmSync(pendingPath(keyFile));
}

function fieldsOf(text: string): Partial<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // Whatever is no JSON has no fields: that is the answer.
    return {};
  }
}
