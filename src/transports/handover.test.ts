/** Coins as text are read again whatever a mail program did to them, and nothing that anybody pastes brings a reader down. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { LIMITS } from '../base/limits.ts';
import { Refusal } from '../base/refusal.ts';
import type { CoinStack } from '../protocol/documents.ts';
import { joinParts, qrParts } from './handover-parts.ts';
import { readHandover, writeHandover } from './handover.ts';

const spec = new URL('../../spec/', import.meta.url);
const json = readFileSync(new URL('vectors/opencoin-draft/coinstack.json', spec), 'utf8');
const STACK = JSON.parse(json) as CoinStack;
const HARD: CoinStack = { ...STACK, subject: 'für "Ada" {}\\ > | specie1. \u{1f4b6}\n\u2028' };
const WORD = writeHandover(STACK);

/** A word as mail programs wrap it. */
const wrapped = (text: string, width: number, before: string, after = '\r\n') =>
  text.replace(new RegExp(`.{1,${width}}`, 'g'), `${before}$&${after}`);

const refusalOf = (text: string): string => {
  const refusal = readHandover(text);
  assert.ok(refusal instanceof Refusal, 'it was read');
  return refusal.name;
};

describe('coins as text', () => {
  it('are one word that survives any messenger, and the same stack again', () => {
    for (const stack of [STACK, HARD]) {
      assert.match(writeHandover(stack), /^specie1\.[\w-]+$/);
      assert.deepEqual(readHandover(writeHandover(stack)), stack);
    }
    assert.equal(writeHandover({ type: 'coinstack', subject: STACK.subject, coins: STACK.coins }), WORD);
  });

  const HARM: Readonly<Record<string, (text: string) => string>> = {
    'with words around it': (text) => `Hello Bo,\n\nhere it is: ${text}. Yours, Ada`,
    'with letters right behind it': (text) => `${text}Yours_Ada-0123456789`,
    'with a line of prose behind it': (text) => `${text}\nThanks and see you\n-- \nAda`,
    wrapped: (text) => wrapped(text, 60, '', '\n'),
    'quoted in a mail': (text) => `Bo wrote:\r\n${wrapped(text, 72, '> ')}\r\nThank you!`,
    'quoted twice': (text) => wrapped(text, 71, '> > '),
    'quoted with bars': (text) => wrapped(text, 71, '| '),
    'in quoted-printable lines': (text) => wrapped(text, 70, '', '=\r\n'),
    'in HTML': (text) => `<p>${text}</p>`,
    'behind a word that only looks so': (text) => `specie1.AAAA or specie1. or {"type":"coinstack"}: ${text}`,
  };
  for (const [name, harm] of Object.entries(HARM))
    it(`are read ${name}`, () => {
      for (const stack of [STACK, HARD]) assert.deepEqual(readHandover(harm(writeHandover(stack))), stack);
    });

  it('are read as the JSON of a file too, alone, within words, quoted', () => {
    const pretty = JSON.stringify(HARD, undefined, 2);
    for (const text of [
      json,
      `\ufeff${JSON.stringify(STACK)}\n`,
      `Here {as promised}: ${JSON.stringify(STACK)} {Ada}`,
      `:-{ ${JSON.stringify(STACK)}`,
      wrapped(JSON.stringify(STACK, undefined, 2), 500, '> ', ''),
    ])
      assert.deepEqual(readHandover(text), STACK);
    assert.deepEqual(readHandover(pretty), HARD);
  });

  it('are refused when they are cut off, damaged, of something else, or none', () => {
    const word = (value: unknown) =>
      `specie1.${deflateRawSync(Buffer.from(JSON.stringify(value))).toString('base64url')}`;
    for (const text of [
      '',
      'specie1.',
      'hello',
      '{',
      '{"type":"coinstack"}',
      WORD.slice(0, -3),
      `specie1.${WORD.slice(12)}`,
      word({ ...STACK, coins: 'none' }),
      word({ ...STACK, more: 1 }),
      word(STACK.coins[0]),
      word([STACK]),
      `specie1.${deflateRawSync(Buffer.of(0x7b, 0xff, 0x7d)).toString('base64url')}`,
    ])
      assert.equal(refusalOf(text), 'malformed', text.slice(0, 40));
  });

  it('never fill the memory, however small they look', () => {
    const bomb = deflateRawSync(Buffer.alloc(64 * LIMITS.messageBytes, ' ')).toString('base64url');
    assert.ok(bomb.length < 100_000);
    const refusal = readHandover(`specie1.${bomb}`);
    // In its own words: whoever reads JSON would refuse it too, but only once it is in the memory.
    assert.ok(refusal instanceof Refusal && refusal.details.startsWith('these coins are more than'));
    assert.equal(refusalOf('x'.repeat(2 * LIMITS.messageBytes + 1)), 'too large');
  });

  it('never throw a reader, whatever the text', () => {
    const pieces = ['specie1.', WORD, JSON.stringify(STACK), '{', '}', '"', '\\', '> ', '\n', '=', '\ud800'];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary' }), fc.base64String()))
      .map((parts) => parts.join(''));
    const cut = fc.tuple(text, fc.nat(), fc.nat()).map(([all, from, to]) => {
      const length = all.length + 1;
      return all.slice(from % length, to % length);
    });
    fc.assert(
      fc.property(fc.oneof(text, cut), (each) => {
        const stack = readHandover(each);
        assert.ok(stack instanceof Refusal || Array.isArray(stack.coins));
      }),
      { numRuns: 300 },
    );
    for (const each of ['{', '"', '{"', '\\', '{"\\', '> ', 'specie1.', '{}', '{"a":'])
      readHandover(each.repeat(Math.floor((2 * LIMITS.messageBytes) / each.length)));
  });
});

