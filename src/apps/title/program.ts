/** How a title box is started: confined, as a program of its own. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refusal, refuse } from '../../base/refusal.ts';
import { createVault, hasVault } from '../../signers/vault/vault.ts';
import type { Unlock } from '../../signers/vault/vault.ts';
import { confinedNode, socketPath } from '../supervisor/confined.ts';
import { outsideNetwork } from '../supervisor/network-namespace.ts';
import type { Program } from '../supervisor/run.ts';
import { TITLE_BOX_READY } from './options.ts';
import type { TitleBoxOptions } from './options.ts';

const ENTRY = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Titles that a server counts where nothing else is said: 400 MB of trusted state. */
export const MOST_TITLES = 100_000_000;

export interface TitleProgramOptions {
  /** In it are the box's own folder, and the places of documents where no others are named. */
  readonly data: string;
  readonly unlock: Unlock;
  readonly places: readonly [string, string] | undefined;
  /** Issuers whose classes are taken, in hexadecimal; undefined: anybody's. */
  readonly issuers: readonly string[] | undefined;
  readonly mostTitles?: number;
  readonly udpPort: number | undefined;
}

/** Where a title box listens. */
export function titleSocket(data: string): string | Refusal {
  return socketPath(titleBoxFolder(data), 'title.sock');
}

/** The box's own folder. */
export function titleBoxFolder(data: string): string {
  return join(resolve(data), 'box');
}

/** The title box as a supervised program. Makes folders and vault where there are none. */
export function titleProgram(options: TitleProgramOptions): Program | Refusal {
  const { data, unlock } = options;
  const folder = titleBoxFolder(data);
  const socket = titleSocket(data);
  if (socket instanceof Refusal) return socket;
  const places = placesOf(options);
  if (places instanceof Refusal) return places;
  // A folder that is allowed cannot itself be opened where another allowed name begins as its own does, as box.key with
  // box (Node 24.21); what is in it can. To be durable, the names in a folder need it opened.
  const books = join(folder, 'books');
  const documents = [join(places[0], 'documents'), join(places[1], 'documents')] as const;
  for (const each of [books, ...documents]) mkdirSync(each, { recursive: true, mode: 0o700 });
  const vault = vaultFault(folder, books, unlock);
  if (vault !== undefined) return vault;
  const keyFile = 'keyFile' in unlock ? resolve(unlock.keyFile) : null;
  const boxOptions: TitleBoxOptions = {
    folder,
    books,
    places: documents,
    socket,
    keyFile,
    issuers: options.issuers ?? null,
    mostTitles: options.mostTitles ?? MOST_TITLES,
    udpPort: options.udpPort ?? null,
  };
  const command = confinedNode({
    entry: ENTRY,
    args: [JSON.stringify(boxOptions)],
    folder,
    alsoReadable: keyFile === null ? [] : [keyFile],
    alsoWritable: places,
  });
  if (command instanceof Refusal) return command;
  return {
    name: 'titles',
    ...(outsideNetwork(command) ?? command),
    ready: TITLE_BOX_READY,
    ...('passphrase' in unlock ? { input: unlock.passphrase } : {}),
  };
}

function placesOf({ data, places }: TitleProgramOptions): readonly [string, string] | Refusal {
  const [first, second] = places ?? [join(data, 'place-1'), join(data, 'place-2')];
  const resolved = [resolve(first), resolve(second)] as const;
  return resolved[0] === resolved[1]
    ? refuse('not possible', `documents are kept in two places, and ${resolved[0]} is one`)
    : resolved;
}

/** Makes the vault where a server begins; why there is none that could be opened, where there is not. */
function vaultFault(folder: string, books: string, unlock: Unlock): Refusal | undefined {
  if (!hasVault(folder)) {
    if (readdirSync(books).length > 0)
      return refuse(
        'not possible',
        `${folder} holds books and no vault; bring back vault.json, which has their key`,
      );
    const made = createVault(folder, unlock);
    if (made instanceof Refusal) return made;
  }
  // Said here: the confined program may not even look for it.
  return 'keyFile' in unlock && !existsSync(unlock.keyFile)
    ? refuse('not possible', `the key file ${unlock.keyFile} does not exist; check its name`)
    : undefined;
}
