/** How transfers end, and what is kept of it. */
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { formBytes, readForm } from '../documents/codec.ts';
import { SignedTransfer, TitleProof } from '../documents/documents.ts';
import type { Transfer } from '../documents/documents.ts';
import type { Context } from './context.ts';
import { issuedWithout, provenTitle } from './holdings.ts';
import { ownerIn } from './lookup.ts';
import { serverOf } from './servers.ts';
import type { ProvenTitle, Pseudonym, TitleOperation } from './state.ts';

export interface Outcome {
  readonly transfer: Transfer;
  /** Of what is known of the titles after it. */
  readonly proofs: readonly TitleProof[];
}

/** Keeps that a transfer is made: its titles are whose it says. */
export async function settle(
  context: Context,
  operation: TitleOperation,
  { transfer, proofs }: Outcome,
): Promise<TitleOperation> {
  const { server, titleClass } = operation;
  const known = serverOf(context, server);
  const own: ProvenTitle[] = [];
  const used: Pseudonym[] = [];
  const others: string[] = [];
  for (const proof of proofs) {
    const { holding } = proof;
    const owner = ownerIn(context, server, holding);
    if (owner !== undefined) {
      own.push(provenTitle(proof, proof.signed_head.head.time));
      used.push(owner.pseudonym);
    }
    const isPooled = bytesToHex(holding.holder) === server;
    if ((owner === undefined || owner.isFallback) && !isPooled)
      others.push(bytesToHex(formBytes(TitleProof, proof)));
  }
  const done: TitleOperation = {
    ...operation,
    state: 'done',
    reason: '',
    refusal: undefined,
    fate: undefined,
    proofs: others,
    change: changeIn(transfer, own),
  };
  await context.book.commit({
    ...(known instanceof Refusal ? {} : context.pseudonyms.used(known, used)),
    gone: transfer.inputs.map(({ serial }) => ({ titleClass, serial })),
    issued: issuedWithout(
      context,
      titleClass,
      transfer.inputs.map(({ serial }) => serial),
    ),
    proven: own,
    operations: [done],
  });
  return done;
}

/** What came out of the pool: of the wallet's own, all that it did not bring. */
function changeIn({ inputs }: Transfer, own: readonly ProvenTitle[]): readonly number[] {
  const brought = new Set(inputs.map(({ serial }) => serial));
  return own.map(({ serial }) => serial).filter((serial) => !brought.has(serial));
}

/** Keeps why a transfer is still pending. */
export async function waiting(
  context: Context,
  operation: TitleOperation,
  { details }: Refusal,
): Promise<TitleOperation> {
  if (operation.reason === details) return operation;
  const pending = { ...operation, reason: details };
  await context.book.commit({ operations: [pending] });
  return pending;
}

/** The signed transfer of an operation. */
export function transferOf({ transfer }: TitleOperation): SignedTransfer {
  const signed = readForm(SignedTransfer, hexToBytes(transfer), 'a kept transfer');
  if (signed instanceof Refusal) throw new Error(`the wallet is damaged: ${signed.details}`);
  return signed;
}
