/** What a title server's storage mended or lost, for the log. A place is named by its folder. */
export type TitleStoreEvent =
  /** A crash left the beginning of a commit that nobody was answered. */
  | { readonly event: 'title log cut'; readonly bytes: number }
  | { readonly event: 'title place failed'; readonly place: string; readonly code: string }
  /** A place lacked groups, and has them again. */
  | { readonly event: 'title place mended'; readonly place: string; readonly groups: number }
  | { readonly event: 'title index made again'; readonly place: string; readonly groups: number }
  /** So many pieces of a place hold no group, or one of a number that was never certified, which the server did not sign. */
  | { readonly event: 'title place not ours'; readonly place: string; readonly pieces: number }
  /** So many groups are in no place that can be used: what they certified holds, but nobody can look it up. */
  | { readonly event: 'title groups lost'; readonly groups: number }
  | { readonly event: 'title checkpoint failed'; readonly code: string };
