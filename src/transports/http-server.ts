import { createServer } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What one exchange came to: the message to answer, its HTTP status, and when to come back if it says later. */
export interface Answer {
  readonly status: number;
  readonly retryAfterSeconds?: number;
  readonly body: Uint8Array;
  /** Of the body; JSON where nothing else is said. */
  readonly contentType?: string;
}

/** What is at one path: messages, a document for programs, a page for people. */
export interface HttpResource {
  /** Answers a message; without it there is nothing to send one to. Never rejects for what a client sent. */
  readonly exchange?: (message: Uint8Array) => Promise<Answer>;
  /** The document for programs. */
  readonly read: () => Promise<Answer>;
  /**
   * The page for people; without it they get the document too. `origin`: what it was asked for at, as http://host:port, for
   * addresses that people are shown; undefined where the request does not say it.
   */
  readonly page?: (origin: string | undefined) => Promise<string>;
}

export interface HttpService {
  /** What is at a path; undefined where nothing is. */
  at(path: string, query: URLSearchParams): HttpResource | undefined;
  /** The answer to a message too large to be read. */
  tooLarge(): Answer;
  /** The answer when the program itself has failed. */
  failed(): Answer;
  /** Told of a bug: it is answered by `failed`, and the service goes on. */
  bug(error: Error): void;
}

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Bytes of the largest message. */
  readonly messageBytes: number;
}

export interface HttpServer {
  /** The port that is listened on: the one asked for, or a free one where 0 was. */
  readonly port: number;
  /** Takes no more connections, lets answers that are underway end, drops every connection, then resolves. */
  close(): Promise<void>;
}

/** How long a client may take over its head and its whole request: a slow one holds a connection no longer. */
const HEADERS_MILLISECONDS = 10_000;
const REQUEST_MILLISECONDS = 30_000;
const CONNECTIONS = 10_000;
/** How long an answer that is underway may take when the server closes. */
const GRACE_MILLISECONDS = 5_000;

// Wallets in other origins' pages may ask: nothing here depends on cookies or on who asks.
const OPEN = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Retry-After',
  'X-Content-Type-Options': 'nosniff',
} as const;
const MESSAGE_HEADERS = { ...OPEN, 'Content-Type': 'application/json', 'Cache-Control': 'no-store' } as const;
const PAGE_HEADERS = {
  ...OPEN,
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  Vary: 'Accept',
} as const;

/** Starts to listen. Rejects when the port cannot be had. */
export async function serveHttp(service: HttpService, options: HttpOptions): Promise<HttpServer> {
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    answer(service, options.messageBytes, request, response).catch((error: unknown) => {
      service.bug(error instanceof Error ? error : new Error('something that is no error was thrown'));
      if (response.headersSent) response.destroy();
      else sendMessage(response, service.failed());
    });
  });
  server.headersTimeout = HEADERS_MILLISECONDS;
  server.requestTimeout = REQUEST_MILLISECONDS;
  server.maxConnections = CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    await Promise.race([allAnswered(open), pause(GRACE_MILLISECONDS, undefined, { ref: false })]);
    server.closeAllConnections();
    await closed;
  };
  return { port: (server.address() as AddressInfo).port, close };
}

async function allAnswered(open: ReadonlySet<ServerResponse>): Promise<void> {
  await Promise.all([...open].map((response) => new Promise((resolve) => response.once('close', resolve))));
}

/** POST answers messages, GET gives the document, or the page to who asks for HTML. */
async function answer(
  service: HttpService,
  messageBytes: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const resource = service.at(path, new URLSearchParams(query));
  if (resource === undefined) {
    send(response, 404, { ...OPEN, 'Content-Type': 'text/plain' }, 'Nothing is here.\n');
  } else if (request.method === 'POST' && resource.exchange !== undefined) {
    const message = await readBody(request, messageBytes);
    if (message !== undefined) sendMessage(response, await resource.exchange(message));
    else refuseRest(response, service.tooLarge());
  } else if (request.method === 'GET' || request.method === 'HEAD') {
    if (resource.page !== undefined && request.headers.accept?.includes('text/html') === true) {
      send(response, 200, PAGE_HEADERS, await resource.page(originOf(request)));
    } else {
      sendMessage(response, await resource.read(), { Vary: 'Accept' });
    }
  } else if (request.method === 'OPTIONS') {
    const allowed = {
      'Access-Control-Allow-Methods': 'GET, POST',
      'Access-Control-Allow-Headers': 'Content-Type',
    };
    send(response, 204, { ...OPEN, ...allowed }, '');
  } else {
    const methods = resource.exchange === undefined ? 'GET, HEAD, OPTIONS' : 'GET, HEAD, POST, OPTIONS';
    send(response, 405, { ...OPEN, Allow: methods }, '');
  }
}

/** A host as a request may name it: nothing that a shell or a page could take for more. */
const HOST = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** Where a page was asked for. A proxy with TLS before this says so, and is not asked whether it is one. */
function originOf({ headers }: IncomingMessage): string | undefined {
  const { host = '', 'x-forwarded-proto': forwarded } = headers;
  return HOST.test(host) ? `${forwarded === 'https' ? 'https' : 'http'}://${host}` : undefined;
}

/** The body's bytes; undefined when there are more than may be. A client that goes away just ends the request. */
function readBody(request: IncomingMessage, most: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let length = 0;
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length <= most) parts.push(part);
      else resolve(undefined);
    });
    request.on('end', () => {
      resolve(parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts));
    });
  });
}

function sendMessage(
  response: ServerResponse,
  { status, retryAfterSeconds, body, contentType }: Answer,
  headers: OutgoingHttpHeaders = {},
): void {
  const later = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
  const type = contentType === undefined ? {} : { 'Content-Type': contentType };
  send(response, status, { ...MESSAGE_HEADERS, ...type, ...headers, ...later }, body);
}

/** Answers a message whose rest is not going to be read, and so ends the connection. */
function refuseRest(response: ServerResponse, refusal: Answer): void {
  response.shouldKeepAlive = false;
  sendMessage(response, refusal);
}

function send(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: Uint8Array | string,
): void {
  response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
