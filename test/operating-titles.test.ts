/** The guide to titles, word for word: from nothing to a server that passes its audit. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkout, ended, stepsOf, take, withPorts } from './support/guide.ts';
import { ROOT, freePort } from './support/processes.ts';
import type { Running } from './support/processes.ts';

const GUIDE = join(ROOT, 'docs', 'operating', 'titles.md');

test('the guide to titles leads to holders, and to an audit without a fault', async (t) => {
  const desk = { folder: checkout(t), input: 'correct horse battery staple' };
  const steps = stepsOf(withPorts(readFileSync(GUIDE, 'utf8'), { 8090: await freePort() }));
  assert.ok(steps.length > 6, 'the guide has its steps');
  let server: Running | undefined;
  t.after(() => server?.child.kill('SIGKILL'));
  for (const step of steps) server = (await take(desk, step)) ?? server;
  assert.ok(server !== undefined);
  await ended(server);
});
