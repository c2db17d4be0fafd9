/** A title server in its processes, as the operating system sees them, and what becomes of titles when one of them dies. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { keepPending } from '../src/apps/cli/title/issue-pending.ts';
import { networkSockets } from '../src/apps/supervisor/sockets.test-helper.ts';
import { fillPool } from '../src/apps/title/filling.ts';
import { findClass, newClass, nextVersion, rangesFor, registerClass } from '../src/apps/title/issuing.ts';
import { bytesToHex } from '../src/base/bytes.ts';
import { Refusal } from '../src/base/refusal.ts';
import { askTitles } from '../src/title/audit/ask.ts';
import { classId } from '../src/title/documents/signed.ts';
import { certain } from './support/certain.ts';
import { openLossyUdp } from './support/lossy-udp.ts';
import { isGone } from './support/parts.ts';
import { freePort, specie, startIssuer, until } from './support/processes.ts';
import type { Ended } from './support/processes.ts';
import { issuerKeyIn, startTitles } from './support/titles.ts';
import type { TitleProcess } from './support/titles.ts';

const folder = mkdtempSync(join(tmpdir(), 'specie-titles-'));
const data = join(folder, 'titles');
const keyFile = join(folder, 'issuer.key');
let titles: TitleProcess;
let issuer: string;

before(async () => {
  const made = await specie(['title', 'keygen', keyFile, '--no-passphrase']);
  issuer = /^public key: ([0-9a-f]{64})$/m.exec(made.stdout)?.[1] ?? '';
  titles = await startTitles({ data, args: ['--issuer', issuer] });
});

after(async () => {
  await titles.stop();
  rmSync(folder, { recursive: true });
});

function command(name: string, ...args: readonly string[]): Promise<Ended> {
  return specie(['title', name, '--key', keyFile, '--server', titles.url, ...args]);
}

async function done(ending: Promise<Ended>): Promise<string> {
  const { status, stdout, stderr } = await ending;
  assert.equal(status, 0, stdout + stderr);
  return stdout;
}

async function complains(ending: Promise<Ended>, words: RegExp, expected = 1): Promise<void> {
  const { status, stderr } = await ending;
  assert.match(stderr, words);
  assert.equal(status, expected);
}

async function pooled(name: string): Promise<readonly number[]> {
  const { title_class } = certain(await findClass(titles.overHttp, name));
  const id = classId(title_class.terms);
  const { stock } = certain(
    await askTitles(titles.overHttp, { type: 'request title pool', title_class: id }),
  );
  return stock.map(({ count }) => count);
}

const TALERS = [
  '--name',
  'Alder Talers',
  '--entitles',
  'A taler.',
  '--unit',
  'taler',
  '--denominations',
  '5,1,2',
];

test('an issuer makes a class, and issues titles to somebody and for the pool', async () => {
  const file = join(folder, 'class.json');
  const said = await done(command('class', ...TALERS, '-o', file));
  const id = /its class is ([0-9a-f]{64})/.exec(said)?.[1] ?? '';
  assert.ok(readFileSync(file, 'utf8').includes('"denominations": [\n        1,\n        2,\n        5'));
  const somebody = '07'.repeat(32);
  const issued = await done(command('issue', 'Alder Talers', '5x3', '1x1', '--to', somebody));
  assert.match(
    issued,
    /^3 × 5 taler: numbers 1 to 3 of Alder Talers\n1 × 1 taler: number 4 of Alder Talers\n/,
  );
  assert.match(
    await done(command('issue', id.slice(0, 8), '1x20', '2x20', '--pool')),
    /^40 titles .* the pool/m,
  );
  assert.deepEqual(await pooled('Alder Talers'), [20, 20, 0]);
  assert.match(await done(command('issue', id, '--pool')), /^40 titles /m, 'asked for twice is as once');
  assert.deepEqual(await pooled('Alder Talers'), [20, 20, 0]);
  const title = await (await fetch(`${titles.url}/${id}/4`)).json();
  assert.deepEqual((title as { readonly to: unknown }).to, { holder: somebody });
});

test('what an issuer cannot do is said in words, and nothing comes of it', async () => {
  const to = ['--to', '07'.repeat(32)];
  await complains(
    command('issue', 'Alder Talers', '3x1', ...to),
    /3 is none of the denominations .* 1, 2, 5/,
  );
  await complains(command('issue', 'Alder Talers', '1x1'), /--to says who gets the titles/, 2);
  await complains(command('issue', 'Alder Talers', '1', ...to), /1 is no amount; 10x100 are a hundred/, 2);
  const stranger = join(folder, 'stranger.key');
  await done(specie(['title', 'keygen', stranger, '--no-passphrase']));
  const elsewhere = ['--key', stranger, '--server', titles.url];
  const asStranger = ['title', 'class', ...elsewhere, ...TALERS];
  await complains(specie(asStranger), /Another issuer has a class Alder Talers already/);
  await complains(specie([...asStranger, '--again']), /This server takes no classes of this key/);
  assert.equal(existsSync(`${stranger}.pending`), false);
});

test('what was signed and not answered is handed in before anything new', async () => {
  const certificate = certain(await findClass(titles.overHttp, 'Alder Talers'));
  const key = await issuerKeyIn(keyFile);
  const ranges = rangesFor([{ denomination: 1, count: 2 }], [key.publicKey]);
  const next = certain(nextVersion(key, certificate, ranges));
  assert.equal(keepPending(keyFile, { url: titles.url, certificate: next }), undefined);
  const again = () => command('issue', 'Alder Talers', '1x2', '--to', '07'.repeat(32));
  const { status, stdout } = await again();
  assert.equal(status, 1);
  assert.match(
    stdout,
    /An earlier command was not answered\. Its version 4 of Alder Talers .* is registered now/,
  );
  assert.equal(certain(await findClass(titles.overHttp, 'Alder Talers')).title_class.version, 4);
  assert.match(await done(again()), /version 5/);
});

test('the title box is for its owner alone, is confined, and has no network while it serves', async () => {
  const pid = titles.boxPid();
  for (const name of ['box', 'place-1', 'place-2'])
    assert.equal((statSync(join(data, name)).mode & 0o777).toString(8), '700');
  assert.equal((statSync(join(data, 'box', 'title.sock')).mode & 0o777).toString(8), '600');
  let over = false;
  const asking = Promise.all(
    Array.from({ length: 50 }, () => askTitles(titles.overUdp(), { type: 'request title root', pages: [] })),
  ).then(() => (over = true));
  await until(() => {
    assert.deepEqual(networkSockets(pid), []);
    return over;
  }, 'the questions do not end');
  await asking;
  const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  assert.ok(args.includes('--permission'));
  for (const right of ['--allow-child-process', '--allow-net', '--allow-wasi', '--allow-inspector'])
    assert.ok(!args.includes(right), right);
  assert.deepEqual(
    args.filter((each) => each.startsWith('--allow-fs-write=')),
    ['box', 'place-1', 'place-2'].map((name) => `--allow-fs-write=${join(data, name)}`),
  );
  const secret = readFileSync(`${data}.unlock`, 'utf8').trim();
  assert.ok(secret.length >= 32 && !args.join().includes(secret));
});

test('killed again and again during transfers over a lossy path, the box loses nothing and repeats nothing', async (t) => {
  const key = await issuerKeyIn(keyFile);
  const first = certain(
    await newClass(titles.overHttp, key, { name: 'Storm', entitles: '', unit: 'seat', denominations: [1] }),
  );
  certain(await registerClass(titles.overHttp, first));
  const ranges = rangesFor([{ denomination: 1, count: 600 }], [key.publicKey]);
  const certificate = certain(nextVersion(key, first, ranges));
  certain(await registerClass(titles.overHttp, certificate));
  const lossy = await openLossyUdp(titles.port, 3);
  t.after(() => lossy.close());
  const way = titles.overUdp({ port: lossy.port });
  const filling = fillAll();
  for (let deaths = 0; deaths < 2; deaths++) {
    await titles.killBox();
    certain(await askTitles(titles.overUdp(), { type: 'request title server' }));
  }
  await filling;
  assert.deepEqual(await pooled('Storm'), [600]);
  assert.equal(certain(await fillPool(titles.overHttp, key, certificate, { perTransfer: 4 })), 600);
  const titleClass = classId(certificate.title_class.terms);
  for (const serial of [1, 300, 600]) {
    const title = certain(
      await askTitles(titles.overHttp, { type: 'request title', title_class: titleClass, serial }),
    );
    assert.equal(title.sequence, 1, 'changed hands once');
  }

  /** A box that is just away refuses for now; whoever asks goes on asking. */
  async function fillAll(): Promise<void> {
    for (;;) {
      const moved = await fillPool(way, key, certificate, { perTransfer: 4 });
      if (!(moved instanceof Refusal)) return;
      assert.ok(moved.temporary, moved.toString());
    }
  }
});

