import { Refusal, refuse } from '../../../base/refusal.ts';
import type { DoublePayment } from '../../../protocol/messages/double-payments.ts';
import type { OfflineScheme } from '../../../suites/index.ts';
import { suiteNamed } from '../../../suites/index.ts';
import { ask, askDescription } from '../../audit/ask.ts';
import type { Way } from '../../audit/ask.ts';
import { readArguments } from '../arguments.ts';
import { wayTo } from './audit.ts';
import { complain, misused, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';

const USAGE = 'specie double-payments URL';

/** Lists the coins that were handed over twice in a currency, and by which accounts. Ends with 1 where a proof is none. */
export async function doublePayments(args: readonly string[]): Promise<ExitStatus> {
  const given = readArguments(args, { texts: [] });
  if (typeof given === 'string') return misused(USAGE, given);
  const [url = '', ...rest] = given.operands;
  if (url === '' || rest.length > 0) return misused(USAGE);
  const way = wayTo(url);
  if (way instanceof Refusal) return complain(way);
  const offline = await schemeOf(way);
  if (offline instanceof Refusal) return complain(offline);
  const all = await allOf(way);
  if (all instanceof Refusal) return complain(all);
  if (all.length === 0) say('No coin was handed over twice.');
  for (const each of all) say(lineOf(each, offline));
  return all.every((each) => offline.isExposed(each)) ? 0 : 1;
}

async function schemeOf(way: Way): Promise<OfflineScheme | Refusal> {
  const cddc = await askDescription(way);
  if (cddc instanceof Refusal) return cddc;
  const suite = suiteNamed(cddc.cdd.issuer_cipher_suite);
  if (suite instanceof Refusal) return suite;
  return (
    suite.offline ?? refuse('not possible', 'coins of this currency tell nobody who handed them over twice')
  );
}

/** Page by page: an answer holds no more than the mint has worked out by then. */
async function allOf(way: Way): Promise<readonly DoublePayment[] | Refusal> {
  const all: DoublePayment[] = [];
  for (;;) {
    const after = all.at(-1)?.number ?? 0;
    const answer = await ask(way, { after, type: 'request double payments' });
    if (answer instanceof Refusal) return answer;
    const fresh = answer.double_payments.filter(({ number }) => number > after);
    if (fresh.length === 0) return all;
    all.push(...fresh);
  }
}

/** The secret is public, and still nothing to be read over a shoulder. */
function lineOf(each: DoublePayment, offline: OfflineScheme): string {
  const proof = offline.isExposed(each) ? 'its secret proves it' : 'WITHOUT PROOF: do not believe it';
  return `${each.number}: coin ${each.coin_id.slice(0, 16)}…, by the account ${each.identity}; ${proof}`;
}
