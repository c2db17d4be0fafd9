/** What a title box is started with: nothing secret, since a process list shows it. */
export interface TitleBoxOptions {
  /** The box's folder, with its vault. */
  readonly folder: string;
  /** The trusted books in it: sequences and write-ahead log. */
  readonly books: string;
  /** Where documents are kept, twice. */
  readonly places: readonly [string, string];
  readonly socket: string;
  /** Opens the vault; without one a passphrase is read from standard input. */
  readonly keyFile: string | null;
  /** Issuers whose classes are taken, in hexadecimal; null: anybody's. */
  readonly issuers: readonly string[] | null;
  readonly mostTitles: number;
  /** Where its fronts take datagrams; null: nowhere. */
  readonly udpPort: number | null;
}

/** The line that says that a title box serves. */
export const TITLE_BOX_READY = 'the title box is ready';

/** Requests of one front that are worked on at once: what many people send together is committed together. */
export const TITLE_UNDERWAY = 1_024;

/** In the frame of a request that came as a datagram: its answer may be no longer. */
export const DATAGRAM = 'datagram';
