import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Decrypter, Encrypter } from 'age-encryption';
import { accepted } from '../../base/accepted.test-helper.ts';
import { Refusal } from '../../base/refusal.ts';
import { isRecipient, makeAgeIdentity, readSnapshot, writeSnapshot } from './snapshot.ts';

const root = mkdtempSync(join(tmpdir(), 'specie-snapshot-'));
after(() => rmSync(root, { recursive: true }));

let folders = 0;
function fresh(): string {
  const folder = join(root, `${folders++}`);
  mkdirSync(folder);
  return folder;
}

const SECRET = new Uint8Array(randomBytes(32));
const HEADER = { box: 'first', sequence: 7, made: 1_700_000_000_000, of: { currencies: ['Überkronen'] } };

const [ada, bert, eve] = [await makeAgeIdentity(), await makeAgeIdentity(), await makeAgeIdentity()];
const source = join(root, 'source.sqlite');

before(() => {
  const database = new DatabaseSync(join(root, 'live.sqlite'));
  database.exec('CREATE TABLE coin (id TEXT, blob BLOB)');
  const insert = database.prepare('INSERT INTO coin VALUES (?, ?)');
  for (let number = 0; number < 100; number++) insert.run(`coin ${number}`, randomBytes(2_000));
  database.prepare('VACUUM INTO ?').run(source);
  database.close();
});

/** A snapshot for Ada and Bert. */
async function snapshotIn(folder: string, from = source): Promise<string> {
  const target = join(folder, 'snapshot.age');
  const recipients = [ada.recipient, bert.recipient];
  const written = accepted(
    await writeSnapshot({ source: from, header: HEADER, secret: SECRET, recipients, target }),
  );
  const bytes = readFileSync(target);
  assert.deepEqual(written, {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    bytes: bytes.length,
  });
  return target;
}

async function assertRefused(file: string, identity: string, name: string, words: RegExp): Promise<void> {
  const folder = fresh();
  const refusal = await readSnapshot({ file, identity, target: join(folder, 'books.sqlite') });
  assert.ok(refusal instanceof Refusal, 'a refusal was due');
  assert.equal(refusal.name, name);
  assert.match(refusal.details, words);
  assert.ok(!refusal.details.includes(identity.slice(16)));
  assert.deepEqual(readdirSync(folder), [], 'nothing of a snapshot that was refused is left');
}

