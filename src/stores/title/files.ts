/** The title server's storage on files: four bytes a title and a short write-ahead log of its own, documents in two places. */
import { join, resolve } from 'node:path';
import { Refusal, refuse } from '../../base/refusal.ts';
import { readForm } from '../../title/documents/codec.ts';
import { Group } from '../../title/documents/documents.ts';
import type { SignedHead } from '../../title/documents/documents.ts';
import type { GroupRecord, TitleStart, TitleStore } from '../../title/server/ports.ts';
import { Overlay } from './cells.ts';
import type { Cells } from './cells.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { fileFault, nodeTitleDisk } from './disk.ts';
import type { TitleDisk } from './disk.ts';
import type { TitleStoreEvent } from './events.ts';
import { TitleLog, logNumbers, removeLog } from './log.ts';
import { firstOf, pageLength } from './memory.ts';
import { Places } from './places.ts';
import { recover } from './recovery.ts';
import type { Recovered } from './recovery.ts';
import { inSlices } from './slices.ts';
import { addGroup, mustFollow, startOf } from './state.ts';
import type { TitleState } from './state.ts';

/** A write-ahead log is emptied when it has so many bytes. */
const LOG_BYTES = 16_777_216;
/** How long a store that cannot write waits at least before it tries again. */
const RETRY_MILLISECONDS = 1_000;

export interface TitleStoreOptions {
  /** The trusted folder. */
  readonly folder: string;
  /** Where every group is kept, twice. */
  readonly places: readonly [string, string];
  readonly report: (event: TitleStoreEvent) => void;
  /**
   * Whether the server signed a head. Places lie where others may write: a group whose head it did not sign is none. Without it
   * every head counts.
   */
  readonly isSigned?: (head: SignedHead) => boolean;
  readonly disk?: TitleDisk;
  readonly logBytes?: number;
  readonly retryMilliseconds?: number;
}

/**
 * Opens the storage, and begins it where there is nothing. Both places are the same afterwards, and the log is empty.
 * Refuses a folder that is in use, damaged, or older than the places, and what the file system objects to.
 */
export async function openTitleStore(options: TitleStoreOptions): Promise<TitleStore | Refusal> {
  const { disk = nodeTitleDisk, folder, places } = options;
  if (resolve(places[0]) === resolve(places[1]))
    return refuse('not possible', `both places are ${places[0]}; name two folders, best on two disks`);
  let unlock: (() => void) | Refusal | undefined;
  let store: TitleStore | Refusal | undefined;
  try {
    await disk.makeFolder(folder);
    unlock = disk.lock(join(folder, 'lock'));
    store = unlock instanceof Refusal ? unlock : await openLocked(options, disk, unlock);
  } catch (error) {
    store = refuse('not possible', `the folder ${folder} cannot be used (${fileFault(error)})`);
  } finally {
    if (!(store instanceof FileTitleStore) && typeof unlock === 'function') unlock();
  }
  return store;
}

async function openLocked(
  options: TitleStoreOptions,
  disk: TitleDisk,
  unlock: () => void,
): Promise<TitleStore | Refusal> {
  const { folder, places: folders, report, isSigned = () => true } = options;
  const recovered = await recover(disk, folder, report);
  if (recovered instanceof Refusal) return recovered;
  const { checkpoint, cells, records } = recovered;
  const recent = new Map(records.map((record) => [record.number, record]));
  const groups = records.at(-1)?.number ?? checkpoint.state.groups;
  const places = await Places.open(
    { disk, store: checkpoint.mark, folders, report, isSigned },
    { groups: () => groups, recent },
  );
  if (places instanceof Refusal) {
    cells.close();
    return places;
  }
  const log = await TitleLog.create(disk, folder, recovered.nextLog);
  const { logBytes = LOG_BYTES, retryMilliseconds = RETRY_MILLISECONDS } = options;
  const parts = { disk, folder, report, recovered, places, recent, logBytes, retryMilliseconds, unlock };
  const store = new FileTitleStore(parts, log);
  return (await store.begin()) ?? store;
}

interface StoreParts {
  readonly disk: TitleDisk;
  readonly folder: string;
  readonly report: (event: TitleStoreEvent) => void;
  readonly recovered: Recovered;
  readonly places: Places;
  readonly recent: Map<number, GroupRecord>;
  readonly logBytes: number;
  readonly retryMilliseconds: number;
  readonly unlock: () => void;
}

/** What a checkpoint is to bring into the files. */
interface Frozen {
  readonly overlay: Overlay;
  /** Its last group. */
  readonly groups: number;
}

