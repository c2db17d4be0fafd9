/** How a box is started: confined, as a program of its own. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refusal, refuse } from '../../base/refusal.ts';
import { createVault, hasVault } from '../../signers/vault/vault.ts';
import type { Unlock } from '../../signers/vault/vault.ts';
import { confinedNode, socketPath } from '../supervisor/confined.ts';
import { outsideNetwork } from '../supervisor/network-namespace.ts';
import type { Program } from '../supervisor/run.ts';
import { openBoxFolder } from './folder.ts';
import { READY } from './options.ts';
import type { BoxOptions } from './options.ts';

const ENTRY = fileURLToPath(new URL('./main.ts', import.meta.url));

export interface BoxProgramOptions {
  readonly folder: string;
  readonly unlock: Unlock;
  readonly second: string | null;
  /** Founding documents: one that is gone is not needed any more, unless the box has no currency yet. */
  readonly foundings: readonly string[];
  /** Frames over standard input and output instead of a socket: whoever starts it is its only front. */
  readonly stdio?: boolean;
  /** Where it listens; in its folder when not given. */
  readonly socket?: string;
}

/** Where a box listens unless it is told otherwise. */
export function boxSocket(folder: string): string | Refusal {
  return socketPath(folder, 'box.sock');
}

/** The box as a supervised program. Makes its vault when there is none: later the box has no right to write a key file. */
export function boxProgram(options: BoxProgramOptions): Program | Refusal {
  const { unlock, second } = options;
  const folder = resolve(options.folder);
  const socket = options.socket ?? boxSocket(folder);
  if (socket instanceof Refusal) return socket;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const gone = options.foundings.find((each) => !existsSync(each));
  if (gone !== undefined && openBoxFolder(folder).list().founded.length === 0)
    return refuse('not possible', `the founding document ${gone} does not exist; check its name`);
  const vault = hasVault(folder) ? undefined : createVault(folder, unlock);
  if (vault instanceof Refusal) return vault;
  // Said here: the confined program may not even look for it.
  if ('keyFile' in unlock && !existsSync(unlock.keyFile))
    return refuse('not possible', `the key file ${unlock.keyFile} does not exist; check its name`);
  if (second !== null) mkdirSync(second, { recursive: true, mode: 0o700 });
  const keyFile = 'keyFile' in unlock ? resolve(unlock.keyFile) : null;
  const boxOptions: BoxOptions = {
    folder,
    socket,
    stdio: options.stdio === true,
    keyFile,
    second: second === null ? null : resolve(second),
    foundings: options.foundings.filter((each) => existsSync(each)).map((each) => resolve(each)),
    supervised: options.stdio !== true,
  };
  const command = confinedNode({
    entry: ENTRY,
    args: [JSON.stringify(boxOptions)],
    folder,
    alsoReadable: [...(keyFile === null ? [] : [keyFile]), ...boxOptions.foundings],
    alsoWritable: [
      ...(boxOptions.second === null ? [] : [boxOptions.second]),
      ...(dirname(socket) === folder ? [] : [dirname(socket)]),
    ],
  });
  if (command instanceof Refusal) return command;
  return {
    name: 'box',
    ...(outsideNetwork(command) ?? command),
    ready: READY,
    ...('passphrase' in unlock ? { input: unlock.passphrase } : {}),
  };
}
