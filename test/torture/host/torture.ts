/**
 * A wallet host under fire: people with wallets on it pay each other in every way while box, bank, issuer and the host itself
 * are killed with SIGKILL at random. In the end every unit is accounted for: by what each person is told, by the wallets as
 * they lie on the disk, and by the books of box and bank; and what people were told on the way was true.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import type { NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { prepare } from '../../../src/apps/cli/start/start.ts';
import { Refusal } from '../../../src/base/refusal.ts';
import type { CipherSuite } from '../../../src/suites/index.ts';
import { leaked } from '../../support/leaks.ts';
import { isGone } from '../../support/parts.ts';
import { freePort, until } from '../../support/processes.ts';
import { missing, readBank, readBox, readPurses } from '../books.ts';
import type { Purses } from '../books.ts';
import { boxBooks, demoCurrencies } from '../currencies.ts';
import type { DemoCurrency } from '../currencies.ts';
import { Killer } from '../killer.ts';
import type { KillerOptions, Kills } from '../killer.ts';
import { allServe, auditOf } from '../torture.ts';
import type { CurrencyReport } from '../torture.ts';
import { lyingOpen, openFolder, secretsOf } from './sealed.ts';
import type { OpenedWallet, Owner } from './sealed.ts';
import { inPurses, toldOf, underway, untruths } from './told.ts';
import type { Told } from './told.ts';
import { HostTrade } from './trade.ts';
import type { HostTradeOptions } from './trade.ts';

export interface HostTortureOptions extends KillerOptions, HostTradeOptions {
  /** The host's issuer has a currency of each; new wallets know the first. */
  readonly suites: readonly CipherSuite[];
  /**
   * How often the host may be killed once more in the end while not all is settled: it looks after everything at once when it
   * starts, and at its own pace otherwise.
   */
  readonly hurries: number;
}

/** What it came to. */
export interface HostTortureReport {
  readonly kills: Kills;
  /** Deeds begun, by kind. */
  readonly begun: ReadonlyMap<string, number>;
  /** What people were refused on the way, by name; 'no answer' among it. */
  readonly refused: ReadonlyMap<string, number>;
  readonly currencies: readonly CurrencyReport[];
  /** Letters in all inboxes and all that were sent. */
  readonly letters: { readonly inbox: number; readonly sent: number };
  /** What is wrong; empty when every unit is accounted for. */
  readonly faults: readonly string[];
}

/** A suite of one round whose coins anyone can check, one whose coins the mint alone can, one of two rounds. */
export const HOST_SUITES = ['RSA-SHA384-PSS-RFC9474', 'SECP256K1-WAGNER', 'P256-BRANDS'];

/** How long everything that was cut short may take to settle once nobody is killed any more, in milliseconds. */
const SETTLED_WITHIN = 90_000;
/** Milliseconds between two looks whether it has; and until the host is hurried. */
const LOOK_PACE = 400;
const HURRIED_AFTER = 3_000;

