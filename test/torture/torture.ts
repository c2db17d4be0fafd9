/**
 * Trade under fire: wallets buy, send, receive, take back and redeem at once while box, bank and issuer are killed with
 * SIGKILL at random, each by itself, and started again. In the end every unit is accounted for, in the wallets, in the
 * books of the box and in those of the bank, and the currency passes its audit.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LIMITS } from '../../src/base/limits.ts';
import { Refusal } from '../../src/base/refusal.ts';
import { audit } from '../../src/apps/audit/audit.ts';
import { gather } from '../../src/apps/audit/gather.ts';
import { prepare } from '../../src/apps/cli/start.ts';
import { verifyEd25519 } from '../../src/signers/ed25519.ts';
import { SUITES } from '../../src/suites/index.ts';
import { get, post } from '../../src/transports/http-client.ts';
import { serves } from '../support/parts.ts';
import { freePort, until } from '../support/processes.ts';
import { missing, readBank, readBox, readPurses } from './books.ts';
import type { BankBooks, BoxBooks, Purses } from './books.ts';
import { Killer } from './killer.ts';
import type { KillerOptions, Kills } from './killer.ts';
import { Trade } from './trade.ts';
import type { TradeOptions } from './trade.ts';

export type TortureOptions = KillerOptions & TradeOptions;

/** What it came to. */
export interface TortureReport {
  readonly kills: Kills;
  /** Operations begun, by kind. */
  readonly begun: ReadonlyMap<string, number>;
  /** Refusals met on the way, by name. */
  readonly refused: ReadonlyMap<string, number>;
  readonly box: BoxBooks;
  readonly bank: BankBooks;
  readonly purses: Purses;
  /** What is wrong; empty when every unit is accounted for. */
  readonly faults: readonly string[];
}

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
  const demo = { folder, port, name: 'Torture', suites: SUITES.slice(0, 1).map((each) => each.name) };
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
    const trade = await Trade.open(url, options, killer);
    const killing = killer.hunt();
    await Promise.all([trade.run(), killing]);
    for (const part of ['box', 'bank', 'issuer'] as const)
      await until(() => serves(part, url), `the ${part} does not come back`);
    await trade.settle();
    const found = await auditOf(url);
    await killer.supervisor.stop();
    return await account(folder, trade, killer, found);
  } finally {
    await killer.supervisor.stop();
  }
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
  trade: Trade,
  killer: Killer,
  found: readonly string[],
): Promise<TortureReport> {
  const currencies = join(folder, 'box', 'currencies');
  const [books = ''] = readdirSync(currencies).filter((name) => name.endsWith('.sqlite'));
  const bank = await readBank(join(folder, 'bank', 'bank.sqlite'));
  const box = await readBox(join(currencies, books), bank.paid.keys());
  const purses = await readPurses(trade.traders);
  const faults = [
    ...trade.faults,
    ...killer.lines.filter((line) => line.includes('"event":"bug"')),
    ...found.map((fault) => `audit: ${fault}`),
    ...missing(box, bank, purses),
  ];
  const { begun, refused } = trade;
  return { kills: killer.kills, begun, refused, box, bank, purses, faults };
}
