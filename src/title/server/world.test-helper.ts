/** A title server in memory, those who hold titles, and what they ask. */
import { createHash, createHmac } from 'node:crypto';
import { setImmediate as pause } from 'node:timers/promises';
import { bytesToHex, concatBytes, utf8 } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { openMemoryTitleStore } from '../../stores/title/memory.ts';
import type { TitleMemory } from '../../stores/title/memory.ts';
import { formBytes, readTitleResponse, writeTitleRequest } from '../documents/codec.ts';
import { Receipt } from '../documents/documents.ts';
import type { Condition, Destination, SignedTransfer, TitleRange, Transfer } from '../documents/documents.ts';
import type { Said, TitleRequest, TitleResponse } from '../documents/messages.ts';
import { proofsOf } from '../documents/proof.ts';
import type { VerifySignature } from '../documents/proof.ts';
import { classId, classSigned, signersOf, transferHash, transferSigned } from '../documents/signed.ts';
import type { SignatureChecker, TitleServerParts, TitleStore } from './ports.ts';
import { openTitleServer } from './server.ts';
import type { TitleServer } from './server.ts';

/** Somebody with a key. The signatures of tests are hashes: what they are made of does not matter to what a server decides. */
export interface Somebody {
  readonly publicKey: Uint8Array;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

export function somebody(name: string): Somebody {
  const publicKey = sha256(utf8(name));
  return { publicKey, sign: (bytes) => signatureOf(publicKey, bytes) };
}

function signatureOf(publicKey: Uint8Array, bytes: Uint8Array): Uint8Array {
  const hash = sha256(concatBytes(publicKey, bytes));
  return concatBytes(hash, hash);
}

export const verify: VerifySignature = (publicKey, bytes, signature) =>
  bytesToHex(signatureOf(publicKey, bytes)) === bytesToHex(signature);

export const checker: SignatureChecker = {
  check: async (checks) =>
    checks.map(({ publicKey, bytes, signature }) => verify(publicKey, bytes, signature)),
};

export const SERVER = somebody('the server');
export const ISSUER = somebody('an issuer');
export const START = Date.UTC(2030, 0, 1);

/** What the tests set as they go. */
export interface World {
  now: number;
  server: TitleServer;
  readonly parts: TitleServerParts;
  /** Asks, and reads the answer. Throws when it is none. */
  ask(message: TitleRequest, room?: number): Promise<TitleResponse>;
  /** Begins a server anew on the same store. */
  restart(): Promise<void>;
}

export async function openWorld(changed: Partial<TitleServerParts> = {}): Promise<World> {
  const memory: TitleMemory = [];
  const parts: TitleServerParts = {
    store: openMemoryTitleStore(memory),
    key: {
      publicKey: SERVER.publicKey,
      sign: SERVER.sign,
      seal: (bytes) =>
        new Uint8Array(createHmac('sha256', 'a secret for seals').update(bytes).digest().subarray(0, 16)),
    },
    checker,
    verify,
    sha256,
    clock: () => world.now,
    pause: async () => pause(),
    issuers: undefined,
    mostTitles: 1_000_000,
    udpPort: undefined,
    ...changed,
  };
  const world: World = {
    now: START,
    parts,
    server: await openTitleServer(parts),
    ask: async (message, room = Infinity) =>
      answerOf(await world.server.answer(writeTitleRequest({ reference: 7, message }), room)),
    restart: async () => {
      const store: TitleStore = changed.store ?? openMemoryTitleStore(memory);
      world.server = await openTitleServer({ ...parts, store });
    },
  };
  return world;
}

export function answerOf(bytes: Uint8Array): TitleResponse {
  const read = readTitleResponse(bytes);
  if (read instanceof Refusal) throw new Error(read.toString());
  if (read.reference !== 7) throw new Error('the answer to another question');
  return read.message;
}

/** The answer, which has to be of a type. */
export function mustBe<Type extends TitleResponse['type']>(
  type: Type,
  answer: TitleResponse,
): Extract<TitleResponse, { readonly type: Type }> {
  if (answer.type !== type) throw new Error(`${answer.type}: ${JSON.stringify(answer)}`);
  return answer as Extract<TitleResponse, { readonly type: Type }>;
}

/** A version of a class, signed by its issuer. */
export function certificateOf(
  ranges: readonly TitleRange[],
  { name = 'Shares', version = 1, issuer = ISSUER, denominations = [1, 2, 4, 10] } = {},
): Said<'request title class'> {
  const terms = {
    server: SERVER.publicKey,
    issuer: issuer.publicKey,
    name,
    entitles: 'a share of what there is',
    unit: 'share',
    denominations,
    salt: new Uint8Array(16),
  };
  const title_class = { terms, version, ranges };
  return {
    type: 'request title class',
    certificate: { title_class, signature: issuer.sign(classSigned(title_class)) },
  };
}

export function idOf({ certificate }: Said<'request title class'>): Uint8Array {
  return classId(certificate.title_class.terms);
}

/** A title as somebody holds it. */
export interface Held {
  readonly titleClass: Uint8Array;
  readonly serial: number;
  readonly denomination: number;
  readonly sequence: number;
  readonly holder: Somebody;
  readonly condition: Condition | undefined;
  readonly seal: Uint8Array;
}

/** A title that never moved. */
export function fresh(titleClass: Uint8Array, serial: number, denomination: number, holder: Somebody): Held {
  return {
    titleClass,
    serial,
    denomination,
    sequence: 0,
    holder,
    condition: undefined,
    seal: new Uint8Array(16),
  };
}

export function to(holder: Somebody, condition?: Condition): Destination {
  return { holder: holder.publicKey, condition };
}

export interface Given {
  readonly title: Held;
  readonly to: Destination;
  readonly secret?: Uint8Array;
}

/** A transfer of titles of one class. */
export function transferOf(given: readonly Given[], change: Transfer['change'] = []): Transfer {
  return {
    title_class: given[0]!.title.titleClass,
    inputs: given.map(({ title, to: destination, secret }) => ({
      serial: title.serial,
      sequence: title.sequence,
      holder: title.holder.publicKey,
      condition: title.condition,
      seal: title.seal,
      secret,
      to: destination,
    })),
    change,
  };
}

/** A transfer with the signatures that it takes at a moment, of those who are known by name. */
export function signed(
  transfer: Transfer,
  people: readonly Somebody[],
  now = START,
): Said<'request title transfer'> {
  const bytes = transferSigned(transferHash(SERVER.publicKey, transfer, sha256));
  const signatures = signersOf(transfer, now).map((publicKey) =>
    people.find((each) => bytesToHex(each.publicKey) === bytesToHex(publicKey))!.sign(bytes),
  );
  return { type: 'request title transfer', transfer, signatures };
}

/** The titles of a receipt whose proofs hold, as those hold them who are known by name. */
export function heldAfter(
  { transfer, signatures }: SignedTransfer,
  receipt: Receipt,
  denominations: readonly number[],
  people: readonly Somebody[],
): readonly Held[] {
  const proofs = proofsOf(SERVER.publicKey, { transfer, signatures }, { receipt, denominations }, verify);
  if (proofs instanceof Refusal) throw new Error(proofs.toString());
  return proofs.map(({ holding, seal }) => ({
    titleClass: holding.title_class,
    serial: holding.serial,
    denomination: holding.denomination,
    sequence: holding.sequence,
    holder: people.find((each) => bytesToHex(each.publicKey) === bytesToHex(holding.holder)) ?? SERVER,
    condition: holding.condition,
    seal,
  }));
}

export function receiptBytesOf({ type: _, ...receipt }: Said<'response title transfer'>): string {
  return bytesToHex(formBytes(Receipt, receipt));
}
