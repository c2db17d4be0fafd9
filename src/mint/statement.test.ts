import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canonicalBytes } from '../base/canonical.ts';
import { MINUTE, writeDate } from '../base/dates.ts';
import type { SignedStatement } from '../protocol/attestations.ts';
import { verifyEd25519 } from '../signers/ed25519.ts';
import { operateRequest } from './operators.test-helper.ts';
import { bought, boughtOne, openPlace, redeemRequest } from './place.test-helper.ts';
import type { Place } from './place.test-helper.ts';
import type { MintStore } from './ports.ts';

async function floatOf(place: Place): Promise<SignedStatement> {
  const answer = await place.ask({ message_reference: 3, type: 'request float' }, 'response float');
  assert.equal(answer.message_reference, 3);
  assert.deepEqual(answer.statement_key, place.mint.charter.statementKey);
  const { statement, signature } = answer.signed_statement;
  const { public_key: key } = answer.statement_key.statement_key;
  assert.ok(verifyEd25519(key, canonicalBytes(statement), signature));
  assert.equal(statement.treasury + statement.float, statement.authorised);
  const float = statement.denominations.reduce((sum, each) => sum + each.issued - each.redeemed, 0);
  assert.equal(statement.float, float);
  return answer.signed_statement;
}

describe('the signed float', () => {
  test('says what the books say', async () => {
    const place = await openPlace();
    const [four] = await bought(place, 'a1', 4, 2, 2);
    assert.ok(four !== undefined);
    await place.ask(redeemRequest([four]), 'response redeem');
    await place.done({ type: 'raise treasury', amount: 50 });
    const { head, sequence } = await place.store.counters();
    const { statement } = await floatOf(place);
    assert.deepEqual(statement, {
      authorised: 1_050,
      denominations: [
        { denomination: 1, issued: 0, redeemed: 0 },
        { denomination: 2, issued: 4, redeemed: 0 },
        { denomination: 4, issued: 4, redeemed: 4 },
      ],
      float: 4,
      issuer_id: place.currency.issuerId,
      journal: { ...head, type: 'journal head' },
      power: 'on',
      sequence,
      time: writeDate(place.now),
      treasury: 1_046,
      type: 'statement',
    });
  });

  test('is not made anew for each payment: two statements a moment apart tell nobody’s amount', async () => {
    const place = await openPlace();
    const before = await floatOf(place);
    await boughtOne(place, 'a1', 4);
    place.now += 900;
    assert.deepEqual(await floatOf(place), before);
    place.now += MINUTE;
    const after = await floatOf(place);
    assert.equal(after.statement.float, 4);
    assert.equal(after.statement.time, writeDate(place.now));
    assert.ok(after.statement.sequence > before.statement.sequence);
  });

  test('is made anew at once when the journal has moved on', async () => {
    const place = await openPlace();
    const before = await floatOf(place);
    await place.done({ type: 'power off' });
    const { statement } = await floatOf(place);
    assert.equal(statement.power, 'off');
    assert.notEqual(statement.journal.hash, before.statement.journal.hash);
    assert.deepEqual(statement.journal, { ...place.mint.charter.head, type: 'journal head' });
  });

  test('never says the power of one moment with the journal of another', async () => {
    // Counters that were read while an order was being recorded.
    let reads: (() => Promise<unknown>) | undefined;
    const meanwhile = (store: MintStore): MintStore => ({
      ...store,
      record: async (step) => {
        const outcome = await store.record(step);
        const read = reads;
        reads = undefined;
        await read?.();
        return outcome;
      },
    });
    const place = await openPlace({}, meanwhile);
    const asked: Promise<SignedStatement>[] = [];
    reads = async () => {
      asked.push(floatOf(place));
      // Long enough for the books to be read, which are ahead of the charter now.
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    };
    const order = place.order({ type: 'power off' });
    await place.ask(operateRequest(order, 'anna'), 'response operate');
    assert.equal(asked.length, 1);
    for (const { statement } of await Promise.all(asked)) {
      assert.equal(statement.power, 'off');
      assert.equal(statement.journal.entries, place.mint.charter.head.entries);
    }
  });
});
