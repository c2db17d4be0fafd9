/** Verifying coins that come from others, all of it before anything is done with them. */
import { isAmount } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { PROTOCOL_VERSION } from '../protocol/documents.ts';
import type { Coin, MintKeyCertificate } from '../protocol/documents.ts';
import { idOf, payloadBytes } from '../protocol/ids.ts';
import type { Context } from './context.ts';
import { refreshed, stop } from './currency.ts';
import { fetchUnlisted } from './key-list.ts';
import { readKey, shortId, suiteOf, valueOf } from './keys.ts';
import type { KnownCurrency } from './state.ts';

/**
 * The sum of the coins of one currency when each of them is good as far as can be seen without the mint; refuses
 * with the first that is not. Whether they were spent only the mint can tell.
 */
export async function verifyCoins(
  context: Context,
  known: KnownCurrency,
  coins: readonly Coin[],
): Promise<Amount | Refusal> {
  const currency = await withKeys(context, known, coins);
  return currency instanceof Refusal ? currency : verifyKnown(context, currency, coins);
}

/** The same without asking anybody: refuses coins of mint keys that are not known here. */
export async function verifyOffline(
  context: Context,
  known: KnownCurrency,
  coins: readonly Coin[],
): Promise<Amount | Refusal> {
  return unknownKeys(context, coins).length === 0
    ? verifyKnown(context, known, coins)
    : refuse(
        'not possible',
        'the mint has made these coins with a key that is not known here yet; go online once',
      );
}

/** Coins that are checked at one go: where points are multiplied in JavaScript each takes some milliseconds. */
const AT_ONE_GO = 4;

async function verifyKnown(
  context: Context,
  currency: KnownCurrency,
  coins: readonly Coin[],
): Promise<Amount | Refusal> {
  const seen = new Set<string>();
  for (const [index, coin] of coins.entries()) {
    if (index % AT_ONE_GO === AT_ONE_GO - 1) await context.pause();
    const bytes = payloadBytes(coin.payload);
    const wrong = doubtsAboutCoin(context, currency, coin, bytes);
    if (wrong !== undefined) return refuse(wrong.name, `coins[${index}]: ${wrong.details}`);
    const id = idOf(bytes);
    if (seen.has(id)) return refuse('bad signature', `coins[${index}]: stands twice in this stack`);
    seen.add(id);
  }
  const total = coins.reduce((left, { payload }) => left + payload.denomination, 0);
  return isAmount(total) ? total : refuse('too large', 'coins: their sum is beyond 2^53 - 1');
}

/**
 * Mint keys that were not seen yet are asked for with all others, so that the mint does not learn whose coin this is.
 * Only those that no list shows are then asked for by name: a mint that admits to one has hidden it from everybody
 * else. Of a key that it never admits to nobody can tell whether the mint made it; its coins are refused alone, since
 * anyone can make up such a coin.
 */
async function withKeys(
  context: Context,
  known: KnownCurrency,
  coins: readonly Coin[],
): Promise<KnownCurrency | Refusal> {
  if (unknownKeys(context, coins).length === 0) return known;
  const currency = await refreshed(context, known);
  const unlisted = unknownKeys(context, coins);
  if (currency instanceof Refusal || unlisted.length === 0) return currency;
  const certificates = await fetchUnlisted(context, currency.cddc.cdd, unlisted);
  if (certificates instanceof Refusal) return certificates;
  if ('contradiction' in certificates) return stop(context, currency.id, certificates.contradiction);
  if (certificates.length > 0) await context.book.commit({ certificates });
  return currency;
}

function unknownKeys({ book }: Context, coins: readonly Coin[]): readonly string[] {
  const ids = new Set(coins.map(({ payload }) => payload.mint_key_id));
  return [...ids].filter((id) => !book.certificates.has(id));
}

function doubtsAboutCoin(
  { book, clock }: Context,
  { id, cddc }: KnownCurrency,
  { payload, signature }: Coin,
  bytes: Uint8Array,
): Refusal | undefined {
  if (payload.issuer_id !== id) return refuse('not possible', 'is of another currency than the first');
  const certificate = book.certificates.get(payload.mint_key_id);
  if (certificate?.mint_key.issuer_id !== id) {
    return refuse(
      'distrusted',
      `was made with a mint key, ${shortId(payload.mint_key_id)}, that the mint shows to nobody; do not accept this payment`,
    );
  }
  const { mint_key } = certificate;
  if (payload.denomination !== mint_key.denomination) {
    const value = valueOf(mint_key.denomination, cddc.cdd.currency_divisor);
    return refuse('bad signature', `its mint key makes coins of ${value}`);
  }
  if (payload.protocol_version !== PROTOCOL_VERSION) {
    return refuse('malformed', `protocol_version: must be ${PROTOCOL_VERSION}`);
  }
  if (!locationFits(payload.cdd_location, certificate, cddc)) {
    return refuse('bad signature', 'cdd_location: is not that of its currency');
  }
  if (clock() > book.times(mint_key.id).expires)
    return refuse('expired', 'has expired and is worth nothing any more');
  const suite = suiteOf(cddc.cdd);
  if ((suite.offline?.serialOf(signature) ?? payload.serial) !== payload.serial)
    return refuse('bad signature', 'its serial is not the one of its signature');
  const good = suite.verify(readKey(suite, mint_key.public_mint_key), bytes, signature);
  return good ? undefined : refuse('bad signature', 'its signature does not verify');
}

/** Only the current description is at hand: coins of keys made under an earlier one may name its address. */
function locationFits(
  location: string,
  { mint_key }: MintKeyCertificate,
  { cdd }: KnownCurrency['cddc'],
): boolean {
  return mint_key.cdd_serial !== cdd.cdd_serial || location === cdd.cdd_location;
}
