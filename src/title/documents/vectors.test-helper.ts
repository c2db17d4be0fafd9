/** The life of spec/vectors/title.json: a small one under fixed keys, by a whole server. */
import { createHmac } from 'node:crypto';
import { bytesToHex, utf8 } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { openMemoryTitleStore } from '../../stores/title/memory.ts';
import { openTitleServer } from '../server/server.ts';
import {
  formBytes,
  readTitleResponse,
  writeTitleJson,
  writeTitleRequest,
  writeTitleResponse,
} from './codec.ts';
import type { Enveloped } from './codec.ts';
import { Group, Holding, SignedRoot, TitleClassCertificate, TitleProof, Transfer } from './documents.ts';
import type { Destination, TitleTerms, TransferInput } from './documents.ts';
import type { Form } from './form.ts';
import type { TitleRequest, TitleResponse } from './messages.ts';
import { pairOf, sha256, verify } from './samples.test-helper.ts';
import type { Pair } from './samples.test-helper.ts';
import {
  classId,
  classSigned,
  headHash,
  headSigned,
  holdingEntry,
  rootSigned,
  transferHash,
  transferSigned,
} from './signed.ts';

const NAMES = ['server', 'issuer', 'alice', 'bob', 'carol', 'dave'] as const;
type Name = (typeof NAMES)[number];
const PAIRS = Object.fromEntries(NAMES.map((name) => [name, pairOf(name)])) as unknown as Readonly<
  Record<Name, Pair>
>;
const SECRET = sha256(utf8('secret'));
const SEAL_SECRET = sha256(utf8('seals'));
const START = Date.UTC(2026, 10, 21, 12);

const seal = (bytes: Uint8Array) =>
  new Uint8Array(createHmac('sha256', SEAL_SECRET).update(bytes).digest().subarray(0, 16));

const terms: TitleTerms = {
  server: PAIRS.server.publicKey,
  issuer: PAIRS.issuer.publicKey,
  name: 'Sitzplätze',
  entitles: 'A seat in the first row, as many as the title counts.',
  unit: 'seat',
  denominations: [1, 2, 4],
  salt: sha256(utf8('salt')).subarray(0, 16),
};
const idBytes = classId(terms);

const both = <Value>(form: Form<Value>, value: Value) => ({
  bytes: bytesToHex(formBytes(form, value)),
  json: form.toJson(value),
});
const to = (name: Name, condition?: Destination['condition']): Destination => ({
  holder: PAIRS[name].publicKey,
  condition,
});

/** What is known of a title by a proof: enough to transfer it. */
type Known = Omit<TransferInput, 'to' | 'secret'>;

