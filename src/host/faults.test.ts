/**
 * The table of faults: the program is killed before and after every call that has an effect, and the issuer goes away before
 * and after every exchange. Then everything begins again: the money is all there once, and both letters tell the truth.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestIssuer } from '../wallet/issuer.test-helper.ts';
import { agreed } from './members.test-helper.ts';
import { Stage, available } from './money.test-helper.ts';
import type { Fault } from './money.test-helper.ts';
import type { LetterView } from './schemas.ts';

/** What is done while the fault strikes, and what must be true in the end. */
interface Scene {
  readonly stage: Stage;
  readonly work: () => Promise<unknown>;
  /** What people do at once who were cut short, before anything else is done. */
  readonly atOnce?: () => Promise<unknown>;
  /** What people do who were cut short: they look, and where it was not done they do it again. */
  readonly again?: () => Promise<unknown>;
  readonly end: () => Promise<void>;
}

const MONEY = 21;
const PRICE = 13;

async function scene(): Promise<Stage> {
  const stage = new Stage('faults', [new TestIssuer()]);
  await stage.enrol('Alice', MONEY);
  await stage.enrol('Bob');
  return stage;
}

function orderTo(stage: Stage, to: string) {
  return { to, currency: stage.issuer.id, amount: PRICE, subject: 'Bread', text: 'and butter' };
}

async function both(stage: Stage) {
  return { alice: await stage.member('Alice'), bob: await stage.member('Bob') };
}

function only(letters: readonly LetterView[]): LetterView | undefined {
  assert.ok(letters.length <= 1, 'there are not two letters of one payment');
  return letters[0];
}

/** The payment was made whole, or not at all, and both sides say so. */
async function assertTruth(stage: Stage, sentWhenTaken: LetterView['state']): Promise<void> {
  const { alice, bob } = await both(stage);
  const sent = only(alice.sent());
  const received = only(bob.inbox());
  if (received === undefined) {
    assert.equal(available(bob), 0);
    assert.equal(available(alice), sent?.state === 'not taken' ? MONEY - PRICE : MONEY);
    if (sent !== undefined) assert.ok(['not taken', 'taken back'].includes(sent.state), sent.state);
    return;
  }
  assert.deepEqual([received.state, received.amount, received.from], ['taken', PRICE, 'Alice']);
  assert.deepEqual([received.subject, received.text], ['Bread', 'and butter']);
  assert.deepEqual([available(alice), available(bob)], [MONEY - PRICE, PRICE]);
  assert.equal(sent?.state, sentWhenTaken);
}

/** Alice pays, and at once somebody pays again, where the program was killed after it has begun again. */
async function invoiceTwice(second: string): Promise<Scene> {
  const stage = await scene();
  await stage.enrol('Carol', MONEY);
  const { bob } = await both(stage);
  const currency = stage.issuer.id;
  const { id } = agreed(await bob.ask({ currency, amount: PRICE, subject: 'Rent' }));
  const work = async () => (await stage.member('Alice')).payInvoice(id);
  const atOnce = async () => (await stage.member(second)).payInvoice(id);
  const end = async () => {
    const people = await both(stage);
    const carol = await stage.member('Carol');
    const payers = [people.alice, carol].filter((each) => available(each) === MONEY - PRICE);
    assert.equal(payers.length, 1, 'one of them has paid');
    assert.equal(available(people.alice) + available(carol) + available(people.bob), 2 * MONEY);
    const letter = only(people.bob.inbox());
    assert.deepEqual([letter?.state, letter?.from], ['taken', payers[0]?.name]);
    const row = await stage.store.invoice(id);
    assert.deepEqual([row?.state, row?.letter], ['paid', letter?.id]);
    for (const payer of [people.alice, carol]) {
      const states = payer.sent().map(({ state }) => state);
      assert.deepEqual(
        states.filter((state) => state !== 'taken back'),
        payer === payers[0] ? ['arrived'] : [],
      );
    }
  };
  return { stage, work, atOnce, end };
}

