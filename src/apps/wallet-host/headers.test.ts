import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { browserOf, isFromHere, languagesOf } from './headers.ts';

describe('heads', () => {
  it('tell a request of our own pages from another site’s', () => {
    const origin = 'https://wallet.example';
    const is = (head: Readonly<Record<string, string>>) => isFromHere((name) => head[name], origin);
    assert.ok(is({ 'sec-fetch-site': 'same-origin', origin: 'null' }));
    assert.ok(is({ 'sec-fetch-site': 'none' }));
    assert.ok(is({ origin }));
    assert.ok(is({}));
    assert.ok(!is({ 'sec-fetch-site': 'cross-site' }));
    assert.ok(!is({ 'sec-fetch-site': 'same-site', origin }));
    assert.ok(!is({ origin: 'null' }));
    assert.ok(!is({ origin: 'https://evil.example' }));
    assert.ok(!is({ origin: 'http://wallet.example' }));
  });

  it('say which languages are wanted', () => {
    assert.deepEqual(languagesOf('de-AT,de;q=0.9,en;q=0.8'), ['de', 'de', 'en']);
    assert.deepEqual(languagesOf('en;q=0.2, de;q=0.7, fr;q=0'), ['de', 'en']);
    assert.deepEqual(languagesOf(''), ['']);
    assert.deepEqual(languagesOf('de;q=x'), []);
  });

  it('say which browser it is', () => {
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
    const chrome =
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36';
    assert.equal(browserOf(firefox), 'Firefox, Linux');
    assert.equal(browserOf(chrome), 'Chrome, Android');
    assert.equal(browserOf(chrome.replace('Chrome/', 'HeadlessChrome/')), 'Chrome, Android');
    assert.equal(browserOf('<script>'), '');
  });
});
