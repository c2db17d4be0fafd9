/** Every way to get one field of a valid value wrong. */
import { BIGINT_PATTERN } from '../base/bigint.ts';
import { DATE_PATTERN } from '../base/dates.ts';
import { isTuple, synthetic } from './synthetic.test-helper.ts';
import type { Json, Schema } from './synthetic.test-helper.ts';

export interface Mutation {
  readonly value: Json;
  /** The field that is wrong, as a refusal names it. */
  readonly path: string;
  readonly change: string;
}

/** Mutations of the value and of all within it. Each leaves everything else as it was. */
export function* singleFieldMutations(schema: Schema, value: Json, path: string): Generator<Mutation> {
  if (schema.properties !== undefined) yield* ofObject(schema, value as Record<string, Json>, path);
  if (schema.items !== undefined) yield* ofList(schema, schema.items, value as Json[], path);
  for (const member of schema.anyOf ?? [])
    if (member.properties !== undefined) yield* singleFieldMutations(member, synthetic(member), path);
  for (const [change, wrong] of wrongValues(schema, value)) {
    if (path !== 'message' && path !== 'message.type') yield { value: wrong, path, change };
  }
}

function* ofObject(schema: Schema, value: Record<string, Json>, path: string): Generator<Mutation> {
  for (const [field, child] of Object.entries(schema.properties ?? {})) {
    const { [field]: present, ...rest } = value;
    if (present === undefined) throw new Error(`${path} has no ${field}`);
    if (schema.required?.includes(field) === true)
      yield { value: rest, path: `${path}.${field}`, change: 'dropped' };
    for (const within of singleFieldMutations(child, present, `${path}.${field}`)) {
      yield { ...within, value: { ...value, [field]: within.value } };
    }
  }
  if (schema.additionalProperties !== false) return;
  for (const extra of ['unknown', 'Type', 'constructor']) {
    yield { value: { ...value, [extra]: 1 }, path: `${path}.${extra}`, change: 'added' };
  }
}

function* ofList(
  schema: Schema,
  items: Schema | readonly Schema[],
  value: Json[],
  path: string,
): Generator<Mutation> {
  const many = (length: number) => Array.from({ length }, () => value[0] ?? 1);
  if (schema.maxItems !== undefined)
    yield { value: many(schema.maxItems + 1), path, change: 'list too long' };
  if ((schema.minItems ?? 0) > 0) yield { value: value.slice(0, -1), path, change: 'list too short' };
  if (isTuple(items))
    yield { value: [...value, 1], path: `${path}[${items.length}]`, change: 'pair too long' };
  for (const [at, child] of value.entries()) {
    const schemaOfChild = isTuple(items) ? items[at] : items;
    for (const within of singleFieldMutations(schemaOfChild ?? {}, child, `${path}[${at}]`)) {
      yield { ...within, value: value.with(at, within.value) };
    }
  }
}

function* wrongValues(schema: Schema, value: Json): Generator<[string, Json]> {
  const kind = (other: Json) => (Array.isArray(other) ? 'array' : other === null ? 'null' : typeof other);
  for (const other of [null, true, 7, '\u0000', [], {}]) {
    if (kind(other) !== kind(value)) yield [`${kind(other)} instead of ${kind(value)}`, other];
  }
  if (typeof value === 'number') {
    yield ['unsafe integer', 2 ** 53];
    yield ['unsafe negative integer', -(2 ** 53)];
    if (schema.minimum !== undefined) yield ['below the least', schema.minimum - 1];
    if (schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER)
      yield ['beyond', schema.maximum + 1];
  }
  if (typeof value === 'string') yield* wrongTexts(schema, value);
}

function* wrongTexts(schema: Schema, value: string): Generator<[string, Json]> {
  if (schema.const !== undefined) yield ['another type', `${value} `];
  if (schema.anyOf !== undefined) yield ['another word', `${value} `];
  if (schema.maxLength !== undefined) {
    yield ['text too long', '1'.repeat(schema.maxLength + 1)];
    if (schema.pattern === undefined)
      yield ['text too long in code points', '😀'.repeat(schema.maxLength + 1)];
  }
  if (schema.pattern === undefined) return;
  if (!new RegExp(schema.pattern).test('')) yield ['empty', ''];
  yield ['in upper case', value.toUpperCase() + 'A'];
  yield ['with a line end', `${value}\n`];
  if (schema.pattern === BIGINT_PATTERN) {
    for (const text of ['00', `0${value}`, `0x${value}`, `-${value}`])
      yield ['BigInt in another spelling', text];
  }
  if (schema.pattern === DATE_PATTERN) {
    for (const text of ['2026-02-30T12:00:00', '2026-11-21', '2026-11-21T24:00:00']) yield ['no date', text];
  }
}
