/** One of the two places: a folder with every group, in a file that is only ever added to, and what is derived from it. */
import { join } from 'node:path';
import { sameBytes } from '../../base/bytes.ts';
import type { Refusal } from '../../base/refusal.ts';
import { refuse } from '../../base/refusal.ts';
import type { SignedHead } from '../../title/documents/documents.ts';
import type { TitleDisk, TitleFile } from './disk.ts';
import type { PlacedGroup } from './entries.ts';
import { readPlaced, signedHeadOf, writePlaced } from './entries.ts';
import { HEAD_BYTES, fileHead, frame, frameIn, framesOf, markOf } from './frames.ts';
import type { Extent, IndexedGroup } from './group-index.ts';
import { NO_GROUPS, TitleIndex } from './group-index.ts';
import { writeWhole } from './whole.ts';

/** Bytes of groups whose derived files may have to be made again at a start. */
const MARK_BYTES_APART = 134_217_728;

/** A group as it is added: with its frame, which is the same in both places. */
export interface FramedGroup {
  readonly group: PlacedGroup;
  readonly frame: Uint8Array;
}

export function frameGroup(store: Uint8Array, group: PlacedGroup): FramedGroup {
  return { group, frame: frame(store, writePlaced(group)) };
}

interface Files {
  readonly disk: TitleDisk;
  /** Where the file of groups is. */
  readonly path: string;
  readonly groups: TitleFile;
  readonly index: TitleIndex;
}

/** What is the matter with a place that was opened. */
export interface PlaceOpened {
  readonly place: Place;
  /** Whether its index had to be made again. */
  readonly isIndexNew: boolean;
  /** Whether it holds a group that the server signed and the store knows nothing of. */
  readonly isAhead: boolean;
  /** Pieces behind the mark that hold no group of this server. */
  readonly junk: number;
}

/** What a place is opened by. */
export interface PlaceLimits {
  /** The last group that was certified. */
  readonly groups: () => number;
  /** Groups after this one are in the write-ahead log. */
  readonly kept: number;
  /** What stands behind it is cut off. */
  readonly until?: Extent | undefined;
  /** Whether the server signed a head. */
  readonly isSigned: (head: SignedHead) => boolean;
}

/** The head of a place's file cannot be read: it may be made again from the other place. */
export class DamagedPlace {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    this.refusal = refusal;
  }
}

export class Place {
  readonly folder: string;
  /** The mark of the store that it belongs to. */
  readonly store: Uint8Array;
  readonly #disk: TitleDisk;
  readonly #path: string;
  #groups: TitleFile;
  readonly #index: TitleIndex;
  #extent: Extent;
  #synced: Extent;
  /** Groups that are not in the derived files yet. */
  #waiting: IndexedGroup[] = [];
  #isAhead = false;
  #junk = 0;

  private constructor(folder: string, store: Uint8Array, { disk, path, groups, index }: Files) {
    this.folder = folder;
    this.#disk = disk;
    this.#path = path;
    this.store = store;
    this.#groups = groups;
    this.#index = index;
    this.#extent = index.marked;
    this.#synced = index.marked;
  }

  /**
   * Opens a place, and begins it where there is nothing. What stands behind `until` is cut off, as is what is not whole or not
   * this server's; groups after number `kept` are in the write-ahead log, so what follows a gap among those is cut off too.
   * Nothing is cut off a place that is ahead. Refuses a folder of another store. Throws what the file system objects to.
   */
  static async open(
    disk: TitleDisk,
    folder: string,
    store: Uint8Array,
    limits: PlaceLimits,
  ): Promise<PlaceOpened | DamagedPlace | Refusal> {
    await disk.makeFolder(folder);
    const path = join(folder, 'groups');
    let groups = disk.open(path);
    const isNew = groups === undefined;
    if (groups === undefined) {
      await writeWhole(disk, path, [fileHead('groups', store)]);
      groups = mustOpen(disk, path);
    }
    const mark = markOf('groups', groups.read(HEAD_BYTES, 0));
    if (mark === undefined || !sameBytes(mark, store)) {
      groups.close();
      const refusal = refuse('not possible', notOurs(path, mark));
      return mark === undefined ? new DamagedPlace(refusal) : refusal;
    }
    const index = TitleIndex.open(disk, folder, store);
    const { until } = limits;
    if (until !== undefined && groups.size() > until.end) groups.resize(until.end);
    if (index.marked.end > groups.size() || index.marked.last > limits.groups()) index.clear();
    if (isNew) await index.mark(NO_GROUPS);
    const place = new Place(folder, store, { disk, path, groups, index });
    await place.#readOn(limits);
    return {
      place,
      isIndexNew: index.isNew && place.last > 0,
      isAhead: place.#isAhead,
      junk: place.#junk,
    };
  }

  /** The number of the last group that is here. */
  get last(): number {
    return this.#extent.last;
  }

  get count(): number {
    return this.#extent.count;
  }

  /** As far as it is durable. */
  get synced(): Extent {
    return this.#synced;
  }

  /** Adds a group behind the last one. It is durable only after `sync`. */
  append(framed: FramedGroup): void {
    const at = this.#put(framed);
    const { number, cells } = framed.group;
    this.#waiting.push({ group: { number, cells }, at });
  }