test('a box that cannot write ends, and the next one goes on with what was answered', async (t) => {
  const first = titles.boxPid();
  // A limit on the size of files (setrlimit(2)) stands for a disk that is full: root may do everything else.
  const limited = spawnSync('prlimit', ['--pid', String(first), '--fsize=1:1']);
  if (limited.status !== 0) {
    t.skip('this system has no prlimit');
    return;
  }
  const key = await issuerKeyIn(keyFile);
  const before = certain(await findClass(titles.overHttp, 'Alder Talers'));
  const ranges = rangesFor([{ denomination: 1, count: 40 }], [key.publicKey]);
  const next = certain(nextVersion(key, before, ranges));
  const refused = await registerClass(titles.overHttp, next);
  assert.ok(refused instanceof Refusal && refused.name === 'busy');
  await until(() => isGone(first), 'the box that cannot write goes on');
  certain(await registerClass(titles.overUdp(), next));
  assert.equal(certain(await fillPool(titles.overHttp, key, next)) >= 40, true);
  assert.notEqual(titles.boxPid(), first);
});

test('a second server on the same folder is refused in words, and the first goes on', async () => {
  const port = String(await freePort());
  const again = ['title', 'serve', '--data', data, '--key-file', `${data}.unlock`, '--anybody', '--port'];
  await complains(specie([...again, port]), /^specie: .*(in use|another process|uses)/im);
  await complains(specie([...again, String(titles.port)]), /Port \d+ is in use/);
  certain(await askTitles(titles.overHttp, { type: 'request title server' }));
});

