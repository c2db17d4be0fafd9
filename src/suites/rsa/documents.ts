/** How a master key signs documents in the RSA suites: RSASSA-PKCS1-v1_5 with SHA-256, as in the draft's examples. */
import { rsassaPkcs1Verify } from './emsa-pkcs1-v1_5.ts';
import { readRsaPublicKey, rsaWeakness } from './rsa.ts';
import type { RsaPublicKey } from './rsa.ts';
import type { DocumentScheme } from '../suite.ts';

export const rsaDocuments: DocumentScheme<RsaPublicKey> = {
  readKey: readRsaPublicKey,
  weakness: rsaWeakness,
  verify: rsassaPkcs1Verify,
};
