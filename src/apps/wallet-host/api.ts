/** The API: JSON in and out, by a token. No cookie means anything here, so no other site can make a browser ask. */
import type { Hono } from 'hono';
import type { HttpBindings } from '@hono/node-server';
import { utf8 } from '../../base/bytes.ts';
import { readJson } from '../../base/json.ts';
import { Refusal } from '../../base/refusal.ts';
import { Objection, object } from '../../host/objections.ts';
import type { ApiRoute, Call } from './api-route.ts';
import { API } from './api-table.ts';
import { input as checked } from './inputs.ts';
import type { Asked } from './once.ts';
import { openApi } from './openapi.ts';
import type { Site } from './site.ts';
import { addressOf, counted, routed } from './visit.ts';
import type { HostRequest } from './visit.ts';

/** Seconds after which something that is temporary may be tried again, where nothing says better. */
const LATER = '5';

/** Adds the API's routes. */
export function addApi(app: Hono<{ Bindings: HttpBindings }>, site: Site): void {
  const document = JSON.stringify(openApi());
  app.get('/api/openapi.json', (request) =>
    request.body(document, 200, { 'Content-Type': 'application/json' }),
  );
  for (const route of API) {
    app.on(route.method, `/api${routed(route.path)}`, async (request) =>
      answered(request, route, await perform(site, request, route)),
    );
  }
  app.all('/api/*', (request) => refused(request, object('unknown', 'there is no such path here')));
}

function answered(request: HostRequest, { output }: ApiRoute, result: unknown): Response {
  if (result instanceof Objection) return refused(request, result);
  return output === undefined ? request.body(null, 204) : request.json(result as object);
}

function refused(request: HostRequest, objection: Objection): Response {
  const { name, details, next, status } = objection;
  if (status === 401) request.header('WWW-Authenticate', 'Bearer');
  if ((status === 429 || status === 503) && request.res.headers.get('retry-after') === null)
    request.header('Retry-After', LATER);
  return request.json({ error: name, details, next }, status as 400);
}

async function perform(site: Site, request: HostRequest, route: ApiRoute): Promise<unknown> {
  const call: Call = {
    site,
    request,
    id: request.req.param('id') ?? '',
    query: (name) => request.req.query(name) ?? '',
  };
  if (!route.isForMembers) {
    const given = await inputOf(request, route);
    if (given instanceof Objection) return given;
    const address = addressOf(site, request);
    return (await tooMany(site, request, route.counts(call, given), address)) ?? route.run(call, given);
  }
  const [, token] = /^Bearer ([\w-]{43})$/i.exec(request.req.header('authorization') ?? '') ?? [];
  const open = token === undefined ? undefined : await site.host.session(token);
  if (open?.member === undefined || open.row.kind !== 'token') {
    return (await tooMany(site, request, ['look'], addressOf(site, request))) ?? object('signed out');
  }
  const { row: session, member } = open;
  const often = await tooMany(site, request, ['api'], session.hash);
  if (often !== undefined) return often;
  const given = await inputOf(request, route);
  if (given instanceof Objection) return given;
  const key = (request.req.header('idempotency-key') ?? '').slice(0, 200);
  const memberCall = { ...call, member, session, once: key };
  const act = async (): Promise<unknown> =>
    (await tooMany(site, request, route.counts(memberCall, given), member.id)) ??
    route.run(memberCall, given);
  const what = site.secrets.hash(utf8(JSON.stringify(given ?? null)));
  const name = key === '' ? '' : `${session.hash} ${request.req.path} ${key}`;
  const result = route.isOnce ? await once(site, { whose: member.id, key: name, what }, act) : await act();
  // What was done may have ended sessions, whose browsers must not hear any more.
  if (request.req.path.startsWith('/api/account/')) await site.streams.check(member.id);
  return result;
}

/**
 * With an `Idempotency-Key`, what moves money and is asked for twice within the hour is done once and answered twice. A
 * payment is known by its key for as long as its letter is there, and after a crash too.
 */
async function once(site: Site, asked: Asked, act: () => Promise<unknown>): Promise<unknown> {
  const result = await site.calls.run(asked, act, (made) => !(made instanceof Objection));
  return result === 'reused' ? object('reference reused', 'Idempotency-Key') : result;
}

async function tooMany(
  site: Site,
  request: HostRequest,
  kinds: readonly Parameters<typeof counted>[1][],
  whose: string,
): Promise<Objection | undefined> {
  for (const kind of kinds) {
    const objection = await counted({ site, request }, kind, whose);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

async function inputOf(request: HostRequest, { input }: ApiRoute): Promise<unknown> {
  if (input === undefined) return undefined;
  const value = readJson(new Uint8Array(await request.req.arrayBuffer()));
  return value instanceof Refusal ? object('unreadable', value.details) : checked(input, value);
}