  /** Makes all groups durable, and the derived files complete. */
  async sync(): Promise<void> {
    const extent = this.#extent;
    await this.derive();
    await this.#groups.sync();
    this.#synced = extent;
    if (extent.end - this.#index.marked.end > MARK_BYTES_APART) await this.#index.mark(extent);
  }

  /** Lets the next start derive nothing again. All must be synced. */
  async mark(): Promise<void> {
    if (this.#synced.end === this.#extent.end && this.#index.marked.end !== this.#extent.end)
      await this.#index.mark(this.#extent);
  }

  /** Brings the derived files up to where the groups are. */
  async derive(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    await this.#index.add(waiting);
  }

  /** A group; undefined where it is not here, or damaged. */
  read(number: number): PlacedGroup | undefined {
    const at = number > this.last ? 0 : this.#index.startOf(number);
    const body = at === 0 ? undefined : frameIn(this.store, this.#groups, at);
    const placed = body === undefined ? undefined : readPlaced(body);
    return placed?.number === number ? placed : undefined;
  }

  /** The group of a title's last change, up to the last `sync`; undefined where it is not here, or damaged. */
  lastOf(cell: number): PlacedGroup | undefined {
    const number = this.#index.lastOf(cell);
    return number === 0 ? undefined : this.read(number);
  }

  /** Adds what another place has behind this one's last group. */
  async copyFrom(other: Place, isSigned: PlaceLimits['isSigned']): Promise<void> {
    if (other.last <= this.last) return;
    await this.derive();
    await other.derive();
    const from = other.#index.startOf(this.last + 1) || HEAD_BYTES;
    await this.#index.add(this.#copied(other, from, isSigned));
  }

  /** Makes the file again out of what both places have, where both have a group out of its own: the other may be anybody's. */
  async merge(other: Place, isSigned: PlaceLimits['isSigned']): Promise<void> {
    this.#index.clear();
    await writeWhole(this.#disk, this.#path, this.#merged(other, isSigned));
    this.#groups.close();
    this.#groups = mustOpen(this.#disk, this.#path);
    this.#waiting = [];
    this.#extent = NO_GROUPS;
    await this.#readOn({ groups: () => Infinity, kept: Infinity, isSigned });
    this.#synced = this.#extent;
  }

  close(): void {
    this.#groups.close();
    this.#index.close();
  }

  /** Writes a group's frame behind the last one, and says where it begins. */
  #put({ group, frame: bytes }: FramedGroup): number {
    const { end, last, count } = this.#extent;
    if (group.number <= last) throw new Error(`group ${group.number} is in ${this.folder} already`);
    this.#groups.write(bytes, end);
    this.#extent = { end: end + bytes.length, last: group.number, count: count + 1 };
    return end;
  }

  *#copied(other: Place, from: number, isSigned: PlaceLimits['isSigned']): Generator<IndexedGroup> {
    for (const { body } of framesOf(this.store, other.#groups, from)) {
      const group = readPlaced(body);
      if (group === undefined || group.number <= this.last || group.number > other.last) continue;
      if (isOurs(group, isSigned)) yield { group, at: this.#put(frameGroup(this.store, group)) };
    }
  }

  *#merged(other: Place, isSigned: PlaceLimits['isSigned']): Generator<Uint8Array> {
    yield fileHead('groups', this.store);
    const [own, others] = [this.#ours(isSigned), other.#ours(isSigned)];
    let [one, two] = [own.next(), others.next()];
    while (one.done !== true || two.done !== true) {
      const [mine, its] = [numberOf(one), numberOf(two)];
      const { value } = mine <= its ? one : two;
      if (value !== undefined) yield frameGroup(this.store, value).frame;
      if (mine <= its) one = own.next();
      if (its <= mine) two = others.next();
    }
  }

  /** All groups of this place whose heads the server signed, in their order. */
  *#ours(isSigned: PlaceLimits['isSigned']): Generator<PlacedGroup, undefined> {
    let last = 0;
    for (const { body } of framesOf(this.store, this.#groups, HEAD_BYTES)) {
      const group = readPlaced(body);
      if (group === undefined || group.number <= last || group.number > this.last) continue;
      if (!isOurs(group, isSigned)) continue;
      last = group.number;
      yield group;
    }
    return undefined;
  }

  /** Reads what stands behind the mark, and cuts off what is not whole, or not ours, at the end. */
  async #readOn(limits: PlaceLimits): Promise<void> {
    await this.#index.add(this.#following(limits));
    if (!this.#isAhead && this.#groups.size() > this.#extent.end) this.#groups.resize(this.#extent.end);
  }

  *#following({ groups, kept, isSigned }: PlaceLimits): Generator<IndexedGroup> {
    for (const { body, at, end } of framesOf(this.store, this.#groups, this.#extent.end)) {
      const group = readPlaced(body);
      if (group === undefined || group.number > groups()) {
        // By an older trusted folder titles could be spent twice; but anybody who can write here can write a high number.
        if (group !== undefined && isOurs(group, isSigned)) this.#isAhead = true;
        else this.#junk++;
        continue;
      }
      // A loss of power may leave what was written later, and not what was written before it.
      if (group.number > this.last + 1 && group.number > kept + 1) return;
      if (group.number <= this.last) continue;
      this.#extent = { end, last: group.number, count: this.count + 1 };
      yield { group, at };
    }
  }
}

/** Behind the last one all numbers are over. */
function numberOf({ value }: IteratorResult<PlacedGroup, undefined>): number {
  return value?.number ?? Infinity;
}

function mustOpen(disk: TitleDisk, path: string): TitleFile {
  const file = disk.open(path);
  if (file === undefined) throw new Error(`${path} is not there, though it was made`);
  return file;
}

/** Whether the server signed the group's head. Of what else is in the group this says nothing. */
export function isOurs({ bytes }: PlacedGroup, isSigned: PlaceLimits['isSigned']): boolean {
  const head = signedHeadOf(bytes);
  return head !== undefined && isSigned(head);
}

function notOurs(path: string, mark: Uint8Array | undefined): string {
  return mark === undefined
    ? `${path} is damaged or not of this version; take this folder away, and it is made again from the other place`
    : `${path} belongs to another title server's folder; name the right folders`;
}
