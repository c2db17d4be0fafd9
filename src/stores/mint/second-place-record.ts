import { hash } from 'node:crypto';
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import type { Call } from './calls.ts';

/** Where books stand: the number and hash of their last record, and whether that was written to a second place. */
export interface Place {
  /** Counts the batches that changed something, from 1. */
  readonly number: number;
  /** 64 hexadecimal digits; before the first record a random number that tells these books from others. */
  readonly hash: string;
  readonly isRecorded: boolean;
}

/** What the books come to after a record, so that a replay that comes out otherwise is noticed. */
export type Summary = readonly (number | string)[];

/** The calls of one batch that changed something. */
export interface BookRecord {
  readonly number: number;
  /** The hash of the record before. */
  readonly previous: string;
  readonly calls: readonly Call[];
  readonly after: Summary;
}

/** A segment's first line: the records in it follow these. */
export interface Marker {
  readonly begins: true;
  readonly number: number;
  readonly previous: string;
}

/** A line of the second place: SHA-256 of the JSON behind it, a space, the JSON. */
export interface Line {
  readonly text: string;
  readonly hash: string;
}

/** A record as it is written, and the hash that the next one names. */
export function writeRecord({ number, previous, calls, after }: BookRecord): Line {
  return writeLine({ number, previous, after, calls: calls.map(withHex) });
}

export function writeMarker(number: number, previous: string): Line {
  const marker: Marker = { begins: true, number, previous };
  return writeLine(marker);
}

/** The hash of a record that nobody wrote down: books without a second place tell two histories apart by it. */
export function hashOfUnwritten(number: number, previous: string, after: Summary): string {
  return sha256(JSON.stringify([number, previous, after]));
}

/** What a whole line says; undefined where its hash is not that of what stands behind it. */
export function readLine(line: string): (BookRecord & { readonly hash: string }) | Marker | undefined {
  const json = line.slice(65);
  if (line[64] !== ' ' || sha256(json) !== line.slice(0, 64)) return undefined;
  const parsed = JSON.parse(json) as BookRecord | Marker;
  if ('begins' in parsed) return parsed;
  return { ...parsed, calls: parsed.calls.map(withBytes), hash: line.slice(0, 64) };
}

function writeLine(body: object): Line {
  const json = JSON.stringify(body);
  const digest = sha256(json);
  return { text: `${digest} ${json}\n`, hash: digest };
}

function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** JSON has no bytes: the one place in calls where there are any is sealed secrets. */
function withHex(call: Call): object {
  if (call.verb !== 'record') return call;
  const secrets = call.step.secrets.map(({ name, sealed }) => ({ name, sealed: bytesToHex(sealed) }));
  return { ...call, step: { ...call.step, secrets } };
}

function withBytes(call: Call): Call {
  if (call.verb !== 'record') return call;
  const written = call.step.secrets as unknown as readonly { name: string; sealed: string }[];
  const secrets = written.map(({ name, sealed }) => ({ name, sealed: hexToBytes(sealed) }));
  return { ...call, step: { ...call.step, secrets } };
}
