/** The ledger with a second place, and its snapshots, under the permission model that the box runs under. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Refusal } from '../src/base/refusal.ts';
import { confinedNode } from '../src/apps/supervisor/confined.ts';
import { dump } from '../src/stores/mint/dump.test-helper.ts';
import { replaySecondPlace } from '../src/stores/mint/second-place-replay.ts';

const ENTRY = fileURLToPath(new URL('./confined-stores.test-helper.ts', import.meta.url));
const top = realpathSync(mkdtempSync(join(tmpdir(), 'sp-')));
after(() => rmSync(top, { recursive: true }));

test('a confined ledger records in a second place over several segments, is opened again, and is copied', async () => {
  const folder = join(top, 'box');
  const second = join(top, 'second');
  mkdirSync(second);
  const command = confinedNode({
    entry: ENTRY,
    args: [folder, join(second, 'currency')],
    folder,
    alsoReadable: [ENTRY],
    alsoWritable: [second],
  });
  assert.ok(!(command instanceof Refusal));
  const child = spawn(command.command, command.args, { env: { ...command.environment }, stdio: 'pipe' });
  const [said, errors] = [text(child.stdout), text(child.stderr)];
  const [status] = (await once(child, 'close')) as [number];
  assert.equal(status, 0, await errors);
  assert.equal(await said, 'confined: ERR_ACCESS_DENIED\n');
  const segments = readdirSync(join(second, 'currency'));
  assert.ok(segments.length > 1, `${segments.length} segments`);
  assert.equal(statSync(join(folder, 'copy.sqlite')).mode & 0o777, 0o600);
  for (const start of ['copy.sqlite', 'new.sqlite']) {
    const replayed = await replaySecondPlace(join(folder, start), join(second, 'currency'));
    assert.ok(!(replayed instanceof Refusal) && replayed.replayed > 0);
    assert.deepEqual(dump(join(folder, start)), dump(join(folder, 'books.sqlite')));
  }
});
