/** Mint keys come and go: a wallet uses the one that signs, renews in time, and gives up revoked ones at once. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { DAY, HOUR, writeDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import { makeStatementKey } from './issuer-keys.test-helper.ts';
import { NOON, TestIssuer } from './issuer.test-helper.ts';
import { Place, bought, checkConserved, must } from './testing.test-helper.ts';

const SIGNS = 30 * DAY;
const LIVE = 90 * DAY;
const AHEAD = 10 * DAY;

/** An issuer whose keys sign for 30 days one after the other, and are published ten days ahead. */
class Scheduled extends TestIssuer {
  #windows = 0;

  constructor() {
    super({ denominations: [1, 2] });
    this.pairs.clear();
    this.at(NOON);
  }

  at(now: Instant): void {
    this.now = now;
    for (; NOON + this.#windows * SIGNS - AHEAD <= now; this.#windows++) {
      const start = NOON + this.#windows * SIGNS;
      for (const denomination of [1, 2])
        this.addKey(denomination, 2 * this.#windows + denomination, {
          sign_coins_not_before: writeDate(start),
          sign_coins_not_after: writeDate(start + SIGNS),
          coins_expiry_date: writeDate(start + LIVE),
        });
    }
  }

  /** The mint keys of the blinds in the last request that had any. */
  lastWindows(): ReadonlySet<string> {
    const request = this.requests.findLast((each) => 'blinds' in each);
    assert.ok(request !== undefined && 'blinds' in request);
    return new Set(
      request.blinds.map(
        ({ mint_key_id }) => this.pairs.get(mint_key_id)!.certificate.mint_key.sign_coins_not_before,
      ),
    );
  }
}

function keyOf(issuer: TestIssuer, denomination: number): string {
  const pairs = [...issuer.pairs.values()].map(({ certificate }) => certificate.mint_key);
  return pairs.findLast((each) => each.denomination === denomination)!.id;
}

/** Ends both keys of an issuer now, with new ones in their place until the old end, and the next ones published. */
function revokeBoth(issuer: TestIssuer, firstKey: number): readonly string[] {
  const old = [1, 2].map((denomination) => keyOf(issuer, denomination));
  for (const id of old) issuer.revoke(id, issuer.now + 20 * DAY);
  for (const denomination of [1, 2]) {
    issuer.addKey(denomination, firstKey + denomination, { sign_coins_not_before: writeDate(issuer.now) });
    issuer.addKey(denomination, firstKey + 2 + denomination, {
      sign_coins_not_before: writeDate(NOON + 100 * DAY),
      sign_coins_not_after: writeDate(NOON + 190 * DAY),
    });
  }
  return old;
}

describe('a schedule of mint keys', () => {
  it('is followed over many windows, and no coin of a purse that is opened now and then ever expires', async () => {
    const issuer = new Scheduled();
    const alice = await Place.open(issuer, 'alice');
    const bob = await Place.open(issuer, 'bob');
    await bought(alice, 20);
    must(await bob.wallet.add(issuer.url));
    for (let day = 0; day <= 150; day += 10) {
      issuer.at(NOON + day * DAY);
      for (const { refusal } of await alice.wallet.renewDue()) assert.equal(refusal, undefined);
      await bob.wallet.resumeAll();
      const { stack } = must(await alice.wallet.send(issuer.id, amount(1), ''));
      must(await bob.wallet.receive(stack));
      const start = NOON + Math.floor((day * DAY) / SIGNS) * SIGNS;
      assert.deepEqual([...issuer.lastWindows()], [writeDate(start)], `day ${day}`);
      for (const { wallet } of [alice, bob]) {
        const [{ expired, stopped } = { expired: -1, stopped: '' }] = wallet
          .balance()
          .map((each) => ({ expired: each.expired, stopped: each.currency.stopped }));
        assert.deepEqual([expired, stopped], [0, ''], `day ${day}`);
      }
      await checkConserved(issuer, [alice, bob]);
    }
    assert.deepEqual([alice.available, bob.available], [4, 16]);
  });

  it('has two keys that sign at a boundary, of which all wallets take the later', async () => {
    const issuer = new Scheduled();
    const alice = await Place.open(issuer, 'alice');
    await bought(alice, 3);
    issuer.at(NOON + SIGNS - AHEAD);
    must(await alice.wallet.add(issuer.url));
    for (const [when, window] of [
      [NOON + SIGNS - 1, NOON],
      [NOON + SIGNS, NOON + SIGNS],
      [NOON + SIGNS + 1, NOON + SIGNS],
    ] as const) {
      issuer.now = when;
      await bought(alice, 3);
      assert.deepEqual([...issuer.lastWindows()], [writeDate(window)]);
    }
  });
});

