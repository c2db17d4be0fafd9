/** A disk in memory that fails when it is told to, and forgets on a loss of power what was not synced. */
import { dirname } from 'node:path';
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import type { TitleDisk, TitleFile } from './disk.ts';
import type { Scattered } from './writer.ts';

const SECTOR = 512;

interface Content {
  now: Uint8Array;
  /** As of the last sync. */
  durable: Uint8Array;
}

/** What happened of an operation that fails; `half`: of a write, the first half. */
export type Happened = 'before' | 'half' | 'after';

export interface Fault {
  /** The operation that fails, from 1. */
  readonly at: number;
  readonly happened: Happened;
  /** Whether it is the end: everything after it fails too. */
  readonly isEnd: boolean;
}

export class MemoryDisk implements TitleDisk {
  #names = new Map<string, Content>();
  #durableNames = new Map<string, Content>();
  readonly #locks = new Set<string>();
  /** How many operations there were that change something. */
  operations = 0;
  /** What each of them was, for the message of a test that fails. */
  readonly trace: string[] = [];
  fault: Fault | undefined;
  /** The code with which an operation on a path fails, if it does. */
  denies: (operation: string, path: string) => string | undefined = () => undefined;
  #isEnded = false;

  /** Whether the fault came. */
  get hasFailed(): boolean {
    return this.fault !== undefined && this.operations >= this.fault.at;
  }

  /** The next process: no lock is held any more, nothing fails. */
  restart(): void {
    this.#locks.clear();
    this.fault = undefined;
    this.#isEnded = false;
    this.operations = 0;
    this.trace.length = 0;
    this.denies = () => undefined;
  }

