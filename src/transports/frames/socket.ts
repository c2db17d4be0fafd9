/** A UNIX socket that only its owner ever could connect to, at a path that no living process is taken from. */
import { randomUUID } from 'node:crypto';
import { chmod, link, lstat, mkdtemp, rename, rm, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Server } from 'node:net';
import { dirname, join } from 'node:path';

/** Bytes of a socket's path that every UNIX takes (macOS the fewest: 104 with the zero at its end). */
const PATH_BYTES = 103;
const ATTEMPTS = 10;

/** Removes the socket file, if it is still the one that was made. */
export type RemoveSocket = () => Promise<void>;

/**
 * Listens at `path`, mode 0600. The socket is made in a folder of its own with mode 0700 and appears at its path when it
 * has its mode: there is no moment for others, whatever the umask. A socket file that nobody listens on is replaced.
 * @throws Error (rejects) when a living process listens there, something else is there, or the folder does not let us
 */
export async function listenAt(server: Server, path: string): Promise<RemoveSocket> {
  const folder = await mkdtemp(join(dirname(path), '.s'));
  try {
    const made = join(folder, 's');
    for (const each of [made, path]) {
      if (Buffer.byteLength(each) > PATH_BYTES)
        throw new Error(`${path} is too long for a socket; use a shorter one`);
    }
    await listen(server, made);
    await chmod(made, 0o600);
    const identity = await identityOf(made);
    await place(made, path, folder);
    return async () => {
      if ((await identityOf(path)) === identity) await unlink(path);
    };
  } catch (error) {
    server.close();
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path, backlog: 511 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Gives the socket its path. A link is never made over what is there, so of two who try one fails and looks again. */
async function place(made: string, path: string, folder: string): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      await link(made, path);
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    await removeStale(path, folder);
  }
  throw new Error(`${path} is taken again and again by others`);
}

/** Takes away a socket file that nobody listens on. */
async function removeStale(path: string, folder: string): Promise<void> {
  const found = await identityOf(path);
  if (found === undefined) return;
  if (!(await lstat(path)).isSocket())
    throw new Error(`${path} is there and is no socket; remove it or choose another`);
  if (await isListenedOn(path)) throw new Error(`a running process listens on ${path} already`);
  // Between looking and taking another may have put its own socket there: that one goes back.
  const taken = join(folder, randomUUID());
  try {
    await rename(path, taken);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if ((await identityOf(taken)) === found) return;
  await link(taken, path);
  throw new Error(`another process has just begun to listen on ${path}`);
}

/** Whether a process answers there. Only a refusal means that none does: no right to connect, or a full queue, do not. */
function isListenedOn(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error) => resolve(!['ECONNREFUSED', 'ENOENT'].includes(codeOf(error) ?? '')));
  });
}

/** Which file is at a path; undefined when there is none. */
async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await lstat(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
