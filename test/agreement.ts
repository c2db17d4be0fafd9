/**
 * `npm run agreement [-- --cases 1000] [--suite NAME]`: every native operation of every suite against the plain
 * mathematics, over so many random cases each. `npm test` does the same over fewer. Exits with 1 at a disagreement.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { NativeKey } from '../src/signers/native.ts';
import { nativeNamed } from '../src/signers/natives.ts';
import { freshPair } from '../src/signers/pairs.test-helper.ts';
import type { TestPair } from '../src/signers/pairs.test-helper.ts';
import { mangled } from '../src/suites/hostile.test-helper.ts';
import { SUITES } from '../src/suites/index.ts';
import { must, secretsOf } from '../src/suites/keys.test-helper.ts';
import type { CipherSuite, Preparation } from '../src/suites/suite.ts';
import { ACCOUNT, PAYMENT } from '../src/suites/withdrawal.test-helper.ts';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '1000' }, suite: { type: 'string' } },
});
const cases = Number(values.cases);
const suites = SUITES.filter(({ name }) => values.suite === undefined || name === values.suite);
if (suites.length === 0) throw new Error(`the suites are ${SUITES.map(({ name }) => name).join(', ')}`);

/** A fresh key after so many coins: what agrees must not hang on one key. */
const COINS_OF_A_KEY = 100;

for (const suite of suites) {
  const start = performance.now();
  const agreed = new Map<string, number>();
  for (let done = 0; done < cases; done += COINS_OF_A_KEY) {
    const [pair, stranger] = [await freshPair(suite), await freshPair(suite)];
    const coins = Math.min(COINS_OF_A_KEY, cases - done);
    for (let coin = 0; coin < coins; coin++) checkCoin(suite, pair, stranger, agreed);
    await checkDocuments(suite, coins, agreed);
  }
  const counts = [...agreed].map(([operation, count]) => `${operation} ${count}`).join(', ');
  const seconds = ((performance.now() - start) / 1_000).toFixed(0);
  console.log(`${suite.name}: ${counts}; ${seconds} s`);
}

/** One coin from first round to spoilt copies, each step of the mint's made twice. */
function checkCoin(
  suite: CipherSuite,
  pair: TestPair,
  stranger: TestPair,
  agreed: Map<string, number>,
): void {
  const opened = nativeNamed(suite.name).open(pair.document, pair.secret);
  const payload = new Uint8Array(randomBytes(1 + randomInt(400)));
  const secrets = secretsOf(randomBytes(16).toString('hex'));
  const how = checkFirstRound(suite, pair, opened, agreed);
  const blind = suite.prepare(pair.public, payload, secrets, how);
  const shownOf = (answer: string) => {
    const held = must(suite.unblind(pair.public, payload, answer, secrets, how));
    return suite.show(must(suite.hand(pair.public, payload, held, PAYMENT)));
  };
  const [answer, plainly] = [opened.sign(blind), suite.signPlainly(pair.secretDocument, blind)];
  const shown = shownOf(answer);
  // The proof in Wagner's answers is hedged: what two answers make is one coin.
  same(suite, 'sign', shown, answer === plainly ? shown : shownOf(plainly), agreed);
  const verdicts = (signature: string, message = payload, key = pair) => {
    const natively = key === pair ? opened : nativeNamed(suite.name).open(key.document, key.secret);
    return [
      natively.verify(message, signature),
      suite.verifyPlainly(key.secretDocument, message, signature),
    ] as const;
  };
  const [mine, its] = verdicts(shown);
  same(suite, 'verify', mine && its, true, agreed);
  const spoilt = mangled(shown, 8);
  for (const verdict of [
    verdicts(spoilt[randomInt(spoilt.length)] ?? ''),
    verdicts(shown, payload.subarray(1)),
    verdicts(shown, payload, stranger),
  ])
    same(suite, 'verify what is spoilt', verdict[0] || verdict[1], false, agreed);
}

function checkFirstRound(
  suite: CipherSuite,
  pair: TestPair,
  opened: NativeKey,
  agreed: Map<string, number>,
): Preparation {
  const { accounts } = suite;
  if (accounts === undefined) return {};
  const identity = accounts.identity(ACCOUNT);
  const commitment = opened.commit?.(identity) ?? '';
  const nonce = accounts.nonceOf(commitment) ?? '';
  const plainly = accounts.commitPlainly(pair.secretDocument, identity, nonce);
  same(suite, 'first round', commitment, plainly, agreed);
  return { account: ACCOUNT, commitment };
}

async function checkDocuments(suite: CipherSuite, count: number, agreed: Map<string, number>): Promise<void> {
  const native = nativeNamed(suite.name);
  const master = await native.makeMaster();
  const key = must(suite.documents.readKey(master.publicKey));
  for (let each = 0; each < count; each++) {
    const document = new Uint8Array(randomBytes(1 + randomInt(1_000)));
    const signature = await native.signDocument(master.secret, document);
    same(suite, 'sign documents', suite.documents.verify(key, document, signature), true, agreed);
  }
}

function same(
  { name }: CipherSuite,
  operation: string,
  natively: string | boolean,
  plainly: string | boolean,
  agreed: Map<string, number>,
): void {
  if (natively !== plainly) {
    console.error(`${name}: ${operation}: natively ${String(natively)}, plainly ${String(plainly)}`);
    process.exit(1);
  }
  agreed.set(operation, (agreed.get(operation) ?? 0) + 1);
}
