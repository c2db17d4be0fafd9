/** How long a program that died waits until it is started again. All in milliseconds. */
export interface Pauses {
  /** The pause after the first death. Each further one is twice as long. */
  readonly first: number;
  readonly most: number;
  /** A program that has run this long before it died begins with the first pause again. */
  readonly forgetAfter: number;
}

export const PAUSES: Pauses = { first: 100, most: 30_000, forgetAfter: 60_000 };

/**
 * The pause after `deaths` deaths in a row, at least one, in whole milliseconds: between half of it and all of it, as
 * `random` (0 to 1) says, so that programs that died of one cause do not all come back at one moment.
 */
export function pauseAfter(deaths: number, random: number, { first, most }: Pauses): number {
  const whole = Math.min(first * 2 ** (deaths - 1), most);
  return Math.round(whole / 2 + (whole / 2) * random);
}
