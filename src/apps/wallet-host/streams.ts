/** Which browsers listen to news, so that none has too many streams, and none listens on when its session has ended. */

/** Streams of one session: its pages share one, and browsers without that have few pages open. */
const MOST = 5;

export interface Stream {
  readonly member: string;
  readonly session: string;
  /** Looks whether the session is still there, and ends where it is not. */
  readonly check: () => Promise<void>;
  readonly end: () => void;
}

export class Streams {
  readonly #open = new Set<Stream>();

  /** False where the session has as many as it may. */
  add(stream: Stream): boolean {
    const others = [...this.#open].filter(({ session }) => session === stream.session);
    if (others.length >= MOST) return false;
    this.#open.add(stream);
    return true;
  }

  remove(stream: Stream): void {
    this.#open.delete(stream);
  }

  /** Some sessions of a member may have ended. */
  async check(member: string): Promise<void> {
    const concerned = [...this.#open].filter((stream) => stream.member === member);
    await Promise.all(concerned.map((stream) => stream.check()));
  }

  endAll(): void {
    for (const stream of [...this.#open]) stream.end();
  }
}
