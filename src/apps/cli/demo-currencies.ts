/** What the demo's currency of each suite is called and where it lives. A suite without a row gets both from its name. */

export interface DemoPlace {
  /** Behind the demo's name. */
  readonly name: string;
  /** Its path at the issuer, and the name of its books at the bank. */
  readonly path: string;
  /** What it shows, as one sentence. */
  readonly about: string;
  /** Powers of two from 1, so that any amount takes few coins. */
  readonly denominations: number;
  /** Why the demo leaves it out unless it is asked for by name; undefined where it does not. */
  readonly withheld?: string;
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
    withheld: 'its library is a native addon, and the confined box may load none',
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
