/** Lies that are right in themselves, each entry signed and permitted: what an issuer leaves out, and sums that hide something. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, HOUR, MINUTE, SECOND, writeDate } from '../../base/dates.ts';
import type { Instant } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import {
  COINS_LIVE,
  FOUNDING,
  RECIPIENT,
  START,
  eventfulIssuer,
  foundTestIssuer,
} from '../../mint/charter/charter.test-helper.ts';
import type { TestIssuer } from '../../mint/charter/charter.test-helper.ts';
import { verifyEd25519 } from '../../signers/ed25519.ts';
import { followJournal } from './gather.ts';
import { floatOf, wayTo } from './issuer.test-helper.ts';
import { assertFault, look } from './look.test-helper.ts';

const END = START + COINS_LIVE;

/** An issuer of 100.00 with one mint key of the denomination 1. */
function withKey(): { readonly issuer: TestIssuer; readonly id: string } {
  const issuer = foundTestIssuer();
  const certificate = issuer.mintKey(1, START);
  issuer.write({ type: 'mint key', certificate });
  return { issuer, id: certificate.mint_key.id };
}

function writeTotals(issuer: TestIssuer, id: string, issued: number, redeemed: number, time?: Instant): void {
  issuer.write({ type: 'totals', totals: [{ issued, mint_key_id: id, redeemed }] }, time);
}

/** A statement with these sums of the denomination 1, right in itself. */
function stating(issuer: TestIssuer, time: Instant, issued: number, redeemed: number, sequence = 7) {
  const { authorised } = issuer.charter;
  const float = issued - redeemed;
  return floatOf(issuer, {
    denominations: [{ denomination: 1, issued, redeemed }],
    float,
    sequence,
    time: writeDate(time),
    treasury: authorised - float,
  });
}

const twice = <Value>(value: Value): readonly Value[] => [value, value];

describe('an order that is not carried out', () => {
  const orders = {
    'revoke mint key': (issuer: TestIssuer, id: string) =>
      issuer.ordered({ type: 'revoke mint key', mint_key_id: id, coins_until: writeDate(START + DAY) }, [
        'clara',
      ]),
    'new description': (issuer: TestIssuer) =>
      issuer.ordered({ type: 'new description', description: FOUNDING.description }, ['clara', 'dora']),
    'new currency': (issuer: TestIssuer) =>
      issuer.ordered({ type: 'new currency', founding: FOUNDING }, ['clara', 'dora']),
  };
  for (const [what, order] of Object.entries(orders)) {
    test(`is found at the journal's end: ${what}`, async () => {
      const { issuer, id } = withKey();
      order(issuer, id);
      assertFault(await look(issuer), new RegExp(`ends with an order that was not carried out: “${what}”`));
      const charter = await followJournal(wayTo(issuer), verifyEd25519);
      assert.ok(charter instanceof Refusal && charter.name === 'distrusted');
    });

    test(`is found at the next entry: ${what}`, async () => {
      const { issuer, id } = withKey();
      order(issuer, id);
      issuer.write({ type: 'restored', complete: true }, START + HOUR);
      assertFault(await look(issuer), /entry 3: .*was not carried out at once/);
    });
  }
});

describe('what a reserve holds', () => {
  test('is said to be the issuer’s word, with every change of it', async () => {
    const issuer = eventfulIssuer();
    // Too little to be worth anything more, and written all the same.
    issuer.write({ type: 'reserve held', amount: 601 });
    const { faults, lines } = await look(issuer);
    assert.deepEqual(faults, []);
    const text = lines.join('\n');
    assert.match(text, /by the issuer’s own word backed by 601 .* nobody outside can check it$/m);
    assert.match(text, /^Not checked: what the reserve holds\. That is the issuer’s own word\.$/m);
    const treasury = lines.slice(lines.indexOf('Changes of the treasury:'));
    assert.ok(treasury.some((line) => /\+0\.00 to .* own word the reserve holds 601 /.test(line)));
    assert.ok(treasury.some((line) => line.includes(': release reserve, ordered by ')));
  });

  test('is not spoken of where there is no reserve', async () => {
    const { lines } = await look(withKey().issuer);
    assert.doesNotMatch(lines.join('\n'), /own word|Not checked/);
  });
});

