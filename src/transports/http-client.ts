import type { Refusal } from '../base/refusal.ts';
import { refuse } from '../base/refusal.ts';

const TIMEOUT = 30_000;

/** Sends a message and gives the answer, whatever its HTTP status: what it means stands in the message. */
export function post(
  url: string,
  message: Uint8Array,
  answerBytes: number,
  type = 'application/json',
): Promise<Uint8Array | Refusal> {
  const init = {
    method: 'POST',
    body: message as Uint8Array<ArrayBuffer>,
    headers: { 'Content-Type': type },
    // A redirect would turn the POST into a GET, or take it where nobody agreed to send it.
    redirect: 'error' as const,
  };
  return ask(url, init, answerBytes);
}

/** Gets a description document. */
export function get(url: string, answerBytes: number): Promise<Uint8Array | Refusal> {
  return ask(url, { headers: { Accept: 'application/json' }, redirect: 'follow' as const }, answerBytes);
}

async function ask(url: string, init: RequestInit, answerBytes: number): Promise<Uint8Array | Refusal> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT) });
    return await read(response, answerBytes);
  } catch (error) {
    // fetch throws TypeError for every way a network can fail, and DOMException for our time-out.
    if (error instanceof TypeError || error instanceof DOMException) return noAnswer(url);
    throw error;
  }
}

/** Reads no more than it may, so that no issuer can fill a wallet's memory. */
async function read(response: Response, answerBytes: number): Promise<Uint8Array | Refusal> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += (part as Uint8Array).length;
    if (length > answerBytes)
      return refuse('too large', `${response.url} answered more than ${answerBytes} bytes`);
    parts.push(part as Uint8Array);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function noAnswer(url: string): Refusal {
  return refuse('unreachable', `${url} does not answer`);
}
