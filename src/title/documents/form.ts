/** One description of a field gives its type, its bytes, its JSON and its JSON Schema: there is one schema for both. */
import Type from 'typebox';
import { bytesToHex, hexToBytes, utf8 } from '../../base/bytes.ts';
import type { Reader, Writer } from './bytes.ts';
import { MOST_INTEGER } from './limits.ts';

/** How a value is written. In memory bytes are bytes; in JSON they are lower-case hexadecimal. */
export interface Form<Value> {
  /** What JSON has to look like before `fromJson` may read it. */
  readonly schema: Type.TSchema;
  readonly write: (value: Value, to: Writer) => void;
  /** Never throws; what is wrong is said by the reader. */
  readonly read: (from: Reader) => Value;
  readonly toJson: (value: Value) => unknown;
  readonly fromJson: (json: unknown) => Value;
}

/** The type of what a form describes. */
export type Formed<F> = F extends Form<infer Value> ? Value : never;

/** Exactly so many bytes. */
export function bytes(length: number, what: string): Form<Uint8Array> {
  return {
    schema: Type.String({
      pattern: `^[0-9a-f]{${2 * length}}$`,
      maxLength: 2 * length,
      description: `${what}: ${2 * length} lower-case hexadecimal digits`,
    }),
    write: (value, to) => to.raw(value),
    read: (from) => from.raw(length),
    toJson: bytesToHex,
    fromJson: (json) => hexToBytes(json as string),
  };
}

/** Up to `most` bytes, with their number before them. */
export function upTo(most: number, what: string): Form<Uint8Array> {
  return {
    schema: Type.String({
      pattern: '^([0-9a-f]{2})*$',
      maxLength: 2 * most,
      description: `${what}: at most ${2 * most} lower-case hexadecimal digits`,
    }),
    write: (value, to) => {
      to.uint32(value.length);
      to.raw(value);
    },
    read: (from) => {
      const length = from.uint32();
      if (length > most) from.fail(`must have at most ${most} bytes`);
      return from.raw(length);
    },
    toJson: bytesToHex,
    fromJson: (json) => hexToBytes(json as string),
  };
}

function whole(minimum: number, maximum: number): Type.TSchema {
  return Type.Integer({ minimum, maximum, description: `a whole number from ${minimum} to ${maximum}` });
}

/** A whole number of four bytes. */
export function uint32(minimum = 0): Form<number> {
  return {
    schema: whole(minimum, 2 ** 32 - 1),
    write: (value, to) => to.uint32(value),
    read: (from) => atLeast(minimum, from.uint32(), from),
    toJson: (value) => value,
    fromJson: (json) => json as number,
  };
}

/** A whole number of eight bytes that JavaScript can count. */
export function integer(minimum = 0): Form<number> {
  return {
    schema: whole(minimum, MOST_INTEGER),
    write: (value, to) => to.integer(value),
    read: (from) => atLeast(minimum, from.integer(), from),
    toJson: (value) => value,
    fromJson: (json) => json as number,
  };
}

function atLeast(minimum: number, value: number, from: Reader): number {
  if (value < minimum) from.fail(`must be at least ${minimum}`);
  return value;
}

/** A text of at most so many bytes of UTF-8. */
export function text(most: number): Form<string> {
  return {
    schema: Type.Refine(
      Type.String({ maxLength: most, description: `a text of at most ${most} bytes` }),
      (value: unknown) => typeof value === 'string' && value.isWellFormed() && utf8(value).length <= most,
    ),
    write: (value, to) => to.text(value),
    read: (from) => from.text(most),
    toJson: (value) => value,
    fromJson: (json) => json as string,
  };
}

/** From `least` to `most` of one kind. */
export function list<Value>(item: Form<Value>, least: number, most: number): Form<readonly Value[]> {
  return {
    schema: Type.Array(item.schema, {
      minItems: least,
      maxItems: most,
      description: `a list of ${least} to ${most}`,
    }),
    write: (values, to) => {
      to.uint16(values.length);
      for (const value of values) item.write(value, to);
    },
    read: (from) => {
      const length = from.uint16();
      if (length < least || length > most) from.fail(`must be a list of ${least} to ${most}`);
      const values: Value[] = [];
      for (let index = 0; index < length && from.isFine(); index++) {
        values.push(item.read(from));
        if (!from.isFine()) from.path.unshift(`[${index}]`);
      }
      return values;
    },
    toJson: (values) => values.map(item.toJson),
    fromJson: (json) => (json as readonly unknown[]).map(item.fromJson),
  };
}

const OPTIONAL = Symbol('optional');

/** A field that may be missing: undefined. */
export function optional<Value>(form: Form<Value>): Form<Value | undefined> {
  return {
    schema: form.schema,
    write: (value, to) => {
      to.uint8(value === undefined ? 0 : 1);
      if (value !== undefined) form.write(value, to);
    },
    read: (from) => {
      const flag = from.uint8();
      if (flag > 1) from.fail('must begin with 0 or 1');
      return flag === 1 ? form.read(from) : undefined;
    },
    toJson: (value) => (value === undefined ? undefined : form.toJson(value)),
    fromJson: (json) => (json === undefined ? undefined : form.fromJson(json)),
    [OPTIONAL]: true,
  } as Form<Value | undefined>;
}

/** A form of whatever it is. */
interface AnyForm {
  readonly schema: Type.TSchema;
  readonly write: (value: never, to: Writer) => void;
  readonly read: (from: Reader) => unknown;
  readonly toJson: (value: never) => unknown;
  readonly fromJson: (json: unknown) => unknown;
}

/** What a record of these fields is in memory: every field is there, an optional one perhaps undefined. */
export type Recorded<F> = { readonly [Name in keyof F]: Formed<F[Name]> };

/** Fields in the order in which they are named here. */
export function record<F extends Readonly<Record<string, AnyForm>>>(fields: F): Form<Recorded<F>> {
  const entries = Object.entries(fields) as unknown as readonly (readonly [string, Form<unknown>])[];
  const properties = Object.fromEntries(
    entries.map(([name, form]) => [name, OPTIONAL in form ? Type.Optional(form.schema) : form.schema]),
  );
  return {
    schema: Type.Object(properties, { additionalProperties: false }),
    write: (value, to) => {
      for (const [name, form] of entries) form.write((value as Record<string, unknown>)[name], to);
    },
    read: (from) => {
      const value: Record<string, unknown> = {};
      for (const [name, form] of entries) {
        if (!from.isFine()) break;
        value[name] = form.read(from);
        if (!from.isFine()) from.path.unshift(`.${name}`);
      }
      return value as Recorded<F>;
    },
    toJson: (value) =>
      Object.fromEntries(
        entries
          .map(([name, form]) => [name, form.toJson((value as Record<string, unknown>)[name])] as const)
          .filter(([, json]) => json !== undefined),
      ),
    fromJson: (json) =>
      Object.fromEntries(
        entries.map(([name, form]) => [name, form.fromJson((json as Record<string, unknown>)[name])]),
      ) as Recorded<F>,
  };
}
