/** Jobs one after the other for each name, beside one another for different names. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs a job once the earlier ones of this name are through. Not within a job of the same name: it would wait for itself. */
  async run<Result>(name: string, job: () => Promise<Result>): Promise<Result> {
    const result = (this.#last.get(name) ?? Promise.resolve()).then(job);
    // Whoever asked is told of a failure; the next job runs all the same.
    const settled = Promise.allSettled([result]);
    this.#last.set(name, settled);
    try {
      return await result;
    } finally {
      if (this.#last.get(name) === settled) this.#last.delete(name);
    }
  }
}
