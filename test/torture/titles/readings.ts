/** Reads the books: what the server says over HTTP, what wallets keep, and what lies in the files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex, hexToBytes } from '../../../src/base/bytes.ts';
import { Refusal } from '../../../src/base/refusal.ts';
import { nativeSha256 } from '../../../src/signers/title/hash.ts';
import { verifyTitleSignature } from '../../../src/signers/title/signature.ts';
import { auditTitles } from '../../../src/title/audit/audit.ts';
import { readForm } from '../../../src/title/documents/codec.ts';
import { SignedTransfer, TitleProof } from '../../../src/title/documents/documents.ts';
import type { Group, LoggedTransfer } from '../../../src/title/documents/documents.ts';
import { proofFault } from '../../../src/title/documents/proof.ts';
import { classId, transferHash } from '../../../src/title/documents/signed.ts';
import { titleMessenger } from '../../../src/transports/title-messenger.ts';
import type { MadeTransfer, ServedTitle, TitleBooks, WalletTitle } from './books.ts';
import type { Client } from './client.ts';
import { insistently } from './issuer.ts';
import type { Rogue } from './rogue.ts';
import type { Trade } from './trade.ts';

/** What an auditor finds wrong from the outside, with everybody's titles. */
export async function auditFaults(url: string, clients: readonly Client[]): Promise<readonly string[]> {
  const own = clients.flatMap(({ titles }) =>
    titles.map(({ titleClass, serial, sequence, pseudonym, condition, state }) => ({
      server: hexToBytes(titleClass.server),
      titleClass: hexToBytes(titleClass.id),
      serial,
      sequence,
      holder: hexToBytes(pseudonym),
      condition:
        condition === undefined
          ? undefined
          : {
              hash: hexToBytes(condition.hash),
              until: condition.until,
              fallback: hexToBytes(condition.fallback),
            },
      isLeaving: state === 'leaving',
    })),
  );
  const options = { kept: undefined, others: [], own, now: Date.now(), progress: () => undefined };
  const findings = await auditTitles((request) => titleMessenger.exchange(url, undefined, request), options, {
    verify: verifyTitleSignature,
    sha256: nativeSha256,
  });
  if (findings instanceof Refusal) return [`the audit was refused: ${findings.details}`];
  return [...findings.faults, ...findings.unchecked].map((fault) => `audit: ${fault}`);
}

/** A wallet that was lost comes back out of its secret and the server's log, with what it held. */
export async function restoreFaults(url: string, clients: readonly Client[]): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const client of clients) {
    const reborn = client.reborn();
    const restored = await reborn.act((wallet) => wallet.restore(url));
    if (restored instanceof Refusal) faults.push(`${client.name} was not restored: ${restored.details}`);
    const [before, after] = [client, reborn].map((each) =>
      walletOf(each).map(({ title, sequence, pseudonym }) => `${title} at ${sequence} of ${pseudonym}`),
    );
    const gone = (before ?? []).filter((each) => !(after ?? []).includes(each));
    const fresh = (after ?? []).filter((each) => !(before ?? []).includes(each));
    faults.push(...gone.map((each) => `${client.name}: a restore does not find ${each}`));
    faults.push(...fresh.map((each) => `${client.name}: only a restore finds ${each}`));
  }
  return faults;
}

/** Reads everything but the files while the server still runs. */
export async function readBooks(
  url: string,
  trade: Trade,
  rogue: Rogue,
): Promise<{ readonly read: (folder: string) => TitleBooks; readonly faults: readonly string[] }> {
  const said = await insistently(url, { type: 'request title server' });
  if (said.type !== 'response title server') throw new Error('it is no title server');
  const { server } = said;
  const groups = await groupsOf(url, said.groups);
  const issued = issuedBy(groups);
  const served: ServedTitle[] = [];
  const faults: string[] = [];
  for (const each of issued) {
    const { title, fault } = await askTitle(url, server, each);
    served.push(title);
    if (fault !== undefined) faults.push(fault);
  }
  faults.push(...trade.clients.flatMap((client) => proofFaults(server, client, served)));
  const books = {
    server: bytesToHex(server),
    served,
    pooled: await pooledOf(url, [...new Set(issued.map(({ titleClass }) => titleClass))]),
    issued: issued.reduce((sum, { denomination }) => sum + denomination, 0),
    log: groups.flatMap(({ transfers }) => transfers.map((each) => loggedOf(server, each))),
    ...transfersOf(server, [...trade.clients, ...trade.copies], rogue),
    wallets: new Map(trade.clients.map((client) => [client.name, walletOf(client)])),
  };
  return { faults, read: (folder) => ({ ...books, ...filesOf(folder) }) };
}

async function groupsOf(url: string, count: number): Promise<readonly Group[]> {
  const all: Group[] = [];
  while (all.length < count) {
    const page = await insistently(url, { type: 'request title groups', from: all.length + 1 });
    if (page.type !== 'response title groups' || page.groups.length === 0)
      throw new Error(`the log ends after ${all.length} of ${count} groups`);
    all.push(...page.groups);
  }
  return all;
}

interface IssuedTitle {
  readonly titleClass: string;
  readonly serial: number;
  readonly denomination: number;
  readonly cell: number;
}

