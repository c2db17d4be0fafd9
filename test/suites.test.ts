/** Every suite, from end to end: one issuer that sells a currency of each, and one box that is lost and comes back. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { audit } from '../src/apps/audit/audit.ts';
import { gather } from '../src/apps/audit/gather.ts';
import { openBox } from '../src/apps/box/box.ts';
import type { Box } from '../src/apps/box/box.ts';
import { openBoxFolder } from '../src/apps/box/folder.ts';
import { restoreCurrency } from '../src/apps/box/restore.ts';
import { wayTo } from '../src/apps/cli/audit/audit.ts';
import { demoPlace } from '../src/apps/cli/start/demo-currencies.ts';
import { promises } from '../src/apps/cli/wallet/words.ts';
import { amount } from '../src/base/amount.ts';
import { DAY } from '../src/base/dates.ts';
import { Refusal } from '../src/base/refusal.ts';
import { FOUNDING, NOW } from '../src/mint/mint.test-helper.ts';
import { POLICY, operateRequest, orderOf } from '../src/mint/operators.test-helper.ts';
import { bought, prepared, redeemRequest, renewRequest } from '../src/mint/place.test-helper.ts';
import type { Answer, Place } from '../src/mint/place.test-helper.ts';
import type { Counters } from '../src/mint/ports.ts';
import type { Coin } from '../src/protocol/documents.ts';
import { verifyEd25519 } from '../src/signers/ed25519.ts';
import { createVault, openVault } from '../src/signers/vault/vault.ts';
import type { Vault } from '../src/signers/vault/vault.ts';
import { makeAgeIdentity } from '../src/stores/mint/snapshot.ts';
import { SUITES } from '../src/suites/index.ts';
import { certain } from './support/certain.ts';
import { specie, startIssuer, until } from './support/processes.ts';
import type { IssuerProcess } from './support/processes.ts';
import { openTrader } from './support/trader.ts';
import type { Trader } from './support/trader.ts';

const [DEFAULT] = SUITES;
const top = mkdtempSync(join(tmpdir(), 'specie-suites-'));
after(() => {
  rmSync(top, { recursive: true });
});

describe('one issuer with a currency of every suite', () => {
  let issuer: IssuerProcess;
  before(async () => {
    issuer = await startIssuer({ suites: SUITES.map(({ name }) => name) });
  });
  after(() => issuer.stop());

  const urlOf = (suite: string) =>
    suite === DEFAULT?.name ? issuer.url : `${issuer.url}${demoPlace(suite).path}/`;

  for (const suite of SUITES) {
    describe(suite.name, () => {
      test('is bought, sent, received, redeemed, and found again by the phrase', async () => {
        const [anna, bert, heir] = [
          await openTrader(urlOf(suite.name)),
          await openTrader(urlOf(suite.name)),
          await openTrader(urlOf(suite.name)),
        ];
        const { currency } = anna;
        assert.equal(anna.wallet.currencies()[0]?.suite, suite.name);
        certain(await anna.wallet.buy(currency, amount(13), { payTest: true }));
        const { stack } = certain(await anna.wallet.send(currency, amount(6), 'for the cake'));
        certain(await bert.wallet.receive(stack));
        await settled(bert);
        const again = await bert.wallet.receive(stack);
        assert.ok(again instanceof Refusal || again.amount === 6, 'nobody has it twice');
        certain(await bert.wallet.redeem(currency, amount(4)));
        for (const each of [anna, bert]) await settled(each);
        const sums = [anna, bert].map(({ wallet }) => wallet.balance()[0]?.available);
        assert.deepEqual(sums, [7, 2]);
        certain(await heir.wallet.restore(anna.wallet.phrase(), [urlOf(suite.name)]));
        certain(await heir.wallet.clearDoubt(currency));
        assert.equal(heir.wallet.balance()[0]?.available, 7);
        const left = certain(await heir.wallet.send(currency, amount(7), ''));
        certain(await bert.wallet.receive(left.stack));
        await settled(bert);
        assert.equal(bert.wallet.balance()[0]?.available, 9);
        for (const { wallet } of [anna, bert, heir]) await wallet.close();
      });

      test('says on the command line what it promises, and passes an audit', async () => {
        const url = urlOf(suite.name);
        const added = await specie(['wallet', '--data', join(top, suite.name), 'add', url]);
        assert.equal(added.status, 0, added.stderr);
        const { wallet } = await openTrader(url);
        const said = wallet.currencies().flatMap(promises);
        await wallet.close();
        for (const line of said) assert.ok(added.stdout.includes(`  ${line}\n`), line);
        assert.ok(said.length >= 3 && added.stdout.includes(suite.promises.caution));
        const evidence = certain(await gather(certain(wayTo(url))));
        assert.equal(evidence.cddc.cdd.issuer_cipher_suite, suite.name);
        assert.deepEqual(certain(await audit(evidence, Date.now(), verifyEd25519)).faults, []);
      });
    });
  }

  test('passes an audit on the command line, in whichever suite', async () => {
    const [, , suite] = SUITES;
    assert.ok(suite !== undefined);
    const { status, stdout } = await specie(['audit', urlOf(suite.name)]);
    assert.equal(status, 0, stdout);
    assert.match(stdout, /coins of 1: issued [1-9][^]*No fault was found\.$/m);
  });
});

/** A first round that was over before its blinds came, on a slow machine, is begun anew: until nothing is underway. */
async function settled({ wallet }: Trader): Promise<void> {
  await until(async () => {
    await wallet.resumeAll();
    const isUnderway = wallet.history().some(({ state }) => state === 'pending');
    return !isUnderway && wallet.balance().every(({ reserved }) => reserved === 0);
  }, 'an operation does not end');
}

