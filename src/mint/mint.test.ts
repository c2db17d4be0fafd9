import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, writeDate } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { Coin } from '../protocol/documents.ts';
import type { ResponseMint } from '../protocol/messages/mint.ts';
import { openMemoryMintStore } from '../stores/mint-memory.ts';
import { openMint } from './mint.ts';
import type { Mint, MintEvent, MintRequest } from './mint.ts';
import { NOW, foundTestCurrency, fundRequest, prepareCoin } from './mint.test-helper.ts';
import type { ComingCoin } from './mint.test-helper.ts';

const { currency, signer } = await foundTestCurrency();

interface TestMint {
  readonly mint: Mint;
  readonly events: MintEvent[];
  readonly setClock: (now: number) => void;
}

async function freshMint(): Promise<TestMint> {
  const store = openMemoryMintStore();
  await store.found(currency);
  let now = NOW + DAY;
  const events: MintEvent[] = [];
  const report = (event: MintEvent) => void events.push(event);
  const mint = await openMint({ store, signer, clock: () => now, report });
  return { mint, events, setClock: (next) => (now = next) };
}

async function refusalOf(mint: Mint, request: MintRequest): Promise<string> {
  const answer = await mint.answer(request);
  assert.ok(answer instanceof Refusal, 'was not refused');
  return `${answer.name}: ${answer.details}`;
}

async function mintOf(mint: Mint, request: MintRequest): Promise<ResponseMint> {
  const answer = await mint.answer(request);
  assert.ok(!(answer instanceof Refusal), answer instanceof Refusal ? answer.details : '');
  assert.equal(answer.type, 'response mint');
  return answer;
}

const mintRequest = (reference: string, coins: readonly ComingCoin[]) =>
  ({
    blinds: coins.map((coin) => coin.blind),
    message_reference: 4,
    transaction_reference: reference,
    type: 'request mint',
  }) as const;

const renewRequest = (reference: string, coins: readonly Coin[], fresh: readonly ComingCoin[]) =>
  ({ ...mintRequest(reference, fresh), coins: [...coins], type: 'request renew' }) as const;

const redeemRequest = (coins: readonly Coin[]) =>
  ({ coins: [...coins], message_reference: 7, type: 'request redeem' }) as const;

const resumeRequest = (reference: string) =>
  ({ message_reference: 6, transaction_reference: reference, type: 'request resume' }) as const;

/** Coins bought under a reference. */
async function bought(mint: Mint, reference: string, ...denominations: number[]): Promise<Coin[]> {
  const coming = denominations.map((value, index) =>
    prepareCoin(mint.keyring, `${reference}/${index}`, value),
  );
  const total = denominations.reduce((sum, value) => sum + value, 0);
  await mint.answer(fundRequest(mint.keyring, reference, total));
  const answer = await mintOf(mint, mintRequest(reference, coming));
  return coming.map((coin) => coin.unblind(answer));
}

