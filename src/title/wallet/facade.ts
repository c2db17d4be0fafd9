/** What a wallet of titles does for a person. Ids, keys and hashes are 64 hexadecimal digits. */
import type { Refusal } from '../../base/refusal.ts';

/** A title server that the wallet knows. */
export interface TitleServerView {
  readonly id: string;
  readonly url: string;
}

export interface TitleClassView {
  readonly id: string;
  readonly server: string;
  readonly issuer: string;
  readonly name: string;
  readonly entitles: string;
  readonly unit: string;
  readonly denominations: readonly number[];
  /** What all issued titles are worth together. */
  readonly issued: number;
}

/** What binds a title: `hash` of a secret, until `until` (milliseconds since 1970), when `fallback` has it. */
export interface ConditionView {
  readonly hash: string;
  readonly until: number;
  readonly fallback: string;
}

/** A title that the wallet holds, each under its own pseudonym. */
export interface TitleView {
  readonly titleClass: TitleClassView;
  readonly serial: number;
  readonly denomination: number;
  readonly sequence: number;
  readonly pseudonym: string;
  /** Who holds it: that pseudonym, unless it was given away bound by a condition of which that is the fallback. */
  readonly holder: string;
  readonly condition: ConditionView | undefined;
  /** 'leaving': a transfer of it is pending. */
  readonly state: 'held' | 'leaving';
  /** When its server last said that it is so, with a proof that verified; milliseconds since 1970. */
  readonly checked: number;
}

/** Titles of a class that are held, and not listed one by one: they were issued to this wallet, and never moved. */
export interface UnlistedTitles {
  readonly titleClass: TitleClassView;
  readonly count: number;
  /** What they are worth together. */
  readonly amount: number;
}

/** Who holds a title, as a proof says that verified. */
export interface TitleLookView {
  readonly titleClass: TitleClassView;
  readonly serial: number;
  readonly denomination: number;
  readonly sequence: number;
  readonly holder: string;
  readonly condition: ConditionView | undefined;
  /** Whether the holder is a pseudonym of this wallet. */
  readonly isOwn: boolean;
  /** Whether the server says so now: a handover may tell of what was. */
  readonly isCurrent: boolean;
}

/** What was transferred: pending until the server has answered. */
export interface TitleOperationView {
  readonly number: number;
  readonly kind: 'give' | 'pay' | 'split' | 'pool' | 'claim' | 'receive';
  readonly state: 'pending' | 'done' | 'refused';
  readonly titleClass: TitleClassView;
  readonly amount: number;
  readonly serials: readonly number[];
  /** The serials of what came to this wallet out of the server's pool, once it is done. */
  readonly change: readonly number[];
  readonly time: number;
  readonly reason: string;
  /** What its asker called it; empty: nothing. */
  readonly reference: string;
}

export interface TitleName {
  readonly titleClass: string;
  readonly serial: number;
}

/** What to do with titles that somebody else is to have. */
export interface GiveWish {
  readonly titles: readonly TitleName[];
  /** An address that the recipient's `address` gave, or a bare pseudonym. */
  readonly to: string;
  readonly condition?: ConditionView | undefined;
  /** What the asker calls it: asked for twice with the same, it is done once, after a crash too. Empty or missing: each time. */
  readonly reference?: string;
}

/**
 * Says that a transfer is made; the recipient takes `handover`, a JSON text, with `receive`. Empty while the server has not
 * answered: the operation is pending.
 */
export interface Given {
  readonly operation: TitleOperationView;
  readonly handover: string;
}

/** One after the other; every refusal is a value. A transfer that was not answered stays pending, and is taken up again. */
export interface TitleWallet {
  /** Knows a title server from now on. One that is known at another address keeps that, unless `moves`. */
  add(url: string, options?: { readonly moves?: boolean }): Promise<TitleServerView | Refusal>;
  servers(): readonly TitleServerView[];
  /** The server's classes, asked for now. */
  classes(server: string): Promise<readonly TitleClassView[] | Refusal>;
  /** Of those that were issued to it and never moved a thousand at most, of each class some. */
  titles(): readonly TitleView[];
  /** One that is held, listed or not. */
  title(name: TitleName): TitleView | undefined;
  /** What else is held. */
  unlisted(): readonly UnlistedTitles[];
  /** Newest first. */
  operations(): readonly TitleOperationView[];
  /** A text to give to whoever is to transfer titles here: fresh pseudonyms, kept before they are said. */
  address(server: string): Promise<string | Refusal>;
  give(wish: GiveWish): Promise<Given | Refusal>;
  /** An amount of a class, with change from the server's pool where it takes any. `reference`: as of a `GiveWish`. */
  pay(titleClass: string, amount: number, to: string, reference?: string): Promise<Given | Refusal>;
  /** A title for several of these denominations, out of the pool; or several for one. */
  split(titles: readonly TitleName[], into: readonly number[]): Promise<TitleOperationView | Refusal>;
  /** What somebody handed over: checked, kept, and asked about at the server. Twice is as once. */
  receive(handover: string): Promise<readonly TitleView[] | Refusal>;
  /** The handover of a transfer that was made, once more. */
  handover(operation: number): string | Refusal;
  /** Claims a title that a condition binds, with the secret (64 hexadecimal digits), or takes it back as its fallback. */
  claim(title: TitleName, secret: string | undefined): Promise<TitleOperationView | Refusal>;
  /** Who holds a title, by a proof that its server gives now. */
  look(title: TitleName): Promise<TitleLookView | Refusal>;
  /** What somebody handed over, checked and asked about at the server; nothing is kept. */
  inspect(handover: string): Promise<readonly TitleLookView[] | Refusal>;
  /** Asks the server about every title held: what is said of those that are held no more, or of which nothing can be had. */
  check(): Promise<readonly string[] | Refusal>;
  /** Finds what this wallet's secret holds at a server, in its log: for a wallet that was lost. May be repeated. */
  restore(url: string): Promise<TitleServerView | Refusal>;
  /** Takes up what is pending. */
  resumeAll(): Promise<void>;
  close(): Promise<void>;
}