describe('coins that will expire', () => {
  it('are renewed when half the time from the end of signing is over, and not before', async () => {
    const issuer = new Scheduled();
    const alice = await Place.open(issuer, 'alice');
    await bought(alice, 5);
    const half = NOON + (SIGNS + LIVE) / 2;
    issuer.at(half - 1);
    assert.deepEqual(
      (await alice.wallet.renewDue()).map((each) => each.amount),
      [0],
    );
    issuer.at(half);
    assert.deepEqual(
      (await alice.wallet.renewDue()).map((each) => each.amount),
      [5],
    );
    assert.deepEqual(
      (await alice.wallet.renewDue()).map((each) => each.amount),
      [0],
    );
    issuer.at(NOON + LIVE + DAY);
    assert.equal(alice.available, 5);
  });

  it('of a mint that makes no others are left as they are', async () => {
    const issuer = new TestIssuer({ denominations: [1, 2] });
    const alice = await Place.open(issuer, 'alice');
    await bought(alice, 5);
    issuer.now = NOON + 99 * DAY;
    const before = issuer.requests.filter(({ type }) => type === 'request renew').length;
    await alice.wallet.renewDue();
    assert.equal(issuer.requests.filter(({ type }) => type === 'request renew').length, before);
    assert.equal(alice.available, 5);
  });

  it('are worth nothing once they have, and leave the balance', async () => {
    const issuer = new Scheduled();
    const alice = await Place.open(issuer, 'alice');
    await bought(alice, 5);
    issuer.at(NOON + LIVE + 1);
    await alice.wallet.resumeAll();
    const [balance] = alice.wallet.balance();
    assert.deepEqual([balance?.available, balance?.expired, balance?.coins], [0, 5, 0]);
    const outcome = await alice.wallet.send(issuer.id, amount(1), '');
    assert.ok(outcome instanceof Refusal && outcome.details === 'the purse holds 0.00 of the 0.01 Testmark');
  });

  it('are neither lost nor doubled, wherever their renewal is cut short', async () => {
    for (const at of ['commit', 'exchange'] as const) {
      for (const when of ['before', 'after'] as const) {
        for (let call = 0; call < 3; call++) {
          const issuer = new Scheduled();
          const alice = await Place.open(issuer, 'alice');
          await bought(alice, 5);
          issuer.at(NOON + LIVE - DAY);
          alice.plant({ at, call, when });
          await alice.attempt((wallet) => wallet.renewDue());
          alice.plant(undefined);
          await alice.wallet.resumeAll();
          await checkConserved(issuer, [alice]);
          issuer.at(NOON + LIVE + 1);
          assert.equal(alice.available, 5, `${at} ${when} ${call}`);
        }
      }
    }
  });
});

