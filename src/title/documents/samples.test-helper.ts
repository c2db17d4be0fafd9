/** Messages and documents about titles, made up: any that their forms allow, and the few of a fixed life. */
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import fc from 'fast-check';
import { utf8 } from '../../base/bytes.ts';
import { TITLE_REQUESTS, TITLE_RESPONSES } from './messages.ts';
import type { Form } from './form.ts';
import { verifyEd25519 } from '../../signers/ed25519.ts';

/** What of JSON Schema the forms use. */
interface Schema {
  readonly type?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** JSON that a form's schema allows; lists have few items more than they must. */
export function jsonOf(form: Form<unknown>): fc.Arbitrary<unknown> {
  return arbitrary(form.schema);
}

function arbitrary(schema: Schema): fc.Arbitrary<unknown> {
  const { minItems = 0, maxItems = 0, minimum = 0, maximum = 0 } = schema;
  switch (schema.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([name, each]) => [name, arbitrary(each)]),
        ),
        { requiredKeys: [...(schema.required ?? [])], noNullPrototype: true },
      );
    case 'array':
      return fc.array(arbitrary(schema.items ?? {}), {
        minLength: minItems,
        maxLength: Math.min(maxItems, minItems + 3),
      });
    case 'integer':
      return fc.oneof(
        fc.constantFrom(minimum, maximum),
        fc.integer({ min: minimum, max: Math.min(maximum, minimum + 300) }),
        fc.maxSafeInteger().map((value) => minimum + (Math.abs(value) % (maximum - minimum + 1))),
      );
    default:
      return arbitraryText(schema);
  }
}

function arbitraryText({ pattern, maxLength = 0 }: Schema): fc.Arbitrary<string> {
  if (pattern === undefined)
    return fc
      .string({
        unit: fc.oneof(fc.constantFrom('ä', '😀', '\0', '\ufeff', '"'), fc.string({ maxLength: 1 })),
      })
      .filter((text) => utf8(text).length <= maxLength);
  const [, digits] = /\{(\d+)\}/.exec(pattern) ?? [];
  const length =
    digits === undefined
      ? { maxLength: 20 }
      : { minLength: Number(digits) / 2, maxLength: Number(digits) / 2 };
  return fc.uint8Array(length).map((bytes) => Buffer.from(bytes).toString('hex'));
}

/** Every message there is, with its form. */
export const MESSAGES = Object.entries({ ...TITLE_REQUESTS, ...TITLE_RESPONSES }).map(
  ([type, { kind, form }]) => ({ type, kind, form: form as unknown as Form<unknown> }),
);

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

export function verify(publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean {
  const hex = (each: Uint8Array) => Buffer.from(each).toString('hex');
  return verifyEd25519(hex(publicKey), bytes, hex(signature));
}

/** An Ed25519 pair. */
export interface Pair {
  readonly publicKey: Uint8Array;
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The pair whose seed is the SHA-256 of a name: the same in every run. */
export function pairOf(name: string): Pair {
  const seed = sha256(utf8(name));
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(secret).export({ format: 'jwk' });
  return {
    publicKey: new Uint8Array(Buffer.from(x, 'base64url')),
    sign: (bytes) => new Uint8Array(sign(null, bytes, secret)),
  };
}
