/** Getting to know currencies, and keeping what is known of them up to date. */
import { HOUR } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { refusalIn } from '../protocol/answers.ts';
import { decodeDocument, decodeResponse } from '../protocol/codec.ts';
import type { Cdd, Cddc } from '../protocol/documents.ts';
import type { Context } from './context.ts';
import { fetchKeyList } from './key-list.ts';
import { instant, signingKeys, suiteOf } from './keys.ts';
import type { SigningKeys } from './keys.ts';
import { shown } from './speak.ts';
import type { KnownCurrency, Stopped } from './state.ts';
import { doubtsAboutCurrency, doubtsAboutSuccessor } from './trust.ts';

/** How long a key list is good before the mint is asked for revocations and coming keys again. */
const KEY_LIST_AGE = HOUR;

export interface AddOptions {
  /**
   * Whether the keys that the issuer shows now are taken although they contradict those that it has shown before:
   * how a person lets the wallet go on with a currency that it has stopped.
   */
  readonly acceptKeys?: boolean;
  /**
   * Whether coins to come are made without blinding, so that the issuer can trace them; only where the suite leaves it to
   * the wallet. Left out: as before, and blinded where the currency is new.
   */
  readonly unblinded?: boolean;
}

/**
 * Fetches the description at a URL and the currency's mint keys, checks both, holds them to what was seen before,
 * and keeps them. Refuses ('distrusted', 'bad signature', 'expired') without keeping anything of it, but for the mark
 * on a known currency whose keys contradict those seen before.
 */
export async function addCurrency(
  context: Context,
  url: string,
  { acceptKeys = false, unblinded }: AddOptions = {},
): Promise<KnownCurrency | Refusal> {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    return refuse('malformed', 'the address of a currency begins with https:// or http://');
  }
  const cddc = await fetchDescription(context, url);
  if (cddc instanceof Refusal) return cddc;
  const { cdd } = cddc;
  const doubts =
    doubtsAboutCurrency(cddc, context.clock()) ??
    doubtsAboutIdentity(context, url, cdd) ??
    doubtsAboutBlinding(cdd, unblinded);
  if (doubts !== undefined) return doubts;
  const known = context.book.currencies.get(cdd.id);
  if (known?.stopped !== undefined && !acceptKeys) return stoppedBy(known.stopped);
  // Nobody can accept what was never shown to them otherwise.
  const accepting = acceptKeys && known?.stopped !== undefined;
  const list = await fetchKeyList(context, cdd, { accepting });
  if (list instanceof Refusal) return list;
  if ('contradiction' in list) return stop(context, cdd.id, list.contradiction);
  const currency: KnownCurrency = {
    id: cdd.id,
    cddc,
    ...list.known,
    ...lasting(known, unblinded),
  };
  await context.book.commit({ currencies: [currency], certificates: list.certificates });
  return currency;
}

/** What a wallet keeps of a currency whatever its issuer shows. */
function lasting(
  known: KnownCurrency | undefined,
  unblinded = known?.unblinded === true,
): Pick<KnownCurrency, 'registration' | 'unblinded'> {
  const { registration } = known ?? {};
  return {
    ...(unblinded ? { unblinded } : {}),
    ...(registration === undefined ? {} : { registration }),
  };
}

/** Whether to blind can be chosen only where the suite leaves it to the wallet. */
function doubtsAboutBlinding(cdd: Cdd, unblinded: boolean | undefined): Refusal | undefined {
  const { blinding } = suiteOf(cdd);
  if (unblinded === undefined || blinding === 'optional') return undefined;
  return refuse('not possible', `the cipher suite of this currency ${blinding} blinds its coins`);
}

/** A known currency that is not stopped. */
export function usableCurrency({ book }: Context, id: string): KnownCurrency | Refusal {
  const known = book.currencies.get(id);
  if (known === undefined)
    return refuse('unknown', 'this currency is not known to the wallet; add its address first');
  return known.stopped === undefined ? known : stoppedBy(known.stopped);
}

/** Keeps the mark that nothing more is done with a currency, where it is known; the refusal says why. */
export async function stop({ book }: Context, id: string, stopped: Stopped): Promise<Refusal> {
  const known = book.currencies.get(id);
  if (known !== undefined) await book.commit({ currencies: [{ ...known, stopped }] });
  return stoppedBy(stopped);
}

function stoppedBy({ details }: Stopped): Refusal {
  return refuse('distrusted', details);
}

/** A known currency whose description is in force, fetched anew when it has expired. */
export async function currentCurrency(context: Context, id: string): Promise<KnownCurrency | Refusal> {
  const known = usableCurrency(context, id);
  if (known instanceof Refusal) return known;
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

/** A known currency whose mint keys were asked for lately, so that no revocation is missed. */
export async function freshened(context: Context, id: string): Promise<KnownCurrency | Refusal> {
  const known = usableCurrency(context, id);
  if (known instanceof Refusal) return known;
  const { checked = 0 } = known;
  return context.clock() - checked < KEY_LIST_AGE ? known : refreshed(context, known);
}

function keysOf({ book, clock }: Context, { id, cddc, excused = [] }: KnownCurrency): SigningKeys {
  const certificates = [...book.certificatesOf(id).values()].filter(
    ({ mint_key: key }) => !excused.includes(key.id) && cddc.cdd.denominations.includes(key.denomination),
  );
  return signingKeys(certificates, ({ mint_key }) => book.times(mint_key.id), clock());
}

/** The description at a URL, not checked yet. */
export async function fetchDescription(
  { messenger }: Pick<Context, 'messenger'>,
  url: string,
): Promise<Cddc | Refusal> {
  const bytes = await messenger.describe(url);
  if (bytes instanceof Refusal) return bytes;
  const document = decodeDocument(bytes);
  if (document instanceof Refusal || document.type !== 'cdd certificate') {
    return laterIn(bytes) ?? refuse('unknown', `there is no currency at ${url}`);
  }
  return document;
}

/** A front whose mint is away answers by a message in place of the description. */
function laterIn(bytes: Uint8Array): Refusal | undefined {
  const answer = decodeResponse(bytes);
  const refusal = answer instanceof Refusal ? undefined : refusalIn(answer);
  return refusal?.temporary === true ? refuse(refusal.name, shown(refusal.details)) : undefined;
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
