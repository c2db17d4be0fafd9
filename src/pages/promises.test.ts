import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CurrencyView } from '../host/schemas.ts';
import { SUITES } from '../suites/index.ts';
import { promiseLines, promises } from './promises.ts';
import { currency, memberLook } from './samples.test-helper.ts';
import { TEXTS } from './texts/index.ts';

type Made = CurrencyView['promises'];

const LANGUAGES = ['en', 'de'] as const;
const EACH = [true, false] as const;
const COMBINATIONS: readonly Made[] = EACH.flatMap((untraceable) =>
  EACH.flatMap((leftUnblinded) =>
    (['anyone', 'issuer'] as const).flatMap((verifiableBy) =>
      EACH.flatMap((safeOffline) =>
        [1, 2].map((rounds) => ({
          ...{ untraceable, leftUnblinded, verifiableBy, safeOffline, rounds },
          caution: '',
        })),
      ),
    ),
  ),
);

describe('what a suite promises', () => {
  for (const language of LANGUAGES) {
    it(`is said in words for every combination, and never the same for two (${language})`, () => {
      const said = new Map<string, Made>();
      for (const made of COMBINATIONS.filter((each) => !(each.untraceable && each.leftUnblinded))) {
        const lines = promiseLines(TEXTS[language], made);
        assert.ok(lines.every((line) => line.endsWith('.') && line.length > 20));
        const text = lines.join('\n');
        assert.equal(said.get(text), undefined, text);
        said.set(text, made);
      }
    });

    it(`never calls a coin untraceable that the issuer can trace (${language})`, () => {
      const { promises: words } = TEXTS[language];
      for (const made of COMBINATIONS) {
        assert.equal(promiseLines(TEXTS[language], made).includes(words.untraceable), made.untraceable);
      }
    });
  }

  it('has every known caution in the reader’s language, and marks one that is in another', async () => {
    for (const { name: suite, promises: made } of SUITES.filter((each) => each.promises.caution !== '')) {
      const view = currency({ suite, promises: { ...currency().promises, caution: made.caution } });
      const german = String(await promises(memberLook('de', '/currencies'), view));
      assert.ok(german.includes('class="caution"'), suite);
      assert.ok(!german.includes('lang="en"'), `${suite} has a caution that nobody put into German`);
      const english = String(await promises(memberLook('en', '/currencies'), view));
      assert.ok(english.includes('class="caution"'), suite);
    }
    const unknown = currency({ suite: 'constructor', promises: { ...currency().promises, caution: 'Odd.' } });
    const shown = String(await promises(memberLook('de', '/currencies'), unknown));
    assert.match(shown, /lang="en">Odd\./);
  });
});
