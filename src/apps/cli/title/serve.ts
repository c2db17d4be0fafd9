/** `specie title serve`: a title server on this machine, its box and its front each a process of its own. */
import { resolve } from 'node:path';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { hasVault } from '../../../signers/vault/vault.ts';
import type { Unlock } from '../../../signers/vault/vault.ts';
import { TITLE_LIMITS } from '../../../title/documents/limits.ts';
import { tryPort } from '../../issuer/serve.ts';
import { TITLE_PATH } from '../../title/http-paths.ts';
import { MOST_TITLES, titleBoxFolder, titleProgram, titleSocket } from '../../title/program.ts';
import type { Program } from '../../supervisor/run.ts';
import { readArguments } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import { folderError } from '../files.ts';
import { publicKeyIn } from '../operator/key.ts';
import { askPassphrase } from '../operator/passphrase.ts';
import { ownProgram } from '../own-program.ts';
import { stopSignal } from '../../supervisor/stopping.ts';
import { runUntil } from '../supervision.ts';
import { complain, misused, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';
import { TITLE_FRONT_READY, readTitlePlaces } from './front.ts';
import type { TitlePlaces } from './front.ts';

export const TITLE_SERVE_USAGE =
  'specie title serve [--data DIR] [--host HOST] [--port N] [--udp-port N | --no-udp] [--key-file FILE] [--places DIR,DIR] [--most-titles N] {--issuer KEY|FILE… | --anybody}';

interface ServeOptions extends TitlePlaces {
  readonly data: string;
  readonly keyFile: string | undefined;
  readonly places: readonly [string, string] | undefined;
  /** Undefined: whoever signs a class may register it. */
  readonly issuers: readonly string[] | undefined;
  readonly mostTitles: number;
}

/** Runs box and front until SIGINT or SIGTERM. */
export async function titleServe(args: readonly string[]): Promise<ExitStatus> {
  const options = readOptions(args);
  if (typeof options === 'string') return misused(TITLE_SERVE_USAGE, options);
  const taken = await tryPort(options.host, options.port);
  if (taken !== undefined) return complain(taken);
  const unlock = await readUnlock(options);
  if (unlock instanceof Refusal) return complain(unlock);
  const programs = prepare(options, unlock);
  if (programs instanceof Refusal) return complain(programs);
  const { host, port } = options;
  return runUntil(stopSignal(), programs, () => {
    say(`Titles are served at http://${host.includes(':') ? `[${host}]` : host}:${port}${TITLE_PATH}`);
  });
}

function prepare(options: ServeOptions, unlock: Unlock): readonly Program[] | Refusal {
  const { data, host, port, udpPort } = options;
  try {
    const box = titleProgram({ ...options, unlock });
    if (box instanceof Refusal) return box;
    const socket = titleSocket(data);
    if (socket instanceof Refusal) return socket;
    const udp = udpPort === undefined ? ['--no-udp'] : ['--udp-port', String(udpPort)];
    const place = ['--host', host, '--port', String(port), ...udp];
    return [box, ownProgram('front', TITLE_FRONT_READY, ['title', 'front', '--box', socket, ...place])];
  } catch (error) {
    return folderError(error, data);
  }
}

/** A key file where one was named; else a passphrase, from a person or the first line of standard input. */
async function readUnlock({ data, keyFile }: ServeOptions): Promise<Unlock | Refusal> {
  if (keyFile !== undefined) return { keyFile: resolve(keyFile) };
  const isNew = !hasVault(titleBoxFolder(data));
  const passphrase = await askPassphrase(
    isNew
      ? 'A passphrase for the new title server, of at least 12 characters: '
      : 'Passphrase of this title server: ',
    isNew,
  );
  if (passphrase instanceof Refusal)
    return refuse(passphrase.name, `${passphrase.details}; a key file can be named with --key-file`);
  return { passphrase };
}

function readOptions(args: readonly string[]): ServeOptions | string {
  const given = readArguments(args, {
    texts: ['data', 'host', 'port', 'udp-port', 'key-file', 'places', 'most-titles'],
    lists: ['issuer'],
    flags: ['no-udp', 'anybody'],
  });
  if (typeof given === 'string') return given;
  const [operand] = given.operands;
  if (operand !== undefined) return `title serve takes no ${operand}`;
  const listening = readTitlePlaces(given);
  if (typeof listening === 'string') return listening;
  const places = readDocumentPlaces(given.texts['places']);
  if (typeof places === 'string') return places;
  const issuers = readIssuers(given);
  if (typeof issuers === 'string') return issuers;
  const mostTitles = readMost(given.texts['most-titles']);
  if (typeof mostTitles === 'string') return mostTitles;
  const { data = 'data/titles', 'key-file': keyFile } = given.texts;
  return { ...listening, data: resolve(data), keyFile, places, issuers: issuers.only, mostTitles };
}

function readDocumentPlaces(text: string | undefined): readonly [string, string] | undefined | string {
  if (text === undefined) return undefined;
  const [first = '', second = '', ...more] = text.split(',').map((each) => each.trim());
  return first !== '' && second !== '' && more.length === 0
    ? [first, second]
    : '--places names two folders, with a comma between them';
}

/** A public key as `title keygen` says it. */
const KEY = /^[0-9a-f]{64}$/;

function readIssuers({ lists, flags }: Arguments): { readonly only: readonly string[] | undefined } | string {
  const issuers = lists['issuer'] ?? [];
  if (flags.has('anybody'))
    return issuers.length === 0 ? { only: undefined } : '--anybody and --issuer do not go together';
  if (issuers.length === 0) return '--issuer names who may issue titles here, --anybody lets everybody';
  const keys = issuers.map((each) => (KEY.test(each) ? each : publicKeyIn(each)));
  const [refused] = keys.filter((each) => each instanceof Refusal);
  if (refused !== undefined) return `--issuer takes a public key, or a key file: ${refused.details}`;
  return { only: keys.filter((each) => typeof each === 'string') };
}

function readMost(text: string | undefined): number | string {
  if (text === undefined) return MOST_TITLES;
  const most = Number(text);
  return /^[1-9]\d{0,9}$/.test(text) && most <= TITLE_LIMITS.cells
    ? most
    : `--most-titles takes a number up to ${TITLE_LIMITS.cells}`;
}
