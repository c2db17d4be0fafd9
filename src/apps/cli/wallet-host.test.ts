import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { walletHost } from './wallet-host.ts';

const PASSWORD = 'opensesame';

/** A port that was free a moment ago. */
async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

/** Starts with a file for the mail server's address that has a mode; what is said on standard error. */
async function startWith(t: TestContext, mode: number): Promise<{ status: number; said: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'specie-smtp-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [file, data] = [join(folder, 'smtp-url'), join(folder, 'host')];
  // It is no mail server's address, so that nothing is started even where the file is let pass.
  writeFileSync(file, `https://wallet:${PASSWORD}@mail.example\n`);
  chmodSync(file, mode);
  let said = '';
  const write = t.mock.method(process.stderr, 'write', (text: string) => {
    said += text;
    return true;
  });
  const mail = ['--smtp-url-file', file, '--mail-from', 'wallet@mail.example'];
  const status = await walletHost(['--data', data, '--port', await freePort(), ...mail]);
  write.mock.restore();
  assert.ok(!existsSync(join(data, 'host.sqlite')), 'no host was opened');
  assert.ok(!said.includes(PASSWORD), 'what stands in the file is not said');
  return { status, said };
}

describe('the file with the mail server’s address', () => {
  it('is refused while others may use it', { skip: process.platform === 'win32' }, async (t) => {
    for (const mode of [0o644, 0o640, 0o604, 0o620]) {
      const { status, said } = await startWith(t, mode);
      assert.equal(status, 1);
      assert.match(said, /smtp-url may be used by others; take that from them \(chmod 600\)/);
    }
  });

  it('is read where it is its owner’s alone', async (t) => {
    for (const mode of [0o600, 0o400]) {
      const { said } = await startWith(t, mode);
      assert.match(said, /begins with smtp:\/\/ or smtps:\/\//);
    }
  });
});
