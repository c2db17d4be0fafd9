/** Verifying coins that come from others, all of it before anything is done with them. */
import { isAmount } from '../base/amount.ts';
import type { Amount } from '../base/amount.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { PROTOCOL_VERSION } from '../protocol/documents.ts';
import type { Coin, MintKeyCertificate } from '../protocol/documents.ts';
import { idOf, payloadBytes } from '../protocol/ids.ts';
import type { Context } from './context.ts';
import { refreshed } from './currency.ts';
import { expiryOf, readKey, suiteOf } from './keys.ts';
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
  if (currency instanceof Refusal) return currency;
  const seen = new Set<string>();
  for (const [index, coin] of coins.entries()) {
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

/** Mint keys that were not seen yet are asked for, with all others, so that nobody shows a key to one person alone. */
async function withKeys(
  context: Context,
  known: KnownCurrency,
  coins: readonly Coin[],
): Promise<KnownCurrency | Refusal> {
  const missing = coins.some(({ payload }) => !context.book.certificates.has(payload.mint_key_id));
  return missing ? refreshed(context, known) : known;
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
    return refuse('unknown', 'its mint key is none of this currency, or has expired');
  }
  const { mint_key } = certificate;
  if (payload.denomination !== mint_key.denomination) {
    return refuse('bad signature', `its mint key makes coins of ${mint_key.denomination}`);
  }
  if (payload.protocol_version !== PROTOCOL_VERSION) {
    return refuse('malformed', `protocol_version: must be ${PROTOCOL_VERSION}`);
  }
  if (!locationFits(payload.cdd_location, certificate, cddc)) {
    return refuse('bad signature', 'cdd_location: is not that of its currency');
  }
  if (clock() > expiryOf(certificate)) return refuse('expired', 'has expired');
  const suite = suiteOf(cddc.cdd);
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
