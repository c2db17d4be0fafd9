import { once } from 'node:events';
import { createServer } from 'node:net';
import { utf8 } from '../../base/bytes.ts';
import { LIMITS } from '../../base/limits.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { Request } from '../../protocol/catalogue.ts';
import { encode } from '../../protocol/codec.ts';
import type { Cdd } from '../../protocol/documents.ts';
import { serveHttp } from '../../transports/http-server.ts';
import type { Answer, HttpResource, HttpServer, HttpService } from '../../transports/http-server.ts';
import { log } from '../log.ts';
import { answered, exchange, failed, refused } from './exchange.ts';
import type { Front } from './front.ts';
import { look, offeredBy } from './look.ts';
import { listPage } from './offered.ts';
import { page } from './page.ts';

/** Puts a front behind HTTP, and beside it what `titles` has. Refuses when the port cannot be had. */
export function serveFront(
  front: Front,
  host: string,
  port: number,
  titles?: HttpService['at'],
): Promise<HttpServer | Refusal> {
  return serveAt(httpService(front, titles), host, port);
}

/** Puts a service behind HTTP. Refuses when the port cannot be had. */
export async function serveAt(
  service: HttpService,
  host: string,
  port: number,
): Promise<HttpServer | Refusal> {
  try {
    return await serveHttp(service, { host, port, messageBytes: LIMITS.messageBytes });
  } catch (error) {
    return portError(error, port);
  }
}

/** Refuses when a port cannot be had: asked before a currency is founded that would live there for ever. */
export async function tryPort(host: string, port: number, option = '--port'): Promise<Refusal | undefined> {
  const server = createServer();
  try {
    await once(server.listen(port, host), 'listening');
    return undefined;
  } catch (error) {
    return portError(error, port, option);
  } finally {
    server.close();
  }
}

/** Why a port cannot be had; throws what is no error of the network's. */
export function portError(error: unknown, port: number, option = '--port'): Refusal {
  const { code } = error as { code?: string };
  if (code === 'EADDRINUSE')
    return refuse('not possible', `port ${port} is in use; choose another with ${option}`);
  if (code === 'EACCES') return refuse('not possible', `port ${port} may not be used; choose one above 1023`);
  throw error;
}

/** What a front serves over HTTP (spec/bindings/http.md), and what there is beside it. */
export function httpService(front: Front, titles?: HttpService['at']): HttpService {
  const shown = { front, hasTitles: titles !== undefined };
  return {
    at: (path, query) => titles?.(path, query) ?? resourceAt(shown, path, query),
    tooLarge: () => refused(0, refuse('too large', `a message has at most ${LIMITS.messageBytes} bytes`)),
    failed,
    bug: reportBug,
  };
}

/** Told of what is no fault of a client's. */
export function reportBug(error: Error): void {
  log({ event: 'bug', message: error.message, stack: error.stack ?? '' });
}

interface Shown {
  readonly front: Front;
  /** Whether titles are served beside the currencies. */
  readonly hasTitles: boolean;
}

/** A currency at its own path; under it what programs may read without a message. */
function resourceAt(shown: Shown, path: string, query: URLSearchParams): HttpResource | undefined {
  const { front } = shown;
  const cdd = front.at(path);
  if (cdd !== undefined) return currency(shown, cdd);
  if (path === '/' && front.currencies().length > 0) return root(shown);
  const cut = path.lastIndexOf('/') + 1;
  const parent = front.at(path.slice(0, cut));
  const request = parent === undefined ? undefined : READABLE[path.slice(cut)]?.(query);
  return parent === undefined || request === undefined
    ? undefined
    : { read: () => ask(front, parent, request) };
}

/** The messages that a GET stands for. */
const READABLE: Readonly<Record<string, (query: URLSearchParams) => Request>> = {
  float: () => ({ type: 'request float', message_reference: 0 }),
  keys: () => ({ type: 'request mint key certificates', message_reference: 0 }),
  journal: (query) => ({
    type: 'request journal',
    message_reference: 0,
    from: Number(query.get('from') ?? 0),
  }),
};

/** Where no currency lives at the root: people find there which there are. */
function root({ front, hasTitles }: Shown): HttpResource {
  const none: Answer = { status: 404, body: utf8(JSON.stringify('no currency lives here')) };
  return { read: () => Promise.resolve(none), page: () => listPage(offeredBy(front), hasTitles) };
}

function currency({ front, hasTitles }: Shown, cdd: Cdd): HttpResource {
  return {
    exchange: (message) => exchange(front, cdd.id, message),
    read: async () => {
      const answer = await front.ask(cdd.id, { type: 'request cddc', message_reference: 0 });
      if (answer instanceof Refusal) return refused(0, answer);
      if (answer.type !== 'response cddc') throw new Error('the box answered another question');
      return { status: 200, body: utf8(JSON.stringify(answer.cddc)) };
    },
    page: async () => page(await look(front, cdd, hasTitles)),
  };
}

async function ask(front: Front, cdd: Cdd, request: Request): Promise<Answer> {
  const bytes = await front.box.ask(cdd.id, encode(request));
  return bytes === undefined ? refused(0, refuse('busy', 'the mint does not answer now')) : answered(bytes);
}
