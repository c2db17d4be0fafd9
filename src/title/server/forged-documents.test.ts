/** Documents lie where others may write: nothing that was changed there is ever sealed, signed or told. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openMemoryTitleStore } from '../../stores/title/memory.ts';
import { formBytes, readForm } from '../documents/codec.ts';
import { Group } from '../documents/documents.ts';
import type { Group as GroupDocument, LoggedTransfer } from '../documents/documents.ts';
import { Refusal } from '../../base/refusal.ts';
import type { GroupRecord, TitleStore } from './ports.ts';
import {
  certificateOf,
  fresh,
  heldAfter,
  idOf,
  mustBe,
  openWorld,
  signed,
  somebody,
  to,
  transferOf,
} from './world.test-helper.ts';

const [anna, ben, thief] = [somebody('Anna'), somebody('Ben'), somebody('a thief')];
const shares = certificateOf([{ denomination: 1, count: 10, holder: anna.publicKey }]);
const id = idOf(shares);

function certain<Value>(value: Value | Refusal | undefined): Value {
  if (value === undefined || value instanceof Refusal) throw new Error('must be there');
  return value;
}

/** The group with its first transfer as somebody would have it. */
function withTransfer(
  group: GroupDocument,
  change: (logged: LoggedTransfer) => LoggedTransfer,
): GroupDocument {
  const [first, ...others] = group.transfers;
  return first === undefined ? group : { ...group, transfers: [change(first), ...others] };
}

const forgeries: Readonly<Record<string, (group: GroupDocument) => GroupDocument>> = {
  'another holder': (group) =>
    withTransfer(group, (logged) => {
      const { transfer, signatures } = logged.signed_transfer;
      const inputs = transfer.inputs.map((input) => ({ ...input, to: to(thief) }));
      return { ...logged, signed_transfer: { transfer: { ...transfer, inputs }, signatures } };
    }),
  'another sequence': (group) =>
    withTransfer(group, (logged) => ({ ...logged, sequences: logged.sequences.map((each) => each + 1) })),
  'another class': (group) =>
    withTransfer(group, (logged) => {
      const { transfer, signatures } = logged.signed_transfer;
      return {
        ...logged,
        signed_transfer: { transfer: { ...transfer, title_class: new Uint8Array(32) }, signatures },
      };
    }),
  'fewer sequences': (group) => withTransfer(group, (logged) => ({ ...logged, sequences: [] })),
  'no transfers': (group) => ({ ...group, transfers: [] }),
  'another head': (group) => {
    const { head, signature } = group.signed_head;
    return { ...group, signed_head: { head: { ...head, time: head.time + 1 }, signature } };
  },
  'another signature': (group) => {
    const { head, signature } = group.signed_head;
    return { ...group, signed_head: { head, signature: signature.map((byte) => byte ^ 1) } };
  },
};

describe('documents that somebody changed', () => {
  for (const [what, forge] of Object.entries(forgeries)) {
    it(`are as good as lost: ${what}`, async () => {
      let isForged = false;
      const honest = openMemoryTitleStore();
      const forged = (group: GroupDocument): GroupDocument => (isForged ? forge(group) : group);
      const store: TitleStore = {
        ...honest,
        lastGroup: (cell, find) => honest.lastGroup(cell, (group) => find(forged(group))),
        groups: async (from, most) =>
          (await honest.groups(from, most)).map((bytes) =>
            formBytes(Group, forged(certain(readForm(Group, bytes, 'group')))),
          ),
      };
      const world = await openWorld({ store });
      mustBe('response title class', await world.ask(shares));
      const request = signed(transferOf([{ title: fresh(id, 1, 1, anna), to: to(ben) }]), [anna]);
      mustBe('response title transfer', await world.ask(request));
      const look = { type: 'request title', title_class: id, serial: 1 } as const;
      mustBe('response title', await world.ask(look));

      isForged = true;
      // What it has grown before it still knows.
      await world.restart();
      for (const message of [look, request]) {
        const refused = mustBe('response title refusal', await world.ask(message));
        assert.equal(refused.name, 'outdated proof');
        assert.equal(refused.sequence, 1);
      }
      isForged = false;
      mustBe('response title transfer', await world.ask(request));
    });
  }

  it('are as good as lost: an older group of the server’s own, in which somebody else held the title', async () => {
    const memory: GroupRecord[] = [];
    const honest = openMemoryTitleStore(memory);
    const older = (): GroupDocument => certain(readForm(Group, certain(memory[1]).bytes, 'group'));
    const world = await openWorld({
      store: { ...honest, lastGroup: async (_, find) => find(older()) },
    });
    mustBe('response title class', await world.ask(shares));
    const first = signed(transferOf([{ title: fresh(id, 1, 1, anna), to: to(thief) }]), [anna]);
    const receipt = mustBe('response title transfer', await world.ask(first));
    const held = certain(heldAfter(first, receipt, [1], [thief])[0]);
    const second = signed(transferOf([{ title: held, to: to(ben) }]), [thief]);
    mustBe('response title transfer', await world.ask(second));
    const look = { type: 'request title', title_class: id, serial: 1 } as const;
    for (const before of [() => undefined, () => world.restart()]) {
      await before();
      const refused = mustBe('response title refusal', await world.ask(look));
      assert.equal(refused.name, 'outdated proof');
      assert.equal(refused.sequence, 2);
    }
  });

  it('that were grown before a title moved on prove nothing any more', async () => {
    const world = await openWorld();
    mustBe('response title class', await world.ask(shares));
    const look = { type: 'request title', title_class: id, serial: 1 } as const;
    const first = signed(transferOf([{ title: fresh(id, 1, 1, anna), to: to(thief) }]), [anna]);
    const receipt = mustBe('response title transfer', await world.ask(first));
    assert.equal(mustBe('response title', await world.ask(look)).sequence, 1);
    const held = certain(heldAfter(first, receipt, [1], [thief])[0]);
    await world.ask(signed(transferOf([{ title: held, to: to(ben) }]), [thief]));
    const now = mustBe('response title', await world.ask(look));
    assert.equal(now.sequence, 2);
    assert.deepEqual(now.to.holder, ben.publicKey);
  });

  it('a seal is not the server’s, whichever byte is another', async () => {
    const world = await openWorld();
    mustBe('response title class', await world.ask(shares));
    const first = signed(transferOf([{ title: fresh(id, 1, 1, anna), to: to(ben) }]), [anna]);
    const receipt = mustBe('response title transfer', await world.ask(first));
    const held = certain(heldAfter(first, receipt, [1], [ben])[0]);
    for (let at = 0; at < held.seal.length; at++) {
      const seal = held.seal.map((byte, place) => (place === at ? byte ^ 0x80 : byte));
      const forged = signed(transferOf([{ title: { ...held, seal }, to: to(thief) }]), [ben]);
      assert.equal(mustBe('response title refusal', await world.ask(forged)).name, 'bad signature');
    }
  });
});
