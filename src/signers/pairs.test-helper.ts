/** Mint keys for tests that run over every suite: the next suite gets them for nothing. */
import { must, makeKey } from '../suites/keys.test-helper.ts';
import type { CipherSuite, KeyDocument } from '../suites/index.ts';
import { nativeNamed } from './natives.ts';

/** A mint key's pair as everybody who handles it has it. */
export interface TestPair {
  readonly document: KeyDocument;
  /** As the suite reads it. */
  readonly public: unknown;
  /** As the plain mathematics reads it. */
  readonly secretDocument: KeyDocument;
  /** As the native side reads it. */
  readonly secret: Uint8Array;
}

/** Bits of RSA keys here: long enough for PSS with SHA-384, short enough to sign a thousand times. */
const BITS = 1_024;

/** A fresh mint key of a suite. RSA keys are short: the plain mathematics is slow. */
export async function freshPair(suite: CipherSuite): Promise<TestPair> {
  const native = nativeNamed(suite.name);
  const made = suite.name.startsWith('RSA-') ? shortRsaKey() : await native.makeMintKey();
  return {
    document: made.publicKey,
    public: must(suite.readKey(made.publicKey)),
    secretDocument: native.plainSecret(made.publicKey, made.secret),
    secret: made.secret,
  };
}

function shortRsaKey(): { readonly publicKey: KeyDocument; readonly secret: Uint8Array } {
  const { document, secretObject } = makeKey(BITS);
  const secret = new Uint8Array(secretObject.export({ format: 'der', type: 'pkcs8' }));
  return { publicKey: document, secret };
}
