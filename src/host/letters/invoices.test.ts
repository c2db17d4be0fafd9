import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { handover } from '../../transports/handover.ts';
import { TestIssuer } from '../../wallet/issuer.test-helper.ts';
import { invoiceOf, payInvoiceWith } from './invoices.ts';
import { coinsIn } from './look.ts';
import { agreed, assertObjected } from '../members.test-helper.ts';
import { Stage, available } from '../money.test-helper.ts';
import type { OpenMember } from '../open-member.ts';
import { Objection } from '../objections.ts';

async function people(): Promise<{ stage: Stage; alice: OpenMember; bob: OpenMember; id: string }> {
  const stage = new Stage('invoices', [new TestIssuer()]);
  const alice = await stage.enrol('Alice', 42);
  const bob = await stage.enrol('Bob');
  const { id } = agreed(await bob.ask({ currency: stage.issuer.id, amount: 13, subject: 'Rent' }));
  return { stage, alice, bob, id };
}

describe('invoices', () => {
  it('are shown to whoever has the link, and are paid once', async () => {
    const { stage, alice, bob, id } = await people();
    const seen = agreed(await invoiceOf(stage.context, id, ''));
    assert.deepEqual(
      [seen.from, seen.amount, seen.currencyName, seen.subject, seen.state, seen.isOwn, seen.link],
      ['Bob', 13, 'Testmark', 'Rent', 'open', false, `http://host.test/pay/${id}`],
    );
    assert.equal(agreed(await bob.invoice(id)).isOwn, true);
    const letter = agreed(await alice.payInvoice(id));
    assert.deepEqual([letter.state, letter.to, letter.subject], ['arrived', 'Bob', 'Rent']);
    await stage.settle(1);
    assert.equal(available(bob), 13);
    assert.deepEqual(
      agreed(await bob.invoices()).map(({ state }) => state),
      ['paid'],
    );
    assertObjected(await alice.payInvoice(id), 'not open');
    assert.equal(available(alice), 29);
    assertObjected(await bob.withdraw(id), 'not open');
  });

  it('take the coins of one only when two pay at once', async () => {
    const { stage, alice, bob, id } = await people();
    const carol = await stage.enrol('Carol', 21);
    const outcomes = await Promise.all([alice.payInvoice(id), carol.payInvoice(id), bob.withdraw(id)]);
    const refused = outcomes.filter((each) => each instanceof Objection);
    assert.deepEqual(
      refused.map(({ name }) => name),
      ['not open', 'not open'],
    );
    await stage.settle(2);
    assert.equal(available(alice) + available(carol) + available(bob), 63);
    assert.equal(available(bob), 13);
    assert.equal(bob.inbox().length, 1);
  });

  it('are not paid by a second while the first payment is on its way', async () => {
    const { stage, alice, bob, id } = await people();
    const carol = await stage.enrol('Carol', 21);
    stage.away = true;
    assert.equal(agreed(await alice.payInvoice(id)).state, 'arriving');
    assertObjected(await carol.payInvoice(id), 'not open');
    assertObjected(await bob.withdraw(id), 'not open');
    stage.away = false;
    await stage.settle(2);
    assert.equal(agreed(await bob.invoice(id)).state, 'paid');
    assert.deepEqual([available(bob), available(carol)], [13, 21]);
  });

  it('are being paid after the program has begun again, too', async () => {
    const { stage, alice, id } = await people();
    await stage.enrol('Carol', 21);
    stage.away = true;
    agreed(await alice.payInvoice(id));
    // The program ends: what is on its way is nowhere but in the rows.
    stage.restart();
    assertObjected(await (await stage.member('Carol')).payInvoice(id), 'not open');
    assertObjected(await (await stage.member('Bob')).withdraw(id), 'not open');
    assert.equal(agreed(await (await stage.member('Alice')).payInvoice(id)).state, 'arriving');
    await stage.settle(3);
    const after = [await stage.member('Alice'), await stage.member('Bob'), await stage.member('Carol')];
    assert.deepEqual(
      after.map((each) => available(each)),
      [29, 13, 21],
    );
    assert.equal(after[1]?.inbox().length, 1);
    assert.equal(agreed(await after[1].invoice(id)).state, 'paid');
    await stage.assertConserved();
  });

  it('are open again when the payment on its way comes to nothing', async () => {
    const { stage, alice, id } = await people();
    await stage.enrol('Carol', 21);
    const sent = agreed(
      await alice.pay({ to: '', currency: stage.issuer.id, amount: 13, subject: '', text: '' }),
    );
    const stack = alice.stack(sent.id);
    assert.ok(!(stack instanceof Objection));
    agreed(await invoiceOf(stage.context, id, ''));
    stage.away = true;
    assert.equal(agreed(await payInvoiceWith(stage.context, id, handover.write(stack))).state, 'arriving');
    // Its host is gone, and the coins are taken back meanwhile.
    stage.restart();
    agreed(await (await stage.member('Alice')).takeBack(sent.id));
    await stage.settle(1);
    const [payee, payer] = [await stage.member('Bob'), await stage.member('Carol')] as const;
    assert.equal(payee.inbox()[0]?.state, 'refused');
    agreed(await payer.payInvoice(id));
    await stage.settle(1);
    assert.equal(available(payee), 13);
    assert.equal(agreed(await payee.invoice(id)).state, 'paid');
  });

  it('leave a link in its place while its coins are on their way, and take it once they arrived', async () => {
    const { stage, alice, id } = await people();
    const { link } = agreed(
      await alice.pay({ to: '', currency: stage.issuer.id, amount: 13, subject: '', text: '' }),
    );
    agreed(await invoiceOf(stage.context, id, ''));
    stage.away = true;
    assert.equal(agreed(await payInvoiceWith(stage.context, id, link)).state, 'arriving');
    assert.equal(agreed(await coinsIn(stage.context, link)).coins.length > 0, true);
    stage.away = false;
    await stage.settle(2);
    assert.equal(available(await stage.member('Bob')), 13);
    assertObjected(await coinsIn(stage.context, link), 'no drop');
  });

  it('are withdrawn by whose they are, and by nobody else', async () => {
    const { alice, bob, id } = await people();
    assertObjected(await alice.withdraw(id), 'no invoice');
    assertObjected(await bob.payInvoice(id), 'to yourself');
    assert.equal(agreed(await bob.withdraw(id)).state, 'withdrawn');
    assertObjected(await alice.payInvoice(id), 'not open');
    assertObjected(await alice.payInvoice('0'.repeat(32)), 'no invoice');
    assert.equal(available(alice), 42);
  });

  it('are paid by somebody who is not signed in, with exactly the amount', async () => {
    const { stage, alice, bob, id } = await people();
    const pay = async (amount: number) =>
      agreed(await alice.pay({ to: '', currency: stage.issuer.id, amount, subject: '', text: '' }));
    const other = await pay(12);
    assertObjected(await payInvoiceWith(stage.context, id, other.link), 'other amount');
    const stack = alice.stack((await pay(13)).id);
    assert.ok(!(stack instanceof Objection));
    const text = handover.write(stack);
    const letter = agreed(await payInvoiceWith(stage.context, id, text));
    assert.deepEqual([letter.state, letter.to, letter.from], ['arrived', 'Bob', '']);
    await stage.settle(2);
    assert.deepEqual([available(bob), bob.inbox()[0]?.from], [13, '']);
    // Who asks again is told what became of it, and pays nothing twice.
    assert.equal(agreed(await payInvoiceWith(stage.context, id, text)).state, 'arrived');
    const twice = alice.stack(agreed(await pay(13)).id);
    assert.ok(!(twice instanceof Objection));
    assertObjected(await payInvoiceWith(stage.context, id, handover.write(twice)), 'not open');
    assert.equal(alice.sent().findLast((each) => each.amount === 13)?.state, 'taken');
    assert.equal(alice.sent().find((each) => each.amount === 12)?.state, 'not taken');
  });

  it('stay open when what was brought is no good', async () => {
    const { stage, alice, bob, id } = await people();
    const sent = agreed(
      await alice.pay({ to: '', currency: stage.issuer.id, amount: 13, subject: '', text: '' }),
    );
    const stack = alice.stack(sent.id);
    assert.ok(!(stack instanceof Objection));
    agreed(await alice.takeBack(sent.id));
    assertObjected(await payInvoiceWith(stage.context, id, handover.write(stack)), 'already spent');
    assert.equal(agreed(await bob.invoice(id)).state, 'open');
    assert.deepEqual(bob.inbox(), []);
    await stage.settle(1);
    assert.deepEqual([available(alice), available(bob)], [42, 0]);
  });
});
