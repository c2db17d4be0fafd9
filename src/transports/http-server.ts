import { serve } from '@hono/node-server';
import type { ServerType } from '@hono/node-server';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { AddressInfo } from 'node:net';

/** What one exchange came to: the message to answer, its HTTP status, and when to come back if it says later. */
export interface Answer {
  readonly status: number;
  readonly retryAfterSeconds?: number;
  readonly body: Uint8Array;
}

/** What is served: messages, a description for programs, and a page for people. */
export interface HttpService {
  /** Answers a message. Never throws for what a client sent. */
  exchange(message: Uint8Array): Promise<Answer>;
  /** The answer to a message too large to be read. */
  tooLarge(): Answer;
  /** The answer when the program itself has failed. */
  failed(): Answer;
  /** The description document, as JSON. */
  description(): Uint8Array;
  page(): Promise<string>;
  /** Told of a bug: it is answered by 500, and the service goes on. */
  bug(error: Error): void;
}

export interface HttpOptions {
  readonly host: string;
  readonly port: number;
  /** Bytes of the largest message. */
  readonly messageBytes: number;
}

const SECURITY_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** The URL's one resource: POST answers messages, GET gives the description, or the page to who asks for HTML. */
export function httpApp(service: HttpService, messageBytes: number): Hono {
  const app = new Hono();
  // Wallets in other origins' pages may ask: nothing here depends on cookies or on who asks.
  const open = { 'Access-Control-Allow-Origin': '*' } as const;
  const send = ({ status, retryAfterSeconds, body }: Answer) =>
    new Response(body as Uint8Array<ArrayBuffer>, {
      status,
      headers: {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
        ...open,
        ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
      },
    });
  const limit = bodyLimit({ maxSize: messageBytes, onError: () => send(service.tooLarge()) });
  app.post('/', limit, async (context) => send(await service.exchange(await body(context))));
  app.get('/', async (context) => {
    const wantsPage = context.req.header('Accept')?.includes('text/html') === true;
    const headers = { ...SECURITY_HEADERS, ...open, Vary: 'Accept' };
    if (wantsPage) return context.html(await service.page(), 200, headers);
    return context.body(service.description() as Uint8Array<ArrayBuffer>, 200, {
      ...headers,
      'Content-Type': 'application/json',
    });
  });
  app.options('/', (context) =>
    context.body(null, 204, {
      ...open,
      'Access-Control-Allow-Methods': 'GET, POST',
      'Access-Control-Allow-Headers': 'Content-Type',
    }),
  );
  app.onError((error) => {
    service.bug(error);
    return send(service.failed());
  });
  return app;
}

async function body(context: Context): Promise<Uint8Array> {
  return new Uint8Array(await context.req.arrayBuffer());
}

export interface HttpServer {
  /** The port that is listened on: the one asked for, or a free one where 0 was. */
  readonly port: number;
  /** Takes no more connections, lets open answers end, then resolves. */
  close(): Promise<void>;
}

/** Starts to listen. Rejects when the port cannot be had. */
export async function serveHttp(service: HttpService, options: HttpOptions): Promise<HttpServer> {
  const app = httpApp(service, options.messageBytes);
  const server = await new Promise<ServerType>((resolve, reject) => {
    const starting = serve({ fetch: app.fetch, hostname: options.host, port: options.port }, () => {
      resolve(starting);
    });
    starting.once('error', reject);
  });
  const close = () =>
    new Promise<void>((resolve, reject) => {
      server.close((error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
      if ('closeIdleConnections' in server) server.closeIdleConnections();
    });
  return { port: (server.address() as AddressInfo).port, close };
}
