import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listPage } from './offered.ts';

test('the list of currencies leads to titles where there are some, and nowhere else', async () => {
  assert.match(await listPage([], true), /<a href="\/title">/);
  assert.doesNotMatch(await listPage([], false), /\/title"/);
});
