/** A valid value for any schema of the catalogue, so that tests cover every message there is, and the next one too. */
import { BIGINT_PATTERN } from '../base/bigint.ts';
import { DATE_PATTERN } from '../base/dates.ts';
import { DOCUMENTS, REQUESTS, RESPONSES } from './catalogue.ts';

/** What of JSON Schema the catalogue uses. */
export interface Schema {
  readonly type?: string;
  readonly const?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema | readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
}

export type Json = null | boolean | number | string | Json[] | { [field: string]: Json };

export const CATALOGUE: Readonly<Record<string, Schema>> = { ...DOCUMENTS, ...REQUESTS, ...RESPONSES };

const TEXTS: Readonly<Record<string, string>> = {
  [BIGINT_PATTERN]: 'a1b2c3',
  [DATE_PATTERN]: '2026-11-21T12:00:00.000',
  '^[0-9a-f]{64}$': '0123456789abcdef'.repeat(4),
  '^[0-9a-f]{128}$': '0123456789abcdef'.repeat(8),
  '^https?://[^\\s]+$': 'https://mint.example/',
  '^(age1[0-9a-z]{58})?$': `age1${'0q'.repeat(29)}`,
  '^age1[0-9a-z]{58}$': `age1${'0q'.repeat(29)}`,
  '^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$': 'YWdl',
};

/** A value that fits, with every optional field present, and of every list as many items as it must have but one. */
export function synthetic(schema: Schema): Json {
  if (schema.const !== undefined) return schema.const;
  const [first] = schema.anyOf ?? [];
  if (first !== undefined) return synthetic(first);
  switch (schema.type) {
    case 'object':
      return syntheticObject(schema);
    case 'array':
      return syntheticList(schema);
    case 'string':
      return syntheticText(schema);
    case 'integer':
      return Math.max(schema.minimum ?? 0, 1);
    case 'boolean':
      return false;
    default:
      throw new Error(`no example for the type ${schema.type ?? 'that is not there'}`);
  }
}

function syntheticObject(schema: Schema): Json {
  const fields = Object.entries(schema.properties ?? {}).map(
    ([key, child]) => [key, synthetic(child)] as const,
  );
  const isKey = typeof schema.additionalProperties === 'object';
  return { ...Object.fromEntries(fields), ...(isKey ? { modulus: 'c0ffee', public_exponent: 65537 } : {}) };
}

function syntheticList(schema: Schema): Json {
  const { items = {} } = schema;
  if (isTuple(items)) return items.map(synthetic);
  return Array.from({ length: Math.max(schema.minItems ?? 0, 1) }, () => synthetic(items));
}

function syntheticText(schema: Schema): string {
  const text = schema.pattern === undefined ? 'a text' : TEXTS[schema.pattern];
  if (text === undefined) throw new Error(`no example for the pattern ${schema.pattern ?? ''}: add one`);
  return text;
}

/** Whether a list's items are said one by one. */
export function isTuple(items: Schema | readonly Schema[]): items is readonly Schema[] {
  return Array.isArray(items);
}
