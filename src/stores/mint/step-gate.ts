/**
 * Lets a long piece of work be done in steps in the background, and other work only between its steps: SQLite's backup
 * gives up when it meets a transaction of its own connection.
 */
export class StepGate {
  private waiting: (() => void)[] = [];
  private isClosed = false;
  private last: Promise<unknown> = Promise.resolve();

  /** Does work that takes its time in the background; several in a row. It calls `between` between its steps. */
  stepped(work: (between: () => void) => Promise<void>): Promise<void> {
    const done = this.last.then(() => this.begin(work));
    this.last = Promise.allSettled([done]);
    return done;
  }

  /** Resolves when nothing is done in steps any more. */
  async idle(): Promise<void> {
    await this.last;
  }

  /** Does work at once, or where there are steps after the present one; always in the order in which it came. */
  pass<Value>(work: () => Value): Promise<Value> {
    return new Promise((resolve, reject) => {
      const attempt = () => {
        try {
          resolve(work());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      if (this.isClosed) this.waiting.push(attempt);
      else attempt();
    });
  }

  private async begin(work: (between: () => void) => Promise<void>): Promise<void> {
    this.isClosed = true;
    try {
      await work(() => {
        this.drain();
      });
    } finally {
      this.isClosed = false;
      this.drain();
    }
  }

  private drain(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const each of waiting) each();
  }
}
