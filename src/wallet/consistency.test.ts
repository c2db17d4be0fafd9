/** A mint that shows different keys to different people can trace their coins: whoever notices says so and stops. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { DAY, HOUR, writeDate } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { MintKeyCertificate } from '../protocol/documents.ts';
import { makeStatementKey } from './issuer-keys.test-helper.ts';
import { NOON, TestIssuer } from './issuer.test-helper.ts';
import { Place, bought, checkConserved, must } from './testing.test-helper.ts';

/** The certificates that the issuer puts into its answer, by what was asked. */
function showing(
  issuer: TestIssuer,
  shown: (keys: readonly MintKeyCertificate[], byId: boolean) => readonly MintKeyCertificate[],
): void {
  issuer.tamper = (answer, request) =>
    answer.type === 'response mint key certificates' && request.type === 'request mint key certificates'
      ? { ...answer, keys: [...shown(answer.keys, (request.mint_key_ids ?? []).length > 0)] }
      : undefined;
}

async function rich(): Promise<[TestIssuer, Place]> {
  const issuer = new TestIssuer({ denominations: [1, 2] });
  const alice = await Place.open(issuer, 'alice');
  await bought(alice, 9);
  return [issuer, alice];
}

/** What an issuer may do that contradicts what it showed before, and what a person reads about it. */
const CONTRADICTIONS: Readonly<Record<string, readonly [(issuer: TestIssuer) => void, RegExp]>> = {
  'no longer shows a key whose coins live': [
    (issuer) => {
      const [, hidden] = issuer.pairs.keys();
      showing(issuer, (keys) => keys.filter(({ mint_key }) => mint_key.id !== hidden));
    },
    /^mint key [0-9a-f]{8}… for coins of 0\.02 was shown before and is not shown any more/,
  ],
  'shows another key for the same time': [
    (issuer) => issuer.addKey(1, 20),
    /^mint key .* and another, [0-9a-f]{8}…, are made for the same time/,
  ],
  'shows another key in the place of a known one': [
    (issuer) => {
      const [id] = issuer.pairs.keys();
      issuer.addKey(1, 20);
      showing(issuer, (keys) => keys.filter(({ mint_key }) => mint_key.id !== id));
    },
    /are made for the same time/,
  ],
  'certifies a known key anew': [
    (issuer) => issuer.addKey(1, 1, { coins_expiry_date: writeDate(NOON + 150 * DAY) }),
    /^mint key .* has another certificate than before/,
  ],
  'makes more keys at once than it may': [
    (issuer) => {
      issuer.addKey(1, 20, {
        sign_coins_not_before: writeDate(NOON + DAY),
        sign_coins_not_after: writeDate(NOON + 90 * DAY),
      });
      issuer.addKey(1, 21, {
        sign_coins_not_before: writeDate(NOON + 2 * DAY),
        sign_coins_not_after: writeDate(NOON + 80 * DAY),
      });
    },
    /more than 2 make these coins at once/,
  ],
};

/** Everything that would reach the issuer, or give coins out. */
async function triesEverything(place: Place, issuer: TestIssuer, sent: number): Promise<void> {
  const { wallet } = place;
  const before = issuer.requests.length;
  const outcomes = [
    await wallet.add(issuer.url),
    await wallet.buy(issuer.id, amount(1), { payTest: true }),
    await wallet.send(issuer.id, amount(1), ''),
    await wallet.redeem(issuer.id, amount(1)),
    await wallet.takeback(sent),
    await wallet.receive(must(wallet.stackOf(sent))),
    await wallet.account(issuer.id),
    await wallet.payOut(issuer.id, amount(1), 'me'),
  ];
  for (const [index, outcome] of outcomes.entries()) {
    assert.ok(outcome instanceof Refusal && outcome.name === 'distrusted', `outcome ${index}`);
  }
  await wallet.resumeAll();
  await wallet.renewDue();
  assert.deepEqual(must(await wallet.checkSent()), []);
  assert.equal(issuer.requests.length, before, 'nothing is asked of this issuer');
}

