/** An audit of a title server: honest ones pass, and every lie is found. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal } from '../../base/refusal.ts';
import { pairOf, sha256 } from '../documents/samples.test-helper.ts';
import { classEntry } from '../documents/signed.ts';
import { auditTitles } from './audit.ts';
import type { AuditOptions, TitleFindings } from './audit.ts';
import {
  ALICE,
  BOB,
  CLASS,
  Forger,
  ISSUER,
  NOW,
  PARTS,
  POOL,
  RANGES,
  SERVER,
  certificateOf,
  honest,
  plainly,
  transferOf,
} from './forger.test-helper.ts';
import { readKept, writeKept } from './keep.ts';
import type { Kept } from './keep.ts';
import type { OwnTitle } from './own.ts';
import { titleReport } from './report.ts';

const CAROL = pairOf('carol');
const secret = sha256(Uint8Array.of(7));
const binding = { hash: sha256(secret), until: NOW - 3_600_000 + 20, fallback: ALICE.publicKey };

async function look(forger: Forger, options: Partial<AuditOptions> = {}): Promise<TitleFindings> {
  const given = { kept: undefined, others: [], own: [], now: NOW, progress: () => undefined };
  const findings = await auditTitles(forger.way, { ...given, ...options }, PARTS);
  if (findings instanceof Refusal) assert.fail(findings.details);
  return findings;
}

/** What an audit keeps, through the file. */
async function keptOf(forger: Forger): Promise<Kept> {
  const findings = await look(forger);
  assert.deepEqual(findings.faults, []);
  return reread(findings);
}

function reread(kept: Kept): Kept {
  const read = readKept(writeKept(kept, PARTS), PARTS);
  if (read instanceof Refusal) assert.fail(read.details);
  return read;
}

async function assertFound(
  forger: Forger,
  expected: RegExp,
  options: Partial<AuditOptions> = {},
): Promise<void> {
  const { faults } = await look(forger, options);
  assert.ok(
    faults.some((fault) => expected.test(fault)),
    `${expected.source} in ${JSON.stringify(faults)}`,
  );
}

/** Serial 1 is Alice's with sequence 2, 9 Bob's with 2, 10 Alice's with 2, 5 in the pool with 1. */
const give = (serial: number, sequence: number, jump = 1) =>
  transferOf([{ serial, from: ALICE, sequence, to: plainly(BOB) }], [], { jump });

