/** `specie box`: the mint by itself, in a folder of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { hasVault } from '../../../signers/vault/vault.ts';
import type { Unlock } from '../../../signers/vault/vault.ts';
import { openBoxFolder } from '../../box/folder.ts';
import { READY } from '../../box/options.ts';
import { boxProgram } from '../../box/program.ts';
import type { Program } from '../../supervisor/run.ts';
import { readArguments } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import { relock } from './relock.ts';
import { restore } from './restore.ts';
import { folderError } from '../files.ts';
import { founding } from './founding.ts';
import { askPassphrase } from '../operator/passphrase.ts';
import { policy } from './policy-file.ts';
import { stopSignal } from '../../supervisor/stopping.ts';
import { runUntil } from '../supervision.ts';
import { complain, misused, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';

const USAGE =
  'specie box [--data DIR] [--key-file FILE] [--socket PATH] [--second DIR] [--founding FILE]… [--stdio]\nwithout --key-file it asks for a passphrase; specie box policy and specie box founding write what a currency begins with, specie box restore brings back a box from its backups, specie box relock changes what opens it';

/** What stands behind `box` and does not run one. */
const BESIDE: Readonly<Record<string, (args: readonly string[]) => ExitStatus | Promise<ExitStatus>>> = {
  founding,
  policy,
  relock,
  restore,
};

/** Runs a box until SIGINT or SIGTERM. */
export async function box(args: readonly string[]): Promise<ExitStatus> {
  const [word = '', ...rest] = args;
  const beside = Object.hasOwn(BESIDE, word) ? BESIDE[word] : undefined;
  if (beside !== undefined) return beside(rest);
  const given = readArguments(args, {
    texts: ['data', 'key-file', 'socket', 'second'],
    lists: ['founding'],
    flags: ['stdio'],
  });
  if (typeof given === 'string') return misused(USAGE, given);
  const [operand] = given.operands;
  if (operand !== undefined) return misused(USAGE, `box takes no ${operand}`);
  const folder = resolve(given.texts['data'] ?? 'data/box');
  try {
    return await runBox(folder, given);
  } catch (error) {
    return complain(folderError(error, folder));
  }
}

async function runBox(folder: string, given: Arguments): Promise<ExitStatus> {
  const unlock = await readUnlock(folder, given);
  if (unlock instanceof Refusal) return complain(unlock);
  const { socket, second = null } = given.texts;
  const stdio = given.flags.has('stdio');
  if (stdio && !('keyFile' in unlock))
    return misused(USAGE, '--stdio needs --key-file, since frames are on standard input');
  const program = boxProgram({
    folder,
    unlock,
    second,
    foundings: given.lists['founding'] ?? [],
    stdio,
    ...(socket === undefined ? {} : { socket: resolve(socket) }),
  });
  if (program instanceof Refusal) return complain(program);
  if (stdio) return attach(program);
  return runUntil(stopSignal(), [program], () => {
    say(READY);
    if (openBoxFolder(folder).list().founded.length === 0)
      say('It has no currency yet: stop it, and start it with --founding FILE.');
  });
}

/** Runs a box that speaks frames on our own standard input and output, until its front ends them. */
async function attach({ command, args, environment }: Program): Promise<ExitStatus> {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...environment } });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [status] = (await once(child, 'exit')) as [number | null];
  return status === 0 ? 0 : 1;
}

/** A key file where one was named; else a passphrase, from a person or the first line of standard input. */
async function readUnlock(folder: string, { texts }: Arguments): Promise<Unlock | Refusal> {
  const keyFile = texts['key-file'];
  if (keyFile !== undefined) return { keyFile: resolve(keyFile) };
  const isNew = !hasVault(folder);
  const passphrase = await askPassphrase(
    isNew ? 'A passphrase for the new box, of at least 12 characters: ' : 'Passphrase of this box: ',
    isNew,
  );
  if (passphrase instanceof Refusal)
    return refuse(passphrase.name, `${passphrase.details}; a key file can be named with --key-file`);
  return { passphrase };
}
