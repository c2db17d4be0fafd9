/** What the specification says of each field, as it follows from the forms. */
import * as documents from './documents.ts';
import type { Form } from './form.ts';
import { TITLE_REQUESTS, TITLE_RESPONSES } from './messages.ts';

/** What of JSON Schema the forms use. */
export interface FormSchema {
  readonly type?: string;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: FormSchema;
  readonly properties?: Readonly<Record<string, FormSchema>>;
  readonly required?: readonly string[];
}

export interface Field {
  readonly name: string;
  /** As spec/title.md says it: `bytes 32`, `optional Condition`, `list 1–16 of uint32`. */
  readonly kind: string;
  /** Where it stands; undefined behind what may have several lengths. */
  readonly at: number | undefined;
}

const asSchema = (form: unknown) => (form as Form<unknown>).schema as FormSchema;
const field = (form: unknown, ...path: string[]): FormSchema =>
  path.reduce<FormSchema>((schema, name) => schema.properties?.[name]?.items ?? {}, asSchema(form));

/** Every record there is, by the name that the specification gives it. */
export const RECORDS: ReadonlyMap<string, FormSchema> = new Map([
  ...Object.entries(documents)
    .filter(([, form]) => asSchema(form).type === 'object')
    .map(([name, form]) => [name, asSchema(form)] as const),
  ['ReceiptTitle', field(documents.Receipt, 'titles')],
  ['PoolStock', field(TITLE_RESPONSES['response title pool'].form, 'stock')],
  ['Page', field(TITLE_RESPONSES['response title root'].form, 'pages')],
]);

/** Every message by its type. */
export const MESSAGE_FORMS = { ...TITLE_REQUESTS, ...TITLE_RESPONSES };

/** The fields of a record in their order. */
export function fieldsOf({ properties = {}, required = [] }: FormSchema): readonly Field[] {
  let at: number | undefined = 0;
  return Object.entries(properties).map(([name, schema]) => {
    const isOptional = !required.includes(name);
    const row = { name, kind: `${isOptional ? 'optional ' : ''}${kindOf(schema)}`, at };
    const length = isOptional ? undefined : lengthOf(schema);
    at = at === undefined || length === undefined ? undefined : at + length;
    return row;
  });
}

/** A field's kind in words. */
export function kindOf(schema: FormSchema): string {
  const { type, minimum = 0, maximum = 0, minItems = 0, maxItems = 0, items = {}, maxLength = 0 } = schema;
  if (type === 'integer')
    return `${maximum === 2 ** 32 - 1 ? 'uint32' : 'integer'}${minimum > 0 ? ` from ${minimum}` : ''}`;
  if (type === 'array') return `list ${minItems}–${maxItems} of ${kindOf(items)}`;
  if (type === 'object') {
    // Where it may be missing, the schema is a copy.
    const same = JSON.stringify(schema);
    return [...RECORDS].find(([, each]) => JSON.stringify(each) === same)?.[0] ?? 'nothing known';
  }
  if (schema.pattern === undefined) return `text ${maxLength}`;
  return isOfOneLength(schema) ? `bytes ${maxLength / 2}` : `blob ${maxLength / 2}`;
}

function isOfOneLength({ pattern = '' }: FormSchema): boolean {
  return pattern.endsWith('}$');
}

function lengthOf(schema: FormSchema): number | undefined {
  const { type, maximum = 0, maxLength = 0, properties = {} } = schema;
  if (type === 'integer') return maximum === 2 ** 32 - 1 ? 4 : 8;
  if (type === 'string')
    return schema.pattern !== undefined && isOfOneLength(schema) ? maxLength / 2 : undefined;
  if (type !== 'object') return undefined;
  if ((schema.required ?? []).length < Object.keys(properties).length) return undefined;
  return Object.values(properties).reduce<number | undefined>((sum, each) => {
    const length = lengthOf(each);
    return sum === undefined || length === undefined ? undefined : sum + length;
  }, 0);
}
