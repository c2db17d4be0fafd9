/**
 * A process that commits through the ledger thread until it is killed, and says what was acknowledged: the first
 * argument is the books' file, the second the folder of their second place, the third a name for this run.
 */
import { writeSync } from 'node:fs';
import { Refusal } from '../../base/refusal.ts';
import { openLedgerThread } from './ledger-thread.ts';
import { CASHIER, NOW, found, funding, mint, redemption } from './steps.test-helper.ts';

const [path = '', second = '', run = ''] = process.argv.slice(2);
const store = await openLedgerThread(path, { second });
if (store instanceof Refusal) throw new Error(store.details);
if ((await store.load()) === undefined) await found(store);

/** Many at once, so that batches hold several calls. */
await Promise.all(Array.from({ length: 4 }, (_, index) => commitOn(`${run}x${index}`)));

async function commitOn(worker: string): Promise<void> {
  if (store instanceof Refusal) return;
  for (let count = 0; ; count++) {
    const name = `${worker}x${count}`;
    const now = NOW + count * 86_400_000;
    const fives = { ...mint(name, 5), expires: now + 9e9, lapses: now + 9e9 };
    await store.fund(
      funding(name, 5, now + 1_000),
      { ...CASHIER, limitPerDay: 1e9 as typeof CASHIER.limitPerDay },
      now,
    );
    const outcomes = [
      (await store.commit(fives, now)).kind,
      (await store.commit({ ...redemption(name, name), lapses: now }, now)).kind,
    ];
    // To the pipe at once, not to a buffer that dies with the process.
    writeSync(1, `${name} ${outcomes.join(' ')}\n`);
  }
}
