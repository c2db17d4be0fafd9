import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { DAY, writeDate } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { PROTOCOL_VERSION } from '../protocol/documents.ts';
import type { CoinStack, Payload } from '../protocol/documents.ts';
import { payloadBytes } from '../protocol/ids.ts';
import { suiteNamed } from '../suites/index.ts';
import { secretsOf } from '../suites/keys.test-helper.ts';
import { verifyEd25519 } from '../signers/ed25519.ts';
import { openMemoryWalletStore } from '../stores/wallet/memory.ts';
import { NOON, TestIssuer } from './issuer.test-helper.ts';
import { Place, bought, checkConserved, must, seeded } from './testing.test-helper.ts';
import { openWallet } from './wallet.ts';

function refusal(value: unknown): Refusal {
  assert.ok(value instanceof Refusal, 'this is refused');
  return value;
}

/** Alice with money, Bob who knows the currency. */
async function couple(value = 100, issuer = new TestIssuer()): Promise<[TestIssuer, Place, Place]> {
  const alice = await Place.open(issuer, 'alice');
  const bob = await Place.open(issuer, 'bob');
  await bought(alice, value);
  must(await bob.wallet.add(issuer.url));
  return [issuer, alice, bob];
}

/** Waits for what runs behind a send. */
async function settled(place: Place): Promise<void> {
  await place.wallet.close();
  await place.reopen();
}

