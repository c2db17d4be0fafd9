import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { canonicalBytes } from '../src/base/canonical.ts';
import { utf8 } from '../src/base/bytes.ts';
import { LIMITS } from '../src/base/limits.ts';
import { REFUSALS, Refusal } from '../src/base/refusal.ts';
import { DOCUMENTS, REQUESTS, RESPONSES } from '../src/protocol/catalogue.ts';
import { decodeAny } from '../src/protocol/codec.ts';
import type { RequestFund } from '../src/protocol/messages/fund.ts';
import { verifyEd25519 } from '../src/signers/ed25519.ts';

const spec = new URL('../spec/', import.meta.url);
const text = readFileSync(new URL('protocol.md', spec), 'utf8');

/** The text under a heading, to the next of any level; empty where there is no such heading. */
function section(heading: string): string {
  const after = `\n${text}`.split(`\n${heading}\n`)[1] ?? '';
  return after.split(/^#+ /m)[0] ?? '';
}

/** The rows of the section's one table, without its head, as cells. */
function rows(heading: string): string[][] {
  const lines = section(heading).match(/^\|.*\|$/gm) ?? [];
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** What a cell names in code. */
function named(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

interface ObjectSchema {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

const examples = [...text.matchAll(/^```json\n(.*?)\n```$/gms)].map(([, json = '']) => json);

describe('spec/protocol.md', () => {
  for (const [type, schema] of Object.entries({ ...DOCUMENTS, ...REQUESTS, ...RESPONSES })) {
    it(`describes every field of ${type}, and no other`, () => {
      const { properties, required = [] } = schema as unknown as ObjectSchema;
      const table = rows(`### \`${type}\``);
      const fields = table.flatMap(([field]) => named(field));
      assert.deepEqual(fields.toSorted(), Object.keys(properties).toSorted());
      for (const [field, kind = ''] of table)
        for (const name of named(field))
          assert.equal(/\boptional\b/.test(kind), !required.includes(name), name);
      const ownType = table.find(([field]) => field === '`type`');
      assert.equal(ownType?.[1], `\`"${type}"\``);
    });
  }

  it('has the table of refusals', () => {
    const written = rows('## Refusals').map(([name, code, sentence]) => [name, Number(code), sentence]);
    assert.deepEqual(
      written,
      Object.entries(REFUSALS).map(([name, { code, next }]) => [name, code, next]),
    );
  });

  it('has the table of limits', () => {
    const written = rows('## Limits').map(([name, value]) => [named(name)[0], Number(value)]);
    assert.deepEqual(Object.fromEntries(written), LIMITS);
  });

  it('has examples that can be read', () => {
    assert.ok(examples.length > 20);
    for (const example of examples) {
      const read = decodeAny(utf8(example));
      if (read instanceof Refusal) assert.fail(`${read.details}\n${example}`);
    }
  });

  it('prints the published examples to the letter', () => {
    const printed = [...text.matchAll(/\]\((vectors\/[^)]+)\)[^#]*?```json\n(.*?)\n```/gs)];
    assert.ok(printed.length > 12);
    for (const [, path = '', json] of printed)
      assert.equal(json, readFileSync(new URL(path, spec), 'utf8').trimEnd(), path);
  });

  it('signs the example of a funding', () => {
    const example = examples.find((each) => each.includes('"request fund"')) ?? '{}';
    const { funding, signature } = JSON.parse(example) as RequestFund;
    assert.ok(verifyEd25519(funding.cashier, canonicalBytes(funding), signature));
  });
});

describe('spec/', () => {
  it('links and names only files that there are', () => {
    const pages = ['README.md', 'protocol.md', 'divergences.md', 'wallet-derivation.md', 'bindings/http.md'];
    for (const page of pages) {
      const written = readFileSync(new URL(page, spec), 'utf8');
      for (const [, path = ''] of written.matchAll(/\]\(([\w./-]+)\)/g))
        assert.ok(existsSync(new URL(path, new URL(page, spec))), `${page}: ${path}`);
      for (const [, path = ''] of written.matchAll(/`((?:vectors|suites|bindings|schemata)\/[\w./-]*)`/g))
        assert.ok(existsSync(new URL(path, spec)), `${page}: ${path}`);
    }
  });
});
