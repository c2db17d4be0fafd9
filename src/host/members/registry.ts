/** Which members' wallets are open: each once, for as long as somebody uses it. */
import type { Instant } from '../../base/dates.ts';
import type { Clock } from '../../base/ports.ts';
import { HOST_LIMITS, HOST_TIMES } from '../limits.ts';
import type { Turns } from '../turns.ts';

/** What a registry needs of an open member. */
export interface Closable {
  /** Who listens, as a page does that is open in a browser. */
  readonly news: { readonly listeners: number };
  /** Whether something failed that makes it unsafe to go on with it. */
  readonly isBroken: boolean;
  close(): Promise<void>;
}

interface Entry<Member> {
  readonly member: Member;
  used: Instant;
}

export interface RegistryParts {
  readonly clock: Clock;
  readonly turns: Turns;
  /** Told when a member does not close as it should: that stops nobody else. */
  readonly bug: (error: Error) => void;
  /** How many may be open; HOST_LIMITS.openWallets where it is not said. */
  readonly most?: number;
}

export class Registry<Member extends Closable> {
  readonly #parts: RegistryParts;
  readonly #entries = new Map<string, Entry<Member>>();
  /** Whose turn to be opened has come. */
  readonly #opening = new Set<string>();
  #isEnded = false;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  /** The member, where open and sound; does not count as use. */
  peek(id: string): Member | undefined {
    const member = this.#entries.get(id)?.member;
    return member?.isBroken === true ? undefined : member;
  }

  /** The member, where open and sound. */
  use(id: string): Member | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.member.isBroken) return undefined;
    entry.used = this.#parts.clock();
    return entry.member;
  }

  /**
   * The member; opened in the member's turn, so that a wallet is never open twice, and never opened before it is closed.
   * Whoever was not used for longest goes where there would be too many. Undefined when `opener` gives none.
   */
  async open(id: string, opener: () => Promise<Member | undefined>): Promise<Member | undefined> {
    const member = await this.#parts.turns.run(id, async () => {
      if (this.#isEnded) throw new Error('the host is closed');
      const before = this.use(id);
      if (before !== undefined) return before;
      await this.#close(id);
      this.#opening.add(id);
      try {
        const opened = await opener();
        if (opened !== undefined) this.#entries.set(id, { member: opened, used: this.#parts.clock() });
        return opened;
      } finally {
        this.#opening.delete(id);
      }
    });
    await this.#makeRoom(id);
    return member;
  }

  /** All that are open. */
  all(): readonly (readonly [string, Member])[] {
    return [...this.#entries].map(([id, { member }]) => [id, member]);
  }

  /** Closes a member, if open. Takes the member's turn. */
  forget(id: string): Promise<void> {
    return this.#closeIf(id, () => true);
  }

  /** Whom nobody used for a while and nobody listens to; and whoever is broken, to be opened afresh. */
  idle(): readonly string[] {
    return [...this.#entries].filter(([, entry]) => this.#isIdle(entry)).map(([id]) => id);
  }

  /** Closes a member who is idle still. Takes the member's turn. */
  closeIdle(id: string): Promise<void> {
    return this.#closeIf(id, (entry) => this.#isIdle(entry));
  }

  #isIdle({ member, used }: Entry<Member>): boolean {
    return member.isBroken || (member.news.listeners === 0 && this.#parts.clock() - used >= HOST_TIMES.idle);
  }

  /** Opens none any more, and closes all. */
  async end(): Promise<void> {
    this.#isEnded = true;
    const ids = new Set([...this.#entries.keys(), ...this.#opening]);
    await Promise.all([...ids].map((id) => this.forget(id)));
  }

  async #makeRoom(butId: string): Promise<void> {
    const { most = HOST_LIMITS.openWallets } = this.#parts;
    const excess = this.#entries.size - most;
    if (excess <= 0) return;
    const others = [...this.#entries].filter(([id]) => id !== butId);
    others.sort(
      ([, left], [, right]) =>
        Number(left.member.news.listeners > 0) - Number(right.member.news.listeners > 0) ||
        left.used - right.used,
    );
    await Promise.all(others.slice(0, excess).map(([id]) => this.forget(id)));
  }

  #closeIf(id: string, goes: (entry: Entry<Member>) => boolean): Promise<void> {
    return this.#parts.turns.run(id, async () => {
      const entry = this.#entries.get(id);
      if (entry !== undefined && goes(entry)) await this.#close(id);
    });
  }

  async #close(id: string): Promise<void> {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    try {
      await entry?.member.close();
    } catch (error) {
      this.#parts.bug(errorOf(error));
    }
  }
}

/** What was thrown, as an error. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('something was thrown that is no error');
}
