/** What the title server's own folder says when it is opened: the last checkpoint, and what its logs add to it. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { GroupRecord } from '../../title/server/ports.ts';
import { Cells } from './cells.ts';
import type { Checkpoint } from './checkpoint.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import type { TitleDisk } from './disk.ts';
import type { TitleStoreEvent } from './events.ts';
import { MARK_BYTES } from './frames.ts';
import { damaged, logNumbers, readLog, removeLog } from './log.ts';
import { emptyTitleState, mustFollow } from './state.ts';

export interface Recovered {
  readonly checkpoint: Checkpoint;
  readonly cells: Cells;
  /** Groups that took effect since the checkpoint, in their order. */
  readonly records: readonly GroupRecord[];
  /** The number of the next log. */
  readonly nextLog: number;
}

/** Reads the folder, and begins it where there is nothing. Refuses what is damaged or missing, and says what to do. */
export async function recover(
  disk: TitleDisk,
  folder: string,
  report: (event: TitleStoreEvent) => void,
): Promise<Recovered | Refusal> {
  const found = readCheckpoint(disk, folder) ?? (await begin(disk, folder));
  if (found instanceof Refusal) return found;
  const path = join(folder, 'sequences');
  const file = disk.open(path);
  if (file === undefined) return refuse('not possible', sequencesLost(path));
  const cells = new Cells(file);
  const records =
    cells.titles < found.state.titles ? refuse('not possible', sequencesLost(path)) : readLogs();
  if (records instanceof Refusal) {
    cells.close();
    return records;
  }
  const numbers = logNumbers(disk, folder);
  return {
    checkpoint: found,
    cells,
    records,
    nextLog: Math.max(found.log, ...numbers.map((number) => number + 1)),
  };

  function readLogs(): readonly GroupRecord[] | Refusal {
    return found instanceof Refusal ? found : recordsSince(found, disk, folder, report);
  }
}

/** A new folder. The checkpoint comes last: without it, nothing was certified here. */
async function begin(disk: TitleDisk, folder: string): Promise<Checkpoint | Refusal> {
  const path = join(folder, 'sequences');
  const sequences = disk.open(path);
  const isUsed = (sequences?.size() ?? 0) > 0 || logNumbers(disk, folder).length > 0;
  sequences?.close();
  if (isUsed)
    return refuse(
      'not possible',
      `${join(folder, 'checkpoint')} is missing; bring the newest copy of this whole folder back`,
    );
  const file = disk.create(path);
  await file.sync();
  file.close();
  await disk.syncFolder(folder);
  const checkpoint = { mark: new Uint8Array(randomBytes(MARK_BYTES)), state: emptyTitleState(), log: 1 };
  await writeCheckpoint(disk, folder, checkpoint);
  return checkpoint;
}

function recordsSince(
  { state, log }: Checkpoint,
  disk: TitleDisk,
  folder: string,
  report: (event: TitleStoreEvent) => void,
): readonly GroupRecord[] | Refusal {
  const records: GroupRecord[] = [];
  let before = { groups: state.groups, titles: state.titles };
  let torn: { readonly path: string; readonly bytes: number } | undefined;
  const numbers = logNumbers(disk, folder);
  // Only the very first checkpoint comes before its log.
  if (state.groups > 0 && !numbers.includes(log)) return damaged(join(folder, `log-${log}`));
  for (const number of numbers) {
    // What a crash left of a log that was emptied.
    if (number < log) removeLog(disk, folder, number);
    if (number < log) continue;
    const read = readLog(disk, folder, number);
    if (read instanceof Refusal) return read;
    for (const record of read.commits.flat()) {
      if (record.number !== before.groups + 1) return damaged(torn?.path ?? read.path);
      mustFollow(before, record);
      before = { groups: record.number, titles: record.titles };
      records.push(record);
    }
    // Only the last log that has anything may end within a commit.
    if (torn !== undefined && read.commits.length > 0) return damaged(torn.path);
    if (read.torn > 0) torn = { path: read.path, bytes: read.torn };
  }
  if (torn !== undefined) report({ event: 'title log cut', bytes: torn.bytes });
  return records;
}

function sequencesLost(path: string): string {
  return `${path} is missing or too short; without it titles could be spent twice: bring the newest copy of this whole folder back`;
}
