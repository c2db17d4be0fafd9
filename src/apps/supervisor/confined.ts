/** How a program is started that may touch its own folder alone. What holds it, and what does not, is in `fences.ts`. */
import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import type { Command } from './network-namespace.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const FENCES = new URL('./fences.ts', import.meta.url).href;

/** The program's own code: all that a confined program reads outside of its folder. */
const CODE = ['src', 'node_modules', 'package.json']
  .map((name) => join(ROOT, name))
  // Where node_modules is a link, Node reads under both names.
  .flatMap((path) => [...new Set([path, realpathSync(path)])]);

/** What a confined program inherits of our environment. NODE_OPTIONS is not among it: it could widen permissions. */
const INHERITED = ['PATH', 'TZ', 'LANG', 'LC_ALL'];

/** Which of its binaries the loader of libsecp256k1 takes on Linux; it would look where a confined program may not. */
const LIBRARY = { LIBC: existsSync('/etc/alpine-release') ? 'musl' : 'glibc' };

/** The most bytes of a UNIX socket's path: `sun_path` of unix(7) less its end, 104 in all on BSD and macOS. */
const SOCKET_PATH_MOST = process.platform === 'linux' ? 107 : 103;

export interface Confinement {
  /** The absolute path of the program, in this package's `src`. */
  readonly entry: string;
  readonly args: readonly string[];
  /** Where it reads and writes; made, for its owner alone, when missing. */
  readonly folder: string;
  /** Further files and folders; they must exist. */
  readonly alsoReadable?: readonly string[];
  readonly alsoWritable?: readonly string[];
}

export interface ConfinedCommand extends Command {
  /** Its whole environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The command line of a Node process under the permission model (https://nodejs.org/docs/latest-v24.x/api/permissions.html):
 * it reads its own code and its folder, writes in its folder, starts threads that are bound as it is, and nothing else:
 * no child process, WASI or inspector, no network, no database elsewhere, no native code but libsecp256k1's. Refuses a folder that holds a symbolic
 * link, which Node would follow out of it, and paths that the permission model reads as patterns.
 */
export function confinedNode(confinement: Confinement): ConfinedCommand | Refusal {
  const { entry, args, folder, alsoReadable = [], alsoWritable = [] } = confinement;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const writable: string[] = [];
  for (const path of [folder, ...alsoWritable]) {
    const real = realpathSync(path);
    const link = linkWithin(real);
    if (link !== undefined) {
      return refuse('not possible', `${link} is a symbolic link; put the file itself there`);
    }
    writable.push(real);
  }
  const readable = [...CODE, ...writable, ...alsoReadable.map((path) => realpathSync(path))];
  const pattern = readable.find((path) => path.includes('*'));
  if (pattern !== undefined) {
    return refuse('not possible', `${pattern} has a * in its name; choose another folder`);
  }
  const permissions = [
    '--permission',
    '--allow-worker',
    // libsecp256k1's, which the fences see to (one-addon.ts).
    '--allow-addons',
    // Threads and addons are fenced in, so the warnings that they may be loose would only alarm.
    '--disable-warning=PERM0006',
    '--disable-warning=PERM0001',
    '--disable-sigusr1',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    ...writable.map((path) => `--allow-fs-write=${path}`),
    `--import=${FENCES}`,
  ];
  return {
    command: process.execPath,
    args: [...permissions, resolve(entry), ...args],
    environment: inherited(),
  };
}

/** The path of a UNIX socket in a folder. Refuses one that the system would not take. */
export function socketPath(folder: string, name: string): string | Refusal {
  const path = join(resolve(folder), name);
  const length = Buffer.byteLength(path);
  if (length <= SOCKET_PATH_MOST) return path;
  return refuse(
    'not possible',
    `the path of the socket ${path} has ${length} bytes, the most is ${SOCKET_PATH_MOST}; choose a folder with a shorter path`,
  );
}

function linkWithin(path: string): string | undefined {
  const status = lstatSync(path);
  if (status.isSymbolicLink()) return path;
  if (!status.isDirectory()) return undefined;
  for (const name of readdirSync(path)) {
    const link = linkWithin(join(path, name));
    if (link !== undefined) return link;
  }
  return undefined;
}

function inherited(): Record<string, string> {
  const given = INHERITED.map((name): [string, string | undefined] => [name, process.env[name]]);
  const known = given.filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { ...Object.fromEntries(known), ...LIBRARY };
}
