/** Payments with coins of the suite `P256-BRANDS`: handed over, checked by anyone, and what two of one coin give away. */
import { sha256 } from '@noble/hashes/sha2.js';
import { isBigIntText, readBigInt, writeBigInt } from '../../base/bigint.ts';
import { hexToBytes, sameBytes } from '../../base/bytes.ts';
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import { isSigned, paymentChallenge, readHanded, readHeld, writeHanded, writePayment } from './coin.ts';
import type { HandedCoin } from './coin.ts';
import {
  ORDER,
  SCALAR_BYTES,
  g1,
  g2,
  inverse,
  pointBytes,
  pointOf,
  publicPower,
  publicProduct,
  reduce,
  writeBytes,
} from './group.ts';
import type { BrandsPublicKey } from './keys.ts';
import type { Exposure, Payment } from '../suite.ts';

/** Wallet: held → handed. Refuses a payment that cannot be written, and a coin that was handed to another payee. */
export function hand(
  key: BrandsPublicKey,
  payload: Uint8Array,
  coin: string,
  payment: Payment,
): string | Refusal {
  const handed = readHanded(coin);
  if (handed !== undefined) {
    return payment.payee === '' || payment.payee === handed.payment.payee
      ? coin
      : refuse(
          'not possible',
          'this coin was handed to somebody else before; a second answer would tell whose it was',
        );
  }
  const held = readHeld(coin);
  if (held === undefined) return refuse('bad signature', 'this is no coin of its cipher suite');
  const paymentBytes = writePayment(payment);
  if (paymentBytes === undefined) return refuse('not possible', 'payee, time or amount is none');
  const d = paymentChallenge(key.bytes, sha256(payload), held, paymentBytes);
  const [r1, r2] = [reduce(d * held.us + held.x1), reduce(d * held.s + held.x2)];
  const { A, B, z, c, r } = held;
  return writeHanded({ A, B, z, c, r, r1, r2, paymentBytes });
}

/** Anyone: whether a handed coin is signed for this payload, and answers the payment it names. */
export function verify(key: BrandsPublicKey, payload: Uint8Array, handed: string): boolean {
  return handedCoin(key, sha256(payload), handed) !== undefined;
}

/** The payment that a coin was handed over in, as it says; undefined for one that is only held. */
export function paymentOf(signature: string): Payment | undefined {
  return readHanded(signature)?.payment;
}

/** Who handed one coin over in two payments. `coinId` has 64 hexadecimal digits. */
export function expose(
  key: BrandsPublicKey,
  coinId: string,
  first: string,
  second: string,
): Exposure | undefined {
  if (!/^[0-9a-f]{64}$/.test(coinId)) return undefined;
  const id = hexToBytes(coinId);
  const [one, other] = [handedCoin(key, id, first), handedCoin(key, id, second)];
  // Two withdrawals on one payload give two coins with one id, each of which may be handed over once.
  if (!one || !other || !sameBytes(one.A, other.A) || !sameBytes(one.B, other.B)) return undefined;
  const divisor = inverse(one.r2 - other.r2);
  const u1 = divisor === undefined ? 0n : reduce((one.r1 - other.r1) * divisor);
  if (u1 === 0n) return undefined;
  const identity = pointBytes(publicPower(g1, u1));
  return { identity: writeBytes(identity), secret: writeBigInt(u1) };
}

/** Anyone: whether the secret is the identity's: g1 to its power. Never throws. */
export function isExposed({ identity, secret }: Exposure): boolean {
  if (secret.length > SCALAR_BYTES * 2 || !isBigIntText(secret)) return false;
  const u1 = readBigInt(secret);
  return u1 > 0n && u1 < ORDER && writeBytes(pointBytes(publicPower(g1, u1))) === identity;
}

/** The coin that a text is, where it is signed and its answer right; d is never zero in one that is. */
function handedCoin(key: BrandsPublicKey, id: Uint8Array, text: string): HandedCoin | undefined {
  const coin = readHanded(text);
  return coin !== undefined && isSigned(key, id, coin) && isAnswered(key, id, coin) ? coin : undefined;
}

/** g1^r1 · g2^r2 = A^d · B. */
function isAnswered(key: BrandsPublicKey, id: Uint8Array, coin: HandedCoin): boolean {
  const [A, B] = [pointOf(coin.A), pointOf(coin.B)];
  const d = paymentChallenge(key.bytes, id, coin, coin.paymentBytes);
  if (A === undefined || B === undefined || d === 0n) return false;
  return publicProduct([g1, coin.r1], [g2, coin.r2], [A, ORDER - d]).equals(B);
}
