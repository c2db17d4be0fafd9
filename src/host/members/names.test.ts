import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { assertObjected } from '../members.test-helper.ts';
import { handleOf, readName } from './names.ts';
import { Objection } from '../objections.ts';

describe('names', () => {
  const good = [
    'ada',
    'Ada',
    'al',
    '007',
    'ada.lovelace',
    'ada_l-1',
    'Jürgen',
    'Ōe',
    'Иван',
    'Νίκος',
    '李雷',
  ];
  for (const name of [...good, 'हिन्दी', 'محمد', 'a'.repeat(40), '𝒜da']) {
    it(`takes ${name}`, () => assert.ok(!(readName(name) instanceof Objection)));
  }

  const bad = [
    '',
    'a',
    'a'.repeat(41),
    'ada lovelace',
    'ada@host',
    '.ada',
    'ada-',
    'a/b',
    '../x',
    'a\u0000b',
  ];
  const unseen = ['ad\u200Ba', 'ad\u00ADa', 'ad\u3164a', 'ad\uFE0Fa', 'ad\u034Fa', 'ad\u00A0a', 'ad\u202Ea'];
  const mixed = ['аda', 'раypal', 'αda', 'Ꭺda'];
  for (const name of [...bad, ...unseen, ...mixed, '💰💰', '<b>', 'a\nb']) {
    it(`does not take ${JSON.stringify(name)}`, () => assertObjected(readName(name), 'bad name'));
  }

  it('are shown without what cannot be told from something else', () => {
    assert.equal(readName('  ada '), 'ada');
    assert.equal(readName('ａｄａ'), 'ada');
    assert.equal(readName('\u212Belvin'), '\u00C5elvin');
  });

  const same = [
    ['Ada', 'ada'],
    ['ADA', 'ａｄａ'],
    ['Straße', 'STRASSE'],
    ['ΟΔΟΣ', 'οδος'],
    ['Jürgen', 'Ju\u0308rgen'],
    ['ada', ' a\u200Bda\u00A0'],
    ['İstanbul', 'i̇stanbul'],
    ['\u017Fam', 'Sam'],
  ] as const;
  for (const [left, right] of same) {
    it(`are the same: ${left} and ${right}`, () => assert.equal(handleOf(left), handleOf(right)));
  }

  it('are different where a person sees a difference', () => {
    const handles = ['ada', 'adä', 'ad', 'ada1', 'a.da', 'a-da', 'a_da', 'aıdа'].map(handleOf);
    assert.equal(new Set(handles).size, handles.length);
  });

  it('have one handle, whatever has been done to them before', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (typed) => {
        const name = readName(typed);
        if (name instanceof Objection) return;
        assert.equal(readName(name), name);
        assert.equal(handleOf(name), handleOf(typed));
        assert.equal(handleOf(handleOf(name)), handleOf(name));
        assert.ok(handleOf(name).length > 1);
      }),
      { numRuns: 3_000 },
    );
  });
});
