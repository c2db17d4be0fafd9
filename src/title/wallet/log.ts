/** Reading a server's log: what follows from it is believed only where head and leaves fit together. */
import { bytesToHex, hexToBytes, sameBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { Group, Holding, LoggedTransfer, Transfer } from '../documents/documents.ts';
import { leafHash, rootOf, treeRows } from '../documents/merkle.ts';
import { headFault } from '../documents/proof.ts';
import { classEntry, headHash, holdingEntry, transferHash } from '../documents/signed.ts';
import { holdingsOf } from '../server/leaves.ts';
import { ask } from './ask.ts';
import type { WalletClass } from './classes.ts';
import type { Context } from './context.ts';
import { readProof } from './holdings.ts';
import { readClasses } from './servers.ts';
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
 * that turn up are taken. Refuses what does not hold, 'not possible' where the server has lost groups, and 'too large' where it
 * takes too long. A server that signed two heads of one number is stopped.
 */
export async function readLog(
  context: Context,
  server: KnownServer,
  from: number,
  each: (transfer: ReadTransfer) => 'go on' | 'stop',
): Promise<Refusal | undefined> {
  const said = await ask(context, server, { type: 'request title server' });
  if (said instanceof Refusal) return said;
  const denominations: Denominations = new Map();
  // A log that is read from the middle brings no earlier versions of classes with it.
  const fault = await readClasses(context, server, (page) => {
    for (const known of page) note(denominations, known);
  });
  if (fault !== undefined) return fault;
  const heads = provenHeads(context, server);
  const start = context.clock();
  let previous: Uint8Array | undefined;
  for (let next = from; next <= said.groups;) {
    if (context.clock() - start > context.logTime)
      return refuse('too large', `the server's log is too long to be read: ${said.groups} groups`);
    const page = await ask(context, server, { type: 'request title groups', from: next });
    if (page instanceof Refusal) return page;
    if (page.groups.length === 0)
      return refuse(
        'not possible',
        `the server has lost its log from group ${next} on, and with it who got what`,
      );
    for (const group of page.groups) {
      const transfers = readGroup(context, server.id, { group, number: next, previous, denominations });
      if (transfers instanceof Refusal) return transfers;
      const proven = heads.get(next);
      const hash = headHash(hexToBytes(server.id), group.signed_head.head);
      if (proven !== undefined && !sameBytes(proven, hash)) return stopServer(context, server, next);
      for (const transfer of transfers) if (each(transfer) === 'stop') return undefined;
      previous = hash;
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
  readonly denominations: Denominations;
}

/** By class, of each range its first serial, the one behind its last, and its denomination: there may be many classes. */
type Denominations = Map<string, Float64Array>;

function note(denominations: Denominations, { id, ranges }: WalletClass): void {
  denominations.set(
    id,
    Float64Array.from(
      ranges.flatMap(({ first, count, denomination }) => [first, first + count, denomination]),
    ),
  );
}

function denominationOf(ranges: Float64Array, serial: number): number | undefined {
  for (let at = 0; at < ranges.length; at += 3)
    if (serial >= (ranges[at] ?? 0) && serial < (ranges[at + 1] ?? 0)) return ranges[at + 2];
  return undefined;
}

/** Hashes of the heads of a server's that this wallet keeps in proofs, by their numbers. */
function provenHeads({ book, classes }: Context, server: KnownServer): ReadonlyMap<number, Uint8Array> {
  const heads = [...book.proven.values()]
    .filter(({ titleClass }) => classes.known(titleClass).server === server.id)
    .map(({ proof }) => readProof(proof).signed_head.head);
  return new Map(heads.map((head) => [head.number, headHash(hexToBytes(server.id), head)]));
}

/** It shows different people different pasts: both heads verified, so nobody else can have made them. */
async function stopServer({ book }: Context, { id, url }: KnownServer, number: number): Promise<Refusal> {
  const server = book.servers.get(id);
  const stopped = `it has signed two groups of the number ${number}`;
  if (server !== undefined) await book.commit({ servers: [{ ...server, stopped }] });
  return refuse('distrusted', `the title server ${url}: ${stopped}`);
}

function readGroup(
  context: Context,
  server: string,
  { group, number, previous, denominations }: NumberedGroup,
): readonly ReadTransfer[] | Refusal {
  const { head } = group.signed_head;
  const lie = (what: string): Refusal =>
    refuse('bad signature', `the group ${number} of the server's log does not hold: ${what}`);
  if (head.number !== number) return lie('another number');
  if (previous !== undefined && !sameBytes(head.previous, previous)) return lie('it follows another one');
  if (group.title_class !== undefined) {
    const taken = context.classes.take(server, group.title_class);
    if (taken instanceof Refusal) return taken;
    note(denominations, taken);
  }
  const transfers = group.transfers.map((logged) =>
    readTransfer({ server, group: number, logged, denominations }),
  );
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
  readonly denominations: Denominations;
}

/** Undefined where the log does not say of every title what became of it. */
function readTransfer({ server, group, logged, denominations: byClass }: LoggedIn): ReadTransfer | undefined {
  const { signed_transfer, serials, sequences } = logged;
  const { transfer } = signed_transfer;
  const ranges = byClass.get(bytesToHex(transfer.title_class));
  const { inputs, change } = transfer;
  if (ranges === undefined || serials.length !== change.length) return undefined;
  if (sequences.length !== inputs.length + change.length) return undefined;
  const denominations: number[] = [];
  for (const { serial } of inputs) {
    const denomination = denominationOf(ranges, serial);
    if (denomination === undefined) return undefined;
    denominations.push(denomination);
  }
  const hash = transferHash(hexToBytes(server), transfer);
  return {
    group,
    transfer,
    hash,
    holdings: holdingsOf(transfer, { hash, serials, sequences, denominations }),
  };
}
