/** The fold: what each entry of the journal does to the charter. Pure; entries are checked before (check.ts). */
import { ZERO, amount } from '../../base/amount.ts';
import type { Instant } from '../../base/dates.ts';
import type { Action, CashierLimits } from '../../protocol/governance.ts';
import { hashOf } from '../../protocol/ids.ts';
import type { JournalEntry, JournalEvent, KeyTotals } from '../../protocol/journal.ts';
import { dayOf } from '../ledger.ts';
import type { Cashier } from '../ports.ts';
import { instantOf, saysTerms, worth } from './charter.ts';
import type { Charter, CharterKey, Permitted, Totals } from './charter.ts';
import { amountOf, judgeOrder, permittedOn } from './policy.ts';

type Change = Partial<Charter>;
type Ordered<Name extends Action['type']> = Action & { readonly type: Name };
type Happened<Name extends JournalEvent['type']> = Extract<JournalEvent, { readonly type: Name }>;

/**
 * The charter after an entry; before the first, there is none. Throws on an entry that `checkEntry` would not have
 * accepted where it makes no sense at all, as a second founding or a negative sum.
 */
export function applyEntry(charter: Charter | undefined, entry: JournalEntry): Charter {
  const { event } = entry;
  const time = instantOf(entry.time);
  const head = { entries: entry.number + 1, hash: hashOf(entry) };
  if (event.type === 'founded') {
    if (charter !== undefined) throw new Error('a currency is founded once');
    return { ...founded(event), head, time };
  }
  if (charter === undefined) throw new Error('a journal begins with the founding');
  const fold = FOLDS[event.type] as (charter: Charter, event: JournalEvent, time: Instant) => Change;
  const authorised = amount(charter.authorised + authorisedBy(charter, event));
  return { ...charter, ...fold(charter, event, time), authorised, head, time };
}

/** By how much an entry with this event changes what is authorised. Of a founding, the treasury it begins with. */
export function authorisedBy(charter: Charter | undefined, event: JournalEvent): number {
  if (event.type === 'founded') return event.founding.treasury;
  if (charter === undefined) return 0;
  if (event.type === 'ordered') return authorisedByAction(charter, event.order.order.action);
  if (event.type === 'reserve held') return revalued(charter, event.amount);
  return 0;
}

/** By how much an action that is carried out changes what is authorised. */
export function authorisedByAction(charter: Charter, action: Action): number {
  const held = charter.reserve?.held ?? 0;
  switch (action.type) {
    case 'raise treasury':
      return action.amount;
    case 'lower treasury':
      return -action.amount;
    case 'release reserve':
      return revalued(charter, held - action.amount);
    case 'reserve':
      // Other terms for what is held already: it is worth more or less from now on.
      return held === 0 ? 0 : valueOf(action.reserve, held) - valueOf(charter.reserve?.terms, held);
    default:
      return 0;
  }
}

function revalued(charter: Charter, held: number): number {
  if (charter.reserve === null) return 0;
  return valueOf(charter.reserve.terms, held) - valueOf(charter.reserve.terms, charter.reserve.held);
}

/** NaN where there is no such amount: no sum with it is an amount either. */
function valueOf(terms: Parameters<typeof worth>[0] | undefined, held: number): number {
  return terms === undefined || held < 0 ? Number.NaN : worth(terms, held);
}

function founded({ cddc, founding, statement_key }: Happened<'founded'>): Omit<Charter, 'head' | 'time'> {
  return {
    issuerId: cddc.cdd.id,
    cddcs: [cddc],
    statementKey: statement_key,
    policy: founding.policy,
    schedule: founding.key_schedule,
    cashiers: new Map(founding.cashiers.map((each) => [each.cashier, readCashier(each)])),
    power: 'on',
    keys: new Map(),
    formerKeys: new Set(),
    authorised: amount(founding.treasury),
    reserve: null,
    executed: new Map(),
    permitted: new Map(),
    due: [],
    lastTotals: new Map(),
  };
}

type Folds = {
  readonly [Name in Exclude<JournalEvent['type'], 'founded'>]: (
    charter: Charter,
    event: Happened<Name>,
    time: Instant,
  ) => Change;
};

const FOLDS: Folds = {
  ordered,
  description: (charter, event) => ({
    cddcs: [...charter.cddcs, event.cddc],
    due: without(charter.due, dueFor(charter, event)),
  }),
  'mint key': (charter, { certificate }) => {
    const { id } = certificate.mint_key;
    return {
      keys: new Map(charter.keys).set(id, { certificate, state: 'live' }),
      lastTotals: new Map(charter.lastTotals).set(id, { issued: ZERO, redeemed: ZERO }),
    };
  },
  'mint key revoked': (charter, event) => {
    const id = event.certificate.revocation.mint_key_id;
    const key = charter.keys.get(id);
    if (key === undefined) throw new Error('only a mint key of the currency is revoked');
    const revoked: CharterKey = {
      certificate: key.certificate,
      state: 'revoked',
      revoked: event.certificate,
    };
    return {
      keys: new Map(charter.keys).set(id, revoked),
      due: without(charter.due, dueFor(charter, event)),
    };
  },
  'mint key expired': (charter, { totals }) => ({
    keys: lacking(charter.keys, totals.mint_key_id),
    lastTotals: lacking(charter.lastTotals, totals.mint_key_id),
    formerKeys: new Set(charter.formerKeys).add(totals.mint_key_id),
  }),
  totals: (charter, { totals }) => ({
    lastTotals: new Map([
      ...charter.lastTotals,
      ...totals.map((each) => [each.mint_key_id, readCount(each)] as const),
    ]),
  }),
  backup: () => ({}),
  restored: (charter, { complete }, time) => (complete ? {} : { keys: retired(charter.keys, time) }),
  'currency founded': (charter, event) => ({ due: without(charter.due, dueFor(charter, event)) }),
  'reserve held': (charter, event) =>
    charter.reserve === null ? {} : { reserve: { ...charter.reserve, held: amount(event.amount) } },
};

