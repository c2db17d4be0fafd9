import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { accepted } from '../../base/accepted.test-helper.ts';
import { utf8 } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import type { Unlock, Vault } from './vault.ts';
import { changeUnlock, createVault, hasVault, openMemoryVault, openVault } from './vault.ts';

const root = mkdtempSync(join(tmpdir(), 'specie-vault-'));
after(() => rmSync(root, { recursive: true }));

let folders = 0;
const fresh = (): string => join(root, `${folders++}`, 'box');
const keyIn = (folder: string, name = 'key'): { keyFile: string } => ({
  keyFile: join(folder, '..', 'keys', name),
});

const PASSPHRASE = 'korrekt pferd batterie é';
const SECRET = utf8('a private key, in PKCS #8 DER');

function isRefused(value: unknown, name: string, words: RegExp): void {
  assert.ok(value instanceof Refusal, 'a refusal was due');
  assert.equal(value.name, name);
  assert.match(value.details, words);
}

describe('sealing', () => {
  const vault = openMemoryVault();
  const bytes = fc.uint8Array({ maxLength: 200 });

  it('opens what was sealed, under its name, and never seals twice to the same bytes', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), bytes, (name, secret) => {
        const sealed = vault.seal(name, secret);
        assert.equal(sealed.length, secret.length + 29);
        assert.deepEqual(vault.open(name, sealed), new Uint8Array(secret));
        assert.notDeepEqual(vault.seal(name, secret), sealed);
      }),
    );
  });

  it('notices damage to any byte, a byte less and a byte more', () => {
    const sealed = vault.seal('key', SECRET);
    for (let at = 0; at < sealed.length; at++) {
      for (const bit of [1, 2, 4, 8, 16, 32, 64, 128]) {
        const damaged = sealed.slice();
        damaged[at]! ^= bit;
        assert.throws(() => vault.open('key', damaged), /damaged or from another box/);
      }
      assert.throws(() => vault.open('key', sealed.subarray(0, at)), /damaged/);
      assert.throws(() => vault.open('key', sealed.subarray(at + 1)), /damaged/);
    }
    assert.throws(() => vault.open('key', Uint8Array.of(...sealed, 0)), /damaged/);
  });

  it('opens under no other name and in no other box', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), bytes, (name, other, secret) => {
        fc.pre(name !== other);
        assert.throws(() => vault.open(other, vault.seal(name, secret)), /damaged or from another box/);
      }),
    );
    assert.throws(() => openMemoryVault().open('key', vault.seal('key', SECRET)), /another box/);
  });

  it('gives away a copy of the data key, not its own', () => {
    const sealed = vault.seal('key', SECRET);
    vault.exportKey().fill(0);
    assert.deepEqual(vault.open('key', sealed), SECRET);
  });
});

describe('a vault under a passphrase', () => {
  const folder = fresh();
  let vault: Vault;
  before(() => (vault = accepted(createVault(folder, { passphrase: PASSPHRASE }))));

  it('opens with it, however its letters were composed, and holds the same key', () => {
    const sealed = vault.seal('key', SECRET);
    const again = accepted(openVault(folder, { passphrase: PASSPHRASE.normalize('NFD') }));
    assert.deepEqual(again.open('key', sealed), SECRET);
    assert.deepEqual(again.exportKey(), vault.exportKey());
  });

  it('refuses another, and a key file, saying which was wrong and repeating neither', () => {
    const wrong = openVault(folder, { passphrase: `${PASSPHRASE} ` });
    isRefused(wrong, 'unauthorised', /^the passphrase is not the one/);
    assert.ok(wrong instanceof Refusal && !wrong.toString().includes('pferd'));
    isRefused(
      openVault(folder, keyIn(folder)),
      'unauthorised',
      /opens with a passphrase, not with a key file/,
    );
    assert.ok(!existsSync(keyIn(folder).keyFile), 'opening makes no key file');
  });

  it('is never written over', () => {
    const text = readFileSync(join(folder, 'vault.json'), 'utf8');
    isRefused(createVault(folder, keyIn(folder)), 'not possible', /already/);
    assert.equal(readFileSync(join(folder, 'vault.json'), 'utf8'), text);
  });

  it('refuses a new passphrase that is short, counting characters', () => {
    const short = fresh();
    isRefused(createVault(short, { passphrase: '\u{1f4b6}'.repeat(11) }), 'not possible', /12 characters/);
    isRefused(createVault(short, { passphrase: 'é'.normalize('NFD').repeat(11) }), 'not possible', /12/);
    assert.ok(!hasVault(short));
    isRefused(
      changeUnlock(folder, { passphrase: PASSPHRASE }, { passphrase: 'short' }),
      'not possible',
      /12/,
    );
  });
});