/** Every title that there is: ranges count on from each other, and their cells in the order of the log. */
function issuedBy(groups: readonly Group[]): readonly IssuedTitle[] {
  const ranges = new Map<string, number>();
  const serials = new Map<string, number>();
  const titles: IssuedTitle[] = [];
  for (const { title_class: certificate } of groups) {
    if (certificate === undefined) continue;
    const { terms, ranges: all } = certificate.title_class;
    const salt = bytesToHex(terms.salt);
    for (const { denomination, count } of all.slice(ranges.get(salt) ?? 0))
      for (let at = 0; at < count; at++) {
        const serial = (serials.get(salt) ?? 0) + 1;
        serials.set(salt, serial);
        titles.push({ titleClass: bytesToHex(classId(terms)), serial, denomination, cell: titles.length });
      }
    ranges.set(salt, all.length);
  }
  return titles;
}

async function askTitle(
  url: string,
  server: Uint8Array,
  { titleClass, serial, denomination, cell }: IssuedTitle,
): Promise<{ readonly title: ServedTitle; readonly fault: string | undefined }> {
  const name = `${titleClass}/${serial}`;
  const said = await insistently(url, {
    type: 'request title',
    title_class: hexToBytes(titleClass),
    serial,
  });
  if (said.type !== 'response title') throw new Error(`${name}: ${JSON.stringify(said)}`);
  const { sequence, to, proof } = said;
  const isProven =
    proof === undefined
      ? sequence === 0
      : proofFault(server, proof, verifyTitleSignature) === undefined &&
        proof.holding.sequence === sequence &&
        bytesToHex(proof.holding.holder) === bytesToHex(to.holder);
  const holder = bytesToHex(to.holder);
  return {
    title: { title: name, denomination, cell, sequence, holder, isBound: to.condition !== undefined },
    fault: isProven ? undefined : `${name}: what the server says of it is not proven`,
  };
}

/** Each proof that a wallet keeps verifies, and is the server's current word. */
function proofFaults(
  server: Uint8Array,
  { name, keptProofs }: Client,
  served: readonly ServedTitle[],
): readonly string[] {
  const current = new Map(served.map(({ title, sequence }) => [title, sequence]));
  return keptProofs.flatMap(({ titleClass, serial, proof: kept }) => {
    const proof = readForm(TitleProof, hexToBytes(kept), 'a kept proof');
    if (proof instanceof Refusal) return [`${name}: ${proof.details}`];
    const fault = proofFault(server, proof, verifyTitleSignature);
    const title = `${titleClass}/${serial}`;
    if (fault !== undefined) return [`${name}: the proof of ${title}: ${fault.details}`];
    const { sequence } = proof.holding;
    return current.get(title) === sequence
      ? []
      : [`${name}: the proof of ${title} is of sequence ${sequence}`];
  });
}

async function pooledOf(url: string, classes: readonly string[]): Promise<number> {
  let sum = 0;
  for (const titleClass of classes) {
    const said = await insistently(url, {
      type: 'request title pool',
      title_class: hexToBytes(titleClass),
    });
    if (said.type !== 'response title pool') throw new Error(JSON.stringify(said));
    sum += said.stock.reduce((total, { denomination, count }) => total + denomination * count, 0);
  }
  return sum;
}

function loggedOf(
  server: Uint8Array,
  { signed_transfer: { transfer }, serials, sequences }: LoggedTransfer,
): MadeTransfer {
  const titleClass = bytesToHex(transfer.title_class);
  const all = [...transfer.inputs.map(({ serial }) => serial), ...serials];
  return {
    hash: bytesToHex(transferHash(server, transfer)),
    moves: all.map((serial, at) => ({ title: `${titleClass}/${serial}`, sequence: sequences[at] ?? 0 })),
  };
}

/** What wallets keep of the transfers that they signed. */
function transfersOf(
  server: Uint8Array,
  everybody: readonly Client[],
  rogue: Rogue,
): Pick<TitleBooks, 'done' | 'undone'> {
  const done = new Map<string, MadeTransfer>();
  const undone = new Map<string, string>();
  for (const { name, keptOperations } of everybody)
    for (const { kind, state, refusal, transfer: kept } of keptOperations) {
      if (kept === '') continue;
      const signed = readForm(SignedTransfer, hexToBytes(kept), 'a kept transfer');
      if (signed instanceof Refusal) throw new Error(signed.details);
      const hash = bytesToHex(transferHash(server, signed.transfer));
      if (state === 'done') done.set(hash, { hash, moves: rogue.receipts.get(hash)?.moves ?? [] });
      else undone.set(hash, `for ${name} it is ${state}, ${kind} (${refusal ?? ''})`);
    }
  return { done: [...done.values()], undone };
}

function walletOf({ titles }: Client): readonly WalletTitle[] {
  return titles.map(({ titleClass, serial, sequence, pseudonym }) => ({
    title: `${titleClass.id}/${serial}`,
    sequence,
    pseudonym,
  }));
}

/** What a stopped server leaves. */
function filesOf(folder: string): Pick<TitleBooks, 'sequences' | 'places'> {
  const cells = readFileSync(join(folder, 'box', 'books', 'sequences'));
  return {
    sequences: Array.from({ length: cells.length / 4 }, (_, cell) => cells.readUInt32BE(4 * cell)),
    places: [
      readFileSync(join(folder, 'place-1', 'documents', 'groups')),
      readFileSync(join(folder, 'place-2', 'documents', 'groups')),
    ],
  };
}
