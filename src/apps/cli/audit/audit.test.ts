import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, mock, test } from 'node:test';
import { writeDate } from '../../../base/dates.ts';
import { Refusal } from '../../../base/refusal.ts';
import { foundTestIssuer } from '../../../mint/charter/charter.test-helper.ts';
import type { TestIssuer } from '../../../mint/charter/charter.test-helper.ts';
import { floatOf, wayTo } from '../../audit/issuer.test-helper.ts';
import type { Lies } from '../../audit/issuer.test-helper.ts';
import { audit } from './audit.ts';

const root = mkdtempSync(join(tmpdir(), 'specie-audit-'));
let names = 0;
const fresh = () => join(root, `${names++}`);

let issuer: TestIssuer;
let lies: Lies = {};

/** An issuer over HTTP whose statements are of this moment. */
const server = createServer((request, response) => {
  const now = { time: writeDate(Math.max(Date.now(), issuer.charter.time)) };
  const floats = lies.floats ?? [floatOf(issuer, now)];
  const way = wayTo(issuer, { ...lies, floats });
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const answer = request.method === 'POST' ? way.post('', Buffer.concat(parts)) : way.get('');
    void answer.then((bytes) => {
      if (bytes instanceof Refusal) throw new Error(bytes.details);
      response.end(bytes);
    });
  });
});
let url = '';

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
after(() => {
  server.close();
  server.closeAllConnections();
  rmSync(root, { recursive: true });
});

function foundNow(): TestIssuer {
  const founded = foundTestIssuer();
  const now = Date.now();
  founded.write({ type: 'mint key', certificate: founded.mintKey(1, now) }, now);
  return founded;
}

interface Run {
  readonly status: number;
  readonly said: string;
  readonly complained: string;
}

/** Takes the text that is written; what the test runner itself writes is bytes, and goes on. */
function catchText(stream: NodeJS.WriteStream, into: string[]): { restore(): void } {
  const write = stream.write.bind(stream) as (chunk: unknown) => boolean;
  return mock.method(stream, 'write', (chunk: unknown) =>
    typeof chunk === 'string' ? into.push(chunk) > 0 : write(chunk),
  ).mock;
}

async function run(args: readonly string[], told: Lies = {}): Promise<Run> {
  lies = told;
  const said: string[] = [];
  const complained: string[] = [];
  const out = catchText(process.stdout, said);
  const err = catchText(process.stderr, complained);
  try {
    const status = await audit(args);
    return { status, said: said.join(''), complained: complained.join('') };
  } finally {
    out.restore();
    err.restore();
  }
}

describe('specie audit', () => {
  test('of an honest issuer ends with 0', async () => {
    issuer = foundNow();
    const { status, said, complained } = await run([url]);
    assert.equal(complained, '');
    assert.match(said, /No fault was found\.\n$/);
    assert.equal(status, 0);
  });

  test('of a liar ends with 1 and lines that say FAULT', async () => {
    issuer = foundNow();
    const { status, said } = await run([url], { keys: { keys: [] } });
    assert.match(said, /^FAULT mint keys: [0-9a-f]{64} stands in the journal and is not published$/m);
    assert.doesNotMatch(said, /No fault/);
    assert.equal(status, 1);
  });

  test('keeps what it saw, finds a journal that was rewritten, and keeps the evidence', async () => {
    const keep = fresh();
    issuer = foundNow();
    assert.equal((await run([url, '--keep', keep])).status, 0);
    const first = readFileSync(keep);
    issuer.ordered({ type: 'raise treasury', amount: 5 }, ['anna'], Date.now());
    const grown = await run([url, '--keep', keep]);
    assert.equal(grown.status, 0);
    assert.match(grown.said, /the journal has only grown since/);
    const second = readFileSync(keep);
    assert.notDeepEqual(second, first);
    issuer = foundNow();
    issuer.write({ type: 'restored', complete: true });
    const rewritten = await run([url, '--keep', keep]);
    assert.equal(rewritten.status, 1);
    assert.match(rewritten.said, /^FAULT kept: the journal was rewritten/m);
    assert.deepEqual(readFileSync(keep), second);
  });

  test('shows nothing that could rewrite the screen', async () => {
    const evil = foundTestIssuer();
    const now = Date.now();
    const description = { ...evil.entries[0]!.entry.event };
    assert.ok(description.type === 'founded');
    const terms = { ...description.founding.description, currency_name: 'Gold\u001b[2J' };
    issuer = foundTestIssuer({ ...description.founding, description: terms });
    issuer.write({ type: 'mint key', certificate: issuer.mintKey(1, now) }, now);
    const { said } = await run([url]);
    assert.ok(!said.includes('\u001b'));
    assert.match(said, /Gold/);
  });

  test('used wrongly ends with 2, and without an issuer with 1', async () => {
    assert.equal((await run([])).status, 2);
    assert.equal((await run([url, url])).status, 2);
    assert.equal((await run(['--keep'])).status, 2);
    assert.equal((await run(['mint'])).status, 1);
    const gone = await run(['http://127.0.0.1:9/']);
    assert.equal(gone.status, 1);
    assert.match(gone.complained, /does not answer/);
  });

  test('does not take another file for one that it kept', async () => {
    issuer = foundNow();
    const keep = fresh();
    writeFileSync(keep, 'my diary');
    const { status, complained } = await run([url, '--keep', keep]);
    assert.equal(status, 1);
    assert.match(complained, /was not kept by an audit/);
    assert.equal(readFileSync(keep, 'utf8'), 'my diary');
    assert.equal((await run([url, '--keep', root])).status, 1);
    assert.equal((await run([url, '--keep', join(root, 'none', 'kept')])).status, 1);
  });
});
