import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { LIMITS } from '../../base/limits.ts';
import { Refusal } from '../../base/refusal.ts';
import { ok } from '../../protocol/answers.ts';
import { encode } from '../../protocol/codec.ts';
import type { Cddc } from '../../protocol/documents.ts';
import { serveFrames } from '../../transports/frames/server.ts';
import { openFront } from './front.ts';

const folder = mkdtempSync(join(tmpdir(), 'specie-front-'));
after(() => {
  rmSync(folder, { recursive: true });
});

function currency(digit: string, cdd_location: string): Cddc {
  return {
    cdd: {
      additional_info: '',
      cdd_expiry_date: '2030-01-01T00:00:00.000',
      cdd_location,
      cdd_serial: 1,
      cdd_signing_date: '2026-01-01T00:00:00.000',
      currency_divisor: 1,
      currency_name: digit,
      denominations: [1],
      id: digit.repeat(64),
      info_service: [],
      invalidation_service: [],
      issuer_cipher_suite: 'RSA-SHA384-PSS-RFC9474',
      issuer_public_master_key: { modulus: 'ff', public_exponent: '3', type: 'rsa public key' },
      protocol_version: 'https://opencoin.org/1.0',
      renewal_service: [],
      type: 'cdd',
      validation_service: [],
    },
    signature: 'ff',
    type: 'cdd certificate',
  };
}

describe('a front', () => {
  test('serves all whose address it can read, and the first of two at one path', async () => {
    const path = join(folder, 'box');
    const currencies = [
      currency('1', 'http://['),
      currency('2', 'https://mint.example/a/'),
      currency('3', 'https://other.example/a/'),
      currency('4', 'https://mint.example/'),
    ];
    const answer = encode({ ...ok(0), currencies, type: 'response currencies' });
    const box = await serveFrames(
      {
        answer: () => Promise.resolve(answer),
        failed: (error) => {
          throw error;
        },
      },
      { path, messageBytes: LIMITS.messageBytes },
    );
    const front = await openFront({
      boxSocket: path,
      bankSocket: undefined,
      bug: (error) => {
        throw error;
      },
    });
    assert.ok(!(front instanceof Refusal), front instanceof Refusal ? front.details : '');
    assert.deepEqual(
      ['/a/', '/', '/b/'].map((each) => front.at(each)?.currency_name),
      ['2', '4', undefined],
    );
    assert.equal(front.currencies().length, 2);
    front.close();
    await box.close();
  });
});
