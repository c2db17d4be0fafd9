/** Messages as bytes, for datagrams and frames, and as JSON, for whoever reads them: from one table. */
import type Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { Validator } from 'typebox/compile';
import { utf8 } from '../../base/bytes.ts';
import { readJson } from '../../base/json.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { explain } from '../../protocol/explain.ts';
import { Reader, Writer } from './bytes.ts';
import type { Form } from './form.ts';
import { TITLE_REQUESTS, TITLE_RESPONSES } from './messages.ts';
import type { TitleRequest, TitleResponse } from './messages.ts';

/** "T", and the version of this form. */
const MAGIC = 0x5401;
/** Magic, kind, reference. */
export const ENVELOPE_BYTES = 7;
/** Kinds of answers are from here on, those of requests below: in every version. */
const FIRST_RESPONSE = 128;

type Table = Readonly<Record<string, { readonly kind: number; readonly form: unknown }>>;

/** A message and the number by which its answer is told from others. */
export interface Enveloped<Message> {
  readonly reference: number;
  readonly message: Message;
}

/** A request as bytes, padded with zeros to at least `length`. */
export function writeTitleRequest({ reference, message }: Enveloped<TitleRequest>, length = 0): Uint8Array {
  const bytes = write(TITLE_REQUESTS, reference, message).finish();
  if (bytes.length >= length) return bytes;
  const padded = new Uint8Array(length);
  padded.set(bytes);
  return padded;
}

/** An answer as bytes, which are to be sent soon and then forgotten. */
export function writeTitleResponse({ reference, message }: Enveloped<TitleResponse>): Uint8Array {
  return write(TITLE_RESPONSES, reference, message).finishShortLived();
}

/**
 * Reads a request, padded or not; a refusal names the field that is wrong. Never throws, whatever the bytes. Where they are
 * lent, what is read are views into them.
 */
export function readTitleRequest(bytes: Uint8Array, isLent = false): Enveloped<TitleRequest> | Refusal {
  return read(TITLE_REQUESTS, new Reader(bytes, isLent), true) as Enveloped<TitleRequest> | Refusal;
}

/** Reads an answer. Never throws, whatever the bytes. */
export function readTitleResponse(bytes: Uint8Array): Enveloped<TitleResponse> | Refusal {
  return read(TITLE_RESPONSES, new Reader(bytes), false) as Enveloped<TitleResponse> | Refusal;
}

/** The reference of what may be no valid message; 0 where there is none. */
export function titleReferenceOf(bytes: Uint8Array): number {
  if (bytes.length < ENVELOPE_BYTES) return 0;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(3);
}

/** Whether bytes begin as a request or as an answer does; undefined for neither. What follows may be wrong all the same. */
export function titleEnvelopeOf(bytes: Uint8Array): 'request' | 'response' | undefined {
  if (bytes.length < ENVELOPE_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint16(0) !== MAGIC) return undefined;
  return view.getUint8(2) < FIRST_RESPONSE ? 'request' : 'response';
}

/** A request out of JSON. Never throws, whatever the bytes. */
export function readTitleRequestJson(bytes: Uint8Array): Enveloped<TitleRequest> | Refusal {
  return readJsonOf(TITLE_REQUESTS, bytes) as Enveloped<TitleRequest> | Refusal;
}

/** An answer out of JSON. Never throws, whatever the bytes. */
export function readTitleResponseJson(bytes: Uint8Array): Enveloped<TitleResponse> | Refusal {
  return readJsonOf(TITLE_RESPONSES, bytes) as Enveloped<TitleResponse> | Refusal;
}

/** A message as JSON: its own fields, `type` and `message_reference`. */
export function writeTitleJson({ reference, message }: Enveloped<TitleRequest | TitleResponse>): Uint8Array {
  const { type, ...fields } = message;
  const json = formOf(type).toJson(fields) as object;
  return utf8(JSON.stringify({ ...json, message_reference: reference, type }));
}

