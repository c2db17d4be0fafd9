/** Commits groups one after the other until it is killed, and says which were answered. Arguments: the folder. */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { openTitleStore } from './files.ts';
import { commitsOf, history, must } from './steps.test-helper.ts';

export const KILL_GROUPS = 3_000;
/** Then it waits for its end, so that twelve of them never reach the last group. */
const COMMITS = 100;
/** So small that it is emptied all the time. */
const LOG_BYTES = 4_000;

export const killOptions = (folder: string) => ({
  folder: join(folder, 'own'),
  places: [join(folder, 'one'), join(folder, 'two')] as const,
  logBytes: LOG_BYTES,
});

if (process.argv[2] !== undefined && import.meta.filename === process.argv[1]) {
  const store = await must(openTitleStore({ ...killOptions(process.argv[2]), report: () => undefined }));
  const { groups } = await store.start();
  for (const commit of commitsOf(history(KILL_GROUPS).slice(groups)).slice(0, COMMITS)) {
    await store.commit(commit);
    // At once, before anything else can happen.
    writeSync(1, `${commit.at(-1)?.number ?? 0}\n`);
  }
  await once(process.stdin.resume(), 'end');
}
