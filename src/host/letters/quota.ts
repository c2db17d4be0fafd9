/** How many letters one member may bring into another's inbox that the other has not opened. */
import { HOST_LIMITS } from '../limits.ts';
import type { HostStore } from '../ports.ts';

/** Letters that are looked at again when a quota is used up: those that were opened since make room. */
const LOOKED_AT = 16;

/**
 * Kept in memory alone: on the disk it would say who pays whom. A host that begins again begins to count again.
 */
export class Quota {
  readonly #store: HostStore;
  readonly #brought = new Map<string, Map<string, number>>();

  constructor(store: HostStore) {
    this.#store = store;
  }

  /** Whether a sender may bring one more. */
  async hasRoom(sender: string, to: string): Promise<boolean> {
    const brought = this.#brought.get(nameOf(sender, to));
    if (brought === undefined || isWithin(brought)) return true;
    for (const [letter, bytes] of [...brought].slice(0, LOOKED_AT)) {
      brought.delete(letter);
      const row = await this.#store.letter(to, letter);
      // Those that are unopened come last, so that all are looked at in time.
      if (row?.sealedTo === 'recipient') brought.set(letter, bytes);
    }
    if (brought.size === 0) this.#brought.delete(nameOf(sender, to));
    return isWithin(brought);
  }

  /** One was brought, of so many bytes. */
  count(sender: string, to: string, letter: string, bytes: number): void {
    const name = nameOf(sender, to);
    const brought = this.#brought.get(name) ?? new Map<string, number>();
    brought.set(letter, bytes);
    this.#brought.set(name, brought);
  }
}

function isWithin(brought: ReadonlyMap<string, number>): boolean {
  const bytes = [...brought.values()].reduce((total, each) => total + each, 0);
  return brought.size < HOST_LIMITS.unopened && bytes < HOST_LIMITS.unopenedBytes;
}

function nameOf(sender: string, to: string): string {
  return `${sender} ${to}`;
}
