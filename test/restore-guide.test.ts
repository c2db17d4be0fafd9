/** docs/operating/backup.md, word for word: its commands are run as they stand, with a box that is lost before the last. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { amount } from '../src/base/amount.ts';
import { Issuer, available, closeLeft, must, stand } from './restore.test-helper.ts';
import { ROOT, launch } from './support/processes.ts';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'sp-')));
after(async () => {
  await closeLeft();
  rmSync(top, { recursive: true });
});

async function run(script: string, url = ''): Promise<string> {
  const ended = await launch('sh', ['-e', '-c', script], { cwd: top, env: { ...process.env, URL: url } })
    .ended;
  assert.equal(ended.status, 0, ended.stderr);
  return ended.stdout;
}

function publicKeyIn(name: string): string {
  return (JSON.parse(readFileSync(join(top, name), 'utf8')) as { public_key: string }).public_key;
}

test('the guide to backups does what it says', async () => {
  for (const name of ['package.json', 'bin', 'src', 'node_modules'])
    symlinkSync(join(ROOT, name), join(top, name));
  const guide = readFileSync(join(ROOT, 'docs/operating/backup.md'), 'utf8');
  const blocks = [...guide.matchAll(/^```sh\n([^]*?)^```$/gm)].map((match) => match[1] ?? '');
  assert.equal(blocks.length, 6);
  const [keygen = '', ...others] = blocks;
  const recipient = /^recipient: (age1\S+)$/m.exec(await run(keygen))?.[1] ?? '';
  const places = { box: join(top, 'data', 'box'), bank: join(top, 'bank'), second: join(top, 'second') };
  const standing = await stand(top, places.bank, recipient, { owner: publicKeyIn('anna.key') });
  const issuer = await Issuer.open(standing, places);
  const wallet = await issuer.wallet();
  must(await wallet.buy(issuer.id, amount(21), { payTest: true }));
  const rehearsed = await run(others.slice(0, -1).join(''), standing.url);
  assert.match(rehearsed, /executed/);
  assert.match(rehearsed, /Nothing is missing/);
  assert.ok(!readdirSync(top).some((name) => name.startsWith('rehearsal')));
  must(await wallet.buy(issuer.id, amount(10), { payTest: true }));
  await issuer.close('SIGKILL');
  rmSync(places.box, { recursive: true });
  assert.match(await run(others.at(-1) ?? ''), /Nothing is missing/);
  const restored = { ...places, box: join(top, 'restored'), keyFile: join(top, 'restored.key') };
  const again = await Issuer.open(standing, restored);
  const heir = await again.wallet();
  must(await heir.receive(must(await wallet.send(again.id, amount(31), '')).stack));
  assert.equal(available(heir), 31);
  await again.close();
});
