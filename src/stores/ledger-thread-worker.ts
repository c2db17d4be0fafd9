/** The ledger's thread: opens the books named in its data and performs batches until an empty one ends it. */
import { parentPort, workerData } from 'node:worker_threads';
import { Refusal } from '../base/refusal.ts';
import type { LedgerReply, Performed } from './ledger-thread.ts';
import type { Call } from './mint-calls.ts';
import type { SqliteBooks } from './mint-sqlite-books.ts';
import { openSqliteBooks } from './mint-sqlite.ts';

const port = parentPort;
if (port === null) throw new Error('the ledger runs in a worker thread');
const reply = (message: LedgerReply) => {
  port.postMessage(message);
};

const books = openSqliteBooks((workerData as { path: string }).path);
if (books instanceof Refusal) {
  reply({ refused: { name: books.name, details: books.details } });
  port.close();
} else {
  reply({ opened: true });
  port.on('message', (calls: readonly Call[]) => {
    if (calls.length > 0) {
      reply({ performed: perform(books, calls) });
    } else {
      books.close();
      port.close();
    }
  });
}

/** A failed batch left no trace. Each call is then tried alone, so that a bad one fails by itself. */
function perform(open: SqliteBooks, calls: readonly Call[]): readonly Performed[] {
  try {
    return open.perform(calls).map((value) => ({ value }));
  } catch (error) {
    if (calls.length > 1) return calls.flatMap((call) => perform(open, [call]));
    return [{ failed: error instanceof Error ? error.message : 'the ledger failed' }];
  }
}
