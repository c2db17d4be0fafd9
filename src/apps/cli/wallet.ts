import { join, resolve } from 'node:path';
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { LIMITS } from '../../base/limits.ts';
import { Refusal } from '../../base/refusal.ts';
import { openSqliteWalletStore } from '../../stores/wallet-sqlite.ts';
import { get, post } from '../../transports/http-client.ts';
import { openWallet } from '../../wallet/wallet.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { complain, misused, say } from './terminal.ts';
import type { ExitStatus } from './terminal.ts';
import { COMMANDS } from './wallet-commands.ts';
import type { WalletOptions } from './wallet-commands.ts';

const USAGE = `specie wallet [--data DIR] [--currency NAME] ${Object.keys(COMMANDS).join('|')} …`;

/** Runs one command on the wallet in a folder. Operations that were cut short are taken up first. */
export async function wallet(args: readonly string[]): Promise<ExitStatus> {
  const given = readOptions(args);
  if (given === undefined) return misused(USAGE);
  const [name = '', ...operands] = given.operands;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) return misused(USAGE);
  if (!command.operands(operands.length)) return misused(`specie wallet ${command.usage}`);
  const opened = await open(given.folder);
  if (opened instanceof Refusal) return complain(opened);
  try {
    if (command.online) await takeUp(opened);
    const refused = await command.run(opened, operands, given.options);
    return refused === undefined ? 0 : complain(refused);
  } finally {
    await opened.close();
  }
}

async function open(folder: string): Promise<Wallet | Refusal> {
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
  });
}

/** A command that was killed left its operation behind; the next one ends it before doing its own. */
async function takeUp(opened: Wallet): Promise<void> {
  for (const { entry } of await opened.resumeAll()) {
    if (entry.state === 'done') say(`Finished what was cut short: ${entry.kind} of ${entry.amount}`);
    if (entry.state === 'refused') say(`Could not finish ${entry.kind} of ${entry.amount}: ${entry.reason}`);
  }
}

interface Given {
  readonly folder: string;
  readonly operands: readonly string[];
  readonly options: WalletOptions;
}

function readOptions(args: readonly string[]): Given | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: {
      data: { type: 'string', default: 'data/wallet' },
      currency: { type: 'string' },
      subject: { type: 'string', default: '' },
      output: { type: 'string', short: 'o' },
      json: { type: 'boolean', default: false },
    },
  });
  const { data, currency, subject, output, json, ...others } = values;
  const texts = [data, currency ?? '', subject, output ?? ''].every((value) => typeof value === 'string');
  if (!texts || typeof json !== 'boolean' || Object.keys(others).length > 0) return undefined;
  const options = {
    currency: currency as string | undefined,
    subject: subject as string,
    output: output as string | undefined,
    json,
  };
  return { folder: resolve(data as string), operands: positionals, options };
}