const SCENES: Readonly<Record<string, () => Promise<Scene>>> = {
  async 'paying a member who is away, who then comes'() {
    const stage = await scene();
    await stage.leave('Bob');
    const work = async () => {
      await (await stage.member('Alice')).pay(orderTo(stage, 'Bob'));
      await (await stage.member('Bob')).upkeep();
    };
    return { stage, work, end: () => assertTruth(stage, 'arrived') };
  },

  async 'paying a member who is there'() {
    const stage = await scene();
    const work = async () => {
      await (await stage.member('Alice')).pay(orderTo(stage, 'Bob'));
      await stage.settle(1);
    };
    return { stage, work, end: () => assertTruth(stage, 'arrived') };
  },

  async 'a link that is taken'() {
    const stage = await scene();
    let link = '';
    const work = async () => {
      const { alice, bob } = await both(stage);
      ({ link } = agreed(await alice.pay(orderTo(stage, ''))));
      await bob.receive({ text: link, accept: false });
      await stage.settle(1);
    };
    const again = async () => {
      if (link !== '') await (await stage.member('Bob')).receive({ text: link, accept: false });
    };
    return { stage, work, again, end: () => assertTruth(stage, 'taken') };
  },

  async 'a link that is taken back'() {
    const stage = await scene();
    const work = async () => {
      const { alice } = await both(stage);
      const { id } = agreed(await alice.pay(orderTo(stage, '')));
      await alice.takeBack(id);
    };
    return { stage, work, end: () => assertTruth(stage, 'taken') };
  },

  async 'an e-mail'() {
    const stage = await scene();
    const work = async () => (await stage.member('Alice')).pay(orderTo(stage, 'carol@example.org'));
    const end = async () => {
      const { alice } = await both(stage);
      const sent = only(alice.sent());
      assert.equal(available(alice), sent === undefined ? MONEY : MONEY - PRICE);
      if (sent === undefined) {
        assert.equal(stage.mails.length, 0);
        return;
      }
      assert.equal(sent.state, 'not taken');
      // Sent twice it is one, by its id; the link that was mailed is the letter's.
      assert.ok(stage.mails.length >= 1 && stage.mails.every(({ id }) => id === sent.id));
      assert.ok(stage.mails.every(({ text }) => text.includes(sent.link)));
      assert.equal(agreed(await alice.look({ text: sent.link })).amount, PRICE);
    };
    return { stage, work, end };
  },

  async 'an invoice that is paid'() {
    const stage = await scene();
    const { bob } = await both(stage);
    const currency = stage.issuer.id;
    const { id } = agreed(await bob.ask({ currency, amount: PRICE, subject: 'Rent' }));
    const work = async () => {
      await (await stage.member('Alice')).payInvoice(id);
      await stage.settle(1);
    };
    const end = async () => {
      const people = await both(stage);
      const isPaid = people.bob.inbox().length > 0;
      assert.deepEqual([available(people.alice), available(people.bob)], isPaid ? [8, 13] : [21, 0]);
      assert.equal(agreed(await people.bob.invoice(id)).state, isPaid ? 'paid' : 'open');
      if (isPaid) assert.equal((await stage.store.invoice(id))?.letter, only(people.bob.inbox())?.id);
      assert.equal(only(people.alice.sent())?.state, isPaid ? 'arrived' : undefined);
    };
    return { stage, work, end };
  },

  async 'an invoice that an outsider pays'() {
    const stage = await scene();
    const { alice, bob } = await both(stage);
    const currency = stage.issuer.id;
    const { id } = agreed(await bob.ask({ currency, amount: PRICE, subject: 'Rent' }));
    const { link } = agreed(await alice.pay(orderTo(stage, '')));
    const { payInvoiceWith } = await import('./letters/invoices.ts');
    const work = async () => {
      await payInvoiceWith(stage.context, id, link);
      await stage.settle(1);
    };
    const end = async () => {
      const people = await both(stage);
      const isPaid = people.bob.inbox().length > 0;
      assert.equal(available(people.bob), isPaid ? PRICE : 0);
      assert.equal(agreed(await people.bob.invoice(id)).state, isPaid ? 'paid' : 'open');
      assert.equal(only(people.alice.sent())?.state, isPaid ? 'taken' : 'not taken');
    };
    return { stage, work, again: work, end };
  },

  async 'an invoice that the same member pays again'() {
    return invoiceTwice('Alice');
  },

  async 'an invoice that another pays then'() {
    return invoiceTwice('Carol');
  },

  async 'taking everything away'() {
    const stage = await scene();
    const work = async () => (await stage.member('Alice')).takeAway();
    const end = async () => {
      const { alice, bob } = await both(stage);
      const files = agreed(await alice.takeAway());
      const coins = files.filter(({ name }) => name.endsWith('.oc'));
      for (const { bytes } of coins) {
        agreed(await bob.receive({ text: new TextDecoder().decode(bytes), accept: false }));
      }
      assert.deepEqual([available(alice), available(bob)], [0, MONEY]);
    };
    return { stage, work, end };
  },
};

/** Runs a scene with a fault in it; the calls that it made, and whether the fault was met. */
async function run(build: () => Promise<Scene>, fault: Fault | undefined, isRestarted = true) {
  const { stage, work, atOnce, again, end } = await build();
  stage.plant(fault);
  await work().catch((error: unknown) => {
    // Whatever a dead program says, nobody hears it.
    if (!stage.isDead) throw error;
  });
  const { calls, exchanges } = stage;
  if (isRestarted || stage.isDead) stage.restart();
  else stage.plant(undefined);
  await atOnce?.();
  // In the one or the other order: whoever comes first finds what the other left.
  if ((fault?.call ?? 0) % 2 === 1) await (await stage.member('Bob')).upkeep();
  await stage.settle();
  await stage.assertConserved();
  await again?.();
  await stage.settle();
  await stage.assertConserved();
  await end();
  await stage.assertConserved();
  assert.deepEqual(stage.bugs, []);
  return { calls, exchanges };
}

for (const [name, build] of Object.entries(SCENES)) {
  describe(`${name}, cut short`, () => {
    it('loses nothing, doubles nothing and tells the truth, wherever', async () => {
      const { calls, exchanges } = await run(build, undefined);
      assert.ok(calls > 3, `${calls} calls`);
      for (const [kind, count, isRestarted] of [
        ['kill', calls, true],
        ['away', exchanges, true],
        ['away', exchanges, false],
      ] as const) {
        for (let call = 0; call < count; call++) {
          for (const when of ['before', 'after'] as const) {
            await run(build, { kind, call, when }, isRestarted).catch((error: unknown) => {
              throw new Error(`${kind} at ${call}, ${when}${isRestarted ? '' : ', in one go'}`, {
                cause: error,
              });
            });
          }
        }
      }
    });
  });
}
