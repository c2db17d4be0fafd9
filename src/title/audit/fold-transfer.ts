/** One transfer of the log: who signed it, whose the titles were, and what became of them. */
import { bytesToHex, sameBytes } from '../../base/bytes.ts';
import type { Destination, LoggedTransfer, Transfer, TransferInput } from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import type { KnownClass, PlacedTitle } from '../documents/registry.ts';
import { holdingEntry, signersOf, transferHash, transferSigned } from '../documents/signed.ts';
import { markOf } from './book.ts';
import type { AuditParts, Past } from './fold.ts';

/** A title that changes its holder. */
export interface Move {
  readonly cell: number;
  readonly sequence: number;
  readonly mark: Uint8Array;
}

/** What a transfer comes to: its leaves' entries and the moves, in the same order. */
export interface Folded {
  readonly entries: readonly Uint8Array[];
  readonly moves: readonly Move[];
}

/** Where a title stands and goes to. */
interface Step {
  readonly placed: PlacedTitle;
  readonly serial: number;
  readonly sequence: number;
  readonly to: Destination;
}

/** What a transfer of the log comes to at its group's time; a text says what is wrong with it. */
export function transferFold(
  past: Past,
  { signed_transfer, serials, sequences }: LoggedTransfer,
  time: number,
  parts: AuditParts,
): Folded | string {
  const { transfer, signatures } = signed_transfer;
  const known = past.classes.get(bytesToHex(transfer.title_class));
  if (known === undefined) return 'its class was never registered';
  if (
    serials.length !== transfer.change.length ||
    sequences.length !== transfer.inputs.length + serials.length
  )
    return 'the log does not say what became of each of its titles';
  const hash = transferHash(past.server, transfer, parts.sha256);
  const steps: Step[] = [];
  for (const [at, input] of transfer.inputs.entries()) {
    const step = inputStep(past, known, input, { time, sequence: sequences[at] ?? 0, parts });
    if (typeof step === 'string') return step;
    steps.push(step);
  }
  for (const [at, { denomination, to }] of transfer.change.entries()) {
    const serial = serials[at] ?? 0;
    const sequence = sequences[transfer.inputs.length + at] ?? 0;
    const step = changeStep(past, known, { serial, sequence, to, denomination }, parts);
    if (typeof step === 'string') return step;
    steps.push(step);
  }
  const fault =
    steps.map(({ to }) => destinationFault(past.server, to, time)).find((each) => each !== undefined) ??
    balanceFault(past.server, transfer, steps) ??
    signatureFault(transfer, { hash, signatures, time }, parts);
  return fault ?? foldedOf(known, steps, hash, parts);
}

function foldedOf(
  known: KnownClass,
  steps: readonly Step[],
  hash: Uint8Array,
  { sha256 }: AuditParts,
): Folded {
  return {
    entries: steps.map(({ placed, serial, sequence, to }) =>
      holdingEntry({
        title_class: known.idBytes,
        serial,
        denomination: placed.range.denomination,
        sequence,
        holder: to.holder,
        condition: to.condition,
        transfer: hash,
      }),
    ),
    moves: steps.map(({ placed, sequence, to }) => ({
      cell: placed.cell,
      sequence,
      mark: markOf(to, sha256),
    })),
  };
}

interface InputContext {
  readonly time: number;
  /** The sequence number that the log gives it. */
  readonly sequence: number;
  readonly parts: AuditParts;
}

function inputStep(
  past: Past,
  known: KnownClass,
  input: TransferInput,
  { time, sequence, parts }: InputContext,
): Step | string {
  const { serial, holder, condition, secret, to } = input;
  const placed = past.classes.place(known, serial);
  if (placed === undefined) return `title ${serial} stands in no range that was issued`;
  const fault = sequenceFault(past, placed, serial, { before: input.sequence, after: sequence });
  if (fault !== undefined) return fault;
  if (!isHeld(past, placed, { before: input.sequence, to: { holder, condition } }, parts))
    return `title ${serial} was not held by who transfers it`;
  if (sameBytes(holder, past.server)) return `title ${serial} is taken out of the pool without change`;
  if (condition === undefined && secret !== undefined)
    return `title ${serial} is given a secret without a condition`;
  if (condition !== undefined && time < condition.until) {
    if (secret === undefined || !sameBytes(parts.sha256(secret), condition.hash))
      return `title ${serial} is bound by a condition, and the secret is not given`;
  }
  return { placed, serial, sequence, to };
}

