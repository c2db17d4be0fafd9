/** Both places: every group is added to each. One that fails is mended from the other, or from what is still in memory. */
import { Refusal, refuse } from '../../base/refusal.ts';
import type { SignedHead } from '../../title/documents/documents.ts';
import type { GroupRecord } from '../../title/server/ports.ts';
import { fileFault } from './disk.ts';
import type { TitleDisk } from './disk.ts';
import type { PlacedGroup } from './entries.ts';
import type { TitleStoreEvent } from './events.ts';
import type { Extent } from './group-index.ts';
import { DamagedPlace, Place, frameGroup, isOurs } from './place.ts';
import type { PlaceOpened } from './place.ts';
import { inSlices } from './slices.ts';

export interface PlacesParts {
  readonly disk: TitleDisk;
  /** The mark of the store. */
  readonly store: Uint8Array;
  readonly folders: readonly [string, string];
  readonly report: (event: TitleStoreEvent) => void;
  /** Whether the server signed a head. */
  readonly isSigned: (head: SignedHead) => boolean;
}

/** What is certified, at every moment: up to which group, and those of the write-ahead log by number. */
export interface Certified {
  readonly groups: () => number;
  readonly recent: ReadonlyMap<number, GroupRecord>;
}

interface Slot {
  readonly folder: string;
  /** Undefined while the place fails. */
  place: Place | undefined;
  /** As far as it was durable when it failed; undefined where it could not be opened yet. */
  until: Extent | undefined;
  /** What was reported of its failure: the same is not said twice. */
  said: string | undefined;
}

export class Places {
  readonly #parts: PlacesParts;
  readonly #slots: readonly Slot[];
  /** The last group that is durable in a place: what is mended must have that many. */
  #reach = 0;

