/** Transfers: signed, kept, sent, and taken up again until the server has answered. */
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { formBytes } from '../documents/codec.ts';
import { SignedTransfer } from '../documents/documents.ts';
import type { Change, Destination, TitleProof, Transfer } from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import { proofsOf } from '../documents/proof.ts';
import { signersOf, transferHash, transferSigned } from '../documents/signed.ts';
import { ServerRefusal, ask, freshReference } from './ask.ts';
import type { BookChange } from './book.ts';
import { rangeOf } from './classes.ts';
import type { WalletClass } from './classes.ts';
import type { Context } from './context.ts';
import type { Held } from './holdings.ts';
import { pseudonymAt } from './pseudonyms.ts';
import { reconcile } from './reconcile.ts';
import { hanging } from './refused.ts';
import { settle, transferOf, waiting } from './settle.ts';
import { classWith, serverOf } from './servers.ts';
import type { KnownServer, TitleOperation } from './state.ts';

const MOST = TITLE_LIMITS.titlesPerTransfer;

export interface PlannedInput {
  readonly held: Held;
  readonly to: Destination;
  readonly secret?: Uint8Array | undefined;
}

export interface PlannedTransfer {
  readonly kind: TitleOperation['kind'];
  readonly known: WalletClass;
  /** At least one, of titles that are not leaving. */
  readonly inputs: readonly PlannedInput[];
  readonly change: readonly Change[];
  readonly amount: number;
  readonly reference: string;
  /** When it is, where conditions bind its titles: who has to sign depends on it. */
  readonly now?: number;
  /** What is kept with it: the pseudonyms that were taken for it. */
  readonly kept: Pick<BookChange, 'servers' | 'pseudonyms'>;
}

/** Signs a transfer, keeps it and sends it: done, or pending where no answer came. A refusal is the server's, and is kept too. */
export async function make(context: Context, planned: PlannedTransfer): Promise<TitleOperation | Refusal> {
  const { known, inputs } = planned;
  const serials = inputs.map(({ held }) => held.serial);
  const room = MOST - inputs.length;
  let { kept } = planned;
  for (;;) {
    const hangs = hanging(context, known.id, serials);
    if (hangs.length <= room) return start(context, withOwn(context, { ...planned, kept }, hangs));
    // What was taken for it is taken before anything else is.
    await context.book.commit(kept);
    kept = {};
    const cleared = await moveOwn(context, known, hangs.slice(0, MOST));
    if (cleared instanceof Refusal) return cleared;
    if (cleared.state !== 'done')
      return refuse('busy', `titles of a transfer that was refused have to move first: ${cleared.reason}`);
  }
}

async function start(context: Context, planned: PlannedTransfer): Promise<TitleOperation | Refusal> {
  const operation = sign(context, planned);
  await context.book.commit({
    ...planned.kept,
    operations: [operation],
    classes: context.classes.change(planned.known),
  });
  return run(context, operation);
}

/** A transfer with these titles too, which stay this wallet's, each under a fresh pseudonym: so no other can bring them any more. */
function withOwn(context: Context, planned: PlannedTransfer, titles: readonly Held[]): PlannedTransfer {
  if (titles.length === 0) return planned;
  const { known, kept } = planned;
  const { keys, change } = context.pseudonyms.take({ id: known.server }, titles.length, kept);
  const own = titles.map((held, at) => ({
    held,
    to: { holder: pseudonymAt(keys, at), condition: undefined },
  }));
  return { ...planned, inputs: [...planned.inputs, ...own], kept: change };
}

/** A transfer of titles to oneself. */
function moveOwn(
  context: Context,
  known: WalletClass,
  titles: readonly Held[],
): Promise<TitleOperation | Refusal> {
  const amount = titles.reduce((sum, { denomination }) => sum + denomination, 0);
  const nothing = { kind: 'split', known, inputs: [], change: [], amount, reference: '', kept: {} } as const;
  return start(context, withOwn(context, nothing, titles));
}

/** Sends a pending transfer, the same bytes as ever, and keeps what became of it. */
export async function run(context: Context, operation: TitleOperation): Promise<TitleOperation | Refusal> {
  const signed = transferOf(operation);
  const server = serverOf(context, operation.server);
  if (server instanceof Refusal) return waiting(context, operation, server);
  const message = { type: 'request title transfer', ...signed } as const;
  const answer = await ask(context, server, message, operation.request);
  if (answer instanceof ServerRefusal && !answer.temporary)
    return reconcile(context, operation, { signed, refusal: answer });
  if (answer instanceof Refusal) return waiting(context, operation, answer);
  const { type: _, ...receipt } = answer;
  const known = context.classes.known(operation.titleClass);
  const denominations = signed.transfer.inputs.map(({ serial }) => rangeOf(known, serial)?.denomination ?? 0);
  const key = hexToBytes(operation.server);
  const proofs = proofsOf(key, signed, { receipt, denominations }, context.verify);
  if (proofs instanceof Refusal) return waiting(context, operation, proofs);
  const foreign = await foreignTo(context, server, known, proofs);
  if (foreign !== undefined) return waiting(context, operation, foreign);
  return settle(context, operation, { transfer: signed.transfer, proofs });
}

/** Why titles that came out of the pool are none that were issued; undefined where all were. */
async function foreignTo(
  context: Context,
  server: KnownServer,
  { id }: WalletClass,
  proofs: readonly TitleProof[],
): Promise<Refusal | undefined> {
  const serials = proofs.map(({ holding }) => holding.serial);
  const known = await classWith(context, server, id, serials);
  if (known instanceof Refusal) return known;
  const isIssued = ({ holding }: TitleProof): boolean =>
    rangeOf(known, holding.serial)?.denomination === holding.denomination;
  return proofs.every(isIssued)
    ? undefined
    : refuse('bad signature', 'receipt.titles: of a denomination that was not issued with this number');
}

function sign(context: Context, planned: PlannedTransfer): TitleOperation {
  const { known, inputs, change, kind, amount, reference } = planned;
  const now = context.clock();
  const transfer: Transfer = {
    title_class: known.idBytes,
    inputs: inputs.map(({ held, to, secret }) => {
      const { serial, sequence, holder, condition, seal } = held;
      return { serial, sequence, holder, condition, seal, secret, to };
    }),
    change,
  };
  const bytes = transferSigned(transferHash(hexToBytes(known.server), transfer));
  const signatures = signersOf(transfer, planned.now ?? now).map((signer) => {
    const pseudonym = context.book.pseudonym(known.server, bytesToHex(signer));
    if (pseudonym === undefined) throw new Error('a wallet transfers what its own pseudonyms hold');
    return context.pseudonyms.sign(pseudonym, bytes);
  });
  return {
    number: context.book.nextOperation,
    kind,
    state: 'pending',
    server: known.server,
    titleClass: known.id,
    amount,
    serials: inputs.map(({ held }) => held.serial),
    time: now,
    reason: '',
    refusal: undefined,
    reference,
    transfer: bytesToHex(formBytes(SignedTransfer, { transfer, signatures })),
    request: freshReference(context),
    proofs: [],
  };
}
