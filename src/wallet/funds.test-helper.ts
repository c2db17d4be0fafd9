/**
 * For tests only: most tests of a file begin with the same purchase by the same wallet of an issuer that is new. It is made
 * once; the others begin with what it came to. Making coins is the larger part of what wallet tests cost.
 */
import type { WalletState } from './state.ts';
import type { TestIssuer } from './issuer.test-helper.ts';
import type { Place } from './testing.test-helper.ts';

type Books = Pick<
  TestIssuer,
  | 'float'
  | 'requests'
  | 'intents'
  | 'orders'
  | 'identities'
  | 'withdrawals'
  | 'answers'
  | 'statement'
  | 'cashier'
>;

const known = new Map<string, { readonly state: WalletState; readonly books: Books }>();

/** What such a purchase hangs on; undefined where something came before it, or something is to go wrong. */
export function beginningOf({ issuer, fault, wallet }: Place, value: number): string | undefined {
  const isNew = issuer.requests.length + issuer.revocations.length + wallet.currencies().length === 0;
  if (!isNew || !issuer.isCalm || fault !== undefined) return undefined;
  const keys = [...issuer.pairs.values()].map(({ certificate }) => certificate.signature);
  return JSON.stringify([issuer.cddc, keys, issuer.treasury, issuer.now, value, wallet.phrase()]);
}

/** Begins with a purchase that was made before; false where it was not. */
export async function beginAt(beginning: string, place: Place): Promise<boolean> {
  const before = known.get(beginning);
  if (before === undefined) return false;
  const { issuer } = place;
  const { float, statement, cashier, ...books } = copyOf(before.books);
  Object.assign(issuer, { float, statement, cashier });
  issuer.requests.push(...books.requests);
  for (const name of ['intents', 'orders', 'identities', 'withdrawals', 'answers'] as const)
    for (const [id, each] of books[name]) (issuer[name] as Map<string, unknown>).set(id, each);
  await place.store.commit(before.state);
  await place.reopen();
  return true;
}

/** Remembers a purchase that was just made. */
export async function keepBeginning(beginning: string, { issuer, store }: Place): Promise<void> {
  const state = await store.load();
  if (state !== undefined) known.set(beginning, { state, books: copyOf(issuer) });
}

function copyOf({ intents, ...books }: Books): Books {
  return {
    float: books.float,
    requests: [...books.requests],
    // The only records that are changed in their place.
    intents: new Map([...intents].map(([id, intent]) => [id, { ...intent }])),
    orders: new Map(books.orders),
    identities: new Map(books.identities),
    withdrawals: new Map(books.withdrawals),
    answers: new Map(books.answers),
    statement: books.statement,
    cashier: books.cashier,
  };
}
