/** `npm run schemata`: writes spec/schemata/ from the catalogues, one JSON Schema (draft 7) a document or message. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { DOCUMENTS, REQUESTS, RESPONSES } from '../src/protocol/catalogue.ts';
import { TITLE_REQUESTS, TITLE_RESPONSES } from '../src/title/documents/messages.ts';

/** Where the schemata lie. */
export const SCHEMATA = new URL('../spec/schemata/', import.meta.url);

/** What there is about titles: in JSON each message is its own fields, its type and a reference. */
export const TITLE_SCHEMATA: Readonly<Record<string, object>> = Object.fromEntries(
  Object.entries({ ...TITLE_REQUESTS, ...TITLE_RESPONSES }).map(([type, { form }]) => {
    const { properties = {}, required = [] } = form.schema as {
      readonly properties?: object;
      readonly required?: readonly string[];
    };
    const reference = {
      type: 'integer',
      minimum: 0,
      maximum: 2 ** 32 - 1,
      description: 'the question’s number, which its answer has too',
    };
    return [
      type,
      {
        type: 'object',
        required: [...required, 'message_reference', 'type'],
        properties: { ...properties, message_reference: reference, type: { const: type } },
        additionalProperties: false,
      },
    ];
  }),
);

/** Every file that belongs there, by name, with its text. */
export function schemata(): Map<string, string> {
  return new Map(
    Object.entries({ ...DOCUMENTS, ...REQUESTS, ...RESPONSES, ...TITLE_SCHEMATA }).map(([type, schema]) => {
      const name = type.replaceAll(' ', '-');
      const head = {
        $schema: 'http://json-schema.org/draft-07/schema#',
        $id: `urn:specie:${name}`,
        title: type,
      };
      return [`${name}.json`, JSON.stringify({ ...head, ...schema }, undefined, 2) + '\n'];
    }),
  );
}

if (import.meta.main) {
  const files = schemata();
  mkdirSync(SCHEMATA, { recursive: true });
  for (const name of readdirSync(SCHEMATA)) if (!files.has(name)) rmSync(new URL(name, SCHEMATA));
  for (const [name, text] of files) writeFileSync(new URL(name, SCHEMATA), text);
  console.log(`${files.size} schemata written`);
}
