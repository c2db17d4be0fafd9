/** Transfers that were refused and could be done all the same, as long as none of their titles has moved. */
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import { transferHash } from '../documents/signed.ts';
import type { Context } from './context.ts';
import { heldTitle } from './holdings.ts';
import type { Held } from './holdings.ts';
import { transferOf } from './settle.ts';
import type { TitleOperation } from './state.ts';

/** What may be otherwise later. */
const PASSING: readonly TitleOperation['refusal'][] = ['empty pool', 'expired', 'not possible'];

/**
 * Titles, one of each transfer that hangs: where a copy of it is still on its way, or somebody kept one, the server may take it once
 * its pool is full again. Whatever is transferred next moves these too, and that is the end of it.
 */
export function hanging(context: Context, titleClass: string, serials: readonly number[]): readonly Held[] {
  const moved = new Set(serials);
  const titles: Held[] = [];
  for (const operation of refusedIn(context, titleClass)) {
    if (!PASSING.includes(operation.refusal)) continue;
    const { inputs } = transferOf(operation).transfer;
    const held = inputs.map(({ serial }) => heldTitle(context, { titleClass, serial }));
    const first = held.find((each) => each?.condition === undefined);
    const hangs = held.every(
      (each, at) => each?.sequence === inputs[at]?.sequence && each?.isLeaving === false,
    );
    if (first === undefined || !hangs || inputs.some(({ serial }) => moved.has(serial))) continue;
    moved.add(first.serial);
    titles.push(first);
  }
  return titles;
}

/** The refused transfers that a server's proofs say were made after all, by their hashes. */
export function madeAfterAll(
  context: Context,
  titleClass: string,
  hashes: readonly Uint8Array[],
): readonly TitleOperation[] {
  const made = new Set(hashes.map(bytesToHex));
  return refusedIn(context, titleClass).filter((operation) => {
    const { transfer } = transferOf(operation);
    return made.has(bytesToHex(transferHash(hexToBytes(operation.server), transfer)));
  });
}

function refusedIn({ book }: Context, titleClass: string): readonly TitleOperation[] {
  return [...book.operations.values()].filter(
    (each) => each.state === 'refused' && each.transfer !== '' && each.titleClass === titleClass,
  );
}