/** Runs it in a temporary folder. */
export async function hostTorture(options: HostTortureOptions): Promise<HostTortureReport> {
  const folder = mkdtempSync(join(tmpdir(), 'specie-torture-'));
  try {
    return await tortureIn(folder, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tortureIn(folder: string, options: HostTortureOptions): Promise<HostTortureReport> {
  const [port, walletPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}/`;
  const suites = options.suites.map((each) => each.name);
  const currencies = demoCurrencies(options.suites, folder, url);
  const demo = { folder, port, walletPort, name: 'Torture', suites };
  const programs = await prepare(demo, url);
  if (programs instanceof Refusal) throw new Error(programs.details);
  const addresses = new Map<string, NetConnectOpts>([
    ['box', { path: join(folder, 'box', 'box.sock') }],
    ['bank', { path: join(folder, 'bank', 'bank.sock') }],
    ['issuer', { host: '127.0.0.1', port }],
    ['wallets', { host: '127.0.0.1', port: walletPort }],
  ]);
  const killer = new Killer(programs, addresses, options);
  const hostFolder = join(folder, 'wallet-host');
  try {
    const refused = await killer.supervisor.started;
    if (refused !== undefined) throw new Error(refused.details);
    const mails = join(hostFolder, 'mails');
    const place = { url: `http://localhost:${walletPort}/`, mails, currencies };
    const trade = new HostTrade(place, options, killer);
    await trade.open();
    const killing = killer.hunt();
    await Promise.all([trade.run(), killing]);
    await allServe(currencies.map((each) => each.url));
    await settle(trade, killer);
    const { told, faults } = await takeWhatIsLeft(trade, new Hurry(killer, options.hurries));
    const found = [...faults];
    for (const { name, url: its } of currencies)
      found.push(...(await auditOf(its)).map((fault) => `${name}: audit: ${fault}`));
    await killer.supervisor.stop();
    return await account({ folder, currencies, trade, killer }, { told, faults: found });
  } finally {
    await killer.supervisor.stop();
  }
}

/** The host dies once more; then everybody signs in again and learns what has become of everything. */
async function settle(trade: HostTrade, killer: Killer): Promise<void> {
  await trade.resolve();
  await killHost(killer);
  await Promise.all(trade.members.map(({ person }) => trade.insist('sign in', () => person.signIn())));
  await redeemOnce(trade);
}

async function killHost({ supervisor }: Killer): Promise<void> {
  const pid = supervisor.pids().get('wallets');
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  await until(() => pid === undefined || isGone(pid), 'the wallet host outlives SIGKILL');
}

/** Starts the host anew where it takes its time. */
class Hurry {
  readonly #killer: Killer;
  #left: number;
  #since = performance.now();

  constructor(killer: Killer, times: number) {
    this.#killer = killer;
    this.#left = times;
  }

  begin(): void {
    this.#since = performance.now();
  }

  async up(): Promise<void> {
    if (this.#left === 0 || performance.now() - this.#since < HURRIED_AFTER) return;
    this.#left--;
    await killHost(this.#killer);
    this.begin();
  }
}

/** The bank pulls up to the receipt that it is shown: so that it has credited all of them, in every currency. */
async function redeemOnce(trade: HostTrade): Promise<void> {
  const left = new Set(trade.currencies);
  for (const { person } of trade.members) {
    if (left.size === 0) return;
    for (const { currency, available } of await trade.insist('purses', () => person.purses())) {
      if (available === 0 || !left.delete(currency.id)) continue;
      const input = { currency: currency.id, amount: 1, to: 'account' };
      await trade.insist('redeem', () => person.redeem(input));
    }
  }
}

interface Findings {
  readonly told: readonly Told[];
  readonly faults: readonly string[];
}

/** Waits until all that people are told is settled and true, or for so long that it will not be any more. */
async function calm(trade: HostTrade, hurry: Hurry): Promise<Findings> {
  const end = performance.now() + SETTLED_WITHIN;
  hurry.begin();
  for (;;) {
    const told = await everybodyTold(trade);
    const faults = untruths(told, trade.claims);
    if (faults.length === 0 || performance.now() > end) return { told, faults };
    await hurry.up();
    await pause(LOOK_PACE);
  }
}

/** Links that nobody took are good: every second one is taken now. */
async function takeWhatIsLeft(trade: HostTrade, hurry: Hurry): Promise<Findings> {
  const before = await calm(trade, hurry);
  const [taker] = trade.members;
  if (before.faults.length > 0 || taker === undefined) return before;
  const faults: string[] = [];
  const left = before.told.flatMap(({ sent }) =>
    sent.filter(
      ({ state, link, from }) => state === 'not taken' && link !== '' && from !== taker.person.name,
    ),
  );
  for (const { link, subject } of left.filter((_, index) => index % 2 === 0)) {
    const letter = await trade.insist('take', () => taker.person.take(link));
    if (letter.state !== 'taken') faults.push(`what was left by ${subject} is ${letter.state}`);
  }
  const after = await calm(trade, hurry);
  return { told: after.told, faults: [...faults, ...after.faults] };
}

function everybodyTold(trade: HostTrade): Promise<readonly Told[]> {
  return Promise.all(
    trade.members.map(async ({ person }) => ({
      name: person.name,
      inbox: await trade.insist('inbox', () => person.all('/inbox')),
      sent: await trade.insist('sent', () => person.all('/sent')),
      purses: await trade.insist('purses', () => person.purses()),
      history: await trade.insist('history', () => person.all('/history')),
      invoices: await trade.insist('invoices', () => person.invoices()),
    })),
  );
}

/** Where it all happened. */
interface Scene {
  readonly folder: string;
  readonly currencies: readonly DemoCurrency[];
  readonly trade: HostTrade;
  readonly killer: Killer;
}

async function account(scene: Scene, { told, faults: found }: Findings): Promise<HostTortureReport> {
  const { folder, trade, killer } = scene;
  const owners = trade.members.map(({ person }) => ({ name: person.name, phrase: person.phrase }));
  const hostFolder = join(folder, 'wallet-host');
  const wallets = await openFolder(hostFolder, owners);
  const faults = [
    ...trade.faults,
    ...killer.lines.filter((line) => line.includes('"event":"bug"')),
    ...found,
    ...(await openSecrets(hostFolder, owners, wallets, scene)),
  ];
  const currencies: CurrencyReport[] = [];
  for (const [index, currency] of scene.currencies.entries()) {
    const id = trade.currencies[index] ?? '';
    const accounts = trade.members.map((member) => member.accounts.get(id) ?? '');
    const theirs = wallets.map((each, owner) => ({ ...each, account: accounts[owner] ?? '' }));
    const { report, faults: its } = await booksOf(folder, { ...currency, id }, theirs, toldOf(told, id));
    currencies.push(report);
    faults.push(...its.map((fault) => `${currency.name}: ${fault}`));
  }
  for (const { wallet } of wallets) await wallet.close();
  const { begun, refused } = trade;
  return {
    ...{ kills: killer.kills, begun, refused, currencies, faults },
    letters: {
      inbox: told.reduce((sum, { inbox }) => sum + inbox.length, 0),
      sent: told.reduce((sum, { sent }) => sum + sent.length, 0),
    },
  };
}

/** Secrets that lie open in the host's folder, or that a program has said. */
async function openSecrets(
  hostFolder: string,
  owners: readonly Owner[],
  wallets: readonly OpenedWallet[],
  { trade, killer }: Scene,
): Promise<readonly string[]> {
  const known = trade.members.flatMap(({ person }) => [
    { name: 'a token', bytes: Buffer.from(person.token) },
    { name: 'a password', bytes: Buffer.from(person.password) },
  ]);
  const all = [...(await secretsOf(owners, wallets)), ...known];
  return [
    ...lyingOpen(hostFolder, all, owners),
    ...leaked(Buffer.from(killer.lines.join('\n')), all).map((name) => `${name} was said by a program`),
  ];
}

/** One currency's books, against what its people see and what lies on the disk. */
async function booksOf(
  folder: string,
  { id, name, bank: path }: DemoCurrency & { readonly id: string },
  wallets: readonly (OpenedWallet & { readonly account: string })[],
  told: readonly Told[],
): Promise<{ readonly report: CurrencyReport; readonly faults: readonly string[] }> {
  const bank = await readBank(path);
  const box = await readBox(boxBooks(folder, id), bank.paid.keys());
  const seen = { inPurses: inPurses(told), ...underway(told) };
  const onDisk = await readPurses(wallets, id);
  // What waits in an inbox is in no wallet.
  const purses = { ...onDisk, inStacks: onDisk.inStacks + seen.inboxes };
  const more = new Map([
    ['in links', seen.links],
    ['in inboxes', seen.inboxes],
    ['accounts at the bank', bank.accounts],
  ]);
  return {
    report: { name, box, bank, purses, more },
    faults: [...missing(box, bank, purses), ...differences(seen, purses)],
  };
}

/** What people see against what lies on the disk. */
function differences(
  seen: { readonly inPurses: number; readonly links: number; readonly inboxes: number },
  purses: Purses,
): readonly string[] {
  const pairs: readonly (readonly [string, number, number])[] = [
    ['what people see in purses, and what is in them', seen.inPurses, purses.inWallets],
    ['what people see on its way, and what is', seen.links + seen.inboxes, purses.inStacks],
  ];
  return pairs.flatMap(([what, one, other]) => (one === other ? [] : [`${what}: ${one} and ${other}`]));
}
