import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pile } from './coins.ts';
import { engraving, inksOf } from './guilloche.ts';
import { tagsOf } from './markup.test-helper.ts';

async function drawn(
  coins: number,
  denomination = 100,
): Promise<{ height: number; edges: number; html: string }> {
  const html = String(await pile({ denomination, divisor: 100, coins, face: '1' }));
  const tags = tagsOf(html);
  const height = Number(tags[0]?.attributes.get('height'));
  return { height, edges: tags.filter(({ name, isEnd }) => name === 'path' && !isEnd).length, html };
}

describe('a pile of coins', () => {
  it('has as many coins as there are, up to where nobody would count them', async () => {
    const [one, three, many, more] = await Promise.all([drawn(1), drawn(3), drawn(40), drawn(4_000)]);
    assert.equal(three.edges, 3 * one.edges);
    assert.ok(three.height > one.height);
    assert.equal(many.height, more.height);
  });

  it('is drawn for any worth that a currency may have', async () => {
    for (const denomination of [1, 7, 100, 12_345, Number.MAX_SAFE_INTEGER]) {
      const { html } = await drawn(2, denomination);
      assert.ok(!/NaN|Infinity/.test(html));
    }
  });

  it('shows what is written on its face, and nothing else', async () => {
    const html = String(await pile({ denomination: 1, divisor: 1, coins: 1, face: '<b>' }));
    assert.ok(html.includes('&lt;b&gt;') && !html.includes('<b>'));
  });
});

describe('an engraving', () => {
  const options = { seed: '4f9a1c07be52d8366f01a2b3c4d5e6f7', inks: 'a3f1', fineprint: '5.00 Ducats' };

  it('is the same for the same letter, and another for another', async () => {
    const [once, again, other] = await Promise.all([
      engraving(options),
      engraving(options),
      engraving({ ...options, seed: 'ffffffffffffffffffffffffffffffff' }),
    ]);
    assert.equal(String(once), String(again));
    assert.notEqual(String(once), String(other));
  });

  it('is small enough for a page, whatever it is made of', async () => {
    for (const seed of ['', 'zz', 'f'.repeat(32), '0'.repeat(32)]) {
      const html = String(await engraving({ ...options, seed, fineprint: '' }));
      assert.ok(html.length < 60_000, String(html.length));
      assert.ok(!/NaN|Infinity/.test(html));
    }
  });

  it('has inks for every currency, dark enough to read', () => {
    for (const digit of '0123456789abcdef') {
      const [dark, , paper] = inksOf(digit);
      assert.ok(contrast(dark, paper) >= 7, digit);
    }
  });
});

/** WCAG 2.2: the contrast of two colours. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((left, right) => right - left);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
