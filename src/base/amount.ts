/**
 * An amount of money: an integer of the currency's smallest unit, never negative, never above
 * `Number.MAX_SAFE_INTEGER`. Made and changed only here, so that no sum can lose a unit unnoticed.
 */
export type Amount = number & { readonly unit: 'smallest' };

/** Whether a number may be an amount. */
export function isAmount(value: number): value is Amount {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Makes an amount. Throws on anything that is not one. */
export function amount(value: number): Amount {
  if (!isAmount(value)) throw new RangeError('not an amount: a whole number from 0 to 2^53 - 1');
  return value;
}

export const ZERO = amount(0);

/** Adds. Throws on overflow. */
export function add(left: Amount, right: Amount): Amount {
  return amount(left + right);
}

/** Takes `right` from `left`. Throws when the result would be negative. */
export function subtract(left: Amount, right: Amount): Amount {
  return amount(left - right);
}

/** Sums. Throws on overflow. */
export function sum(amounts: Iterable<number>): Amount {
  let total = ZERO;
  for (const each of amounts) total = add(total, amount(each));
  return total;
}

/**
 * Reads what a person typed in the currency's main unit: `"137"`, or `"1.37"` where `divisor` is 100.
 * Undefined when it is no positive amount or finer than the smallest unit. Whatever `formatAmount` writes is read back.
 */
export function parseAmount(text: string, divisor: number): Amount | undefined {
  const match = /^(\d{1,16})(?:\.(\d{1,16}))?$/.exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(fraction) * BigInt(divisor);
  const part = dividedRounded(scaled, scale);
  // Thirds and twelfths have no exact decimals: the rounded ones that they are written with are meant.
  const written =
    fraction.length >= decimalsOf(divisor) &&
    dividedRounded(part * scale, BigInt(divisor)) === BigInt(fraction);
  if (part * scale !== scaled && !written) return undefined;
  const units = BigInt(whole) * BigInt(divisor) + part;
  return units > 0n && units <= BigInt(Number.MAX_SAFE_INTEGER) ? amount(Number(units)) : undefined;
}

/** Writes an amount in the currency's main unit, with as many decimals as its divisor has. */
export function formatAmount(value: Amount, divisor: number): string {
  const decimals = decimalsOf(divisor);
  if (decimals === 0) return String(value);
  const fraction = dividedRounded(BigInt(value % divisor) * 10n ** BigInt(decimals), BigInt(divisor));
  return `${Math.floor(value / divisor)}.${String(fraction).padStart(decimals, '0')}`;
}

function dividedRounded(value: bigint, by: bigint): bigint {
  return (value * 2n + by) / (by * 2n);
}

function decimalsOf(divisor: number): number {
  return divisor <= 1 ? 0 : String(divisor - 1).length;
}