describe('mint', () => {
  test('mints once it is funded; until then the request waits and resumes', async () => {
    const { mint } = await freshMint();
    const coming = [4, 2, 1].map((value) => prepareCoin(mint.keyring, `a${value}`, value));
    const request = mintRequest('a1', coming);
    assert.match(await refusalOf(mint, request), /^unpaid/);
    assert.match(await refusalOf(mint, resumeRequest('a1')), /^unpaid/);
    await mint.answer(fundRequest(mint.keyring, 'a1', 7));
    const answer = await mintOf(mint, resumeRequest('a1'));
    assert.deepEqual(await mintOf(mint, { ...request, message_reference: 6 }), answer);
    for (const coin of coming) coin.unblind(answer);
    const { treasury, float } = await mint.counters();
    assert.deepEqual([treasury, float], [993, 7]);
  });

  test('answers the same request the same, and refuses its reference for another', async () => {
    const { mint } = await freshMint();
    const [coin] = await bought(mint, 'a1', 4);
    assert.ok(coin !== undefined);
    const renewal = renewRequest('b1', [coin], [prepareCoin(mint.keyring, 'x', 4)]);
    const answer = await mintOf(mint, renewal);
    assert.deepEqual(await mintOf(mint, renewal), answer);
    assert.deepEqual(await mintOf(mint, { ...resumeRequest('b1'), message_reference: 4 }), answer);
    const other = renewRequest('b1', [coin], [prepareCoin(mint.keyring, 'y', 4)]);
    assert.match(await refusalOf(mint, other), /^reference reused/);
    assert.match(
      await refusalOf(
        mint,
        renewRequest(
          'b2',
          [coin],
          other.blinds.map(() => prepareCoin(mint.keyring, 'y', 4)),
        ),
      ),
      /^already spent/,
    );
  });

  test('redeems a set of coins once, in any order, and no part of it again', async () => {
    const { mint } = await freshMint();
    const [four, two] = await bought(mint, 'a1', 4, 2);
    assert.ok(four !== undefined && two !== undefined);
    const done = await mint.answer(redeemRequest([four, two]));
    assert.deepEqual(await mint.answer(redeemRequest([two, four])), done);
    assert.match(await refusalOf(mint, redeemRequest([four])), /^already spent/);
    const { treasury, float } = await mint.counters();
    assert.deepEqual([treasury, float], [1_000, 0]);
  });

  test('takes no coin twice in one request', async () => {
    const { mint } = await freshMint();
    const [coin] = await bought(mint, 'a1', 4);
    assert.ok(coin !== undefined);
    assert.match(await refusalOf(mint, redeemRequest([coin, coin])), /^already spent: coins\[1\]/);
    // The same payload under a signature that differs is the same coin.
    const twin = { ...coin, signature: coin.signature + '0' };
    assert.match(await refusalOf(mint, redeemRequest([coin, twin])), /^already spent/);
  });

  test('refuses what does not balance, verify or belong', async () => {
    const { mint } = await freshMint();
    const [coin] = await bought(mint, 'a1', 4);
    assert.ok(coin !== undefined);
    const fresh = (value: number) => [prepareCoin(mint.keyring, 'z', value)];
    const changed = (payload: Partial<Coin['payload']>) => ({
      ...coin,
      payload: { ...coin.payload, ...payload },
    });
    const key = (value: number) => prepareCoin(mint.keyring, 'k', value).blind.mint_key_id;
    const cases: readonly (readonly [MintRequest, RegExp])[] = [
      [renewRequest('c1', [coin], fresh(2)), /^unbalanced: the coins sum to 4, the blinds to 2/],
      [renewRequest('c2', [coin], [...fresh(4), prepareCoin(mint.keyring, 'w', 1)]), /^unbalanced/],
      [redeemRequest([changed({ serial: 'abc' })]), /^bad signature: coins\[0\].signature/],
      [redeemRequest([changed({ denomination: 2 })]), /^bad signature: coins\[0\].payload.denomination/],
      [
        redeemRequest([changed({ denomination: 2, mint_key_id: key(2) })]),
        /^bad signature: coins\[0\].signature/,
      ],
      [redeemRequest([changed({ cdd_location: 'http://other/' })]), /^bad signature: coins\[0\].signature/],
      [redeemRequest([changed({ issuer_id: 'a'.repeat(64) })]), /^unknown: coins\[0\].payload.issuer_id/],
      [redeemRequest([changed({ mint_key_id: 'a'.repeat(64) })]), /^unknown: coins\[0\].payload.mint_key_id/],
      [
        redeemRequest([changed({ protocol_version: 'http://x/' })]),
        /^malformed: coins\[0\].payload.protocol_version/,
      ],
      [resumeRequest('dead'), /^unknown/],
      [mintRequest('c3', [...fresh(4), ...fresh(2)]), /^malformed: blinds\[1\].reference: used twice/],
    ];
    for (const [request, expected] of cases) assert.match(await refusalOf(mint, request), expected);
    assert.equal((await mint.counters()).float, 4);
    assert.equal(((await mint.answer(redeemRequest([coin]))) as ResponseMint).status_code, 200);
  });

  test('refuses blinds out of range and keys it does not have', async () => {
    const { mint } = await freshMint();
    const good = prepareCoin(mint.keyring, 'g', 4).blind;
    const modulus = String(
      mint.keyring.keys.get(good.mint_key_id)?.certificate.mint_key.public_mint_key['modulus'],
    );
    const request = (blind: Partial<typeof good>) => ({
      ...mintRequest('d1', []),
      blinds: [{ ...good, ...blind }],
    });
    for (const blinded of ['0', modulus, `${modulus}0`]) {
      assert.match(
        await refusalOf(mint, request({ blinded_payload_hash: blinded })),
        /^malformed: blinds\[0\].blinded/,
      );
    }
    assert.match(
      await refusalOf(mint, request({ mint_key_id: 'a'.repeat(64) })),
      /^unknown: blinds\[0\].mint_key_id/,
    );
  });

  test('keeps to the windows of its keys, but answers what it did in time', async () => {
    const { mint, setClock } = await freshMint();
    const coming = prepareCoin(mint.keyring, 'a', 4);
    await mint.answer(fundRequest(mint.keyring, 'a1', 4));
    const answer = await mintOf(mint, mintRequest('a1', [coming]));
    const coin = coming.unblind(answer);
    setClock(NOW + 150 * DAY);
    assert.deepEqual(await mintOf(mint, mintRequest('a1', [coming])), answer);
    const fresh = [prepareCoin(mint.keyring, 'b', 4)];
    assert.match(await refusalOf(mint, renewRequest('b1', [coin], fresh)), /^expired: blinds\[0\]/);
    const redeemed = await mint.answer(redeemRequest([coin]));
    setClock(NOW + 250 * DAY);
    assert.deepEqual(await mint.answer(redeemRequest([coin])), redeemed);
    assert.deepEqual(await mintOf(mint, { ...resumeRequest('a1'), message_reference: 4 }), answer);
    assert.match(
      await refusalOf(mint, redeemRequest([{ ...coin, payload: { ...coin.payload, serial: 'a' } }])),
      /^expired/,
    );
    setClock(NOW - DAY);
    assert.match(await refusalOf(mint, mintRequest('e1', fresh)), /^expired: blinds\[0\]/);
  });

  test('does not mint for a payment that came when its keys had stopped to sign', async () => {
    const { mint, setClock } = await freshMint();
    const waiting = mintRequest('a1', [prepareCoin(mint.keyring, 'a', 4)]);
    assert.match(await refusalOf(mint, waiting), /^unpaid/);
    setClock(NOW + 150 * DAY);
    await mint.answer(fundRequest(mint.keyring, 'a1', 4, { expires: writeDate(NOW + 300 * DAY) }));
    assert.match(await refusalOf(mint, resumeRequest('a1')), /^expired/);
    assert.match(await refusalOf(mint, waiting), /^expired/);
    assert.equal((await mint.counters()).float, 0);
  });

  test('takes no funding but the cashier’s own, in time and within limits', async () => {
    const { mint, setClock } = await freshMint();
    const ring = mint.keyring;
    const good = fundRequest(ring, 'f1', 100);
    const cases: readonly (readonly [MintRequest, RegExp])[] = [
      [{ ...good, funding: { ...good.funding, amount: 99 } }, /^bad signature/],
      [{ ...good, signature: 'a'.repeat(128) }, /^bad signature/],
      [fundRequest(ring, 'f1', 101), /^unauthorised: funding.amount/],
      [fundRequest(ring, 'f1', 1, { cashier: 'ab'.repeat(32) }), /^unauthorised: funding.cashier/],
      [fundRequest(ring, 'f1', 1, { currency: 'a'.repeat(64) }), /^unknown: funding.currency/],
      [fundRequest(ring, 'f1', 1, { expires: '2025-01-01T00:00:00' }), /^expired/],
    ];
    for (const [request, expected] of cases) assert.match(await refusalOf(mint, request), expected);
    for (const reference of ['f1', 'f2', 'f3', 'f4', 'f5'])
      await mint.answer(fundRequest(ring, reference, 100));
    assert.match(await refusalOf(mint, fundRequest(ring, 'f6', 1)), /^busy: .*500 a day/);
    assert.equal(((await mint.answer(good)) as ResponseMint).status_code, 200);
    setClock(NOW + 2 * DAY);
    assert.equal(((await mint.answer(fundRequest(ring, 'f6', 1))) as ResponseMint).status_code, 200);
    assert.match(await refusalOf(mint, fundRequest(ring, 'f6', 2)), /^reference reused/);
  });

  test('raises the alarm when more of a key comes back than went out', async () => {
    const { mint, events } = await freshMint();
    const [coin] = await bought(mint, 'a1', 4);
    assert.ok(coin !== undefined);
    await mint.answer(redeemRequest([coin]));
    // Whoever has the mint key can make coins; the counters still cannot be overdrawn.
    const stolen = prepareCoin(mint.keyring, 'stolen', 4);
    const [signature = ''] = await signer.sign([
      { keyId: stolen.payload.mint_key_id, blind: stolen.blind.blinded_payload_hash },
    ]);
    const forged = stolen.unblind({
      blind_signatures: [{ blind_signature: signature, reference: 'stolen', type: 'blind signature' }],
      message_reference: 0,
      status_code: 200,
      status_description: 'ok',
      type: 'response mint',
    });
    assert.match(await refusalOf(mint, redeemRequest([forged])), /^bad signature/);
    assert.deepEqual(events, [{ event: 'key overdrawn', keyId: stolen.payload.mint_key_id }]);
  });

  test('describes itself to anyone', async () => {
    const { mint, setClock } = await freshMint();
    const ask = async (fields: object) => {
      const answer = await mint.answer({
        message_reference: 3,
        type: 'request mint key certificates',
        ...fields,
      });
      assert.ok(!(answer instanceof Refusal) && answer.type === 'response mint key certificates');
      return answer.keys.map((key) => key.mint_key.denomination).sort();
    };
    const id = prepareCoin(mint.keyring, 'x', 4).payload.mint_key_id;
    assert.deepEqual(await ask({}), [1, 2, 4]);
    assert.deepEqual(await ask({ denominations: [], mint_key_ids: [] }), [1, 2, 4]);
    assert.deepEqual(await ask({ denominations: [1, 2, 8] }), [1, 2]);
    assert.deepEqual(await ask({ mint_key_ids: [id] }), [4]);
    assert.deepEqual(await ask({ denominations: [1], mint_key_ids: [id] }), [1, 4]);
    setClock(NOW + 300 * DAY);
    assert.deepEqual(await ask({}), []);
    assert.deepEqual(await ask({ mint_key_ids: [id] }), [4]);
    const serial = await mint.answer({ message_reference: 1, type: 'request cdd serial' });
    assert.ok(
      !(serial instanceof Refusal) && serial.type === 'response cdd serial' && serial.cdd_serial === 1,
    );
    const current = await mint.answer({ message_reference: 2, type: 'request cddc' });
    assert.deepEqual(
      await mint.answer({ cdd_serial: 1, message_reference: 2, type: 'request cddc' }),
      current,
    );
    assert.match(
      await refusalOf(mint, { cdd_serial: 2, message_reference: 2, type: 'request cddc' }),
      /^unknown/,
    );
  });
});
