import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { DAY, writeDate } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { refusalAnswer } from '../protocol/answers.ts';
import type { Cdd, MintKeyCertificate } from '../protocol/documents.ts';
import { keyId } from '../protocol/ids.ts';
import { makeKey } from '../suites/keys.test-helper.ts';
import { testKey } from './issuer-keys.test-helper.ts';
import { NOON, TestIssuer } from './issuer.test-helper.ts';
import { Place, bought, must } from './testing.test-helper.ts';

async function refusalOf(issuer: TestIssuer): Promise<Refusal> {
  const place = await Place.open(issuer, 'stranger');
  const outcome = await place.wallet.add(issuer.url);
  assert.ok(outcome instanceof Refusal, 'this currency is refused');
  assert.deepEqual(place.wallet.currencies(), []);
  return outcome;
}

async function refusalFor(fields: Partial<Cdd>): Promise<Refusal> {
  const issuer = new TestIssuer({ denominations: [1, 2] });
  issuer.cddc = issuer.describe({ ...issuer.cddc.cdd, ...fields });
  return refusalOf(issuer);
}

/** A certificate changed after it was signed, or signed again. */
function replaceKey(
  issuer: TestIssuer,
  change: (certificate: MintKeyCertificate) => MintKeyCertificate,
): void {
  const [id, pair] = [...issuer.pairs][0]!;
  issuer.pairs.set(id, { ...pair, certificate: change(pair.certificate) });
}

describe('a currency', () => {
  it('is known by what its description says', async () => {
    const issuer = new TestIssuer();
    const place = await Place.open(issuer, 'stranger');
    const info = must(await place.wallet.add(issuer.url));
    assert.deepEqual(
      [info.id, info.name, info.divisor, info.location],
      [issuer.id, 'Testmark', 100, issuer.url],
    );
    assert.equal(info.promises.untraceable, true);
    must(await place.wallet.add(issuer.url));
    assert.equal(place.wallet.currencies().length, 1);
  });

  it('is refused where its description breaks a rule', async () => {
    assert.equal((await refusalFor({ denominations: [2] })).name, 'distrusted');
    assert.equal((await refusalFor({ protocol_version: 'https://opencoin.org/2.0' })).name, 'distrusted');
    assert.equal((await refusalFor({ id: '0'.repeat(64) })).name, 'distrusted');
    assert.equal((await refusalFor({ issuer_cipher_suite: 'ROT13' })).name, 'unknown');
    assert.equal((await refusalFor({ cdd_expiry_date: writeDate(NOON - 1) })).name, 'expired');
    assert.match((await refusalFor({ cdd_signing_date: writeDate(NOON + DAY) })).details, /clock/);
  });

  it('is refused where its signature or its key is bad', async () => {
    const issuer = new TestIssuer();
    issuer.cddc = { ...issuer.cddc, cdd: { ...issuer.cddc.cdd, currency_name: 'Forged' } };
    assert.equal((await refusalOf(issuer)).name, 'bad signature');
    const unreadable = { type: 'rsa public key', modulus: '7', public_exponent: 3 };
    const other = await refusalFor({ issuer_public_master_key: unreadable, id: keyId(unreadable) });
    assert.ok(other.code >= 400);
    const weak = await refusalOf(new TestIssuer({ master: makeKey(1024) }));
    assert.match(weak.details, /master_key: The key has 1024 bits/);
  });

  it('is refused where there is none, or at no address', async () => {
    const issuer = new TestIssuer();
    const place = await Place.open(issuer, 'stranger');
    const named = async (url: string) => {
      const outcome = await place.wallet.add(url);
      return outcome instanceof Refusal ? outcome.name : 'no refusal';
    };
    assert.equal(await named('http://nobody.test/'), 'unreachable');
    assert.equal(await named('file:///etc/passwd'), 'malformed');
    assert.equal(await named('http://'), 'malformed');
    issuer.cddc = [...issuer.pairs.values()][0]!.certificate as never;
    Object.defineProperty(issuer, 'url', { value: 'http://mint.test/' });
    assert.equal(await named('http://mint.test/'), 'unknown');
    // As a front says whose mint is away: it is asked again later.
    issuer.cddc = refusalAnswer(0, refuse('busy', 'the mint does not answer now')) as never;
    assert.equal(await named('http://mint.test/'), 'busy');
  });
});