function changeStep(
  past: Past,
  known: KnownClass,
  wanted: {
    readonly serial: number;
    readonly sequence: number;
    readonly to: Destination;
    readonly denomination: number;
  },
  parts: AuditParts,
): Step | string {
  const { serial, sequence, to, denomination } = wanted;
  const placed = past.classes.place(known, serial);
  if (placed === undefined) return `title ${serial} stands in no range that was issued`;
  if (placed.range.denomination !== denomination)
    return `title ${serial} came out of the pool as ${denomination} and counts ${placed.range.denomination}`;
  const before = sequence - 1;
  const fault = sequenceFault(past, placed, serial, { before, after: sequence });
  if (fault !== undefined) return fault;
  const pool: Destination = { holder: past.server, condition: undefined };
  return isHeld(past, placed, { before, to: pool }, parts)
    ? { placed, serial, sequence, to }
    : `title ${serial} came out of the pool and was not in it`;
}

/** A title's sequence number rises by one with each transfer, and is what it was after the one before. */
function sequenceFault(
  { book, isWhole }: Past,
  { cell }: PlacedTitle,
  serial: number,
  { before, after }: { readonly before: number; readonly after: number },
): string | undefined {
  const known = book.sequence(cell);
  if (after !== before + 1) return `title ${serial} goes from sequence ${before} to ${after}`;
  if (known === before || (!isWhole && known === 0)) return undefined;
  return known > before
    ? `title ${serial} is given a second time at sequence ${before}; it has ${known}`
    : `title ${serial} is at sequence ${known}, and is transferred at ${before}`;
}

/** Whether a title was with whoever is said to have had it. What a lost log said of it cannot be known. */
function isHeld(
  { book, isWhole }: Past,
  { cell, range }: PlacedTitle,
  { before, to }: { readonly before: number; readonly to: Destination },
  { sha256 }: AuditParts,
): boolean {
  if (before === 0) return to.condition === undefined && sameBytes(to.holder, range.holder);
  if (!isWhole && book.sequence(cell) === 0) return true;
  return sameBytes(markOf(to, sha256), book.mark(cell));
}

function destinationFault(
  server: Uint8Array,
  { holder, condition }: Destination,
  time: number,
): string | undefined {
  if (condition === undefined) return undefined;
  const { until, fallback } = condition;
  if (sameBytes(holder, server) || sameBytes(fallback, server))
    return 'a title goes to the pool with a condition';
  return until > time && until <= time + TITLE_LIMITS.conditionLasts
    ? undefined
    : 'a condition’s time is over, or too far ahead';
}

/** What goes to the pool is worth what comes out of it; without change it is a gift. */
function balanceFault(
  server: Uint8Array,
  { inputs, change }: Transfer,
  steps: readonly Step[],
): string | undefined {
  const given = steps
    .slice(0, inputs.length)
    .filter(({ to }) => sameBytes(to.holder, server))
    .reduce((sum, { placed }) => sum + BigInt(placed.range.denomination), 0n);
  const taken = change.reduce((sum, { denomination }) => sum + BigInt(denomination), 0n);
  if (change.some(({ to }) => sameBytes(to.holder, server)))
    return 'what comes out of the pool goes back to it';
  return change.length === 0 || taken === given
    ? undefined
    : `${given} goes to the pool, and ${taken} comes out of it`;
}

function signatureFault(
  transfer: Transfer,
  {
    hash,
    signatures,
    time,
  }: { readonly hash: Uint8Array; readonly signatures: readonly Uint8Array[]; readonly time: number },
  { verify }: AuditParts,
): string | undefined {
  const signers = signersOf(transfer, time);
  if (signers.length !== signatures.length)
    return `it has ${signatures.length} signatures, and ${signers.length} have to sign`;
  const signed = transferSigned(hash);
  const isSigned = signers.every((signer, at) => verify(signer, signed, signatures[at] ?? new Uint8Array()));
  return isSigned ? undefined : 'one of those who have to sign has not';
}
