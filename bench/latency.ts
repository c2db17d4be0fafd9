/** How long one request takes on an idle issuer: one at a time, one coin each. */
import { encode } from '../src/protocol/codec.ts';
import type { Request, Response } from '../src/protocol/catalogue.ts';
import { answerIn, buy, coinsOf, renewal } from './coins.ts';
import { Connection, wireRequest } from './http-load.ts';
import type { Stage } from './stage.ts';
import { printTable, quantile } from './table.ts';

/** Mints, renews and redeems one coin so often, and prints what each took over HTTP. */
export async function measureLatency({ port, target }: Stage, rounds: number): Promise<void> {
  const connection = await Connection.open(port);
  const times = { mint: [] as number[], renew: [] as number[], redeem: [] as number[] };
  const timed = async (kind: keyof typeof times, request: Request): Promise<Response> => {
    const bytes = wireRequest(encode(request));
    const start = performance.now();
    const answer = await connection.exchange(bytes);
    times[kind].push(performance.now() - start);
    return answerIn(answer);
  };
  for (let round = 0; round < rounds; round++) {
    const purchase = await buy(connection, target, 1);
    const bought = coinsOf(purchase.coins, await timed('mint', purchase.request));
    const { fresh, request } = renewal(target, bought);
    const renewed = coinsOf(fresh, await timed('renew', request));
    await timed('redeem', { coins: renewed, message_reference: 1, type: 'request redeem' });
  }
  connection.close();
  const rows = Object.entries(times).map(([kind, samples]) => [
    kind,
    ...[0.5, 0.9, 0.99].map((share) => quantile(samples, share).toFixed(2)),
  ]);
  printTable(['one coin, ms', 'median', '90 %', '99 %'], rows);
}
