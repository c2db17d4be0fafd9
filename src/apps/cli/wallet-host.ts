/** `specie wallet-host`: wallets for many people, in their browsers. */
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Refusal, refuse } from '../../base/refusal.ts';
import { reportBug, tryPort } from '../issuer/serve.ts';
import { openRunningHost } from '../wallet-host/open.ts';
import { serveHost } from '../wallet-host/serve.ts';
import { tellOfSilent } from '../wallet-host/silent-issuers.ts';
import { readArguments } from './arguments.ts';
import { fileError, folderError } from './files.ts';
import { readPort } from './issuer.ts';
import { stopSignal } from '../supervisor/stopping.ts';
import { complain, misused, printable, say } from './terminal.ts';
import type { ExitStatus } from './terminal.ts';

const USAGE =
  'specie wallet-host [--data DIR] [--host HOST] [--port N] [--url URL] [--issuer URL,…]… [--titles URL,…]… [--smtp-url-file FILE --mail-from ADDRESS] [--behind-proxy]';

/** The line that says that a wallet host serves. */
export const WALLET_HOST_READY = 'the wallet host is ready';

export const WALLET_PORT = '8081';

interface Options {
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  readonly url: URL;
  readonly issuers: readonly string[];
  readonly titles: readonly string[];
  /** Holds the mail server's address, with the password in it. */
  readonly smtpUrlFile: string | undefined;
  readonly mailFrom: string;
  readonly behindProxy: boolean;
  readonly supervised: boolean;
}

/** Serves until SIGINT or SIGTERM. */
export async function walletHost(args: readonly string[]): Promise<ExitStatus> {
  const options = readOptions(args);
  if (typeof options === 'string') return misused(USAGE, options);
  const stopped = stopSignal(options.supervised);
  const taken = await tryPort(options.host, options.port);
  if (taken !== undefined) return complain(taken);
  const running = await open(options);
  if (running instanceof Refusal) return complain(running);
  const server = await serveHost(running.site, options);
  say(`Wallets are at ${options.url.href}`);
  say(WALLET_HOST_READY);
  const stopping = new AbortController();
  void tellOfSilent(options.issuers, stopping.signal, warnOfSilence);
  await stopped;
  stopping.abort();
  await server.close();
  await running.close();
  return 0;
}

function warnOfSilence(issuer: string): void {
  process.stderr.write(`specie: ${printable(issuer)} does not answer; wallets will know it once it does\n`);
}

async function open(options: Options): ReturnType<typeof openRunningHost> {
  const smtpUrl = options.smtpUrlFile === undefined ? undefined : readSecret(options.smtpUrlFile);
  if (smtpUrl instanceof Refusal) return smtpUrl;
  try {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    return await openRunningHost({ ...options, smtpUrl, bug: reportBug });
  } catch (error) {
    return folderError(error, options.folder);
  }
}

/** The first line of a file that is nobody else's to read. What stands in it is in no message. */
function readSecret(path: string): string | Refusal {
  try {
    if (isForOthers(path)) {
      return refuse(
        'not possible',
        `the file ${path} may be used by others; take that from them (chmod 600)`,
      );
    }
    const [line = ''] = readFileSync(path, 'utf8').split('\n');
    return line.trim() === '' ? refuse('not possible', `the file ${path} is empty`) : line.trim();
  } catch (error) {
    return fileError(error, path);
  }
}

/**
 * What belongs to somebody else, as root, may be readable by a group: so they let us read it. The files that systemd hands
 * to a service (`LoadCredential=`) look like this.
 */
function isForOthers(path: string): boolean {
  const { mode, uid } = statSync(path);
  const others = uid === process.getuid?.() ? 0o077 : 0o037;
  // Windows alone has no such modes.
  return (mode & others) !== 0 && process.platform !== 'win32';
}

function readOptions(args: readonly string[]): Options | string {
  const given = readArguments(args, {
    texts: ['data', 'host', 'port', 'url', 'smtp-url-file', 'mail-from'],
    lists: ['issuer', 'titles'],
    flags: ['behind-proxy', 'supervised'],
  });
  if (typeof given === 'string') return given;
  const { data = 'data/wallet-host', host = '127.0.0.1', port = WALLET_PORT } = given.texts;
  const [operand] = given.operands;
  if (operand !== undefined) return `wallet-host takes no ${operand}`;
  const number = readPort(port);
  if (typeof number === 'string') return number;
  const url = hostUrl(given.texts['url'] ?? `http://localhost:${number}/`);
  if (typeof url === 'string') return url;
  const issuers = (given.lists['issuer'] ?? []).flatMap((each) => each.split(','));
  const titles = (given.lists['titles'] ?? []).flatMap((each) => each.split(','));
  const wrong = [...issuers, ...titles].find((each) => !/^https?:$/.test(URL.parse(each)?.protocol ?? ''));
  if (wrong !== undefined)
    return `the address of an issuer or a title server begins with https:// or http://, and ${wrong} does not`;
  const { 'smtp-url-file': smtpUrlFile, 'mail-from': mailFrom } = given.texts;
  if (smtpUrlFile !== undefined && mailFrom === undefined) return '--mail-from says who the mails are from';
  return {
    folder: resolve(data),
    host,
    port: number,
    url,
    issuers,
    titles,
    smtpUrlFile,
    mailFrom: mailFrom ?? `wallet@${url.hostname}`,
    behindProxy: given.flags.has('behind-proxy'),
    supervised: given.flags.has('supervised'),
  };
}

/** A host's own address; a text says what is wrong with it. */
function hostUrl(text: string): URL | string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    return 'a host’s address is like https://wallet.example/';
  return url.pathname === '/' && url.search === '' && url.hash === ''
    ? url
    : 'a host’s address has nothing behind its name: give it a name of its own';
}