describe('mint keys', () => {
  it('are refused where anything is wrong with one', async () => {
    const weak = makeKey(1024);
    const later = inWindow(110, 190);
    const changes: ((issuer: TestIssuer) => void)[] = [
      (issuer) => replaceKey(issuer, (each) => ({ ...each, signature: '1234' })),
      (issuer) =>
        replaceKey(issuer, (each) => ({ ...each, mint_key: { ...each.mint_key, denomination: 2 } })),
      (issuer) => issuer.addKey(1, 20, { ...later, issuer_id: '0'.repeat(64) }),
      (issuer) => issuer.addKey(1, 20, { ...later, id: '0'.repeat(64) }),
      (issuer) => issuer.addKey(64, 20, later),
      (issuer) => issuer.addKey(1, 20, { ...later, cdd_serial: 2 }),
      (issuer) => issuer.addKey(1, 20, { ...later, sign_coins_not_after: writeDate(NOON + 105 * DAY) }),
      (issuer) => issuer.addKey(1, 20, { ...later, coins_expiry_date: writeDate(NOON + 120 * DAY) }),
      (issuer) =>
        issuer.addKey(1, 20, { ...later, public_mint_key: weak.document, id: keyId(weak.document) }),
      // Two keys for one window: a mint that gives each half of its users another one.
      (issuer) => issuer.addKey(1, 20),
      (issuer) => issuer.addKey(1, 20, { sign_coins_not_after: writeDate(NOON + 99 * DAY) }),
      (issuer) => {
        issuer.addKey(1, 20, inWindow(-2, 90));
        issuer.addKey(1, 21, inWindow(-3, 80));
      },
    ];
    for (const [index, change] of changes.entries()) {
      const issuer = new TestIssuer({ denominations: [1, 2] });
      change(issuer);
      const { name } = await refusalOf(issuer);
      assert.ok(name === 'distrusted' || name === 'bad signature', `change ${index}: ${name}`);
    }
  });

  it('may overlap with those that follow them', async () => {
    const issuer = new TestIssuer({ denominations: [1, 2] });
    issuer.addKey(1, 20, inWindow(90, 190));
    issuer.addKey(2, 21, inWindow(90, 190));
    issuer.addKey(1, 22, inWindow(180, 199));
    const place = await Place.open(issuer, 'stranger');
    must(await place.wallet.add(issuer.url));
  });

  it('are held to what was seen before', async () => {
    const changes: ((issuer: TestIssuer) => void)[] = [
      // The same key with another certificate, rightly signed.
      (issuer) => issuer.addKey(1, 1, { coins_expiry_date: writeDate(NOON + 150 * DAY) }),
      (issuer) => issuer.addKey(1, 20),
      (issuer) => {
        issuer.cddc = issuer.describe({ ...issuer.cddc.cdd, currency_name: 'Renamed' });
      },
      (issuer) => {
        const fields = { ...issuer.cddc.cdd, cdd_serial: 2, issuer_cipher_suite: 'RSA-SHA512-CHAUM86' };
        issuer.cddc = issuer.describe(fields);
      },
    ];
    for (const [index, change] of changes.entries()) {
      const issuer = new TestIssuer({ denominations: [1, 2] });
      const place = await Place.open(issuer, 'regular');
      must(await place.wallet.add(issuer.url));
      change(issuer);
      const outcome = await place.wallet.add(issuer.url);
      assert.ok(outcome instanceof Refusal && outcome.name === 'distrusted', `change ${index}`);
      assert.equal(place.wallet.currencies()[0]?.name, 'Testmark');
    }
  });

  it('that are left out or exchanged at an address that is known are noticed', async () => {
    const issuer = new TestIssuer({ denominations: [1, 2] });
    const place = await Place.open(issuer, 'regular');
    must(await place.wallet.add(issuer.url));
    const impostor = new TestIssuer({ denominations: [1, 2], firstKey: 5 });
    issuer.cddc = impostor.cddc;
    const outcome = await place.wallet.add('http://mint.test/');
    assert.ok(outcome instanceof Refusal && outcome.name === 'distrusted');
  });

  it('follow a new description with a higher serial, and never an older one', async () => {
    const issuer = new TestIssuer({ denominations: [1, 2] });
    const place = await Place.open(issuer, 'regular');
    must(await place.wallet.add(issuer.url));
    const old = issuer.cddc;
    issuer.cddc = issuer.describe({ ...old.cdd, cdd_serial: 2, currency_name: 'Renamed' });
    assert.equal(must(await place.wallet.add(issuer.url)).name, 'Renamed');
    issuer.cddc = old;
    const outcome = await place.wallet.add(issuer.url);
    assert.ok(outcome instanceof Refusal && outcome.name === 'distrusted');
  });

  it('that a wallet has not seen are asked for when a coin of theirs comes', async () => {
    const issuer = new TestIssuer({ denominations: [1, 2] });
    const bob = await Place.open(issuer, 'bob');
    must(await bob.wallet.add(issuer.url));
    issuer.addKey(1, 20, inWindow(90, 190));
    issuer.addKey(2, 21, inWindow(90, 190));
    issuer.now = NOON + 120 * DAY;
    const alice = await Place.open(issuer, 'alice');
    await bought(alice, 5);
    const { stack } = must(await alice.wallet.send(issuer.id, amount(3), ''));
    must(await bob.wallet.receive(stack));
    assert.equal(bob.available, 3);
    // A mint that hides a key from others is found out by whoever gets a coin of it.
    const other = must(await alice.wallet.send(issuer.id, amount(2), ''));
    const hidden = new Set(other.stack.coins.map(({ payload }) => payload.mint_key_id));
    const dave = await Place.open(issuer, 'dave');
    issuer.tamper = (answer) =>
      answer.type === 'response mint key certificates'
        ? { ...answer, keys: answer.keys.filter(({ mint_key }) => !hidden.has(mint_key.id)) }
        : undefined;
    must(await dave.wallet.add(issuer.url));
    const outcome = await dave.wallet.receive(other.stack);
    assert.ok(outcome instanceof Refusal && outcome.details.includes('mint key'));
  });
});

function inWindow(from: number, to: number) {
  return {
    sign_coins_not_before: writeDate(NOON + from * DAY),
    sign_coins_not_after: writeDate(NOON + to * DAY),
  };
}

describe('the test keys', () => {
  it('are long enough to be trusted', () => assert.equal(testKey(0).public.bits, 2048));
});
