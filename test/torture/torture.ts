/**
 * Trade under fire: wallets buy, send, receive, take back and redeem at once, in a currency of each suite, while box, bank
 * and issuer are killed with SIGKILL at random, each by itself, and started again. In the end every unit of each currency
 * is accounted for, in the wallets that trade in it, in its books at the box and in those at the bank, and each currency
 * passes its audit.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import type { NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS } from '../../src/base/limits.ts';
import { Refusal } from '../../src/base/refusal.ts';
import { audit } from '../../src/apps/audit/audit.ts';
import { gather } from '../../src/apps/audit/gather.ts';
import { prepare } from '../../src/apps/cli/start/start.ts';
import { verifyEd25519 } from '../../src/signers/ed25519.ts';
import type { CipherSuite } from '../../src/suites/index.ts';
import { get, post } from '../../src/transports/http-client.ts';
import { serves } from '../support/parts.ts';
import { freePort, until } from '../support/processes.ts';
import { missing, readBank, readBox, readPurses } from './books.ts';
import type { BankBooks, BoxBooks, Purses } from './books.ts';
import { boxBooks, demoCurrencies } from './currencies.ts';
import { Killer } from './killer.ts';
import type { KillerOptions, Kills } from './killer.ts';
import { Trade } from './trade.ts';
import type { TradeOptions } from './trade.ts';

export interface TortureOptions extends KillerOptions, TradeOptions {
  readonly suites: readonly CipherSuite[];
}

/** The books of a currency from all sides. */
export interface CurrencyReport {
  readonly name: string;
  readonly box: BoxBooks;
  readonly bank: BankBooks;
  readonly purses: Purses;
  /** What is said beside it: how often what happened. */
  readonly more: ReadonlyMap<string, number>;
}

/** What it came to. */
export interface TortureReport {
  readonly kills: Kills;
  /** Operations begun, by kind. */
  readonly begun: ReadonlyMap<string, number>;
  /** Refusals that operations met on the way, by name. */
  readonly refused: ReadonlyMap<string, number>;
  readonly currencies: readonly (CurrencyReport & {
    readonly suite: CipherSuite;
    /** How often coins were handed to two payees. */
    readonly cheats: number;
  })[];
  /** What is wrong; empty when every unit is accounted for. */
  readonly faults: readonly string[];
}

/** Wallets that cheat once, of each currency in which one can: one for so many kills, and so many at least. */
const KILLS_A_CHEATER = 20;
const CHEATERS_LEAST = 2;

/** Runs it in a temporary folder. */
export async function torture(options: TortureOptions): Promise<TortureReport> {
  const folder = mkdtempSync(join(tmpdir(), 'specie-torture-'));
  try {
    return await tortureIn(folder, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tortureIn(folder: string, options: TortureOptions): Promise<TortureReport> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const currencies = demoCurrencies(options.suites, folder, url);
  const demo = { folder, port, name: 'Torture', suites: options.suites.map((each) => each.name) };
  const programs = await prepare(demo, url);
  if (programs instanceof Refusal) throw new Error(programs.details);
  const addresses = new Map<string, NetConnectOpts>([
    ['box', { path: join(folder, 'box', 'box.sock') }],
    ['bank', { path: join(folder, 'bank', 'bank.sock') }],
    ['issuer', { host: '127.0.0.1', port }],
  ]);
  const killer = new Killer(programs, addresses, options);
  try {
    const refused = await killer.supervisor.started;
    if (refused !== undefined) throw new Error(refused.details);
    const trades = currencies.map((currency, index) => {
      const seed = options.seed + 1 + index;
      return new Trade(currency, { ...options, seed }, killer);
    });
    const cheaters = Math.max(CHEATERS_LEAST, Math.ceil(options.kills / KILLS_A_CHEATER));
    await Promise.all(trades.map((trade) => trade.open(options.wallets, cheaters)));
    const killing = killer.hunt();
    await Promise.all([...trades.map((trade) => trade.run()), killing]);
    await allServe(currencies.map((each) => each.url));
    await Promise.all(trades.map((trade) => trade.settle()));
    const found: string[] = [];
    for (const { name, url: its } of currencies)
      found.push(...(await auditOf(its)).map((fault) => `${name}: audit: ${fault}`));
    await killer.supervisor.stop();
    return await account(folder, trades, killer, found);
  } finally {
    await killer.supervisor.stop();
  }
}

/** Waits until box, bank and issuer answer for every currency. */
export async function allServe(urls: readonly string[]): Promise<void> {
  for (const part of ['box', 'bank', 'issuer'] as const)
    for (const url of urls) await until(() => serves(part, url), `the ${part} does not come back`);
}

/** What an auditor finds wrong from the outside. */
export async function auditOf(url: string): Promise<readonly string[]> {
  const evidence = await gather({
    url,
    post: (to, message) => post(to, message, LIMITS.messageBytes),
    get: (to) => get(to, LIMITS.messageBytes),
  });
  if (evidence instanceof Refusal) return [`the audit was refused: ${evidence.details}`];
  const findings = await audit(evidence, Date.now(), verifyEd25519);
  return findings instanceof Refusal ? [`the audit was refused: ${findings.details}`] : findings.faults;
}

async function account(
  folder: string,
  trades: readonly Trade[],
  killer: Killer,
  found: readonly string[],
): Promise<TortureReport> {
  const faults = [...killer.lines.filter((line) => line.includes('"event":"bug"')), ...found];
  const currencies: TortureReport['currencies'][number][] = [];
  for (const trade of trades) {
    const { currency, offline, answered } = trade;
    const { name, suite } = currency;
    const bank = await readBank(currency.bank);
    const box = await readBox(boxBooks(folder, trade.id), bank.paid.keys());
    const purses = await readPurses(trade.everybody, trade.id);
    const its = [...trade.faults, ...missing(box, bank, purses), ...offline.strangers(bank.registered)];
    faults.push(...its.map((fault) => `${name}: ${fault}`));
    const cheats = offline.cheats.length;
    const more = new Map([
      ['operations', sum(trade.begun.values())],
      ['busy', answered.get('busy') ?? 0],
      ['first rounds over', answered.get('first round over') ?? 0],
      ['paid twice', cheats],
    ]);
    currencies.push({ name, suite, box, bank, purses, cheats, more });
  }
  return {
    kills: killer.kills,
    begun: added(trades.map(({ begun }) => begun)),
    refused: added(trades.map(({ refused }) => refused)),
    currencies,
    faults,
  };
}

function added(counts: readonly ReadonlyMap<string, number>[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of counts.flatMap((each) => [...each]))
    sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}

function sum(amounts: Iterable<number>): number {
  return [...amounts].reduce((left, right) => left + right, 0);
}
