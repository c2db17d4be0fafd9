/**
 * What became of a transfer that the server refused for good. An answer may have been lost, and its titles may have moved on
 * since: so the server's proofs and its log are asked before a transfer counts as refused.
 */
import { hexToBytes, sameBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { SignedTransfer, TitleProof, TransferInput } from '../documents/documents.ts';
import { transferHash } from '../documents/signed.ts';
import { nameOf } from './book.ts';
import type { WalletClass } from './classes.ts';
import type { Context } from './context.ts';
import { readProof } from './holdings.ts';
import { readLog } from './log.ts';
import type { ReadTransfer } from './log.ts';
import { lookUp, ownerIn } from './lookup.ts';
import type { Found } from './lookup.ts';
import { COPY_AHEAD } from './pseudonyms.ts';
import { refresh } from './refresh.ts';
import { madeAfterAll } from './refused.ts';
import { classWith, serverOf } from './servers.ts';
import type { KnownServer, TitleOperation } from './state.ts';
import { settle, transferOf, waiting } from './settle.ts';

interface Refused {
  readonly signed: SignedTransfer;
  readonly refusal: Refusal;
}

interface Case {
  readonly server: KnownServer;
  readonly known: WalletClass;
  readonly signed: SignedTransfer;
  readonly hash: Uint8Array;
  /** Of its inputs, in their order, as they are now. */
  readonly found: readonly Found[];
}

/** Done after all, refused for good, or pending where that cannot be found out now. */
export async function reconcile(
  context: Context,
  operation: TitleOperation,
  refused: Refused,
): Promise<TitleOperation | Refusal> {
  const found: Found[] = [];
  const outcome = await judge(context, operation, refused, found);
  // What moved its titles may have been a transfer of this wallet's that counted as refused.
  if (outcome instanceof Refusal) await revive(context, context.classes.known(operation.titleClass), found);
  return outcome;
}

/** The same; puts into `found` what the server says of the inputs. */
async function judge(
  context: Context,
  operation: TitleOperation,
  { signed, refusal }: Refused,
  found: Found[],
): Promise<TitleOperation | Refusal> {
  const server = serverOf(context, operation.server);
  if (server instanceof Refusal) return waiting(context, operation, server);
  const known = context.classes.known(operation.titleClass);
  for (const { serial } of signed.transfer.inputs) {
    const each = await lookUp(context, server, known, serial);
    if (each instanceof Refusal) return waiting(context, operation, each);
    found.push(each);
  }
  const hash = transferHash(hexToBytes(server.id), signed.transfer);
  const what = { server, known, signed, hash, found };
  if (!haveAllMoved(what)) {
    if (!found.some(({ proof }) => proof !== undefined && sameBytes(proof.holding.transfer, hash)))
      return giveUp(context, { ...operation, fate: isOver(what) ? 'over' : undefined }, what, refusal);
    // All or nothing: one of its titles was asked about before it took effect.
    const torn = 'the server says of some of its titles that it moved them, and of others that it did not';
    return waiting(context, operation, refuse('unreachable', torn));
  }
  const group = await groupOf(context, what);
  if (group instanceof Refusal) {
    if (group.temporary) return waiting(context, operation, group);
    return giveUp(
      context,
      { ...operation, fate: 'untold' },
      what,
      refuse('not possible', `whether it was made cannot be told: ${group.details}`),
    );
  }
  if (group === undefined) return giveUp(context, { ...operation, fate: 'over' }, what, refusal);
  const proofs = await outcomeOf(context, what, group);
  if (proofs instanceof Refusal) return waiting(context, operation, proofs);
  return settle(context, operation, { transfer: signed.transfer, proofs });
}

/** Takes up what was refused and is made after all: titles were found that it moved. */
export async function revive(context: Context, known: WalletClass, found: readonly Found[]): Promise<void> {
  for (const operation of madeAfterAll(context, known.id, found)) {
    // If it was not made, another one moved its titles: it never will be.
    const refusal = refuse('outdated proof', operation.reason);
    await judge(context, operation, { signed: transferOf(operation), refusal }, []);
  }
}

/** Whether every title is beyond the sequence from which the transfer brings it: all or nothing, so less means nothing. */
function haveAllMoved({ signed, found }: Case): boolean {
  return signed.transfer.inputs.every(({ sequence }, at) => (found[at]?.sequence ?? 0) > sequence);
}

/** The group that this very transfer is in; undefined where another one moved its titles. */
async function groupOf(context: Context, what: Case): Promise<number | undefined | Refusal> {
  const { inputs, title_class } = what.signed.transfer;
  for (const [at, { sequence }] of inputs.entries()) {
    const proof = what.found[at]?.proof;
    if (proof?.holding.sequence !== sequence + 1) continue;
    return sameBytes(proof.holding.transfer, what.hash) ? proof.signed_head.head.number : undefined;
  }
  const [first] = inputs;
  if (first === undefined) throw new Error('a transfer has inputs');
  const moves = (each: ReadTransfer): boolean =>
    sameBytes(each.transfer.title_class, title_class) &&
    each.transfer.inputs.some(
      ({ serial, sequence }) => serial === first.serial && sequence === first.sequence,
    );
  let mover: ReadTransfer | undefined;
  const fault = await readLog(context, what.server, groupOfProof(context, what.known, first), (each) => {
    if (moves(each)) mover = each;
    return mover === undefined ? 'go on' : 'stop';
  });
  if (fault !== undefined) return fault;
  if (mover === undefined)
    return refuse('not possible', 'the log of the server says nothing of who moved it');
  return sameBytes(mover.hash, what.hash) ? mover.group : undefined;
}

/** The title's proof is of this group: whatever moved it on is not before. */
function groupOfProof(context: Context, { id }: WalletClass, { serial }: TransferInput): number {
  const proven = context.book.proven.get(nameOf({ titleClass: id, serial }));
  return proven === undefined ? 1 : readProof(proven.proof).signed_head.head.number;
}

/** Proofs of what is still as the transfer left it, and of what is this wallet's own now. */
async function outcomeOf(
  context: Context,
  { server, known, signed, hash, found }: Case,
  group: number,
): Promise<readonly TitleProof[] | Refusal> {
  const { inputs, change } = signed.transfer;
  const all = [...found];
  if (change.length > 0) {
    let made: ReadTransfer | undefined;
    const fault = await readLog(context, server, group, (each) => {
      if (sameBytes(each.hash, hash)) made = each;
      return made === undefined ? 'go on' : 'stop';
    });
    if (fault !== undefined) return fault;
    const serials = made?.holdings.slice(inputs.length).map(({ serial }) => serial) ?? [];
    const placed = await classWith(context, server, known.id, serials);
    if (placed instanceof Refusal) return placed;
    for (const serial of serials) {
      const each = await lookUp(context, server, placed, serial);
      if (each instanceof Refusal) return each;
      all.push(each);
    }
  }
  return all.flatMap((each) => {
    if (each.proof === undefined) return [];
    const isAsLeft = sameBytes(each.proof.holding.transfer, hash);
    return isAsLeft || ownerIn(context, server.id, each, COPY_AHEAD) !== undefined ? [each.proof] : [];
  });
}

/** Whether it can never be done, since another transfer is proven to have moved a title from where it would. */
function isOver({ signed, hash, found }: Case): boolean {
  return signed.transfer.inputs.some(({ sequence }, at) => {
    const holding = found[at]?.proof?.holding;
    return holding?.sequence === sequence + 1 && !sameBytes(holding.transfer, hash);
  });
}

/** Keeps that it was refused; its titles are held again, unless somebody else moved them. */
async function giveUp(
  context: Context,
  operation: TitleOperation,
  { server, known, found }: Case,
  refusal: Refusal,
): Promise<Refusal> {
  const { change } = refresh(context, server, known, found);
  const refused: TitleOperation = {
    ...operation,
    state: 'refused',
    reason: refusal.details,
    refusal: refusal.name,
  };
  await context.book.commit({ ...change, operations: [refused] });
  return refusal;
}