/** What was ordered and not yet done that this event is the outcome of. */
export function dueFor(charter: Charter, event: JournalEvent): Action | undefined {
  switch (event.type) {
    case 'description':
      return charter.due.find(
        (each) => each.type === 'new description' && saysTerms(event.cddc.cdd, each.description),
      );
    case 'mint key revoked': {
      const { mint_key_id: id, coins_until: until } = event.certificate.revocation;
      return charter.due.find(
        (each) => each.type === 'revoke mint key' && each.mint_key_id === id && each.coins_until === until,
      );
    }
    case 'currency founded':
      return charter.due.find((each) => each.type === 'new currency');
    default:
      return undefined;
  }
}

function without(due: readonly Action[], done: Action | undefined): readonly Action[] {
  return due.filter((each) => each !== done);
}

function ordered(charter: Charter, { order: signed }: Happened<'ordered'>, time: Instant): Change {
  const { order } = signed;
  const executed = new Map([...charter.executed].filter(([, { expires }]) => expires >= time));
  executed.set(order.serial, { hash: hashOf(order), expires: instantOf(order.expires) });
  const effect = EFFECTS[order.action.type] as Effect<Action> | undefined;
  return {
    executed,
    permitted: permittedAfter(charter, signed, time),
    ...effect?.(charter, order.action),
  };
}

/** The rule that the order met has so much less to permit on this day. */
function permittedAfter(
  charter: Charter,
  signed: Happened<'ordered'>['order'],
  time: Instant,
): ReadonlyMap<number, Permitted> {
  const verdict = judgeOrder(charter, signed, time);
  if (!('kind' in verdict) || verdict.kind !== 'met') return charter.permitted;
  const { rule } = verdict;
  const used = permittedOn(charter, rule, time) + amountOf(signed.order.action);
  return new Map(charter.permitted).set(rule, { day: dayOf(time), amount: amount(used) });
}

type Effect<Ordered extends Action> = (charter: Charter, action: Ordered) => Change;

type Effects = { readonly [Name in Action['type']]?: Effect<Ordered<Name>> };

/** What an order brings by itself; raising and lowering the treasury is in `authorisedByAction`. */
const EFFECTS: Effects = {
  'power off': () => ({ power: 'off' }),
  'power on': () => ({ power: 'on' }),
  'key schedule': (_, action) => ({ schedule: action.key_schedule }),
  // The rules' places may mean others now.
  'change policy': (_, { policy }) => ({ policy, permitted: new Map() }),
  'cashier limits': (charter, { limits }) => ({ cashiers: withCashier(charter.cashiers, limits) }),
  reserve: (charter, action) => ({
    reserve: { terms: action.reserve, held: charter.reserve?.held ?? ZERO },
  }),
  'release reserve': (charter, action) => {
    if (charter.reserve === null) throw new Error('only what is held is released');
    return {
      reserve: { ...charter.reserve, held: amount(charter.reserve.held - action.amount) },
    };
  },
  // The entry that follows says what came of these.
  'new currency': awaited,
  'new description': awaited,
  'revoke mint key': awaited,
};

function awaited(charter: Charter, action: Action): Change {
  return { due: [...charter.due, action] };
}

function withCashier(
  cashiers: ReadonlyMap<string, Cashier>,
  limits: CashierLimits,
): ReadonlyMap<string, Cashier> {
  return limits.limit_per_day === 0 && limits.limit_per_operation === 0
    ? lacking(cashiers, limits.cashier)
    : new Map(cashiers).set(limits.cashier, readCashier(limits));
}

function readCashier({ cashier, limit_per_day, limit_per_operation }: CashierLimits): Cashier {
  return {
    publicKey: cashier,
    limitPerDay: amount(limit_per_day),
    limitPerOperation: amount(limit_per_operation),
  };
}

function readCount({ issued, redeemed }: KeyTotals): Totals {
  return { issued: amount(issued), redeemed: amount(redeemed) };
}

function retired(keys: ReadonlyMap<string, CharterKey>, time: Instant): ReadonlyMap<string, CharterKey> {
  return new Map(
    [...keys].map(([id, key]) => [id, { ...key, state: 'retired', retired: key.retired ?? time }]),
  );
}

function lacking<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  return new Map([...map].filter(([each]) => each !== key));
}
