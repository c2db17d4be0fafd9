import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import decodeQR from 'qr/decode.js';
import { tagsOf } from './markup.test-helper.ts';
import { qr } from './qr.ts';

/** Pixels of a module, as a camera would see it. */
const SCALE = 4;

/** Draws the code as a picture and reads it again. */
async function readAgain(text: string): Promise<string> {
  const tags = tagsOf(String(await qr(text, 'a code')));
  const [, , size = '0'] = tags[0]?.attributes.get('viewbox')?.split(' ') ?? [];
  const side = Number(size) * SCALE;
  const data = new Uint8ClampedArray(side * side * 4).fill(255);
  const dark = tags.find(({ attributes }) => attributes.get('fill') === '#000000')?.attributes.get('d') ?? '';
  for (const [, x = '', y = '', length = ''] of dark.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * SCALE; row < (Number(y) + 1) * SCALE; row++) {
      for (let column = Number(x) * SCALE; column < (Number(x) + Number(length)) * SCALE; column++)
        data.fill(0, (row * side + column) * 4, (row * side + column) * 4 + 3);
    }
  }
  return decodeQR({ width: side, height: side, data });
}

describe('a code', () => {
  it('is read as what was put into it, short or long', async () => {
    for (const text of [
      'https://wallet.example/receive#hV6rW1o0cYt8s3nJkz2QmA',
      `SP1:1/3:0a1b2c3d:${'eJyNkk1v2zAMhv'.repeat(64)}`,
    ])
      assert.equal(await readAgain(text), text);
  });

  it('is dark on white with a margin, in any colour scheme, and has a name', async () => {
    const tags = tagsOf(String(await qr('text', 'a "code"')));
    const [svg] = tags;
    assert.deepEqual(
      ['role', 'aria-label'].map((key) => svg?.attributes.get(key)),
      ['img', 'a "code"'],
    );
    const strokes = new Map(
      tags.map(({ attributes }) => [attributes.get('fill'), attributes.get('d') ?? '']),
    );
    strokes.delete(undefined);
    assert.deepEqual([...strokes.keys()], ['#ffffff', '#000000']);
    const dark = strokes.get('#000000') ?? '';
    assert.match(dark, /M4 4h7/);
    assert.ok(!/M[0-3] |M\d+ [0-3]h/.test(dark));
  });
});
