/** Getting to know currencies, and keeping what is known of them up to date. */
import { Refusal, refuse } from '../base/refusal.ts';
import { decodeDocument } from '../protocol/codec.ts';
import type { Cdd, Cddc, MintKeyCertificate } from '../protocol/documents.ts';
import type { Context } from './context.ts';
import { instant, signingKeys } from './keys.ts';
import { ask } from './speak.ts';
import type { KnownCurrency } from './state.ts';
import { doubtsAboutChange, doubtsAboutCurrency, doubtsAboutKey, doubtsAboutSuccessor } from './trust.ts';

/** Denominations and the mint keys that make their coins now. */
export type SigningKeys = ReadonlyMap<number, MintKeyCertificate>;

/**
 * Fetches the description at a URL and the currency's mint keys, checks both, holds them to what was seen before,
 * and keeps them. Refuses ('distrusted', 'bad signature', 'expired') without keeping anything of it.
 */
export async function addCurrency(context: Context, url: string): Promise<KnownCurrency | Refusal> {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    return refuse('malformed', 'the address of a currency begins with https:// or http://');
  }
  const cddc = await fetchDescription(context, url);
  if (cddc instanceof Refusal) return cddc;
  const doubts = doubtsAboutCurrency(cddc, context.clock()) ?? doubtsAboutIdentity(context, url, cddc.cdd);
  if (doubts !== undefined) return doubts;
  const certificates = await fetchKeys(context, cddc.cdd);
  if (certificates instanceof Refusal) return certificates;
  const currency = { id: cddc.cdd.id, cddc };
  await context.book.commit({ currencies: [currency], certificates });
  return currency;
}

/** A known currency whose description is in force, fetched anew when it has expired. */
export async function currentCurrency(context: Context, id: string): Promise<KnownCurrency | Refusal> {
  const known = context.book.currencies.get(id);
  if (known === undefined)
    return refuse('unknown', 'this currency is not known to the wallet; add its address first');
  const { cdd } = known.cddc;
  if (context.clock() <= instant(cdd.cdd_expiry_date)) return known;
  return refreshed(context, known);
}

/** The mint keys that make coins now; asks for new ones when a denomination has none. */
export async function currentKeys(context: Context, id: string): Promise<SigningKeys | Refusal> {
  const currency = await currentCurrency(context, id);
  if (currency instanceof Refusal) return currency;
  const keys = keysOf(context, currency);
  if (currency.cddc.cdd.denominations.every((each) => keys.has(each))) return keys;
  const renewed = await refreshed(context, currency);
  if (renewed instanceof Refusal) return renewed;
  const now = keysOf(context, renewed);
  return now.has(1) ? now : refuse('not possible', 'the mint shows no mint key that makes coins of 1 now');
}

/** Fetches description and mint keys anew. */
export async function refreshed(context: Context, known: KnownCurrency): Promise<KnownCurrency | Refusal> {
  const currency = await addCurrency(context, known.cddc.cdd.cdd_location);
  if (currency instanceof Refusal || currency.id === known.id) return currency;
  return refuse('distrusted', 'at the address of this currency there is another one now');
}

function keysOf(context: Context, { id, cddc }: KnownCurrency): SigningKeys {
  const keys = signingKeys(context.book.certificates.values(), id, context.clock());
  return new Map([...keys].filter(([denomination]) => cddc.cdd.denominations.includes(denomination)));
}

async function fetchDescription(context: Context, url: string): Promise<Cddc | Refusal> {
  const bytes = await context.messenger.describe(url);
  if (bytes instanceof Refusal) return bytes;
  const document = decodeDocument(bytes);
  if (document instanceof Refusal || document.type !== 'cdd certificate') {
    return refuse('unknown', `there is no currency at ${url}`);
  }
  return document;
}

/** The address of a known currency leads to that currency, and its description only moves on. */
function doubtsAboutIdentity({ book }: Context, url: string, cdd: Cdd): Refusal | undefined {
  const known = book.currencies.get(cdd.id);
  if (known !== undefined) return doubtsAboutSuccessor(known.cddc.cdd, cdd);
  const others = [...book.currencies.values()].map((each) => each.cddc.cdd.cdd_location);
  if (!others.includes(url) && !others.includes(cdd.cdd_location)) return undefined;
  return refuse(
    'distrusted',
    'issuer_public_master_key: a known currency has this address under another master key',
  );
}

/** All mint keys whose coins live; only those that are new come back. One bad one, and none is taken. */
async function fetchKeys(context: Context, cdd: Cdd): Promise<readonly MintKeyCertificate[] | Refusal> {
  const answer = await ask(context, cdd, { type: 'request mint key certificates' });
  if (answer instanceof Refusal) return answer;
  const known = new Map(
    [...context.book.certificates].filter(([, { mint_key }]) => mint_key.issuer_id === cdd.id),
  );
  const fresh: MintKeyCertificate[] = [];
  for (const certificate of answer.keys) {
    const isNew = !known.has(certificate.mint_key.id);
    const doubts =
      (isNew ? doubtsAboutKey(cdd, certificate) : undefined) ?? doubtsAboutChange(known, certificate);
    if (doubts !== undefined) return doubts;
    if (!isNew) continue;
    known.set(certificate.mint_key.id, certificate);
    fresh.push(certificate);
  }
  return fresh;
}
