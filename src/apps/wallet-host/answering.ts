/** Answers as HTTP: a page, a file, or the way to another page. */
import { readJson } from '../../base/json.ts';
import { Refusal } from '../../base/refusal.ts';
import { Objection, object } from '../../host/objections.ts';
import { objectionText } from '../../pages/wording.ts';
import type { Answer } from './answers.ts';
import type { Ceremony } from './challenges.ts';
import { isToken } from './cookies.ts';
import { readFields } from './fields.ts';
import { carryOut } from './form.ts';
import type { Again, Form } from './form.ts';
import { isFromHere } from './headers.ts';
import { input } from './inputs.ts';
import { objectionPage, pageAt, prefilled } from './pages.ts';
import type { Page } from './pages.ts';
import { PASSKEY_STEPS, PasskeyBody } from './passkeys.ts';
import type { Site } from './site.ts';
import { addressOf, counted, visitOf } from './visit.ts';
import type { HostRequest, Visit } from './visit.ts';

/** Seconds after which something that is temporary may be tried again, where nothing says better. */
const LATER = '5';

/** Shows a page; who is not signed in comes back to it afterwards. */
export async function answerPage(site: Site, page: Page, request: HostRequest): Promise<Response> {
  const visit = await visitOf(site, request);
  if (page.isForMembers && visit.member === undefined) {
    const { pathname, search } = new URL(request.req.url);
    const next = `/signin?next=${encodeURIComponent(pathname + search)}`;
    return request.redirect(visit.session === undefined ? next : '/signin/passkey', 303);
  }
  return send(visit, await page.show(visit, prefilled(page, visit)));
}

/** Carries a form out. */
export async function answerForm(site: Site, form: Form, request: HostRequest): Promise<Response> {
  const visit = await visitOf(site, request);
  if (!isFromHere((name) => request.req.header(name), site.url.origin)) return send(visit, object('forged'));
  const fields = await readFields(request);
  if (fields === undefined) return send(visit, object('unreadable', 'this is no form'));
  if (fields.file !== '') {
    const tooMuch = await counted(visit, 'upload bytes', addressOf(site, request), fields.file.length);
    if (tooMuch !== undefined) return send(visit, tooMuch);
  }
  return send(visit, await carryOut(form, visit, fields));
}

/** One step of a passkey's ceremony, as JSON; an objection has a sentence for the person in it. */
export async function answerPasskey(
  site: Site,
  request: HostRequest,
  ceremony: Ceremony,
  step: 'options' | 'verify',
): Promise<Response> {
  const visit = await visitOf(site, request);
  const answer = await passkeyStep(visit, ceremony, step);
  if (!(answer instanceof Objection)) return request.json(answer);
  const { name, details, next, status } = answer;
  return request.json(
    { error: name, details, next, text: objectionText(visit.language, answer) },
    retried(request, status),
  );
}

async function passkeyStep(visit: Visit, ceremony: Ceremony, step: 'options' | 'verify'): Promise<object> {
  const { request, site } = visit;
  if (!isFromHere((name) => request.req.header(name), site.url.origin)) return object('forged');
  const value = readJson(new Uint8Array(await request.req.arrayBuffer()));
  const body = value instanceof Refusal ? object('unreadable', value.details) : input(PasskeyBody, value);
  if (body instanceof Objection) return body;
  return isToken(body.csrf, visit.csrf) ? PASSKEY_STEPS[ceremony][step](visit, body) : object('forged');
}

/** Makes an answer a response. */
export async function send(visit: Visit, answer: Answer | Again): Promise<Response> {
  const { request } = visit;
  if (answer instanceof Objection) {
    return request.html(objectionPage(visit, answer), retried(request, answer.status));
  }
  switch (answer.kind) {
    case 'go on':
      return request.redirect(withDone(answer.to, answer.done), 303);
    case 'shown':
      return request.html(answer.html, answer.status ?? 200);
    case 'file':
      return request.body(Uint8Array.from(answer.bytes), 200, {
        'Content-Type': answer.type,
        'Content-Disposition': `attachment; filename="${answer.name}"`,
      });
    case 'again':
      return sendAgain(visit, answer);
  }
}

/** The page with what was typed and why it was not done; where the page itself is gone, the objection alone. */
async function sendAgain(visit: Visit, { path, values, objection }: Again): Promise<Response> {
  const { request } = visit;
  const page = await pageAt(path).show(visit, values, { kind: 'objection', objection });
  if (page instanceof Objection || page.kind !== 'shown') return send(visit, objection);
  return request.html(page.html, retried(request, objection.status));
}

/** The status, with the time to wait where it is one that passes. */
function retried(request: HostRequest, status: number): 400 {
  const passes = status === 429 || status === 503;
  if (passes && request.res.headers.get('retry-after') === null) request.header('Retry-After', LATER);
  return status as 400;
}

function withDone(to: string, done: string | undefined): string {
  if (done === undefined) return to;
  return `${to}${to.includes('?') ? '&' : '?'}done=${done}`;
}
