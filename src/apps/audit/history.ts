/** What an auditor notes down while reading a journal. */
import { authorisedBy } from '../../mint/charter/apply.ts';
import { descriptionOf } from '../../mint/charter/charter.ts';
import type { Charter } from '../../mint/charter/charter.ts';
import type { JournalEvent, SignedEntry } from '../../protocol/journal.ts';
import { actionInWords, dated, signersInWords, written } from './words.ts';

export interface History {
  /** Every change of what is authorised, a line each. */
  readonly treasury: readonly string[];
  /** Whatever else was decided or happened, a line each. */
  readonly others: readonly string[];
  readonly backups: { readonly count: number; readonly last: string };
  /** When the journal said last what its keys have issued and redeemed; empty before it did. */
  readonly totals: string;
}

export const NO_HISTORY: History = { treasury: [], others: [], backups: { count: 0, last: '' }, totals: '' };

/** The notes with another entry's. `after` is the charter that the entry led to. */
export function note(
  history: History,
  before: Charter | undefined,
  { entry }: SignedEntry,
  after: Charter,
): History {
  const { event } = entry;
  const when = dated(entry.time);
  const moved = authorisedBy(before, event);
  if (moved !== 0 || movesReserve(event)) {
    const money = descriptionOf(after);
    const sum = `${moved < 0 ? '-' : '+'}${written(money, Math.abs(moved))}`;
    const line = `${when}  ${sum} to ${written(money, after.authorised)}: ${why(before, event)}`;
    return { ...history, treasury: [...history.treasury, line] };
  }
  if (event.type === 'totals') return { ...history, totals: when };
  if (event.type === 'backup') {
    return { ...history, backups: { count: history.backups.count + 1, last: when } };
  }
  const other = OTHERS[event.type] as Note<JournalEvent> | undefined;
  const said = other?.(before, event);
  return said === undefined ? history : { ...history, others: [...history.others, `${when}  ${said}`] };
}

/** What is held of a reserve backs what is authorised, also where rounding hides it or its terms count no more of it. */
function movesReserve(event: JournalEvent): boolean {
  return (
    event.type === 'reserve held' ||
    (event.type === 'ordered' && event.order.order.action.type === 'release reserve')
  );
}

function why(before: Charter | undefined, event: JournalEvent): string {
  if (event.type === 'founded') return 'founded';
  if (event.type === 'ordered') return byOrder(before, event);
  if (event.type === 'reserve held')
    return `by the issuer’s own word the reserve holds ${event.amount} of the other currency’s smallest unit`;
  throw new Error('nothing else moves the treasury');
}

function byOrder(
  before: Charter | undefined,
  { order }: JournalEvent & { readonly type: 'ordered' },
): string {
  const by = before === undefined ? '' : `, ordered by ${signersInWords(before.policy, order.signatures)}`;
  return `${order.order.action.type}${by}`;
}

type Note<Event extends JournalEvent> = (before: Charter | undefined, event: Event) => string;

const OTHERS: {
  readonly [Name in JournalEvent['type']]?: Note<JournalEvent & { readonly type: Name }>;
} = {
  ordered: (before, event) => {
    if (before === undefined) return byOrder(before, event);
    const { order, signatures } = event.order;
    const [what = ''] = actionInWords(order.action, descriptionOf(before));
    return `${what.replace(/[.:]$/, '')}; ordered by ${signersInWords(before.policy, signatures)}`;
  },
  description: (_, { cddc }) => `description ${cddc.cdd.cdd_serial} published`,
  'mint key revoked': (before, { certificate: { revocation } }) => {
    return (
      `mint key ${revocation.mint_key_id} revoked${worthOf(before, revocation.mint_key_id)}; ` +
      `its coins are taken until ${dated(revocation.coins_until)}`
    );
  },
  restored: (_, { complete }) =>
    complete
      ? 'restored from a backup, complete'
      : 'restored from a backup that was not complete: the mint keys of that time are retired',
  'currency founded': (_, { issuer_id }) => `the currency ${issuer_id} founded`,
};

function worthOf(before: Charter | undefined, id: string): string {
  const key = before?.keys.get(id)?.certificate.mint_key;
  return before === undefined || key === undefined
    ? ''
    : `, of denomination ${written(descriptionOf(before), key.denomination)}`;
}
