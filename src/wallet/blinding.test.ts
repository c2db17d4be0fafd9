/** Whether the mint can trace a coin: what the wallet blinds, what it leaves unblinded, and whose signature it takes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { Refusal } from '../base/refusal.ts';
import { payloadBytes } from '../protocol/ids.ts';
import { SUITES } from '../suites/index.ts';
import { wagner } from '../suites/wagner.ts';
import { TestIssuer } from './issuer.test-helper.ts';
import { Place, bought, checkConserved, must } from './testing.test-helper.ts';

function refusal(value: unknown): Refusal {
  assert.ok(value instanceof Refusal, 'this is refused');
  return value;
}

/** For each coin of a purse whether the mint saw its signature when it made it. */
async function traced(issuer: TestIssuer, place: Place): Promise<readonly boolean[]> {
  const blinds = issuer.requests.flatMap((request) => ('blinds' in request ? request.blinds : []));
  const answers = new Set(
    blinds.map(({ blinded_payload_hash: blind, mint_key_id }) =>
      issuer.pairs.get(mint_key_id)!.key.native.sign(blind),
    ),
  );
  return (await place.coins()).map(({ signature }) => answers.has(signature));
}

for (const { name, promises } of SUITES.filter(({ blinding }) => blinding === 'optional')) {
  describe(`leaving the blinding off with ${name}`, () => {
    it('is the wallet’s choice alone, which it says, keeps and takes back', async () => {
      const issuer = await TestIssuer.of(name, { denominations: [1, 2] });
      const alice = await Place.open(issuer, 'alice');
      const blinded = must(await alice.wallet.add(issuer.url));
      assert.deepEqual([blinded.blinded, blinded.promises.untraceable], [true, promises.untraceable]);
      const info = must(await alice.wallet.add(issuer.url, { unblinded: true }));
      assert.deepEqual([info.blinded, info.promises.untraceable], [false, false]);
      await bought(alice, 3);
      assert.deepEqual(await traced(issuer, alice), [true, true]);
      // Whatever refreshes the currency leaves it so.
      must(await alice.wallet.add(issuer.url));
      await alice.reopen();
      assert.equal(alice.wallet.currencies()[0]?.blinded, false);
      must(await alice.wallet.add(issuer.url, { unblinded: false }));
      await bought(alice, 3);
      assert.deepEqual((await traced(issuer, alice)).toSorted(), [false, false, true, true]);
      // A wallet that knows nothing of the choice finds both.
      const found = await Place.open(issuer, 'found');
      must(await found.wallet.restore(alice.wallet.phrase(), [issuer.url]));
      assert.equal(found.available, 6);
      await checkConserved(issuer, [found]);
    });

    it('holds for a request that was begun, so that it is the same when it is sent again', async () => {
      const issuer = await TestIssuer.of(name, { denominations: [1, 2] });
      const alice = await Place.open(issuer, 'alice');
      must(await alice.wallet.add(issuer.url, { unblinded: true }));
      must(await alice.wallet.buy(issuer.id, amount(3)));
      must(await alice.wallet.add(issuer.url, { unblinded: false }));
      issuer.intents.clear();
      issuer.pay([...issuer.orders.keys()][0]!);
      await alice.wallet.resumeAll();
      const [first, second] = issuer.requests.filter(({ type }) => type === 'request mint');
      assert.deepEqual({ ...first, message_reference: 0 }, { ...second, message_reference: 0 });
      assert.equal(alice.available, 3);
    });
  });
}

for (const { name, blinding } of SUITES.filter((suite) => suite.blinding !== 'optional')) {
  describe(`blinding with ${name}`, () => {
    it('is no choice of the wallet’s', async () => {
      const issuer = await TestIssuer.of(name, { denominations: [1] });
      const alice = await Place.open(issuer, 'alice');
      for (const unblinded of [true, false])
        assert.match(
          refusal(await alice.wallet.add(issuer.url, { unblinded })).details,
          /(always|never) blinds/,
        );
      assert.deepEqual(alice.wallet.currencies(), []);
      assert.equal(must(await alice.wallet.add(issuer.url)).blinded, blinding === 'always');
    });
  });
}

describe(`a mint of ${wagner.name} that signs with another key than it shows`, () => {
  const dishonest = async (): Promise<[TestIssuer, () => void]> => {
    const issuer = await TestIssuer.of(wagner.name, { denominations: [1, 2] });
    const [one, two] = [...issuer.pairs.values()];
    const [shown, other] = [one!.key, two!.key];
    issuer.pairs.set(one!.certificate.mint_key.id, { ...one!, key: { ...shown, native: other.native } });
    const repent = () => void issuer.pairs.set(one!.certificate.mint_key.id, one!);
    return [issuer, repent];
  };

  it('is refused, and its coins come once it signs rightly', async () => {
    const [issuer, repent] = await dishonest();
    const alice = await Place.open(issuer, 'alice');
    must(await alice.wallet.add(issuer.url));
    const said = refusal(await alice.wallet.buy(issuer.id, amount(1), { payTest: true }));
    assert.equal(said.name, 'bad signature');
    assert.equal(alice.available, 0);
    repent();
    await alice.wallet.resumeAll();
    assert.equal(alice.available, 1);
  });

  it('deceives no next holder either, and is told no more than the point', async () => {
    const issuer = await TestIssuer.of(wagner.name, { denominations: [1, 2] });
    const [alice, bob] = [await Place.open(issuer, 'alice'), await Place.open(issuer, 'bob')];
    await bought(alice, 3);
    must(await bob.wallet.add(issuer.url));
    const { stack } = must(await alice.wallet.send(issuer.id, amount(3), ''));
    // A coin as another key would have made it, under the rest of the right one.
    const forged = stack.coins.map(({ payload, signature }, index) => {
      const other = stack.coins[(index + 1) % stack.coins.length]!.signature;
      const point = wagner.show(other);
      return { payload, signature: `${point}${signature.slice(point.length)}`, type: 'coin' as const };
    });
    assert.equal(refusal(await bob.wallet.receive({ ...stack, coins: forged })).name, 'bad signature');
    const bare = stack.coins.map((coin) => ({ ...coin, signature: wagner.show(coin.signature) }));
    assert.equal(refusal(await bob.wallet.receive({ ...stack, coins: bare })).name, 'bad signature');
    must(await bob.wallet.receive(stack));
    must(await bob.wallet.redeem(issuer.id, amount(3)));
    const told = JSON.stringify(issuer.requests);
    for (const { payload, signature } of stack.coins) {
      const point = wagner.show(signature);
      assert.ok(
        wagner.verify(
          wagner.readKey(issuer.pairs.get(payload.mint_key_id)!.key.document) as never,
          payloadBytes(payload),
          signature,
        ),
      );
      assert.ok(told.includes(`"${point}"`), 'the point is shown, and nothing behind it');
      const rest = signature.slice(point.length);
      for (let at = 0; at < rest.length; at += 64) assert.ok(!told.includes(rest.slice(at, at + 64)));
    }
  });
});
