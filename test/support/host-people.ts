/** People with a wallet on a host: each signs up through the form in a browser, and then works by a program's token. */
import type {
  BankView,
  CurrencyView,
  EntryView,
  InvoiceView,
  LetterView,
  PayInput,
  PurseView,
  RedeemInput,
} from '../../src/host/schemas.ts';
import { HostClient, hiddenFields, unescaped } from './host-client.ts';
import type { Answer } from './host-client.ts';

/** The host said no, and why. */
export class Refused {
  readonly status: number;
  readonly error: string;
  readonly details: string;

  constructor(status: number, error: string, details: string) {
    this.status = status;
    this.error = error;
    this.details = details;
  }
}

/** What was asked for; or the host's no; or undefined where no answer came, so that nobody knows whether it was done. */
export type Outcome<Value> = Promise<Value | Refused | undefined>;

interface Listing<Item> {
  readonly items: readonly Item[];
  readonly page: number;
  readonly pages: number;
}

export interface PersonOptions {
  /** The host's address. */
  readonly url: string;
  readonly name: string;
  /** Any of 127.0.0.0/8. */
  readonly address: string;
}

export class Person {
  readonly name: string;
  readonly password: string;
  readonly client: HostClient;
  /** The twelve words; empty until they were seen. */
  phrase = '';
  token = '';

  constructor({ url, name, address }: PersonOptions) {
    this.name = name;
    this.password = `the password of ${name}`;
    this.client = new HostClient(url, address);
  }

  /** Signs up, and in again where the answer got lost; gets a token. Undefined when no answer came on the way. */
  async join(): Outcome<Person> {
    const entered = await this.submit('/signup', '/signup', { name: this.name, password: this.password });
    if (entered === undefined) return undefined;
    this.phrase = wordsIn(entered.text);
    if (entered.status >= 400) {
      const again = await this.signIn();
      if (again !== this) return again;
    }
    if (this.phrase === '') {
      const shown = await this.submit('/settings', '/settings/words', { password: this.password });
      if (shown === undefined) return undefined;
      this.phrase = wordsIn(shown.text);
    }
    const given = await this.submit('/settings', '/settings/tokens', {
      label: 'a program',
      password: this.password,
    });
    if (given === undefined) return undefined;
    this.token = /id="token"[^>]*value="([\w-]{43})"/.exec(given.text)?.[1] ?? '';
    return this.token === '' ? new Refused(given.status, 'no token', '') : this;
  }

  /** Signs a browser in, by name and password. */
  async signIn(): Outcome<Person> {
    const answer = await this.submit('/signin', '/signin', { name: this.name, password: this.password });
    if (answer === undefined) return undefined;
    return answer.status < 400 ? this : new Refused(answer.status, 'sign in', this.name);
  }

  /** Loads a page as the browser that is signed in. */
  page(path: string): Promise<Answer | undefined> {
    return this.client.ask('GET', path, { headers: this.client.cookies() });
  }

  /** Loads a page and sends the form on it that goes to `action`. Undefined when no answer came to either. */
  async submit(
    path: string,
    action: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<Answer | undefined> {
    const page = await this.page(path);
    if (page === undefined) return undefined;
    const hidden = hiddenFields(page.text, action);
    // Whoever is signed in already is sent on from the door.
    if (hidden === undefined) return page;
    return this.client.ask('POST', action, {
      headers: {
        ...this.client.cookies(),
        'Content-Type': 'application/x-www-form-urlencoded',
        Origin: this.client.origin,
      },
      body: new URLSearchParams({ ...hidden, ...fields }).toString(),
    });
  }

  /** Asks the API. */
  async call<Value>(method: 'GET' | 'POST', path: string, input?: object): Outcome<Value> {
    const headers = { Authorization: `Bearer ${this.token}`, 'Content-Type': 'application/json' };
    const body = input === undefined ? {} : { body: JSON.stringify(input) };
    const answer = await this.client.ask(method, `/api${path}`, { headers, ...body });
    if (answer === undefined) return undefined;
    if (answer.status < 400) return JSON.parse(answer.text) as Value;
    return refusedBy(answer);
  }

  currencies = (): Outcome<readonly CurrencyView[]> => this.call('GET', '/currencies');
  purses = (): Outcome<readonly PurseView[]> => this.call('GET', '/purses');
  bank = (currency: string): Outcome<BankView> => this.call('GET', `/currencies/${currency}/bank`);
  letter = (id: string): Outcome<LetterView> => this.call('GET', `/letters/${id}`);
  invoices = (): Outcome<readonly InvoiceView[]> => this.call('GET', '/invoices');
  pay = (input: PayInput): Outcome<LetterView> => this.call('POST', '/pay', input);
  take = (text: string): Outcome<LetterView> => this.call('POST', '/receive', { text, accept: true });
  takeBack = (id: string): Outcome<LetterView> => this.call('POST', `/letters/${id}/take-back`);
  request = (input: { currency: string; amount: number; subject: string }): Outcome<InvoiceView> =>
    this.call('POST', '/invoices', input);
  payRequest = (id: string): Outcome<LetterView> => this.call('POST', `/invoices/${id}/pay`);
  redeem = (input: RedeemInput): Outcome<EntryView> => this.call('POST', '/redeem', input);
  buy = (currency: string, amount: number): Outcome<EntryView> =>
    this.call('POST', '/buy', { currency, amount, rail: 'test', voucher: '' });
  payOut = (input: { currency: string; amount: number; to: string }): Outcome<EntryView> =>
    this.call('POST', '/payout', input);

  /** The newest fifty. */
  async newest(folder: 'inbox' | 'sent'): Outcome<readonly LetterView[]> {
    const listing = await this.call<Listing<LetterView>>('GET', `/${folder}`);
    return listing === undefined || listing instanceof Refused ? listing : listing.items;
  }

  /** All of a list that comes in pages. */
  async all<Item>(path: '/inbox' | '/sent' | '/history'): Outcome<readonly Item[]> {
    const items: Item[] = [];
    for (let page = 1; ; page++) {
      const listing = await this.call<Listing<Item>>('GET', `${path}?page=${page}`);
      if (listing === undefined || listing instanceof Refused) return listing;
      items.push(...listing.items);
      if (page >= listing.pages) return items;
    }
  }
}

function refusedBy({ status, text }: Answer): Refused {
  if (!text.startsWith('{')) return new Refused(status, 'no JSON', text.slice(0, 200));
  const { error, details } = JSON.parse(text) as { readonly error: string; readonly details: string };
  return new Refused(status, error, details);
}

/** The twelve words on a page; empty where there are none. */
function wordsIn(page: string): string {
  const words = [...page.matchAll(/<li><span translate="no">([^<]+)<\/span><\/li>/g)];
  return words.map(([, word = '']) => unescaped(word)).join(' ');
}