describe('counters that fall', () => {
  test('below what a kept statement said are found, above the journal’s totals as they are', async () => {
    const { issuer, id } = withKey();
    writeTotals(issuer, id, 40, 10);
    const kept = stating(issuer, START + MINUTE, 60, 20);
    const later = START + HOUR;
    const now = (issued: number, redeemed: number) =>
      look(issuer, { floats: twice(stating(issuer, later, issued, redeemed, 8)) }, kept, later);
    assert.deepEqual((await now(60, 20)).faults, []);
    assertFault(await now(59, 20), /at most 59 were issued of denomination 1 .* and 60 by the statement/);
    assertFault(await now(60, 19), /at most 19 were redeemed of denomination 1 .* and 20 by the statement/);
  });

  test('within one audit are found', async () => {
    const { issuer, id } = withKey();
    writeTotals(issuer, id, 40, 10);
    const floats = [stating(issuer, START, 60, 20), stating(issuer, START, 59, 20)];
    assertFault(await look(issuer, { floats }), /at most 59 were issued/);
  });

  test('are no fault by what expired in between, and are one by a unit more', async () => {
    const { issuer, id } = withKey();
    const next = issuer.mintKey(1, START + 100 * DAY);
    issuer.write({ type: 'mint key', certificate: next }, START + 95 * DAY);
    writeTotals(issuer, id, 60, 20);
    writeTotals(issuer, next.mint_key.id, 5, 0, START + 101 * DAY);
    const kept = stating(issuer, issuer.charter.time, 65, 20);
    const closed = { issued: 60, mint_key_id: id, redeemed: 50 };
    issuer.write({ type: 'mint key expired', totals: closed }, END + 2 * HOUR);
    const time = issuer.charter.time;
    const now = (issued: number, redeemed: number) =>
      look(issuer, { floats: twice(stating(issuer, time, issued, redeemed, 8)) }, kept, time);
    assert.deepEqual((await now(5, 0)).faults, []);
    assertFault(await now(4, 0), /at most 64 were issued/);
  });

  test('are not hidden by what a new key has issued', async () => {
    const { issuer, id } = withKey();
    writeTotals(issuer, id, 60, 20);
    const kept = stating(issuer, issuer.charter.time, 90, 20);
    const next = issuer.mintKey(1, START + 100 * DAY);
    issuer.write({ type: 'mint key', certificate: next }, START + 95 * DAY);
    writeTotals(issuer, next.mint_key.id, 30, 0, START + 101 * DAY);
    const time = issuer.charter.time;
    const { faults } = await look(issuer, { floats: twice(stating(issuer, time, 90, 20, 8)) }, kept, time);
    assert.ok(faults.some((fault) => fault.includes('at most 60 were issued')));
  });
});

describe('totals that are not written', () => {
  test('are found once two hours have passed since a kept statement was ahead of them', async () => {
    const { issuer, id } = withKey();
    writeTotals(issuer, id, 40, 10);
    const kept = stating(issuer, START, 60, 20);
    const at = async (time: Instant) =>
      look(issuer, { floats: twice(stating(issuer, time, 60, 20, 8)) }, kept, time);
    assert.deepEqual((await at(START + 2 * HOUR)).faults, []);
    assertFault(await at(START + 2 * HOUR + SECOND), /its totals still say less issued of denomination 1/);
    assertFault(await at(START + 2 * HOUR + SECOND), /its totals still say less redeemed of denomination 1/);
    writeTotals(issuer, id, 60, 20);
    assert.deepEqual((await at(START + 3 * HOUR)).faults, []);
  });

  test('are said to be behind', async () => {
    const { issuer, id } = withKey();
    writeTotals(issuer, id, 40, 10, START + HOUR);
    const ahead = await look(issuer, { floats: twice(stating(issuer, START + HOUR, 60, 25)) });
    assert.match(
      ahead.lines.join('\n'),
      /last totals are of 2026-01-01 01:00 UTC; since then 0\.20 issued and 0\.15 come back are in no entry yet$/m,
    );
    assert.match((await look(issuer)).lines.join('\n'), /01:00 UTC; nothing has moved since$/m);
  });
});

