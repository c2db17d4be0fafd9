import { once } from 'node:events';
import { createServer } from 'node:net';
import { LIMITS } from '../../base/limits.ts';
import type { Refusal } from '../../base/refusal.ts';
import { refuse } from '../../base/refusal.ts';
import { utf8 } from '../../base/bytes.ts';
import { serveHttp } from '../../transports/http-server.ts';
import type { HttpServer, HttpService } from '../../transports/http-server.ts';
import { log } from '../log.ts';
import { exchange, failed, refused } from './exchange.ts';
import type { Issuer } from './issuer.ts';
import { page } from './page.ts';

/** Puts an issuer behind HTTP. Refuses when the port cannot be had. */
export async function serveIssuer(issuer: Issuer, host: string, port: number): Promise<HttpServer | Refusal> {
  try {
    return await serveHttp(httpService(issuer), { host, port, messageBytes: LIMITS.messageBytes });
  } catch (error) {
    return portError(error, port);
  }
}

/** Refuses when a port cannot be had: asked before a currency is founded that would live there for ever. */
export async function tryPort(host: string, port: number): Promise<Refusal | undefined> {
  const server = createServer();
  try {
    await once(server.listen(port, host), 'listening');
    return undefined;
  } catch (error) {
    return portError(error, port);
  } finally {
    server.close();
  }
}

function portError(error: unknown, port: number): Refusal {
  const { code } = error as { code?: string };
  if (code === 'EADDRINUSE')
    return refuse('not possible', `port ${port} is in use; choose another with --port`);
  if (code === 'EACCES') return refuse('not possible', `port ${port} may not be used; choose one above 1023`);
  throw error;
}

/** What the issuer serves over HTTP (spec/bindings/http.md). */
export function httpService(issuer: Issuer): HttpService {
  const { mint } = issuer;
  return {
    exchange: (message) => exchange(issuer, message),
    tooLarge: () => refused(0, refuse('too large', `a message has at most ${LIMITS.messageBytes} bytes`)),
    failed,
    description: () => utf8(JSON.stringify(mint.keyring.cddc)),
    page: async () => page(mint.keyring, await mint.counters()),
    bug: (error) => {
      log({ event: 'bug', message: error.message, stack: error.stack ?? '' });
    },
  };
}
