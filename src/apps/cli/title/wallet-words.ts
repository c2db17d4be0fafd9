/** What the commands of the wallet of titles have in common: which class is meant, and how titles are said. */
import { Refusal, refuse } from '../../../base/refusal.ts';
import { TITLE_LIMITS } from '../../../title/documents/limits.ts';
import type {
  TitleClassView,
  TitleName,
  TitleOperationView,
  TitleView,
} from '../../../title/wallet/facade.ts';
import type { OpenTitleWallet } from '../../../title/wallet/wallet.ts';
import { printable } from '../terminal.ts';

export interface TitleOptions {
  /** The wallet's folder as it was typed, for what is said. */
  readonly data: string;
  readonly json: boolean;
  /** Whether a server that is known is asked at another address from now on. */
  readonly move: boolean;
  readonly to: string | undefined;
  /** Where what is handed over, or a secret, is written. */
  readonly output: string | undefined;
  /** Denominations that are wanted, with commas between. */
  readonly into: string | undefined;
  /** A condition: the hash of a secret, until when, and to whom it falls back. */
  readonly hash: string | undefined;
  readonly until: string | undefined;
  readonly back: string | undefined;
  readonly secretFile: string | undefined;
}

export interface TitleCommand {
  readonly usage: string;
  readonly operands: (count: number) => boolean;
  /** Whether it asks servers, and so first takes up what a crash cut short. */
  readonly online: boolean;
  /** Whether it makes no wallet where there is none. */
  readonly needsWallet?: true;
  readonly run: (
    wallet: OpenTitleWallet,
    operands: readonly string[],
    options: TitleOptions,
  ) => Promise<Refusal | undefined> | Refusal | undefined;
}

/** Where a wallet is unless something else is said. */
export const HOME = 'data/wallet';

const MOST = TITLE_LIMITS.titlesPerTransfer;

/** Fewer digits of an id name no class: too many begin alike. */
const LEAST_DIGITS = 4;

/** The class that is meant, by its name or the beginning of its id: of those held first, then of those that servers show. */
export async function chooseClass(wallet: OpenTitleWallet, text: string): Promise<TitleClassView | Refusal> {
  const held = matching(
    wallet.titles().map(({ titleClass }) => titleClass),
    text,
  );
  if (held.length > 0) return oneOf(held);
  const shown: TitleClassView[] = [];
  let refused: Refusal | undefined;
  for (const { id } of wallet.servers()) {
    const classes = await wallet.classes(id);
    if (classes instanceof Refusal) refused ??= classes;
    else shown.push(...matching(classes, text));
  }
  if (shown.length > 0) return oneOf(shown);
  if (refused !== undefined) return refused;
  return refuse(
    'unknown',
    `no class is named “${text}”; say its name or how its id begins, as specie title titles shows it`,
  );
}

function matching(classes: readonly TitleClassView[], text: string): readonly TitleClassView[] {
  const named = classes.filter(
    ({ id, name }) => name === text || (text.length >= LEAST_DIGITS && id.startsWith(text)),
  );
  return [...new Map(named.map((each) => [each.id, each])).values()];
}

function oneOf(classes: readonly TitleClassView[]): TitleClassView | Refusal {
  const [first, ...others] = classes;
  if (first === undefined) throw new Error('one class at least is meant');
  if (others.length === 0) return first;
  const ids = classes.map(({ id }) => id.slice(0, 12)).join(' ');
  return refuse('not possible', `several classes are meant; say which by its id: ${ids}`);
}

/** The titles of a class with these serials; 3-7 names those from 3 to 7. */
export async function chooseTitles(
  wallet: OpenTitleWallet,
  [text = '', ...serials]: readonly string[],
): Promise<readonly TitleName[] | Refusal> {
  const chosen = await chooseClass(wallet, text);
  if (chosen instanceof Refusal) return chosen;
  const names: TitleName[] = [];
  for (const each of serials) {
    const run = readRun(each);
    if (run === undefined)
      return refuse('malformed', `“${each}” is no number of a title, and no 3-7 either, which are five`);
    const [first, last] = run;
    const count = names.length + last - first + 1;
    if (count > MOST)
      return refuse(
        'not possible',
        `one transfer takes at most ${MOST} titles, not ${count}; do it in parts`,
      );
    for (let serial = first; serial <= last; serial++) names.push({ titleClass: chosen.id, serial });
  }
  // What was issued to this wallet since it last asked is held once it has asked; a server that is away has nothing new.
  if (!names.every((name) => wallet.title(name) !== undefined)) await wallet.classes(chosen.server);
  return names;
}

