/** The suite `P256-BRANDS`, specified in spec/suites/P256-BRANDS.md. */
import { identityText, prove, proves } from './brands/accounts.ts';
import { serialOf } from './brands/coin.ts';
import { readBrandsPublicKey, readBrandsSecretKey } from './brands/keys.ts';
import type { BrandsPublicKey } from './brands/keys.ts';
import { expose, hand, isExposed, paymentOf, verify } from './brands/payment.ts';
import {
  answers,
  commitPlainly,
  nonceOf,
  prepare,
  readBlind,
  serial,
  signPlainly,
  unblind,
} from './brands/withdrawal.ts';
import { ed25519Documents } from './ed25519-documents.ts';
import type { Ed25519PublicKey } from './ed25519-documents.ts';
import type { CipherSuite } from './suite.ts';

/** Brands' restrictive blind signatures: coins that may be taken offline, since paying twice tells who did. */
export const brands: CipherSuite<BrandsPublicKey, Ed25519PublicKey> = {
  name: 'P256-BRANDS',
  promises: {
    untraceable: true,
    verifiableBy: 'anyone',
    safeOffline: true,
    rounds: 2,
    caution:
      'That coins cannot be forged is not proven, and rests on the mint opening few withdrawals at once; paying twice ' +
      'offline is found out afterwards, and deters only where the bank knows whose an account is.',
  },
  blinding: 'always',
  documents: ed25519Documents,
  accounts: { identity: identityText, prove, proves, nonceOf, commitPlainly },
  offline: { serial, serialOf, paymentOf, expose, isExposed },
  readKey: readBrandsPublicKey,
  weakness: () => undefined,
  prepare,
  accepts: (_key, blind) => readBlind(blind) !== undefined,
  unblind,
  hand,
  show: (handed) => handed,
  answers,
  verify,
  signPlainly,
  verifyPlainly: (secret, payload, shown) => verify(readBrandsSecretKey(secret), payload, shown),
};
