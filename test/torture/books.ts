/** Whether every unit is accounted for: what the wallets hold against the books of the box and of the bank. */
import { DatabaseSync } from 'node:sqlite';
import { Refusal } from '../../src/base/refusal.ts';
import { assertSound } from '../../src/bank/audit.ts';
import { COINS, PAYOUTS_PENDING, UNCLAIMED, customerAccount, moneyAccount } from '../../src/bank/postings.ts';
import type { Counters, KeptReceipt, MintStore } from '../../src/mint/ports.ts';
import { openSqliteBankStore } from '../../src/stores/bank/sqlite.ts';
import { openSqliteMintStore } from '../../src/stores/mint/sqlite.ts';
import type { Operation } from '../../src/wallet/state.ts';
import type { Trader } from '../support/trader.ts';

/** The box's books, and what they say of each order that the bank was paid for. */
export interface BoxBooks {
  readonly counters: Counters;
  readonly receipts: readonly KeptReceipt[];
  /** References under which coins were minted, of those that were asked after. */
  readonly minted: ReadonlySet<string>;
}

export interface BankBooks {
  readonly balances: ReadonlyMap<string, number>;
  /** Orders that were paid, by reference: their amounts. */
  readonly paid: ReadonlyMap<string, number>;
  /** Credited receipts as `sequence redemption amount`. */
  readonly credited: readonly string[];
  /** How many accounts were opened. */
  readonly accounts: number;
  /** Suites of two rounds: by identity the account that it is registered for. */
  readonly registered: ReadonlyMap<string, string>;
  /** Why the books are not sound; empty when they are. */
  readonly unsound: string;
}

/** What all wallets together say of a currency. */
export interface Purses {
  readonly inWallets: number;
  readonly inStacks: number;
  readonly reserved: number;
  readonly bought: ReadonlyMap<string, number>;
  readonly redeemed: number;
  readonly unclaimed: number;
  readonly paidOut: number;
  /** What each account should hold. */
  readonly accounts: ReadonlyMap<string, number>;
  /** Receipts as `sequence redemption amount`. */
  readonly receipts: readonly string[];
}

const PAGE = 256;

/** Reads the bank's books. Nobody else may have them open. */
export async function readBank(path: string): Promise<BankBooks> {
  const store = openSqliteBankStore(path);
  if (store instanceof Refusal) throw new Error(store.details);
  const audit = await store.audit();
  await store.close();
  // Not by the store's own words: these are the rows themselves.
  const database = new DatabaseSync(path, { readOnly: true });
  const orders = database.prepare("SELECT reference, amount FROM customer_order WHERE state <> 'unpaid'");
  const receipts = database.prepare('SELECT sequence, redemption, amount FROM receipt ORDER BY sequence');
  const accounts = database.prepare('SELECT count(*) AS count FROM account').get();
  const registrations = database.prepare('SELECT identity, account FROM registration').all();
  const books = {
    registered: new Map(registrations.map((row) => [String(row['identity']), String(row['account'])])),
    accounts: Number(accounts?.['count']),
    balances: audit.balances,
    paid: new Map(orders.all().map((row) => [String(row['reference']), Number(row['amount'])])),
    credited: receipts.all().map((row) =>
      named({
        sequence: Number(row['sequence']),
        redemption: String(row['redemption']),
        amount: Number(row['amount']),
      }),
    ),
    unsound: unsound(() => assertSound(audit)),
  };
  database.close();
  return books;
}

function unsound(check: () => void): string {
  try {
    check();
    return '';
  } catch (error) {
    return String(error);
  }
}

/** Reads the box's books. Opening them asserts that they conserve. */
export async function readBox(path: string, references: Iterable<string>): Promise<BoxBooks> {
  const store = openSqliteMintStore(path);
  if (store instanceof Refusal) throw new Error(store.details);
  await store.load();
  const counters = await store.counters();
  const receipts = await allReceipts(store);
  const minted = new Set<string>();
  for (const reference of references)
    if ((await store.recall(reference))?.state === 'committed') minted.add(reference);
  await store.close();
  return { counters, receipts, minted };
}

