/** What somebody handed over: checked, kept, and asked about at its server. */
import { bytesToHex } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { TitleProof } from '../documents/documents.ts';
import { proofFault } from '../documents/proof.ts';
import { nameOf } from './book.ts';
import { rangeOf } from './classes.ts';
import type { WalletClass } from './classes.ts';
import type { Context } from './context.ts';
import type { TitleName } from './facade.ts';
import { readHandover } from './handover.ts';
import { heldTitle, provenTitle } from './holdings.ts';
import { lookUp, ownerIn } from './lookup.ts';
import type { Found } from './lookup.ts';
import { COPY_AHEAD } from './pseudonyms.ts';
import { refresh } from './refresh.ts';
import { classWith, serverOf } from './servers.ts';
import { transferOf } from './settle.ts';
import type { KnownServer, Pseudonym, TitleOperation } from './state.ts';

/** A proof that verified, of a title of a class that its server shows. */
export interface CheckedProof {
  readonly server: KnownServer;
  readonly known: WalletClass;
  readonly proof: TitleProof;
}

/** Checks a handover's proofs against the server's key and its classes; keeps nothing. Refuses 'unknown', 'bad signature'. */
export async function checkHandover(
  context: Context,
  typed: string,
): Promise<readonly CheckedProof[] | Refusal> {
  const handover = readHandover(typed);
  if (handover instanceof Refusal) return handover;
  const id = bytesToHex(handover.server);
  if (!context.book.servers.has(id))
    return refuse(
      'unknown',
      `these titles are of a server that this wallet does not know; its address is said to be ${printable(handover.url)}`,
    );
  const server = serverOf(context, id);
  if (server instanceof Refusal) return server;
  const checked: CheckedProof[] = [];
  for (const [at, proof] of handover.proofs.entries()) {
    const fault = proofFault(handover.server, proof, context.verify);
    if (fault !== undefined) return refuse(fault.name, `handover.proofs[${at}].${fault.details}`);
    const { title_class, serial } = proof.holding;
    const placed = await classWith(context, server, bytesToHex(title_class), [serial]);
    if (placed instanceof Refusal) return placed;
    const stopped = context.classes.stopped(placed.id);
    if (stopped !== undefined) return stopped;
    if (rangeOf(placed, serial)?.denomination !== proof.holding.denomination)
      return refuse(
        'bad signature',
        `handover.proofs[${at}]: of a denomination that was not issued with this number`,
      );
    checked.push({ server, known: placed, proof });
  }
  return checked;
}

/** Takes what is this wallet's of a handover. What it gave away before, or has already, is left as it is. */
export async function receive(context: Context, typed: string): Promise<readonly TitleName[] | Refusal> {
  const checked = await checkHandover(context, typed);
  if (checked instanceof Refusal) return checked;
  const own = checked.filter(({ server, proof }) => {
    const owner = ownerIn(context, server.id, proof.holding, COPY_AHEAD);
    return owner !== undefined && !owner.isFallback;
  });
  const [first] = own;
  if (first === undefined) return refuse('not possible', 'these titles were transferred to somebody else');
  const { server } = first;
  await keep(
    context,
    server,
    own.filter(({ proof }) => isNews(context, proof)),
  );
  const names = own.map(({ proof }) => nameIn(proof));
  for (const [known, proofs] of Map.groupBy(own, (each) => each.known)) {
    const serials = proofs.map(({ proof }) => proof.holding.serial);
    const asked = await askAbout(context, server, known, serials);
    if (asked?.temporary === true)
      return refuse(
        asked.name,
        `the titles are kept, but whether they are still yours is not known: ${asked.details}`,
      );
    if (asked !== undefined) return asked;
  }
  const received = new Set(names.map(nameOf));
  for (const operation of context.book.pending())
    if (
      operation.kind === 'receive' &&
      operation.serials.every((serial) => received.has(nameOf({ ...operation, serial })))
    )
      await finish(context, operation);
  const held = names.filter((name) => heldTitle(context, name) !== undefined);
  return held.length > 0
    ? held
    : refuse('outdated proof', 'these titles have changed hands since; they are not yours');
}