describe('a wallet', () => {
  for (const suite of ['RSA-SHA384-PSS-RFC9474', 'RSA-SHA512-CHAUM86']) {
    it(`buys, sends, receives and redeems with ${suite}`, async () => {
      const [issuer, alice, bob] = await couple(100, new TestIssuer({ suite }));
      const { stack, entry } = must(await alice.wallet.send(issuer.id, amount(37), 'for the cake'));
      assert.deepEqual([entry.state, entry.amount, entry.subject], ['sent', 37, 'for the cake']);
      const inspection = must(bob.wallet.inspect(stack));
      assert.deepEqual([inspection.amount, inspection.currency?.name], [37, 'Testmark']);
      const received = must(await bob.wallet.receive(stack));
      assert.deepEqual([received.amount, received.subject], [37, 'for the cake']);
      assert.deepEqual([alice.available, bob.available], [63, 37]);
      assert.equal(must(await bob.wallet.redeem(issuer.id, amount(30))).state, 'done');
      await settled(bob);
      assert.equal(bob.available, 7);
      assert.equal(issuer.float, 70);
      await checkConserved(issuer, [alice, bob]);
    });
  }

  it('can always pay any amount that it has', async () => {
    const [issuer, alice, bob] = await couple(31);
    for (let value = 1; alice.available >= value; value++) {
      const { stack } = must(await alice.wallet.send(issuer.id, amount(value), ''));
      await settled(alice);
      must(await bob.wallet.receive(stack));
      await checkConserved(issuer, [alice, bob]);
    }
    assert.ok(issuer.requests.filter(({ type }) => type === 'request renew').length < 15);
  });

  it('sends without the issuer, and tidies when it is back', async () => {
    const [issuer, alice, bob] = await couple(21);
    issuer.tamper = () => new Uint8Array();
    const first = must(await alice.wallet.send(issuer.id, amount(13), ''));
    await settled(alice);
    issuer.tamper = () => undefined;
    await alice.wallet.resumeAll();
    assert.deepEqual([alice.available, alice.reserved], [8, 0]);
    for (const value of [1, 3, 4]) must(await alice.wallet.send(issuer.id, amount(value), ''));
    must(await bob.wallet.receive(first.stack));
    await checkConserved(issuer, [alice, bob]);
  });

  it('keeps an unpaid order, says how to pay it, and mints once it is paid', async () => {
    const issuer = new TestIssuer();
    const alice = await Place.open(issuer, 'alice');
    must(await alice.wallet.add(issuer.url));
    const entry = must(await alice.wallet.buy(issuer.id, amount(10)));
    assert.deepEqual([entry.state, entry.instructions], ['pending', 'Pay.']);
    await alice.reopen();
    assert.equal((await alice.wallet.resumeAll())[0]?.entry.state, 'pending');
    issuer.pay([...issuer.orders.keys()][0]!);
    // The mint forgot the waiting request: it is sent again, the same.
    const [before] = issuer.requests.filter(({ type }) => type === 'request mint');
    issuer.intents.clear();
    assert.equal((await alice.wallet.resumeAll())[0]?.entry.state, 'done');
    const [, after] = issuer.requests.filter(({ type }) => type === 'request mint');
    assert.deepEqual({ ...after, message_reference: 0 }, { ...before, message_reference: 0 });
    assert.equal(alice.available, 10);
    assert.deepEqual(await alice.wallet.resumeAll(), []);
  });

  it('drops an order that was not paid in time, and keeps one that the treasury cannot cover yet', async () => {
    const issuer = new TestIssuer();
    const alice = await Place.open(issuer, 'alice');
    must(await alice.wallet.add(issuer.url));
    must(await alice.wallet.buy(issuer.id, amount(10)));
    issuer.treasury = 5;
    const exhausted = refusal(await alice.wallet.buy(issuer.id, amount(6), { payTest: true }));
    assert.equal(exhausted.name, 'treasury exhausted');
    issuer.now += 8 * DAY;
    const states = (await alice.wallet.resumeAll()).map(({ entry }) => entry.state);
    assert.deepEqual(states, ['refused', 'pending']);
    assert.match(alice.wallet.history()[0]?.reason ?? '', /not paid in time/);
    issuer.treasury = 100;
    await alice.wallet.resumeAll();
    assert.equal(alice.available, 6);
  });

  it('refuses what it does not have, and amounts that are none', async () => {
    const [issuer, alice, bob] = await couple(10);
    assert.equal(refusal(await alice.wallet.send(issuer.id, amount(11), '')).name, 'not enough');
    assert.equal(refusal(await alice.wallet.redeem(issuer.id, amount(11))).name, 'not enough');
    assert.equal(refusal(await bob.wallet.send(issuer.id, amount(1), '')).name, 'not enough');
    assert.equal(refusal(await alice.wallet.send(issuer.id, amount(0), '')).name, 'malformed');
    assert.equal(refusal(await alice.wallet.buy(issuer.id, amount(0))).name, 'malformed');
    assert.equal(refusal(await alice.wallet.send('0'.repeat(64), amount(1), '')).name, 'unknown');
    assert.equal(refusal(await alice.wallet.buy('0'.repeat(64), amount(1))).name, 'unknown');
    const long = 'a'.repeat(LIMITS.subject + 1);
    assert.equal(refusal(await alice.wallet.send(issuer.id, amount(1), long)).name, 'too large');
    assert.equal(refusal(await alice.wallet.buy(issuer.id, amount(1_000_000))).name, 'too large');
    assert.equal(
      refusal(await alice.wallet.buy(issuer.id, amount(Number.MAX_SAFE_INTEGER))).name,
      'too large',
    );
    assert.equal(alice.available, 10);
  });

  it('hides blinds behind references that say nothing, in an order that says nothing', async () => {
    const [issuer] = await couple(100);
    const mints = issuer.requests.filter((request) => request.type === 'request mint');
    const { blinds, transaction_reference } = mints[0]!;
    assert.ok(blinds.every(({ reference }) => /^[0-9a-f]{32}$/.test(reference)));
    assert.ok(!JSON.stringify(blinds).includes(transaction_reference));
    const denominations = blinds.map(
      (each) => issuer.pairs.get(each.mint_key_id)!.certificate.mint_key.denomination,
    );
    assert.notDeepEqual(
      denominations,
      denominations.toSorted((left, right) => left - right),
    );
  });

  it('is one purse over several currencies', async () => {
    const first = new TestIssuer();
    const second = new TestIssuer({ location: 'http://other.test/', firstKey: 10, denominations: [1, 2] });
    let isFirstAway = false;
    let askedWhileAway = 0;
    const wallet = await openWallet({
      store: openMemoryWalletStore(),
      messenger: {
        exchange: async (url, message) => {
          if (!url.startsWith(first.url)) return second.messenger().exchange(url, message);
          if (!isFirstAway) return first.messenger().exchange(url, message);
          askedWhileAway++;
          return refuse('unreachable', 'the first is away');
        },
        describe: (url) => (url === first.url ? first : second).messenger().describe(url),
      },
      clock: () => NOON,
      randomness: seeded('both'),
      verifyEd25519,
    });
    must(await wallet.add(first.url));
    must(await wallet.add(second.url));
    must(await wallet.buy(first.id, amount(9), { payTest: true }));
    must(await wallet.buy(second.id, amount(5), { payTest: true }));
    assert.deepEqual(
      wallet.balance().map(({ available }) => available),
      [9, 5],
    );
    const one = must(await wallet.send(first.id, amount(3), ''));
    const other = must(await wallet.send(second.id, amount(3), ''));
    const mixed: CoinStack = { ...one.stack, coins: [...one.stack.coins, ...other.stack.coins] };
    assert.equal(refusal(wallet.inspect(mixed)).name, 'not possible');
    const carol = await Place.open(first, 'carol');
    must(await carol.wallet.add(first.url));
    assert.match(refusal(await carol.wallet.receive(mixed)).details, /another currency/);
    const taker = await Place.open(second, 'taker');
    must(await taker.wallet.add(second.url));
    must(await taker.wallet.receive(other.stack));
    for (let count = 0; count < 3; count++) must(await wallet.buy(first.id, amount(1), { rail: 'manual' }));
    isFirstAway = true;
    const resumed = await wallet.resumePending(() => true);
    assert.equal(resumed.length, 1, 'who is away is asked for one operation, not for each');
    const asked = askedWhileAway;
    assert.deepEqual(await wallet.resumePending((currency) => currency !== first.id), []);
    assert.equal(askedWhileAway, asked);
    assert.equal(refusal(await wallet.checkSent()).name, 'unreachable');
    const { state } = wallet.history().find(({ number }) => number === other.entry.number)!;
    assert.equal(state, 'taken', 'one issuer that is away hides nothing of the others');
    await wallet.close();
  });
});

