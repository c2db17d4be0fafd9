import type Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Validator } from 'typebox/compile';
import { utf8 } from '../base/bytes.ts';
import { readJson } from '../base/json.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { DOCUMENTS, REQUESTS, RESPONSES, TELLER_REQUESTS, TELLER_RESPONSES } from './catalogue.ts';
import type { Document, Request, Response, TellerRequest, TellerResponse } from './catalogue.ts';
import { PublicKey } from './documents.ts';
import { explain } from './explain.ts';

type Table = Readonly<Record<string, Type.TSchema>>;

const EVERYTHING: Table = { ...DOCUMENTS, ...REQUESTS, ...RESPONSES };

const validators = new Map<Type.TSchema, Validator>();

/** Reads a request; a refusal names the field that is wrong. Never throws, whatever the bytes. */
export function decodeRequest(bytes: Uint8Array): Request | Refusal {
  return decode(bytes, REQUESTS) as Request | Refusal;
}

/** Reads an answer. */
export function decodeResponse(bytes: Uint8Array): Response | Refusal {
  return decode(bytes, RESPONSES) as Response | Refusal;
}

/** Reads what a bank's teller asks, over the bank's own socket. */
export function decodeTellerRequest(bytes: Uint8Array): TellerRequest | Refusal {
  return decode(bytes, TELLER_REQUESTS) as TellerRequest | Refusal;
}

/** Reads what a bank answers its teller. */
export function decodeTellerResponse(bytes: Uint8Array): TellerResponse | Refusal {
  return decode(bytes, TELLER_RESPONSES) as TellerResponse | Refusal;
}

/** Reads a document that stands by itself: a certificate, a coin, a coin stack. */
export function decodeDocument(bytes: Uint8Array): Document | Refusal {
  return decode(bytes, DOCUMENTS) as Document | Refusal;
}

/** Reads anything the protocol knows: a document, a message, or a bare public key. */
export function decodeAny(bytes: Uint8Array): Document | Request | Response | PublicKey | Refusal {
  const value = readJson(bytes);
  if (value instanceof Refusal) return value;
  const type = typeOf(value);
  if (type?.endsWith('public key') === true) return check(value, PublicKey) as PublicKey | Refusal;
  return match(value, EVERYTHING) as Document | Request | Response | Refusal;
}

/** Writes a message or document for the wire: JSON in UTF-8. What is signed is the canonical form instead. */
export function encode(value: Document | Request | Response | TellerRequest | TellerResponse): Uint8Array {
  return utf8(JSON.stringify(value));
}

/** The `message_reference` of what may be no valid message, so that even its refusal can name it; else 0. */
export function referenceOf(bytes: Uint8Array): number {
  const value = readJson(bytes);
  const reference = isFields(value) ? value['message_reference'] : undefined;
  return typeof reference === 'number' && Number.isSafeInteger(reference) && reference >= 0 ? reference : 0;
}

function decode(bytes: Uint8Array, table: Table): unknown {
  const value = readJson(bytes);
  return value instanceof Refusal ? value : match(value, table);
}

function match(value: unknown, table: Table): unknown {
  const type = typeOf(value);
  if (type === undefined) return refuse('malformed', 'message.type: must be a text that names the message');
  const schema = Object.hasOwn(table, type) ? table[type] : undefined;
  if (schema === undefined)
    return refuse('malformed', `message.type: must be one of ${Object.keys(table).join(', ')}`);
  return check(value, schema);
}

function check(value: unknown, schema: Type.TSchema): unknown {
  let validator = validators.get(schema);
  if (validator === undefined) validators.set(schema, (validator = Compile(schema)));
  return validator.Check(value)
    ? value
    : refuse('malformed', explain(schema, value, validator.Errors(value)));
}

function typeOf(value: unknown): string | undefined {
  const type = isFields(value) ? value['type'] : undefined;
  return typeof type === 'string' ? type : undefined;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
