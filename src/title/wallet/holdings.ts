/** What the wallet holds, as transfers need it: titles with proofs, and those that were issued to it and never moved. */
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { formBytes, readForm } from '../documents/codec.ts';
import { TitleProof } from '../documents/documents.ts';
import type { Condition } from '../documents/documents.ts';
import { nameOf } from './book.ts';
import type { WalletClass } from './classes.ts';
import type { Context } from './context.ts';
import type { TitleName } from './facade.ts';
import type { IssuedTitles, ProvenTitle, Pseudonym } from './state.ts';

/** Issued titles that are shown one by one, of all classes together: of the others how many there are. */
const MOST_SHOWN = 1_000;
/** The seal of what needs none: a title that never changed hands. */
const NO_SEAL = new Uint8Array(16);

export interface Held {
  readonly known: WalletClass;
  readonly serial: number;
  readonly denomination: number;
  readonly sequence: number;
  readonly holder: Uint8Array;
  readonly condition: Condition | undefined;
  readonly seal: Uint8Array;
  /** This wallet's: the holder, or the fallback of its condition. */
  readonly pseudonym: Pseudonym;
  readonly isFallback: boolean;
  readonly checked: number;
  readonly isLeaving: boolean;
}

/** A title that this wallet holds; undefined where it does not. */
export function heldTitle(context: Context, name: TitleName): Held | undefined {
  const proven = context.book.proven.get(nameOf(name));
  if (proven !== undefined) return heldByProof(context, proven);
  const { titleClass, serial } = name;
  for (const issued of context.book.issued.values())
    if (issued.titleClass === titleClass && issued.spans.some(([from, to]) => serial >= from && serial <= to))
      return heldAsIssued(context, issued, serial);
  return undefined;
}

/** Every title; of those that never moved some of each class, a thousand together. */
export function allHeld(context: Context): readonly Held[] {
  const proven = [...context.book.proven.values()].map((each) => heldByProof(context, each));
  return [...proven, ...shownOf(context).flatMap(({ rows, most }) => issuedOf(context, rows, most))];
}

/** Titles of one class; of those that never moved so many, of each range some. */
export function heldIn(context: Context, titleClass: string, mostIssued: number): readonly Held[] {
  const proven = [...context.book.proven.values()]
    .filter((each) => each.titleClass === titleClass)
    .map((each) => heldByProof(context, each));
  const rows = [...context.book.issued.values()].filter((each) => each.titleClass === titleClass);
  return [...proven, ...issuedOf(context, rows, mostIssued)];
}

/** What is held beyond what `allHeld` says, by class: how many titles, and what they are worth. */
export function notShown(
  context: Context,
): readonly { readonly known: WalletClass; readonly count: number; readonly amount: number }[] {
  return shownOf(context).flatMap(({ titleClass, rows, count, most }) => {
    if (count <= most) return [];
    const shown = issuedOf(context, rows, most);
    const all = rows.reduce((sum, row) => sum + row.denomination * countOf(row), 0);
    const amount = all - shown.reduce((sum, { denomination }) => sum + denomination, 0);
    return [{ known: context.classes.known(titleClass), count: count - most, amount }];
  });
}

interface ShownClass {
  readonly titleClass: string;
  readonly rows: readonly IssuedTitles[];
  readonly count: number;
  /** How many of them are shown. */
  readonly most: number;
}

function shownOf({ book }: Context): readonly ShownClass[] {
  const classes = [...Map.groupBy(book.issued.values(), ({ titleClass }) => titleClass)];
  const counts = classes.map(([, rows]) => rows.reduce((sum, row) => sum + countOf(row), 0));
  const most = shares(counts, MOST_SHOWN);
  return classes.map(([titleClass, rows], at) => ({
    ...{ titleClass, rows },
    ...{ count: counts[at] ?? 0, most: most[at] ?? 0 },
  }));
}

function issuedOf(context: Context, rows: readonly IssuedTitles[], most: number): readonly Held[] {
  const each = shares(rows.map(countOf), most);
  return rows.flatMap((row, at) =>
    firstSerials(row, each[at] ?? 0).map((serial) => heldAsIssued(context, row, serial)),
  );
}

