import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const TABLES = ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6'];
/** Columns of /proc/<pid>/net/tcp and its like: proc_net_tcp(5). */
const LOCAL = 1;
const INODE = 9;

/**
 * The network sockets that a process holds, as `tcp 0100007F:1F90`: the table and the local address in hexadecimal.
 * UNIX sockets are none. Undefined where there is no /proc.
 */
export function networkSockets(pid: number): string[] | undefined {
  if (process.platform !== 'linux') return undefined;
  const held = inodesOf(pid);
  return TABLES.flatMap((table) =>
    rowsOf(pid, table)
      .filter((row) => held.has(row[INODE] ?? ''))
      .map((row) => `${table} ${row[LOCAL]}`),
  );
}

function inodesOf(pid: number): Set<string> {
  const inodes = new Set<string>();
  for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${descriptor}`))?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  return inodes;
}

/** Where a link leads; nowhere when the process closed it while we looked. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function rowsOf(pid: number, table: string): string[][] {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/net/${table}`, 'latin1');
  } catch (error) {
    // A kernel without IPv6 has no such table, and so no such socket.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const [, ...rows] = text.trimEnd().split('\n');
  return rows.map((row) => row.trim().split(/\s+/));
}
