/** Messages about titles: both forms say the same, every value has one spelling, nothing throws. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { utf8 } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { Writer } from './bytes.ts';
import {
  ENVELOPE_BYTES,
  formBytes,
  readForm,
  readFormJson,
  readTitleRequest,
  readTitleRequestJson,
  readTitleResponse,
  readTitleResponseJson,
  titleReferenceOf,
  writeTitleJson,
  writeTitleRequest,
  writeTitleResponse,
} from './codec.ts';
import type { Enveloped } from './codec.ts';
import { Group, TitleTerms } from './documents.ts';
import type { Receipt, SignedTransfer } from './documents.ts';
import { integer, list, optional, record, text, uint32, upTo } from './form.ts';
import { TITLE_LIMITS } from './limits.ts';
import { TITLE_REQUESTS, TITLE_RESPONSES } from './messages.ts';
import type { TitleRequest, TitleResponse } from './messages.ts';
import { MESSAGES, jsonOf } from './samples.test-helper.ts';

const RUNS = { numRuns: 60 };

/** A message of a type, out of JSON as a generator made it. */
function messageOf(type: string, json: unknown): TitleRequest | TitleResponse {
  const form = MESSAGES.find((each) => each.type === type)?.form;
  return { type, ...(form?.fromJson(json) as object) } as TitleRequest | TitleResponse;
}

const isRequest = (type: string) => Object.hasOwn(TITLE_REQUESTS, type);

function written(enveloped: Enveloped<TitleRequest | TitleResponse>): Uint8Array {
  return isRequest(enveloped.message.type)
    ? writeTitleRequest(enveloped as Enveloped<TitleRequest>)
    : writeTitleResponse(enveloped as Enveloped<TitleResponse>);
}

const read = (type: string, bytes: Uint8Array) =>
  isRequest(type) ? readTitleRequest(bytes) : readTitleResponse(bytes);
const readJson = (type: string, bytes: Uint8Array) =>
  isRequest(type) ? readTitleRequestJson(bytes) : readTitleResponseJson(bytes);

function refused(answer: unknown): string {
  assert.ok(answer instanceof Refusal);
  assert.equal(answer.name, 'malformed');
  return answer.details;
}

/** The shortest message of a type, as bytes. */
function sample(type: string): Uint8Array {
  const form = MESSAGES.find((each) => each.type === type)?.form;
  assert.ok(form !== undefined);
  const [json] = fc.sample(jsonOf(form), { numRuns: 1, seed: 7 });
  return written({ reference: 77, message: messageOf(type, json) });
}

describe('messages about titles', () => {
  it('have a kind each, requests below 128', () => {
    const kinds = MESSAGES.map(({ kind }) => kind);
    assert.equal(new Set(kinds).size, kinds.length);
    assert.ok(Object.values(TITLE_REQUESTS).every(({ kind }) => kind < 128));
    assert.ok(Object.values(TITLE_RESPONSES).every(({ kind }) => kind >= 128 && kind < 256));
  });

  for (const { type, form } of MESSAGES) {
    it(`${type}: bytes and JSON say the same, and only one thing`, () => {
      fc.assert(
        fc.property(jsonOf(form), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (json, reference) => {
          const enveloped = { reference, message: messageOf(type, json) };
          const bytes = written(enveloped);
          assert.deepEqual(read(type, bytes), enveloped);
          assert.equal(titleReferenceOf(bytes), reference);
          const asJson = writeTitleJson(enveloped);
          assert.deepEqual(readJson(type, asJson), enveloped);
          const parsed = JSON.parse(Buffer.from(asJson).toString()) as object;
          assert.deepEqual(parsed, { ...(json as object), message_reference: reference, type });
        }),
        RUNS,
      );
    });

    it(`${type}: no beginning of it is one, and what is changed in it is said otherwise or refused`, () => {
      fc.assert(
        fc.property(jsonOf(form), fc.nat(), fc.integer({ min: 1, max: 255 }), (json, place, change) => {
          const bytes = written({ reference: 1, message: messageOf(type, json) });
          for (let length = 0; length < bytes.length; length += 1 + Math.floor(length / 60))
            assert.ok(read(type, bytes.subarray(0, length)) instanceof Refusal, `of ${length} bytes`);
          const other = bytes.slice();
          const at = place % bytes.length;
          other[at] = (other[at] ?? 0) ^ change;
          const again = read(type, other);
          if (again instanceof Refusal) return;
          const same = writeAgain(again, other.length);
          assert.deepEqual(same, other);
        }),
        RUNS,
      );
    });
  }

  it('of random bytes are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(255), (tail, kind) => {
        const bytes = Uint8Array.of(0x54, 0x01, kind, ...tail);
        for (const answer of [readTitleRequest(bytes), readTitleResponse(bytes)])
          if (answer instanceof Refusal) assert.equal(answer.name, 'malformed');
        for (const answer of [readTitleRequestJson(tail), readTitleResponseJson(tail)])
          assert.ok(answer instanceof Refusal);
      }),
      { numRuns: 2_000 },
    );
  });
});

