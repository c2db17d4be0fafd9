/** Every limit on what is said about titles, with its reason. */
export const MOST_INTEGER = Number.MAX_SAFE_INTEGER;

export const TITLE_LIMITS = {
  /** Bytes of a datagram: what crosses every network in one piece (IPv6's least MTU is 1,280; RFC 8200 §5). */
  datagramBytes: 1_200,
  /** Bytes of one message over HTTP and frames. */
  messageBytes: 1_048_576,
  /** Titles that one transfer brings; as many may come out of the pool. With four, request and answer fit into a datagram. */
  titlesPerTransfer: 16,
  /** Leaves of one group: paths have at most seven hashes, and a signature costs next to nothing for each. */
  groupLeaves: 128,
  /** Hashes of a path through a group. */
  groupPath: 7,
  /** Hashes of a path through the tree of pages: 2^22 pages hold 2^32 sequences. */
  pagePath: 22,
  /** Sequences of one page: a leaf of the tree over all of them, 4 KiB. */
  pageCells: 1_024,
  /** Pages in one answer with a root. */
  pagesAtOnce: 8,
  /** Titles that one server can count at all: their places are unsigned 32-bit numbers. */
  cells: 2 ** 32 - 1,
  /** Classes of one server: all of them are in its memory. */
  classes: 4_096,
  /** The last sequence number; a title that has reached it changes hands no more. */
  sequence: 2 ** 32 - 1,
  /** Ranges of one class, over all of its versions. */
  ranges: 256,
  denominations: 16,
  /** Bytes of a class's name, of its unit, and of what a title entitles to. */
  name: 80,
  unit: 20,
  entitles: 4_000,
  /** Classes in one answer: the longest there can be are still a message in JSON. */
  classesPage: 16,
  /** Bytes of groups in one answer, which in JSON is three times as long; the last one may go beyond by itself. */
  groupsPageBytes: 131_072,
  /** Milliseconds from now until which a condition may bind a title at most: ninety days. */
  conditionLasts: 90 * 24 * 3_600_000,
  /** Bytes of a refusal's details. */
  details: 400,
} as const;
