/**
 * `npm run bench`: what this machine can do and what the issuer makes of it, in one run. Speed is a ratio to the
 * machine's own limit; times are printed beside it for people who want to know them.
 */
import { availableParallelism } from 'node:os';
import { encode } from '../src/protocol/codec.ts';
import type { Blind, Coin } from '../src/protocol/documents.ts';
import type { RequestRenew } from '../src/protocol/messages/renew.ts';
import { ask, bareCoin, buy, coinsOf, findTarget, freshReference } from './coins.ts';
import type { Target } from './coins.ts';
import { Connection, sendAll, wireRequest } from './http-load.ts';
import { startIssuer } from '../test/support/processes.ts';
import { rawSignaturesPerSecond } from './raw-signatures.ts';

const RAW_SECONDS = 3;
const WARM_UP = 2_000;
const RENEWALS = 12_000;
const CONNECTIONS = 96;
const COINS_AT_ONCE = 250;
const LATENCY_ROUNDS = 400;

const issuer = await startIssuer();
const connection = await Connection.open(issuer.port);
const target = await findTarget(connection, issuer.port);

console.log(`cores ${availableParallelism()}, node ${process.version}, OpenSSL ${process.versions.openssl}`);
const raw = await rawSignaturesPerSecond(RAW_SECONDS);
console.log(`raw OpenSSL RSA-2048 signatures, all cores   ${raw.toFixed(0)} /s`);

await measureRenewals();
const rawAgain = await rawSignaturesPerSecond(RAW_SECONDS);
console.log(`raw OpenSSL RSA-2048 signatures, once more   ${rawAgain.toFixed(0)} /s`);
connection.close();
await measureLatency(await Connection.open(issuer.port));
await issuer.stop();

async function measureRenewals(): Promise<void> {
  const coins = await buyCoins(WARM_UP + RENEWALS);
  const requests = coins.map((coin) => renewal(target, coin));
  await sendAll(issuer.port, CONNECTIONS, requests.slice(0, WARM_UP), () => undefined);
  const before = { issuer: issuer.cpuSeconds(), client: process.cpuUsage(), time: performance.now() };
  await sendAll(issuer.port, CONNECTIONS, requests.slice(WARM_UP), () => undefined);
  const seconds = (performance.now() - before.time) / 1_000;
  const issuerCpu = ((issuer.cpuSeconds() - before.issuer) / RENEWALS) * 1e6;
  const client = process.cpuUsage(before.client);
  const clientCpu = (client.user + client.system) / RENEWALS;
  const rate = RENEWALS / seconds;
  const signing = (availableParallelism() / raw) * 1e6;
  console.log(`renewals end to end over HTTP, durable       ${rate.toFixed(0)} /s`);
  console.log(`ratio                                        ${(rate / raw).toFixed(3)}   (goal 0.85)`);
  console.log('where the processors went, for one renewal');
  console.log(`  the signature itself                       ${signing.toFixed(0)} µs`);
  console.log(`  the rest of the issuer                     ${(issuerCpu - signing).toFixed(0)} µs`);
  console.log(`  this load generator                        ${clientCpu.toFixed(0)} µs`);
  const idle = (availableParallelism() / rate) * 1e6 - issuerCpu - clientCpu;
  console.log(`  idle                                       ${idle.toFixed(0)} µs`);
  console.log(`ratio, the load generator's share taken out  ${(signing / issuerCpu).toFixed(3)}`);
}

async function buyCoins(count: number): Promise<Coin[]> {
  const coins: Coin[] = [];
  while (coins.length < count) {
    const purchase = await buy(connection, target, COINS_AT_ONCE);
    coins.push(...coinsOf(purchase.coins, await ask(connection, issuer.port, purchase.request)));
  }
  return coins.slice(0, count);
}

function renewal({ port }: Target, coin: Coin): Buffer {
  const { blind } = bareCoin(target, 'x');
  return wireRequest(port, encode(renewRequest(blind, coin)));
}

function renewRequest(blind: Blind, coin: Coin): RequestRenew {
  return {
    blinds: [blind],
    coins: [coin],
    message_reference: 1,
    transaction_reference: freshReference(),
    type: 'request renew',
  };
}

/** One request at a time, one coin each, on an idle issuer. */
async function measureLatency(connection: Connection): Promise<void> {
  const times = { mint: [] as number[], renew: [] as number[], redeem: [] as number[] };
  const timed = async (kind: keyof typeof times, request: Buffer) => {
    const start = performance.now();
    const answer = await connection.exchange(request);
    times[kind].push(performance.now() - start);
    return answer;
  };
  for (let round = 0; round < LATENCY_ROUNDS; round++) {
    const purchase = await buy(connection, target, 1);
    await timed('mint', wireRequest(issuer.port, encode(purchase.request)));
    const [coin] = coinsOf(purchase.coins, await ask(connection, issuer.port, purchase.request));
    if (coin === undefined) throw new Error('one coin was bought');
    const fresh = bareCoin(target, 'x');
    const renew = renewRequest(fresh.blind, coin);
    await timed('renew', wireRequest(issuer.port, encode(renew)));
    const renewed = coinsOf([fresh], await ask(connection, issuer.port, renew));
    await timed(
      'redeem',
      wireRequest(issuer.port, encode({ coins: renewed, message_reference: 1, type: 'request redeem' })),
    );
  }
  connection.close();
  for (const [kind, samples] of Object.entries(times)) {
    samples.sort((left, right) => left - right);
    const at = (share: number) => (samples[Math.floor(samples.length * share)] ?? 0).toFixed(2);
    console.log(`latency of one ${kind.padEnd(7)} median ${at(0.5)} ms, 99th percentile ${at(0.99)} ms`);
  }
}
