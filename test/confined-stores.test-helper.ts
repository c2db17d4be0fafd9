/** Keeps books with a second place until it has several segments, copies them meanwhile, and opens them again. */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal } from '../src/base/refusal.ts';
import { openLedgerThread } from '../src/stores/mint/ledger-thread.ts';
import type { MintStore } from '../src/mint/ports.ts';

const [folder = '', second = ''] = process.argv.slice(2);
const KEPT = 1_200_000;

await keep(0, 3);
await keep(3, 4);
console.log(`confined: ${syncing()}`);

async function keep(from: number, until: number): Promise<void> {
  const store = await openLedgerThread(join(folder, 'books.sqlite'), { second });
  if (store instanceof Refusal) throw new Error(store.details);
  for (let number = from; number < until; number++) {
    if (number === 1) await store.snapshot(join(folder, 'copy.sqlite'));
    await record(store, number);
  }
  await store.close();
}

/** A step of the journal with a large secret. What its entry says is not for the store to judge. */
async function record(store: MintStore, number: number): Promise<void> {
  const { head } = await store.counters();
  const entry = {
    event: { type: 'backup', sha256: 'a'.repeat(64) },
    issuer_id: 'b'.repeat(64),
    number,
    previous: head.hash,
    time: '2026-01-01T00:00:00',
    type: 'journal entry',
  } as const;
  const { kind } = await store.record({
    entries: [{ entry, signature: 'c'.repeat(128), type: 'signed journal entry' }],
    authorised: 0,
    secrets: [{ name: `large ${number}`, sealed: new Uint8Array(KEPT).fill(number) }],
    opens: [],
    closes: [],
    stops: [],
    dismisses: [],
    settles: null,
    now: number,
  });
  if (kind !== 'recorded') throw new Error(`the step was not recorded: ${kind}`);
}

/** What the permission model says to fsync: that it holds here. */
function syncing(): string {
  const file = openSync(join(folder, 'books.sqlite'), 'r');
  try {
    fsyncSync(file);
    return 'allowed';
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  } finally {
    closeSync(file);
  }
}
