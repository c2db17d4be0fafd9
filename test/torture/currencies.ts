/** One issuer with a currency of each suite: where each is, where its books are, and how much of it is traded. */
import { join } from 'node:path';
import { demoPlace } from '../../src/apps/cli/start/demo-currencies.ts';
import type { CipherSuite } from '../../src/suites/index.ts';
import { SUITES } from '../../src/suites/index.ts';

/** A currency of a demo issuer. */
export interface DemoCurrency {
  readonly suite: CipherSuite;
  /** In words: its suite's. */
  readonly name: string;
  readonly url: string;
  /** The bank's books of it. */
  readonly bank: string;
  /** The most that is paid at once. Where a wallet computes long for each coin: so little that it takes few. */
  readonly atMost: number;
}

const AT_MOST = 60;
const AT_MOST_OF_TWO_ROUNDS = 7;

/** Suites by name, separated by commas; without it all that can be issued on this machine. */
export function suitesNamed(text: string | undefined): readonly CipherSuite[] {
  if (text === undefined) return SUITES.filter(({ name }) => demoPlace(name).isHere?.() !== false);
  return text.split(',').map((name) => {
    const suite = SUITES.find((each) => each.name === name);
    if (suite === undefined) throw new Error(`the suites are ${SUITES.map((each) => each.name).join(', ')}`);
    return suite;
  });
}

/** The currencies of the issuer at `url` with its books in `folder`: the first one lives there, the others beside it. */
export function demoCurrencies(
  suites: readonly CipherSuite[],
  folder: string,
  url: string,
): readonly DemoCurrency[] {
  const bank = join(folder, 'bank');
  return suites.map((suite, index) => {
    const { name, path } = demoPlace(suite.name);
    const [itsUrl, itsBooks] =
      index === 0 ? [url, bank] : [new URL(`${path}/`, url).href, join(bank, 'books', path)];
    return {
      suite,
      name,
      url: itsUrl,
      bank: join(itsBooks, 'bank.sqlite'),
      atMost: suite.promises.rounds === 1 ? AT_MOST : AT_MOST_OF_TWO_ROUNDS,
    };
  });
}

/** The box's books of a currency, by its id. */
export function boxBooks(folder: string, currency: string): string {
  return join(folder, 'box', 'currencies', `${currency}.sqlite`);
}