function countOf({ spans }: IssuedTitles): number {
  return spans.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** Room shared out: whoever wants little gets it, and nobody goes short because another one wants much. */
function shares(wants: readonly number[], room: number): readonly number[] {
  const gets = wants.map(() => 0);
  let left = room;
  const order = wants.map((want, at) => ({ want, at })).sort((one, other) => one.want - other.want);
  for (const [done, { want, at }] of order.entries()) {
    const share = Math.min(want, Math.floor(left / (wants.length - done)));
    gets[at] = share;
    left -= share;
  }
  return gets;
}

/** The lowest serials that never moved. */
export function firstSerials({ spans }: IssuedTitles, most: number): readonly number[] {
  const serials: number[] = [];
  for (const [from, to] of spans)
    for (let serial = from; serial <= to && serials.length < most; serial++) serials.push(serial);
  return serials;
}

/** Spans without these serials. */
export function spansWithout(
  spans: IssuedTitles['spans'],
  serials: readonly number[],
): IssuedTitles['spans'] {
  return serials.reduce<IssuedTitles['spans']>(
    (left, serial) =>
      left.flatMap(([from, to]): IssuedTitles['spans'] => {
        if (serial < from || serial > to) return [[from, to]];
        const parts: readonly (readonly [number, number])[] = [
          [from, serial - 1],
          [serial + 1, to],
        ];
        return parts.filter(([first, last]) => first <= last);
      }),
    spans,
  );
}

/** The issued titles without these serials: rows to keep, where anything changes. */
export function issuedWithout(
  context: Context,
  titleClass: string,
  serials: readonly number[],
): readonly IssuedTitles[] {
  return [...context.book.issued.values()]
    .filter((each) => each.titleClass === titleClass)
    .map((each) => ({ before: each, spans: spansWithout(each.spans, serials) }))
    .filter(({ before, spans }) => spans !== before.spans && !isSameSpans(spans, before.spans))
    .map(({ before, spans }) => ({ ...before, spans }));
}

/** A proof as the book keeps it. */
export function provenTitle(proof: TitleProof, checked: number): ProvenTitle {
  return {
    titleClass: bytesToHex(proof.holding.title_class),
    serial: proof.holding.serial,
    proof: bytesToHex(formBytes(TitleProof, proof)),
    checked,
  };
}

/** A proof out of the book. */
export function readProof(kept: string): TitleProof {
  const read = readForm(TitleProof, hexToBytes(kept), 'a kept proof');
  if (read instanceof Refusal) throw new Error(`the wallet is damaged: ${read.details}`);
  return read;
}

function isSameSpans(left: IssuedTitles['spans'], right: IssuedTitles['spans']): boolean {
  return (
    left.length === right.length &&
    left.every(([from, to], at) => right[at]?.[0] === from && right[at][1] === to)
  );
}

function heldByProof(context: Context, { titleClass, proof, checked }: ProvenTitle): Held {
  const known = context.classes.known(titleClass);
  const { holding, seal } = readProof(proof);
  const { serial, denomination, sequence, holder, condition } = holding;
  const asHolder = context.book.pseudonym(known.server, bytesToHex(holder));
  const pseudonym =
    asHolder ??
    (condition === undefined
      ? undefined
      : context.book.pseudonym(known.server, bytesToHex(condition.fallback)));
  if (pseudonym === undefined) throw new Error('a wallet keeps the pseudonyms of its titles');
  return {
    known,
    serial,
    denomination,
    sequence,
    holder,
    condition,
    seal,
    pseudonym,
    isFallback: asHolder === undefined,
    checked,
    isLeaving: context.book.isLeaving({ titleClass, serial }),
  };
}

function heldAsIssued(context: Context, issued: IssuedTitles, serial: number): Held {
  const { titleClass, denomination, holder, checked } = issued;
  const known = context.classes.known(titleClass);
  const pseudonym = context.book.pseudonym(known.server, holder);
  if (pseudonym === undefined) throw new Error('a wallet keeps the pseudonyms of its titles');
  return {
    known,
    serial,
    denomination,
    sequence: 0,
    holder: hexToBytes(holder),
    condition: undefined,
    seal: NO_SEAL,
    pseudonym,
    isFallback: false,
    checked,
    isLeaving: context.book.isLeaving({ titleClass, serial }),
  };
}
