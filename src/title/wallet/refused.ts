/** Transfers that were refused and could be done all the same, as long as none of their titles has moved. */
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import type { TransferInput } from '../documents/documents.ts';
import { transferHash } from '../documents/signed.ts';
import type { Context } from './context.ts';
import { heldTitle } from './holdings.ts';
import type { Held } from './holdings.ts';
import type { Found } from './lookup.ts';
import { transferOf } from './settle.ts';
import type { TitleOperation } from './state.ts';

/**
 * Titles, one of each transfer that hangs: where a copy of it is still on its way, or somebody kept one, the server may take it
 * still. Why it was refused says nothing: whoever stands between can say so, and hand the transfer in later. Whatever is transferred
 * next moves these titles too, and that is the end of it.
 */
export function hanging(context: Context, titleClass: string, serials: readonly number[]): readonly Held[] {
  const moved = new Set(serials);
  const titles: Held[] = [];
  for (const operation of refusedIn(context, titleClass)) {
    if (operation.fate !== undefined) continue;
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

/** The refused transfers that may have been made after all: titles were found that they, or nobody known, moved. */
export function madeAfterAll(
  context: Context,
  titleClass: string,
  found: readonly Found[],
): readonly TitleOperation[] {
  const made = new Set(found.map(({ proof }) => bytesToHex(proof?.holding.transfer ?? new Uint8Array())));
  const now = new Map(found.map(({ serial, sequence }) => [serial, sequence]));
  const open = new Set(
    openTransfers(context, titleClass)
      .filter(({ inputs }) => inputs.some(({ serial, sequence }) => (now.get(serial) ?? 0) > sequence))
      .map(({ operation }) => operation),
  );
  return refusedIn(context, titleClass).filter((operation) => {
    const { transfer } = transferOf(operation);
    const hash = transferHash(hexToBytes(operation.server), transfer);
    return open.has(operation) || made.has(bytesToHex(hash));
  });
}

/** Titles that a refused transfer may have moved, held or not: their server knows. None that is leaving by another one. */
export function serialsInDoubt(context: Context, titleClass: string): readonly number[] {
  return openTransfers(context, titleClass)
    .flatMap(({ inputs }) => inputs.map(({ serial }) => serial))
    .filter((serial) => !context.book.isLeaving({ titleClass, serial }));
}

/** Refused transfers that may be done later, or are, unless another one of this wallet's is known to have moved a title of them. */
function openTransfers(
  context: Context,
  titleClass: string,
): readonly { readonly operation: TitleOperation; readonly inputs: readonly TransferInput[] }[] {
  const passing = refusedIn(context, titleClass).filter(({ fate }) => fate !== 'over');
  if (passing.length === 0) return [];
  const nameOf = ({ serial, sequence }: TransferInput): string => `${serial} ${sequence}`;
  const moved = new Set(
    [...context.book.operations.values()]
      .filter((each) => each.state === 'done' && each.transfer !== '' && each.titleClass === titleClass)
      .flatMap((each) => transferOf(each).transfer.inputs.map(nameOf)),
  );
  return passing
    .map((operation) => ({ operation, inputs: transferOf(operation).transfer.inputs }))
    .filter(({ inputs }) => !inputs.some((each) => moved.has(nameOf(each))));
}

/** Serials of titles that a refused transfer may have moved from where they are kept, though nobody can say so. */
export function untoldSerials(context: Context, titleClass: string): ReadonlySet<number> {
  const inputs = refusedIn(context, titleClass)
    .filter(({ fate }) => fate === 'untold')
    .flatMap((operation) => transferOf(operation).transfer.inputs);
  const still = inputs.filter(
    ({ serial, sequence }) => heldTitle(context, { titleClass, serial })?.sequence === sequence,
  );
  return new Set(still.map(({ serial }) => serial));
}

function refusedIn({ book }: Context, titleClass: string): readonly TitleOperation[] {
  return [...book.operations.values()].filter(
    (each) => each.state === 'refused' && each.transfer !== '' && each.titleClass === titleClass,
  );
}
