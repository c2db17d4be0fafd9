/** The field types that documents and messages are made of: each with its bound and, in words, what it must be. */
import Type from 'typebox';
import type { Static } from 'typebox';
import { BIGINT_PATTERN } from '../base/bigint.ts';
import { DATE_PATTERN, readDate } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';

const BIGINT_WORDS = 'a BigInt: lower-case hexadecimal without leading zeros';

export const BigIntText = Type.String({
  pattern: BIGINT_PATTERN,
  maxLength: LIMITS.bigIntDigits,
  description: BIGINT_WORDS,
});

/** A serial or a transaction reference: a BigInt of at most 256 bits. */
export const SerialText = Type.String({
  pattern: BIGINT_PATTERN,
  maxLength: LIMITS.serialDigits,
  description: `${BIGINT_WORDS}, at most ${LIMITS.serialDigits} digits`,
});

/** The SHA-256 of a canonical document, all 64 digits of it. */
export const Id = Type.String({
  pattern: '^[0-9a-f]{64}$',
  maxLength: 64,
  description: 'an identifier: 64 lower-case hexadecimal digits',
});

/** An Ed25519 public key: 64 hexadecimal digits. */
export const Ed25519Key = Type.String({
  pattern: '^[0-9a-f]{64}$',
  maxLength: 64,
  description: 'an Ed25519 public key: 64 lower-case hexadecimal digits',
});

export const Ed25519Signature = Type.String({
  pattern: '^[0-9a-f]{128}$',
  maxLength: 128,
  description: 'an Ed25519 signature: 128 lower-case hexadecimal digits',
});

/** The pattern lets 30 February pass; the calendar does not. */
export const DateText = Type.Refine(
  Type.String({
    pattern: DATE_PATTERN,
    maxLength: 27,
    description: 'a date of the calendar in ISO 8601, as 2026-11-21T12:00:00.000',
  }),
  (text: unknown) => typeof text === 'string' && readDate(text) !== undefined,
);

const SafeInteger = (minimum: number, description: string) =>
  Type.Integer({ minimum, maximum: Number.MAX_SAFE_INTEGER, description });

export const PositiveAmount = SafeInteger(1, 'a whole number of the smallest unit, at least 1');
export const AmountField = SafeInteger(0, 'a whole number of the smallest unit');
export const Count = SafeInteger(1, 'a whole number, at least 1');
export const MessageReference = SafeInteger(0, 'a whole number');
export const StatusCode = Type.Integer({
  minimum: 200,
  maximum: 599,
  description: 'a status code from 200 to 599',
});

export const ShortText = Type.String({
  maxLength: LIMITS.shortText,
  description: `a text of at most ${LIMITS.shortText} characters`,
});

export const Url = Type.String({
  pattern: '^https?://[^\\s]+$',
  maxLength: LIMITS.url,
  description: 'a URL that begins with http:// or https://',
});

type DeepReadonly<Value> = Value extends string | number | boolean
  ? Value
  : { readonly [Field in keyof Value]: DeepReadonly<Value[Field]> };

/** The type of what a schema describes. What came off the wire is never changed, only read. */
export type Written<Schema extends Type.TSchema> = DeepReadonly<Static<Schema>>;

/** A document or message of the protocol: no field but those named. */
export function Strict<Fields extends Type.TProperties>(fields: Fields) {
  return Type.Object(fields, { additionalProperties: false });
}

/** A list with the protocol's bound on its length. */
export function List<Item extends Type.TSchema>(item: Item, minItems: number, maxItems: number) {
  return Type.Array(item, { minItems, maxItems, description: `a list of ${minItems} to ${maxItems}` });
}

/** What every answer carries, beside its own fields. */
export const answerFields = {
  message_reference: MessageReference,
  status_code: StatusCode,
  status_description: ShortText,
} as const;