describe('a known issuer that', () => {
  for (const [name, [contradict, words]] of Object.entries(CONTRADICTIONS)) {
    it(`${name} is stopped, keeps nobody’s coins, and goes on when a person accepts it`, async () => {
      const [issuer, alice] = await rich();
      const sent = must(await alice.wallet.send(issuer.id, amount(2), ''));
      await alice.wallet.close();
      await alice.reopen();
      const coins = await alice.coins();
      contradict(issuer);
      const outcome = await alice.wallet.add(issuer.url);
      assert.ok(outcome instanceof Refusal && outcome.name === 'distrusted');
      assert.match(outcome.details, words);
      assert.match(outcome.details, /Ask the issuer why, and ask others/);

      await alice.reopen();
      const [balance] = alice.wallet.balance();
      assert.equal(balance?.currency.stopped, outcome.details, 'the mark is durable');
      assert.equal(balance.available, 7);
      await triesEverything(alice, issuer, sent.entry.number);
      assert.deepEqual(await alice.coins(), coins, 'no coin is lost');

      const info = must(await alice.wallet.add(issuer.url, { acceptKeys: true }));
      assert.equal(info.stopped, '');
      must(await alice.wallet.add(issuer.url));
      must(await alice.wallet.takeback(sent.entry.number));
      must(await alice.wallet.redeem(issuer.id, amount(9)));
      assert.equal(issuer.float, 0);
      await checkConserved(issuer, [alice]);
    });
  }

  it('shows the same keys again after it was accepted may be used as before', async () => {
    const [issuer, alice] = await rich();
    const [hidden] = issuer.pairs.keys();
    showing(issuer, (keys) => keys.filter(({ mint_key }) => mint_key.id !== hidden));
    assert.ok((await alice.wallet.add(issuer.url)) instanceof Refusal);
    must(await alice.wallet.add(issuer.url, { acceptKeys: true }));
    issuer.tamper = () => undefined;
    must(await alice.wallet.add(issuer.url));
    await bought(alice, 3);
    assert.equal(alice.available, 12);
    showing(issuer, (keys) => keys.filter(({ mint_key }) => mint_key.id !== hidden));
    assert.ok((await alice.wallet.add(issuer.url)) instanceof Refusal, 'and is held to them as before');
  });

  it('shows a list with a bad signature in it is refused, and not stopped: anyone could have sent that', async () => {
    const [issuer, alice] = await rich();
    showing(issuer, (keys) => keys.map((each) => ({ ...each, signature: '1234' })));
    issuer.addKey(1, 20);
    const outcome = await alice.wallet.add(issuer.url);
    assert.ok(outcome instanceof Refusal && outcome.name === 'bad signature');
    assert.equal(alice.wallet.currencies()[0]?.stopped, '');
    issuer.pairs.delete([...issuer.pairs.keys()].at(-1)!);
    issuer.tamper = () => undefined;
    await bought(alice, 3);
  });

  it('leaves out keys whose coins have expired, or may have by its clock, is not stopped', async () => {
    const [issuer, alice] = await rich();
    issuer.now = NOON + 200 * DAY - HOUR / 2;
    showing(issuer, () => []);
    const outcome = await alice.wallet.add(issuer.url);
    assert.ok(!(outcome instanceof Refusal));
  });

  it('contradicts itself for whoever comes new is refused whole, and leaves nothing', async () => {
    const issuer = new TestIssuer({ denominations: [1, 2] });
    issuer.addKey(1, 20);
    const stranger = await Place.open(issuer, 'stranger');
    for (const acceptKeys of [false, true]) {
      const outcome = await stranger.wallet.add(issuer.url, { acceptKeys });
      assert.ok(outcome instanceof Refusal && outcome.name === 'distrusted');
      assert.deepEqual(stranger.wallet.currencies(), []);
    }
  });
});

describe('an honest issuer', () => {
  it('is not stopped by a restart, a coming key, a new description or a purse that was away for long', async () => {
    const [issuer, alice] = await rich();
    for (const denomination of [1, 2])
      issuer.addKey(denomination, 20 + denomination, {
        sign_coins_not_before: writeDate(NOON + 100 * DAY),
        sign_coins_not_after: writeDate(NOON + 190 * DAY),
        coins_expiry_date: writeDate(NOON + 300 * DAY),
      });
    issuer.cddc = issuer.describe({ ...issuer.cddc.cdd, cdd_serial: 2, currency_name: 'Renamed' });
    for (const day of [1, 101, 180, 250]) {
      issuer.now = NOON + day * DAY;
      must(await alice.wallet.add(issuer.url));
      for (const { refusal } of await alice.wallet.renewDue())
        assert.ok(refusal?.name !== 'distrusted', `day ${day}`);
    }
    assert.equal(alice.available, 9);
  });
});

describe('a statement key', () => {
  it('that is not the one known stops the currency, and can be accepted', async () => {
    const [issuer, alice] = await rich();
    issuer.revoke([...issuer.pairs.keys()][0]!, NOON + 20 * DAY);
    must(await alice.wallet.add(issuer.url));
    const first = issuer.statement;
    issuer.statement = makeStatementKey();
    issuer.revocations.length = 0;
    issuer.revoke([...issuer.pairs.keys()][0]!, NOON + 20 * DAY);
    const outcome = await alice.wallet.add(issuer.url);
    assert.ok(outcome instanceof Refusal && outcome.name === 'distrusted');
    assert.match(outcome.details, /signs statements and receipts with the key [0-9a-f]{8}… now/);
    assert.notEqual(alice.wallet.currencies()[0]?.stopped, '');
    must(await alice.wallet.add(issuer.url, { acceptKeys: true }));
    must(await alice.wallet.add(issuer.url));
    issuer.statement = first;
    issuer.revocations.length = 0;
    issuer.revoke([...issuer.pairs.keys()][0]!, NOON + 20 * DAY);
    assert.ok((await alice.wallet.add(issuer.url)) instanceof Refusal);
  });

  it('that nobody certified stops nothing', async () => {
    const [issuer, alice] = await rich();
    must(await alice.wallet.redeem(issuer.id, amount(1)));
    issuer.statement = makeStatementKey();
    issuer.revoke([...issuer.pairs.keys()][0]!, NOON + 20 * DAY);
    const certificate = issuer.statementKey();
    issuer.statementKey = () => ({ ...certificate, signature: '1234' });
    const outcome = await alice.wallet.add(issuer.url);
    assert.ok(outcome instanceof Refusal && outcome.name === 'bad signature');
    assert.equal(alice.wallet.currencies()[0]?.stopped, '');
  });
});