describe('a vault under a key file', () => {
  it('makes the file where there is none, and opens with it', () => {
    const folder = fresh();
    assert.ok(!hasVault(folder));
    const vault = accepted(createVault(folder, keyIn(folder)));
    assert.ok(hasVault(folder));
    assert.match(readFileSync(keyIn(folder).keyFile, 'utf8'), /^[0-9a-f]{64}\n$/);
    const again = accepted(openVault(folder, keyIn(folder)));
    assert.deepEqual(again.open('key', vault.seal('key', SECRET)), SECRET);
  });

  it('uses a file that is there and leaves it as it is', () => {
    const folder = fresh();
    accepted(createVault(folder, keyIn(folder)));
    const digits = readFileSync(keyIn(folder).keyFile, 'utf8');
    const second = join(folder, 'second');
    accepted(createVault(second, keyIn(folder)));
    accepted(openVault(second, keyIn(folder)));
    assert.equal(readFileSync(keyIn(folder).keyFile, 'utf8'), digits);
  });

  it('refuses a wrong, a missing and an unsuitable file, and a passphrase', () => {
    const folder = fresh();
    const { keyFile } = keyIn(folder);
    accepted(createVault(folder, { keyFile }));
    accepted(createVault(fresh(), keyIn(folder, 'other')));
    isRefused(openVault(folder, keyIn(folder, 'other')), 'unauthorised', /^the key file is not the one/);
    isRefused(openVault(folder, keyIn(folder, 'missing')), 'not possible', /cannot be read \(ENOENT\)/);
    isRefused(openVault(folder, { keyFile: root }), 'not possible', /may not|cannot be read|no key file/);
    isRefused(openVault(folder, { passphrase: PASSPHRASE }), 'unauthorised', /with a key file, not with a/);
    chmodSync(keyFile, 0o640);
    isRefused(openVault(folder, { keyFile }), 'not possible', /chmod 600/);
    chmodSync(keyFile, 0o600);
    const digits = readFileSync(keyFile, 'utf8');
    for (const text of [
      '',
      digits.slice(1),
      digits.toUpperCase(),
      ` ${digits}`,
      `${digits}\n`,
      'x'.repeat(64),
    ]) {
      writeFileSync(keyFile, text);
      isRefused(openVault(folder, { keyFile }), 'not possible', /no key file/);
      isRefused(createVault(fresh(), { keyFile }), 'not possible', /no key file/);
    }
    const below = { keyFile: join(keyFile, 'below') };
    isRefused(createVault(fresh(), below), 'not possible', /cannot be made \(E/);
  });
});

describe('the folder of a vault', () => {
  it('is refused where there is no vault', () => {
    isRefused(openVault(fresh(), { passphrase: PASSPHRASE }), 'not possible', /^there is no vault in/);
    isRefused(changeUnlock(fresh(), keyIn(root), keyIn(root)), 'not possible', /^there is no vault in/);
  });

  it('is named when any byte of its file was damaged, rather than the key', () => {
    const folder = fresh();
    accepted(createVault(folder, keyIn(folder)));
    const path = join(folder, 'vault.json');
    const good = readFileSync(path);
    const others = [
      good.subarray(0, -1),
      Buffer.concat([good, Buffer.from('\n')]),
      Buffer.from('null'),
      Buffer.of(),
    ];
    const flipped = Array.from(good, (byte, at) => {
      const damaged = Buffer.from(good);
      damaged[at] = byte ^ (1 + (at % 255));
      return damaged;
    });
    for (const damaged of [...others, ...flipped]) {
      writeFileSync(path, damaged);
      isRefused(openVault(folder, keyIn(folder)), 'not possible', /vault\.json is damaged/);
    }
    writeFileSync(path, good);
    accepted(openVault(folder, keyIn(folder)));
  });

  it('and its files are their owner’s alone', () => {
    const folder = fresh();
    accepted(createVault(folder, keyIn(folder)));
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.equal(statSync(join(folder, 'vault.json')).mode & 0o777, 0o600);
    assert.equal(statSync(keyIn(folder).keyFile).mode & 0o777, 0o600);
    assert.equal(changeUnlock(folder, keyIn(folder), keyIn(folder, 'next')), undefined);
    assert.equal(statSync(join(folder, 'vault.json')).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(folder), ['vault.json']);
    assert.deepEqual(readdirSync(join(folder, '..', 'keys')), ['key', 'next']);
  });

  it('takes the data key of a backup', () => {
    const [folder, restored] = [fresh(), fresh()];
    const vault = accepted(createVault(folder, keyIn(folder)));
    const sealed = vault.seal('key', SECRET);
    accepted(createVault(restored, keyIn(restored), vault.exportKey()));
    assert.deepEqual(accepted(openVault(restored, keyIn(restored))).open('key', sealed), SECRET);
    assert.throws(() => createVault(fresh(), keyIn(restored), new Uint8Array(31)), /32 bytes/);
  });

  it('holds neither passphrase nor data key nor secret in clear, before and after a change', () => {
    const folder = fresh();
    const vault = accepted(createVault(folder, keyIn(folder)));
    const digits = readFileSync(keyIn(folder).keyFile);
    writeFileSync(join(folder, 'books'), vault.seal('currency mint key', SECRET));
    const absent = [
      PASSPHRASE,
      vault.exportKey(),
      SECRET,
      digits.subarray(0, 64),
      Buffer.from(digits.toString(), 'hex'),
    ];
    assertAbsent(folder, absent);
    assert.equal(changeUnlock(folder, keyIn(folder), { passphrase: PASSPHRASE }), undefined);
    assertAbsent(folder, absent);
    const again = accepted(openVault(folder, { passphrase: PASSPHRASE }));
    assert.deepEqual(again.open('currency mint key', readFileSync(join(folder, 'books'))), SECRET);
    isRefused(openVault(folder, keyIn(folder)), 'unauthorised', /with a passphrase, not with a key file/);
  });
});

/** No file of the folder holds any of these, as they are or as text. */
function assertAbsent(folder: string, secrets: readonly (string | Uint8Array)[]): void {
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name));
    for (const secret of secrets) {
      const bytes = Buffer.from(typeof secret === 'string' ? utf8(secret) : secret);
      const forms = [bytes, ...(['hex', 'base64', 'base64url'] as const).map((form) => bytes.toString(form))];
      for (const form of forms) assert.equal(text.indexOf(form), -1, `${name} holds a secret`);
      assert.equal(text.indexOf(bytes.toString('hex').toUpperCase()), -1);
    }
  }
}

