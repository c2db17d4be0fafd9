import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, mock, test } from 'node:test';
import { Refusal } from '../../../base/refusal.ts';
import {
  ALICE,
  BOB,
  Forger,
  POOL,
  RANGES,
  certificateOf,
  honest,
  plainly,
  transferOf,
} from '../../../title/audit/forger.test-helper.ts';
import { readAddress } from '../../../title/wallet/address.ts';
import { titleAudit } from './audit.ts';
import { openTitlesIn } from './wallet-open.ts';

const root = mkdtempSync(join(tmpdir(), 'specie-title-audit-'));
let names = 0;
const fresh = () => join(root, `${names++}`);

let forger = new Forger();

/** A title server over HTTP, as its forger has it. */
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    forger.now = Date.now();
    void forger.way(Buffer.concat(parts)).then((bytes) => {
      if (bytes instanceof Refusal) throw new Error(bytes.details);
      response.end(bytes);
    });
  });
});
let url = '';

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/title`;
});
after(() => {
  server.close();
  server.closeAllConnections();
  rmSync(root, { recursive: true });
});

/** Takes the text that is written; what the test runner itself writes is bytes, and goes on. */
function catchText(stream: NodeJS.WriteStream, into: string[]): { restore(): void } {
  const write = stream.write.bind(stream) as (chunk: unknown) => boolean;
  return mock.method(stream, 'write', (chunk: unknown) =>
    typeof chunk === 'string' ? into.push(chunk) > 0 : write(chunk),
  ).mock;
}

async function run(...args: readonly string[]) {
  const said: string[] = [];
  const complained: string[] = [];
  const out = catchText(process.stdout, said);
  const err = catchText(process.stderr, complained);
  try {
    const status = await titleAudit(args);
    return { status, said: said.join(''), complained: complained.join('') };
  } finally {
    out.restore();
    err.restore();
  }
}

const give = (serial: number) => transferOf([{ serial, from: ALICE, sequence: 0, to: plainly(BOB) }]);

describe('specie title audit', () => {
  test('of an honest server ends with 0, and says what there is', async () => {
    forger = honest();
    const { status, said, complained } = await run(url);
    assert.equal(complained, '');
    assert.match(said, /^ {2}Seats: 1108 titles, 1124 seat in all, of which 2 lie in the pool$/m);
    assert.match(said, /No fault was found\.\n$/);
    assert.equal(status, 0);
  });

  test('of a liar ends with 1 and lines that say FAULT', async () => {
    forger = honest().transfer([transferOf([{ serial: 9, from: ALICE, sequence: 2, to: POOL }])]);
    const { status, said } = await run(url);
    assert.match(said, /^FAULT log: group 6: transfer 1: title 9 was not held by who transfers it$/m);
    assert.doesNotMatch(said, /No fault/);
    assert.equal(status, 1);
  });

  test('keeps what it saw, finds a past that was rewritten, and keeps the evidence', async () => {
    const keep = fresh();
    forger = honest();
    const other = forger.fork();
    assert.equal((await run(url, '--keep', keep)).status, 0);
    const first = readFileSync(keep);
    forger.transfer([give(2)]);
    const grown = await run(url, '--keep', keep);
    assert.equal(grown.status, 0);
    assert.match(grown.said, /1 group of the log since group 5, which was checked before, each signed/);
    const second = readFileSync(keep);
    assert.notDeepEqual(second, first);
    forger = other.transfer([give(3)]).transfer([give(4)]);
    const rewritten = await run(url, '--keep', keep);
    assert.equal(rewritten.status, 1);
    assert.match(rewritten.said, /^FAULT log: group 7: it does not follow the group before/m);
    assert.deepEqual(readFileSync(keep), second);
    const compared = await run(url, '--compare', keep);
    assert.match(compared.said, /^FAULT kept: another audit saw another group 6/m);
  });

  test('says what a server has lost, ends with 1, and keeps nothing of the rest', async () => {
    const keep = fresh();
    forger = honest();
    forger.lost = 4;
    const { status, said } = await run(url, '--keep', keep);
    assert.equal(status, 1);
    assert.match(said, /^Not checked: the server has lost groups 1 to 4 of its log/m);
    assert.match(said, /^In what is left no fault was found\.$/m);
    assert.throws(() => readFileSync(keep));
  });

  test('looks for the titles of a wallet', async () => {
    const data = fresh();
    forger = honest();
    const wallet = await openTitlesIn(data);
    assert.ok(!(wallet instanceof Refusal));
    const added = await wallet.add(url);
    assert.ok(!(added instanceof Refusal));
    const address = await wallet.address(added.id);
    assert.ok(!(address instanceof Refusal));
    const parsed = readAddress(address);
    assert.ok(!(parsed instanceof Refusal));
    const [pseudonym] = parsed.pseudonyms;
    assert.ok(pseudonym !== undefined);
    const before = forger.fork();
    forger.issue(certificateOf(3, [...RANGES, { denomination: 2, count: 3, holder: pseudonym }]));
    await wallet.classes(added.id);
    assert.equal(wallet.titles().length, 3);
    await wallet.close();
    const { status, said, complained } = await run(url, '--data', data);
    assert.equal(complained, '');
    assert.match(said, /your 3 titles are in, as your wallet has them/);
    assert.equal(status, 0);
    forger = before;
    const without = await run(url, '--data', data);
    assert.equal(without.status, 1);
    assert.match(without.said, /^FAULT own titles: title 1109 .* stands in no range that was issued$/m);
    assert.match((await run(url, '--data', fresh())).complained, /holds no wallet of titles/);
  });

  test('used wrongly ends with 2, and without a server with 1', async () => {
    assert.equal((await run()).status, 2);
    assert.equal((await run(url, url)).status, 2);
    assert.equal((await run('--keep')).status, 2);
    assert.equal((await run('titles')).status, 1);
    assert.equal((await run(url, '--compare', fresh())).status, 1);
    const gone = await run('http://127.0.0.1:9/title');
    assert.equal(gone.status, 1);
    assert.match(gone.complained, /does not answer/);
  });

  test('does not take another file for one that it kept', async () => {
    forger = honest();
    const keep = fresh();
    writeFileSync(keep, 'my diary');
    const { status, complained } = await run(url, '--keep', keep);
    assert.equal(status, 1);
    assert.match(complained, /was not kept by an audit of titles/);
    assert.equal(readFileSync(keep, 'utf8'), 'my diary');
    assert.equal((await run(url, '--keep', root)).status, 1);
    assert.equal((await run(url, '--keep', join(root, 'none', 'kept'))).status, 1);
  });
});
