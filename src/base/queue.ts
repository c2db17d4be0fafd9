type Settled = { readonly kind: 'fine' } | { readonly kind: 'failed'; readonly error: unknown };

const FINE: Settled = { kind: 'fine' };

/** Runs jobs one after the other, in the order in which they came. */
export class Queue {
  #last: Promise<Settled> = Promise.resolve(FINE);
  /** What a job that nobody waits for failed with; whoever comes next is told. */
  #failed: Settled = FINE;
  #ended = false;

  /** Runs a job once those before it are through; resolves or rejects as the job does. */
  run<Result>(job: () => Promise<Result>): Promise<Result> {
    if (this.#ended) return Promise.reject(new Error('the wallet is closed'));
    return this.#append(job);
  }

  /** Runs a job that nobody waits for. Its failure rejects the next `run` or `end`. */
  later(job: () => Promise<unknown>): void {
    if (this.#ended) return;
    this.#append(job).catch((error: unknown) => {
      this.#failed = { kind: 'failed', error };
    });
  }

  /** Takes no more jobs and waits for those there are. */
  end(): Promise<void> {
    this.#ended = true;
    return this.#append(() => Promise.resolve());
  }

  #append<Result>(job: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(() => {
      const failed = this.#failed;
      this.#failed = FINE;
      if (failed.kind === 'failed') throw failed.error;
      return job();
    });
    this.#last = result.then(
      () => FINE,
      (error: unknown) => ({ kind: 'failed', error }),
    );
    return result;
  }
}
