import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { utf8 } from './bytes.ts';
import { readJson } from './json.ts';
import { LIMITS } from './limits.ts';
import { Refusal } from './refusal.ts';

function refused(text: string | Uint8Array, details: RegExp, name = 'malformed'): void {
  const read = readJson(typeof text === 'string' ? utf8(text) : text);
  assert.ok(read instanceof Refusal, `read: ${String(text).slice(0, 100)}`);
  assert.equal(read.name, name);
  assert.match(read.details, details);
  assert.ok(read.details.length <= 200, 'details stay short');
}

describe('the strict JSON reader', () => {
  it('reads what JSON.parse reads, where all numbers are safe integers', () => {
    const json = fc
      .json({ noUnicodeString: false, maxDepth: 5 })
      .filter((text) => !/[\d.]e|\d\.|-0|\d{16}|"":/i.test(text));
    fc.assert(
      fc.property(json, (text) => {
        const read = readJson(utf8(text));
        if (read instanceof Refusal) assert.match(read.details, /deeper|surrogate/);
        else assert.deepEqual(read, JSON.parse(text));
      }),
    );
  });

  it('reads every kind of value and any white space', () => {
    const text =
      ' \t\r\n{ "a" : [ null , true , false , 0 , -1 , 9007199254740991 , "\\u00e9\\"\\\\ 1.5 e1 :,{[ 😀" ] } ';
    assert.deepEqual(readJson(utf8(text)), {
      a: [null, true, false, 0, -1, 9007199254740991, 'é"\\ 1.5 e1 :,{[ 😀'],
    });
  });

  it('refuses what is not JSON', () => {
    for (const text of [
      '',
      ' ',
      '{',
      '}',
      '"',
      '"\\"',
      '{"a":1,}',
      '[1 2]',
      "{'a':1}",
      '01',
      '+1',
      'NaN',
      '1 1',
      'tru',
      '"\n"',
      '"\\x"',
      '// a',
      '][',
    ]) {
      refused(text, /^message: not JSON$/);
    }
  });

  it('refuses bytes that are not UTF-8, and a byte order mark', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0x80, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0x22, 0xe2, 0x82],
    ]) {
      refused(Uint8Array.from(bytes), /^message: not UTF-8$/);
    }
    refused('\ufeff{}', /^message: not JSON$/);
  });

  it('refuses what is too large', () => {
    const full = `"${'a'.repeat(LIMITS.messageBytes - 2)}"`;
    assert.equal(typeof readJson(utf8(full)), 'string');
    refused(full + ' ', /1048577 bytes/, 'too large');
    const values = Array.from({ length: LIMITS.jsonValues + 1 }, () => 1).join();
    assert.ok(Array.isArray(readJson(utf8(`[${values}]`))));
    refused(`[${values},1]`, /more values/, 'too large');
  });

  it('refuses what is nested too deep, quickly and without running out of stack', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    assert.ok(Array.isArray(readJson(utf8(nested(LIMITS.jsonDepth)))));
    refused(nested(LIMITS.jsonDepth + 1), new RegExp(`^message: nested deeper than ${LIMITS.jsonDepth}$`));
    refused('['.repeat(1_000_000), /nested deeper/);
    refused('{"a":'.repeat(200_000), /nested deeper/);
    refused(']'.repeat(500_000) + '['.repeat(500_000), /not JSON/);
    refused(nested(LIMITS.jsonDepth) + '['.repeat(100_000), /not JSON|deeper/);
    assert.equal(readJson(utf8(`"${'['.repeat(100_000)}"`)), '['.repeat(100_000));
  });

  it('refuses a field that stands twice, however it is spelt', () => {
    for (const text of [
      ...[
        '{"a":1,"a":1}',
        '{"a":1,"\\u0061":2}',
        '{"b":{"a":1,"a":2}}',
        '[{"a":[],"b":0,"a":{}}]',
        '{"":1,"":2}',
      ],
      ...['{"__proto__":1,"__proto__":2}', '{"a":{"x":1,"y":2},"a":{"z":3,"w":4}}', '{"1":1,"1":2}'],
    ]) {
      refused(text, /twice/);
    }
    assert.deepEqual(readJson(utf8('[{"a":1},{"a":1,"b":{"a":":"}}]')), [{ a: 1 }, { a: 1, b: { a: ':' } }]);
  });

  it('refuses numbers that are no integers in their one spelling', () => {
    for (const text of [
      '1.0',
      '1.5',
      '1e2',
      '1E2',
      '1e+2',
      '10e-1',
      '-0',
      '-0.0',
      '0e0',
      '[1,-0]',
      '{"a":1.0}',
    ]) {
      refused(text, /one spelling, at character \d+$/);
    }
  });

  it('refuses integers beyond 2^53 - 1 and names the field', () => {
    refused('9007199254740992', /^message: an integer beyond/);
    refused('{"a":{"b":[1,9007199254740992]}}', /^message\.a\.b\[1\]: an integer beyond/);
    refused('{"a":-9007199254740992}', /^message\.a: /);
    refused(`{"a":${'9'.repeat(400)}}`, /^message\.a: /);
    refused(`{"${'k'.repeat(100_000)}":9007199254740992}`, /^message\.k{80}: an integer/);
    refused('{"\\u001b\\n\\u202e":9007199254740992}', /^message\.\?\?\?: an integer/);
  });

  it('refuses half of a surrogate pair: stores and other readers would replace it', () => {
    refused('{"a":"\\ud800"}', /^message\.a: half of a surrogate pair$/);
    refused('["\\udc00\\ud800"]', /^message\[0\]: half/);
    refused('{"a":{"\\udfff":1}}', /^message\.a\.\?: half/);
    assert.equal(readJson(utf8('"\\ud83d\\ude00"')), '😀');
  });

  it('takes __proto__ for a field like any other, and changes no prototype', () => {
    const read = readJson(utf8('{"__proto__":{"admin":1},"constructor":2}')) as Record<string, unknown>;
    assert.deepEqual(Object.keys(read), ['__proto__', 'constructor']);
    assert.equal(read['admin'], undefined);
    assert.equal(({} as Record<string, unknown>)['admin'], undefined);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readJson(bytes)));
    const tokens = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ':',
      ',',
      '-',
      '0',
      '1',
      '.',
      'e',
      'true',
      ' ',
      'é',
    );
    fc.assert(
      fc.property(fc.array(tokens, { maxLength: 30 }), (parts) => void readJson(utf8(parts.join('')))),
    );
  });
});