async function allReceipts(store: MintStore): Promise<readonly KeptReceipt[]> {
  const all: KeptReceipt[] = [];
  for (;;) {
    const page = await store.receipts(all.at(-1)?.sequence ?? 0, PAGE);
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

/** Adds up what the wallets hold of one currency and say of it. */
export async function readPurses(
  traders: readonly Pick<Trader, 'wallet' | 'store' | 'account'>[],
  currency: string,
): Promise<Purses> {
  const balances = traders
    .flatMap(({ wallet }) => wallet.balance())
    .filter((balance) => balance.currency.id === currency);
  const accounts = new Map(traders.map(({ account }) => [account, 0]));
  const all: Operation[] = [];
  for (const { account, store } of traders) {
    const state = await store.load();
    const operations = (state?.operations ?? []).filter((each) => each.currency === currency);
    all.push(...operations);
    for (const operation of operations) {
      if (operation.state !== 'done') continue;
      const { kind, amount } = operation;
      if (kind === 'payout' || (kind === 'buy' && operation.rail === 'account'))
        add(accounts, account, 0 - amount);
      if (kind === 'redeem' && operation.payee !== '') add(accounts, operation.payee ?? '', amount);
    }
  }
  const bought = new Map<string, number>();
  for (const each of all)
    if (each.kind === 'buy' && each.state === 'done') add(bought, each.rail, each.amount);
  const done = (kind: Operation['kind'], state = 'done') =>
    all.filter((each) => each.kind === kind && each.state === state);
  return {
    inWallets: total(balances.map((each) => each.available + each.reserved)),
    inStacks: total(done('send', 'sent').map((each) => each.amount)),
    reserved: total(balances.map((each) => each.reserved)),
    bought,
    redeemed: total(done('redeem').map((each) => each.amount)),
    unclaimed: total(
      done('redeem').map((each) => (each.kind === 'redeem' && each.payee === '' ? each.amount : 0)),
    ),
    paidOut: total(done('payout').map((each) => each.amount)),
    accounts,
    receipts: all.flatMap((each) =>
      each.kind === 'redeem' && each.receipt !== undefined ? [named(each.receipt.receipt)] : [],
    ),
  };
}

/** What does not add up; nothing when every unit is accounted for. */
export function missing(box: BoxBooks, bank: BankBooks, purses: Purses): readonly string[] {
  const { authorised, float, treasury } = box.counters;
  const bought = total([...purses.bought.values()]);
  const unminted = [...bank.paid].filter(([reference]) => !box.minted.has(reference));
  const owed = total(unminted.map(([, amount]) => amount));
  const balance = (account: string) => bank.balances.get(account) ?? 0;
  const kept = box.receipts.map(named);
  const equal: readonly (readonly [string, number, number])[] = [
    ['treasury + float, and what was authorised', treasury + float, authorised],
    ['the float, and what was bought less what was redeemed', float, bought - purses.redeemed],
    ['the float, and what wallets and stacks hold', float, purses.inWallets + purses.inStacks],
    ['coins that are still reserved', purses.reserved, 0],
    ['orders that were paid and not minted', unminted.length, 0],
    ['the bank’s coins, and the float with what is paid and not minted', balance(COINS), float + owed],
    ['the sum of the bank’s books', total([...bank.balances.values()]), 0],
    ['money that came in', -balance(moneyAccount('test')), purses.bought.get('test') ?? 0],
    ['redeemed for nobody', balance(UNCLAIMED), purses.unclaimed],
    ['payouts', balance(PAYOUTS_PENDING), purses.paidOut],
    [
      'the sum of the receipts, and what was redeemed',
      total(box.receipts.map((each) => each.amount)),
      purses.redeemed,
    ],
    ...[...purses.accounts].map(
      ([number, expected]) => [`the account ${number}`, balance(customerAccount(number)), expected] as const,
    ),
  ];
  const same: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      'the receipts’ numbers',
      box.receipts.map((each) => `${each.sequence}`),
      kept.map((_, index) => `${index + 1}`),
    ],
    ['receipts that were credited', bank.credited, kept],
    ['receipts that the wallets have', purses.receipts.toSorted(bySequence), kept],
  ];
  return [
    ...(bank.unsound === '' ? [] : [bank.unsound]),
    ...equal.flatMap(([what, is, ought]) => (is === ought ? [] : [`${what}: ${is} and ${ought}`])),
    ...same.flatMap(([what, are, ought]) => (sameLists(are, ought) ? [] : [`${what} differ`])),
  ];
}

function named({
  sequence,
  redemption,
  amount,
}: {
  sequence: number;
  redemption: string;
  amount: number;
}): string {
  return `${sequence} ${redemption} ${amount}`;
}

function bySequence(left: string, right: string): number {
  return parseInt(left, 10) - parseInt(right, 10);
}

function sameLists(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((each, index) => each === right[index]);
}

function add(sums: Map<string, number>, name: string, amount: number): void {
  sums.set(name, (sums.get(name) ?? 0) + amount);
}

function total(amounts: readonly number[]): number {
  return amounts.reduce((sum, each) => sum + each, 0);
}
