/**
 * Loaded by Node ahead of everything else in a confined program, and again in each of its worker threads: what the
 * permission model leaves open is closed here. It lasts as long as the thread.
 */
import module from 'node:module';
import { denied } from './denied.ts';
import { fenceAddons } from './one-addon.ts';
import { fenceNetwork } from './no-network.ts';
import { fenceBooks } from './own-books.ts';
import { fenceThreads } from './own-threads.ts';

// Without --permission there is no such object, whatever its type says.
if ((process.permission as unknown) === undefined) throw denied('running without --permission');
fenceNetwork();
fenceBooks();
fenceThreads();
fenceAddons();
module.syncBuiltinESMExports();
const { DatabaseSync } = await import('node:sqlite');
if (DatabaseSync !== process.getBuiltinModule('node:sqlite').DatabaseSync) throw denied('an open fence');
