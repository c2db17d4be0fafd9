import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../../base/amount.ts';
import { newLetter } from '../letter-record.ts';
import type { LetterRecord } from '../letter-record.ts';
import { mailText } from './mail-text.ts';

function letter(over: Partial<LetterRecord>): LetterRecord {
  return newLetter({
    ...{ id: 'ab'.repeat(16), folder: 'sent', way: 'mail', time: 0, from: 'Ada', to: 'bo@mail.example' },
    ...{ currency: 'c'.repeat(64), currencyName: 'Ducats', divisor: 100, location: 'https://mint.example/' },
    ...{ amount: amount(500), state: 'not taken', key: 'hV6rW1o0cYt8s3nJkz2QmA', subject: '' },
    ...over,
  });
}

describe('a mail', () => {
  it('has a subject without a word of the sender’s', () => {
    const typed = { subject: 'Your bank: verify at https://evil.example', text: 'Your account is blocked.' };
    for (const language of ['en', 'de']) {
      const mail = mailText(letter(typed), language, 'https://host.example/');
      assert.equal(
        mail.subject,
        { en: 'Ada sends you 5.00 Ducats', de: 'Ada schickt Ihnen 5,00 Ducats' }[language],
      );
      const before = mail.text.indexOf({ en: 'Ada writes:', de: 'Ada schreibt:' }[language] ?? '-');
      assert.ok(before > 0 && before < mail.text.indexOf(typed.subject), 'it says whose words follow');
      assert.ok(mail.text.indexOf(typed.subject) < mail.text.indexOf(typed.text));
    }
  });

  it('has none in the name of a currency either, which anybody can choose', () => {
    for (const currencyName of [
      'Ducats. Verify now',
      'https://evil.example',
      'evil.example',
      'x'.repeat(25),
      '',
    ]) {
      const { subject } = mailText(letter({ currencyName }), 'en', 'https://host.example/');
      assert.equal(subject, 'Ada sends you money', currencyName);
    }
  });
});