describe('a snapshot', () => {
  it('is read by each of its recipients alone, to the same bytes', async () => {
    const folder = fresh();
    const file = await snapshotIn(folder);
    for (const [name, { identity }] of Object.entries({ ada, bert })) {
      const target = join(folder, `${name}.sqlite`);
      const { header, secret } = accepted(await readSnapshot({ file, identity: `${identity}\n`, target }));
      assert.deepEqual(header, HEADER);
      assert.deepEqual(secret, SECRET);
      assert.ok(readFileSync(target).equals(readFileSync(source)));
      assert.equal(statSync(target).mode & 0o777, 0o600);
      const database = new DatabaseSync(target);
      assert.equal(database.prepare('SELECT count(*) AS total FROM coin').get()?.['total'], 100);
      database.close();
    }
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder).sort(), ['ada.sqlite', 'bert.sqlite', 'snapshot.age']);
  });

  it('may be of a file of any length', async () => {
    for (const length of [0, 1, 65_535, 65_536, 65_537, 131_072]) {
      const folder = fresh();
      const from = join(folder, 'from');
      writeFileSync(from, randomBytes(length));
      const file = await snapshotIn(folder, from);
      const target = join(folder, 'target');
      accepted(await readSnapshot({ file, identity: ada.identity, target }));
      assert.ok(readFileSync(target).equals(readFileSync(from)));
    }
  });

  it('holds nothing in clear', async () => {
    const bytes = readFileSync(await snapshotIn(fresh()));
    const hex = Buffer.from(SECRET).toString('hex');
    for (const clear of [
      Buffer.from(SECRET),
      hex,
      'SQLite format',
      'CREATE TABLE',
      'sequence',
      'specie snapshot',
    ])
      assert.equal(bytes.indexOf(clear), -1);
  });

  it('is refused to any other identity', async () => {
    const file = await snapshotIn(fresh());
    await assertRefused(file, eve.identity, 'unauthorised', /is not for this identity/);
    await assertRefused(file, ada.recipient, 'malformed', /no age identity/);
    await assertRefused(file, `${eve.identity.slice(0, -1)}!`, 'malformed', /no age identity/);
  });

  it('is refused when it was cut, wherever', async () => {
    const file = await snapshotIn(fresh());
    const bytes = readFileSync(file);
    const chunk = 65_536 + 16;
    const cuts = [0, 1, 21, 22, 100, 300, 500, chunk, bytes.length - 17, bytes.length - 16, bytes.length - 1];
    // An age file that ends where a chunk of its stream ends is the cut that is hardest to see.
    const stream = bytes.indexOf('\n', bytes.indexOf('\n--- ') + 1) + 1 + 16;
    for (const at of [...cuts, stream - 16, stream, stream + chunk, stream + 2 * chunk]) {
      const cut = join(fresh(), 'cut.age');
      writeFileSync(cut, bytes.subarray(0, at));
      await assertRefused(cut, ada.identity, 'malformed', /damaged|cut/);
    }
    const longer = join(fresh(), 'longer.age');
    writeFileSync(longer, Buffer.concat([bytes, Buffer.of(0)]));
    await assertRefused(longer, ada.identity, 'malformed', /damaged/);
  });

  it('is refused when a byte was changed, wherever', async () => {
    const bytes = readFileSync(await snapshotIn(fresh()));
    const places = new Set([bytes.length - 1, bytes.length - 20]);
    // The head wholly, the rest here and there.
    for (let at = 0; at < bytes.length; at += at < 420 ? 7 : 14_983) places.add(at);
    for (const at of places) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1;
      const file = join(fresh(), 'damaged.age');
      writeFileSync(file, damaged);
      const target = join(root, 'never');
      const refusal = await readSnapshot({ file, identity: ada.identity, target });
      assert.ok(refusal instanceof Refusal, `the byte at ${at} was changed unnoticed`);
      assert.ok(['malformed', 'unauthorised'].includes(refusal.name));
      assert.deepEqual([existsSync(target), existsSync(`${target}.partial`)], [false, false]);
    }
  });

  it('is refused when what was encrypted is none, though age says it is whole', async () => {
    const content = await contentOf(await snapshotIn(fresh()));
    const headLength = content.readUInt32BE(18);
    const withHead = (json: string): Buffer => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(json.length);
      const body = Buffer.concat([
        content.subarray(0, 18),
        length,
        Buffer.from(json),
        content.subarray(22 + headLength, -32),
      ]);
      return Buffer.concat([body, createHash('sha256').update(body).digest()]);
    };
    const huge = Buffer.from(content);
    huge.writeUInt32BE(0xffff_ffff, 18);
    const flipped = Buffer.from(content);
    flipped[content.length - 40]! ^= 1;
    const bytes = statSync(source).size;
    const wrong = {
      empty: Buffer.of(),
      text: Buffer.from('what somebody encrypted to our recipient'),
      'another version': Buffer.concat([Buffer.from('specie snapshot 2\n'), content.subarray(18)]),
      'a huge head': huge,
      'a byte of the database': flipped,
      'no trailer': content.subarray(0, -32),
      'more after it': Buffer.concat([content, Buffer.of(0)]),
      'no object': withHead('7'),
      'no header': withHead(`{"secret":"00","bytes":${bytes}}`),
      'a longer database': withHead(`{"header":{},"secret":"00","bytes":${bytes + 40}}`),
      'a shorter database': withHead(`{"header":{},"secret":"00","bytes":${bytes - 1}}`),
      'a database of no length': withHead('{"header":{},"secret":"00","bytes":-1}'),
      'a secret that is none': withHead(`{"header":{},"secret":"zz","bytes":${bytes}}`),
      'a field too many': withHead(`{"header":{},"secret":"00","bytes":${bytes},"more":1}`),
    };
    for (const [what, plain] of Object.entries(wrong)) {
      const file = join(fresh(), `${what}.age`);
      writeFileSync(file, await encrypted(plain));
      await assertRefused(file, ada.identity, 'malformed', /./);
    }
    const right = join(fresh(), 'right.age');
    writeFileSync(right, await encrypted(withHead(`{"header":{},"secret":"00","bytes":${bytes}}`)));
    const read = accepted(
      await readSnapshot({ file: right, identity: ada.identity, target: join(fresh(), 'x') }),
    );
    assert.deepEqual(read, { header: {}, secret: Uint8Array.of(0) });
  });
});

