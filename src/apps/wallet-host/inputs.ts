/** What comes from outside, against its schema. */
import type Type from 'typebox';
import type { Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Validator } from 'typebox/compile';
import { Errors } from 'typebox/value';
import { outsideName } from '../../base/refusal.ts';
import { Objection, object } from '../../host/objections.ts';

const validators = new Map<Type.TSchema, Validator>();

/** The value, where it fits; objects with 'unreadable' and the field's name where it does not. */
export function input<Schema extends Type.TSchema>(
  schema: Schema,
  value: unknown,
): Static<Schema> | Objection {
  let validator = validators.get(schema);
  if (validator === undefined) validators.set(schema, (validator = Compile(schema)));
  if (validator.Check(value)) return value as Static<Schema>;
  const [error] = Errors(schema, value);
  const missing = error?.keyword === 'required' ? `/${error.params.requiredProperties[0] ?? ''}` : '';
  const field = outsideName(`${error?.instancePath ?? ''}${missing}`.slice(1));
  return object(
    'unreadable',
    field === '' ? 'the fields are not those that belong here' : `${field}: does not fit`,
  );
}

/** Reads an input and acts on it. */
export async function withInput<Schema extends Type.TSchema, Result>(
  schema: Schema,
  value: unknown,
  act: (value: Static<Schema>) => Promise<Result | Objection>,
): Promise<Result | Objection> {
  const read = input(schema, value);
  return read instanceof Objection ? read : act(read);
}
