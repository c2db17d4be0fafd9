import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonical, canonicalBytes } from './canonical.ts';
import type { Canonical } from './canonical.ts';

const file = new URL('../../spec/vectors/canonical.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as {
  vectors: { name: string; input: Canonical; canonical: string }[];
};

describe('canonical form', () => {
  for (const vector of vectors) {
    it(`is what Python writes: ${vector.name}`, () => {
      assert.equal(canonical(vector.input), vector.canonical);
      assert.equal(new TextDecoder().decode(canonicalBytes(vector.input)), vector.canonical);
    });
  }

  it('has vectors to hold to', () => {
    assert.ok(vectors.length >= 20);
  });

  it('is the same for any order of fields, and reads back as the value', () => {
    const json = fc.json({ noUnicodeString: false }).filter((text) => !/\d[.e]|\d{16}|-0/.test(text));
    fc.assert(
      fc.property(json, (text) => {
        const value = JSON.parse(text) as Canonical;
        const written = canonical(value);
        assert.match(written, /^[ -~]*$/);
        assert.deepEqual(JSON.parse(written), value);
        assert.equal(canonical(reversed(value)), written);
      }),
    );
  });

  it('leaves out fields that are undefined', () => {
    assert.equal(canonical({ a: undefined, b: 1 }), '{"b": 1}');
  });

  it('throws on what it cannot write', () => {
    for (const value of [1.5, -0, NaN, Infinity, 2 ** 53, -(2 ** 53)])
      assert.throws(() => canonical([value]));
    const nothing: unknown = undefined;
    assert.throws(() => canonical(nothing as Canonical));
  });
});

function reversed(value: Canonical): Canonical {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(
    entries.map(([key, child]) => [key, child === undefined ? undefined : reversed(child)]),
  );
}
