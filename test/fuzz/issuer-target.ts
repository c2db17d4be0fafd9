/** A whole issuer behind real HTTP, on books in memory, with a small currency that the messages can be right for. */
import { Agent, request as httpRequest } from 'node:http';
import { amount } from '../../src/base/amount.ts';
import { Refusal } from '../../src/base/refusal.ts';
import { answerCustomer } from '../../src/apps/bank/serve.ts';
import { exchange } from '../../src/apps/box/exchange.ts';
import type { Front } from '../../src/apps/issuer/front.ts';
import { serveFront } from '../../src/apps/issuer/serve.ts';
import { openBank } from '../../src/bank/bank.ts';
import type { Bank } from '../../src/bank/bank.ts';
import { testRail } from '../../src/bank/rail-test.ts';
import type { Mint } from '../../src/mint/mint.ts';
import { CASHIER, cashierSignature, fundRequest, prepareCoin } from '../../src/mint/mint.test-helper.ts';
import type { ComingCoin } from '../../src/mint/mint.test-helper.ts';
import { openPlace } from '../../src/mint/place.test-helper.ts';
import type { Place } from '../../src/mint/place.test-helper.ts';
import type { Coin } from '../../src/protocol/documents.ts';
import type { Json } from '../../src/protocol/synthetic.test-helper.ts';
import { verifyEd25519 } from '../../src/signers/ed25519.ts';
import { openMemoryBankStore } from '../../src/stores/bank-memory.ts';
import type { FramesClient } from '../../src/transports/frames-client.ts';
import type { OpenTarget } from './targets.ts';

const HOST = '127.0.0.1';

/** Starts the issuer on a free port. Its log goes to standard error as it would: a bug is seen there and as a 500. */
export async function openIssuerTarget(): Promise<OpenTarget> {
  const place = await openPlace();
  const server = await serveFront(await openTestFront(place), HOST, 0);
  if (server instanceof Refusal) throw new Error(server.details);
  const agent = new Agent({ keepAlive: true });
  return {
    answer: (message) => post(agent, server.port, message),
    examples: await liveExamples(place.mint),
    close: async () => {
      agent.destroy();
      await server.close();
    },
  };
}

/** A front whose box and bank are in this process: what a message meets is theirs, but for the sockets in between. */
async function openTestFront(place: Place): Promise<Front> {
  const { cdd } = place.mint.keyring;
  const currency = { mint: place.mint, store: place.store, close: () => Promise.resolve() };
  const box = { currencies: new Map([[cdd.id, currency]]), lanes: { backlog: 0 } };
  const bank = await openTestBank(place);
  const running = { bank, cddc: place.mint.keyring.cddc };
  const client = (ask: FramesClient['ask']): FramesClient => ({ ask, close: () => undefined });
  return {
    box: client((context, bytes) => exchange(box, context, bytes)),
    bank: client((context, bytes) => answerCustomer([running], context, bytes)),
    at: (path) => (path === '/' ? cdd : undefined),
    currencies: () => [cdd],
    ask: () => Promise.reject(new Error('only messages are sent here')),
    close: () => undefined,
  };
}

async function openTestBank(place: Place): Promise<Bank> {
  const store = openMemoryBankStore();
  await store.found({ publicKey: CASHIER, secret: new Uint8Array() });
  return openBank({
    store,
    clock: () => place.now,
    cddc: place.mint.keyring.cddc,
    sign: (_, bytes) => Promise.resolve(cashierSignature(bytes)),
    verify: verifyEd25519,
    askMint: (request) => place.mint.answer(request as Parameters<Mint['answer']>[0]),
    orderMost: () => amount(100),
    rails: [testRail],
  });
}

/** Requests that this issuer answers with 200: a coin's life, asked for once here so that all of it is possible. */
async function liveExamples(mint: Mint): Promise<Json[]> {
  const ring = mint.keyring;
  const coming = [4, 2, 1].map((value) => prepareCoin(ring, `coin ${value}`, value));
  const fund = fundRequest(ring, 'a1', 7);
  const minting = { ...transaction('a1', coming), type: 'request mint' } as const;
  await mint.answer(fund);
  const minted = await mint.answer(minting);
  if (minted instanceof Refusal || minted.type !== 'response mint')
    throw new Error('the example is not minted');
  const [four, ...rest] = coming.map((coin): Coin => coin.unblind(minted));
  if (four === undefined) throw new Error('the example has three coins');
  const fresh = [prepareCoin(ring, 'fresh 1', 2), prepareCoin(ring, 'fresh 2', 2)];
  const order = {
    amount: 5,
    currency: ring.cdd.id,
    message_reference: 1,
    rail: 'test',
    transaction_reference: 'c1',
  };
  return [
    fund,
    minting,
    { ...transaction('b1', fresh), coins: [four], type: 'request renew' },
    { coins: rest, message_reference: 3, type: 'request redeem' },
    { message_reference: 4, transaction_reference: 'a1', type: 'request resume' },
    { ...order, type: 'request order' },
    { message_reference: 1, transaction_reference: 'c1', type: 'request test payment' },
    { message_reference: 1, transaction_reference: 'c1', type: 'request order status' },
  ];
}

function transaction(reference: string, coins: readonly ComingCoin[]) {
  return { blinds: coins.map((coin) => coin.blind), message_reference: 2, transaction_reference: reference };
}

function post(agent: Agent, port: number, message: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': message.length };
    const request = httpRequest({ agent, host: HOST, port, method: 'POST', headers }, (response) => {
      response.resume();
      response.once('end', () => {
        resolve(response.statusCode ?? 0);
      });
    });
    request.once('error', reject);
    request.end(message);
  });
}