  private constructor(parts: PlacesParts) {
    this.#parts = parts;
    this.#slots = parts.folders.map((folder) => ({
      folder,
      place: undefined,
      until: undefined,
      said: undefined,
    }));
  }

  /**
   * Opens both and makes them the same, with all that is certified in them. Refuses where neither can be used, where one is not
   * this store's, and where one holds what is not certified: then the trusted folder is older than the place.
   */
  static async open(parts: PlacesParts, certified: Certified): Promise<Places | Refusal> {
    const places = new Places(parts);
    const refusal = await places.#openAll(certified);
    if (refusal !== undefined) places.close();
    return refusal ?? places;
  }

  /** Whether neither can be used. */
  get areFailing(): boolean {
    return this.#slots.every(({ place }) => place === undefined);
  }

  /** Adds groups to each place. A place that objects is left out until it is mended. */
  append(records: readonly GroupRecord[]): void {
    const framed = records.map((record) => frameGroup(this.#parts.store, record));
    for (const slot of this.#slots)
      this.#trySync(slot, (place) => {
        for (const each of framed) place.append(each);
      });
  }

  /** Mends what fails, as far as that can be done now. */
  async mend(certified: Certified): Promise<void> {
    for (const slot of this.#slots)
      if (slot.place === undefined) await this.#mendOne(slot, certified, this.#reach);
    // Better a gap than to stand still. What is in the other place alone is copied at the next start that finds it.
    for (const slot of this.#slots) if (this.areFailing) await this.#mendOne(slot, certified, 0);
  }

  /** Makes all groups durable, in every place that does not fail. False where both do. */
  async sync(): Promise<boolean> {
    await Promise.all(this.#slots.map((slot) => this.#try(slot, (place) => place.sync())));
    const durable = this.#slots.flatMap(({ place }) => place?.synced.last ?? []);
    this.#reach = Math.max(this.#reach, ...durable);
    return durable.length > 0;
  }

  /** Lets the next start derive nothing again. */
  async mark(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => this.#try(slot, (place) => place.mark())));
  }

  /** What the places have as a group: one, where they agree, or each its own. Its head is the server's. */
  read(number: number): readonly PlacedGroup[] {
    const [one, other] = this.#slots.map((slot) => this.#trySync(slot, (place) => place.read(number)));
    const agree = one !== undefined && other !== undefined && Buffer.compare(one.bytes, other.bytes) === 0;
    return [one, agree ? undefined : other].filter(
      (group) => group !== undefined && isOurs(group, this.#parts.isSigned),
    ) as readonly PlacedGroup[];
  }

  /** What the places have as the group that brought a title to this sequence number, where it is in the derived files. */
  *lastOf(cell: number, sequence: number): Generator<PlacedGroup> {
    for (const slot of this.#slots) {
      const group = this.#trySync(slot, (place) => place.lastOf(cell));
      const isIt = group?.cells.some((each) => each.cell === cell && each.sequence === sequence) ?? false;
      if (group !== undefined && isIt) yield group;
    }
  }

  close(): void {
    for (const { place } of this.#slots) place?.close();
  }

  async #openAll(certified: Certified): Promise<Refusal | undefined> {
    let damaged: Refusal | undefined;
    for (const slot of this.#slots) {
      const objection = await this.#openOne(slot, certified);
      if (objection instanceof Refusal) return objection;
      damaged ??= objection?.refusal;
    }
    if (this.areFailing && damaged !== undefined) return damaged;
    await this.#align();
    for (const slot of this.#slots) this.#trySync(slot, (place) => fill(place, certified));
    if (!(await this.sync())) return refuse('not possible', cannotUse(this.#parts.folders));
    this.#sayLost(certified);
    return undefined;
  }

  #sayLost({ groups }: Certified): void {
    const lost = groups() - Math.max(...this.#slots.map(({ place }) => place?.count ?? 0));
    if (lost > 0) this.#parts.report({ event: 'title groups lost', groups: lost });
  }

  async #openOne(slot: Slot, certified: Certified): Promise<Refusal | DamagedPlace | undefined> {
    const { report } = this.#parts;
    try {
      const opened = await this.#open(slot, certified);
      if (opened instanceof Refusal) return opened;
      if (opened instanceof DamagedPlace) {
        this.#fail(slot, undefined, 'damaged');
        return opened;
      }
      slot.place = opened.place;
      if (opened.isAhead) return refuse('not possible', isBehind(slot.folder, certified.groups()));
      if (opened.isIndexNew)
        report({ event: 'title index made again', place: slot.folder, groups: opened.place.count });
    } catch (error) {
      this.#fail(slot, undefined, fileFault(error));
    }
    return undefined;
  }

  async #open(slot: Slot, certified: Certified): Promise<PlaceOpened | DamagedPlace | Refusal> {
    const { disk, store, isSigned, report } = this.#parts;
    const opened = await Place.open(disk, slot.folder, store, {
      groups: certified.groups,
      kept: keptBy(certified),
      until: slot.until,
      isSigned,
    });
    if ('junk' in opened && opened.junk > 0)
      report({ event: 'title place not ours', place: slot.folder, pieces: opened.junk });
    return opened;
  }

  /** Gives each place what only the other has. */
  async #align(): Promise<void> {
    const [one, other] = this.#slots.map(({ place }) => place);
    if (one === undefined || other === undefined) return;
    const before = new Map([one, other].map((place) => [place, place.count]));
    for (const slot of this.#slots)
      await this.#try(slot, (place) => this.#complete(place, place === one ? other : one));
    for (const { place, folder } of this.#slots) {
      const groups = place === undefined ? 0 : place.count - (before.get(place) ?? 0);
      if (groups > 0) this.#parts.report({ event: 'title place mended', place: folder, groups });
    }
  }

  /** Opens a place again and fills it, unless it then lacks groups up to `reach`. */
  async #mendOne(slot: Slot, certified: Certified, reach: number): Promise<void> {
    const { report } = this.#parts;
    let place: Place | undefined;
    try {
      const opened = await this.#open(slot, certified);
      if (!('place' in opened)) {
        this.#fail(slot, undefined, opened instanceof DamagedPlace ? 'damaged' : 'another store');
        return;
      }
      ({ place } = opened);
      const before = place.count;
      const other = this.#slots.find((each) => each !== slot)?.place;
      if (other !== undefined) await this.#complete(place, other);
      // Where the other one has what is missing here, that one has to be mended first.
      if (place.last >= reach && !opened.isAhead) {
        const waiting = place;
        await inSlices(certified.recent.values(), (record) => addMissing(waiting, record));
        // What came since, and from now on it is added to like the other.
        fill(place, certified);
        Object.assign(slot, { place, said: undefined });
        report({ event: 'title place mended', place: slot.folder, groups: place.count - before });
        if (other === undefined) this.#sayLost(certified);
      }
    } catch (error) {
      this.#fail(slot, undefined, fileFault(error));
    }
    if (slot.place !== place) place?.close();
  }

  /** Gives a place what it lacks of the other's groups. */
  async #complete(place: Place, other: Place): Promise<void> {
    const { isSigned } = this.#parts;
    await place.copyFrom(other, isSigned);
    if (place.count < other.count) await place.merge(other, isSigned);
  }

  #trySync<Result>(slot: Slot, act: (place: Place) => Result): Result | undefined {
    const { place } = slot;
    try {
      return place === undefined ? undefined : act(place);
    } catch (error) {
      this.#fail(slot, place, fileFault(error));
      return undefined;
    }
  }

  async #try(slot: Slot, act: (place: Place) => Promise<void>): Promise<void> {
    const { place } = slot;
    try {
      if (place !== undefined) await act(place);
    } catch (error) {
      this.#fail(slot, place, fileFault(error));
    }
  }

  #fail(slot: Slot, place: Place | undefined, code: string): void {
    // It may have failed for somebody else in the meantime.
    if (slot.place !== place) return;
    if (slot.said !== code) this.#parts.report({ event: 'title place failed', place: slot.folder, code });
    slot.said = code;
    if (place === undefined) return;
    slot.until = place.synced;
    slot.place = undefined;
    place.close();
  }
}

/** The last group that the write-ahead log does not have. */
function keptBy({ groups, recent }: Certified): number {
  const [first = groups() + 1] = recent.keys();
  return first - 1;
}

/** Adds what of the write-ahead log a place lacks. */
function fill(place: Place, certified: Certified): void {
  for (const record of certified.recent.values()) addMissing(place, record);
}

function addMissing(place: Place, record: GroupRecord): void {
  if (record.number > place.last) place.append(frameGroup(place.store, record));
}

function isBehind(place: string, groups: number): string {
  return (
    `the place ${place} holds groups that the title server's own folder knows nothing of: it ends at group ${groups}. This ` +
    'folder is an older copy, or its log is damaged, and by it titles could be spent twice. Bring the newest copy back'
  );
}

function cannotUse(folders: readonly [string, string]): string {
  return `neither ${folders[0]} nor ${folders[1]} can be written; make room, or give the title server the right to write there`;
}
