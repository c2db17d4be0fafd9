/** Messages to issuers that strangers name: they leave for the public internet, and for nowhere inside. */
import { lookup as lookUp } from 'node:dns/promises';
import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { SECOND } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { HostParts } from '../host/ports.ts';
import { isPublicAddress } from './public-address.ts';

const TIMEOUT = 30 * SECOND;
/** Redirects of one description that are followed. */
const MOST_REDIRECTS = 3;
/** Connections to one issuer at once. */
const MOST_SOCKETS = 64;

export interface Address {
  readonly address: string;
  readonly family: number;
}

export interface Guard {
  /** Origins (`https://mint.example`) that are reached wherever they are. */
  readonly allowed: readonly string[];
  /** Every address of a name. Rejects when there is none. */
  readonly resolve?: (hostname: string) => Promise<readonly Address[]>;
  readonly isPublic?: (address: string) => boolean;
}

/**
 * Carries messages by HTTP to addresses of the public internet only: every address that a name has must be one, and the
 * connection is made to what was checked. A redirected post is refused, a redirected description checked anew. Refuses
 * 'not possible' what is not public, 'unreachable' whatever does not answer. `type`: what messages are.
 */
export function guardedMessenger(guard: Guard, type = 'application/json'): HostParts['messenger'] {
  const network = openNetwork(guard, type);
  return {
    exchange: async (url, message) => {
      const target = targetOf(url);
      if (target instanceof Refusal) return target;
      const answer = await network({ url: target, message });
      return isRedirect(answer) ? noAnswer(target) : answer;
    },
    describe: async (url) => {
      let target = targetOf(url);
      for (let redirects = 0; ; redirects++) {
        if (target instanceof Refusal) return target;
        const answer = await network({ url: target });
        if (!isRedirect(answer)) return answer;
        if (redirects === MOST_REDIRECTS) return refuse('unreachable', `${url} redirects too often`);
        target = URL.canParse(answer.location, target.href)
          ? targetOf(new URL(answer.location, target).href)
          : noAnswer(target);
      }
    },
  };
}

function targetOf(text: string): URL | Refusal {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol)
    ? url
    : refuse('malformed', 'the address of an issuer begins with https:// or http://');
}

/** A port where no other protocol of old listens, which a message might be taken for. */
function isOpenPort({ port }: URL): boolean {
  return port === '' || Number(port) >= 1_024;
}

interface Question {
  readonly url: URL;
  /** What is posted; a description is got without. */
  readonly message?: Uint8Array;
}

interface Redirect {
  readonly location: string;
}

function isRedirect(answer: Uint8Array | Redirect | Refusal): answer is Redirect {
  return 'location' in answer;
}

type Network = (question: Question) => Promise<Uint8Array | Redirect | Refusal>;

function openNetwork(
  { allowed, resolve = addressesOf, isPublic = isPublicAddress }: Guard,
  type: string,
): Network {
  const own = new Set(allowed);
  const lookup = guardedLookup(resolve, isPublic);
  const agents = {
    'http:': new HttpAgent({ keepAlive: true, maxSockets: MOST_SOCKETS }),
    'https:': new HttpsAgent({ keepAlive: true, maxSockets: MOST_SOCKETS }),
  };
  return async ({ url, message }) => {
    const isOwn = own.has(url.origin);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (!isOwn && !isOpenPort(url))
      return refuse('not possible', `${url.origin} is at a port that is kept for other services`);
    // No name is looked up where there is none.
    if (!isOwn && isIP(host) !== 0 && !isPublic(host)) return notPublic(url);
    const options = {
      hostname: host,
      port: url.port,
      path: `${url.pathname}${url.search}`,
      signal: AbortSignal.timeout(TIMEOUT),
      ...(isOwn ? {} : { lookup }),
    };
    const posted = message === undefined ? undefined : { type, message };
    return url.protocol === 'https:'
      ? ask(url, { ...options, agent: agents['https:'] }, requestHttps, posted)
      : ask(url, { ...options, agent: agents['http:'] }, requestHttp, posted);
  };
}

/** What a lookup that found an address inside tells the request. */
class NotPublic extends Error {}

/** Looks up a name for a connection, which then goes to these addresses and to no others. */
function guardedLookup(
  resolve: NonNullable<Guard['resolve']>,
  isPublic: (address: string) => boolean,
): LookupFunction {
  return (hostname, { all }, callback) => {
    resolve(hostname).then(
      (found) => {
        const [first] = found;
        if (first === undefined || !found.every(({ address }) => isPublic(address)))
          callback(new NotPublic(), '', 0);
        else if (all === true) callback(null, [...found]);
        else callback(null, first.address, first.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, '', 0),
    );
  };
}

function addressesOf(hostname: string): Promise<readonly Address[]> {
  return lookUp(hostname, { all: true });
}

/** Asks once. Every way in which a network can fail comes as an event, and is an answer. */
function ask(
  url: URL,
  options: RequestOptions,
  send: typeof requestHttp,
  posted: { readonly type: string; readonly message: Uint8Array } | undefined,
): ReturnType<Network> {
  return new Promise((settle) => {
    const head =
      posted === undefined
        ? { method: 'GET', headers: { Accept: 'application/json' } }
        : {
            method: 'POST',
            headers: { 'Content-Type': posted.type, 'Content-Length': posted.message.length },
          };
    send({ ...options, ...head })
      .on('error', (error) => settle(error instanceof NotPublic ? notPublic(url) : noAnswer(url)))
      .on('response', (response) => read(url, response, settle))
      // As after an answer that changes the protocol, which is none.
      .on('close', () => settle(noAnswer(url)))
      .end(posted?.message);
  });
}

/** Reads no more than it may, so that no issuer can fill a host's memory. */
function read(
  url: URL,
  response: IncomingMessage,
  settle: (answer: Uint8Array | Redirect | Refusal) => void,
): void {
  const { statusCode = 0, headers } = response;
  if (statusCode >= 300 && statusCode < 400) {
    response.destroy();
    settle(headers.location === undefined ? noAnswer(url) : { location: headers.location });
    return;
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  response
    .on('data', (part: Uint8Array) => {
      length += part.length;
      parts.push(part);
      if (length <= LIMITS.messageBytes) return;
      settle(refuse('too large', `${url.href} answered more than ${LIMITS.messageBytes} bytes`));
      response.destroy();
    })
    .on('end', () => settle(new Uint8Array(Buffer.concat(parts))))
    // An answer that breaks off has no end.
    .on('error', () => settle(noAnswer(url)));
}

function noAnswer(url: URL): Refusal {
  return refuse('unreachable', `${url.href} does not answer`);
}

function notPublic(url: URL): Refusal {
  return refuse(
    'not possible',
    `${url.origin} is not on the public internet, and this host goes nowhere else`,
  );
}