/** Serials from the first to the last; undefined for anything else. */
function readRun(text: string): readonly [number, number] | undefined {
  const [start = '', end = start, ...rest] = text.split('-');
  const [first, last] = [readWhole(start), readWhole(end)];
  const isRun = first !== undefined && last !== undefined && first <= last && rest.length === 0;
  return isRun ? [first, last] : undefined;
}

/** A whole number from 1; undefined for anything else. */
export function readWhole(text: string): number | undefined {
  const number = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** An amount in a class's unit. */
export function worthText(amount: number, { unit }: TitleClassView): string {
  return `${amount} ${printable(unit)}`;
}

/** Titles of one class as a list: those alike on one line, each with something to be said of it on one of its own. */
export function titleLines(titles: readonly TitleView[]): readonly string[] {
  const sorted = titles.toSorted((left, right) => left.serial - right.serial);
  const isPlain = ({ condition, state }: TitleView) => condition === undefined && state === 'held';
  const alike = Map.groupBy(sorted.filter(isPlain), ({ denomination }) => denomination);
  return [
    ...[...alike.values()].map(alikeText),
    ...sorted.filter((each) => !isPlain(each)).map((each) => `  ${titleText(each)}`),
  ];
}

function alikeText(titles: readonly TitleView[]): string {
  const [first] = titles;
  if (first === undefined) return '';
  const serials = titles.map(({ serial }) => serial);
  const worth = worthText(first.denomination, first.titleClass);
  return `  ${titles.length} × ${worth}: ${titles.length === 1 ? 'number' : 'numbers'} ${runsText(serials)}`;
}

/** Serials in ascending order, in words. */
export function runsText(serials: readonly number[]): string {
  const runs: { first: number; last: number }[] = [];
  for (const serial of serials) {
    const run = runs.at(-1);
    if (run?.last === serial - 1) run.last = serial;
    else runs.push({ first: serial, last: serial });
  }
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first} to ${last}`)).join(', ');
}

/** A title in words: its number, what it is worth, and what else is to be said of it. */
export function titleText({
  serial,
  denomination,
  titleClass,
  condition,
  pseudonym,
  state,
}: TitleView): string {
  const notes = [state === 'leaving' ? 'a transfer of it is pending' : ''];
  if (condition !== undefined) {
    const until = dayText(condition.until);
    notes.push(
      pseudonym === condition.fallback
        ? `given away; yours again from ${until} on, unless it is claimed`
        : `bound until ${until}: claim it with the secret of ${condition.hash.slice(0, 12)}…`,
    );
  }
  return [`${serial}`, worthText(denomination, titleClass), ...notes]
    .filter((each) => each !== '')
    .join('  ');
}

/** What was done, and what is to be done. */
const KINDS: Readonly<Record<TitleOperationView['kind'], readonly [string, string]>> = {
  give: ['gave', 'to give'],
  pay: ['paid', 'to pay'],
  split: ['changed', 'to change'],
  pool: ['filled the pool with', 'to fill the pool with'],
  claim: ['claimed', 'to claim'],
  receive: ['received', 'to receive'],
};

/** What an operation is about, in a few words. */
export function operationText(operation: TitleOperationView): string {
  const { kind, state, amount, titleClass, serials, change } = operation;
  const [did, toDo] = KINDS[kind];
  const what = `${worthText(amount, titleClass)} of ${printable(titleClass.name)} (${serials.join(', ')})`;
  if (state !== 'done') return `${toDo} ${what}`;
  const got = change.toSorted((left, right) => left - right).join(', ');
  if (got === '') return `${did} ${what}`;
  return kind === 'split' ? `${did} ${what} into ${got}` : `${did} ${what}; change: ${got}`;
}

/** A time as people read it, in UTC. */
export function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}
