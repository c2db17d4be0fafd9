import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { publishedExamples } from '../../test/fuzz/mutations.ts';
import { accepted } from '../base/accepted.test-helper.ts';
import { utf8 } from '../base/bytes.ts';
import { canonical } from '../base/canonical.ts';
import type { Canonical } from '../base/canonical.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal } from '../base/refusal.ts';
import { DOCUMENTS, REQUESTS, RESPONSES } from './catalogue.ts';
import { decodeAny, decodeDocument, decodeRequest, decodeResponse, encode, referenceOf } from './codec.ts';
import { singleFieldMutations } from './single-field.test-helper.ts';
import { CATALOGUE, synthetic } from './synthetic.test-helper.ts';
import type { Json } from './synthetic.test-helper.ts';

function malformed(read: unknown): string {
  assert.ok(read instanceof Refusal, `read: ${JSON.stringify(read)}`);
  assert.equal(read.name, 'malformed');
  return read.details;
}

describe('the published examples', () => {
  const examples = publishedExamples();

  it('are all there', () => {
    assert.equal(examples.size, 29);
  });

  for (const [name, bytes] of examples) {
    it(`${name} is read, and written again in the same canonical form`, () => {
      const read = accepted(decodeAny(bytes));
      const original = JSON.parse(new TextDecoder().decode(bytes)) as Canonical;
      assert.equal(canonical(read as Canonical), canonical(original));
      const again = decodeAny(encode(read as Parameters<typeof encode>[0]));
      assert.equal(canonical(again as Canonical), canonical(original));
    });
  }
});

describe('every document and message', () => {
  const kinds = [
    { types: Object.keys(DOCUMENTS), decode: decodeDocument },
    { types: Object.keys(REQUESTS), decode: decodeRequest },
    { types: Object.keys(RESPONSES), decode: decodeResponse },
  ];

  it('is read by its own reader and by no other', () => {
    for (const { types, decode } of kinds) {
      for (const type of types) {
        const bytes = utf8(JSON.stringify(synthetic(CATALOGUE[type] ?? {})));
        for (const other of kinds) {
          const read = other.decode(bytes);
          if (other.decode === decode) accepted(read);
          else assert.match(malformed(read), /^message\.type: must be one of /);
        }
        accepted(decodeAny(bytes));
      }
    }
  });

  for (const [type, schema] of Object.entries(CATALOGUE)) {
    it(`is refused with one field wrong, and the field named: ${type}`, () => {
      let count = 0;
      for (const { value, path, change } of singleFieldMutations(schema, synthetic(schema), 'message')) {
        const details = malformed(decodeAny(utf8(JSON.stringify(value))));
        assert.ok(details.startsWith(`${path}: `), `${change} ${path}, but: ${details}`);
        assert.ok(details.length <= LIMITS.shortText + 200, details);
        count++;
      }
      assert.ok(count > 10, `${count} mutations`);
    });
  }

  it('is refused with two fields of one name, or a number in another spelling', () => {
    for (const schema of Object.values(CATALOGUE)) {
      const text = JSON.stringify(synthetic(schema));
      malformed(decodeAny(utf8(text.replace('"type":', '"type":"coin","type":'))));
      const number = text.replace(/:(\d+)/, ':$1.0');
      if (number !== text) malformed(decodeAny(utf8(number)));
    }
  });

  it('may have any white space, and its fields in any order', () => {
    for (const schema of Object.values(CATALOGUE)) {
      const value = synthetic(schema) as Record<string, Json>;
      const shuffled = Object.fromEntries(Object.entries(value).reverse());
      accepted(decodeAny(utf8(JSON.stringify(shuffled, undefined, '\t'))));
    }
  });
});

describe('a message that is none', () => {
  it('is refused with what it must be', () => {
    for (const text of [
      'null',
      '1',
      '"request mint"',
      '[]',
      '{}',
      '{"type":null}',
      '{"type":["request mint"]}',
    ]) {
      assert.match(malformed(decodeRequest(utf8(text))), /^message\.type: must be a text/);
    }
    for (const type of [
      '',
      'mint',
      'Request Mint',
      'response mint',
      '__proto__',
      'constructor',
      'toString',
    ]) {
      assert.match(
        malformed(decodeRequest(utf8(JSON.stringify({ type })))),
        /^message\.type: must be one of request/,
      );
    }
  });

  it('is refused when it is too large', () => {
    const read = decodeRequest(new Uint8Array(LIMITS.messageBytes + 1));
    assert.ok(read instanceof Refusal && read.name === 'too large');
  });

  it('is refused with short details, whatever its fields are called', () => {
    const value = synthetic(CATALOGUE['request resume'] ?? {}) as Record<string, Json>;
    for (const name of [
      'k'.repeat(500_000),
      '/k'.repeat(200_000),
      '\u001b[2J\n',
      '~1~0/',
      '0',
      '',
      '__proto__',
    ]) {
      const named = JSON.parse(JSON.stringify(value).replace('{', `{${JSON.stringify(name)}:1,`)) as Json;
      const details = malformed(decodeRequest(utf8(JSON.stringify(named))));
      assert.match(details, /^message[.[][ -~]{0,90}: is not a field of this message$/);
    }
  });

  it('is refused for a key whose fields have odd names or values', () => {
    const key = (field: string) => utf8(`{"type":"rsa public key",${field}}`);
    accepted(decodeAny(key('"modulus":"ff","public_exponent":3')));
    for (const field of [
      '"__proto__":"1"',
      '"":1',
      '"Modulus":"1"',
      '"some_date":"tomorrow"',
      '"a":[]',
      '"a":"0F"',
      '"a":0',
    ]) {
      assert.match(malformed(decodeAny(key(field))), /^message/);
    }
    // Which fields a key has is for its suite to say.
    accepted(decodeAny(key('"some_date":"1"')));
    malformed(decodeAny(key(Array.from({ length: 8 }, (_, at) => `"a${at}":"1"`).join())));
  });
});

describe('the reference of a message', () => {
  it('is found even where the message is refused, else it is 0', () => {
    assert.equal(referenceOf(utf8('{"message_reference":7,"nonsense":true}')), 7);
    const none = [
      '',
      '[]',
      'null',
      '{"message_reference":-1}',
      '{"message_reference":"7"}',
      '{"message_reference":1.5}',
    ];
    for (const text of [...none, '{"message_reference":1e3}', '{}'])
      assert.equal(referenceOf(utf8(text)), 0, text);
  });
});

describe('reading a renewal', () => {
  it('costs the mint little, and a hostile message no more than an honest one of its size', () => {
    const renewal = publishedExamples().get('request_renew.json') ?? new Uint8Array();
    const many = '1,'.repeat(500_000) + '1';
    const hostile = utf8(`{"type":"request mint","blinds":[${many}]}`);
    for (let warm = 0; warm < 2_000; warm++) decodeRequest(renewal);
    // Generous, for a machine that does other things as well: it is the order of magnitude that matters.
    assert.ok(fastest(() => decodeRequest(renewal)) < 1, 'a renewal');
    assert.ok(fastest(() => decodeRequest(hostile)) < 100, 'a hostile message of a megabyte');
  });
});

function fastest(run: () => unknown): number {
  const times = Array.from({ length: 20 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return Math.min(...times);
}
