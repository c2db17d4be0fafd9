import { spawnSync } from 'node:child_process';
import { getuid } from 'node:process';

/** A command line. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * The same command in a network namespace of its own, where there is no network at all, not even loopback; UNIX
 * sockets in the file system still reach it. Undefined where the system does not allow that: no Linux, no
 * `unshare`, no user namespaces, as in many containers. The process id is the program's own.
 */
export function outsideNetwork<Given extends Command>(given: Given): Given | undefined {
  if (process.platform !== 'linux') return undefined;
  const namespaces = getuid?.() === 0 ? ['--net'] : ['--net', '--user', '--map-current-user'];
  const tried = spawnSync('unshare', [...namespaces, process.execPath, '--version'], { stdio: 'ignore' });
  if (tried.status !== 0) return undefined;
  return { ...given, command: 'unshare', args: [...namespaces, given.command, ...given.args] };
}
