import { ZERO, add, isAmount, subtract, sum } from '../base/amount.ts';
import type { Counters, Move } from './ports.ts';

/** Why the counters cannot move so. */
export type Immovable =
  { readonly kind: 'treasury exhausted' } | { readonly kind: 'overdrawn'; readonly keyId: string };

/**
 * The counters after these moves. What is issued goes from treasury to float, what is redeemed goes back; of no
 * key can more come back than went out.
 */
export function move(counters: Counters, moves: readonly Move[]): Counters | Immovable {
  const keys = new Map(counters.keys);
  for (const each of moves) {
    const before = keys.get(each.keyId);
    if (before === undefined) throw new Error('a move names a key that the store does not have');
    const after = {
      ...before,
      issued: add(before.issued, each.issued),
      redeemed: add(before.redeemed, each.redeemed),
    };
    if (after.redeemed > after.issued) return { kind: 'overdrawn', keyId: each.keyId };
    keys.set(each.keyId, after);
  }
  const issued = sum(moves.map((each) => each.issued));
  const redeemed = sum(moves.map((each) => each.redeemed));
  const treasury = counters.treasury - issued + redeemed;
  if (!isAmount(treasury)) return { kind: 'treasury exhausted' };
  const float = subtract(add(counters.float, issued), redeemed);
  return { ...counters, treasury, float, keys, sequence: counters.sequence + 1 };
}

/** Throws when money appeared or vanished: a mint with wrong books must stop. Called before every commit. */
export function assertConserved(counters: Counters): void {
  let outstanding = ZERO;
  for (const { issued, redeemed } of counters.keys.values())
    outstanding = add(outstanding, subtract(issued, redeemed));
  if (outstanding !== counters.float)
    throw new Error('conservation: the float is not what the keys issued less what came back');
  if (add(counters.treasury, counters.float) !== counters.authorised) {
    throw new Error('conservation: treasury and float are not what was authorised');
  }
}