test('a lost place is made again, and a lost vault is not made anew', async () => {
  const before = certain(await askTitles(titles.overHttp, { type: 'request title root', pages: [] }));
  await titles.stop();
  rmSync(join(data, 'place-1'), { recursive: true });
  titles = await startTitles({ data, port: titles.port, args: ['--issuer', issuer] });
  const { signed_root } = certain(
    await askTitles(titles.overHttp, { type: 'request title root', pages: [] }),
  );
  assert.deepEqual(signed_root.statement.root, before.signed_root.statement.root);
  assert.deepEqual(signed_root.statement.head, before.signed_root.statement.head);
  const { stderr } = await titles.stop();
  assert.match(stderr, /"event":"title place mended"/);
  const contents = (name: string) => readFileSync(join(data, name, 'documents', 'groups')).subarray(100);
  assert.deepEqual(contents('place-1'), contents('place-2'));
  const vault = join(data, 'box', 'vault.json');
  renameSync(vault, `${data}.vault`);
  const options = ['--data', data, '--anybody', '--port', String(await freePort())];
  const serve = (keys: string) => specie(['title', 'serve', ...options, '--key-file', keys]);
  await complains(serve(`${data}.unlock`), /holds books and no vault; bring back vault\.json/);
  cpSync(`${data}.vault`, vault);
  await complains(serve(keyFile), /./);
  titles = await startTitles({ data, port: titles.port, args: ['--issuer', issuer] });
});

test('a server opens under its passphrase and no other', async () => {
  const other = join(folder, 'other');
  const args = ['title', 'serve', '--data', other, '--anybody', '--port', String(await freePort())];
  const input = 'short\n';
  await complains(specie([...args, '--no-udp'], { input }), /12 characters/);
  assert.ok(!existsSync(join(other, 'box', 'vault.json')));
  await complains(specie(['title', 'serve', '--data', other]), /--issuer names who may issue/, 2);
  await complains(specie([...args, '--places', 'a']), /two folders/, 2);
  await complains(specie([...args, '--places', 'a,./a'], { input }), /two places/);
  assert.deepEqual(readdirSync(folder).includes('a'), false);
});

test('specie start has a title server beside its currencies, with a pool that gives change', async (t) => {
  const started = await startIssuer({ suites: ['PLAIN'], titles: true });
  t.after(() => started.stop());
  const url = `${started.url}title`;
  const server = (await (await fetch(url)).json()) as { readonly titles: number; readonly udp_port: number };
  assert.ok(server.titles > 300);
  assert.equal(server.udp_port, started.port);
  const pageOf = async (at: string) => (await fetch(at, { headers: { Accept: 'text/html' } })).text();
  assert.match(await pageOf(url), /Demo shares/);
  assert.match(await pageOf(started.url), /<a href="\/title">/, 'the currency’s page leads there');
  const key = join(started.folder, 'titles', 'issuer.key');
  const to = ['--to', bytesToHex((await issuerKeyIn(key)).publicKey)];
  const issue = ['title', 'issue', '--key', key, '--server', url, 'Demo shares', '10x5', ...to];
  assert.match(await done(specie(issue)), /5 × 10 shares/);
});
