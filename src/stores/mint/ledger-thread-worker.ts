/** The ledger's thread: opens the books named in its data and performs batches until it is told to close. */
import { parentPort, workerData } from 'node:worker_threads';
import { Refusal } from '../../base/refusal.ts';
import type { LedgerMessage, LedgerOptions, LedgerReply, Performed } from './ledger-thread.ts';
import type { Call } from './calls.ts';
import { openRecordedBooks } from './sqlite.ts';
import { BooksApart } from './sqlite-books.ts';
import type { SqliteBooks } from './sqlite-books.ts';

const port = parentPort;
if (port === null) throw new Error('the ledger runs in a worker thread');
const reply = (message: LedgerReply) => {
  port.postMessage(message);
};

const { path, second } = workerData as LedgerOptions & { readonly path: string };
const books = await openRecordedBooks(path, second);
if (books instanceof Refusal) {
  reply({ refused: { name: books.name, details: books.details } });
  port.close();
} else {
  reply({ opened: true });
  port.on('message', (message: LedgerMessage) => {
    if ('calls' in message) void answer(books, message.calls);
    else if ('snapshot' in message) void snapshot(books, message.snapshot);
    else void close(books);
  });
}

/** What is thrown here ends the thread, and whoever started it. */
async function answer(open: SqliteBooks, calls: readonly Call[]): Promise<void> {
  const performed = await open.inTurn(() => perform(open, calls));
  await open.ready();
  reply({ performed });
}

/** A failed batch left no trace. Each call is then tried alone, so that a bad one fails by itself. */
function perform(open: SqliteBooks, calls: readonly Call[]): readonly Performed[] {
  try {
    return open.perform(calls).map((value) => ({ value }));
  } catch (error) {
    if (error instanceof BooksApart) throw error;
    if (calls.length > 1) return calls.flatMap((call) => perform(open, [call]));
    return [{ failed: reasonOf(error) }];
  }
}

async function snapshot(open: SqliteBooks, to: string): Promise<void> {
  try {
    await open.snapshot(to);
    reply({ snapshot: to });
  } catch (error) {
    reply({ snapshot: to, failed: reasonOf(error) });
  }
}

async function close(open: SqliteBooks): Promise<void> {
  await open.close();
  port?.close();
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'the ledger failed';
}