class FileTitleStore implements TitleStore {
  readonly #parts: StoreParts;
  readonly #cells: Cells;
  readonly #places: Places;
  /** As of the last checkpoint, or the one that is being made. */
  readonly #base: TitleState;
  /** Groups that the checkpoint does not have. */
  readonly #recent: Map<number, GroupRecord>;
  #overlay = new Overlay();
  #frozen: Frozen | undefined;
  #log: TitleLog;
  /** A log that is ready to be written to: the next commit goes there. */
  #next: TitleLog | undefined;
  #groups: number;
  #titles: number;
  /** What is going on in the background. */
  #work: Promise<void> | undefined;
  #obstacle: Refusal | undefined;
  #retryAt = 0;
  /** What ended this store: it has to be opened again. */
  #end: unknown;

  constructor(parts: StoreParts, log: TitleLog) {
    const { recovered, places, recent } = parts;
    this.#parts = parts;
    this.#cells = recovered.cells;
    this.#places = places;
    this.#base = recovered.checkpoint.state;
    this.#recent = recent;
    this.#log = log;
    const last = recovered.records.at(-1) ?? this.#base;
    this.#groups = 'number' in last ? last.number : last.groups;
    this.#titles = last.titles;
    this.#frozen = { overlay: new Overlay(), groups: this.#groups };
    for (const record of recovered.records) this.#frozen.overlay.add(record);
  }

  /** Brings what the logs held into the files. Refuses, and closes, where that cannot be done. */
  async begin(): Promise<Refusal | undefined> {
    await this.#empty();
    const obstacle = this.#obstacle;
    if (obstacle === undefined) return undefined;
    this.#closeFiles();
    return refuse('not possible', obstacle.details);
  }

