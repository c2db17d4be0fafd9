import threads from 'node:worker_threads';
import { denied, fenceClass } from './denied.ts';

/**
 * Options of a worker thread that take it out of the permission model or drop the fences: measured with Node 24.21, a
 * thread with an `execArgv` of its own may read and write everywhere, as may one whose `env` holds NODE_OPTIONS.
 */
const LOOSENING = ['execArgv', 'env'];

/** From here on this thread starts worker threads only with its own permissions and fences. */
export function fenceThreads(): void {
  fenceClass(threads, threads.Worker, ([, options], make) => {
    const given = typeof options === 'object' && options !== null ? options : {};
    if (LOOSENING.some((name) => name in given)) throw denied('a thread with permissions of its own');
    return make();
  });
}
