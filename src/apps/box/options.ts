/** What a box is started with: nothing secret, since a process list shows it. */
export interface BoxOptions {
  readonly folder: string;
  /** Where it listens; of no use with `stdio`. */
  readonly socket: string;
  /** Frames over standard input and output instead of a socket. */
  readonly stdio: boolean;
  /** Opens the vault; without one a passphrase is read from standard input. */
  readonly keyFile: string | null;
  readonly second: string | null;
  /** Founding documents (JSON): a currency that the box does not have is founded. */
  readonly foundings: readonly string[];
  /** Whether it ends when its standard input does. */
  readonly supervised: boolean;
}

/** The line that says that a box serves. */
export const READY = 'the box is ready';