/** Asks about what was received while its server could not be asked. */
export async function resumeReceive(context: Context, operation: TitleOperation): Promise<void> {
  const server = serverOf(context, operation.server);
  if (server instanceof Refusal) return;
  const known = context.classes.known(operation.titleClass);
  const fault = await askAbout(context, server, known, operation.serials);
  if (fault === undefined) await finish(context, operation);
}

function nameIn({ holding }: TitleProof): TitleName {
  return { titleClass: bytesToHex(holding.title_class), serial: holding.serial };
}

/** Whether a proof says more than this wallet knows: no later one is kept, and it did not transfer that title on. */
function isNews(context: Context, proof: TitleProof): boolean {
  const name = nameIn(proof);
  const held = heldTitle(context, name);
  if (held !== undefined) return held.sequence < proof.holding.sequence;
  return ![...context.book.operations.values()].some(
    (operation) =>
      operation.state !== 'refused' &&
      operation.transfer !== '' &&
      operation.titleClass === name.titleClass &&
      operation.serials.includes(name.serial) &&
      transferOf(operation).transfer.inputs.some(
        ({ serial, sequence }) => serial === name.serial && sequence >= proof.holding.sequence,
      ),
  );
}

/** Keeps proofs, and that their server is still to be asked about them. */
async function keep(context: Context, server: KnownServer, fresh: readonly CheckedProof[]): Promise<void> {
  if (fresh.length === 0) return;
  const used: Pseudonym[] = fresh.flatMap(
    ({ proof }) => ownerIn(context, server.id, proof.holding, COPY_AHEAD)?.pseudonym ?? [],
  );
  let number = context.book.nextOperation;
  const operations = [...Map.groupBy(fresh, ({ known }) => known.id)].map(
    ([titleClass, proofs]): TitleOperation => ({
      number: number++,
      kind: 'receive',
      state: 'pending',
      server: server.id,
      titleClass,
      amount: proofs.reduce((sum, { proof }) => sum + proof.holding.denomination, 0),
      serials: proofs.map(({ proof }) => proof.holding.serial),
      time: context.clock(),
      reason: '',
      refusal: undefined,
      reference: '',
      transfer: '',
      request: 0,
      proofs: [],
    }),
  );
  await context.book.commit({
    ...context.pseudonyms.used(server, used),
    classes: fresh.flatMap(({ known }) => context.classes.change(known)),
    proven: fresh.map(({ proof }) => provenTitle(proof, proof.signed_head.head.time)),
    operations,
  });
}

/** Asks who holds titles now; those that are not this wallet's any more are gone. */
async function askAbout(
  context: Context,
  server: KnownServer,
  known: WalletClass,
  serials: readonly number[],
): Promise<Refusal | undefined> {
  const found: Found[] = [];
  for (const serial of serials) {
    const each = await lookUp(context, server, known, serial);
    if (each instanceof Refusal) return each;
    found.push(each);
  }
  const { change, behind } = refresh(context, server, known, found);
  await context.book.commit(change);
  const [first] = behind;
  return first === undefined
    ? undefined
    : refuse('bad signature', `the server says less of the title ${first.serial} than it proved before`);
}

/** Keeps what came of it: what is still held. */
async function finish(context: Context, operation: TitleOperation): Promise<void> {
  const { titleClass } = operation;
  const held = operation.serials.flatMap((serial) => heldTitle(context, { titleClass, serial }) ?? []);
  const isRefused = held.length === 0;
  const finished: TitleOperation = {
    ...operation,
    state: isRefused ? 'refused' : 'done',
    reason: isRefused ? 'the titles have changed hands since' : '',
    refusal: isRefused ? 'outdated proof' : undefined,
    amount: isRefused ? operation.amount : held.reduce((sum, { denomination }) => sum + denomination, 0),
    serials: isRefused ? operation.serials : held.map(({ serial }) => serial),
  };
  await context.book.commit({ operations: [finished] });
}

function printable(url: string): string {
  return url.replace(/[^!-~]/g, '?').slice(0, 200);
}