describe('writing and reading a snapshot', () => {
  const parts = { source, header: HEADER, secret: SECRET };

  it('never writes over a file, and clears away what an attempt before left', async () => {
    const folder = fresh();
    const file = await snapshotIn(folder);
    const before = readFileSync(file);
    const again = await writeSnapshot({ ...parts, recipients: [ada.recipient], target: file });
    assert.ok(again instanceof Refusal && again.name === 'not possible');
    assert.ok(readFileSync(file).equals(before));
    const over = await readSnapshot({ file, identity: ada.identity, target: file });
    assert.ok(over instanceof Refusal && over.name === 'not possible');
    writeFileSync(join(folder, 'books.partial'), 'half of something', { mode: 0o666 });
    accepted(await readSnapshot({ file, identity: ada.identity, target: join(folder, 'books') }));
    assert.equal(statSync(join(folder, 'books')).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder).sort(), ['books', 'snapshot.age']);
  });

  it('refuses recipients that are none, and makes no file', async () => {
    const folder = fresh();
    const target = join(folder, 'snapshot.age');
    // The point of order one as a recipient: well written, and every secret with it is zero.
    const zero = 'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z';
    assert.ok(isRecipient(zero), 'what it is worth shows only when something is encrypted to it');
    for (const recipients of [
      [],
      ['age1'],
      [ada.recipient, ada.identity],
      [zero],
      Array<string>(33).fill(ada.recipient),
    ]) {
      const refusal = await writeSnapshot({ ...parts, recipients, target });
      assert.ok(refusal instanceof Refusal && refusal.name === 'malformed');
      assert.ok(!refusal.details.includes(ada.identity.slice(16)), 'an identity is in an error');
    }
    assert.deepEqual(readdirSync(folder), []);
  });

  it('refuses folders and files that are not there', async () => {
    const target = join(root, 'no folder', 'snapshot.age');
    const unwritable = await writeSnapshot({ ...parts, recipients: [ada.recipient], target });
    assert.ok(unwritable instanceof Refusal && unwritable.name === 'not possible');
    assert.match(unwritable.details, /ENOENT/);
    await assertRefused(join(root, 'no file'), ada.identity, 'not possible', /ENOENT/);
    const file = await snapshotIn(fresh());
    const unplaced = await readSnapshot({ file, identity: ada.identity, target });
    assert.ok(unplaced instanceof Refusal && unplaced.name === 'not possible');
    await assert.rejects(
      writeSnapshot({ ...parts, source: join(root, 'none'), recipients: [ada.recipient], target }),
    );
  });

  it('throws for a header that could not be read again, and leaves nothing', async () => {
    const folder = fresh();
    const recipients = [ada.recipient];
    for (const header of [{ ratio: 0.5 }, { long: 'x'.repeat(1_100_000) }]) {
      const target = join(folder, 'snapshot.age');
      await assert.rejects(writeSnapshot({ ...parts, header, recipients, target }), /header cannot be read/);
    }
    assert.deepEqual(readdirSync(folder), []);
  });

  it('knows a recipient from anything else', () => {
    assert.ok(isRecipient(ada.recipient));
    const others = [
      '',
      'age1',
      ada.identity,
      ada.recipient.slice(0, -1),
      `${ada.recipient} `,
      ada.recipient.toUpperCase(),
    ];
    for (const text of [...others, 'ssh-ed25519 AAAA']) assert.ok(!isRecipient(text), text);
    assert.match(ada.identity, /^AGE-SECRET-KEY-1[0-9A-Z]{58}$/);
    assert.notEqual(ada.identity, bert.identity);
  });

  it('holds a small part of a file of 50 MB in memory', async () => {
    const folder = fresh();
    const from = join(folder, 'large');
    const file = openSync(from, 'wx');
    for (let each = 0; each < 50; each++) writeSync(file, randomBytes(1_048_576));
    closeSync(file);
    const snapshot = join(folder, 'large.age');
    const target = join(folder, 'restored');
    const most = await mostHeld(async () => {
      const recipients = [ada.recipient];
      accepted(await writeSnapshot({ ...parts, source: from, recipients, target: snapshot }));
      accepted(await readSnapshot({ file: snapshot, identity: ada.identity, target }));
    });
    assert.ok(most < 8 * 1_048_576, `${most} bytes were held at once`);
    const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
    assert.equal(sha256(target), sha256(from));
  });
});