function writeAgain(enveloped: Enveloped<TitleRequest | TitleResponse>, length: number): Uint8Array {
  return isRequest(enveloped.message.type)
    ? writeTitleRequest(enveloped as Enveloped<TitleRequest>, length)
    : written(enveloped);
}

describe('a message about titles that is not as it must be', () => {
  const request = sample('request title');
  const response = sample('response title server');

  it('names no message before its magic and kind are right', () => {
    for (const bytes of [new Uint8Array(), request.subarray(0, 6), Uint8Array.of(0x54, 2, 5, 0, 0, 0, 0)])
      assert.match(refused(readTitleRequest(bytes)), /^message: does not begin/);
    assert.equal(
      refused(readTitleRequest(Uint8Array.of(0x54, 1, 99, 0, 0, 0, 0))),
      'message.kind: 99 is none of this version',
    );
    assert.match(refused(readTitleRequest(response)), /^message\.kind: 129/);
    assert.match(refused(readTitleResponse(request)), /^message\.kind: 5/);
    assert.throws(() =>
      writeTitleRequest({ reference: 1, message: { type: 'response title pool', stock: [] } as never }),
    );
  });

  it('ends where it ends; a request may be padded with zeros', () => {
    const enveloped = readTitleRequest(request);
    assert.ok(!(enveloped instanceof Refusal));
    const padded = writeTitleRequest(enveloped, TITLE_LIMITS.datagramBytes);
    assert.equal(padded.length, TITLE_LIMITS.datagramBytes);
    assert.deepEqual(readTitleRequest(padded), enveloped);
    const dirty = padded.slice();
    dirty[1_199] = 1;
    assert.equal(refused(readTitleRequest(dirty)), 'message: has bytes behind its end');
    assert.equal(
      refused(readTitleResponse(Uint8Array.of(...response, 0))),
      'message: has bytes behind its end',
    );
    assert.deepEqual(writeTitleRequest(enveloped, 3), request);
  });

  it('ends too early, and the field is named', () => {
    assert.equal(
      refused(readTitleRequest(request.subarray(0, ENVELOPE_BYTES + 5))),
      'message.title_class: ends too early',
    );
    assert.equal(
      refused(readTitleRequest(request.subarray(0, ENVELOPE_BYTES + 33))),
      'message.serial: ends too early',
    );
  });

  it('has a serial of at least 1', () => {
    const bytes = request.slice();
    bytes.fill(0, ENVELOPE_BYTES + 32);
    assert.equal(refused(readTitleRequest(bytes)), 'message.serial: must be at least 1');
  });

  it('says in JSON which field is wrong', () => {
    const good = { type: 'request title', message_reference: 1, title_class: 'ab'.repeat(32), serial: 1 };
    const said = (changed: object) => refused(readTitleRequestJson(utf8(JSON.stringify(changed))));
    assert.ok(!(readTitleRequestJson(utf8(JSON.stringify(good))) instanceof Refusal));
    const faults: [object, RegExp][] = [
      [{ ...good, type: 'response title' }, /^message\.type: must be one of request title server/],
      [{ ...good, type: 'toString' }, /^message\.type/],
      [{ ...good, message_reference: -1 }, /^message\.message_reference: must be a whole number of 32 bits/],
      [{ ...good, message_reference: 2 ** 32 }, /^message\.message_reference/],
      [{ ...good, serial: 0 }, /^message\.serial: must be a whole number from 1/],
      [{ ...good, serial: '1' }, /^message\.serial/],
      [{ ...good, title_class: 'AB'.repeat(32) }, /^message\.title_class: must be a SHA-256 hash: 64 lower/],
      [{ ...good, title_class: `${'ab'.repeat(32)}\n` }, /^message\.title_class/],
      [{ ...good, more: 1 }, /^message\.more: is not a field/],
      [{ type: good.type, message_reference: 1, serial: 1 }, /^message\.title_class: is missing/],
      [[good], /^message\.type/],
    ];
    for (const [changed, expected] of faults) assert.match(said(changed), expected);
    assert.equal(refused(readTitleRequestJson(utf8('7'))), 'message: must be an object');
    const polluted = `{"__proto__":{"serial":1},${JSON.stringify(good).slice(1)}`;
    assert.match(refused(readTitleRequestJson(utf8(polluted))), /__proto__: is not a field/);
  });
});

