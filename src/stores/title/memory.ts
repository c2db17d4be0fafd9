import { Refusal } from '../../base/refusal.ts';
import { readForm } from '../../title/documents/codec.ts';
import { Group } from '../../title/documents/documents.ts';
import { TITLE_LIMITS } from '../../title/documents/limits.ts';
import type { GroupRecord, TitleStore } from '../../title/server/ports.ts';
import { addGroup, emptyTitleState, startOf } from './state.ts';

/** What a store in memory leaves behind: every group that took effect. A store that is opened on it goes on from there. */
export type TitleMemory = GroupRecord[];

/** A title store that keeps nothing but in memory. What was answered is in `memory`, and in no other place. */
export function openMemoryTitleStore(memory: TitleMemory = []): TitleStore {
  const state = emptyTitleState();
  const last = new Map<number, { readonly sequence: number; readonly group: number }>();
  const take = (record: GroupRecord): void => {
    addGroup(state, record);
    for (const { cell, sequence } of record.cells) last.set(cell, { sequence, group: record.number });
  };
  for (const record of memory) take(record);
  return {
    start: async () => startOf(state),
    sequence: (cell) => last.get(cell)?.sequence ?? 0,
    commit: async (groups) => {
      // As a disk would: whatever else is going on has its turn before this takes effect.
      await new Promise(setImmediate);
      for (const record of groups) {
        take(record);
        memory.push(record);
      }
    },
    obstacle: () => undefined,
    lastGroup: async (cell, find) => {
      const record = memory[(last.get(cell)?.group ?? 0) - 1];
      return record === undefined ? undefined : find(mustRead(record.bytes));
    },
    groups: async (from, most) => {
      const bytes = memory.slice(Math.max(0, from - 1)).map((record) => record.bytes);
      return firstOf(bytes, most);
    },
    page: (page) => {
      const first = page * TITLE_LIMITS.pageCells;
      const bytes = new DataView(new ArrayBuffer(4 * pageLength(page, state.titles)));
      for (let at = 0; at < bytes.byteLength; at += 4)
        bytes.setUint32(at, last.get(first + at / 4)?.sequence ?? 0);
      return new Uint8Array(bytes.buffer);
    },
    close: async () => undefined,
  };
}

/** How many titles a page has. */
export function pageLength(page: number, titles: number): number {
  return Math.max(0, Math.min(TITLE_LIMITS.pageCells, titles - page * TITLE_LIMITS.pageCells));
}

/** As many as have `most` bytes together, but at least one where there is one. */
export function firstOf(groups: Iterable<Uint8Array>, most: number): readonly Uint8Array[] {
  const taken: Uint8Array[] = [];
  let total = 0;
  for (const bytes of groups) {
    total += bytes.length;
    if (total > most && taken.length > 0) break;
    taken.push(bytes);
  }
  return taken;
}

function mustRead(bytes: Uint8Array): Group {
  const group = readForm(Group, bytes, 'group');
  if (group instanceof Refusal)
    throw new Error(`a group that cannot be read was committed: ${group.details}`);
  return group;
}
