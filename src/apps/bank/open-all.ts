/** All currencies that one bank sells, each with books of its own. */
import { existsSync, readFileSync } from 'node:fs';
import { LIMITS } from '../../base/limits.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { decodeDocument } from '../../protocol/codec.ts';
import type { Cddc } from '../../protocol/documents.ts';
import { openFramesClient } from '../../transports/frames/client.ts';
import type { FramesClient } from '../../transports/frames/client.ts';
import { readCashierLimits } from './cashier-limits.ts';
import { allBooks, descriptionPath, ledgerPath } from './folder.ts';
import type { BooksPlace } from './folder.ts';
import { asker, cashierOf, listCurrencies, openRunningBank } from './open.ts';
import type { BankOptions, RunningBank } from './open.ts';

export interface RunningBanks {
  readonly banks: readonly RunningBank[];
  /** Why other books are not served, with what they are called. */
  readonly left: readonly { readonly books: string; readonly why: Refusal }[];
}

/**
 * Opens the banks of all books in a folder; `currency` says what the first ones are of where the box holds several. One
 * currency's refusal keeps no other from being sold. Refuses where none can be, and where trying again may help.
 */
export async function openRunningBanks(options: BankOptions): Promise<RunningBanks | Refusal> {
  const places = allBooks(options.folder);
  const first = places.find(({ name }) => name === '') ?? { name: '', folder: options.folder };
  const opened: (readonly [BooksPlace, RunningBank | Refusal])[] = [];
  for (const place of places.length === 0 ? [first] : places)
    opened.push([place, await openOne(options, place, opened)]);
  const banks = opened.flatMap(([, each]) => (each instanceof Refusal ? [] : [each]));
  const left = opened.flatMap(([{ name }, why]) => (why instanceof Refusal ? [{ books: name, why }] : []));
  const refused = left.find(({ why }) => why.temporary) ?? (banks.length === 0 ? left[0] : undefined);
  if (refused === undefined) return { banks, left };
  await Promise.all(banks.map((each) => each.close()));
  return refused.why;
}

async function openOne(
  options: BankOptions,
  place: BooksPlace,
  before: readonly (readonly [BooksPlace, RunningBank | Refusal])[],
): Promise<RunningBank | Refusal> {
  const currency = await currencyOf(options, place);
  if (currency instanceof Refusal) return currency;
  const isSold = before.some(([, each]) => !(each instanceof Refusal) && each.cddc.cdd.id === currency);
  if (isSold) return refuse('not possible', 'other books of this bank are of the same currency');
  return openRunningBank({ ...options, folder: place.folder, currency });
}

/** The id of the currency that books are of: as they say, as it was typed, or the one whose mint knows their cashier. */
async function currencyOf(options: BankOptions, place: BooksPlace): Promise<string | undefined | Refusal> {
  const wanted = place.name === '' ? options.currency : undefined;
  if (existsSync(descriptionPath(place))) {
    const known = readDescription(place);
    if (known instanceof Refusal) return known;
    const { currency_name: name, id } = known.cdd;
    return wanted === undefined || wanted === id
      ? id
      : refuse(
          'not possible',
          `the bank in ${place.folder} sells ${name}, whose id is ${id}; for another currency choose another folder with --data`,
        );
  }
  if (wanted !== undefined || !existsSync(ledgerPath(place))) return wanted;
  return knowing(options.boxSocket, place);
}

/** The description of the currency that books are of, as it was kept when they were last served. */
export function readDescription(place: Pick<BooksPlace, 'folder'>): Cddc | Refusal {
  const path = descriptionPath(place);
  const document = decodeDocument(readFileSync(path));
  if (document instanceof Refusal) return document;
  return document.type === 'cdd certificate'
    ? document
    : refuse('malformed', `${path} holds no description of a currency`);
}

/** Undefined where the first books are looked for and one currency alone is there: it says itself what is wrong. */
async function knowing(boxSocket: string, place: BooksPlace): Promise<string | undefined | Refusal> {
  const box = openFramesClient({ path: boxSocket, messageBytes: LIMITS.messageBytes });
  try {
    const currencies = await listCurrencies(box);
    if (currencies instanceof Refusal) return currencies;
    if (place.name === '' && currencies.length < 2) return undefined;
    const cashier = await cashierOf(place.folder);
    if (cashier instanceof Refusal) return cashier;
    return await withCashier(box, currencies, cashier, place.name === '');
  } finally {
    box.close();
  }
}

async function withCashier(
  box: FramesClient,
  currencies: readonly Cddc[],
  cashier: string,
  isFirst: boolean,
): Promise<string | undefined | Refusal> {
  const known: string[] = [];
  for (const { cdd } of currencies) {
    const limits = readCashierLimits(asker(box, cdd.id), cashier);
    const unread = await limits.read();
    if (unread !== undefined) return unread;
    if (limits.atOnce() !== undefined) known.push(cdd.id);
  }
  const [only] = known;
  if (only !== undefined && known.length === 1) return only;
  if (isFirst) return undefined;
  return refuse(
    'unknown',
    `the box holds ${known.length === 0 ? 'no' : 'more than one'} currency with its cashier`,
  );
}