describe('a revoked mint key', () => {
  it('makes no more coins, and those it made are renewed at once', async () => {
    const issuer = new TestIssuer({ denominations: [1, 2] });
    const alice = await Place.open(issuer, 'alice');
    await bought(alice, 9);
    issuer.now += DAY;
    const old = revokeBoth(issuer, 2);
    await alice.wallet.resumeAll();
    const held = (await alice.coins()).map(({ payload }) => payload.mint_key_id);
    assert.ok(held.length > 0 && held.every((id) => !old.includes(id)));
    assert.equal(alice.available, 9);
    await bought(alice, 4);
    const kept = (await alice.store.load())?.currencies[0];
    assert.deepEqual(kept?.revocations, issuer.revocations);
    assert.equal(kept.stopped, undefined);
    await checkConserved(issuer, [alice]);
  });

  it('is no reason to distrust a mint that one meets for the first time', async () => {
    const issuer = new TestIssuer({ denominations: [1, 2] });
    issuer.now += DAY;
    revokeBoth(issuer, 2);
    const stranger = await Place.open(issuer, 'stranger');
    await bought(stranger, 9);
    assert.equal(stranger.available, 9);
  });

  it('is learnt of within an hour, and the mint is not asked more often than that', async () => {
    const issuer = new TestIssuer({ denominations: [1, 2] });
    const alice = await Place.open(issuer, 'alice');
    await bought(alice, 9);
    const asked = () => issuer.requests.filter(({ type }) => type === 'request mint key certificates').length;
    const before = asked();
    issuer.now += HOUR - 1;
    await alice.wallet.renewDue();
    assert.equal(asked(), before);
    issuer.now += 1;
    await alice.wallet.renewDue();
    await alice.wallet.renewDue();
    assert.equal(asked(), before + 1);
  });

  it('whose end a wallet has not heard of is found out by the first refusal', async () => {
    const issuer = new TestIssuer({ denominations: [1, 2] });
    const alice = await Place.open(issuer, 'alice');
    const bob = await Place.open(issuer, 'bob');
    await bought(alice, 9);
    must(await bob.wallet.add(issuer.url));
    const { stack } = must(await alice.wallet.send(issuer.id, amount(4), ''));
    await alice.wallet.close();
    await alice.reopen();
    issuer.now += HOUR / 2;
    revokeBoth(issuer, 2);
    const before = issuer.requests.length;
    assert.equal(must(await bob.wallet.receive(stack)).state, 'done');
    assert.equal(
      must(await alice.wallet.buy(issuer.id, amount(3), { payTest: true })).state,
      'done',
      'a purchase that is paid is not lost',
    );
    const lists = issuer.requests
      .slice(before)
      .filter(({ type }) => type === 'request mint key certificates');
    assert.equal(lists.length, 2, 'each wallet asks once');
    await checkConserved(issuer, [alice, bob]);
  });

  it('that a mint only pretends to have ends with a refusal, and the coins are available again', async () => {
    const issuer = new TestIssuer({ denominations: [1, 2] });
    const alice = await Place.open(issuer, 'alice');
    const bob = await Place.open(issuer, 'bob');
    await bought(alice, 9);
    must(await bob.wallet.add(issuer.url));
    const { stack } = must(await alice.wallet.send(issuer.id, amount(4), ''));
    for (const id of issuer.pairs.keys()) issuer.revoke(id, NOON + 20 * DAY);
    issuer.tamper = (answer) =>
      answer.type === 'response mint key certificates' ? { ...answer, revocations: [] } : undefined;
    const outcome = await bob.wallet.receive(stack);
    assert.ok(outcome instanceof Refusal && outcome.name === 'expired');
    assert.ok(issuer.requests.length < 20);
    await checkConserved(issuer, [alice, bob]);
  });

  it('is not believed without the signature of a statement key that the master key certifies', async () => {
    const forgeries: ((issuer: TestIssuer) => void)[] = [
      (issuer) => (issuer.revocations[0] = { ...issuer.revocations[0]!, signature: '0'.repeat(128) }),
      (issuer) => (issuer.signDocument = () => '1234'),
      (issuer) => {
        issuer.tamper = (answer) => {
          if (answer.type !== 'response mint key certificates') return undefined;
          const { statement_key: _, ...rest } = answer;
          return rest;
        };
      },
      (issuer) => {
        const other = makeStatementKey();
        const certificate = issuer.statementKey();
        issuer.statement = other;
        issuer.statementKey = () => certificate;
        issuer.revocations.length = 0;
        issuer.revoke([...issuer.pairs.keys()][0]!, NOON + DAY);
      },
    ];
    for (const [index, forge] of forgeries.entries()) {
      const issuer = new TestIssuer({ denominations: [1, 2] });
      const alice = await Place.open(issuer, 'alice');
      await bought(alice, 9);
      const { cddc } = issuer;
      issuer.now += HOUR;
      revokeBoth(issuer, 2);
      forge(issuer);
      assert.deepEqual(issuer.cddc, cddc);
      const [renewed] = await alice.wallet.renewDue();
      assert.equal(renewed?.refusal?.name, 'bad signature', `forgery ${index}`);
      const kept = (await alice.store.load())?.currencies[0];
      assert.deepEqual([kept?.revocations, kept?.stopped], [undefined, undefined]);
      assert.equal(alice.available, 9);
    }
  });

  it('and what took its place are no contradiction to who was away until nobody speaks of it any more', async () => {
    const issuer = new TestIssuer({ denominations: [1, 2] });
    const alice = await Place.open(issuer, 'alice');
    await bought(alice, 9);
    issuer.now += DAY;
    const [old] = issuer.pairs.keys();
    issuer.revoke(old!, issuer.now + 20 * DAY);
    issuer.addKey(1, 20, {
      sign_coins_not_before: writeDate(issuer.now),
      coins_expiry_date: writeDate(NOON + 300 * DAY),
    });
    issuer.now = NOON + 201 * DAY;
    issuer.pairs.delete(old!);
    issuer.revocations.length = 0;
    must(await alice.wallet.add(issuer.url));
    assert.equal(alice.wallet.currencies()[0]?.stopped, '');
  });

  it('takes its coins with it when the time for them is over', async () => {
    const issuer = new TestIssuer({ denominations: [1, 2] });
    const alice = await Place.open(issuer, 'alice');
    await bought(alice, 9);
    issuer.now += DAY;
    revokeBoth(issuer, 2);
    issuer.now += 21 * DAY;
    await alice.wallet.resumeAll();
    const [balance] = alice.wallet.balance();
    assert.deepEqual([balance?.available, balance?.expired], [0, 9]);
    // The mint's list names neither the key nor its revocation any more: who was away asks, and distrusts nobody.
    assert.equal(balance?.currency.stopped, '');
  });
});
