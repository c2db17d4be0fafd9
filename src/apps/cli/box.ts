/** `specie box`: the mint by itself, in a folder of its own. */
import { resolve } from 'node:path';
import { Refusal, refuse } from '../../base/refusal.ts';
import { hasVault } from '../../signers/vault.ts';
import type { Unlock } from '../../signers/vault.ts';
import { boxProgram } from '../box/program.ts';
import { readArguments } from './arguments.ts';
import type { Arguments } from './arguments.ts';
import { restore } from './box-restore.ts';
import { folderError } from './files.ts';
import { readSecret } from './prompt.ts';
import { stopSignal } from './stopping.ts';
import { watchOver } from './supervision.ts';
import { complain, misused, say } from './terminal.ts';
import type { ExitStatus } from './terminal.ts';

const USAGE =
  'specie box [--data DIR] [--key-file FILE] [--socket PATH] [--second DIR] [--founding FILE]\nwithout --key-file it asks for a passphrase; specie box restore brings back a box from its backups';

/** Runs a box until SIGINT or SIGTERM. */
export async function box(args: readonly string[]): Promise<ExitStatus> {
  if (args[0] === 'restore') return restore(args.slice(1));
  const given = readArguments(args, { texts: ['data', 'key-file', 'socket', 'second', 'founding'] });
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
  const { socket, second = null, founding = null } = given.texts;
  const program = boxProgram({
    folder,
    unlock,
    second,
    founding,
    ...(socket === undefined ? {} : { socket: resolve(socket) }),
  });
  if (program instanceof Refusal) return complain(program);
  const stopped = stopSignal();
  const supervisor = watchOver([program]);
  const refused = await supervisor.started;
  if (refused !== undefined) return complain(refused);
  say('the box is ready');
  await stopped;
  await supervisor.stop();
  return 0;
}

/** A key file where one was named; else a passphrase, from a person or the first line of standard input. */
export async function readUnlock(folder: string, { texts }: Arguments): Promise<Unlock | Refusal> {
  const keyFile = texts['key-file'];
  if (keyFile !== undefined) return { keyFile: resolve(keyFile) };
  const passphrase = await readSecret(
    hasVault(folder)
      ? 'passphrase of this box: '
      : 'a passphrase for the new box, of at least 12 characters: ',
  );
  return passphrase === ''
    ? refuse('malformed', 'a passphrase is needed, or a key file named with --key-file')
    : { passphrase };
}
