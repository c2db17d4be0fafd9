import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { letter } from './samples.test-helper.ts';
import { day, figure, fullMoment, moment, money, newsOf } from './wording.ts';

const NOW = Date.parse('2026-11-21T10:30:00Z');
const berlin = { language: 'de', now: NOW, zone: 'Europe/Berlin' } as const;
const nowhere = { language: 'en', now: NOW } as const;

async function textOf(html: unknown): Promise<string> {
  return String(await html)
    .replace(/<[^>]*>/g, '')
    .trim();
}

describe('amounts', () => {
  it('are written as people of the language do, to the last unit', () => {
    assert.equal(figure('en', 123456789, 100), '1,234,567.89');
    assert.equal(figure('de', 123456789, 100), '1.234.567,89');
    assert.equal(figure('en', 7, 1), '7');
    assert.equal(figure('en', 5, 1000), '0.005');
    assert.equal(figure('en', 0, 100), '0.00');
    assert.equal(figure('en', -2950, 100), '−29.50');
  });

  it('lose nothing where a floating point number would', () => {
    assert.equal(figure('en', Number.MAX_SAFE_INTEGER, 100), '90,071,992,547,409.91');
    assert.equal(figure('en', Number.MAX_SAFE_INTEGER, 1_000_000), '9,007,199,254.740991');
  });

  it('stand on one line with their currency', () => {
    assert.equal(
      money({ language: 'en' }, { amount: 500, divisor: 100, currencyName: 'Ducats' }),
      '5.00\u00a0Ducats',
    );
  });
});

describe('times', () => {
  it("are short: today's by the clock, this year's by the day, else by the date", async () => {
    assert.equal(await textOf(moment(berlin, '2026-11-21T08:12:00.000')), '09:12');
    assert.equal(await textOf(moment(berlin, '2026-11-20T23:30:00')), '00:30');
    assert.equal(await textOf(moment(berlin, '2026-11-20T08:12:00')), '20. Nov.');
    assert.equal(await textOf(moment(berlin, '2025-11-20T08:12:00Z')), '20.11.25');
    assert.equal(await textOf(moment(nowhere, '2026-11-21T08:12:00')), '08:12');
  });

  it('name their zone while it is not the reader’s', async () => {
    assert.equal(await textOf(fullMoment(nowhere, '2026-11-21T08:12:00')), '21 Nov 2026, 08:12 UTC');
    assert.equal(await textOf(fullMoment(berlin, '2026-11-21T08:12:00')), '21.11.2026, 09:12');
    assert.match(
      String(await fullMoment(berlin, '2026-11-21T08:12:00')),
      /datetime="2026-11-21T08:12:00.000Z"/,
    );
  });

  it('are nothing where there is none', async () => {
    for (const write of [moment, fullMoment, day]) assert.equal(await textOf(write(berlin, '')), '');
  });
});

describe('news', () => {
  it('say who sent how much, or that it was taken', () => {
    assert.equal(newsOf('en', letter()), 'grace sent you 18.50\u00a0Ducats.');
    assert.equal(newsOf('de', letter({ from: '' })), 'Jemand hat Ihnen 18,50\u00a0Ducats gesendet.');
    assert.equal(newsOf('en', letter({ folder: 'sent' })), '18.50\u00a0Ducats that you sent was taken.');
  });

  it('name who issues what the wallet does not know, and not what they call it', () => {
    const forged = letter({ isKnown: false, location: 'https://mint.evil.example:8443/x/' });
    assert.equal(
      newsOf('en', forged),
      'grace sent you 18.50\u00a0mint.evil.example:8443 (unknown currency).',
    );
    assert.doesNotMatch(newsOf('de', letter({ isKnown: false, location: 'nowhere' })), /Ducats/);
  });
});
