import dgram from 'node:dgram';
import dns from 'node:dns';
import dnsPromises from 'node:dns/promises';
import net from 'node:net';
import { resolve } from 'node:path';
import { denied, mayWrite, methodOf, put } from './denied.ts';

/** Ways to a network that do not begin at `node:net`, as globals. */
const GLOBALS = ['fetch', 'WebSocket', 'EventSource'];

/** What of `node:net` makes a socket without being asked to connect or to listen as below. */
const BY_THE_BACK_DOOR = ['_createServerHandle', 'BoundSocket'];

/**
 * From here on this thread opens no socket but UNIX sockets at places where the program may write: HTTP, TLS, WebSocket
 * and the rest all go through the two methods that are replaced here. It must be called before any other code runs,
 * and takes `process.permission` to be in force.
 *
 * This is the second fence, not the first: it holds JavaScript that keeps to Node's interfaces, such as a dependency
 * gone bad, and neither a fault in Node itself nor native code. The first is the operating system's: a network
 * namespace of its own (`outsideNetwork`), or `PrivateNetwork=yes` of a systemd unit.
 */
export function fenceNetwork(): void {
  const connect = methodOf(net.Socket.prototype, 'connect');
  put(net.Socket.prototype, 'connect', function (this: net.Socket, ...args: readonly unknown[]) {
    if (!isOwnSocket(connectPath(args))) throw denied('the network');
    return Reflect.apply(connect, this, args);
  });
  const listen = methodOf(net.Server.prototype, 'listen');
  put(net.Server.prototype, 'listen', function (this: net.Server, ...args: readonly unknown[]) {
    if (!isOwnSocket(listenPath(args))) throw denied('the network');
    return Reflect.apply(listen, this, args);
  });
  // What `listen` comes down to, but an old interface as well: (path, -1, -1, backlog) is a UNIX socket.
  const listenAt = methodOf(net.Server.prototype, '_listen2');
  put(net.Server.prototype, '_listen2', function (this: net.Server, ...args: readonly unknown[]) {
    const [path, port, family, , descriptor] = args;
    const isPath = port === -1 && family === -1 && descriptor === undefined;
    if (!isPath || !isOwnSocket(path)) throw denied('the network');
    Reflect.apply(listenAt, this, args);
  });
  for (const name of BY_THE_BACK_DOOR) if (name in net) put(net, name, noNetwork);
  for (const module of [dgram, dns, dnsPromises] as readonly object[]) {
    for (const [name, value] of Object.entries(module)) {
      if (typeof value === 'function') put(module, name, noNetwork);
    }
  }
  for (const name of GLOBALS) put(globalThis, name, noNetwork);
}

/** Called or constructed, it throws. */
function noNetwork(): never {
  throw denied('the network');
}

interface SocketOptions {
  readonly path?: unknown;
}

/** The path of `socket.connect(…)`; Node hands its own calls over as an array of options and callback. */
function connectPath([first]: readonly unknown[]): unknown {
  const target: unknown = Array.isArray(first) ? first[0] : first;
  return typeof target === 'object' && target !== null ? (target as SocketOptions).path : target;
}

/** In `server.listen` these win over a path. */
const NO_PATH = ['port', 'fd', 'handle', '_handle'];

function listenPath([first]: readonly unknown[]): unknown {
  if (typeof first !== 'object' || first === null) return first;
  return NO_PATH.some((name) => name in first) ? undefined : (first as SocketOptions).path;
}

/** Whether this is a path of a UNIX socket where the program may write. Node takes a text of digits for a port. */
function isOwnSocket(path: unknown): boolean {
  if (typeof path !== 'string' || path === '' || path.includes('\0') || Number(path) >= 0) return false;
  return mayWrite(resolve(path));
}
