import type Type from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { outsideName } from '../base/refusal.ts';

/** Says in words which field is wrong and what it must be: `message.blinds[3].reference: must be …`. */
export function explain(schema: Type.TSchema, errors: readonly TLocalizedValidationError[]): string {
  const [error] = errors;
  if (error === undefined) return 'message: does not fit its schema';
  const path = fieldPath(error.instancePath);
  if (error.keyword === 'required') return `${path}.${error.params.requiredProperties[0] ?? ''}: is missing`;
  if (error.keyword === 'boolean') return `${path}: is not a field of this message`;
  if (error.keyword === 'const') return `${path}: must be ${JSON.stringify(error.params.allowedValue)}`;
  return `${path}: must be ${describedAt(schema, error.schemaPath) ?? 'as its schema says'}`;
}

/** A JSON Pointer as a person writes it. */
function fieldPath(pointer: string): string {
  const steps = pointer.split('/').slice(1);
  const written = steps.map((step) =>
    /^\d+$/.test(step) ? `[${step}]` : `.${outsideName(unescaped(step))}`,
  );
  return 'message' + written.join('');
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
