/** Reading a server's log: what follows from it is believed only where head and leaves fit together. */
import { bytesToHex, hexToBytes, sameBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { Group, Holding, LoggedTransfer, Transfer } from '../documents/documents.ts';
import { leafHash, rootOf, treeRows } from '../documents/merkle.ts';
import { headFault } from '../documents/proof.ts';
import { classEntry, headHash, holdingEntry, transferHash } from '../documents/signed.ts';
import { holdingsOf } from '../server/leaves.ts';
import { ask } from './ask.ts';
import { rangeOf } from './classes.ts';
import type { Context } from './context.ts';
import { fetchClasses } from './servers.ts';
import type { KnownServer } from './state.ts';

export interface ReadTransfer {
  /** The number of its group. */
  readonly group: number;
  readonly transfer: Transfer;
  readonly hash: Uint8Array;
  /** Of its inputs, then of its change. */
  readonly holdings: readonly Holding[];
}

/**
 * Reads groups from a number on to the last, in their order, and gives their transfers to `each`, until that says to stop. Classes
 * that turn up are taken. Refuses what does not hold, and 'not possible' where the server has lost groups.
 */
export async function readLog(
  context: Context,
  server: KnownServer,
  from: number,
  each: (transfer: ReadTransfer) => 'go on' | 'stop',
): Promise<Refusal | undefined> {
  const said = await ask(context, server, { type: 'request title server' });
  if (said instanceof Refusal) return said;
  // A log that is read from the middle brings no earlier versions of classes with it.
  const classes = await fetchClasses(context, server);
  if (classes instanceof Refusal) return classes;
  let previous: Uint8Array | undefined;
  for (let next = from; next <= said.groups;) {
    const page = await ask(context, server, { type: 'request title groups', from: next });
    if (page instanceof Refusal) return page;
    if (page.groups.length === 0)
      return refuse(
        'not possible',
        `the server has lost its log from group ${next} on, and with it who got what`,
      );
    for (const group of page.groups) {
      const transfers = readGroup(context, server.id, { group, number: next, previous });
      if (transfers instanceof Refusal) return transfers;
      for (const transfer of transfers) if (each(transfer) === 'stop') return undefined;
      previous = headHash(hexToBytes(server.id), group.signed_head.head);
      next++;
    }
  }
  return undefined;
}

interface NumberedGroup {
  readonly group: Group;
  readonly number: number;
  /** The hash of the head before, where it is known. */
  readonly previous: Uint8Array | undefined;
}

function readGroup(
  context: Context,
  server: string,
  { group, number, previous }: NumberedGroup,
): readonly ReadTransfer[] | Refusal {
  const { head } = group.signed_head;
  const lie = (what: string): Refusal =>
    refuse('bad signature', `the group ${number} of the server's log does not hold: ${what}`);
  if (head.number !== number) return lie('another number');
  if (previous !== undefined && !sameBytes(head.previous, previous)) return lie('it follows another one');
  if (group.title_class !== undefined) {
    const taken = context.classes.take(server, group.title_class);
    if (taken instanceof Refusal) return taken;
  }
  const transfers = group.transfers.map((logged) => readTransfer(context, { server, group: number, logged }));
  const leaves = [
    ...(group.title_class === undefined ? [] : [leafHash(classEntry(group.title_class))]),
    ...transfers.flatMap((each) => each?.holdings.map((holding) => leafHash(holdingEntry(holding))) ?? []),
  ];
  const whole = transfers.filter((each) => each !== undefined);
  if (whole.length < transfers.length) return lie('a transfer of what was never issued');
  if (leaves.length !== head.size || leaves.length === 0) return lie('another number of leaves');
  if (!sameBytes(rootOf(treeRows(leaves)), head.root)) return lie('another root');
  const fault = headFault(hexToBytes(server), group.signed_head, context.verify);
  return fault === undefined ? whole : lie('a signature that is not the server’s');
}

interface LoggedIn {
  readonly server: string;
  readonly group: number;
  readonly logged: LoggedTransfer;
}

/** Undefined where the log does not say of every title what became of it. */
function readTransfer(context: Context, { server, group, logged }: LoggedIn): ReadTransfer | undefined {
  const { signed_transfer, serials, sequences } = logged;
  const { transfer } = signed_transfer;
  const known = context.classes.get(bytesToHex(transfer.title_class));
  const { inputs, change } = transfer;
  if (known === undefined || serials.length !== change.length) return undefined;
  if (sequences.length !== inputs.length + change.length) return undefined;
  const denominations: number[] = [];
  for (const { serial } of inputs) {
    const range = rangeOf(known, serial);
    if (range === undefined) return undefined;
    denominations.push(range.denomination);
  }
  const hash = transferHash(hexToBytes(server), transfer);
  return {
    group,
    transfer,
    hash,
    holdings: holdingsOf(transfer, { hash, serials, sequences, denominations }),
  };
}
