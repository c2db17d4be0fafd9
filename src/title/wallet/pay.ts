/** An amount of a class: titles picked by the wallet, with change from the server's pool where it takes any. */
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import { ask } from './ask.ts';
import type { WalletClass } from './classes.ts';
import type { Context } from './context.ts';
import { destinations } from './give.ts';
import { pseudonymAt } from './pseudonyms.ts';
import { heldIn } from './holdings.ts';
import type { Held } from './holdings.ts';
import { planChange, planExact } from './plan.ts';
import type { Payment } from './plan.ts';
import { untoldSerials } from './refused.ts';
import { serverOf } from './servers.ts';
import type { KnownServer, TitleOperation } from './state.ts';
import { make } from './transfer.ts';
import type { PlannedTransfer } from './transfer.ts';
import type { Stock, Titles } from './ways.ts';

/** Plans anew when somebody else had the change first. */
const MOST_PLANS = 4;
/** Issued titles that are looked at: sixteen of each range at least. */
const MOST_ISSUED = TITLE_LIMITS.ranges * TITLE_LIMITS.titlesPerTransfer;

export interface PayWish {
  readonly titleClass: string;
  readonly amount: number;
  readonly to: string;
  readonly reference: string;
}

/** Pays; refuses 'not enough', 'empty pool', and 'too large' what takes more than sixteen titles. */
export async function pay(context: Context, wish: PayWish): Promise<TitleOperation | Refusal> {
  const known = context.classes.get(wish.titleClass);
  if (known === undefined)
    return refuse('unknown', `the class ${wish.titleClass}: this wallet has no titles of it`);
  const stopped = context.classes.stopped(known.id);
  if (stopped !== undefined) return stopped;
  const server = serverOf(context, known.server);
  if (server instanceof Refusal) return server;
  if (!Number.isSafeInteger(wish.amount) || wish.amount < 1)
    return refuse('malformed', 'the amount: must be a whole number from 1');
  const pseudonyms = destinations(server, wish.to, 1);
  if (pseudonyms instanceof Refusal) return pseudonyms;
  for (let plans = 1; ; plans++) {
    const purse = payable(context, known);
    const payment = await plan(context, { server, known, purse, amount: wish.amount });
    if (payment instanceof Refusal) return payment;
    if (payment.direct.length + payment.paidChange.length > 1) {
      const refused = destinations(server, wish.to, payment.direct.length + payment.paidChange.length);
      if (refused instanceof Refusal) return refused;
    }
    const made = await make(
      context,
      transferFor(context, { wish, known, server, purse, pseudonyms, payment }),
    );
    const isEmpty = made instanceof Refusal && made.name === 'empty pool';
    if (!isEmpty || plans === MOST_PLANS) return made;
  }
}

/** What the pool of a class holds, by denomination. */
export async function poolOf(
  context: Context,
  server: KnownServer,
  known: WalletClass,
): Promise<Stock | Refusal> {
  const said = await ask(context, server, { type: 'request title pool', title_class: known.idBytes });
  return said instanceof Refusal
    ? said
    : new Map(said.stock.map(({ denomination, count }) => [denomination, count]));
}

type Purse = ReadonlyMap<number, readonly Held[]>;

/** Titles that can be paid with now, by denomination. */
function payable(context: Context, { id }: WalletClass): Purse {
  const untold = untoldSerials(context, id);
  const free = heldIn(context, id, MOST_ISSUED).filter(
    ({ condition, isLeaving, serial }) => condition === undefined && !isLeaving && !untold.has(serial),
  );
  return Map.groupBy(free, ({ denomination }) => denomination);
}

interface Question {
  readonly server: KnownServer;
  readonly known: WalletClass;
  readonly purse: Purse;
  readonly amount: number;
}

async function plan(
  context: Context,
  { server, known, purse, amount }: Question,
): Promise<Payment | Refusal> {
  const { unit } = known.certificate.title_class.terms;
  const held: Stock = new Map([...purse].map(([denomination, titles]) => [denomination, titles.length]));
  const total = [...held].reduce((sum, [denomination, count]) => sum + denomination * count, 0);
  if (total < amount) return refuse('not enough', `the wallet holds ${total} ${unit} of this class`);
  const exact = planExact(amount, held);
  if (exact !== undefined) return exact;
  const pool = await poolOf(context, server, known);
  if (pool instanceof Refusal) return pool;
  const payment = planChange(amount, held, pool);
  if (payment !== undefined) return payment;
  const largest = [...held].sort(([left], [right]) => right - left);
  if (worthOfLargest(largest) < amount)
    return refuse(
      'too large',
      `one payment carries at most ${TITLE_LIMITS.titlesPerTransfer} titles; issue larger denominations, or pay in parts`,
    );
  return refuse(
    'empty pool',
    `the server's pool has no change for this amount (it holds ${stockText(pool)})`,
  );
}

/** What one transfer can bring at most. */
function worthOfLargest(rows: readonly (readonly [number, number])[]): number {
  let room: number = TITLE_LIMITS.titlesPerTransfer;
  return rows.reduce((sum, [denomination, count]) => {
    const taken = Math.min(room, count);
    room -= taken;
    return sum + taken * denomination;
  }, 0);
}

/** A pool's stock in words. */
export function stockText(stock: Stock): string {
  const there = [...stock].filter(([, count]) => count > 0);
  return there.length === 0
    ? 'nothing'
    : there.map(([denomination, count]) => `${count} of ${denomination}`).join(', ');
}

interface Chosen {
  readonly wish: PayWish;
  readonly known: WalletClass;
  readonly server: KnownServer;
  readonly purse: Purse;
  readonly pseudonyms: readonly Uint8Array[];
  readonly payment: Payment;
}

function transferFor(context: Context, chosen: Chosen): PlannedTransfer {
  const { wish, known, server, purse, pseudonyms, payment } = chosen;
  const { direct, pooled, paidChange, ownChange } = payment;
  const own = context.pseudonyms.take(server, ownChange.length);
  const titles = pick(purse, [...direct, ...pooled]);
  const pool = hexToBytes(server.id);
  const to = (holder: Uint8Array) => ({ holder, condition: undefined });
  return {
    kind: 'pay',
    known,
    inputs: titles.map((held, at) => ({
      held,
      to: to(at < direct.length ? pseudonymAt(pseudonyms, at) : pool),
    })),
    // Which change is whose is not to be told from its place.
    change: shuffled(context, [
      ...paidChange.map((denomination, at) => ({
        denomination,
        to: to(pseudonymAt(pseudonyms, direct.length + at)),
      })),
      ...ownChange.map((denomination, at) => ({ denomination, to: to(pseudonymAt(own.keys, at)) })),
    ]),
    amount: wish.amount,
    reference: wish.reference,
    kept: own.change,
  };
}

function shuffled<Item>({ randomness }: Context, items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, place: bytesToHex(randomness(8)) }))
    .sort((left, right) => (left.place < right.place ? -1 : 1))
    .map(({ item }) => item);
}

function pick(purse: Purse, wanted: Titles): readonly Held[] {
  const taken = new Map<number, number>();
  return wanted.map((denomination) => {
    const at = taken.get(denomination) ?? 0;
    taken.set(denomination, at + 1);
    const held = purse.get(denomination)?.[at];
    if (held === undefined) throw new Error('a plan takes no more than there is');
    return held;
  });
}
