/** `npm run schemata`: writes spec/schemata/ from the catalogue, one JSON Schema (draft 7) a document or message. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { DOCUMENTS, REQUESTS, RESPONSES } from '../src/protocol/catalogue.ts';

/** Where the schemata lie. */
export const SCHEMATA = new URL('../spec/schemata/', import.meta.url);

/** Every file that belongs there, by name, with its text. */
export function schemata(): Map<string, string> {
  return new Map(
    Object.entries({ ...DOCUMENTS, ...REQUESTS, ...RESPONSES }).map(([type, schema]) => {
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
