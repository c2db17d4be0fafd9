import { hash } from 'node:crypto';
import type { Sha256 } from '../../title/documents/merkle.ts';

/** SHA-256 by OpenSSL, in one call. As text on its way: a short buffer of its own takes Node longer than the hash. */
export const nativeSha256: Sha256 = (bytes) => Buffer.from(hash('sha256', bytes, 'binary'), 'latin1');
