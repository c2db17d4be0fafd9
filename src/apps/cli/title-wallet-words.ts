/** What the commands of the wallet of titles have in common: which class is meant, and how titles are said. */
import { Refusal, refuse } from '../../base/refusal.ts';
import type { TitleClassView, TitleName, TitleOperationView, TitleView } from '../../title/wallet/facade.ts';
import type { OpenTitleWallet } from '../../title/wallet/wallet.ts';
import { printable } from './terminal.ts';

export interface TitleOptions {
  readonly json: boolean;
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
  readonly run: (
    wallet: OpenTitleWallet,
    operands: readonly string[],
    options: TitleOptions,
  ) => Promise<Refusal | undefined> | Refusal | undefined;
}

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

/** The titles of a class with these serials. */
export async function chooseTitles(
  wallet: OpenTitleWallet,
  [text = '', ...serials]: readonly string[],
): Promise<readonly TitleName[] | Refusal> {
  const chosen = await chooseClass(wallet, text);
  if (chosen instanceof Refusal) return chosen;
  const names: TitleName[] = [];
  for (const each of serials) {
    const serial = readWhole(each);
    if (serial === undefined) return refuse('malformed', `“${each}” is no number of a title`);
    names.push({ titleClass: chosen.id, serial });
  }
  return names;
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

/** A title as one line of a list. */
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
  return [`${serial}`.padStart(8), worthText(denomination, titleClass), ...notes]
    .filter((each) => each !== '')
    .join('  ');
}

const KINDS: Readonly<Record<TitleOperationView['kind'], string>> = {
  give: 'gave',
  pay: 'paid',
  split: 'changed',
  pool: 'filled the pool with',
  claim: 'claimed',
  receive: 'received',
};

/** What an operation is about, in a few words. */
export function operationText({ kind, amount, titleClass, serials }: TitleOperationView): string {
  return `${KINDS[kind]} ${worthText(amount, titleClass)} of ${printable(titleClass.name)} (${serials.join(', ')})`;
}

/** A time as people read it, in UTC. */
export function dayText(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}
