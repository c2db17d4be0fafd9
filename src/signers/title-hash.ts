import { hash } from 'node:crypto';
import type { Sha256 } from '../title/documents/merkle.ts';

/** SHA-256 by OpenSSL, in one call. */
export const nativeSha256: Sha256 = (bytes) => hash('sha256', bytes, 'buffer');
