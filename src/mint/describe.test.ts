/** What is asked of a currency that has grown: every answer can still be read. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { canonicalBytes } from '../base/canonical.ts';
import { DAY, SECOND } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal } from '../base/refusal.ts';
import type { Response } from '../protocol/catalogue.ts';
import { decodeResponse, encode } from '../protocol/codec.ts';
import type { DescriptionTerms, Policy } from '../protocol/governance.ts';
import type { SignedEntry } from '../protocol/journal.ts';
import { signEd25519, verifyEd25519 } from '../signers/ed25519.ts';
import { fitting } from './fitting.ts';
import { FOUNDING } from './mint.test-helper.ts';
import { POLICY } from './operators.test-helper.ts';
import { assertSound, journalOf, openPlace } from './place.test-helper.ts';
import type { Place } from './place.test-helper.ts';
import { markRestored } from './restored.ts';

function assertReadable(answer: Response): void {
  const read = decodeResponse(encode(answer));
  assert.ok(!(read instanceof Refusal), read instanceof Refusal ? read.details : '');
}

async function keysOf(place: Place, mint_key_ids: readonly string[] = []) {
  const answer = await place.ask(
    { message_reference: 1, mint_key_ids, type: 'request mint key certificates' },
    'response mint key certificates',
  );
  assertReadable(answer);
  return answer;
}

describe('the journal, page by page', () => {
  test('can be read whatever operators have ordered', async () => {
    const place = await openPlace();
    // Short roles: many values in few bytes.
    const policy: Policy = {
      ...POLICY,
      rules: Array.from({ length: 4 }, () =>
        POLICY.rules.map((each) => ({ ...each, roles: [...each.roles, ...Array<string>(30).fill('r')] })),
      ).flat(),
    };
    for (let count = 0; count < 14; count++) await place.done({ type: 'change policy', policy });
    const read: SignedEntry[] = [];
    let pages = 0;
    for (; ; pages++) {
      const page = await place.ask(
        { from: read.length, message_reference: 1, type: 'request journal' },
        'response journal',
      );
      assertReadable(page);
      if (page.entries.length === 0) break;
      read.push(...page.entries);
    }
    assert.deepEqual(read, await journalOf(place.store));
    assert.ok(pages > 1, 'bytes alone would have let them stand in one');
    assert.ok(read.reduce((sum, each) => sum + canonicalBytes(each).length, 0) < LIMITS.messageBytes);
  });
});

describe('totals', () => {
  test('of all keys that may be open stand in one entry, since only together they add up', async () => {
    const place = await openPlace();
    const [signed] = await journalOf(place.store);
    assert.ok(signed !== undefined);
    const sum = Number.MAX_SAFE_INTEGER;
    const totals = Array.from({ length: LIMITS.openMintKeys }, (_, index) => ({
      issued: sum,
      mint_key_id: index.toString(16).padStart(64, '0'),
      redeemed: sum,
    }));
    const entry = { ...signed.entry, event: { totals, type: 'totals' as const } };
    assertReadable({
      entries: fitting([{ ...signed, entry }]),
      message_reference: 1,
      status_code: 200,
      status_description: 'ok',
      type: 'response journal',
    });
  });
});

describe('a currency whose descriptions have changed often', () => {
  const powers = (from: number): DescriptionTerms => ({
    ...FOUNDING.description,
    denominations: [1, ...Array.from({ length: 63 }, (_, index) => from + index)],
  });
  const key_schedule = {
    coins_live_seconds: (200 * DAY) / SECOND,
    keys_sign_seconds: (100 * DAY) / SECOND,
    publish_ahead_seconds: (100 * DAY) / SECOND,
  };

  test('has more keys than an answer: those are shown that coins are made with, the others by their ids', async () => {
    const place = await openPlace({ description: powers(100), key_schedule });
    await place.mint.tend();
    for (const from of [200, 300]) await place.done({ type: 'new description', description: powers(from) });
    const { keyring } = place.mint;
    const all = [...keyring.keys.values()];
    assert.ok(all.length > LIMITS.mintKeyCertificates, String(all.length));
    assert.equal((await keysOf(place)).keys.length, LIMITS.mintKeyCertificates);
    const float = await place.ask({ message_reference: 1, type: 'request float' }, 'response float');
    assertReadable(float);
    assert.equal(float.signed_statement.statement.denominations.length, 64 + 63 + 63);

    const { vault } = place.currency;
    const restored = await markRestored(
      { store: place.store, vault, attest: signEd25519, verify: verifyEd25519 },
      false,
      place.now,
    );
    assert.ok(!(restored instanceof Refusal));
    await place.reopen();
    await place.mint.tend();
    const { keys } = await keysOf(place);
    const shown = new Set(keys.map(({ mint_key }) => mint_key.id));
    const live = [...place.mint.keyring.keys.values()].filter(({ state }) => state === 'live');
    assert.equal(live.length, 2 * 64);
    for (const { id } of live) assert.ok(shown.has(id), 'a key that signs is in the list');
    const left = all.filter(({ id }) => !shown.has(id)).map(({ id }) => id);
    assert.ok(left.length > 0);
    const asked = await keysOf(place, left.slice(0, LIMITS.coinsPerRequest));
    assert.equal(asked.keys.length, Math.min(left.length, LIMITS.coinsPerRequest));
    assert.equal(asked.revocations?.length, asked.keys.length, 'with the word that they are retired');
    await assertSound(place);
  });
});
