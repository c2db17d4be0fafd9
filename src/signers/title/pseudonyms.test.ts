import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import { publicKeyOfSeed, signWithSeed } from './pseudonyms.ts';
import { verifyTitleSignature } from './signature.ts';

it('a seed has the key and the signature of RFC 8032 (§7.1, test 2)', () => {
  const seed = hexToBytes('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
  const key = publicKeyOfSeed(seed);
  assert.equal(bytesToHex(key), '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  const signature = signWithSeed(seed, Uint8Array.of(0x72));
  assert.equal(
    bytesToHex(signature),
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );
  assert.ok(verifyTitleSignature(key, Uint8Array.of(0x72), signature));
  assert.throws(() => publicKeyOfSeed(seed.subarray(1)), RangeError);
});
