/** What a transfer brings, as far as it can be told without knowing who moved what in the meantime. */
import { sameBytes } from '../../base/bytes.ts';
import type { Refusal } from '../../base/refusal.ts';
import { refuse } from '../../base/refusal.ts';
import type { Destination, SignedTransfer, Transfer, TransferInput } from '../documents/documents.ts';
import { ENVELOPE_BYTES } from '../documents/codec.ts';
import type { KnownClass, PlacedTitle, Registry } from '../documents/registry.ts';
import { sealOf, transferHashOf } from '../documents/signed.ts';
import type { TitleServerParts } from './ports.ts';

/** A transfer of titles that exist, with seals that are this server's. */
export interface Presented {
  readonly signed: SignedTransfer;
  /** The signed transfer as its form writes it. */
  readonly bytes: Uint8Array;
  readonly hash: Uint8Array;
  readonly known: KnownClass;
  /** Of each input. */
  readonly places: readonly PlacedTitle[];
}

const CONDITION_BYTES = 32 + 8 + 32;
const NO_SEAL = new Uint8Array(16);

/** Finds class and titles of a request's signed transfer, and checks the seals. Refuses what does not exist, was not sealed, or is brought twice. */
export function present(
  signed: SignedTransfer,
  request: Uint8Array,
  registry: Registry,
  { key, sha256 }: Pick<TitleServerParts, 'key' | 'sha256'>,
): Presented | Refusal {
  const { title_class: idBytes, inputs } = signed.transfer;
  const known = registry.find(idBytes);
  if (known === undefined) return refuse('unknown', 'transfer.title_class: no class of this server');
  const places: PlacedTitle[] = [];
  for (const [at, input] of inputs.entries()) {
    const place = registry.place(known, input.serial);
    if (place === undefined)
      return refuse('unknown', `transfer.inputs[${at}].serial: ${input.serial} was not issued`);
    if (places.some(({ cell }) => cell === place.cell))
      return refuse('malformed', `transfer.inputs[${at}].serial: ${input.serial} is there twice`);
    places.push(place);
  }
  const unsealed = inputs.findIndex((input, at) => !isSealed(input, places[at], { idBytes, key }));
  if (unsealed >= 0)
    return refuse('bad signature', `transfer.inputs[${unsealed}].seal: not this server’s on such a proof`);
  const length = transferLength(signed.transfer);
  const transfer = request.subarray(ENVELOPE_BYTES, ENVELOPE_BYTES + length);
  const bytes = request.subarray(ENVELOPE_BYTES, ENVELOPE_BYTES + length + 2 + 64 * signed.signatures.length);
  return { signed, bytes, hash: transferHashOf(key.publicKey, transfer, sha256), known, places };
}

/** Whether this server said that the title is as the input has it. Of a title that never moved, its class says so. */
function isSealed(
  input: TransferInput,
  place: PlacedTitle | undefined,
  { idBytes, key }: { readonly idBytes: Uint8Array } & Pick<TitleServerParts, 'key'>,
): boolean {
  if (place === undefined) throw new Error('every input has its place');
  const { sequence, holder, condition, seal } = input;
  if (sequence > 0) return isSameSeal(seal, sealOf({ ...input, title_class: idBytes }, key.seal));
  return condition === undefined && sameBytes(seal, NO_SEAL) && sameBytes(holder, place.range.holder);
}

/** In a time that says nothing of where they differ: whoever could measure it could find a seal byte by byte. */
function isSameSeal(shown: Uint8Array, right: Uint8Array): boolean {
  let difference = shown.length ^ right.length;
  for (let at = 0; at < right.length; at++) difference |= (shown[at] ?? 0) ^ (right[at] ?? 0);
  return difference === 0;
}

/** How many bytes a transfer has in its form: what was read once is not written again to be kept. */
export function transferLength({ inputs, change }: Transfer): number {
  let length = 32 + 2 + 2;
  for (const { condition, secret, to } of inputs) {
    length += 4 + 4 + 32 + 1 + 16 + 1 + destinationLength(to);
    if (condition !== undefined) length += CONDITION_BYTES;
    if (secret !== undefined) length += 32;
  }
  for (const { to } of change) length += 8 + destinationLength(to);
  return length;
}

function destinationLength({ condition }: Destination): number {
  return 32 + 1 + (condition === undefined ? 0 : CONDITION_BYTES);
}
