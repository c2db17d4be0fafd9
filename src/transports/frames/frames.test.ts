import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Refusal } from '../../base/refusal.ts';
import { CONTEXT_BYTES, FrameReader, frameHead, HEAD_BYTES, writeFrame } from './frames.ts';
import type { Frame } from './frames.ts';
import { bytesOf, frame, MESSAGE_BYTES } from './frames.test-helper.ts';

const anyId = fc.integer({ min: 0, max: 0xffff_ffff });
const anyBytes = fc.uint8Array({ maxLength: 300 });
const anyContext = fc
  .oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.constantFrom('\uFEFFmark', 'é'.repeat(1_024)))
  .filter((context) => Buffer.byteLength(context) <= CONTEXT_BYTES && context.isWellFormed());
const noBytes = fc.constant(new Uint8Array(0));
const of = (
  kind: Frame['kind'],
  context: fc.Arbitrary<string>,
  bytes: fc.Arbitrary<Uint8Array>,
): fc.Arbitrary<Frame> =>
  fc.record({ kind: fc.constant(kind), id: anyId, context, bytes }, { noNullPrototype: true });
const anyFrame = fc.oneof(
  of('request', anyContext, anyBytes),
  of('answer', fc.constant(''), anyBytes),
  of(
    'carry',
    anyContext.filter((context) => context !== ''),
    anyBytes,
  ),
  of('carried', fc.constant(''), anyBytes),
  of('carried', fc.constant('unreachable'), noBytes),
  of('hello', fc.constantFrom('', 'carries'), noBytes),
);

/** All frames in chunks, and what ended them. */
function read(chunks: readonly Uint8Array[], messageBytes = MESSAGE_BYTES): (Frame | Refusal)[] {
  const reader = new FrameReader(messageBytes);
  const found: (Frame | Refusal)[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let next = reader.next(); next !== undefined; next = reader.next()) {
      found.push(next);
      if (next instanceof Refusal) return found;
    }
  }
  return found;
}

function cut(whole: Uint8Array, at: readonly number[]): Uint8Array[] {
  const places = [...at.map((each) => each % (whole.length + 1)), 0, whole.length].sort((a, b) => a - b);
  return places.slice(1).map((end, index) => whole.slice(places[index], end));
}

const plain = (each: Frame | Refusal | undefined) =>
  each === undefined || each instanceof Refusal ? each : { ...each, bytes: Uint8Array.from(each.bytes) };