describe('a coin from another person', () => {
  /** Alice has coins under keys that the mint shows to her alone. */
  async function traced(): Promise<[TestIssuer, Place, Place]> {
    const [issuer, alice] = await rich();
    const bob = await Place.open(issuer, 'bob');
    const own = new Set(issuer.pairs.keys());
    issuer.addKey(1, 20);
    issuer.addKey(2, 21);
    showing(issuer, (keys, byId) => (byId ? keys : keys.filter(({ mint_key }) => !own.has(mint_key.id))));
    must(await bob.wallet.add(issuer.url));
    return [issuer, alice, bob];
  }

  it('under a key that the mint hides from everybody else is the proof', async () => {
    const [issuer, alice, bob] = await traced();
    await bought(bob, 3);
    const { stack } = must(await alice.wallet.send(issuer.id, amount(2), ''));
    const outcome = await bob.wallet.receive(stack);
    assert.ok(outcome instanceof Refusal && outcome.name === 'distrusted');
    assert.match(outcome.details, /are made for the same time|shown only to those who ask/);
    assert.equal(bob.wallet.currencies()[0]?.stopped, outcome.details);
    assert.equal(bob.available, 3);
    await checkConserved(issuer, [alice, bob]);
  });

  it('under a key for another time that the mint hides is the proof too, and may be taken when accepted', async () => {
    const [issuer, alice] = await rich();
    const bob = await Place.open(issuer, 'bob');
    const later = {
      sign_coins_not_before: writeDate(NOON + 100 * DAY),
      sign_coins_not_after: writeDate(NOON + 190 * DAY),
    };
    issuer.addKey(1, 20, later);
    issuer.addKey(2, 21, later);
    const hidden = new Set([...issuer.pairs.keys()].slice(2));
    issuer.now = NOON + 101 * DAY;
    await bought(alice, 3);
    showing(issuer, (keys, byId) => (byId ? keys : keys.filter(({ mint_key }) => !hidden.has(mint_key.id))));
    must(await bob.wallet.add(issuer.url));
    const coins = (await alice.coins()).filter(({ payload }) => hidden.has(payload.mint_key_id));
    const stack = { coins, subject: '', type: 'coinstack' as const };
    const outcome = await bob.wallet.receive(stack);
    assert.ok(outcome instanceof Refusal && outcome.name === 'distrusted');
    assert.match(outcome.details, /shown only to those who ask for it by its number/);
    must(await bob.wallet.add(issuer.url, { acceptKeys: true }));
    assert.equal(must(await bob.wallet.receive(stack)).state, 'done');
  });

  it('under a key that the mint never admits to is refused alone: anyone can make up such a coin', async () => {
    const [issuer, alice] = await rich();
    const bob = await Place.open(issuer, 'bob');
    await bought(bob, 3);
    const { stack } = must(await alice.wallet.send(issuer.id, amount(2), ''));
    const coins = stack.coins.map((coin) => ({
      ...coin,
      payload: { ...coin.payload, mint_key_id: '0'.repeat(64) },
    }));
    const outcome = await bob.wallet.receive({ ...stack, coins });
    assert.ok(outcome instanceof Refusal && outcome.name === 'distrusted');
    assert.match(outcome.details, /mint key, 00000000…, that the mint shows to nobody/);
    assert.equal(bob.wallet.currencies()[0]?.stopped, '', 'a stranger’s stack stops nobody’s money');
    assert.equal(must(await bob.wallet.receive(stack)).state, 'done');
  });

  it('is first looked for in the whole list, so that an honest mint does not learn whose coin it is', async () => {
    const [issuer, alice] = await rich();
    const bob = await Place.open(issuer, 'bob');
    must(await bob.wallet.add(issuer.url));
    for (const denomination of [1, 2])
      issuer.addKey(denomination, 20 + denomination, {
        sign_coins_not_before: writeDate(NOON + 90 * DAY),
        sign_coins_not_after: writeDate(NOON + 190 * DAY),
      });
    issuer.now = NOON + 101 * DAY;
    await bought(alice, 3);
    const fresh = (await alice.coins()).slice(-2);
    must(await bob.wallet.receive({ coins: fresh, subject: '', type: 'coinstack' }));
    const named = issuer.requests.filter(
      (each) => each.type === 'request mint key certificates' && each.mint_key_ids !== undefined,
    );
    assert.deepEqual(named, []);
  });
});
