/** What the server knows, as of the last commit that its store has answered. */
import { Refusal } from '../../base/refusal.ts';
import { readForm } from '../documents/codec.ts';
import { Group } from '../documents/documents.ts';
import { Registry } from '../documents/registry.ts';
import type { KnownClass } from '../documents/registry.ts';
import type { LogEnd } from './groups.ts';
import type { Planned } from './plan.ts';
import { Pool } from './pool.ts';
import { Recent } from './recent.ts';
import type { GroupRecord, TitleServerParts, TitleStart } from './ports.ts';

export class TitleState {
  readonly registry: Registry;
  readonly pool = new Pool();
  /** Which group brought a class's last version, by the class's id. */
  readonly #classGroups = new Map<string, number>();
  readonly recent = new Recent();
  #end: LogEnd;

  /** Throws when what the store has kept does not add up. */
  constructor(
    { key, verify, mostTitles }: Pick<TitleServerParts, 'key' | 'verify' | 'mostTitles'>,
    start: TitleStart,
  ) {
    this.registry = new Registry(key.publicKey, verify, Math.max(mostTitles, start.titles));
    this.#end = { groups: start.groups, head: start.head, time: start.time };
    for (const bytes of start.classes) this.#keepKept(bytes);
    if (this.registry.titles !== start.titles)
      throw new Error('the classes that were kept do not add up to the titles there are');
    for (const title of start.pool) this.pool.put(title);
  }

  /** The last group that took effect. */
  get end(): LogEnd {
    return this.#end;
  }

  /** The time of what comes next: never before what there is. */
  timeAt(now: number): number {
    return Math.max(now, this.#end.time);
  }

  /** Which group brought a class's last version. */
  groupOf({ id }: KnownClass): number {
    const group = this.#classGroups.get(id);
    if (group === undefined) throw new Error('every class came with a group');
    return group;
  }

  /** A group took effect. */
  took({ number, head, time }: GroupRecord): void {
    this.#end = { groups: number, head, time };
  }

  tookTransfers(planned: readonly Planned[], group: number): void {
    for (const { presented, fromPool, toPool } of planned) {
      if (toPool.length > 0) this.recent.note(presented.hash, group);
      for (const title of fromPool) this.pool.take(title);
      for (const title of toPool) this.pool.put(title);
    }
  }

  tookClass(known: KnownClass, group: number): void {
    this.registry.keep(known);
    this.#classGroups.set(known.id, group);
  }

  #keepKept(bytes: Uint8Array): void {
    const group = readForm(Group, bytes, 'group');
    if (group instanceof Refusal) throw new Error(`a class that was kept: ${group.details}`);
    const { title_class, signed_head } = group;
    if (title_class === undefined) throw new Error('a group that was kept as one of a class has none');
    const known = this.registry.judge(title_class);
    if (known instanceof Refusal) throw new Error(`a class that was kept: ${known.details}`);
    this.tookClass(known, signed_head.head.number);
  }
}
