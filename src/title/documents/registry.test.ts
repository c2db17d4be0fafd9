import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Refusal } from '../../base/refusal.ts';
import type { RefusalName } from '../../base/refusal.ts';
import { certificateOf, ISSUER, SERVER, somebody, verify } from '../server/world.test-helper.ts';
import type { TitleClassCertificate, TitleRange } from './documents.ts';
import { TITLE_LIMITS } from './limits.ts';
import { Registry } from './registry.ts';
import type { KnownClass } from './registry.ts';

const holder = somebody('a holder').publicKey;

function range(denomination: number, count: number, whose = holder): TitleRange {
  return { denomination, count, holder: whose };
}

function certificate(...given: Parameters<typeof certificateOf>): TitleClassCertificate {
  return certificateOf(...given).certificate;
}

function take(registry: Registry, ...given: Parameters<typeof certificateOf>): KnownClass {
  const known = registry.judge(certificate(...given));
  if (known instanceof Refusal) throw new Error(known.toString());
  registry.keep(known);
  return known;
}

function open(most?: number): Registry {
  return new Registry(SERVER.publicKey, verify, most);
}

describe('the registry of classes', () => {
  it('gives each range the cells behind those of all that came before, and serials behind those of its class', () => {
    const registry = open();
    take(registry, [range(1, 10)], { name: 'A' });
    take(registry, [range(2, 5)], { name: 'B' });
    const known = take(registry, [range(1, 10), range(10, 3)], { name: 'A', version: 2 });
    assert.deepEqual(
      known.ranges.map(({ first, cell }) => [first, cell]),
      [
        [1, 0],
        [11, 15],
      ],
    );
    assert.equal(registry.titles, 18);
    assert.equal(registry.place(known, 10)?.cell, 9);
    assert.equal(registry.place(known, 11)?.cell, 15);
    assert.equal(registry.place(known, 13)?.range.denomination, 10);
    for (const serial of [0, 14, -1, 1.5e9]) assert.equal(registry.place(known, serial), undefined);
  });

  it('finds a class by its id, and knows its last version', () => {
    const registry = open();
    take(registry, [range(1, 1)], { name: 'B' });
    const first = take(registry, [], { name: 'A' });
    const second = take(registry, [range(1, 1)], { name: 'A', version: 2 });
    assert.equal(registry.find(first.idBytes), second);
    assert.equal(registry.get(first.id), second);
    const other = first.idBytes.slice();
    other[31]! ^= 1;
    assert.equal(registry.find(other), undefined);
    assert.equal(registry.classes.length, 2);
  });

  it('knows the same version again, as it is', () => {
    const registry = open();
    const known = take(registry, [range(1, 1)]);
    assert.equal(registry.judge(certificate([range(1, 1)])), known);
    assert.equal(registry.titles, 1);
  });

  const forged = certificate([range(1, 2)]);
  const elsewhere = certificate([range(1, 2)]);
  const refused: readonly (readonly [string, TitleClassCertificate, RefusalName])[] = [
    ['what the issuer has not signed', { ...forged, signature: new Uint8Array(64) }, 'bad signature'],
    [
      'terms that the issuer has not signed',
      {
        ...forged,
        title_class: {
          ...forged.title_class,
          terms: { ...forged.title_class.terms, issuer: somebody('x').publicKey },
        },
      },
      'bad signature',
    ],
    [
      'another server’s class',
      {
        ...elsewhere,
        title_class: { ...elsewhere.title_class, terms: { ...elsewhere.title_class.terms, server: holder } },
      },
      'unknown',
    ],
    [
      'a version that begins beyond 1',
      certificate([range(1, 2)], { name: 'N', version: 2 }),
      'outdated proof',
    ],
    [
      'a version that was left out',
      certificate([range(1, 9), range(1, 1)], { version: 3 }),
      'outdated proof',
    ],
    ['an old version that says something else', certificate([range(1, 8)]), 'outdated proof'],
    ['a range taken away', certificate([], { version: 2 }), 'not possible'],
    ['a range made longer', certificate([range(1, 10), range(1, 1)], { version: 2 }), 'not possible'],
    ['a range that is worth more', certificate([range(2, 9), range(1, 1)], { version: 2 }), 'not possible'],
    [
      'a range that somebody else holds',
      certificate([range(1, 9, ISSUER.publicKey), range(1, 1)], { version: 2 }),
      'not possible',
    ],
    ['a new version of nothing new', certificate([range(1, 9)], { version: 2 }), 'not possible'],
    [
      'a denomination that the class has not',
      certificate([range(1, 9), range(3, 1)], { version: 2 }),
      'not possible',
    ],
    [
      'a range that is the pool’s from the beginning',
      certificate([range(1, 9), range(1, 1, SERVER.publicKey)], { version: 2 }),
      'not possible',
    ],
    [
      'more titles than the server counts',
      certificate([range(1, 9), range(1, 12)], { version: 2 }),
      'too large',
    ],
  ];
  for (const [what, given, name] of refused)
    it(`refuses ${what}, and is as it was`, () => {
      const registry = open(20);
      const known = take(registry, [range(1, 9)]);
      const verdict = registry.judge(given);
      assert.ok(verdict instanceof Refusal);
      assert.equal(verdict.name, name, verdict.details);
      assert.equal(registry.get(known.id), known);
      assert.equal(registry.titles, 9);
    });

  it('takes a range that comes up to what the server counts', () => {
    const registry = open(20);
    take(registry, [range(1, 9)]);
    take(registry, [range(1, 9), range(1, 11)], { version: 2 });
    assert.equal(registry.titles, 20);
  });

  it('takes no more classes than it has memory for', () => {
    const registry = open();
    for (let at = 0; at < TITLE_LIMITS.classes; at++) take(registry, [], { name: `class ${at}` });
    const verdict = registry.judge(certificate([], { name: 'one more' }));
    assert.ok(verdict instanceof Refusal && verdict.name === 'too large');
    take(registry, [range(1, 1)], { name: 'class 7', version: 2 });
  });
});