/** Runs a call of the vault's in a process that dies at its `step`-th call of the disk's, in the middle of a write; false when it got through. */
function diesAt(step: number, call: string): boolean {
  const script = `
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    let left = ${step};
    for (const name of ['openSync', 'writeFileSync', 'fsyncSync', 'linkSync', 'renameSync', 'rmSync', 'mkdirSync']) {
      const original = fs[name];
      fs[name] = (...values) => {
        if (--left === 0) {
          if (name === 'writeFileSync') original(values[0], values[1].slice(0, values[1].length / 2));
          process.kill(process.pid, 'SIGKILL');
        }
        return original(...values);
      };
    }
    syncBuiltinESMExports();
    const { createVault, changeUnlock } = await import(${JSON.stringify(new URL('vault.ts', import.meta.url).href)});
    ${call}
  `;
  const { signal, status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
  assert.ok(signal === 'SIGKILL' || status === 0, stderr.toString());
  return signal === 'SIGKILL';
}

describe('a vault whose process dies', () => {
  const opens = (folder: string, unlock: Unlock): boolean => !(openVault(folder, unlock) instanceof Refusal);

  it('in a change opens with what opened it before or with the next, and can be changed again', () => {
    const folder = fresh();
    const vault = accepted(createVault(folder, keyIn(folder, '0')));
    const outcomes = new Set<string>();
    let step = 0;
    for (let died = true; died;) {
      const [from, to] = [keyIn(folder, `${step}`), keyIn(folder, `${step + 1}`)];
      died = diesAt(
        ++step,
        `changeUnlock(${[folder, from, to].map((each) => JSON.stringify(each)).join(', ')});`,
      );
      const [old, next] = [opens(folder, from), existsSync(to.keyFile) && opens(folder, to)];
      assert.ok(old !== next, `after step ${step} the vault opens with exactly one of the two`);
      outcomes.add(old ? 'old' : 'next');
      if (old) assert.equal(changeUnlock(folder, from, to), undefined);
      assert.deepEqual(accepted(openVault(folder, to)).exportKey(), vault.exportKey());
      assert.deepEqual(readdirSync(folder), ['vault.json'], 'nothing of the change that failed is left');
    }
    assert.ok(step > 10, 'every step was tried');
    assert.deepEqual([...outcomes].sort(), ['next', 'old']);
  });

  it('while it is made leaves one that opens, or none', () => {
    let step = 0;
    for (let died = true; died;) {
      const folder = fresh();
      const unlock = keyIn(folder);
      died = diesAt(++step, `createVault(${JSON.stringify(folder)}, ${JSON.stringify(unlock)});`);
      if (!hasVault(folder)) accepted(createVault(folder, unlock));
      assert.ok(opens(folder, unlock), `after step ${step}`);
    }
    assert.ok(step > 10, 'every step was tried');
  });
});