describe('receiving', () => {
  it('says which address to add when the currency is not known', async () => {
    const [issuer, alice] = await couple();
    const carol = await Place.open(issuer, 'carol');
    const { stack } = must(await alice.wallet.send(issuer.id, amount(5), ''));
    assert.match(refusal(await carol.wallet.receive(stack)).details, /add http:\/\/mint\.test\//);
    assert.equal(must(carol.wallet.inspect(stack)).currency, undefined);
  });

  it('refuses what was taken before, by oneself or by another', async () => {
    const [issuer, alice, bob] = await couple();
    const { stack } = must(await alice.wallet.send(issuer.id, amount(5), ''));
    must(await bob.wallet.receive(stack));
    assert.match(
      refusal(await bob.wallet.receive(stack)).details,
      /taken these coins before, as operation 1/,
    );
    const part = { ...stack, coins: stack.coins.slice(0, 1) };
    assert.equal(refusal(await bob.wallet.receive(part)).name, 'already spent');
    const carol = await Place.open(issuer, 'carol');
    must(await carol.wallet.add(issuer.url));
    assert.equal(refusal(await carol.wallet.receive(stack)).name, 'already spent');
    assert.match(carol.wallet.history()[0]?.reason ?? '', /had taken these coins before/);
    assert.equal(carol.available, 0);
    await checkConserved(issuer, [alice, bob, carol]);
  });

  it('refuses a stack with anything wrong in it, before anything is sent', async () => {
    const [issuer, alice, bob] = await couple();
    const { stack } = must(await alice.wallet.send(issuer.id, amount(5), ''));
    const [first, ...rest] = stack.coins;
    const { payload } = first!;
    const wrong = [
      { ...first!, signature: rest[0]!.signature },
      { ...first!, signature: 'f'.repeat(600) },
      { ...first!, payload: { ...payload, denomination: 16 } },
      { ...first!, payload: { ...payload, serial: '1' } },
      { ...first!, payload: { ...payload, protocol_version: 'https://other.example/2.0' } },
      { ...first!, payload: { ...payload, cdd_location: 'http://elsewhere.test/' } },
      { ...first!, payload: { ...payload, mint_key_id: '0'.repeat(64) } },
      rest[0]!,
    ];
    const before = issuer.requests.length;
    for (const coin of wrong) refusal(await bob.wallet.receive({ ...stack, coins: [coin, ...rest] }));
    refusal(await bob.wallet.receive({ ...stack, coins: [] }));
    assert.ok(issuer.requests.slice(before).every(({ type }) => type === 'request mint key certificates'));
    assert.deepEqual(bob.wallet.history(), []);
    must(await bob.wallet.receive(stack));
  });

  it('refuses coins that lie about their denomination under a good signature', async () => {
    const [issuer, , bob] = await couple();
    const suite = must(suiteNamed(issuer.cddc.cdd.issuer_cipher_suite));
    const { certificate, key } = [...issuer.pairs.values()][0]!;
    // The mint signs blindly: who blinds decides what the payload says.
    const payload: Payload = {
      cdd_location: issuer.url,
      denomination: 16,
      issuer_id: issuer.id,
      mint_key_id: certificate.mint_key.id,
      protocol_version: PROTOCOL_VERSION,
      serial: '1234',
      type: 'payload',
    };
    const bytes = payloadBytes(payload);
    const blind = suite.prepare(key.public, bytes, secretsOf('liar'));
    const signature = must(suite.unblind(key.public, bytes, key.native.sign(blind), secretsOf('liar')));
    assert.ok(suite.verify(key.public, bytes, signature));
    const stack: CoinStack = {
      coins: [{ payload, signature, type: 'coin' }],
      subject: '',
      type: 'coinstack',
    };
    assert.match(refusal(await bob.wallet.receive(stack)).details, /makes coins of 0\.01$/);
  });

  it('refuses coins that have expired', async () => {
    const [issuer, alice, bob] = await couple();
    const { stack } = must(await alice.wallet.send(issuer.id, amount(5), ''));
    await settled(alice);
    issuer.now = NOON + 201 * DAY;
    const before = issuer.requests.length;
    assert.equal(refusal(await bob.wallet.receive(stack)).name, 'expired');
    assert.equal(issuer.requests.length, before);
  });

  it('does not take coins that the purse has in use', async () => {
    const [issuer, alice, bob] = await couple(20);
    const twin = await Place.open(issuer, 'twin');
    must(await twin.wallet.restore(alice.wallet.phrase(), [issuer.url]));
    twin.plant({ at: 'exchange', call: 0, when: 'before' });
    refusal(await twin.wallet.redeem(issuer.id, amount(20)));
    const { stack } = must(await alice.wallet.send(issuer.id, amount(20), ''));
    assert.match(refusal(await twin.wallet.receive(stack)).details, /uses these coins/);
    twin.plant(undefined);
    must(await bob.wallet.receive(stack));
    // The redemption comes too late, and none of its coins stays.
    await twin.wallet.resumeAll();
    assert.deepEqual([twin.available, twin.reserved], [0, 0]);
  });

  it('takes coins that are in the purse themselves out of it', async () => {
    const [issuer, alice] = await couple(20);
    const twin = await Place.open(issuer, 'twin');
    must(await twin.wallet.restore(alice.wallet.phrase(), [issuer.url]));
    const { stack } = must(await alice.wallet.send(issuer.id, amount(20), ''));
    must(await twin.wallet.receive(stack));
    assert.equal(twin.available, 20);
    await checkConserved(issuer, [twin]);
  });

  it('loses by a restore what another with the same phrase has spent', async () => {
    const [issuer, alice, bob] = await couple(20);
    const old = await Place.open(issuer, 'an old copy');
    must(await old.wallet.restore(alice.wallet.phrase(), [issuer.url]));
    must(await bob.wallet.receive(must(await alice.wallet.send(issuer.id, amount(13), '')).stack));
    assert.equal(old.available, 20);
    must(await old.wallet.restore(old.wallet.phrase(), [issuer.url]));
    assert.equal(old.available, alice.available);
    await checkConserved(issuer, [old, bob]);
  });

  it('takes back its own stack that nobody took', async () => {
    const [issuer, alice] = await couple();
    const { stack, entry } = must(await alice.wallet.send(issuer.id, amount(5), ''));
    assert.equal(must(await alice.wallet.receive(stack)).kind, 'takeback');
    assert.equal(alice.available, 100);
    const kinds = alice.wallet.history().map(({ kind, state }) => `${kind} ${state}`);
    assert.deepEqual(kinds, ['buy done', 'send taken back', 'takeback done']);
    assert.match(refusal(await alice.wallet.receive(stack)).details, /taken these coins before/);
    assert.match(refusal(alice.wallet.stackOf(entry.number)).details, /taken back/);
    await checkConserved(issuer, [alice]);
  });

  it('does not free numbers that a restore would miss, however many bad stacks come', async () => {
    const [issuer, alice, bob] = await couple();
    const { stack } = must(await alice.wallet.send(issuer.id, amount(1), ''));
    const spender = await Place.open(issuer, 'spender');
    must(await spender.wallet.add(issuer.url));
    must(await spender.wallet.receive(stack));
    for (let each = 0; each < 3 * LIMITS.restoreGap; each++) refusal(await bob.wallet.receive(stack));
    await bought(bob, 9);
    const restored = await Place.open(issuer, 'restored');
    const [found] = must(await restored.wallet.restore(bob.wallet.phrase(), [issuer.url]));
    assert.equal(found?.amount, 9);
  });
});

describe('what was sent', () => {
  it('is known to be taken once it is asked for', async () => {
    const [issuer, alice, bob] = await couple();
    const taken = must(await alice.wallet.send(issuer.id, amount(5), 'one'));
    const open = must(await alice.wallet.send(issuer.id, amount(6), 'two'));
    must(await bob.wallet.receive(taken.stack));
    assert.deepEqual(
      must(await alice.wallet.checkSent()).map(({ number, state }) => [number, state]),
      [[taken.entry.number, 'taken']],
    );
    assert.deepEqual(must(await alice.wallet.checkSent()), []);
    assert.deepEqual(must(alice.wallet.stackOf(open.entry.number)), open.stack);
    assert.equal(refusal(await alice.wallet.takeback(taken.entry.number)).name, 'already spent');
    assert.equal(refusal(await alice.wallet.takeback(1)).name, 'unknown');
    assert.equal(refusal(await alice.wallet.takeback(99)).name, 'unknown');
  });

  it('comes back as far as nobody took it', async () => {
    const [issuer, alice, bob] = await couple();
    const { stack, entry } = must(await alice.wallet.send(issuer.id, amount(13), ''));
    const [coin] = stack.coins;
    must(await bob.wallet.receive({ ...stack, coins: [coin!] }));
    assert.deepEqual(must(await alice.wallet.checkSent()), []);
    const back = must(await alice.wallet.takeback(entry.number));
    assert.equal(back.amount, 13 - coin!.payload.denomination);
    await checkConserved(issuer, [alice, bob]);
  });
});

describe('restoring', () => {
  it('finds everything from the phrase alone', async () => {
    const [issuer, alice, bob] = await couple(50);
    for (const value of [3, 9, 14]) {
      const { stack } = must(await alice.wallet.send(issuer.id, amount(value), ''));
      must(await bob.wallet.receive(stack));
    }
    must(await bob.wallet.redeem(issuer.id, amount(5)));
    await settled(alice);
    await settled(bob);
    for (const place of [alice, bob]) {
      const found = await Place.open(issuer, 'restored');
      const seen: number[] = [];
      const [restored] = must(
        await found.wallet.restore(place.wallet.phrase().toUpperCase(), [issuer.url], (_, asked) =>
          seen.push(asked),
        ),
      );
      assert.equal(restored?.amount, place.available);
      assert.equal(found.available, place.available);
      assert.equal(found.wallet.phrase(), place.wallet.phrase());
      assert.deepEqual(seen.slice(0, 3), [1, 2, 3]);
      // It goes on where the lost wallet was, and a second restore brings nothing twice.
      const value = found.available;
      const [nothing] = must(await found.wallet.restore(place.wallet.phrase(), [issuer.url]));
      assert.equal(nothing?.amount, 0);
      assert.equal(found.available, value);
      const before = issuer.requests.length;
      await bought(found, 7);
      assert.equal(found.available, value + 7);
      const orders = issuer.requests.slice(before).filter(({ type }) => type === 'request order');
      assert.equal(orders.length, 1, 'the first number that is tried is fresh');
    }
  });

  it('takes up what was ordered but not minted', async () => {
    const issuer = new TestIssuer();
    const lost = await Place.open(issuer, 'lost');
    must(await lost.wallet.add(issuer.url));
    must(await lost.wallet.buy(issuer.id, amount(6)));
    must(await lost.wallet.buy(issuer.id, amount(7)));
    must(await lost.wallet.buy(issuer.id, amount(8)));
    const [waits, dropped, unknownToBank] = [...issuer.orders.keys()];
    issuer.pay(dropped!);
    issuer.intents.delete(dropped!);
    issuer.orders.delete(unknownToBank!);
    const found = await Place.open(issuer, 'found');
    const [restored] = must(await found.wallet.restore(lost.wallet.phrase(), [issuer.url]));
    assert.deepEqual([restored?.amount, restored?.pending], [0, 3]);
    const states = (await found.wallet.resumeAll()).map(({ entry }) => [entry.state, entry.amount]);
    assert.deepEqual(states, [
      ['pending', 6],
      ['done', 7],
      ['pending', 0],
    ]);
    issuer.pay(waits!);
    await found.wallet.resumeAll();
    assert.equal(found.available, 13);
    const [again] = must(await found.wallet.restore(lost.wallet.phrase(), [issuer.url]));
    assert.deepEqual([again?.amount, again?.pending], [0, 0]);
  });

  it('refuses a phrase that is none, and a wallet that is in use', async () => {
    const [issuer, alice, bob] = await couple();
    assert.equal(refusal(await alice.wallet.restore('twelve words', [issuer.url])).name, 'malformed');
    const words = bob.wallet.phrase();
    assert.match(refusal(await alice.wallet.restore(words, [issuer.url])).details, /in use/);
    assert.notEqual(alice.wallet.phrase(), words);
    assert.equal(alice.available, 100);
  });

  it('leaves what this wallet is at alone', async () => {
    const [issuer, alice, bob] = await couple(20);
    const { stack } = must(await alice.wallet.send(issuer.id, amount(5), ''));
    await settled(alice);
    // Bob's renewal is done at the mint, and its answer lost: restoring must not bring its coins twice.
    bob.plant({ at: 'exchange', call: 0, when: 'after' });
    refusal(await bob.wallet.receive(stack));
    bob.plant(undefined);
    must(await bob.wallet.restore(bob.wallet.phrase(), [issuer.url]));
    assert.equal(bob.available, 0);
    await bob.wallet.resumeAll();
    assert.equal(bob.available, 5);
    // Alice's open stack is not hers while it is out.
    const { number } = must(await alice.wallet.send(issuer.id, amount(4), '')).entry;
    await settled(alice);
    must(await alice.wallet.restore(alice.wallet.phrase(), [issuer.url]));
    assert.equal(alice.available, 11);
    must(await alice.wallet.takeback(number));
    await checkConserved(issuer, [alice, bob]);
  });

  it('a wallet with the phrase of another passes over the numbers that the other used', async () => {
    const [issuer, alice, bob] = await couple(20);
    const twin = await Place.open(issuer, 'twin');
    must(await twin.wallet.restore(alice.wallet.phrase(), [issuer.url]));
    // The same order, so that the bank sees no difference; the mint does.
    await bought(alice, 30);
    await bought(twin, 30);
    await bought(bob, 40);
    for (const place of [alice, twin, alice]) {
      const { stack } = must(await bob.wallet.send(issuer.id, amount(7), ''));
      await settled(bob);
      must(await place.wallet.receive(stack));
    }
    assert.deepEqual([alice.available, twin.available], [20 + 30 + 14, 20 + 30 + 7]);
    const found = await Place.open(issuer, 'found');
    must(await found.wallet.restore(alice.wallet.phrase(), [issuer.url]));
    assert.equal(found.available, 20 + 60 + 21);
  });

  it('drops coins that another wallet with the phrase has spent, once it hears of it', async () => {
    const [issuer, alice, bob] = await couple(20);
    const twin = await Place.open(issuer, 'twin');
    must(await twin.wallet.restore(alice.wallet.phrase(), [issuer.url]));
    const { stack } = must(await alice.wallet.send(issuer.id, amount(20), ''));
    must(await bob.wallet.receive(stack));
    must(await twin.wallet.send(issuer.id, amount(3), ''));
    await settled(twin);
    assert.ok(twin.available < 17, 'tidying has found some');
    for (let tries = 0; twin.available > 0 && tries < 3; tries++) {
      assert.equal(
        refusal(await twin.wallet.redeem(issuer.id, amount(twin.available))).name,
        'already spent',
      );
    }
    assert.deepEqual([twin.available, twin.reserved], [0, 0]);
  });

  it('two wallets with one phrase do not get into each other’s way', async () => {
    const [issuer, alice] = await couple(20);
    const twin = await Place.open(issuer, 'twin');
    must(await twin.wallet.restore(alice.wallet.phrase(), [issuer.url]));
    for (const value of [3, 4, 5]) {
      await bought(alice, value);
      await bought(twin, value + 10);
    }
    // Both hold the first 20; each has its own of the others.
    assert.deepEqual([alice.available, twin.available], [32, 62]);
    const { stack } = must(await alice.wallet.send(issuer.id, amount(20), ''));
    const bob = await Place.open(issuer, 'bob');
    must(await bob.wallet.add(issuer.url));
    must(await bob.wallet.receive(stack));
    // What the other spent is found out, and the payment made with the rest.
    let sent = await twin.wallet.redeem(issuer.id, amount(42));
    for (let tries = 0; sent instanceof Refusal && tries < 3; tries++) {
      sent = await twin.wallet.redeem(issuer.id, amount(42));
    }
    assert.equal(must(sent).state, 'done');
  });
});

describe('time', () => {
  it('renews coins before they expire, with the keys that have come', async () => {
    const [issuer, alice] = await couple(20);
    [1, 2, 4, 8, 16].forEach((denomination, index) =>
      issuer.addKey(denomination, 20 + index, {
        coins_expiry_date: writeDate(NOON + 400 * DAY),
        sign_coins_not_after: writeDate(NOON + 190 * DAY),
        sign_coins_not_before: writeDate(NOON + 90 * DAY),
      }),
    );
    issuer.now = NOON + 160 * DAY;
    await alice.wallet.resumeAll();
    issuer.now = NOON + 300 * DAY;
    const [balance] = alice.wallet.balance();
    assert.deepEqual([balance?.available, balance?.expired], [20, 0]);
    await checkConserved(issuer, [alice]);
  });

  it('does not count coins that have expired', async () => {
    const [issuer, alice] = await couple(20);
    issuer.now = NOON + 201 * DAY;
    const [balance] = alice.wallet.balance();
    assert.deepEqual([balance?.available, balance?.expired], [0, 20]);
    assert.equal(refusal(await alice.wallet.send(issuer.id, amount(1), '')).name, 'not enough');
  });

  it('plans a purchase anew when its mint keys no longer sign', async () => {
    const issuer = new TestIssuer({ denominations: [1, 2] });
    const alice = await Place.open(issuer, 'alice');
    must(await alice.wallet.add(issuer.url));
    alice.plant({ at: 'exchange', call: 1, when: 'before' });
    refusal(await alice.wallet.buy(issuer.id, amount(5)));
    alice.plant(undefined);
    issuer.pay([...issuer.orders.keys()][0]!);
    for (const [index, denomination] of [1, 2].entries()) {
      issuer.addKey(denomination, 20 + index, {
        sign_coins_not_after: writeDate(NOON + 190 * DAY),
        sign_coins_not_before: writeDate(NOON + 90 * DAY),
      });
    }
    issuer.now = NOON + 120 * DAY;
    await alice.wallet.resumeAll();
    assert.equal(alice.available, 5);
  });
});
