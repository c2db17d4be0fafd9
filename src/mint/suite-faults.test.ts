/**
 * The fault table on every suite: a short life, and in it store calls failing before they persisted and after; the mint is
 * opened anew, and the client asks again. Where the suite has two rounds it begins the first anew when it is over, but
 * never for coins that it has. Whatever failed, the money is where it would be if nothing had.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../base/refusal.ts';
import type { ResponseMint } from '../protocol/messages/mint.ts';
import { openMemoryMintStore } from '../stores/mint/memory.ts';
import { SUITES } from '../suites/index.ts';
import { assertConserved } from './counters.ts';
import { Client } from './faults.test-helper.ts';
import type { FaultPlan } from './faults.test-helper.ts';
import type { Mint, MintRequest } from './mint.ts';
import { commitmentsRequest, foundTestCurrency, fundRequest, prepareCoin } from './mint.test-helper.ts';
import type { ComingCoin, TestCurrency } from './mint.test-helper.ts';
import {
  mintRequest,
  preparedWith,
  redeemRequest,
  renewRequest,
  resumeRequest,
} from './place.test-helper.ts';
import type { Wanted } from './place.test-helper.ts';
import type { MintStore } from './ports.ts';

interface Coming {
  readonly coming: readonly ComingCoin[];
  readonly request: MintRequest;
}

/** Coins to come and their request, after a first round where the suite has two. */
async function begin(
  { now }: Client,
  mint: Mint,
  wanted: Wanted,
  asking: (coming: readonly ComingCoin[]) => MintRequest,
): Promise<Coming> {
  const { coins, reference } = wanted;
  const { keyring } = mint;
  if (keyring.suite.accounts === undefined) {
    const coming = Object.entries(coins).map(([name, value]) => prepareCoin(keyring, name, value, now));
    return { coming, request: asking(coming) };
  }
  const answer = await mint.answer(
    commitmentsRequest(keyring, 'alice', reference, Object.values(coins), now),
  );
  assert.ok(!(answer instanceof Refusal) && answer.type === 'response commitments', JSON.stringify(answer));
  const coming = preparedWith({ mint, now }, wanted, answer.commitments);
  return { coming, request: asking(coming) };
}

/** Coins made under a reference, as a wallet does: what it has begun it keeps, and asks for it until it is answered. */
async function make(
  client: Client,
  wanted: Wanted,
  asking: (coming: readonly ComingCoin[]) => MintRequest,
): Promise<{ readonly coming: readonly ComingCoin[]; readonly answer: ResponseMint }> {
  const begun: { coming?: Coming } = {};
  const answer = await client.run(async (mint) => {
    for (;;) {
      begun.coming ??= await begin(client, mint, wanted, asking);
      const told = await mint.answer(begun.coming.request);
      if (!(told instanceof Refusal && told.name === 'first round over')) return told;
      // Nothing of it was committed: had it been, the same request would have been a repetition.
      assert.ok((await mint.answer(resumeRequest(wanted.reference))) instanceof Refusal);
      delete begun.coming;
      client.now += 11_000;
    }
  });
  assert.ok(!(answer instanceof Refusal) && answer.type === 'response mint', JSON.stringify(answer));
  return { coming: begun.coming?.coming ?? [], answer };
}

/** Buys, renews, is refused, redeems. Returns what must be so. */
async function life(client: Client): Promise<unknown> {
  await client.run(async (mint) => {
    const told = await mint.answer(fundRequest(mint.keyring, 'a1', 6));
    assert.ok(!(told instanceof Refusal));
  });
  const bought = await make(client, { reference: 'a1', coins: { four: 4, two: 2 } }, (coming) =>
    mintRequest('a1', coming),
  );
  const [four, two] = bought.coming.map((coin) => coin.unblind(bought.answer));
  assert.ok(four !== undefined && two !== undefined);
  const fresh = await make(client, { reference: 'b1', coins: { x: 2, y: 2 } }, (coming) =>
    renewRequest('b1', [four], coming),
  );
  const coins = fresh.coming.map((coin) => coin.unblind(fresh.answer));
  await client.ask(redeemRequest([two, ...coins.slice(0, 1)], 'anna'), 'response redeem');
  await client.refused(redeemRequest([four]), 'already spent');
  return client.run(async (_, store) => {
    const { authorised, treasury, float, sequence } = await store.counters();
    const receipts = (await store.receipts(0, 9)).map(({ sequence: number, amount, payee }) => [
      number,
      amount,
      payee,
    ]);
    return { authorised, treasury, float, sequence, receipts, doubles: await store.doublePayments(0, 9) };
  });
}

/** Elliptic curves in plain arithmetic take their time; the rows that are left out are in the other suites' tables. */
const EVERY: Readonly<Record<string, number>> = { 'P256-BRANDS': 3, 'SECP256K1-WAGNER': 2 };

async function lived(currency: TestCurrency, store: MintStore, plan?: FaultPlan) {
  const books = () => Promise.resolve({ ...store, close: () => Promise.resolve() });
  const client = new Client({ currency, books, restarts: true, ...(plan === undefined ? {} : { plan }) });
  return { came: await life(client), calls: client.counter.calls };
}

for (const { name: suite } of SUITES) {
  test(`fault table: ${suite}: nothing is lost, made, or answered twice in two ways`, async () => {
    const currency = await foundTestCurrency({ issuer_cipher_suite: suite });
    const calm = await lived(currency, openMemoryMintStore());
    for (let call = 0; call < calm.calls; call += EVERY[suite] ?? 1) {
      for (const when of ['before', 'after'] as const) {
        const store = openMemoryMintStore();
        const { came } = await lived(currency, store, { call, when, calls: 1 });
        assert.deepEqual(came, calm.came, `call ${call} failing ${when}`);
        assertConserved(await store.counters());
      }
    }
  });
}
