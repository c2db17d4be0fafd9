/** How orders gather their signatures: what each of them does is in execute.test.ts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, writeDate } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal } from '../base/refusal.ts';
import { decodeResponse, encode } from '../protocol/codec.ts';
import type { Action, OperatorOrder, Policy } from '../protocol/governance.ts';
import type { RequestOperate } from '../protocol/messages/operate.ts';
import { EVERYONE, OPERATORS, POLICY, operateRequest, signatory, signedBy } from './operators.test-helper.ts';
import type { Person } from './operators.test-helper.ts';
import { assertSound, audited, eventsSince, openPlace } from './place.test-helper.ts';
import type { Place } from './place.test-helper.ts';

const raise = (amount: number): Action => ({ type: 'raise treasury', amount });

async function operate(place: Place, order: OperatorOrder, ...people: readonly Person[]) {
  return place.ask(operateRequest(order, ...people), 'response operate');
}

async function treasuryOf(place: Place): Promise<number> {
  return (await place.mint.counters()).treasury;
}

async function pending(place: Place) {
  const answer = await place.ask(
    { message_reference: 1, type: 'request pending orders' },
    'response pending orders',
  );
  return answer.orders;
}

const without = (name: Person): Policy => ({
  ...POLICY,
  operators: [
    ...POLICY.operators.filter((each) => each.name !== name),
    { name: 'emil', public_key: signatory(9).publicKey, recipient: '', role: 'senior' },
  ],
});

describe('an order', () => {
  test('of one who may give it alone is executed at once, and once however often it comes', async () => {
    const place = await openPlace();
    const order = place.order(raise(1_000));
    for (let count = 0; count < 3; count++) {
      const answer = await operate(place, order, 'anna');
      assert.deepEqual([answer.state, answer.missing], ['executed', []]);
    }
    await place.reopen();
    assert.equal((await operate(place, order, 'anna', 'clara')).state, 'executed');
    assert.equal(await treasuryOf(place), 2_000);
    assert.deepEqual(await eventsSince(place.store, 4), ['ordered']);
    await assertSound(place);
  });

  test('gathers its signatures over several messages, in any order', async () => {
    const orders: readonly (readonly Person[])[] = [
      ['anna', 'clara', 'dora'],
      ['dora', 'anna', 'clara'],
      ['clara', 'dora', 'anna'],
    ];
    for (const [index, people] of orders.entries()) {
      const place = await openPlace();
      const order = place.order({ type: 'change policy', policy: POLICY });
      const [first, second, third] = people as [Person, Person, Person];
      const one = await operate(place, order, first);
      assert.equal(one.state, 'waiting');
      assert.match(one.missing.join(), /^2 more of: day manager, senior/);
      assert.deepEqual(await operate(place, order, first), one, 'the same again says the same');
      if (index === 1) await place.reopen();
      const two = await operate(place, order, second);
      assert.deepEqual([two.state, two.signed_order.signatures.length], ['waiting', 2]);
      assert.deepEqual(await pending(place), [two.signed_order]);
      const three = await operate(place, order, third);
      assert.deepEqual([three.state, three.signed_order.signatures.length], ['executed', 3]);
      assert.deepEqual(await pending(place), []);
      await assertSound(place);
    }
  });

  test('loses no signature when all sign at the same moment', async () => {
    const place = await openPlace();
    const order = place.order({ type: 'change policy', policy: POLICY });
    await Promise.all(EVERYONE.map((name) => place.mint.answer(operateRequest(order, name))));
    assert.deepEqual(await eventsSince(place.store, 4), ['ordered']);
    assert.deepEqual(await pending(place), []);
  });

  test('takes effect once when it comes twice at the same moment', async () => {
    const place = await openPlace();
    const order = place.order(raise(10));
    const answers = await Promise.all([operate(place, order, 'anna'), operate(place, order, 'anna')]);
    for (const { state } of answers) assert.equal(state, 'executed');
    assert.equal(await treasuryOf(place), 1_010);
  });

  test('counts one operator’s signatures once', async () => {
    const place = await openPlace();
    const order = place.order(raise(5_000));
    const { signed_order: signed } = operateRequest(order, 'clara');
    const [signature] = signed.signatures;
    assert.ok(signature !== undefined);
    const twice = { ...signed, signatures: [signature, signature] };
    const answer = await place.ask(
      { message_reference: 9, signed_order: twice, type: 'request operate' },
      'response operate',
    );
    assert.deepEqual([answer.state, answer.signed_order.signatures.length], ['waiting', 1]);
    assert.equal((await operate(place, order, 'clara')).state, 'waiting');
    assert.equal((await operate(place, order, 'anna')).state, 'waiting', 'a manager is no senior');
    assert.equal((await operate(place, order, 'dora')).state, 'executed');
    assert.equal(await treasuryOf(place), 6_000);
    await assertSound(place);
  });

  test('is nobody’s who signed something else, nor a stranger’s, nor of another currency', async () => {
    const place = await openPlace();
    const order = place.order(raise(10));
    const request = operateRequest(order, 'anna');
    const changed = (changes: Partial<OperatorOrder>): RequestOperate => ({
      ...request,
      signed_order: { ...request.signed_order, order: { ...order, ...changes } },
    });
    const stranger = signedBy(order, [signatory(8)]);
    const impostor = {
      ...stranger,
      signatures: stranger.signatures.map((each) => ({ ...each, operator: OPERATORS.anna.publicKey })),
    };
    const cases: readonly (readonly [RequestOperate, RegExp])[] = [
      [changed({ action: raise(1_000) }), /^unauthorised: signatures/],
      [changed({ serial: 'ffff' }), /^unauthorised: signatures/],
      [changed({ expires: writeDate(place.now + 2 * DAY) }), /^unauthorised: signatures/],
      [{ ...request, signed_order: stranger }, /^unauthorised: signatures/],
      [{ ...request, signed_order: impostor }, /^unauthorised: signatures/],
      [{ ...request, signed_order: { ...stranger, signatures: [] } }, /^unauthorised: signatures/],
      [operateRequest({ ...order, issuer_id: 'a'.repeat(64) }, 'anna'), /^unknown/],
    ];
    for (const [each, expected] of cases) assert.match(await place.refused(each), expected);
    assert.equal(await treasuryOf(place), 1_000);
    assert.deepEqual(await pending(place), []);
  });

  test('leaves out signatures that do not verify, and is executed with those that do', async () => {
    const place = await openPlace();
    const order = place.order(raise(10));
    const good = operateRequest(order, 'anna').signed_order;
    const bad = signedBy({ ...order, serial: 'fe' }, [OPERATORS.clara]);
    const mixed = { ...good, signatures: [...bad.signatures, ...good.signatures] };
    const answer = await place.ask(
      { message_reference: 9, signed_order: mixed, type: 'request operate' },
      'response operate',
    );
    assert.deepEqual(answer.signed_order, good);
    await assertSound(place);
  });

  test('that has expired is not executed, whatever it had gathered', async () => {
    const place = await openPlace();
    const order = place.order(raise(5_000), { expires: writeDate(place.now + HOUR) });
    await operate(place, order, 'clara');
    place.now += HOUR;
    assert.equal((await pending(place)).length, 1);
    place.now += 1;
    assert.deepEqual(await pending(place), []);
    assert.match(await place.refused(operateRequest(order, 'dora')), /^expired/);
    assert.match(await place.refused(operateRequest(order, 'clara', 'dora')), /^expired/);
    assert.equal(await treasuryOf(place), 1_000);
  });

  test('once executed is never executed again, even when it has expired since', async () => {
    const place = await openPlace();
    const order = place.order(raise(10), { expires: writeDate(place.now + HOUR) });
    await operate(place, order, 'anna');
    place.now += 2 * HOUR;
    // Another order, so that the journal may forget those that have expired.
    await place.done(raise(1), 'anna');
    assert.match(await place.refused(operateRequest(order, 'anna')), /^expired/);
    assert.equal(await treasuryOf(place), 1_011);
  });

  test('does not come under the serial of another, waiting or executed', async () => {
    const place = await openPlace();
    const waiting = place.order(raise(5_000));
    await operate(place, waiting, 'clara');
    const other = place.order(raise(6_000), { serial: waiting.serial });
    assert.match(await place.refused(operateRequest(other, 'clara', 'dora')), /^reference reused/);
    await operate(place, waiting, 'dora');
    assert.match(await place.refused(operateRequest(other, 'clara', 'dora')), /^reference reused/);
    assert.equal(await treasuryOf(place), 6_000);
  });

  test('does not count the signature of one who is no operator any more', async () => {
    const place = await openPlace();
    const order = place.order(raise(5_000));
    await operate(place, order, 'clara');
    await place.done({ type: 'change policy', policy: without('clara') });
    assert.match(await place.refused(operateRequest(order, 'clara')), /^unauthorised/);
    const answer = await operate(place, order, 'dora');
    assert.deepEqual([answer.state, answer.signed_order.signatures.length], ['waiting', 1]);
    const emil = signedBy(order, [signatory(9)]);
    const last = await place.ask(
      { message_reference: 9, signed_order: emil, type: 'request operate' },
      'response operate',
    );
    assert.equal(last.state, 'executed');
    assert.equal(await treasuryOf(place), 6_000);
    await assertSound(place);
  });

  test('that meets a change of policy on its way stands in the journal without former operators', async () => {
    const place = await openPlace();
    const order = place.order(raise(5));
    const change = operateRequest(
      place.order({ type: 'change policy', policy: without('clara') }),
      ...EVERYONE,
    );
    const [changed, raised] = await Promise.all([
      place.mint.answer(change),
      place.mint.answer(operateRequest(order, 'anna', 'clara')),
    ]);
    for (const answer of [changed, raised]) assert.ok('state' in answer && answer.state === 'executed');
    await audited(place.store);
  });

  test('of too many that one operator began is not kept, until some of them have expired or are done', async () => {
    const place = await openPlace();
    const orders = Array.from({ length: LIMITS.pendingOrdersEach }, (_, index) =>
      place.order(raise(2_000 + index), { expires: writeDate(place.now + HOUR) }),
    );
    for (const order of orders) await operate(place, order, 'clara');
    const more = place.order(raise(9_000));
    assert.match(await place.refused(operateRequest(more, 'clara')), /^busy/);
    assert.equal((await operate(place, more, 'clara', 'dora')).state, 'executed', 'nothing has to wait');
    const [first, second] = orders;
    assert.ok(first !== undefined && second !== undefined);
    assert.equal(
      (await operate(place, second, 'clara')).state,
      'waiting',
      'one that waits already may be sent again',
    );
    const next = place.order(raise(9_001));
    assert.match(await place.refused(operateRequest(next, 'clara')), /^busy/);
    const others = place.order({ type: 'power on' });
    assert.equal((await operate(place, others, 'dora')).state, 'waiting', 'another’s places are free');
    await operate(place, first, 'dora');
    assert.equal((await operate(place, next, 'clara')).state, 'waiting');
    place.now += HOUR + 1;
    assert.equal((await operate(place, place.order(raise(9_002)), 'clara')).state, 'waiting');
    assert.equal((await pending(place)).length, 3);
  });

  test('of one who has left takes nobody’s place and is shown to nobody', async () => {
    const place = await openPlace();
    const expires = writeDate(place.now + LIMITS.orderDays * DAY);
    const alone = Array.from({ length: LIMITS.pendingOrdersEach }, (_, index) =>
      place.order(raise(5_000 + index), { expires }),
    );
    for (const order of alone) await operate(place, order, 'clara');
    const [shared] = alone;
    assert.ok(shared !== undefined);
    await operate(place, shared, 'anna');
    await place.done({ type: 'change policy', policy: without('clara') });
    const shown = (await pending(place)).map(({ order }) => order.serial);
    assert.deepEqual(shown, [shared.serial]);
    await operate(place, place.order(raise(6_000)), 'dora');
    assert.equal((await place.store.orders()).length, 2);
  });

  test('is not taken that would wait for longer than it may, or that is too large', async () => {
    const place = await openPlace();
    const farthest = place.now + LIMITS.orderDays * DAY;
    const late = place.order(raise(10), { expires: writeDate(farthest + 1) });
    assert.match(await place.refused(operateRequest(late, 'anna')), /^malformed: .*expires/);
    await operate(place, place.order(raise(10), { expires: writeDate(farthest) }), 'anna');
    const policyOf = (role: string): Policy => ({
      ...POLICY,
      rules: POLICY.rules.map((each) => ({
        ...each,
        roles: [...each.roles, ...Array<string>(30).fill(role)],
      })),
    });
    const large = place.order({ type: 'change policy', policy: policyOf('r'.repeat(200)) });
    assert.match(await place.refused(operateRequest(large, ...EVERYONE)), /^too large: .* bytes/);
    await place.done({ type: 'change policy', policy: policyOf('r'.repeat(50)) });
    assert.equal((await pending(place)).length, 0);
    await assertSound(place);
  });

  test('of the largest that wait makes an answer that can be read, oldest first', async () => {
    const place = await openPlace();
    const operators = Array.from({ length: 8 }, (_, index) => signatory(20 + index));
    const named = operators.map(({ publicKey }, index) => ({
      name: `operator ${index}`,
      public_key: publicKey,
      recipient: '',
      role: 'senior',
    }));
    const policy = { ...POLICY, operators: [...POLICY.operators, ...named] };
    await place.done({ type: 'change policy', policy });
    const serials: string[] = [];
    const rules = POLICY.rules.map((each) => ({ ...each, roles: Array<string>(20).fill('r'.repeat(180)) }));
    for (const operator of Array<typeof operators>(LIMITS.pendingOrdersEach).fill(operators).flat()) {
      const order = place.order({ type: 'change policy', policy: { ...policy, rules } });
      const signed_order = signedBy(order, [operator]);
      const answer = await place.mint.answer({ message_reference: 1, signed_order, type: 'request operate' });
      assert.ok('state' in answer && answer.state === 'waiting');
      serials.push(order.serial);
    }
    assert.equal(serials.length, LIMITS.pendingOrders);
    const answer = await place.ask(
      { message_reference: 1, type: 'request pending orders' },
      'response pending orders',
    );
    const shown = answer.orders.map(({ order }) => order.serial);
    assert.ok(shown.length > 10 && shown.length < serials.length, String(shown.length));
    assert.deepEqual(shown, serials.slice(0, shown.length));
    assert.ok(!(decodeResponse(encode(answer)) instanceof Refusal));
  });
});

describe('the policy’s limits', () => {
  test('hold for each order: what is more takes others', async () => {
    const place = await openPlace();
    const order = place.order(raise(1_001));
    const answer = await operate(place, order, 'anna');
    assert.equal(answer.state, 'waiting');
    assert.match(answer.missing.join(), /^2 more of: senior/);
    assert.equal((await operate(place, order, 'clara', 'dora')).state, 'executed');
    const most = place.order(raise(50_001));
    assert.match(
      await place.refused(operateRequest(most, 'anna', 'clara', 'dora')),
      /^unauthorised: .* by one order/,
    );
    assert.equal(await treasuryOf(place), 2_001);
  });

  test('hold for each day in UTC, over a restart too', async () => {
    const place = await openPlace();
    place.now += 23 * HOUR;
    for (let count = 0; count < 2; count++) await place.done(raise(1_000), 'anna');
    await place.reopen();
    const third = place.order(raise(1));
    const answer = await operate(place, third, 'anna');
    assert.equal(answer.state, 'waiting', 'the day’s sum is used up');
    place.now += HOUR;
    assert.equal((await operate(place, third, 'anna')).state, 'executed');
    for (let count = 0; count < 2; count++) await place.done(raise(50_000), 'clara', 'dora');
    const more = operateRequest(place.order(raise(2_000)), ...EVERYONE);
    assert.match(await place.refused(more), /^unauthorised: .* left for today/);
    await assertSound(place);
  });

  test('hold when orders come at the same moment', async () => {
    const place = await openPlace();
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => place.mint.answer(operateRequest(place.order(raise(1_000)), 'anna'))),
    );
    const executed = answers.filter((answer) => 'state' in answer && answer.state === 'executed');
    assert.equal(executed.length, 2);
    assert.equal(await treasuryOf(place), 3_000);
    await audited(place.store);
  });
});