/** Builds the vectors anew, byte for byte the same each time. */
export async function titleVectors(): Promise<unknown> {
  let now = START;
  const server = await openTitleServer({
    store: openMemoryTitleStore(),
    key: { ...PAIRS.server, seal },
    checker: {
      check: (checks) =>
        Promise.resolve(checks.map((each) => verify(each.publicKey, each.bytes, each.signature))),
    },
    verify,
    sha256,
    clock: () => now,
    pause: () => Promise.resolve(),
    issuers: undefined,
    mostTitles: 1_000_000,
    udpPort: undefined,
  });
  let reference = 0;
  const messages: unknown[] = [];
  const ask = async <Type extends TitleResponse['type']>(message: TitleRequest, type: Type) => {
    const request = { reference: ++reference, message };
    const bytes = writeTitleRequest(request);
    const answer = mustRead(readTitleResponse(await server.answer(bytes, Infinity)));
    if (answer.message.type !== type) throw new Error(JSON.stringify(answer));
    messages.push(messageIn(request, bytes), messageIn(answer, writeTitleResponse(answer)));
    return answer.message as Extract<TitleResponse, { readonly type: Type }>;
  };
  const certificate = certificateOf();
  await ask({ type: 'request title class', certificate }, 'response title class');
  const transfers: unknown[] = [];
  const move = async (transfer: Transfer, ...signers: readonly Name[]) => {
    now += 1_000;
    const hash = transferHash(PAIRS.server.publicKey, transfer);
    const signatures = signers.map((name) => PAIRS[name].sign(transferSigned(hash)));
    await ask({ type: 'request title transfer', transfer, signatures }, 'response title transfer');
    transfers.push({
      ...both(Transfer, transfer),
      hash: bytesToHex(hash),
      signed: bytesToHex(transferSigned(hash)),
      signers,
      signatures: signatures.map(bytesToHex),
    });
  };
  const known = async (serial: number): Promise<Known> => {
    const said = await ask({ type: 'request title', title_class: idBytes, serial }, 'response title');
    const { holder, condition } = said.to;
    return {
      serial,
      sequence: said.sequence,
      holder,
      condition,
      seal: said.proof?.seal ?? new Uint8Array(16),
    };
  };
  await beLived(move, known);
  const proof = (await ask({ type: 'request title', title_class: idBytes, serial: 1 }, 'response title'))
    .proof;
  const { groups } = await ask({ type: 'request title groups', from: 1 }, 'response title groups');
  const { signed_root } = await ask({ type: 'request title root', pages: [0] }, 'response title root');
  if (proof === undefined) throw new Error('the title has moved');
  return {
    keys: NAMES.map((name) => ({
      name,
      seed: bytesToHex(sha256(utf8(name))),
      public_key: bytesToHex(PAIRS[name].publicKey),
    })),
    seal_secret: bytesToHex(SEAL_SECRET),
    secret: bytesToHex(SECRET),
    class: {
      ...both(TitleClassCertificate, certificate),
      id: bytesToHex(idBytes),
      signed: bytesToHex(classSigned(certificate.title_class)),
    },
    transfers,
    groups: groups.map((group) => ({
      ...both(Group, group),
      signed: bytesToHex(headSigned(PAIRS.server.publicKey, group.signed_head.head)),
      head: bytesToHex(headHash(PAIRS.server.publicKey, group.signed_head.head)),
    })),
    proof: {
      ...both(TitleProof, proof),
      holding: bytesToHex(formBytes(Holding, proof.holding)),
      entry: bytesToHex(holdingEntry(proof.holding)),
    },
    root: {
      ...both(SignedRoot, signed_root),
      signed: bytesToHex(rootSigned(PAIRS.server.publicKey, signed_root.statement)),
    },
    messages,
  };
}

function certificateOf(): TitleClassCertificate {
  const ranges = [
    { denomination: 4, count: 2, holder: PAIRS.alice.publicKey },
    { denomination: 2, count: 2, holder: PAIRS.alice.publicKey },
    { denomination: 1, count: 1_100, holder: PAIRS.issuer.publicKey },
  ];
  const title_class = { terms, version: 1, ranges };
  return { title_class, signature: PAIRS.issuer.sign(classSigned(title_class)) };
}

/** A gift to the pool, 5 paid with 4 and 2 where the 4 is bound, and the 4 passed on with the secret. */
async function beLived(
  move: (transfer: Transfer, ...signers: readonly Name[]) => Promise<void>,
  known: (serial: number) => Promise<Known>,
): Promise<void> {
  const input = async (
    serial: number,
    destination: Destination,
    secret?: Uint8Array,
  ): Promise<TransferInput> => ({
    ...(await known(serial)),
    secret,
    to: destination,
  });
  await move(
    {
      title_class: idBytes,
      inputs: [await input(5, to('server')), await input(6, to('server'))],
      change: [],
    },
    'issuer',
  );
  const condition = { hash: sha256(SECRET), until: START + 60_000, fallback: PAIRS.alice.publicKey };
  await move(
    {
      title_class: idBytes,
      inputs: [await input(1, to('bob', condition)), await input(3, to('server'))],
      change: [
        { denomination: 1, to: to('bob') },
        { denomination: 1, to: to('carol') },
      ],
    },
    'alice',
  );
  await move({ title_class: idBytes, inputs: [await input(1, to('dave'), SECRET)], change: [] }, 'bob');
}

function messageIn(enveloped: Enveloped<TitleRequest | TitleResponse>, bytes: Uint8Array): unknown {
  const json = JSON.parse(new TextDecoder().decode(writeTitleJson(enveloped))) as unknown;
  return { bytes: bytesToHex(bytes), json };
}

function mustRead<Value>(read: Value | Refusal): Value {
  if (read instanceof Refusal) throw new Error(read.details);
  return read;
}
