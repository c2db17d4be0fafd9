import type { LetterView } from './schemas.ts';

/** What an open member's pages are told: a letter came, or something else is no longer as it was. */
export type NewsEvent =
  { readonly kind: 'letter'; readonly letter: LetterView } | { readonly kind: 'changed' };

/** Tells whoever listens what happens in one member's wallet. */
export class News {
  readonly #listeners = new Set<(event: NewsEvent) => void>();

  /** How many listen: a wallet that somebody looks at is not idle. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Calls the listener at every event, until the function that is returned is called. A listener never throws. */
  on(listener: (event: NewsEvent) => void): () => void {
    const own = (event: NewsEvent): void => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Tells all that listen now. */
  tell(event: NewsEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}
