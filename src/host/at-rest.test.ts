/** What a thief has who took the host's rows: no coin, no phrase, no key of a drop. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOUR } from '../base/dates.ts';
import type { CoinStack } from '../protocol/documents.ts';
import { TestIssuer } from '../wallet/issuer.test-helper.ts';
import { agreed } from './members.test-helper.ts';
import { Stage } from './money.test-helper.ts';
import { Objection } from './objections.ts';
import type { LetterRow } from './state.ts';

/** Every byte of the rows as it would lie on a disk, in the two ways in which texts could be found. */
function found(rows: readonly object[]): (secret: string) => boolean {
  const bytes = rows
    .flatMap((row): unknown[] => Object.values(row))
    .filter((value) => value instanceof Uint8Array);
  const haystacks = [JSON.stringify(rows), ...bytes.map((each) => Buffer.from(each).toString('latin1'))];
  return (secret) => haystacks.some((haystack) => haystack.includes(secret));
}

function secretsOf(stack: CoinStack): readonly string[] {
  return stack.coins.flatMap(({ payload, signature }) => [payload.serial, signature.slice(0, 40)]);
}

describe('the rows of a host', () => {
  it('hold no coin, no phrase, no link, no name and no subject, at any moment', async () => {
    const stage = new Stage('at rest', [new TestIssuer()]);
    const alice = await stage.enrol('Alice', 42);
    await stage.enrol('Bob');
    await stage.leave('Bob');
    const rows: object[] = [];
    const keep = stage.store.putLetter.bind(stage.store);
    stage.store.putLetter = async (row: LetterRow) => {
      rows.push(row);
      return keep(row);
    };
    const drop = stage.store.putDrop.bind(stage.store);
    stage.store.putDrop = async (row) => {
      rows.push(row);
      await drop(row);
    };
    const order = { currency: stage.issuer.id, subject: 'Confidential bread', text: 'A private word' };
    const linked = agreed(await alice.pay({ ...order, to: '', amount: 13 }));
    const stack = alice.stack(linked.id);
    assert.ok(!(stack instanceof Objection));
    // One that waits in the inbox with its transit's phrase, and one that has arrived.
    stage.away = true;
    agreed(await alice.pay({ ...order, to: 'Bob', amount: 8 }));
    stage.away = false;
    agreed(await alice.pay({ ...order, to: 'Bob', amount: 4 }));
    const isThere = found(rows);
    assert.ok(rows.length > 6);
    assert.ok(isThere(linked.id), 'what is legible is found this way');
    const open = found([{ sealed: Buffer.from(JSON.stringify(stack)) }]);
    for (const secret of secretsOf(stack)) assert.ok(open(secret) && !isThere(secret));
    for (const secret of [
      'Alice',
      'Bob',
      'Confidential',
      'private word',
      'specie1.',
      'serial',
      linked.link.slice(-22),
    ]) {
      assert.ok(!isThere(secret), secret);
    }
    const words = await stage.walletOf('Alice');
    assert.ok(words !== undefined && !isThere(words.phrase.slice(0, 20)));
    for (const { coins } of words.operations.filter((each) => each.kind === 'send')) {
      for (const { payload } of coins) assert.ok(!isThere(payload.serial));
    }
  });

  it('do not say who paid whom: not by an id, not by a moment, not by an invoice', async () => {
    const stage = new Stage('who whom', [new TestIssuer()]);
    stage.now += 12_345;
    const alice = await stage.enrol('Alice', 42);
    const bob = await stage.enrol('Bob');
    const order = { currency: stage.issuer.id, subject: '', text: '' };
    agreed(await alice.pay({ ...order, to: 'Bob', amount: 8 }, 'a name of its own'));
    agreed(await alice.pay({ ...order, to: '', amount: 8 }));
    const { id } = agreed(await bob.ask({ ...order, amount: 5 }));
    agreed(await alice.payInvoice(id));
    await stage.settle(1);
    const sent = await stage.store.letters(alice.id);
    const received = await stage.store.letters(bob.id);
    assert.deepEqual([sent.length, received.length], [3, 2]);
    const ids = new Set(sent.map((row) => row.id));
    for (const row of received) assert.ok(!ids.has(row.id));
    const invoice = await stage.store.invoice(id);
    assert.ok(invoice?.state === 'paid' && !ids.has(invoice.letter));
    for (const { time } of [...sent, ...received]) assert.equal(time % HOUR, 0);
    // The people see the moment.
    assert.ok(bob.inbox().every(({ time }) => !time.includes(':00:00Z')));
  });

  it('give nothing to somebody with another member’s key', async () => {
    const stage = new Stage('at rest', [new TestIssuer()]);
    const alice = await stage.enrol('Alice', 21);
    await stage.enrol('Bob');
    await stage.leave('Bob');
    agreed(await alice.pay({ to: 'Bob', currency: stage.issuer.id, amount: 5, subject: '', text: '' }));
    const { secrets } = stage.context.parts;
    const mallory = await secrets.newIdentity();
    const { row } = stage.keys.get('Bob')!;
    for (const letter of await stage.store.letters(row.id)) {
      assert.equal(letter.sealedTo, 'recipient');
      assert.equal(await secrets.openWith(mallory.identity, letter.sealed), undefined);
      assert.equal(
        secrets.open(stage.keys.get('Alice')!.key, `letter ${row.id} ${letter.id}`, letter.sealed),
        undefined,
      );
    }
  });
});
