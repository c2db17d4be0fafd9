/** People who have signed up at a wallet host and have coins. */
import { Person, Refused } from '../test/support/host-people.ts';
import type { CrowdJob } from './host-crowd.ts';

/** Everybody's purse to begin with: so much that nobody runs out. */
const BOUGHT = 20_000;

export interface Gathered {
  readonly people: readonly Person[];
  /** The same for the crowd, with what it trades. */
  readonly job: Pick<CrowdJob, 'url' | 'people' | 'currency'>;
}

/** So many people sign up at the host at `url`, get a token and buy coins. */
export async function gather(url: string, count: number): Promise<Gathered> {
  const addresses = Array.from({ length: count }, (_, index) => `127.0.2.${index + 1}`);
  const people = addresses.map((address, index) => new Person({ url, name: `person-${index}`, address }));
  await Promise.all(people.map(async (person) => certain(await person.join())));
  const [currency] = certain(await people[0]?.currencies());
  if (currency === undefined) throw new Error('nobody knows a currency');
  await Promise.all(people.map(async (person) => certain(await person.buy(currency.id, BOUGHT))));
  const somebodies = people.map(({ name, token }, index) => ({
    name,
    token,
    address: addresses[index] ?? '',
  }));
  return { people, job: { url, people: somebodies, currency: currency.id } };
}

/** What has to work for there to be anything to measure. */
export function certain<Value extends object>(outcome: Value | Refused | undefined): Value {
  if (outcome === undefined) throw new Error('the host does not answer');
  if (outcome instanceof Refused) throw new Error(`${outcome.status} ${outcome.error}: ${outcome.details}`);
  return outcome;
}
