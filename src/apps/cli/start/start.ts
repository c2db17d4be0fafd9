/** `specie start`: box, bank and issuer of demo currencies, and wallets in the browser, on this machine, each a process. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LIMITS } from '../../../base/limits.ts';
import { Refusal } from '../../../base/refusal.ts';
import { SUITES } from '../../../suites/index.ts';
import { boxProgram, boxSocket } from '../../box/program.ts';
import { tryPort } from '../../issuer/serve.ts';
import { TITLE_PATH } from '../../title/http-paths.ts';
import { titleProgram, titleSocket } from '../../title/program.ts';
import type { Program } from '../../supervisor/run.ts';
import { readArguments } from '../arguments.ts';
import { BANK_READY, bankSockets } from '../bank/bank.ts';
import { demoPlace } from './demo-currencies.ts';
import { demoIssuerKey, demoTitles } from './demo-titles.ts';
import { demoFoundings } from './demo.ts';
import { folderError } from '../files.ts';
import { ISSUER_READY, readPort } from '../issuer.ts';
import { makeOperatorKey } from '../operator/key.ts';
import { ownProgram } from '../own-program.ts';
import { stopSignal } from '../../supervisor/stopping.ts';
import { runUntil } from '../supervision.ts';
import { complain, misused, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';
import { WALLET_HOST_READY, WALLET_PORT } from '../wallet-host.ts';

const USAGE =
  'specie start [--data DIR] [--port N] [--name NAME] [--suite SUITE,…] [--no-titles] [--wallet-port N | --no-wallets]';
const HOST = '127.0.0.1';

/** Runs everything on one machine until SIGINT or SIGTERM: an issuer with a demo currency for each suite. */
export async function start(args: readonly string[]): Promise<ExitStatus> {
  const options = readOptions(args);
  if (typeof options === 'string') return misused(USAGE, options);
  const stopped = stopSignal();
  const taken = await tryPort(HOST, options.port);
  if (taken !== undefined) return complain(taken);
  const walletsTaken =
    options.walletPort === undefined ? undefined : await tryPort(HOST, options.walletPort, '--wallet-port');
  if (walletsTaken !== undefined) return complain(walletsTaken);
  const url = `http://${HOST}:${options.port}/`;
  const programs = await prepare(options, url);
  if (programs instanceof Refusal) return complain(programs);
  return runUntil(stopped, programs, async () => {
    const titles = titlesAt(url);
    const refused = options.hasTitles === true ? await demoTitles(titlesIn(options), titles) : undefined;
    if (options.hasTitles === true) say(`Titles are at ${titles}`);
    say(`Its books are in ${options.folder}. Open the address in a browser, or give it to a wallet:`);
    say(`  npx specie wallet add ${url}`);
    return refused;
  });
}

function titlesAt(url: string): string {
  return new URL(TITLE_PATH, url).href;
}

function titlesIn({ folder }: StartOptions): string {
  return join(folder, 'titles');
}

/** By name: a browser gives passkeys to names only. */
function walletsAt(port: number): string {
  return `http://localhost:${port}/`;
}

/** The programs, with all that they need in the folder. */
export async function prepare(options: StartOptions, url: string): Promise<readonly Program[] | Refusal> {
  const { folder } = options;
  const folders = { box: join(folder, 'box'), bank: join(folder, 'bank') };
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const foundings = await demoFoundings({ ...options, bank: folders.bank, url });
    if (foundings instanceof Refusal) return foundings;
    const box = boxProgram({
      folder: folders.box,
      unlock: { keyFile: join(folder, 'box.key') },
      second: null,
      foundings,
    });
    if (box instanceof Refusal) return box;
    const socket = boxSocket(folders.box);
    if (socket instanceof Refusal) return socket;
    const bank = bankSockets(folders.bank);
    if (bank instanceof Refusal) return bank;
    const titles = options.hasTitles === true ? titleBox(options) : undefined;
    if (titles instanceof Refusal) return titles;
    return [
      box,
      ...(titles === undefined ? [] : [titles.program]),
      ownProgram('bank', BANK_READY, [
        'bank',
        'serve',
        '--data',
        folders.bank,
        '--box',
        socket,
        ...RAILS,
        ...REGISTER,
      ]),
      ownProgram('issuer', ISSUER_READY, [
        'issuer',
        ...['--box', socket, '--bank', bank.customers, '--port', String(options.port), '--url', url],
        ...(titles === undefined ? [] : ['--title', titles.socket, '--title-port', String(options.port)]),
      ]),
      ...wallets(options, url),
    ];
  } catch (error) {
    return folderError(error, folder);
  }
}

