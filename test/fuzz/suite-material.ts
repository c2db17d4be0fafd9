/** One coin of a suite with all that wallet, mint and next holder saw of it: what mutations begin with. */
import { nativeNamed } from '../../src/signers/natives.ts';
import type { NativeKey } from '../../src/signers/native.ts';
import { freshPair } from '../../src/signers/pairs.test-helper.ts';
import type { TestPair } from '../../src/signers/pairs.test-helper.ts';
import { must, payloadOf, secretsOf } from '../../src/suites/keys.test-helper.ts';
import type { CipherSuite, CoinSecrets, KeyDocument } from '../../src/suites/index.ts';
import type { Exposure, Payment } from '../../src/suites/suite.ts';
import { ACCOUNT, PAYMENT, makeCoin } from '../../src/suites/withdrawal.test-helper.ts';
import type { MadeCoin } from '../../src/suites/withdrawal.test-helper.ts';
import { coinId } from '../../src/protocol/ids.ts';
import type { Payload } from '../../src/protocol/documents.ts';

export interface Material {
  readonly suite: CipherSuite;
  readonly pair: TestPair;
  readonly native: NativeKey;
  readonly coin: MadeCoin;
  readonly secrets: CoinSecrets;
  readonly coinId: string;
  /** The coin handed over once more, in another payment; the same where the suite takes no notice. */
  readonly handedAgain: string;
  /** Whatever rightly is this coin, in any form but held. */
  readonly genuine: ReadonlySet<string>;
  readonly master: { readonly document: KeyDocument; readonly key: unknown };
  /** What the master key signed. */
  readonly document: Uint8Array;
  readonly documentSignature: string;
  readonly account?: AccountMaterial;
  /** Texts of this suite that stand elsewhere: to be put where they do not belong. */
  readonly texts: readonly string[];
  readonly keys: readonly KeyDocument[];
}

/** Suites of two rounds. */
export interface AccountMaterial {
  readonly identity: string;
  readonly context: Uint8Array;
  readonly proof: string;
  readonly commitment: string;
  /** What handing the coin over twice gives away. */
  readonly exposure: Exposure | undefined;
}

/** To nobody in particular, at another time. */
const LATER: Payment = { ...PAYMENT, time: PAYMENT.time + 1 };

/** Fresh keys, and two coins under them. */
export async function makeMaterial(suite: CipherSuite): Promise<Material> {
  const native = nativeNamed(suite.name);
  const [pair, other] = [await freshPair(suite), await freshPair(suite)];
  const [coin, another] = ['coin', 'another'].map((word) => makeCoin(suite, pair, payloadOf(word), word));
  if (coin === undefined || another === undefined) throw new Error('there are two coins');
  // RSA keys for certificates are long, and slow to make: a mint key serves as well.
  const made = suite.name.startsWith('RSA-')
    ? { publicKey: pair.document, secret: pair.secret }
    : await native.makeMaster();
  const document = payloadOf('what the master key signs');
  const documentSignature = await native.signDocument(made.secret, document);
  const handedAgain = must(suite.hand(pair.public, coin.payload, coin.held, LATER));
  const id = coinId(JSON.parse(new TextDecoder().decode(coin.payload)) as Payload);
  const account = accountOf(suite, pair, coin, id, handedAgain);
  const accountTexts =
    account === undefined
      ? []
      : [account.identity, account.proof, account.commitment, account.exposure?.secret ?? '0'];
  return {
    suite,
    pair,
    native: native.open(pair.document, pair.secret),
    coin,
    secrets: secretsOf('coin'),
    coinId: id,
    handedAgain,
    genuine: new Set([coin.handed, handedAgain, coin.shown, suite.show(handedAgain)]),
    master: { document: made.publicKey, key: must(suite.documents.readKey(made.publicKey)) },
    document,
    documentSignature,
    ...(account === undefined ? {} : { account }),
    texts: [
      ...[coin, another].flatMap(({ blind, answer, held, handed, shown }) => [
        blind,
        answer,
        held,
        handed,
        shown,
      ]),
      ...[handedAgain, documentSignature, ...accountTexts],
      ...[pair, other].flatMap((each) => numbersOf(each.document)),
    ],
    keys: [pair.document, other.document, pair.secretDocument, made.publicKey],
  };
}

function numbersOf(key: KeyDocument): string[] {
  return Object.entries(key).flatMap(([field, value]) =>
    field !== 'type' && typeof value === 'string' ? [value] : [],
  );
}

function accountOf(
  { accounts, offline }: CipherSuite,
  { public: key }: TestPair,
  coin: MadeCoin,
  id: string,
  handedAgain: string,
): AccountMaterial | undefined {
  if (accounts === undefined) return undefined;
  const context = payloadOf('what a proof is bound to');
  return {
    identity: accounts.identity(ACCOUNT),
    context,
    proof: accounts.prove(ACCOUNT, context),
    commitment: coin.how.commitment ?? '',
    exposure: offline?.expose(key, id, coin.handed, handedAgain),
  };
}
