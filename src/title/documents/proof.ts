/** Checking what a title server said, with its public key alone. */
import { sameBytes } from '../../base/bytes.ts';
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import type { Holding, Receipt, SignedHead, SignedTransfer, TitleProof } from './documents.ts';
import { isUnder, leafHash } from './merkle.ts';
import { headSigned, holdingEntry, transferHash } from './signed.ts';

/** Whether an Ed25519 signature (64 bytes) by a public key (32) covers the bytes; false for whatever is none. */
export type VerifySignature = (publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array) => boolean;

/** Why a proof is none of this server's; undefined when it holds. */
export function proofFault(
  server: Uint8Array,
  { holding, signed_head, index, path }: TitleProof,
  verify: VerifySignature,
): Refusal | undefined {
  const leaf = leafHash(holdingEntry(holding));
  const { root, size } = signed_head.head;
  if (!isUnder(root, leaf, { index, size, path }))
    return refuse('bad signature', 'proof.path: does not lead to the root of its group');
  return headFault(server, signed_head, verify);
}

/** Why a head is none of this server's; undefined when it holds. */
export function headFault(
  server: Uint8Array,
  { head, signature }: SignedHead,
  verify: VerifySignature,
): Refusal | undefined {
  return verify(server, headSigned(server, head), signature)
    ? undefined
    : refuse('bad signature', 'signed_head.signature: not the server’s over this head');
}

/**
 * The proofs of all titles of a transfer, out of its receipt: the inputs first, then the change. `denominations` are those of
 * the inputs. Refuses a receipt that does not hold, or is another transfer's.
 */
export function proofsOf(
  server: Uint8Array,
  { transfer }: SignedTransfer,
  { receipt, denominations }: { readonly receipt: Receipt; readonly denominations: readonly number[] },
  verify: VerifySignature,
): readonly TitleProof[] | Refusal {
  const hash = transferHash(server, transfer);
  if (!sameBytes(hash, receipt.transfer)) return refuse('bad signature', 'receipt.transfer: another one');
  const wanted = [
    ...transfer.inputs.map(({ to, serial, sequence }, at) => ({
      to,
      denomination: denominations[at] ?? 0,
      serial,
      sequence: sequence + 1,
    })),
    ...transfer.change.map(({ to, denomination }) => ({
      to,
      denomination,
      serial: undefined,
      sequence: undefined,
    })),
  ];
  if (wanted.length !== receipt.titles.length)
    return refuse('bad signature', 'receipt.titles: another number');
  const proofs: TitleProof[] = [];
  for (const [at, { to, denomination, serial, sequence }] of wanted.entries()) {
    const title = receipt.titles[at];
    if (title === undefined || !isExpected(title, serial, sequence))
      return refuse('bad signature', `receipt.titles[${at}]: another title`);
    const holding: Holding = {
      title_class: transfer.title_class,
      serial: title.serial,
      denomination,
      sequence: title.sequence,
      holder: to.holder,
      condition: to.condition,
      transfer: hash,
    };
    const { signed_head, index } = receipt;
    const proof = { holding, seal: title.seal, signed_head, index: index + at, path: title.path };
    const { root, size } = signed_head.head;
    if (!isUnder(root, leafHash(holdingEntry(holding)), { index: proof.index, size, path: proof.path }))
      return refuse('bad signature', `receipt.titles[${at}].path: does not lead to the root of its group`);
    proofs.push(proof);
  }
  return headFault(server, receipt.signed_head, verify) ?? proofs;
}

/** Of what came out of the pool, serial and sequence are the server's to say. */
function isExpected(
  title: Receipt['titles'][number],
  serial = title.serial,
  sequence = title.sequence,
): boolean {
  return title.serial === serial && title.sequence === sequence;
}
