import assert from 'node:assert/strict';
import { Refusal } from './refusal.ts';

/** The value, which must be no refusal. */
export function accepted<Value>(value: Value): Exclude<Value, Refusal> {
  assert.ok(!(value instanceof Refusal), value instanceof Refusal ? value.toString() : '');
  return value as Exclude<Value, Refusal>;
}
