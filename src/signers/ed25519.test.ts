import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { hexToBytes } from '../base/bytes.ts';
import { makeCashierKey, signEd25519, verifyEd25519 } from './ed25519.ts';

describe('a cashier', () => {
  it('signs as RFC 8032 §7.1, test 1, has it', () => {
    const secret = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
    const publicKey = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
    const signature =
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b';
    // RFC 8410 §7: the PKCS #8 frame around the 32 bytes.
    const der = hexToBytes(`302e020100300506032b657004220420${secret}`);
    assert.equal(signEd25519(der, new Uint8Array(0)), signature);
    assert.ok(verifyEd25519(publicKey, new Uint8Array(0), signature));
  });

  it('makes keys whose signatures hold for one key and one text only', () => {
    const [one, other] = [makeCashierKey(), makeCashierKey()];
    const bytes = new Uint8Array(randomBytes(100));
    const signature = signEd25519(one.secret, bytes);
    assert.match(one.publicKey, /^[0-9a-f]{64}$/);
    assert.match(signature, /^[0-9a-f]{128}$/);
    assert.ok(verifyEd25519(one.publicKey, bytes, signature));
    assert.equal(verifyEd25519(other.publicKey, bytes, signature), false);
    assert.equal(verifyEd25519(one.publicKey, bytes.subarray(1), signature), false);
    assert.equal(verifyEd25519(one.publicKey, bytes, signEd25519(other.secret, bytes)), false);
  });

  it('is not taken in by what is no key or no signature', () => {
    const { publicKey, secret } = makeCashierKey();
    const bytes = new Uint8Array(randomBytes(100));
    const signature = signEd25519(secret, bytes);
    for (const key of [
      '',
      publicKey.slice(2),
      `${publicKey}00`,
      publicKey.toUpperCase(),
      'g'.repeat(64),
      'f'.repeat(64),
    ]) {
      assert.equal(verifyEd25519(key, bytes, signature), false);
    }
    for (const text of [
      '',
      signature.slice(2),
      `${signature}00`,
      signature.toUpperCase(),
      'g'.repeat(128),
      '0'.repeat(128),
    ]) {
      assert.equal(verifyEd25519(publicKey, bytes, text), false);
    }
  });
});