describe('more in circulation than was authorised', () => {
  test('when the treasury is lowered is found by the next totals', async () => {
    const { issuer, id } = withKey();
    writeTotals(issuer, id, 10_000, 0);
    issuer.ordered({ type: 'lower treasury', amount: 600 }, ['clara']);
    issuer.ordered({ type: 'raise treasury', amount: 600 }, ['anna']);
    writeTotals(issuer, id, 10_000, 599, START + HOUR);
    assertFault(await look(issuer), /entry 3: at least 9401 was in circulation, and 9400 was authorised/);
  });

  test('when the treasury is lowered is found by the statement where no totals follow', async () => {
    const { issuer, id } = withKey();
    writeTotals(issuer, id, 10_000, 0);
    issuer.ordered({ type: 'lower treasury', amount: 600 }, ['clara']);
    issuer.ordered({ type: 'raise treasury', amount: 600 }, ['anna']);
    const stated = (redeemed: number) =>
      look(issuer, { floats: twice(stating(issuer, START, 10_000, redeemed)) });
    assertFault(await stated(599), /entry 3: at least 9401 was in circulation/);
    assert.deepEqual((await stated(600)).faults, []);
  });

  test('is none where coins came back since the last totals before', async () => {
    const { issuer, id } = withKey();
    writeTotals(issuer, id, 10_000, 0);
    issuer.ordered({ type: 'lower treasury', amount: 600 }, ['clara']);
    writeTotals(issuer, id, 10_000, 600, START + HOUR);
    assert.deepEqual((await look(issuer)).faults, []);
  });

  test('when the reserve is released is found', async () => {
    const { issuer, id } = withKey();
    issuer.ordered(
      {
        type: 'reserve',
        reserve: {
          cdd_location: 'https://gold.example/',
          gives: 1,
          issuer_id: 'ab'.repeat(32),
          most: 1_000,
          units: 1,
        },
      },
      ['clara', 'dora'],
    );
    issuer.write({ type: 'reserve held', amount: 500 });
    writeTotals(issuer, id, 10_500, 0);
    issuer.ordered({ type: 'release reserve', amount: 300, recipient: RECIPIENT }, ['clara', 'dora']);
    issuer.ordered({ type: 'raise treasury', amount: 700 }, ['anna']);
    writeTotals(issuer, id, 10_500, 299, START + HOUR);
    assertFault(await look(issuer), /at least 10201 was in circulation, and 10200 was authorised/);
  });

  test('when keys are closed is found, of one and of several together', async () => {
    const one = withKey();
    one.issuer.write(
      { type: 'mint key expired', totals: { issued: 10_001, mint_key_id: one.id, redeemed: 0 } },
      END + HOUR,
    );
    assertFault(await look(one.issuer), /entry 2: more of the mint key’s coins was in circulation/);
    const several = (redeemed: number) => {
      const { issuer, id } = withKey();
      const second = issuer.mintKey(2, START);
      issuer.write({ type: 'mint key', certificate: second });
      const close = (mint_key_id: string) =>
        issuer.write(
          { type: 'mint key expired', totals: { issued: 6_000, mint_key_id, redeemed } },
          END + HOUR,
        );
      close(id);
      close(second.mint_key.id);
      return look(issuer);
    };
    assertFault(await several(999), /at least 10002 was in circulation, and 10000 was authorised/);
    assert.deepEqual((await several(1_000)).faults, []);
  });
});

describe('a mint key that is never closed', () => {
  test('is found a day after its coins have expired', async () => {
    const at = async (time: Instant) => {
      const { issuer } = withKey();
      issuer.write({ type: 'restored', complete: true }, time);
      return look(issuer);
    };
    assert.deepEqual((await at(END + DAY)).faults, []);
    assertFault(await at(END + DAY + SECOND), /was never closed, and its coins expired on 2026-10-28/);
  });
});
