import { Refusal } from '../../src/base/refusal.ts';

/** What must not be refused. Throws with the refusal's details where it is. */
export function certain<Value>(value: Value | Refusal): Value {
  if (value instanceof Refusal) throw new Error(`${value.name}: ${value.details}`);
  return value;
}