/** A document by itself as bytes: what is hashed, signed and kept. */
export function formBytes<Value>(form: Form<Value>, value: Value): Uint8Array {
  const to = new Writer();
  form.write(value, to);
  return to.finish();
}

/** A document by itself out of bytes, all of them; where they are lent, as views into them. Never throws. */
export function readForm<Value>(
  form: Form<Value>,
  bytes: Uint8Array,
  what: string,
  isLent = false,
): Value | Refusal {
  const from = new Reader(bytes, isLent);
  const value = form.read(from);
  if (from.isFine() && from.left > 0) from.fail('has bytes behind its end');
  return from.isFine() ? value : refuse('malformed', `${what}${from.fault()}`);
}

/** A document by itself out of what JSON.parse or readJson gave. Never throws. */
export function readFormJson<Value>(form: Form<Value>, json: unknown, what: string): Value | Refusal {
  const fault = faultOf(form.schema, json, what);
  return fault === undefined ? form.fromJson(json) : refuse('malformed', fault);
}

function write(table: Table, reference: number, message: TitleRequest | TitleResponse): Writer {
  const { type } = message;
  const entry = table[type];
  if (entry === undefined) throw new Error(`${type} does not go this way`);
  const to = new Writer();
  to.uint16(MAGIC);
  to.uint8(entry.kind);
  to.uint32(reference);
  // Beside its type, which no form writes, a message is its fields.
  formOf(type).write(message, to);
  return to;
}

function read(table: Table, from: Reader, mayBePadded: boolean): Enveloped<unknown> | Refusal {
  const magic = from.uint16();
  const kind = from.uint8();
  const reference = from.uint32();
  if (!from.isFine() || magic !== MAGIC)
    return refuse('malformed', 'message: does not begin as a message about titles does');
  const type = typeOfKind(table, kind);
  if (type === undefined) return refuse('malformed', `message.kind: ${kind} is none of this version`);
  const fields = formOf(type).read(from) as object;
  if (from.isFine() && from.left > 0 && !(mayBePadded && from.onlyZeros()))
    from.fail('has bytes behind its end');
  return from.isFine()
    ? { reference, message: Object.assign(fields, { type }) }
    : refuse('malformed', `message${from.fault()}`);
}

function readJsonOf(table: Table, bytes: Uint8Array): Enveloped<unknown> | Refusal {
  const json = readJson(bytes);
  if (json instanceof Refusal) return json;
  if (typeof json !== 'object' || json === null) return refuse('malformed', 'message: must be an object');
  const { type, message_reference: reference, ...fields } = json as Record<string, unknown>;
  if (typeof type !== 'string' || !Object.hasOwn(table, type))
    return refuse('malformed', `message.type: must be one of ${Object.keys(table).join(', ')}`);
  if (!isReference(reference))
    return refuse('malformed', 'message.message_reference: must be a whole number of 32 bits');
  const form = formOf(type);
  const fault = faultOf(form.schema, fields, 'message');
  return fault === undefined
    ? { reference, message: { type, ...(form.fromJson(fields) as object) } }
    : refuse('malformed', fault);
}

function isReference(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;
}

const validators = new Map<Type.TSchema, Validator>();

function faultOf(schema: Type.TSchema, json: unknown, what: string): string | undefined {
  let validator = validators.get(schema);
  if (validator === undefined) validators.set(schema, (validator = Compile(schema)));
  return validator.Check(json) ? undefined : explain(schema, json, validator.Errors(json), what);
}

const MESSAGES: Table = { ...TITLE_REQUESTS, ...TITLE_RESPONSES };
const kinds = new Map(Object.entries(MESSAGES).map(([type, { kind }]) => [kind, type]));

function typeOfKind(table: Table, kind: number): string | undefined {
  const type = kinds.get(kind);
  return type !== undefined && Object.hasOwn(table, type) ? type : undefined;
}

function formOf(type: string): Form<unknown> {
  return MESSAGES[type]?.form as Form<unknown>;
}
