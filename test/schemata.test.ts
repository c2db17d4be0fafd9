import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import type { ValidateFunction } from 'ajv';
import { SCHEMATA, TITLE_SCHEMATA, schemata } from '../scripts/schemata.ts';
import { readJson } from '../src/base/json.ts';
import { Refusal } from '../src/base/refusal.ts';
import { decodeAny } from '../src/protocol/codec.ts';
import { CATALOGUE, synthetic } from '../src/protocol/synthetic.test-helper.ts';
import { readTitleRequestJson, readTitleResponseJson } from '../src/title/documents/codec.ts';
import { mutations, publishedExamples } from './fuzz/mutations.ts';
import { titleMessages } from './fuzz/titles-messages.ts';

const kept = new Map(
  readdirSync(SCHEMATA).map((name) => [name, readFileSync(new URL(name, SCHEMATA), 'utf8')] as const),
);

/** The published schemata as another implementation reads them, by `type`. */
function validators(): Map<string, ValidateFunction> {
  // Tuples are written the way draft 7 writes them; ajv's strictTuples wants the same said twice.
  const ajv = new Ajv({ strict: true, strictTuples: false });
  return new Map(
    [...kept.values()].map((text) => {
      const schema = JSON.parse(text) as { title: string };
      return [schema.title, ajv.compile(schema)];
    }),
  );
}

function typeOf(value: unknown): string {
  const type = typeof value === 'object' && value !== null ? (value as { type?: unknown }).type : '';
  return typeof type === 'string' ? type : '';
}

describe('spec/schemata', () => {
  const byType = validators();

  it('is what `npm run schemata` writes', () => {
    assert.deepEqual([...kept.keys()].sort(), [...schemata().keys()].sort(), 'run npm run schemata');
    for (const [name, text] of schemata())
      assert.equal(kept.get(name), text, `${name}: run npm run schemata`);
  });

  it('has one for every document and message', () => {
    const types = [...Object.keys(CATALOGUE), ...Object.keys(TITLE_SCHEMATA)];
    assert.deepEqual([...byType.keys()].sort(), types.sort());
    assert.ok(byType.size >= 30);
  });

  for (const [name, bytes] of publishedExamples()) {
    // A bare public key is no document of its own: each suite says what is in it.
    if (name === 'issuer_public_master_key.json') continue;
    it(`takes the published ${name}`, () => {
      const example: unknown = JSON.parse(Buffer.from(bytes).toString());
      const validate = byType.get(typeOf(example));
      assert.ok(validate?.(example), JSON.stringify(validate?.errors));
    });
  }

  it('takes an example of every type', () => {
    for (const [type, schema] of Object.entries(CATALOGUE))
      assert.ok(byType.get(type)?.(synthetic(schema)), type);
  });

  it('accepts and refuses the same messages as the codec', () => {
    const seen = { accepted: 0, refused: 0 };
    for (const bytes of mutations(1).take(20_000)) {
      const value = readJson(bytes);
      const validate = value instanceof Refusal ? undefined : byType.get(typeOf(value));
      if (validate === undefined) continue;
      const decoded = decodeAny(bytes);
      const ours = !(decoded instanceof Refusal);
      // No JSON Schema knows the calendar: 30 February is left to the reader.
      if (!ours && decoded.details.includes('a date of the calendar')) continue;
      assert.equal(
        validate(value),
        ours,
        `${Buffer.from(bytes).toString()}\n${ours ? 'accepted' : decoded.details}`,
      );
      seen[ours ? 'accepted' : 'refused']++;
    }
    assert.ok(seen.accepted > 300 && seen.refused > 300, JSON.stringify(seen));
  });

  it('accepts and refuses the same messages about titles as their codec', () => {
    const seen = { accepted: 0, refused: 0 };
    const nothing = { asked: [], held: new Map<string, never>(), offer: () => undefined };
    for (const bytes of titleMessages(1, nothing).take(10_000)) {
      const value = readJson(bytes);
      const type = typeOf(value);
      const validate = value instanceof Refusal ? undefined : byType.get(type);
      if (validate === undefined || !Object.hasOwn(TITLE_SCHEMATA, type)) continue;
      const decoded = type.startsWith('request ')
        ? readTitleRequestJson(bytes)
        : readTitleResponseJson(bytes);
      const ours = !(decoded instanceof Refusal);
      // A JSON Schema counts characters: bytes are left to the reader.
      if (!ours && decoded.details.includes('a text of at most')) continue;
      assert.equal(validate(value), ours, Buffer.from(bytes).toString());
      seen[ours ? 'accepted' : 'refused']++;
    }
    assert.ok(seen.accepted > 300 && seen.refused > 300, JSON.stringify(seen));
  });
});
