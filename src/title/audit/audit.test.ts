/** An audit of a title server: honest ones pass, and what was seen before binds them. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal } from '../../base/refusal.ts';
import {
  ALICE,
  BOB,
  CLASS,
  Forger,
  ISSUER,
  PARTS,
  RANGES,
  certificateOf,
  honest,
  otherClass,
  plainly,
  transferOf,
} from './forger.test-helper.ts';
import type { TitleClassCertificate } from '../documents/documents.ts';
import { readKept, writeKept } from './keep.ts';
import type { Kept } from './keep.ts';
import { CAROL, assertFound, binding, give, keptOf, look, reread, secret } from './look.test-helper.ts';
import type { OwnTitle } from './own.ts';
import { titleReport } from './report.ts';

describe('an audit of a title server', () => {
  it('passes an honest one, and says what there is', async () => {
    const findings = await look(honest());
    assert.deepEqual(findings.faults, []);
    const [known] = findings.classes;
    assert.equal(known?.issued, 1_124n);
    assert.equal(known.pooled, 2n);
    const lines = titleReport(findings, 'http://titles.example/title');
    assert.match(lines.join('\n'), /1108 titles in 1 class; the log has 5 groups/);
    assert.match(lines.join('\n'), /Seats: 1108 titles, 1124 seat in all, of which 2 lie in the pool/);
    assert.equal(lines.at(-1), 'No fault was found.');
  });

  it('passes one that has done nothing yet', async () => {
    const findings = await look(new Forger());
    assert.deepEqual([findings.faults, findings.classes], [[], []]);
  });

  it('passes conditions that are kept: by the secret before, by the fallback from the time on', async () => {
    const bound = (serial: number) =>
      transferOf([{ serial, from: ALICE, sequence: 0, to: { holder: BOB.publicKey, condition: binding } }]);
    const forger = honest()
      .transfer([bound(2), bound(3)])
      .transfer([
        transferOf([{ serial: 2, from: BOB, sequence: 1, to: plainly(CAROL), condition: binding, secret }]),
      ])
      .transfer(
        [
          transferOf([{ serial: 3, from: BOB, sequence: 1, to: plainly(ALICE), condition: binding }], [], {
            signers: [ALICE],
          }),
        ],
        { time: binding.until },
      );
    assert.deepEqual((await look(forger)).faults, []);
  });
});

describe('an audit that goes on from another', () => {
  it('passes what only grew, and says so', async () => {
    const forger = honest();
    const kept = await keptOf(forger);
    forger.transfer([give(2, 0)]);
    const findings = await look(forger, { kept });
    assert.deepEqual(findings.faults, []);
    assert.equal(findings.before, 5);
    assert.match(
      titleReport(findings, '').join('\n'),
      /1 group of the log since group 5, which was checked before, each signed/,
    );
    // What it keeps is what an audit from the beginning keeps.
    const fresh = await look(forger);
    assert.deepEqual(writeKept(findings, PARTS), writeKept(fresh, PARTS));
  });

  it('finds a past that was written anew, or cut short', async () => {
    const [forger, forged] = [honest(), honest()];
    const kept = await keptOf(forger.transfer([give(2, 0)]));
    await assertFound(forged, /root: it counts 5 groups, and the last audit saw 6: the past was cut short/, {
      kept,
    });
    forged.transfer([give(3, 0)]);
    await assertFound(forged, /root: the statement is about another log/, { kept: reread(kept) });
    forged.transfer([give(4, 0)]);
    await assertFound(forged, /group 7: it does not follow the group before/, { kept: reread(kept) });
  });

  it('finds a server that shows two auditors two pasts', async () => {
    const forger = honest();
    const other = forger.fork();
    forger.transfer([give(2, 0)]).transfer([give(3, 0)]);
    other.transfer([give(3, 0)]);
    // Each of the two is without fault by itself.
    const [kept, others] = [await keptOf(forger), [await keptOf(other)]];
    await assertFound(forger, /kept: another audit saw another group 6/, { others });
    await assertFound(forger, /kept: another audit saw another group 6/, { kept, others });
    await assertFound(other, /another audit saw 7: the past was cut short/, { others: [reread(kept)] });
    const [honestOnes] = [[await keptOf(honest())]];
    assert.deepEqual((await look(forger, { kept: reread(kept), others: honestOnes })).faults, []);
  });

  it('refuses what it has not kept, and finds another server', async () => {
    const kept = await keptOf(honest());
    const bytes = writeKept(kept, PARTS);
    for (let at = 0; at < bytes.length; at += 7) {
      const other = bytes.slice();
      other[at] = (other[at] ?? 0) ^ 1;
      assert.ok(readKept(other, PARTS) instanceof Refusal, `byte ${at}`);
      assert.ok(readKept(bytes.subarray(0, at), PARTS) instanceof Refusal);
    }
    const elsewhere: Kept = { ...kept, past: { ...kept.past, server: CAROL.publicKey } };
    await assertFound(honest(), /of another server/, { kept: elsewhere });
  });
});

describe('titles of one’s own', () => {
  const own = (fields: Partial<OwnTitle>): OwnTitle => ({
    titleClass: CLASS,
    serial: 1,
    sequence: 2,
    holder: ALICE.publicKey,
    condition: undefined,
    isLeaving: false,
    ...fields,
  });

  it('are in as their holder has them', async () => {
    const mine = [own({}), own({ serial: 2, sequence: 0 }), own({ sequence: 1, isLeaving: true })];
    const findings = await look(honest(), { own: mine });
    assert.deepEqual(findings.faults, []);
    assert.match(titleReport(findings, '').join('\n'), /your 3 titles are in/);
  });

  it('are in where their holder is another and one is the fallback', async () => {
    const to = { holder: BOB.publicKey, condition: binding };
    const forger = honest().transfer([transferOf([{ serial: 2, from: ALICE, sequence: 0, to }])]);
    const mine = own({ serial: 2, sequence: 1, holder: BOB.publicKey, condition: binding });
    assert.deepEqual((await look(forger, { own: [mine] })).faults, []);
    // That one gets it back does not say who has it until then.
    for (const holder of [ALICE.publicKey, CAROL.publicKey])
      await assertFound(forger, /has another holder/, { own: [{ ...mine, holder }] });
  });

  it('that are not are faults', async () => {
    const faults: [Partial<OwnTitle>, RegExp][] = [
      [{ serial: 1_109 }, /stands in no range/],
      [{ titleClass: ISSUER.publicKey }, /stands in no range/],
      [{ sequence: 3 }, /is at sequence 2 in the log, and the server had said 3/],
      [{ sequence: 1 }, /moved on to sequence 2, with your pseudonym’s signature/],
      [{ holder: BOB.publicKey }, /has another holder in the log than you/],
      [{ condition: { ...binding, fallback: BOB.publicKey } }, /has another holder/],
      [{ serial: 2, sequence: 0, holder: BOB.publicKey }, /has another holder/],
    ];
    for (const [fields, expected] of faults) await assertFound(honest(), expected, { own: [own(fields)] });
  });
});

describe('a server that has lost the beginning of its log', () => {
  const later = () =>
    honest()
      .transfer([give(2, 0)])
      .transfer([transferOf([{ serial: 1, from: ALICE, sequence: 2, to: plainly(BOB) }])]);

  for (const lost of [3, 5, 7])
    it(`is checked in what is left behind group ${lost}, and said to be`, async () => {
      const forger = later();
      forger.lost = lost;
      const findings = await look(forger, {
        own: [
          {
            titleClass: CLASS,
            serial: 1,
            sequence: 3,
            holder: BOB.publicKey,
            condition: undefined,
            isLeaving: false,
          },
        ],
      });
      assert.deepEqual(findings.faults, []);
      const said = titleReport(findings, '').join('\n');
      assert.match(said, new RegExp(`Not checked: the server has lost groups 1 to ${lost} of its log`));
      assert.match(said, /all sequence numbers stand under a signed root \(2 pages\)/);
      assert.equal(findings.past.isWhole, false);
    });

  it('is whole to whoever had checked what is lost', async () => {
    const kept = await keptOf(honest());
    const forger = later();
    forger.lost = 5;
    const findings = await look(forger, { kept });
    assert.deepEqual([findings.faults, findings.unchecked, findings.past.isWhole], [[], [], true]);
  });

  it('cannot take back or replace what an earlier audit knew of its classes', async () => {
    const [first, second, third] = RANGES;
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const shown: [TitleClassCertificate[], RegExp][] = [
      [
        [certificateOf(2, [first, second, { ...third, holder: CAROL.publicKey }])],
        /is not what the log says/,
      ],
      [[certificateOf(3, [second, first, third, third])], /is not what the log says/],
      [[certificateOf(9, [...RANGES, third])], /is not what the log says/],
      [[otherClass(1), certificateOf(2, RANGES)], /is not what the log says/],
      [[], /stands in the log and is not shown/],
    ];
    for (const [classes, expected] of shown) {
      const kept = await keptOf(honest());
      const forger = later();
      forger.lost = 6;
      forger.classes = classes;
      await assertFound(forger, expected, { kept });
    }
    const kept = await keptOf(honest());
    const forger = later();
    forger.lost = 6;
    forger.classes = [certificateOf(4, [...RANGES, third, third])];
    assert.deepEqual((await look(forger, { kept })).faults, [], 'it may have grown');
  });

  it('cannot let sequence numbers shrink, give twice what is left, or hide a class', async () => {
    const lies: [(forger: Forger) => void, RegExp][] = [
      [(forger) => (forger.sequences[0] = 1), /root: the sequence number of cell 0 is less than it was/],
      [
        (forger) => forger.transfer([give(2, 1)]).transfer([give(2, 1)]),
        /title 2 is given a second time at sequence 1/,
      ],
      [(forger) => (forger.classes = []), /it counts 1108 titles, and 0 were issued/],
      [(forger) => (forger.classes = [certificateOf(2, RANGES, CAROL)]), /is not signed by its issuer/],
      [(forger) => forger.transfer([give(2, 0)], { by: CAROL }), /not signed by the server/],
      [() => undefined, /own titles: title 1 is at sequence 3 now; you hold it at 4/],
    ];
    const own = [
      {
        titleClass: CLASS,
        serial: 1,
        sequence: 4,
        holder: BOB.publicKey,
        condition: undefined,
        isLeaving: false,
      },
    ];
    for (const [lie, expected] of lies) {
      const kept = await keptOf(honest());
      const forger = later();
      forger.lost = 6;
      lie(forger);
      await assertFound(forger, expected, { kept, own });
    }
  });
});