describe('parts for QR codes', () => {
  it('come together in any order, some twice', () => {
    for (const most of [40, 100, 900, WORD.length - 1]) {
      const parts = qrParts(WORD, most);
      assert.ok(parts.length > 1);
      for (const part of parts) assert.ok(part.length <= most);
      assert.equal(joinParts([...parts, ...parts].reverse()), WORD);
    }
    assert.deepEqual(qrParts(WORD, WORD.length), [WORD]);
    assert.equal(joinParts([WORD]), WORD);
    assert.throws(() => qrParts('x'.repeat(2_000), 21));
    assert.throws(() => qrParts('x'.repeat(20_000), 40));
  });

  it('of two texts are never mixed, and none is left out', () => {
    const parts = qrParts(WORD, 300);
    const others = qrParts(writeHandover(HARD), 300);
    const wrong = [
      [],
      parts.slice(1),
      parts.slice(0, -1),
      [parts[0]!, ...others.slice(1)],
      [...parts, others[0]!],
      [...parts, 'SP1:9/4:00000000:x'],
      [...parts, 'hello'],
      [...parts.slice(0, -1), parts.at(-1)!.slice(0, -1)],
      [parts[0]!.replace('1/', '2/'), ...parts.slice(1)],
      ['SP1:1/1:00000000:specie1.AAAA'],
      ['SP1:0/1:00000000:x'],
    ];
    for (const each of wrong) {
      const joined = joinParts(each);
      assert.ok(joined instanceof Refusal || joined === '', JSON.stringify(joined));
    }
  });
});

describe('spec/bindings/handing-over.md', () => {
  const page = readFileSync(new URL('bindings/handing-over.md', spec), 'utf8');
  const blocks = [...page.matchAll(/^```text\n(.*?)\n```$/gms)].map(([, text = '']) => text);

  it('prints the published stack as text, and that text in parts', () => {
    const word = blocks.find((each) => each.startsWith('specie1.')) ?? '';
    assert.deepEqual(readHandover(word), STACK);
    assert.deepEqual(readHandover(page), STACK, 'whatever surrounds it');
    const parts = blocks.find((each) => each.startsWith('SP1:1/2')) ?? '';
    assert.equal(joinParts(parts.split('\n')), word);
  });
});