/** The title box, which takes classes of the demo's issuer alone; its key is made where there is none. */
function titleBox(options: StartOptions): { readonly program: Program; readonly socket: string } | Refusal {
  const data = titlesIn(options);
  const issuer = makeOperatorKey(demoIssuerKey(data));
  const program = titleProgram({
    data,
    unlock: { keyFile: join(data, 'box.key') },
    places: undefined,
    issuers: [issuer],
    udpPort: options.port,
  });
  if (program instanceof Refusal) return program;
  const socket = titleSocket(data);
  return socket instanceof Refusal ? socket : { program, socket };
}

/** The wallet host, whose new wallets know the first currency and are offered the others. */
function wallets({ folder, walletPort, hasTitles }: StartOptions, issuer: string): readonly Program[] {
  if (walletPort === undefined) return [];
  const place = ['--data', join(folder, 'wallet-host'), '--port', String(walletPort)];
  const titles = hasTitles === true ? ['--titles', titlesAt(issuer)] : [];
  const args = ['wallet-host', ...place, '--url', walletsAt(walletPort), '--issuer', issuer, ...titles];
  return [ownProgram('wallets', WALLET_HOST_READY, args)];
}

/** The demo takes no money, and shows the rails that need no shop or bank around it. */
const RAILS = ['--rails', 'test,voucher,account'];

/**
 * Nobody at the demo's bank knows anybody, and there is no counter to go to. So whoever pays twice offline is nobody: no
 * currency that is worth something is served so.
 */
const REGISTER = ['--register', 'anybody'];

export interface StartOptions {
  readonly folder: string;
  readonly port: number;
  readonly name: string;
  /** Those whose currencies are founded where they are missing; what is there goes on. */
  readonly suites: readonly string[];
  /** Whether a title server with a demo class is beside the currencies. */
  readonly hasTitles?: boolean;
  /** Where wallets are served; none are without it. */
  readonly walletPort?: number | undefined;
}

/** The options; a text says what is wrong with them. */
function readOptions(args: readonly string[]): StartOptions | string {
  const given = readArguments(args, {
    texts: ['data', 'port', 'name', 'suite', 'wallet-port'],
    flags: ['no-wallets', 'no-titles'],
  });
  if (typeof given === 'string') return given;
  const [operand] = given.operands;
  if (operand !== undefined) return `start takes no ${operand}`;
  const { data = 'data/issuer', port = '8080', name = 'Demo' } = given.texts;
  const number = readPort(port);
  if (typeof number === 'string') return number;
  const walletPort = given.flags.has('no-wallets')
    ? undefined
    : readPort(given.texts['wallet-port'] ?? WALLET_PORT);
  if (typeof walletPort === 'string') return walletPort;
  if (walletPort === number) return 'the issuer and the wallets take a port each';
  if (name.length > LIMITS.shortText) return `a name has at most ${LIMITS.shortText} characters`;
  const suites = readSuites(given.texts['suite']);
  if (typeof suites === 'string') return suites;
  const hasTitles = !given.flags.has('no-titles');
  return { folder: resolve(data), port: number, name, suites, hasTitles, walletPort };
}

/** Suites as typed, one or several; all that can be issued here where nothing was. A text says what is wrong. */
function readSuites(text: string | undefined): readonly string[] | string {
  const known = SUITES.map((each) => each.name);
  const typed =
    text === undefined
      ? known.filter((each) => demoPlace(each).isHere?.() !== false)
      : text.split(',').map((each) => each.trim());
  return typed.every((each) => known.includes(each))
    ? [...new Set(typed)]
    : `a suite is one of ${known.join(', ')}`;
}