const LIES: Readonly<Record<string, readonly [(forger: Forger) => void, RegExp]>> = {
  'a title given twice': [
    (forger) =>
      forger
        .transfer([give(2, 0)])
        .transfer([transferOf([{ serial: 2, from: ALICE, sequence: 0, to: plainly(CAROL) }])]),
    /group 7: transfer 1: title 2 is given a second time at sequence 0; it has 1/,
  ],
  'a title given twice in one group': [
    (forger) =>
      forger.transfer([
        give(2, 0),
        transferOf([{ serial: 2, from: ALICE, sequence: 0, to: plainly(CAROL) }]),
      ]),
    /a title moves twice in one group/,
  ],
  'a title given twice in one transfer': [
    (forger) =>
      forger.transfer([
        transferOf([
          { serial: 2, from: ALICE, sequence: 0, to: plainly(BOB) },
          { serial: 2, from: ALICE, sequence: 0, to: plainly(CAROL) },
        ]),
      ]),
    /a title moves twice in one group/,
  ],
  'a title given by somebody else': [
    (forger) => forger.transfer([transferOf([{ serial: 9, from: ALICE, sequence: 2, to: plainly(ALICE) }])]),
    /title 9 was not held by who transfers it/,
  ],
  'a title of sequence 0 given by somebody else': [
    (forger) => forger.transfer([transferOf([{ serial: 2, from: BOB, sequence: 0, to: plainly(BOB) }])]),
    /title 2 was not held by who transfers it/,
  ],
  'a condition that is forgotten': [
    (forger) =>
      forger
        .transfer([
          transferOf([
            { serial: 2, from: ALICE, sequence: 0, to: { holder: BOB.publicKey, condition: binding } },
          ]),
        ])
        .transfer([transferOf([{ serial: 2, from: BOB, sequence: 1, to: plainly(CAROL) }])]),
    /title 2 was not held by who transfers it/,
  ],
  'a condition without its secret': [
    (forger) =>
      forger
        .transfer([
          transferOf([
            { serial: 2, from: ALICE, sequence: 0, to: { holder: BOB.publicKey, condition: binding } },
          ]),
        ])
        .transfer([
          transferOf([{ serial: 2, from: BOB, sequence: 1, to: plainly(CAROL), condition: binding }]),
        ]),
    /title 2 is bound by a condition, and the secret is not given/,
  ],
  'a holder who signs when the fallback has it': [
    (forger) =>
      forger
        .transfer([
          transferOf([
            { serial: 2, from: ALICE, sequence: 0, to: { holder: BOB.publicKey, condition: binding } },
          ]),
        ])
        .transfer(
          [transferOf([{ serial: 2, from: BOB, sequence: 1, to: plainly(CAROL), condition: binding }])],
          {
            time: binding.until,
          },
        ),
    /one of those who have to sign has not/,
  ],
  'a condition whose time is over': [
    (forger) =>
      forger.transfer([
        transferOf([
          {
            serial: 2,
            from: ALICE,
            sequence: 0,
            to: { holder: BOB.publicKey, condition: { ...binding, until: 1 } },
          },
        ]),
      ]),
    /a condition’s time is over/,
  ],
  'a title outside of every range': [
    (forger) => forger.transfer([give(1_109, 0)]),
    /title 1109 stands in no range that was issued/,
  ],
  'a title that appears in the root': [
    (forger) => {
      forger.sequences.push(0);
    },
    /root: it counts 1109 titles, and 1108 were issued/,
  ],
  'a title that appears with no issuer’s word': [
    (forger) => forger.issue(certificateOf(3, [...RANGES, { ...RANGES[0], count: 9 } as never], CAROL)),
    /the class is refused: signature: not the issuer’s/,
  ],
  'a range taken away': [
    (forger) => forger.issue(certificateOf(3, RANGES.slice(0, 2))),
    /the class is refused: title_class\.ranges/,
  ],
  'a range that is taken away in what is shown': [
    (forger) => {
      forger.classes = [certificateOf(2, RANGES.slice(0, 2))];
    },
    /classes: what is shown of [0-9a-f]+ is not what the log says/,
  ],
  'a class that is not shown': [
    (forger) => {
      forger.classes = [];
    },
    /stands in the log and is not shown/,
  ],
  'a class without a server’s word': [
    (forger) =>
      forger.append(
        { title_class: certificateOf(2, RANGES), transfers: [] },
        [classEntry(certificateOf(2, RANGES))],
        {},
      ),
    /it holds a version of a class once more/,
  ],
  'a head that another signed': [
    (forger) => forger.transfer([give(2, 0)], { by: CAROL }),
    /not signed by the server/,
  ],
  'a head that forks': [
    (forger) =>
      forger.transfer([give(2, 0)], { previous: forger.groups[3]?.signed_head.head.previous ?? CLASS }),
    /group 6: it does not follow the group before/,
  ],
  'a head that leaves one out': [
    (forger) => forger.transfer([give(2, 0)], { number: 7 }),
    /says of itself that it is group 7/,
  ],
  'a head of an earlier time': [
    (forger) => forger.transfer([give(2, 0)], { time: 1 }),
    /older than the group before/,
  ],
  'a head that counts more': [
    (forger) => forger.transfer([give(2, 0)], { size: 2 }),
    /counts 2 leaves, and it has 1/,
  ],
  'a leaf that the log does not show': [
    (forger) => forger.transfer([give(2, 0)], { leaves: [Uint8Array.of(1)] }),
    /signed root is not that of what it holds/,
  ],
  'a group of nothing': [
    (forger) => forger.append({ title_class: undefined, transfers: [] }, [CLASS], {}),
    /it holds nothing/,
  ],
  'a root over other numbers': [
    (forger) => {
      forger.sequences[700] = 1;
    },
    /root: it is not the one over the sequence numbers/,
  ],
  'a root of another log': [
    (forger) => {
      forger.stated = { head: CLASS };
    },
    /root: the statement is about another log/,
  ],
  'a root of tomorrow': [
    (forger) => {
      forger.stated = { time: NOW + 86_400_000 };
    },
    /root: the statement is not of now/,
  ],
  'a root of yesterday, which shows an old log': [
    (forger) => {
      forger.stated = { time: NOW - 86_400_000 };
    },
    /root: the statement is not of now/,
  ],
  'a group of tomorrow': [
    (forger) => forger.transfer([give(2, 0)], { time: NOW + 86_400_000 }),
    /log: its last group is of a time that has not come/,
  ],
  'a transfer without a signature': [
    (forger) =>
      forger.transfer([
        transferOf([{ serial: 2, from: ALICE, sequence: 0, to: plainly(BOB) }], [], { signers: [BOB] }),
      ]),
    /one of those who have to sign has not/,
  ],
  'a transfer with a signature too few': [
    (forger) =>
      forger.transfer([
        transferOf(
          [
            { serial: 2, from: ALICE, sequence: 0, to: plainly(CAROL) },
            { serial: 9, from: BOB, sequence: 2, to: plainly(CAROL) },
          ],
          [],
          { signers: [ALICE] },
        ),
      ]),
    /it has 1 signatures, and 2 have to sign/,
  ],
  'a pool that loses': [
    (forger) =>
      forger.transfer([
        transferOf(
          [{ serial: 11, from: ALICE, sequence: 0, to: POOL }],
          [{ serial: 5, sequence: 2, denomination: 2, to: plainly(CAROL) }],
        ),
      ]),
    /1 goes to the pool, and 2 comes out of it/,
  ],
  'a pool that is emptied by the server’s own key': [
    (forger) => forger.transfer([transferOf([{ serial: 5, from: SERVER, sequence: 1, to: plainly(CAROL) }])]),
    /title 5 is taken out of the pool without change/,
  ],
  'change that was not in the pool': [
    (forger) =>
      forger.transfer([
        transferOf(
          [{ serial: 6, from: ALICE, sequence: 0, to: POOL }],
          [{ serial: 7, sequence: 1, denomination: 2, to: plainly(CAROL) }],
        ),
      ]),
    /title 7 came out of the pool and was not in it/,
  ],
  'change of another denomination': [
    (forger) =>
      forger.transfer([
        transferOf(
          [{ serial: 6, from: ALICE, sequence: 0, to: POOL }],
          [{ serial: 10, sequence: 3, denomination: 2, to: plainly(CAROL) }],
        ),
      ]),
    /title 10 came out of the pool as 2 and counts 1/,
  ],
  'a sequence that jumps': [
    (forger) => forger.transfer([give(2, 0, 2)]),
    /title 2 goes from sequence 0 to 2/,
  ],
  'a sequence that skips a transfer': [
    (forger) => forger.transfer([give(1, 3)]),
    /title 1 is at sequence 2, and is transferred at 3/,
  ],
};

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

  for (const [name, [lie, expected]] of Object.entries(LIES))
    it(`finds ${name}`, async () => {
      const forger = honest();
      lie(forger);
      await assertFound(forger, expected);
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
      /goes on from group 5.*; from there 1 group of the log/,
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
