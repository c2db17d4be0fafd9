/**
 * A time limit that is set and lifted with every write: the timer is made once and put off, and looks whether it is
 * still meant when it rings. It keeps no process alive.
 */
export class Deadline {
  readonly #milliseconds: number;
  readonly #missed: () => void;
  #timer: NodeJS.Timeout | undefined;
  #set = false;

  constructor(milliseconds: number, missed: () => void) {
    this.#milliseconds = milliseconds;
    this.#missed = missed;
  }

  get set(): boolean {
    return this.#set;
  }

  /** From now on there is the whole time. */
  start(): void {
    this.#set = true;
    if (this.#timer !== undefined) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#ring(), this.#milliseconds).unref();
  }

  lift(): void {
    this.#set = false;
  }

  /** Lifts it for good. */
  end(): void {
    this.#set = false;
    clearTimeout(this.#timer);
  }

  #ring(): void {
    if (!this.#set) return;
    this.#set = false;
    this.#missed();
  }
}
