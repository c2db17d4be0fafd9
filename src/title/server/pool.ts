/** The titles that the server itself holds, to give change from. */
import type { PooledTitle } from './ports.ts';

/** What is there of one denomination, the longest there first. */
interface Shelf {
  readonly denomination: number;
  titles: PooledTitle[];
  /** Those before it have gone. */
  first: number;
}

/** Titles of the pool, by class and denomination. What has been there longest goes first. */
export class Pool {
  readonly #classes = new Map<string, Map<number, Shelf>>();

  /** The title that would go after `skipped` others; undefined where there are not so many. */
  peek(titleClass: string, denomination: number, skipped: number): PooledTitle | undefined {
    const shelf = this.#classes.get(titleClass)?.get(denomination);
    return shelf?.titles[shelf.first + skipped];
  }

  /** How many there are of a denomination. */
  count(titleClass: string, denomination: number): number {
    const shelf = this.#classes.get(titleClass)?.get(denomination);
    return shelf === undefined ? 0 : shelf.titles.length - shelf.first;
  }

  put(title: PooledTitle): void {
    this.#shelf(title.titleClass, title.denomination).titles.push(title);
  }

  /** Takes the one that is first. Throws when it is another. */
  take(title: PooledTitle): void {
    const shelf = this.#shelf(title.titleClass, title.denomination);
    if (shelf.titles[shelf.first]?.cell !== title.cell) throw new Error('the pool gives what is first');
    shelf.first++;
    if (shelf.first < 1_024 || 2 * shelf.first < shelf.titles.length) return;
    shelf.titles = shelf.titles.slice(shelf.first);
    shelf.first = 0;
  }

  #shelf(titleClass: string, denomination: number): Shelf {
    let shelves = this.#classes.get(titleClass);
    if (shelves === undefined) this.#classes.set(titleClass, (shelves = new Map<number, Shelf>()));
    let shelf = shelves.get(denomination);
    if (shelf === undefined) shelves.set(denomination, (shelf = { denomination, titles: [], first: 0 }));
    return shelf;
  }
}
