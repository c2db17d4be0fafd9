/** What a front serves over HTTP about titles, at `/title` and below (spec/title.md). */
import { hexToBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import {
  readTitleRequestJson,
  readTitleResponse,
  titleReferenceOf,
  writeTitleJson,
  writeTitleRequest,
  writeTitleResponse,
} from '../../title/documents/codec.ts';
import type { Enveloped } from '../../title/documents/codec.ts';
import { TITLE_LIMITS } from '../../title/documents/limits.ts';
import type { TitleRequest, TitleResponse } from '../../title/documents/messages.ts';
import { refusalMessage } from '../../title/server/answers.ts';
import type { Answer, HttpResource, HttpService } from '../../transports/http-server.ts';
import { reportBug } from '../issuer/serve.ts';
import type { TitleFront } from './front.ts';
import { TITLE_PATH } from './http-paths.ts';
import { looker } from './look.ts';
import { titlePage } from './page.ts';

const RETRY_AFTER_SECONDS = 1;
const BINARY = 'application/octet-stream';

/** What is at a path; undefined where it is none about titles. */
export type TitleResources = (path: string, query: URLSearchParams) => HttpResource | undefined;

/** All that a front serves about titles. */
export function titleResources(front: TitleFront): TitleResources {
  const look = looker(front);
  return (path, query) => resourceAt(front, look, path, query);
}

/** A front that serves titles and nothing else. */
export function titleService(front: TitleFront): HttpService {
  const at = titleResources(front);
  return {
    // Where there is nothing else, it is at the root as well.
    at: (path, query) => at(path, query) ?? at(TITLE_PATH + path, query),
    tooLarge: () =>
      saidInJson(refused(refuse('too large', `a message has at most ${TITLE_LIMITS.messageBytes} bytes`))),
    failed: () => ({ ...saidInJson(refused(refuse('busy', 'the front has failed'))), status: 500 }),
    bug: reportBug,
  };
}

function resourceAt(
  front: TitleFront,
  look: ReturnType<typeof looker>,
  path: string,
  query: URLSearchParams,
): HttpResource | undefined {
  if (path === TITLE_PATH || path === `${TITLE_PATH}/`)
    return {
      exchange: (message) => (isJson(message) ? exchangeJson(front, message) : exchange(front, message)),
      read: () => read(front, { type: 'request title server' }),
      page: async (origin) => titlePage(await look(), origin),
    };
  if (!path.startsWith(`${TITLE_PATH}/`)) return undefined;
  const request = requestAt(path.slice(TITLE_PATH.length + 1), query);
  return request === undefined ? undefined : { read: () => read(front, request) };
}

/** The messages that a GET stands for. */
const READABLE: Readonly<Record<string, (query: URLSearchParams) => TitleRequest | undefined>> = {
  classes: (query) => numbered(query, 0, 2 ** 32 - 1, (from) => ({ type: 'request title classes', from })),
  root: () => ({ type: 'request title root', pages: [] }),
  groups: (query) =>
    numbered(query, 1, Number.MAX_SAFE_INTEGER, (from) => ({ type: 'request title groups', from })),
};
const TITLE = /^([0-9a-f]{64})\/([1-9]\d{0,9})$/;

function requestAt(name: string, query: URLSearchParams): TitleRequest | undefined {
  if (Object.hasOwn(READABLE, name)) return READABLE[name]?.(query);
  const [, titleClass = '', serial = ''] = TITLE.exec(name) ?? [];
  if (titleClass === '' || Number(serial) >= 2 ** 32) return undefined;
  return { type: 'request title', title_class: hexToBytes(titleClass), serial: Number(serial) };
}

function numbered(
  query: URLSearchParams,
  least: number,
  most: number,
  request: (from: number) => TitleRequest,
): TitleRequest | undefined {
  const from = Number(query.get('from') ?? least);
  return Number.isInteger(from) && from >= least && from <= most ? request(from) : undefined;
}

async function read(front: TitleFront, message: TitleRequest): Promise<Answer> {
  return saidInJson({ reference: 0, message: (await front.ask(message)) ?? away() });
}

/** A message in its binary form: what it is about is the box's to see. */
async function exchange(front: TitleFront, request: Uint8Array): Promise<Answer> {
  const bytes = await front.carry(request);
  if (bytes !== undefined) return { ...statusOf(messageIn(bytes).message), body: bytes, contentType: BINARY };
  const answer = { reference: titleReferenceOf(request), message: away() };
  return { ...statusOf(answer.message), body: writeTitleResponse(answer), contentType: BINARY };
}

async function exchangeJson(front: TitleFront, json: Uint8Array): Promise<Answer> {
  const request = readTitleRequestJson(json);
  if (request instanceof Refusal) return saidInJson(refused(request));
  const bytes = await front.carry(writeTitleRequest(request));
  return saidInJson(
    bytes === undefined ? { reference: request.reference, message: away() } : messageIn(bytes),
  );
}

function messageIn(bytes: Uint8Array): Enveloped<TitleResponse> {
  const answer = readTitleResponse(bytes);
  if (answer instanceof Refusal) throw new Error(`the title box says what cannot be read: ${answer.details}`);
  return answer;
}

function saidInJson(answer: Enveloped<TitleResponse>): Answer {
  return { ...statusOf(answer.message), body: writeTitleJson(answer) };
}

/** A temporary refusal is 202 with Retry-After, another has its own code, as with all that an issuer answers. */
function statusOf(message: TitleResponse): Pick<Answer, 'status' | 'retryAfterSeconds'> {
  if (message.type !== 'response title refusal') return { status: 200 };
  const { status_code: code } = message;
  if (code >= 400 && code < 600) return { status: code };
  return { status: 202, retryAfterSeconds: RETRY_AFTER_SECONDS };
}

/** What was refused before it was a message. */
function refused(refusal: Refusal): Enveloped<TitleResponse> {
  return { reference: 0, message: refusalMessage(refusal) };
}

function away(): TitleResponse {
  return refusalMessage(refuse('busy', 'the title server does not answer now'));
}

/** What JSON may begin with here: white space, or a brace. */
const JSON_BEGINS = new Set(Buffer.from(' \t\n\r{'));

/** A message in binary form begins with a T: nothing else has to say which it is. */
function isJson([first = 0]: Uint8Array): boolean {
  return JSON_BEGINS.has(first);
}
