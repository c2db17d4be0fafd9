import type Type from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { Errors } from 'typebox/value';
import { outsideName } from '../base/refusal.ts';

/** What of JSON Schema is looked at here. */
interface Schema {
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** Says in words which field is wrong and what it must be: `message.blinds[3].reference: must be …`. */
export function explain(
  schema: Type.TSchema,
  value: unknown,
  errors: readonly TLocalizedValidationError[],
  within = 'message',
): string {
  const [error] = errors;
  if (error === undefined) return `${within}: does not fit its schema`;
  const union = unionOnTheWay(schema, value, error);
  if (union !== undefined) return explainUnion(union, within);
  const path = within + fieldPath(stepsOf(error.instancePath));
  if (error.keyword === 'required') return `${path}.${error.params.requiredProperties[0] ?? ''}: is missing`;
  if (error.keyword === 'boolean') return `${path}: is not a field of this message`;
  if (error.keyword === 'const') return `${path}: must be ${JSON.stringify(error.params.allowedValue)}`;
  return `${path}: must be ${describedAt(schema, error.schemaPath) ?? 'as its schema says'}`;
}

/** A union whose members are told apart by their `type`, and the object that fits none of them. */
interface Union {
  readonly members: ReadonlyMap<string, Schema>;
  readonly value: Readonly<Record<string, unknown>>;
  readonly steps: readonly string[];
}

/** The `type` says which member was meant: only what is wrong with that one is of interest. */
function explainUnion({ members, value, steps }: Union, within: string): string {
  const path = within + fieldPath(steps);
  const type = Object.hasOwn(value, 'type') ? value['type'] : undefined;
  if (type === undefined) return `${path}.type: is missing`;
  const member = typeof type === 'string' ? members.get(type) : undefined;
  if (member === undefined) return `${path}.type: must be one of ${[...members.keys()].join(', ')}`;
  return explain(member, value, Errors(member as Type.TSchema, value), path);
}

/** The first union on the way to an error, where its members are told apart by type and an object stands there. */
function unionOnTheWay(
  schema: Type.TSchema,
  value: unknown,
  { schemaPath, instancePath }: TLocalizedValidationError,
): Union | undefined {
  const instance = stepsOf(instancePath);
  let [at, here, depth]: [unknown, unknown, number] = [schema, value, 0];
  let before = '';
  for (const step of stepsOf(schemaPath)) {
    if (step === 'anyOf' && before !== 'properties') {
      const members = membersByType(at as Schema);
      const steps = instance.slice(0, depth);
      return members !== undefined && isFields(here) && !Array.isArray(here)
        ? { members, value: here, steps }
        : undefined;
    }
    at = isFields(at) ? at[step] : undefined;
    if (before === 'properties' || step === 'items') {
      here = isFields(here) ? here[instance[depth] ?? ''] : undefined;
      depth++;
    }
    before = before === 'properties' ? '' : step;
  }
  return undefined;
}

function membersByType({ anyOf = [] }: Schema): ReadonlyMap<string, Schema> | undefined {
  const members = new Map<string, Schema>();
  for (const member of anyOf) {
    const type = member.properties?.['type']?.const;
    if (typeof type !== 'string') return undefined;
    members.set(type, member);
  }
  return members;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function stepsOf(pointer: string): readonly string[] {
  return pointer.split('/').slice(1).map(unescaped);
}

/** A JSON Pointer as a person writes it. */
function fieldPath(steps: readonly string[]): string {
  return steps.map((step) => (/^\d+$/.test(step) ? `[${step}]` : `.${outsideName(step)}`)).join('');
}

function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The innermost description on the way to the schema that failed; of a union, the union's own. */
function describedAt(schema: Type.TSchema, schemaPath: string): string | undefined {
  let at: unknown = schema;
  let description: string | undefined;
  for (const step of schemaPath.split('/')) {
    if (step === 'anyOf') break;
    if (step !== '#') at = (at as Readonly<Record<string, unknown>> | undefined)?.[step];
    description = (at as { description?: string } | undefined)?.description ?? description;
  }
  return description;
}