/** A currency in a box, as the test has it underway when the disk is lost. */
interface Lost {
  readonly id: string;
  /** Bought before the backup: spent after it, and never spent. */
  readonly spent: readonly Coin[];
  readonly kept: readonly Coin[];
  /** Bought after the backup. */
  readonly late: readonly Coin[];
  readonly counters: Counters;
  readonly backup: string;
}

describe('one box with a currency of every suite', () => {
  const places = { first: join(top, 'box'), again: join(top, 'again'), second: join(top, 'second') };
  const unlock = { keyFile: join(top, 'box.key') };
  let identity: string;
  let lost: Lost[];
  let box: Box;

  before(async () => {
    const made = await makeAgeIdentity();
    ({ identity } = made);
    const first = await open(places.first, certain(createVault(places.first, unlock)));
    lost = [];
    for (const { name } of SUITES) lost.push(await loseIn(first, name, made.recipient));
    await first.close();
    rmSync(places.first, { recursive: true });
  });
  after(() => box.close());

  function lostOf(index: number): Lost {
    const found = lost[index];
    assert.ok(found !== undefined);
    return found;
  }

  /** The box of a folder. Nothing of it reaches a network. */
  async function open(folder: string, vault: Vault): Promise<Box> {
    const opened = await openBox({
      folder: openBoxFolder(folder),
      vault,
      second: places.second,
      clock: () => NOW + DAY,
      report: () => undefined,
      bug: (error) => {
        throw error;
      },
      progress: () => undefined,
      carry: () => Promise.resolve(undefined),
    });
    return certain(opened);
  }

  /** Founds a currency, and has a backup made in the middle of its life. */
  async function loseIn(first: Box, suite: string, recipient: string): Promise<Lost> {
    const operators = POLICY.operators.map((each) => ({ ...each, recipient }));
    const at = `${FOUNDING.description.cdd_location}${suite.toLowerCase()}/`;
    const service = [[10, at]] as const;
    const description = {
      ...FOUNDING.description,
      cdd_location: at,
      currency_name: suite,
      info_service: service,
      invalidation_service: service,
      renewal_service: service,
      validation_service: service,
    };
    const founding = {
      ...FOUNDING,
      description,
      issuer_cipher_suite: suite,
      policy: { ...POLICY, operators },
    };
    const id = certain(await first.found(founding));
    const place = placeOf(first, id);
    const [spent, kept] = [await bought(place, 'a1', 4, 1), await bought(place, 'a2', 2, 1)];
    const order = orderOf(id, { type: 'backup' }, place.now);
    await place.ask(operateRequest(order, 'anna'), 'response operate');
    await place.ask(redeemRequest(spent), 'response redeem');
    const late = await bought(place, 'a3', 4);
    const backups = join(places.first, 'backups');
    const file = readdirSync(backups).find((each) => each.startsWith(id.slice(0, 12)));
    assert.ok(file !== undefined);
    const backup = join(top, `${suite}.age`);
    renameSync(join(backups, file), backup);
    return { id, spent, kept, late, counters: await place.store.counters(), backup };
  }

  test('is restored from the backup and the second place of each, whole', async () => {
    for (const { backup } of lost) {
      const restored = certain(
        await restoreCurrency({
          folder: places.again,
          backup,
          identities: [identity],
          unlock,
          second: places.second,
          clock: () => NOW + DAY,
        }),
      );
      assert.ok(restored.complete && restored.replayed > 0);
    }
    box = await open(places.again, certain(openVault(places.again, unlock)));
    assert.equal(box.currencies.size, SUITES.length);
  });

  for (const [index, { name }] of SUITES.entries()) {
    test(`has the counters of ${name} as they were, takes its coins, and spends none twice`, async () => {
      const { id, spent, kept, late, counters } = lostOf(index);
      const place = placeOf(box, id);
      const { head: _, ...now } = await place.store.counters();
      const { head: __, ...before } = counters;
      assert.deepEqual(now, before);
      const refused = await place.mint.answer(redeemRequest(spent.slice(0, 1)));
      assert.ok(refused instanceof Refusal && refused.name === 'already spent');
      const fresh = await prepared(place, { reference: 'b1', coins: { x: 2, y: 1 } });
      const renewed = await place.ask(renewRequest('b1', kept, fresh), 'response mint');
      const coins = fresh.map((each) => each.unblind(renewed));
      await place.ask(redeemRequest([...coins, ...late]), 'response redeem');
      assert.equal((await place.mint.counters()).float, 0);
    });
  }
});

/** What tests ask of a currency's place, in a box. */
type BoxPlace = Pick<Place, 'mint' | 'store' | 'now' | 'ask'>;

function placeOf(box: Box, id: string): Place {
  const currency = box.currencies.get(id);
  assert.ok(currency !== undefined);
  const { mint, store } = currency;
  const place: BoxPlace = {
    mint,
    store,
    now: NOW + DAY,
    ask: async (request, type) => {
      const answer = certain(await mint.answer(request));
      assert.equal(answer.type, type);
      return answer as Answer<typeof type>;
    },
  };
  return place as Place;
}
