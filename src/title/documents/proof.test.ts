/** Proofs: what the server said of a title holds, and nothing that differs from it in a bit. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal } from '../../base/refusal.ts';
import { formBytes, readForm } from './codec.ts';
import { TitleProof } from './documents.ts';
import type { GroupHead, Holding, Receipt, SignedTransfer, Transfer } from './documents.ts';
import { leafHash, pathOf, rootOf, treeRows } from './merkle.ts';
import { headFault, proofFault, proofsOf } from './proof.ts';
import { pairOf, sha256, verify } from './samples.test-helper.ts';
import { headHash, headSigned, holdingEntry, signersOf, transferHash, transferSigned } from './signed.ts';

const server = pairOf('server');
const [alice, bob, carol] = [pairOf('alice'), pairOf('bob'), pairOf('carol')];
const none = new Uint8Array(16);
const titleClass = sha256(Uint8Array.of(1));
const secretHash = sha256(Uint8Array.of(2));

/** 4 and 2 of Alice's to Bob and the pool, and a 1 for her out of the pool, among other titles of the group. */
const transfer: Transfer = {
  title_class: titleClass,
  inputs: [
    {
      serial: 4,
      sequence: 1,
      holder: alice.publicKey,
      condition: undefined,
      seal: none,
      secret: undefined,
      to: {
        holder: bob.publicKey,
        condition: { hash: secretHash, until: 9_000, fallback: alice.publicKey },
      },
    },
    {
      serial: 2,
      sequence: 0,
      holder: alice.publicKey,
      condition: undefined,
      seal: none,
      secret: undefined,
      to: { holder: server.publicKey, condition: undefined },
    },
  ],
  change: [{ denomination: 2, to: { holder: alice.publicKey, condition: undefined } }],
};
const hash = transferHash(server.publicKey, transfer);
const signed: SignedTransfer = { transfer, signatures: [alice.sign(transferSigned(hash))] };

const holding = (
  serial: number,
  denomination: number,
  sequence: number,
  to: Transfer['inputs'][number]['to'],
) => ({
  title_class: titleClass,
  serial,
  denomination,
  sequence,
  ...to,
  transfer: hash,
});
const [first, second] = transfer.inputs;
const [change] = transfer.change;
assert.ok(first !== undefined && second !== undefined && change !== undefined);
const holdings: readonly Holding[] = [
  holding(4, 4, 2, first.to),
  holding(2, 2, 1, second.to),
  holding(77, 2, 6, change.to),
];

/** A group of seven leaves: those of the transfer stand from the third on. */
const INDEX = 2;
const leaves = [
  ...[90, 91].map((byte) => leafHash(Uint8Array.of(byte))),
  ...holdings.map((each) => leafHash(holdingEntry(each))),
  ...[92, 93].map((byte) => leafHash(Uint8Array.of(byte))),
];
const rows = treeRows(leaves);
const head: GroupHead = {
  number: 5,
  previous: titleClass,
  time: 1_000,
  size: leaves.length,
  root: rootOf(rows),
};
const signedHead = { head, signature: server.sign(headSigned(server.publicKey, head)) };
const receipt: Receipt = {
  transfer: hash,
  signed_head: signedHead,
  index: INDEX,
  titles: holdings.map(({ serial, sequence }, at) => ({
    serial,
    sequence,
    seal: none,
    path: pathOf(rows, INDEX + at),
  })),
};
const denominations = [4, 2];

function proofs(): readonly TitleProof[] {
  const found = proofsOf(server.publicKey, signed, { receipt, denominations }, verify);
  if (found instanceof Refusal) assert.fail(found.details);
  return found;
}

