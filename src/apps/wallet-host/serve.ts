/** A wallet host behind HTTP: all its routes in one table, and the server that they are on. */
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HOST_LIMITS } from '../../host/limits.ts';
import { Objection, object } from '../../host/objections.ts';
import { answerForm, answerPage, answerPasskey, send } from './answering.ts';
import { addApi } from './api.ts';
import { answerBroken } from './broken.ts';
import { FORMS } from './forms.ts';
import { putHeaders } from './headers.ts';
import { live } from './live.ts';
import { PAGES } from './pages.ts';
import type { Site } from './site.ts';
import { routed, visitOf } from './visit.ts';
import type { HostRequest } from './visit.ts';

type App = Hono<{ Bindings: HttpBindings }>;

/** All routes, read from top to bottom. */
export function hostApp(site: Site): App {
  const app: App = new Hono();
  app.use('*', async (request: HostRequest, next) => {
    putHeaders(request, site.isSecure);
    const elsewhere = atOtherName(site, request);
    if (elsewhere !== undefined) return elsewhere;
    if (Number(request.req.header('content-length') ?? 0) > HOST_LIMITS.formBytes) {
      await thrownAway(request);
      return tooLarge(site, request);
    }
    await next();
    return undefined;
  });
  app.use(
    '*',
    bodyLimit({ maxSize: HOST_LIMITS.formBytes, onError: (request: HostRequest) => tooLarge(site, request) }),
  );
  app.get('/assets/:version/:name{.+}', (request) => asset(site, request));
  addApi(app, site);
  app.get('/live', async (request) => {
    const stream = live(await visitOf(site, request));
    if (stream instanceof Objection) return request.text('', stream.status as 400);
    return request.body(stream, 200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
  });
  for (const ceremony of ['register', 'signin', 'second'] as const) {
    for (const step of ['options', 'verify'] as const) {
      app.post(`/passkeys/${ceremony}/${step}`, (request) => answerPasskey(site, request, ceremony, step));
    }
  }
  for (const page of PAGES) app.get(routed(page.path), (request) => answerPage(site, page, request));
  for (const form of FORMS) app.post(routed(form.path), (request) => answerForm(site, form, request));
  // An answer to a form stays under the form's address: who loads it again comes to the form.
  for (const form of FORMS)
    app.get(routed(form.path), (request) => request.redirect(pathOf(form.again, request), 303));
  app.notFound(async (request) => send(await visitOf(site, request), object('unknown')));
  app.onError((error, request) => answerBroken(site, request, error));
  return app;
}

function pathOf(pattern: string, request: HostRequest): string {
  return pattern.replace(':id', request.req.param('id') ?? '');
}

/**
 * Whoever comes by another name is sent to the right one: cookies and passkeys are bound to it, and a name that somebody
 * else lets point here gets nothing. Behind a proxy the names are the proxy's to sort out, and the API has no cookies.
 */
function atOtherName({ url, behindProxy }: Site, request: HostRequest): Response | undefined {
  if (behindProxy || request.req.header('host') === url.host || request.req.path.startsWith('/api/'))
    return undefined;
  const { pathname, search } = new URL(request.req.url);
  if (['GET', 'HEAD'].includes(request.req.method))
    return request.redirect(`${url.origin}${pathname}${search}`, 307);
  return request.text('This host has another name.\n', 421);
}

/**
 * What is too large is read and thrown away for a moment: a browser hears an answer only once it has sent all. Then the
 * connection ends, and whatever is still to come with it.
 */
async function thrownAway(request: HostRequest): Promise<void> {
  const { incoming } = request.env;
  const ended = new Promise((resolve) => incoming.once('end', resolve).once('close', resolve));
  incoming.resume();
  await Promise.race([ended, pause(LINGER_MILLISECONDS, undefined, { ref: false })]);
  request.header('Connection', 'close');
}

async function tooLarge(site: Site, request: HostRequest): Promise<Response> {
  const objection = object('too large', `a form has at most ${HOST_LIMITS.formBytes} bytes`);
  const { name, details, next, status } = objection;
  if (/^\/(?:api|passkeys)\//.test(request.req.path)) {
    return request.json({ error: name, details, next }, status as 413);
  }
  return send(await visitOf(site, request), objection);
}

/** The addresses change with the content, so a browser never asks twice. */
function asset({ assets }: Site, request: HostRequest): Response {
  const found = assets.find(request.req.param('version') ?? '', request.req.param('name') ?? '');
  if (found === undefined) return request.text('Nothing is here.\n', 404);
  const accepted = request.req.header('accept-encoding') ?? '';
  const encoding = (['br', 'gzip'] as const).find((each) => new RegExp(`\\b${each}\\b`).test(accepted));
  const headers = {
    'Content-Type': found.type,
    'Cache-Control': 'public, max-age=31536000, immutable',
    Vary: 'Accept-Encoding',
    ...(encoding === undefined ? {} : { 'Content-Encoding': encoding }),
  };
  return request.body(Uint8Array.from(found[encoding ?? 'plain']), 200, headers);
}

export interface HostServer {
  /** Takes no more connections, ends the streams, lets answers that are underway end, then resolves. */
  close(): Promise<void>;
}

/** How long a client may take over its head and its whole request, and how many may be connected. */
const HEADERS_MILLISECONDS = 10_000;
const REQUEST_MILLISECONDS = 60_000;
const CONNECTIONS = 10_000;
/** How long what is too large is listened to. */
const LINGER_MILLISECONDS = 2_000;
/** How long an answer that is underway may take when the server closes. */
const GRACE_MILLISECONDS = 5_000;

/** Starts to listen. Rejects when the port cannot be had. */
export async function serveHost(
  site: Site,
  listenTo: { readonly host: string; readonly port: number },
): Promise<HostServer> {
  const open = new Set<ServerResponse>();
  const listener = getRequestListener(hostApp(site).fetch);
  const server = createServer((request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    void listener(request, response);
  });
  server.headersTimeout = HEADERS_MILLISECONDS;
  server.requestTimeout = REQUEST_MILLISECONDS;
  server.maxConnections = CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(listenTo.port, listenTo.host, resolve);
  });
  return { close: () => closed(server, open, site) };
}

async function closed(server: Server, open: ReadonlySet<ServerResponse>, { streams }: Site): Promise<void> {
  const ended = new Promise((resolve) => server.close(resolve));
  streams.endAll();
  const answered = [...open].map((response) => new Promise((resolve) => response.once('close', resolve)));
  await Promise.race([Promise.all(answered), pause(GRACE_MILLISECONDS, undefined, { ref: false })]);
  server.closeAllConnections();
  await ended;
}
