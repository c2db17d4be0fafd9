/** What anyone can check of a currency of any suite, and of what it must be said that the mint alone can. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { verifyFiles } from '../src/apps/verify/verify.ts';
import { utf8 } from '../src/base/bytes.ts';
import { DAY, writeDate } from '../src/base/dates.ts';
import { fundRequest } from '../src/mint/mint.test-helper.ts';
import { mintRequest, openPlace, prepared, redeemRequest } from '../src/mint/place.test-helper.ts';
import type { Coin } from '../src/protocol/documents.ts';
import { payloadBytes } from '../src/protocol/ids.ts';
import { must } from '../src/suites/keys.test-helper.ts';
import { SUITES } from '../src/suites/index.ts';
import type { CipherSuite } from '../src/suites/index.ts';
import { specie } from './support/processes.ts';

type Files = Readonly<Record<string, object>>;

/** All that a wallet sees of two coins. */
async function lifeOf(suite: CipherSuite) {
  const place = await openPlace({ issuer_cipher_suite: suite.name });
  const { keyring } = place.mint;
  const coming = await prepared(place, { reference: 'a1', coins: { two: 2, one: 1 } });
  await place.ask(fundRequest(keyring, 'a1', 3, { expires: writeDate(place.now + DAY) }), 'response fund');
  const minting = mintRequest('a1', coming);
  const minted = await place.ask(minting, 'response mint');
  const handed = (time: number, amount: number) =>
    coming.map((each): Coin => {
      const { publicKey } = keyring.keys.get(each.payload.mint_key_id) ?? {};
      const payment = { payee: '', time, amount };
      const signature = must(suite.hand(publicKey, payloadBytes(each.payload), each.held(minted), payment));
      return { payload: each.payload, signature, type: 'coin' };
    });
  const stack = { coins: handed(place.now, 3), subject: 'for the cake', type: 'coinstack' };
  const shown = coming.map((each) => each.paid(minted, { payee: '', time: place.now, amount: 3 }));
  const redemption = redeemRequest(shown);
  await place.ask(redemption, 'response redeem');
  await place.mint.answer(
    redeemRequest(coming.map((each) => each.paid(minted, { payee: '', time: 1, amount: 3 }))),
  );
  const doubles =
    suite.offline === undefined
      ? undefined
      : await place.ask(
          { after: 0, message_reference: 1, type: 'request double payments' },
          'response double payments',
        );
  const keys = await place.ask(
    { message_reference: 1, type: 'request mint key certificates' },
    'response mint key certificates',
  );
  const anchors: Files = { cddc: keyring.cddc, keys };
  return { place, anchors, minting, minted, stack, redemption, doubles, now: place.now };
}

function verdicts(files: Files, now: number): Record<string, string> {
  const bytes = Object.entries(files).map(([name, value]) => [name, utf8(JSON.stringify(value))] as const);
  return Object.fromEntries(
    verifyFiles(new Map(bytes), now).map(({ name, ok, checked, notes }) => [
      name,
      [ok ? 'ok' : checked ? 'FAILED' : 'NOT CHECKED', ...notes].join('; '),
    ]),
  );
}

/** Another last digit. */
function altered(text: string): string {
  return text.slice(0, -1) + (text.endsWith('1') ? '2' : '1');
}

for (const suite of SUITES) {
  describe(`specie verify: ${suite.name}`, async () => {
    const life = await lifeOf(suite);
    const { anchors, minting, minted, stack, redemption, doubles, now } = life;
    const anyone = suite.promises.verifiableBy === 'anyone';
    const check = (files: Files) => verdicts({ ...anchors, ...files }, now);
    const [first, ...others] = stack.coins;
    assert.ok(first !== undefined);

    it('checks the description, its mint keys, and what the mint answered', () => {
      const { cddc, keys, answer } = check({ minting, answer: minted });
      assert.match(cddc ?? '', /^ok/);
      assert.match(keys ?? '', /^ok/);
      assert.match(
        answer ?? '',
        anyone ? /^ok$/ : /^NOT CHECKED; its answers can be checked by the mint alone/,
      );
    });

    it('checks coins as they are handed over, or says that it cannot', () => {
      const { coin, pile } = check({ coin: first, pile: stack });
      for (const said of [coin, pile]) {
        assert.match(said ?? '', anyone ? /^ok/ : /^NOT CHECKED; its coins can be checked by the mint alone/);
        if (suite.offline !== undefined)
          assert.match(said ?? '', /handed over on 2026-01-02 to whoever has it/);
      }
    });

    it('never passes a coin that was altered, in payload or signature', () => {
      const serial = altered(first.payload.serial);
      const wrong = {
        payload: { ...first, payload: { ...first.payload, serial } },
        signature: { ...first, signature: altered(first.signature) },
        pile: { ...stack, coins: [...others, { ...first, signature: altered(first.signature) }] },
        shape: { ...first, signature: 'f'.repeat(700) },
      };
      const said = check(wrong);
      for (const name of Object.keys(wrong)) {
        assert.doesNotMatch(said[name] ?? '', /^ok/, name);
        if (anyone || name === 'shape') assert.match(said[name] ?? '', /^FAILED/, name);
      }
    });

    it('checks coins on their way to the mint where they are what was handed over', () => {
      const { redemption: said = '' } = check({ redemption });
      const same = redemption.coins.every(
        ({ signature }, index) => signature === stack.coins[index]?.signature,
      );
      assert.match(said, anyone && same ? /^ok/ : /^NOT CHECKED/);
    });

    it('checks the proof that a coin was handed over twice, and accuses nobody else', () => {
      if (doubles === undefined) return;
      const [double] = doubles.double_payments;
      assert.ok(double !== undefined);
      const said = check({
        doubles,
        double,
        secret: { ...double, secret: altered(double.secret) },
        identity: { ...double, identity: altered(double.identity) },
        once: { ...double, second: double.first },
        other: { ...double, coin_id: 'a'.repeat(64) },
      });
      for (const name of ['doubles', 'double']) assert.equal(said[name], 'ok; a coin was handed over twice');
      for (const name of ['secret', 'identity', 'once', 'other'])
        assert.match(said[name] ?? '', /^FAILED; the answers do not give away/, name);
    });
  });
}

describe('specie verify', () => {
  it('never ends well over coins that the mint alone can check', async () => {
    const suite = SUITES.find(({ promises }) => promises.verifiableBy === 'the mint');
    assert.ok(suite !== undefined);
    const { anchors, stack } = await lifeOf(suite);
    const folder = mkdtempSync(join(tmpdir(), 'specie-verify-'));
    const files = Object.entries({ ...anchors, stack });
    for (const [name, value] of files) writeFileSync(join(folder, name), JSON.stringify(value));
    const ended = await specie(['verify', ...files.map(([name]) => name)], { cwd: folder });
    rmSync(folder, { recursive: true });
    assert.equal(ended.status, 1);
    assert.match(ended.stdout, /^stack: NOT CHECKED: its coins can be checked by the mint alone$/m);
    assert.match(ended.stdout, /^cddc: ok/m);
  });
});