describe('a proof', () => {
  it('comes out of a receipt, for every title of the transfer, and verifies by itself', () => {
    assert.deepEqual(
      proofs().map((each) => each.holding),
      holdings,
    );
    for (const proof of proofs()) assert.equal(proofFault(server.publicKey, proof, verify), undefined);
  });

  it('with a bit flipped is refused, but for its seal, which is the server’s own', () => {
    const [proof] = proofs();
    assert.ok(proof !== undefined);
    const bytes = formBytes(TitleProof, proof);
    const sealAt = formBytes(TitleProof, { ...proof, seal: new Uint8Array(16).fill(255) }).findIndex(
      (byte, at) => byte !== bytes[at],
    );
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      const at = bit >> 3;
      if (at >= sealAt && at < sealAt + 16) continue;
      const other = bytes.slice();
      other[at] = (other[at] ?? 0) ^ (1 << (bit & 7));
      const read = readForm(TitleProof, other, 'proof');
      const isRefused = read instanceof Refusal || proofFault(server.publicKey, read, verify) !== undefined;
      assert.ok(isRefused, `bit ${bit}`);
    }
  });

  it('of another server, or on another place of the group, is none', () => {
    const [proof] = proofs();
    assert.ok(proof !== undefined);
    assert.match(proofFault(bob.publicKey, proof, verify)?.details ?? '', /signed_head\.signature/);
    for (const index of [0, 1, 3, 7, 2 ** 31])
      assert.match(proofFault(server.publicKey, { ...proof, index }, verify)?.details ?? '', /proof\.path/);
    assert.equal(headFault(server.publicKey, signedHead, verify), undefined);
    assert.notEqual(headFault(alice.publicKey, signedHead, verify), undefined);
  });
});

describe('a receipt', () => {
  const faultOf = (changed: Partial<Receipt>, with_: readonly number[] = denominations) => {
    const found = proofsOf(
      server.publicKey,
      signed,
      { receipt: { ...receipt, ...changed }, denominations: with_ },
      verify,
    );
    return found instanceof Refusal ? found.details : 'none';
  };
  const changed = (at: number, fields: Partial<Receipt['titles'][number]>) => ({
    titles: receipt.titles.map((each, index) => (index === at ? { ...each, ...fields } : each)),
  });

  it('says no other thing than what was asked for', () => {
    const faults: [Partial<Receipt>, RegExp][] = [
      [{ transfer: titleClass }, /receipt\.transfer: another one/],
      [{ titles: receipt.titles.slice(1) }, /receipt\.titles: another number/],
      [changed(0, { serial: 5 }), /titles\[0\]: another title/],
      [changed(1, { sequence: 2 }), /titles\[1\]: another title/],
      [changed(2, { serial: 78 }), /titles\[2\]\.path/],
      [changed(2, { sequence: 7 }), /titles\[2\]\.path/],
      [changed(0, { path: [] }), /titles\[0\]\.path/],
      [{ index: 3 }, /titles\[0\]\.path/],
      [{ signed_head: { head: { ...head, time: 1_001 }, signature: signedHead.signature } }, /signed_head/],
    ];
    for (const [fields, expected] of faults) assert.match(faultOf(fields), expected);
    assert.match(faultOf({}, [5, 2]), /titles\[0\]\.path/);
    assert.equal(faultOf({}), 'none');
  });
});

describe('what is signed', () => {
  it('names the server, so that another one takes nothing of it', () => {
    assert.notDeepEqual(transferHash(bob.publicKey, transfer), hash);
    assert.notDeepEqual(headHash(bob.publicKey, head), headHash(server.publicKey, head));
  });

  it('is by the holder until the condition’s time, by the fallback from then on, each once', () => {
    const condition = { hash: secretHash, until: 9_000, fallback: carol.publicKey };
    const bound: Transfer = { ...transfer, inputs: [{ ...first, condition }, second] };
    assert.deepEqual(signersOf(bound, 8_999), [alice.publicKey]);
    assert.deepEqual(signersOf(bound, 9_000), [carol.publicKey, alice.publicKey]);
    assert.deepEqual(signersOf(transfer, 9_000), [alice.publicKey]);
  });
});
