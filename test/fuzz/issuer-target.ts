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
import { CASHIER, cashierSignature } from '../../src/mint/mint.test-helper.ts';
import { assertSound, openPlace } from '../../src/mint/place.test-helper.ts';
import type { Place } from '../../src/mint/place.test-helper.ts';
import type { Founding } from '../../src/protocol/governance.ts';
import { verifyEd25519 } from '../../src/signers/ed25519.ts';
import { openMemoryBankStore } from '../../src/stores/bank/memory.ts';
import type { FramesClient } from '../../src/transports/frames/client.ts';
import { beginLife } from './life.ts';
import { mutations } from './mutations.ts';
import type { OpenTarget } from './targets.ts';

const HOST = '127.0.0.1';

/** Coins enough for any campaign. */
const PLENTY = 1_000_000_000;
const FOUNDED: Partial<Founding> = {
  cashiers: [{ cashier: CASHIER, limit_per_day: PLENTY, limit_per_operation: 100 }],
  treasury: PLENTY,
};

/** After so many messages what a client of two rounds had underway is over, and it begins anew. */
const ANEW = 256;

/**
 * Starts an issuer of a suite on a free port. Its log goes to standard error as it would: a bug is seen there and as a 500.
 */
export async function openIssuerTarget(suite: string): Promise<OpenTarget> {
  const place = await openPlace({ ...FOUNDED, issuer_cipher_suite: suite });
  const bank = await openTestBank(place);
  const server = await serveFront(openTestFront(place, bank), HOST, 0);
  if (server instanceof Refusal) throw new Error(server.details);
  const agent = new Agent({ keepAlive: true });
  const life = await beginLife(place, bank);
  let examples = await life.examples();
  let answered = 0;
  return {
    messages: (seed) => mutations(seed, () => examples),
    answer: async (message) => {
      if (life.rounds === 2 && ++answered % ANEW === 0) examples = await life.examples();
      return post(agent, server.port, message);
    },
    close: async () => {
      agent.destroy();
      await server.close();
      await assertSound(place);
    },
  };
}

/** A front whose box and bank are in this process: what a message meets is theirs, but for the sockets in between. */
function openTestFront(place: Place, bank: Bank): Front {
  const { cdd } = place.mint.keyring;
  const currency = { mint: place.mint, store: place.store, close: () => Promise.resolve() };
  const box = { currencies: new Map([[cdd.id, currency]]), lanes: { backlog: 0 } };
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
    registers: 'anybody',
  });
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
    request.once('error', (error: NodeJS.ErrnoException) => {
      // A server closes a connection that was idle for long; what was sent on it then goes on another.
      if (error.code === 'ECONNRESET' && request.reusedSocket)
        post(agent, port, message).then(resolve, reject);
      else reject(error);
    });
    request.end(message);
  });
}