describe('a value in bytes has one spelling', () => {
  const number = record({ number: integer() });
  const flag = record({ flag: optional(uint32()) });

  it('of whole numbers up to 2^53 - 1', () => {
    const most = Uint8Array.of(0, 0x1f, 255, 255, 255, 255, 255, 255);
    assert.deepEqual(readForm(number, most, ''), { number: Number.MAX_SAFE_INTEGER });
    assert.deepEqual(formBytes(number, { number: Number.MAX_SAFE_INTEGER }), most);
    for (const over of [Uint8Array.of(0, 0x20, 0, 0, 0, 0, 0, 0), new Uint8Array(8).fill(255)])
      assert.match(refused(readForm(number, over, '')), /^\.number: must be at most 9007199254740991/);
  });

  it('of what is there or is missing', () => {
    assert.deepEqual(readForm(flag, Uint8Array.of(0), ''), { flag: undefined });
    assert.deepEqual(readForm(flag, Uint8Array.of(1, 0, 0, 0, 9), ''), { flag: 9 });
    assert.match(
      refused(readForm(flag, Uint8Array.of(2, 0, 0, 0, 9), '')),
      /^\.flag: must begin with 0 or 1/,
    );
    assert.match(refused(readFormJson(flag, { flag: null }, 'it')), /^it\.flag/);
  });

  it('of lists no longer and no shorter than they may be', () => {
    const form = record({ items: list(uint32(1), 1, 2) });
    assert.match(refused(readForm(form, Uint8Array.of(0, 0), '')), /^\.items: must be a list of 1 to 2/);
    assert.match(refused(readForm(form, Uint8Array.of(0, 3), '')), /^\.items: must be a list of 1 to 2/);
    assert.equal(
      refused(readForm(form, Uint8Array.of(0, 2, 0, 0, 0, 1, 0, 0, 0, 0), '')),
      '.items[1]: must be at least 1',
    );
    assert.match(refused(readFormJson(form, { items: [] }, 'it')), /^it\.items: must be a list of 1 to 2/);
  });

  it('of texts in UTF-8, of so many bytes', () => {
    const form = record({ text: text(4) });
    const bytes = (...tail: number[]) => Uint8Array.of(0, tail.length, ...tail);
    assert.deepEqual(readForm(form, bytes(0xf0, 0x9f, 0x98, 0x80), ''), { text: '😀' });
    assert.deepEqual(readForm(form, bytes(0xef, 0xbb, 0xbf), ''), { text: '\ufeff' });
    for (const wrong of [[0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xff]])
      assert.equal(refused(readForm(form, bytes(...wrong), '')), '.text: must be UTF-8');
    assert.match(refused(readForm(form, bytes(1, 1, 1, 1, 1), '')), /^\.text: must have at most 4 bytes/);
    for (const wrong of ['ääa', '😀a', '\ud800']) refused(readFormJson(form, { text: wrong }, 'it'));
  });

  it('of bytes with their number before them', () => {
    const form = record({ some: upTo(2, 'some') });
    assert.deepEqual(readForm(form, Uint8Array.of(0, 0, 0, 1, 7), ''), { some: Uint8Array.of(7) });
    assert.match(
      refused(readForm(form, Uint8Array.of(255, 255, 255, 255), '')),
      /^\.some: must have at most 2 bytes/,
    );
    assert.match(refused(readForm(form, Uint8Array.of(0, 0, 0, 1, 7, 7), '')), /behind its end/);
  });

  it('and the longest document grows the buffer it is written to', () => {
    const to = new Writer();
    for (let at = 0; at < 5_000; at++) to.uint32(at);
    assert.deepEqual([...to.finish().subarray(-4)], [0, 0, 0x13, 0x87]);
    const terms = {
      server: new Uint8Array(32),
      issuer: new Uint8Array(32),
      unit: 'share',
      salt: new Uint8Array(16),
    };
    const long = { ...terms, name: 'n', entitles: 'e'.repeat(TITLE_LIMITS.entitles), denominations: [1] };
    assert.deepEqual(readForm(TitleTerms, formBytes(TitleTerms, long), ''), long);
  });
});

