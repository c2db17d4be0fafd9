/** The forms that coins have outside of the purse: as the next holder gets them, and as the mint sees them. */
import { Refusal } from '../base/refusal.ts';
import type { Cdd, Coin } from '../protocol/documents.ts';
import { payloadBytes } from '../protocol/ids.ts';
import type { Payment } from '../suites/suite.ts';
import type { Context } from './context.ts';
import { readKey, suiteOf } from './keys.ts';
import type { HeldCoin, KnownCurrency } from './state.ts';

/** A payment by whoever holds the coins; its time is the wallet's clock's. */
export type Handing = Omit<Payment, 'time'>;

/**
 * What a coin answers that is handed to whoever has it: always the same. So it tells nobody when or in which sum it was
 * paid, and a coin that is handed to nobody in particular twice, as after a restore, has said the same twice.
 */
const TO_WHOEVER_HAS_IT: Payment = { payee: '', time: 0, amount: 0 };

/**
 * Coins of the purse as they are handed over: the one place where they get that form. Whoever calls keeps the result, in
 * the commit that keeps the operation and in the place of what was held, before anything is sent: a coin that answers two
 * payments gives its holder away, so that no crash, refusal or release may bring the held form back. A coin that was handed
 * before keeps its answer; refused where that was to another payee.
 */
export function handOver(
  { book, clock }: Context,
  { cddc }: KnownCurrency,
  coins: readonly HeldCoin[],
  handing: Handing,
): readonly HeldCoin[] | Refusal {
  const suite = suiteOf(cddc.cdd);
  const payment: Payment = handing.payee === '' ? TO_WHOEVER_HAS_IT : { ...handing, time: clock() };
  const handed: HeldCoin[] = [];
  for (const held of coins) {
    if (held.doubtful === true) throw new Error('a doubtful coin is handed to nobody');
    const { payload, signature } = held.coin;
    const key = readKey(suite, book.certificate(payload.mint_key_id).mint_key.public_mint_key);
    const form = suite.hand(key, payloadBytes(payload), signature, payment);
    if (form instanceof Refusal) return form;
    handed.push({ ...held, coin: { ...held.coin, signature: form } });
  }
  return handed;
}

/** Coins as the mint gets them, out of the form in which they are handed. */
export function shown(cdd: Cdd, coins: readonly Coin[]): Coin[] {
  const suite = suiteOf(cdd);
  return coins.map((coin) => ({ ...coin, signature: suite.show(coin.signature) }));
}

/** What a coin has answered: nothing yet, a payment to whoever has it, or one that a payee alone can bring to the mint. */
export type Form = 'held' | 'handed' | 'bound';

/** The form of a coin of the purse. In a suite that is not safe offline no coin answers anything. */
export function formOf(cdd: Cdd, { signature }: Coin): Form {
  const payee = payeeOf(cdd, signature);
  if (payee === undefined) return 'held';
  return payee === '' ? 'handed' : 'bound';
}

/** Who alone can bring a coin to the mint; empty: whoever has it; undefined where it was handed to nobody. */
export function payeeOf(cdd: Cdd, signature: string): string | undefined {
  return suiteOf(cdd).offline?.paymentOf(signature)?.payee;
}