  async start(): Promise<TitleStart> {
    return startOf(this.#base);
  }

  sequence(cell: number): number {
    const change = this.#overlay.get(cell) ?? this.#frozen?.overlay.get(cell);
    return change?.sequence ?? this.#cells.sequence(cell);
  }

  page(page: number): Uint8Array {
    const bytes = this.#cells.page(page, pageLength(page, this.#titles));
    this.#frozen?.overlay.patch(page, bytes);
    this.#overlay.patch(page, bytes);
    return bytes;
  }

  async commit(groups: readonly GroupRecord[]): Promise<void> {
    if (this.#end !== undefined)
      throw new Error('this store has failed; open it again', { cause: this.#end });
    let before = { groups: this.#groups, titles: this.#titles };
    for (const record of groups) {
      mustFollow(before, record);
      before = { groups: record.number, titles: record.titles };
    }
    if (this.#next !== undefined) this.#turn(this.#next);
    try {
      await this.#log.append(groups);
    } catch (error) {
      this.#end = error;
      throw error;
    }
    for (const record of groups) {
      this.#recent.set(record.number, record);
      this.#overlay.add(record);
    }
    this.#groups = before.groups;
    this.#titles = before.titles;
    this.#places.append(groups);
    if (this.#log.size >= this.#parts.logBytes) this.#makeNext();
  }

  obstacle(): Refusal | undefined {
    const obstacle = this.#obstacle ?? (this.#places.areFailing ? bothFail() : undefined);
    if (obstacle !== undefined && this.#work === undefined && performance.now() >= this.#retryAt) {
      this.#retryAt = performance.now() + this.#parts.retryMilliseconds;
      this.#begin(() => this.#retry());
    }
    return obstacle;
  }

  async lastGroup<Found>(
    cell: number,
    find: (group: Group) => Found | undefined,
  ): Promise<Found | undefined> {
    for (const { bytes } of this.#lastOf(cell)) {
      const group = readGroup(bytes);
      const found = group && find(group);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #lastOf(cell: number): Iterable<Pick<GroupRecord, 'bytes'>> {
    const change = this.#overlay.get(cell) ?? this.#frozen?.overlay.get(cell);
    if (change === undefined) return this.#places.lastOf(cell, this.#cells.sequence(cell));
    const record = this.#recent.get(change.group);
    return record === undefined ? [] : [record];
  }

  async groups(
    from: number,
    most: number,
    isIt: (group: Group) => boolean = () => true,
  ): Promise<readonly Uint8Array[]> {
    return firstOf(this.#bytesFrom(Math.max(1, from), isIt), most);
  }

  *#bytesFrom(from: number, isIt: (group: Group) => boolean): Generator<Uint8Array> {
    for (let number = from; number <= this.#groups; number++) {
      const bytes = this.#recent.get(number)?.bytes ?? this.#placed(number, isIt);
      if (bytes === undefined) return;
      yield bytes;
    }
  }

  #placed(number: number, isIt: (group: Group) => boolean): Uint8Array | undefined {
    const candidates = this.#places.read(number);
    for (const { bytes } of candidates) {
      const group = readGroup(bytes);
      if (group !== undefined && (candidates.length === 1 || isIt(group))) return bytes;
    }
    return undefined;
  }

  async close(): Promise<void> {
    await this.#empty();
    await this.#places.mark();
    this.#closeFiles();
    this.#parts.unlock();
  }

  #closeFiles(): void {
    this.#places.close();
    this.#cells.close();
    this.#log.close();
    this.#next?.close();
  }

  /** Empties the log, as far as that can be done now. No commit may be under way. */
  async #empty(): Promise<void> {
    await this.#work;
    if (this.#end !== undefined) return;
    if (this.#frozen !== undefined) this.#begin(() => this.#retry());
    await this.#work;
    if (this.#frozen !== undefined || this.#recent.size === 0) return;
    this.#makeNext();
    await this.#work;
    if (this.#next !== undefined) this.#turn(this.#next);
    await this.#work;
  }

  /** Something in the background, one at a time. What a file system objects to is tried again; anything else ends the store. */
  #begin(task: () => Promise<void>): void {
    const { report } = this.#parts;
    const work = task()
      .catch((error: unknown) => {
        try {
          const code = fileFault(error);
          this.#obstacle = cannotCheckpoint(this.#parts.folder, code);
          report({ event: 'title checkpoint failed', code });
        } catch (bug) {
          this.#end = bug;
        }
      })
      .finally(() => {
        // A commit may have begun the next work already.
        if (this.#work === work) this.#work = undefined;
      });
    this.#work = work;
  }

  async #retry(): Promise<void> {
    if (this.#frozen !== undefined) return this.#checkpoint(this.#frozen);
    await this.#mend();
    if (!this.#places.areFailing) this.#obstacle = undefined;
  }

  async #mend(): Promise<void> {
    await this.#places.mend({ groups: () => this.#groups, recent: this.#recent });
  }

  #makeNext(): void {
    if (this.#work !== undefined || this.#frozen !== undefined || this.#next !== undefined) return;
    const { disk, folder } = this.#parts;
    this.#begin(async () => {
      this.#next = await TitleLog.create(disk, folder, this.#log.number + 1);
      this.#obstacle = undefined;
    });
  }

  /** From here on commits go to the next log, and what this one holds is brought into the files. */
  #turn(next: TitleLog): void {
    this.#log.close();
    this.#log = next;
    this.#next = undefined;
    const frozen = { overlay: this.#overlay, groups: this.#groups };
    this.#frozen = frozen;
    this.#overlay = new Overlay();
    this.#begin(() => this.#checkpoint(frozen));
  }

  /** Both places, then the cells, then the checkpoint, and only then is the log taken away. May be done again. */
  async #checkpoint({ overlay, groups }: Frozen): Promise<void> {
    const { disk, folder, recovered } = this.#parts;
    await this.#mend();
    if (!(await this.#places.sync())) {
      this.#obstacle = bothFail();
      return;
    }
    await inSlices(this.#recent.values(), (record) => {
      if (record.number > this.#base.groups && record.number <= groups) addGroup(this.#base, record);
    });
    await this.#cells.take(overlay, this.#base.titles);
    await writeCheckpoint(disk, folder, {
      mark: recovered.checkpoint.mark,
      state: this.#base,
      log: this.#log.number,
    });
    this.#frozen = undefined;
    this.#obstacle = undefined;
    for (const number of this.#recent.keys()) if (number <= groups) this.#recent.delete(number);
    for (const number of logNumbers(disk, folder))
      if (number < this.#log.number) removeLog(disk, folder, number);
  }
}

/** Undefined where it cannot be read: as good as lost. Bytes of a group never change, so they are lent. */
function readGroup(bytes: Uint8Array): Group | undefined {
  const group = readForm(Group, bytes, 'group', true);
  return group instanceof Refusal ? undefined : group;
}

function bothFail(): Refusal {
  return refuse(
    'busy',
    'neither of the two places for documents can be written; its operator has to make room or mend one',
  );
}

function cannotCheckpoint(folder: string, code: string): Refusal {
  return refuse(
    'busy',
    `the folder ${folder} cannot be written (${code}); its operator has to make room or mend it`,
  );
}
