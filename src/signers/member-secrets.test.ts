import assert from 'node:assert/strict';
import { argon2Sync } from 'node:crypto';
import { describe, it } from 'node:test';
import { utf8 } from '../base/bytes.ts';
import { memberSecrets } from './member-secrets.ts';

const CHEAP = { memory: 32, passes: 1 };
const SALT = new Uint8Array(16).fill(2);
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

describe("a host's secrets: stretching", () => {
  it('is argon2id as RFC 9106, 5.3 has it', () => {
    const tag = argon2Sync('argon2id', {
      message: Buffer.alloc(32, 1),
      nonce: Buffer.alloc(16, 2),
      secret: Buffer.alloc(8, 3),
      associatedData: Buffer.alloc(12, 4),
      parallelism: 4,
      tagLength: 32,
      memory: 32,
      passes: 3,
    });
    assert.equal(tag.toString('hex'), '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659');
  });

  it("takes RFC 9106's second recommended option unless another is named", async () => {
    const expected = argon2Sync('argon2id', {
      message: 'pässword',
      nonce: SALT,
      parallelism: 4,
      tagLength: 32,
      memory: 65_536,
      passes: 3,
    });
    assert.equal(hex(await memberSecrets().stretch('pässword', SALT)), expected.toString('hex'));
    assert.notEqual(hex(await memberSecrets(CHEAP).stretch('pässword', SALT)), expected.toString('hex'));
  });

  it('needs password and salt to the last bit', async () => {
    const secrets = memberSecrets(CHEAP);
    const one = hex(await secrets.stretch('password', SALT));
    assert.equal(hex(await secrets.stretch('password', SALT)), one);
    assert.notEqual(hex(await secrets.stretch('passwore', SALT)), one);
    assert.notEqual(hex(await secrets.stretch('password', SALT.with(15, 3))), one);
    await assert.rejects(secrets.stretch('password', SALT.subarray(1)), RangeError);
  });

  it('lets two run and a hundred wait, in order, and sends away who comes then', async () => {
    const secrets = memberSecrets(CHEAP);
    const through: number[] = [];
    const asked = Array.from({ length: 103 }, async (_, index) => {
      const key = await secrets.stretch(`password ${index}`, SALT);
      if (key !== undefined) through.push(index);
      return key;
    });
    assert.equal(await asked[102], undefined);
    assert.equal(through.length, 0, 'whoever is sent away is told at once');
    assert.ok((await Promise.all(asked.slice(0, 102))).every((key) => key?.length === 32));
    // Two run at once: when one is done, of all who came before it one other can still be at it, never two.
    for (const [place, index] of through.entries()) {
      const overtaken = through.slice(place + 1).filter((later) => later < index);
      assert.ok(overtaken.length <= 1, `${index} overtook ${overtaken.join(', ')}`);
    }
    assert.ok((await secrets.stretch('later', SALT)) !== undefined, 'there is room again');
  });

  it('gives the place on when one fails', async () => {
    const secrets = memberSecrets(CHEAP);
    const failing = Array.from({ length: 5 }, () => secrets.stretch('password', new Uint8Array(1)));
    await Promise.allSettled(failing);
    assert.ok((await secrets.stretch('password', SALT)) !== undefined);
  });
});

describe("a host's secrets: sealing", () => {
  const secrets = memberSecrets(CHEAP);
  const key = new Uint8Array(32).fill(7);

  it('opens under its key and name only', () => {
    const sealed = secrets.seal(key, 'one', utf8('what is sealed'));
    assert.equal(sealed.length, 'what is sealed'.length + 29);
    assert.equal(Buffer.from(secrets.open(key, 'one', sealed) ?? []).toString(), 'what is sealed');
    assert.equal(secrets.open(key, 'two', sealed), undefined);
    assert.equal(secrets.open(key.with(0, 8), 'one', sealed), undefined);
    for (let place = 0; place < sealed.length; place++) {
      const damaged = sealed.with(place, (sealed[place] ?? 0) ^ 1);
      assert.equal(secrets.open(key, 'one', damaged), undefined, `byte ${place}`);
    }
  });

  it('makes of one key another for each use', () => {
    assert.notEqual(hex(secrets.subkey(key, 'one')), hex(secrets.subkey(key, 'two')));
    assert.equal(secrets.subkey(key, 'one').length, 32);
  });

  it('hashes by SHA-256', () => {
    assert.equal(
      secrets.hash(utf8('abc')),
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('seals to a recipient what its identity alone opens', async () => {
    const [ada, ben] = [await secrets.newIdentity(), await secrets.newIdentity()];
    assert.match(ada.recipient, /^age1/);
    const sealed = await secrets.sealTo(ada.recipient, utf8('what nobody else reads'));
    assert.ok(!Buffer.from(sealed).includes('nobody else'));
    assert.equal(
      Buffer.from((await secrets.openWith(ada.identity, sealed)) ?? []).toString(),
      'what nobody else reads',
    );
    assert.equal(await secrets.openWith(ben.identity, sealed), undefined);
    assert.equal(await secrets.openWith(ada.identity, sealed.subarray(0, -1)), undefined);
    assert.equal(await secrets.openWith(ada.identity, new Uint8Array(0)), undefined);
  });
});
