/** Every lie of a title server's that its log shows is found. */
import { describe, it } from 'node:test';
import { classEntry } from '../documents/signed.ts';
import {
  ALICE,
  BOB,
  CLASS,
  Forger,
  NOW,
  POOL,
  RANGES,
  SERVER,
  certificateOf,
  honest,
  otherClass,
  plainly,
  transferOf,
} from './forger.test-helper.ts';
import { CAROL, assertFound, binding, give, giveMany, secret } from './look.test-helper.ts';

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
  'a later version that takes ranges away in what is shown': [
    (forger) => {
      forger.classes = [certificateOf(4, RANGES.toReversed())];
    },
    /classes: what is shown of [0-9a-f]+ is not what the log says/,
  ],
  'a later version that has too few ranges': [
    (forger) => {
      forger.classes = [certificateOf(4, [...RANGES, ...RANGES.slice(0, 1)])];
    },
    /classes: what is shown of [0-9a-f]+ is not what the log says/,
  ],
  'a later version that the issuer has not signed': [
    (forger) => {
      forger.classes = [certificateOf(4, [...RANGES, ...RANGES], CAROL)];
    },
    /classes: [0-9a-f]+ is not signed by its issuer/,
  ],
  'a class that is nowhere in the log, and that the issuer has not signed': [
    (forger) => {
      forger.classes.push(otherClass(2, CAROL));
    },
    /classes: [0-9a-f]+ is not signed by its issuer/,
  ],
  'a class that is shown twice': [
    (forger) => {
      forger.classes.push(certificateOf(2, RANGES));
    },
    /classes: [0-9a-f]+ is shown twice/,
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
  'change outside of every range': [
    (forger) =>
      forger.transfer([
        transferOf(
          [{ serial: 6, from: ALICE, sequence: 0, to: POOL }],
          [{ serial: 1_109, sequence: 1, denomination: 2, to: plainly(CAROL) }],
        ),
      ]),
    /title 1109 stands in no range that was issued/,
  ],
  'change whose sequence jumps': [
    (forger) =>
      forger.transfer([
        transferOf(
          [{ serial: 6, from: ALICE, sequence: 0, to: POOL }],
          [{ serial: 5, sequence: 3, denomination: 2, to: plainly(CAROL) }],
        ),
      ]),
    /title 5 is at sequence 1, and is transferred at 2/,
  ],
  'change that goes back to the pool': [
    (forger) =>
      forger.transfer([
        transferOf(
          [{ serial: 6, from: ALICE, sequence: 0, to: POOL }],
          [{ serial: 5, sequence: 2, denomination: 2, to: POOL }],
        ),
      ]),
    /what comes out of the pool goes back to it/,
  ],
  'a title of the pool with a condition': [
    (forger) =>
      forger.transfer([
        transferOf([{ serial: 6, from: ALICE, sequence: 0, to: { ...POOL, condition: binding } }]),
      ]),
    /a title goes to the pool with a condition/,
  ],
  'a title that falls back to the pool': [
    (forger) =>
      forger.transfer([
        transferOf([
          {
            serial: 6,
            from: ALICE,
            sequence: 0,
            to: { holder: BOB.publicKey, condition: { ...binding, fallback: SERVER.publicKey } },
          },
        ]),
      ]),
    /a title goes to the pool with a condition/,
  ],
  'a secret that no condition asks for': [
    (forger) =>
      forger.transfer([transferOf([{ serial: 2, from: ALICE, sequence: 0, to: plainly(BOB), secret }])]),
    /title 2 is given a secret without a condition/,
  ],
  'a class and transfers in one group': [
    (forger) => {
      const certificate = certificateOf(3, [...RANGES, ...RANGES]);
      forger.append(
        { title_class: certificate, transfers: [give(2, 0).logged] },
        [classEntry(certificate)],
        {},
      );
    },
    /it holds a class and transfers together/,
  ],
  'more leaves than a group has': [
    (forger) => forger.transfer(Array.from({ length: 9 }, (_, at) => giveMany(11 + 15 * at, 15))),
    /it has 135 leaves, and 128 are the most/,
  ],
  'a log that does not say which titles came out of the pool': [
    (forger) => {
      const { logged, holdings } = give(2, 0);
      forger.transfer([{ logged: { ...logged, serials: [5] }, holdings }]);
    },
    /the log does not say what became of each of its titles/,
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

describe('an audit of a title server that lies', () => {
  for (const [name, [lie, expected]] of Object.entries(LIES))
    it(`finds ${name}`, async () => {
      const forger = honest();
      lie(forger);
      await assertFound(forger, expected);
    });

  it('finds a transfer of a class that was never registered', async () => {
    const forger = new Forger().transfer([give(2, 0)]);
    await assertFound(forger, /transfer 1: its class was never registered/);
  });
});
