/** The books of a title server under torture from all sides, and what is wrong with them. */

/** A title as the server says of it, with a proof that verified. */
export interface ServedTitle {
  /** `CLASS/SERIAL`. */
  readonly title: string;
  readonly denomination: number;
  /** Its place among all titles. */
  readonly cell: number;
  readonly sequence: number;
  /** 64 hexadecimal digits. */
  readonly holder: string;
  readonly isBound: boolean;
}

/** A title that has come to a sequence. */
export interface Move {
  readonly title: string;
  readonly sequence: number;
}

/** A transfer that is made, as those who know of it say. */
export interface MadeTransfer {
  readonly hash: string;
  /** Where it left its inputs, then its change. */
  readonly moves: readonly Move[];
}

/** A wallet's word on a title. */
export interface WalletTitle {
  readonly title: string;
  readonly sequence: number;
  readonly pseudonym: string;
}

export interface TitleBooks {
  /** The server's key. */
  readonly server: string;
  readonly served: readonly ServedTitle[];
  /** What the pools are said to hold, times the denominations. */
  readonly pooled: number;
  /** What the issuer signed for, times the denominations. */
  readonly issued: number;
  /** Of the server's log. */
  readonly log: readonly MadeTransfer[];
  /** What wallets count as done: with the moves of the receipts that somebody heard. */
  readonly done: readonly MadeTransfer[];
  /** What wallets say of transfers that they do not count as done, by hash. */
  readonly undone: ReadonlyMap<string, string>;
  /** By the names of those who have them. */
  readonly wallets: ReadonlyMap<string, readonly WalletTitle[]>;
  /** The trusted file by itself, by cell. */
  readonly sequences: readonly number[];
  readonly places: readonly [Uint8Array, Uint8Array];
}

/** What is wrong; empty where every title is accounted for. */
export function missing(books: TitleBooks): readonly string[] {
  return [
    ...holderFaults(books),
    ...sumFaults(books),
    ...transferFaults(books),
    ...sequenceFaults(books),
    ...fileFaults(books),
  ];
}

/** Every title is in the pool, or in one wallet as the server says it is. */
function holderFaults({ server, served, wallets }: TitleBooks): readonly string[] {
  const holders = new Map<string, (WalletTitle & { readonly who: string })[]>();
  for (const [who, titles] of wallets)
    for (const each of titles)
      holders.set(each.title, [...(holders.get(each.title) ?? []), { ...each, who }]);
  const known = new Set(served.map(({ title }) => title));
  const strange = [...holders.keys()].filter((title) => !known.has(title));
  return [
    ...strange.map((title) => `${title} is in a wallet and was never issued`),
    ...served.flatMap(({ title, sequence, holder, isBound }) => {
      const its = holders.get(title) ?? [];
      const [first] = its;
      if (isBound) return [`${title} is still bound`];
      if (holder === server) return its.map(({ who }) => `${title} is in the pool, and ${who} has it too`);
      if (first === undefined)
        return [`${title} is lost: ${holder} has it at sequence ${sequence}, and nobody knows`];
      if (its.length > 1) return [`${title} is held by ${its.map(({ who }) => who).join(' and ')}`];
      return first.sequence === sequence && first.pseudonym === holder
        ? []
        : [`${first.who} has ${title} at sequence ${first.sequence}, and the server at ${sequence}`];
    }),
  ];
}

/** What was issued is in wallets and pools. */
function sumFaults({ served, wallets, pooled, issued }: TitleBooks): readonly string[] {
  const worth = new Map(served.map(({ title, denomination }) => [title, denomination]));
  const held = [...wallets.values()].flat().reduce((sum, { title }) => sum + (worth.get(title) ?? 0), 0);
  return held + pooled === issued
    ? []
    : [`${issued} were issued, ${held} are in wallets and ${pooled} in pools`];
}

/** What is done is in the log, and the log has nothing else; no two transfers bring a title to one sequence. */
function transferFaults({ log, done, undone }: TitleBooks): readonly string[] {
  const logged = new Map(log.map((each) => [each.hash, each]));
  const known = new Set(done.map(({ hash }) => hash));
  const moves = log.flatMap((each) => each.moves.map(({ title, sequence }) => `${title} at ${sequence}`));
  const twice = moves.filter((each, at) => moves.indexOf(each) !== at);
  return [
    ...(logged.size === log.length ? [] : ['the log has a transfer twice']),
    ...twice.map((each) => `two transfers of the log brought ${each}`),
    ...log
      .filter(({ hash }) => !known.has(hash))
      .map(
        ({ hash }) =>
          `the log has the transfer ${hash}, which is not done: ${undone.get(hash) ?? 'nobody made it'}`,
      ),
    ...done.flatMap(({ hash, moves: said }) => {
      const its = logged.get(hash)?.moves;
      if (its === undefined) return [`the transfer ${hash} is done, and not in the log`];
      return said.length === 0 || JSON.stringify(said) === JSON.stringify(its)
        ? []
        : [`the receipt of ${hash} says otherwise than the log`];
    }),
  ];
}

/** A title's sequence counts the transfers that brought it, and those of them that somebody knows of. */
function sequenceFaults({ served, log, done }: TitleBooks): readonly string[] {
  const logged = new Map(log.map((each) => [each.hash, each.moves]));
  const counts = new Map<string, number>();
  for (const { hash, moves } of done)
    // Where no receipt was ever heard, the log says which titles came out of the pool.
    for (const { title } of moves.length === 0 ? (logged.get(hash) ?? []) : moves)
      counts.set(title, (counts.get(title) ?? 0) + 1);
  return served
    .filter(({ title, sequence }) => (counts.get(title) ?? 0) !== sequence)
    .map(
      ({ title, sequence }) =>
        `${title} is at sequence ${sequence}, and ${counts.get(title) ?? 0} transfers of it were made`,
    );
}

function fileFaults({ served, sequences, places }: TitleBooks): readonly string[] {
  const [first, second] = places;
  return [
    ...served
      .filter(({ cell, sequence }) => sequences[cell] !== sequence)
      .map(
        ({ title, cell, sequence }) =>
          `${title} is at ${sequence}, and in the file at ${String(sequences[cell])}`,
      ),
    ...(sequences.length === served.length
      ? []
      : [`the file counts ${sequences.length} titles, and ${served.length} were issued`]),
    ...(Buffer.from(first).equals(second) && first.length > 0 ? [] : ['the two places differ']),
  ];
}
