/** Whole renewals over HTTP, a currency of each suite: by the load where one request makes coins, by wallets where it takes two. */
import { availableParallelism } from 'node:os';
import { amount } from '../src/base/amount.ts';
import { SUITES } from '../src/suites/index.ts';
import { certain } from '../test/support/certain.ts';
import { startIssuer } from '../test/support/processes.ts';
import { openTrader } from '../test/support/trader.ts';
import { processorOf } from './processor.ts';
import { RawCores } from './raw.ts';
import { boundsOf } from './raw-operations.ts';
import { openStage } from './stage.ts';
import { printTable } from './table.ts';
import { measureThroughput } from './throughput.ts';

const BATCH = 8;
/** Coins of one measurement of the load. */
const COINS = 1_024;
/** Payments from wallet to wallet, where the wallets' own mathematics is most of the time. */
const PAYMENTS = 6;
const PAID = 15;

/** Measures a currency of each suite, one after the other. */
export async function measureSuiteRenewals(rounds: number): Promise<void> {
  for (const suite of SUITES) {
    const issuer = await startIssuer({ args: ['--suite', suite.name] });
    console.log(`${suite.name}; underneath: ${boundsOf(suite.name).sign}`);
    if (suite.promises.rounds === 2) {
      await byWallets(issuer.url, issuer.pids().get('box') ?? 0, suite.name);
      await issuer.stop();
      continue;
    }
    const stage = await openStage(issuer);
    await measureThroughput(stage, {
      kinds: [{ work: 'renew', fronts: 1, batch: BATCH }],
      rounds,
      coins: COINS,
    });
    await stage.close();
  }
}

/** Two wallets pay each other by turns. What the box uses of a processor says what it could do, were the wallets elsewhere. */
async function byWallets(url: string, boxPid: number, suite: string): Promise<void> {
  const traders = [await openTrader(url), await openTrader(url)] as const;
  for (const { wallet, currency } of traders) {
    certain(await wallet.buy(currency, amount(PAID), { payTest: true }));
  }
  const cores = new RawCores();
  const raw = await cores.measure(boundsOf(suite).sign, 1);
  await cores.close();
  const before = processorOf([boxPid]);
  const start = performance.now();
  let coins = 0;
  for (let turn = 0; turn < PAYMENTS; turn++) {
    const [from, to] = turn % 2 === 0 ? traders : [traders[1], traders[0]];
    const { stack } = certain(await from.wallet.send(from.currency, amount(PAID), ''));
    certain(await to.wallet.receive(stack));
    coins += stack.coins.length;
  }
  const seconds = (performance.now() - start) / 1_000;
  const after = processorOf([boxPid]);
  const used = (kind: 'main' | 'lanes' | 'ledger' | 'helpers') =>
    ((after[kind] - before[kind]) * 1e6) / coins;
  const box = used('main') + used('lanes') + used('ledger') + used('helpers');
  for (const { wallet } of traders) await wallet.close();
  printTable(
    ['coins/s by wallets', 'µs of the box', 'coins/s that allows', 'of raw', 'µs: raw', 'lanes', 'main'],
    [
      [
        (coins / seconds).toFixed(1),
        box.toFixed(0),
        ((availableParallelism() * 1e6) / box).toFixed(0),
        (raw.processor / box).toFixed(3),
        raw.processor.toFixed(1),
        used('lanes').toFixed(0),
        used('main').toFixed(0),
      ],
    ],
  );
}