/** The most bytes of buffers that are held at once while something works, beyond those before it. */
async function mostHeld(work: () => Promise<void>): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const held = (): number => {
    collect();
    return process.memoryUsage().arrayBuffers;
  };
  const start = held();
  const samples: number[] = [];
  const sampling = setInterval(() => samples.push(held() - start), 20);
  try {
    await work();
  } finally {
    clearInterval(sampling);
  }
  assert.ok(samples.length >= 5, 'it was looked at while it worked');
  return Math.max(...samples);
}

async function encrypted(plain: Uint8Array): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(ada.recipient);
  return encrypter.encrypt(plain);
}

/** What is within a snapshot's encryption, by the library alone. */
async function contentOf(file: string): Promise<Buffer> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(ada.identity);
  return Buffer.from(await decrypter.decrypt(new Uint8Array(readFileSync(file))));
}

describe('snapshots and the age program', () => {
  const missing = spawnSync('age', ['--version']).error !== undefined;
  const skip = missing ? 'there is no age program here (apt-get install age)' : false;

  function age(program: string, values: readonly string[], input?: Uint8Array): Buffer {
    const { status, stdout, stderr } = spawnSync(program, values, { input, maxBuffer: 16 * 1_048_576 });
    assert.equal(status, 0, stderr.toString());
    return stdout;
  }

  it('a snapshot opens with it, and holds what its format says', { skip }, async () => {
    const folder = fresh();
    const file = await snapshotIn(folder);
    writeFileSync(join(folder, 'identity'), `${bert.identity}\n`, { mode: 0o600 });
    const content = age('age', ['--decrypt', '--identity', join(folder, 'identity'), file]);
    assert.equal(content.subarray(0, 18).toString(), 'specie snapshot 1\n');
    const length = content.readUInt32BE(18);
    assert.deepEqual(JSON.parse(content.subarray(22, 22 + length).toString()), {
      header: HEADER,
      secret: Buffer.from(SECRET).toString('hex'),
      bytes: statSync(source).size,
    });
    assert.ok(content.subarray(22 + length, -32).equals(readFileSync(source)));
    assert.ok(createHash('sha256').update(content.subarray(0, -32)).digest().equals(content.subarray(-32)));
  });

  it('what it encrypted is read, with identities that it made', { skip }, async () => {
    const folder = fresh();
    const identity = /AGE-SECRET-KEY-1\w+/.exec(age('age-keygen', []).toString())![0];
    const recipient = age('age-keygen', ['-y'], Buffer.from(identity)).toString().trim();
    assert.ok(isRecipient(recipient));
    const ours = age('age-keygen', ['-y'], Buffer.from(ada.identity)).toString().trim();
    assert.equal(ours, ada.recipient);
    const content = await contentOf(await snapshotIn(folder));
    const theirs = join(folder, 'theirs.age');
    age('age', ['--recipient', recipient, '--output', theirs], content);
    const target = join(folder, 'target');
    const { secret } = accepted(await readSnapshot({ file: theirs, identity, target }));
    assert.deepEqual(secret, SECRET);
    assert.ok(readFileSync(target).equals(readFileSync(source)));
  });
});
