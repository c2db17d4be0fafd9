import type { GroupRecord, PooledTitle, TitleStart } from '../../title/server/ports.ts';

/** What groups add up to, but for the sequence numbers of titles. */
export interface TitleState {
  groups: number;
  head: Uint8Array;
  time: number;
  titles: number;
  readonly classes: Uint8Array[];
  /** By cell. */
  readonly pool: Map<number, PooledTitle>;
}

export function emptyTitleState(): TitleState {
  return { groups: 0, head: new Uint8Array(32), time: 0, titles: 0, classes: [], pool: new Map() };
}

/** Adds a group. Throws where it does not follow: only a bug can bring that. */
export function addGroup(state: TitleState, record: GroupRecord): void {
  mustFollow(state, record);
  const { number, head, time, titles, isClass, bytes, pooled, unpooled } = record;
  Object.assign(state, { groups: number, head, time, titles });
  if (isClass) state.classes.push(bytes);
  for (const cell of unpooled) state.pool.delete(cell);
  for (const title of pooled) state.pool.set(title.cell, title);
}

/** Throws where a group does not come next after so many groups and titles, or changes a title that does not exist. */
export function mustFollow(
  { groups, titles }: { readonly groups: number; readonly titles: number },
  record: GroupRecord,
): void {
  if (record.number !== groups + 1) throw new Error(`group ${record.number} does not follow ${groups}`);
  if (record.titles < titles) throw new Error(`group ${record.number} takes titles away`);
  if (record.cells.some(({ cell }) => cell >= record.titles))
    throw new Error(`group ${record.number} changes a title that does not exist`);
}

/** What a store answers when it is opened. */
export function startOf({ groups, head, time, titles, classes, pool }: TitleState): TitleStart {
  return { groups, head, time, titles, classes: [...classes], pool: [...pool.values()] };
}
