/** What the demo's currency of each suite is called and where it lives. A suite without a row gets both from its name. */
import { libsecp256k1 } from '../../../signers/secp256k1.ts';

export interface DemoPlace {
  /** Behind the demo's name. */
  readonly name: string;
  /** Its path at the issuer, and the name of its books at the bank. */
  readonly path: string;
  /** What it shows, as one sentence. */
  readonly about: string;
  /** Powers of two from 1, so that any amount takes few coins. */
  readonly denominations: number;
  /** Whether it can be issued on this machine; left out: on all. */
  readonly isHere?: () => boolean;
}

const MANY = 20;
/** Where a mint key takes long to make. */
const FEW = 12;

const PLACES: Readonly<Record<string, DemoPlace>> = {
  'RSA-SHA384-PSS-RFC9474': {
    name: 'RSA',
    path: 'rsa',
    about: 'A demonstration of blind RSA signatures.',
    denominations: MANY,
  },
  'RSA-SHA512-CHAUM86': {
    name: 'Chaum',
    path: 'chaum',
    about: 'A demonstration of the first blind signatures, of 1983.',
    denominations: FEW,
  },
  'SECP256K1-WAGNER': {
    name: 'Wagner',
    path: 'wagner',
    about: 'A demonstration of blind Diffie-Hellman key exchange, as in Cashu.',
    denominations: MANY,
    isHere: hasLibsecp256k1,
  },
  'P256-BRANDS': {
    name: 'Brands',
    path: 'brands',
    about: 'A demonstration of cash that can be taken offline.',
    denominations: MANY,
  },
  'ED25519-UNBLINDED': {
    name: 'Unblinded',
    path: 'unblinded',
    about: 'A demonstration of signatures that are not blind: vouchers rather than cash.',
    denominations: MANY,
  },
  PLAIN: {
    name: 'Plain',
    path: 'plain',
    about: 'A demonstration of numbers that the issuer alone can check.',
    denominations: MANY,
  },
};

/** Its package brings binaries for the usual machines, and nothing is issued without one. */
function hasLibsecp256k1(): boolean {
  try {
    libsecp256k1();
    return true;
  } catch {
    return false;
  }
}

/** The place of a suite's currency. */
export function demoPlace(suite: string): DemoPlace {
  return (
    PLACES[suite] ?? {
      name: suite,
      path: suite.toLowerCase().replaceAll(/[^a-z\d]+/g, '-'),
      about: `A demonstration of the cipher suite ${suite}.`,
      denominations: MANY,
    }
  );
}