describe('frames', () => {
  it('come out as they went in, however they are cut', () => {
    fc.assert(
      fc.property(
        fc.array(anyFrame, { maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (frames, at) => {
          const whole = Buffer.concat(frames.map(writeFrame));
          assert.deepEqual(read(cut(whole, at)).map(plain), frames);
          assert.deepEqual(read([...whole].map((byte) => Uint8Array.of(byte))).map(plain), frames);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('that a reader refuses are refused the same way however they are cut', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(), { maxLength: 8 }), (whole, at) => {
        // A small length, so that chance gets past it.
        const framed = Uint8Array.from([0, 0, 0, ...whole]);
        assert.deepEqual(read(cut(framed, at)).map(plain), read([framed]).map(plain));
      }),
      { numRuns: 500 },
    );
  });

  const good = writeFrame(frame('request', 7, 'ab', bytesOf('cd')));
  const changed = (at: number, ...values: readonly number[]): Uint8Array => {
    const bytes = Uint8Array.from(good);
    bytes.set(values, at);
    return bytes;
  };
  const refused: Record<string, Uint8Array> = {
    'a length that holds no head': changed(0, 0, 0, 0, 6),
    'a length over what may be': changed(0, 0xff, 0xff, 0xff, 0xff),
    'kind 0': changed(4, 0),
    'kind 6': changed(4, 6),
    'a context longer than its frame': changed(9, 0, 5),
    'a context longer than may be': changed(0, 0, 0, 0x20, 0, 1, 0, 0, 0, 7, 0x08, 0x01),
    'a context that is no UTF-8': changed(11, 0xff),
    'a context cut within a letter': changed(12, 0xc3),
    'an answer with a context': changed(4, 2),
    'carried with another context': changed(4, 4),
    'a hello with another context': changed(4, 5),
    'carry without a URL': Uint8Array.of(0, 0, 0, 7, 3, 0, 0, 0, 0, 0, 0),
  };
  for (const [what, bytes] of Object.entries(refused)) {
    it(`refuse ${what}, and everything after it`, () => {
      const reader = new FrameReader(MESSAGE_BYTES);
      reader.push(bytes);
      const fault = reader.next();
      assert.ok(fault instanceof Refusal);
      reader.push(good);
      assert.equal(reader.next(), fault);
    });
  }

  it('refuse too large a message from its head alone, before any of it has come', () => {
    const head = frameHead(frame('request', 1, 'x'.repeat(100), new Uint8Array(1_001)));
    const [fault] = read([head.subarray(0, HEAD_BYTES)], 1_000);
    assert.ok(fault instanceof Refusal);
    assert.equal(fault.name, 'too large');
    const most = frame('request', 1, 'x'.repeat(100), new Uint8Array(1_000));
    assert.deepEqual(read([writeFrame(most)], 1_000).map(plain), [most]);
  });

  it('cannot be written if they could not be read', () => {
    const never: readonly Frame[] = [
      frame('request', -1),
      frame('request', 2 ** 32),
      frame('request', 1, 'x'.repeat(CONTEXT_BYTES + 1)),
      frame('request', 1, '\ud800'),
      frame('answer', 1, 'x'),
      frame('carry', 1, ''),
      frame('carried', 1, 'unreachable', bytesOf('x')),
      frame('hello', 1, 'carry'),
    ];
    for (const each of never) assert.throws(() => writeFrame(each), RangeError);
  });

  it('are views of the chunk they came in', () => {
    const chunk = writeFrame(frame('request', 1, '', new Uint8Array(500)));
    const [found] = read([chunk]);
    assert.ok(found !== undefined && !(found instanceof Refusal));
    assert.equal(found.bytes.buffer, chunk.buffer);
  });

  it('of the largest message, byte by byte, cost time by the byte and not by its square', () => {
    const time = (length: number): number => {
      const whole = writeFrame(frame('request', 1, '', new Uint8Array(length)));
      const reader = new FrameReader(MESSAGE_BYTES);
      const begin = process.hrtime.bigint();
      let found = 0;
      for (let at = 0; at < whole.length; at++) {
        reader.push(whole.subarray(at, at + 1));
        if (reader.next() !== undefined) found++;
      }
      assert.equal(found, 1);
      return Number(process.hrtime.bigint() - begin);
    };
    time(50_000);
    const [short, long] = [time(50_000), time(800_000)];
    assert.ok(long < short * 16 * 6, `16 times the bytes took ${long / short} times as long`);
  });

  it('that are announced and do not come take no memory', () => {
    const before = process.memoryUsage().arrayBuffers;
    const begun = Buffer.from(
      writeFrame(frame('request', 1, '', new Uint8Array(MESSAGE_BYTES))).subarray(0, 20),
    );
    const readers = Array.from({ length: 200 }, () => {
      const reader = new FrameReader(MESSAGE_BYTES);
      reader.push(begun);
      assert.equal(reader.next(), undefined);
      return reader;
    });
    assert.ok(readers.every(({ midway }) => midway));
    assert.ok(process.memoryUsage().arrayBuffers - before < 20 * MESSAGE_BYTES);
  });

  it('are the ones that the specification shows', () => {
    const page = readFileSync(new URL('../../../spec/bindings/frames.md', import.meta.url), 'utf8');
    const hex = (each: Frame) => Buffer.from(writeFrame(each)).toString('hex').replace(/../g, '$& ').trim();
    const currency = '9d7be3ce7a3e5b9b5d7e6a0b1f5b2c5a1e0d4c3b2a190807f6e5d4c3b2a19080';
    const shown = [...page.matchAll(/```hex\n([^`]*)```/g)].map(([, block = '']) =>
      block.replace(/\s+/g, ' ').trim(),
    );
    assert.deepEqual(shown, [
      hex(frame('hello', 0, 'carries')),
      hex(frame('request', 1, currency, bytesOf('{"type":"request cddc"}'))),
      hex(frame('answer', 1, '', bytesOf('{}'))),
      hex(frame('carried', 5, 'unreachable')),
    ]);
  });
});