describe('sizes', () => {
  const key = new Uint8Array(32).fill(7);
  const condition = { hash: key, until: 1, fallback: key };

  function transferOf(titles: number, isBound: boolean): SignedTransfer {
    const to = { holder: key, condition: isBound ? condition : undefined };
    const input = {
      sequence: 1,
      holder: key,
      condition: undefined,
      seal: new Uint8Array(16),
      secret: undefined,
      to,
    };
    return {
      transfer: {
        title_class: key,
        inputs: Array.from({ length: titles }, (_, at) => ({ serial: at + 1, ...input })),
        change: [],
      },
      signatures: Array.from({ length: titles }, () => new Uint8Array(64)),
    };
  }

  function receiptOf(titles: number): Receipt {
    const title = { serial: 1, sequence: 1, seal: new Uint8Array(16) };
    const path = Array.from({ length: TITLE_LIMITS.groupPath }, () => key);
    return {
      transfer: key,
      signed_head: {
        head: { number: 1, previous: key, time: 1, size: 1, root: key },
        signature: new Uint8Array(64),
      },
      index: 0,
      titles: Array.from({ length: titles }, () => ({ ...title, path })),
    };
  }

  it('of a transfer of four titles, bound or not, and of its receipt: one datagram', () => {
    for (const isBound of [false, true]) {
      const request = writeTitleRequest({
        reference: 1,
        message: { type: 'request title transfer', ...transferOf(4, isBound) },
      });
      assert.ok(request.length <= TITLE_LIMITS.datagramBytes, `${request.length} bytes`);
    }
    const receipt = writeTitleResponse({
      reference: 1,
      message: { type: 'response title transfer', ...receiptOf(4) },
    });
    assert.ok(receipt.length <= TITLE_LIMITS.datagramBytes, `${receipt.length} bytes`);
  });

  it('of the largest receipt, page of classes and page of the log: within a message in JSON, too', () => {
    const large = new Uint8Array(64).fill(255);
    const terms = {
      server: key,
      issuer: key,
      name: '\u0001'.repeat(TITLE_LIMITS.name),
      entitles: '\u0001'.repeat(TITLE_LIMITS.entitles),
      unit: '\u0001'.repeat(TITLE_LIMITS.unit),
      denominations: Array.from({ length: TITLE_LIMITS.denominations }, () => Number.MAX_SAFE_INTEGER),
      salt: new Uint8Array(16),
    };
    const range = { denomination: Number.MAX_SAFE_INTEGER, count: 2 ** 32 - 1, holder: key };
    const ranges = Array.from({ length: TITLE_LIMITS.ranges }, () => range);
    const certificate = { title_class: { terms, version: 1, ranges }, signature: large };
    const { signed_head } = receiptOf(1);
    const group = {
      signed_head,
      title_class: undefined,
      transfers: [{ signed_transfer: transferOf(1, false), serials: [], sequences: [2] }],
    };
    const groups = Math.ceil(TITLE_LIMITS.groupsPageBytes / formBytes(Group, group).length);
    const messages: readonly TitleResponse[] = [
      { type: 'response title transfer', ...receiptOf(2 * TITLE_LIMITS.titlesPerTransfer) },
      {
        type: 'response title classes',
        certificates: Array.from({ length: TITLE_LIMITS.classesPage }, () => certificate),
      },
      { type: 'response title groups', groups: Array.from({ length: groups }, () => group) },
    ];
    for (const message of messages) {
      assert.ok(writeTitleResponse({ reference: 1, message }).length <= TITLE_LIMITS.messageBytes);
      const read = readTitleResponseJson(writeTitleJson({ reference: 1, message }));
      if (read instanceof Refusal) assert.fail(`${message.type}: ${read.details}`);
    }
  });
});