  /** What was not synced is there or not, sector by sector and name by name, as `chance` (below 1) says. */
  losePower(chance: () => number): void {
    const names = new Map(this.#durableNames);
    for (const path of new Set([...this.#names.keys(), ...this.#durableNames.keys()])) {
      const now = this.#names.get(path);
      if (now === this.#durableNames.get(path) || chance() < 0.5) continue;
      if (now === undefined) names.delete(path);
      else names.set(path, now);
    }
    for (const content of new Set(names.values())) {
      const mixed = mix(content, chance);
      content.now = mixed;
      content.durable = mixed.slice();
    }
    this.#names = names;
    this.#durableNames = new Map(names);
  }

  /** A file's bytes, to be looked at or damaged. */
  bytes(path: string): Uint8Array | undefined {
    return this.#names.get(path)?.now;
  }

  put(path: string, bytes: Uint8Array): void {
    const content = { now: bytes, durable: bytes.slice() };
    this.#names.set(path, content);
    this.#durableNames.set(path, content);
  }

  /** Takes away every file of a folder. */
  wipe(folder: string): void {
    for (const path of this.#names.keys()) if (dirname(path) === folder) this.delete(path);
  }

  delete(path: string): void {
    this.#names.delete(path);
    this.#durableNames.delete(path);
  }

  /** Copies of every file of a folder, and how to put them back. */
  copy(folder: string): () => void {
    const copies = [...this.#names].filter(([path]) => dirname(path) === folder);
    const kept = copies.map(([path, { now }]) => [path, now.slice()] as const);
    return () => {
      this.wipe(folder);
      for (const [path, bytes] of kept) this.put(path, bytes.slice());
    };
  }

  async makeFolder(path: string): Promise<void> {
    this.act('make folder', path, () => undefined);
  }

  list(folder: string): readonly string[] {
    return [...this.#names.keys()]
      .filter((path) => dirname(path) === folder)
      .map((path) => path.slice(folder.length + 1));
  }

  open(path: string): TitleFile | undefined {
    this.deny('open', path);
    const content = this.#names.get(path);
    return content === undefined ? undefined : new MemoryFile(this, path, content);
  }

  create(path: string): TitleFile {
    const content = this.#names.get(path) ?? { now: new Uint8Array(0), durable: new Uint8Array(0) };
    this.act('create', path, () => {
      content.now = new Uint8Array(0);
      this.#names.set(path, content);
    });
    return new MemoryFile(this, path, content);
  }

  rename(from: string, to: string): void {
    this.act('rename', to, () => {
      const content = this.#names.get(from);
      if (content === undefined) throw fault('ENOENT');
      this.#names.delete(from);
      this.#names.set(to, content);
    });
  }

  remove(path: string): void {
    this.act('remove', path, () => this.#names.delete(path));
  }

  async syncFolder(folder: string): Promise<void> {
    await Promise.resolve();
    this.act('sync folder', folder, () => {
      const isIn = ([path]: readonly [string, Content]): boolean => dirname(path) === folder;
      const others = [...this.#durableNames].filter((each) => !isIn(each));
      this.#durableNames = new Map([...others, ...[...this.#names].filter(isIn)]);
    });
  }

  lock(path: string): (() => void) | Refusal {
    if (this.#locks.has(path)) return refuse('busy', `${path} is in use`);
    this.#locks.add(path);
    return () => this.#locks.delete(path);
  }

  deny(operation: string, path: string): void {
    if (this.#isEnded) throw fault('EIO');
    const code = this.denies(operation, path);
    if (code !== undefined) throw fault(code);
  }

  /** Does what changes something, unless it is to fail. */
  act(operation: string, path: string, does: (half: boolean) => void): void {
    this.deny(operation, path);
    this.operations++;
    this.trace.push(`${operation} ${path}`);
    if (this.fault?.at !== this.operations) {
      does(false);
      return;
    }
    this.#isEnded = this.fault.isEnd;
    if (this.fault.happened !== 'before') does(this.fault.happened === 'half');
    throw fault('EIO');
  }
}

class MemoryFile implements TitleFile {
  readonly #disk: MemoryDisk;
  readonly #path: string;
  readonly #content: Content;
  #isClosed = false;

  constructor(disk: MemoryDisk, path: string, content: Content) {
    this.#disk = disk;
    this.#path = path;
    this.#content = content;
  }

  read(length: number, position: number): Uint8Array {
    this.#mustBeOpen();
    this.#disk.deny('read', this.#path);
    if (position < 0) throw fault('EINVAL');
    return this.#content.now.slice(position, position + length);
  }

  write(bytes: Uint8Array, position: number): void {
    this.#mustBeOpen();
    this.#disk.act('write', this.#path, (half) => {
      const written = half ? bytes.subarray(0, bytes.length >> 1) : bytes;
      const end = position + written.length;
      if (end > this.#content.now.length) this.#resize(end);
      this.#content.now.set(written, position);
    });
  }

  async scatter({ values, positions }: Scattered): Promise<void> {
    await new Promise(setImmediate);
    const length = values.length / positions.length;
    for (const [at, position] of positions.entries())
      this.write(values.subarray(at * length, (at + 1) * length), position);
  }

  resize(length: number): void {
    this.#mustBeOpen();
    this.#disk.act('resize', this.#path, () => this.#resize(length));
  }

  size(): number {
    this.#mustBeOpen();
    this.#disk.deny('size', this.#path);
    return this.#content.now.length;
  }

  async sync(): Promise<void> {
    this.#mustBeOpen();
    await new Promise(setImmediate);
    this.#disk.act('sync', this.#path, () => {
      this.#content.durable = this.#content.now.slice();
    });
  }

  close(): void {
    this.#mustBeOpen();
    this.#isClosed = true;
  }

  #mustBeOpen(): void {
    if (this.#isClosed) throw fault('EBADF');
  }

  #resize(length: number): void {
    const longer = new Uint8Array(length);
    longer.set(this.#content.now.subarray(0, length));
    this.#content.now = longer;
  }
}

/** What is on the disk of a file that was not synced: of each sector the old or the new. */
function mix({ now, durable }: Content, chance: () => number): Uint8Array {
  const mixed = new Uint8Array(chance() < 0.5 ? now.length : durable.length);
  for (let at = 0; at < mixed.length; at += SECTOR) {
    const from = chance() < 0.5 ? now : durable;
    mixed.set(from.subarray(at, Math.min(at + SECTOR, mixed.length)), at);
  }
  return mixed;
}

function fault(code: string): Error {
  return Object.assign(new Error(`${code}: told to`), { code });
}

/** Numbers below 1, the same for the same seed. */
export function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
