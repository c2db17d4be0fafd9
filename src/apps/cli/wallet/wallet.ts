import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { randomBytes } from 'node:crypto';
import { LIMITS } from '../../../base/limits.ts';
import { Refusal } from '../../../base/refusal.ts';
import { verifyEd25519 } from '../../../signers/ed25519.ts';
import { openSqliteWalletStore } from '../../../stores/wallet/sqlite.ts';
import { get, post } from '../../../transports/http-client.ts';
import { openWallet } from '../../../wallet/wallet.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { readArguments } from '../arguments.ts';
import { folderError } from '../files.ts';
import { complain, misused } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';
import { COMMANDS, takeUp } from './commands.ts';
import type { WalletCommand, WalletOptions } from './words.ts';

/** The wallet of titles, beside that of coins. */
export const TITLES_FILE = 'titles.sqlite';

const USAGE = `specie wallet [--data DIR] [--currency NAME] ${Object.keys(COMMANDS).join('|')} …`;

/** Runs one command on the wallet in a folder. Operations that were cut short are taken up first. */
export async function wallet(args: readonly string[]): Promise<ExitStatus> {
  const given = readOptions(args);
  if (typeof given === 'string') return misused(USAGE, given);
  const [name = '', ...operands] = given.operands;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) return misused(USAGE, name === '' ? '' : `there is no command wallet ${name}`);
  if (!command.operands(operands.length)) return misused(`specie wallet ${command.usage}`);
  try {
    const refused = await run(command, { ...given, operands });
    return refused === undefined ? 0 : complain(refused);
  } catch (error) {
    return complain(folderError(error, given.folder));
  }
}

async function run(
  command: WalletCommand,
  { folder, operands, options }: Given,
): Promise<Refusal | undefined> {
  const opened = await openWalletIn(folder);
  if (opened instanceof Refusal) return opened;
  try {
    if (command.online && !options.offline) await takeUp(opened, options);
    return await command.run(opened, operands, options);
  } finally {
    await opened.close();
  }
}

/** The wallet of coins in a folder, made where there is none. */
export async function openWalletIn(folder: string): Promise<Wallet | Refusal> {
  const store = openSqliteWalletStore(join(folder, 'wallet.sqlite'));
  if (store instanceof Refusal) return store;
  return openWallet({
    store,
    messenger: {
      exchange: (url, message) => post(url, message, LIMITS.messageBytes),
      describe: (url) => get(url, LIMITS.messageBytes),
    },
    clock: Date.now,
    randomness: (length) => new Uint8Array(randomBytes(length)),
    verifyEd25519,
  });
}

interface Given {
  readonly folder: string;
  readonly operands: readonly string[];
  readonly options: WalletOptions;
}

function readOptions(args: readonly string[]): Given | string {
  const given = readArguments(args, {
    texts: ['data', 'currency', 'subject', 'output', 'rail', 'to'],
    flags: ['json', 'accept-changed-keys', 'voucher-stdin', 'unblinded', 'blinded', 'offline'],
    letters: { o: 'output' },
  });
  if (typeof given === 'string') return given;
  const { data = 'data/wallet', currency, subject = '', output, rail, to } = given.texts;
  if (given.flags.has('unblinded') && given.flags.has('blinded')) return 'either --unblinded or --blinded';
  const options = {
    currency,
    subject,
    output,
    rail,
    to,
    json: given.flags.has('json'),
    acceptChangedKeys: given.flags.has('accept-changed-keys'),
    voucherStdin: given.flags.has('voucher-stdin'),
    unblinded: given.flags.has('unblinded') || (given.flags.has('blinded') ? false : undefined),
    offline: given.flags.has('offline'),
    hasTitles: existsSync(join(data, TITLES_FILE)),
  };
  return { folder: resolve(data), operands: given.operands, options };
}
