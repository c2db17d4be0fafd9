import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes } from '../base/bytes.ts';
import { isBigIntText } from '../base/bigint.ts';
import * as derivation from './derivation.ts';
import { seedOf } from './phrase.ts';

const PHRASE =
  'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';
const ISSUER = '85c24031572f2e0a04a41a29eb74990f4651c7f0b4afc0b53cfa03bed30822e1';
const MINT_KEY = 'bac419d0d8c235e31dae3d5419944e904169c12c3799087f4f9684176fd76d05';

const VECTOR = {
  seed: '5eb00bbddcf069084889a8ab9155568165f5c453ccb85e70811aaed6f6da5fc19a5ac40b389cd370d086206dec8aa6c43daea6690f20ad3d8d48b2d2ce9e38e4',
  root: '7faba9ad5a0f7e24d9db3e9b01ded8d975396fb935b0eccca7d5402a69d7280eeeebea545a1b1e8947f5498a2c4cd1db9903ccc97c46d107c93ef53fae8f9abd',
  currency:
    '714c34af703112cfeb6109c6145a120aa04f19d5854a0de66f690faae1e3f8f7ca9af37973551cdb981868c1a6e4a0335d4a86555bf52bc08ef7ea32edf38aed',
  transaction:
    'fe1d22cd5a1e43443890f2ea5b57cd8937c0ece3b8dc63830f6e465a7f330defa4ffd007b2e6f62202a44d84aa01ec6eb4a6fdd9a9e943a07fb020ad0e00ace8',
  reference: '5ee6959da4c2048c808155e636cdc0b887dbb592ed7582d3b56a1dcb5ed79c71',
  coin: '935a8f0ff0e5c46c296fdafa3f080ceef837118b9fa912e71206b14652b803a11dbaf3b0650c364e827b5ba7e88cb5de2404c7a4f3a2df819a152e344d1e412b',
  serial: '12102df8ff6418ef9f0834c9f9bba92e65ea4962deb799f08cd0a8b78e581af9',
  blind: '9e24b83ea7cf9a34ecc554d9fb702043',
  secrets: '807e1dddf16501755e2ddc3a15f510bf1e23e5dd500ac7ca8bf0f4589c709683cfe483ac66634fa350b037e6d1734b02',
};

const root = derivation.rootSecret(seedOf(PHRASE));
const currency = derivation.currencySecret(root, ISSUER);
const transaction = derivation.transactionSecret(currency, 7);
const coin = derivation.coinSecret(transaction, MINT_KEY, 3);

/** The same, written with other tools. */
function derive(secret: Uint8Array | string, ...parts: string[]): Buffer {
  return createHmac('sha512', secret).update(parts.join('\0')).digest();
}

describe('derivation', () => {
  // A wallet that derives otherwise finds none of its money: these never change.
  it('gives what it has always given', () => {
    assert.deepEqual(
      {
        seed: bytesToHex(seedOf(PHRASE)),
        root: bytesToHex(root),
        currency: bytesToHex(currency),
        transaction: bytesToHex(transaction),
        reference: derivation.transactionReference(transaction),
        coin: bytesToHex(coin),
        serial: derivation.coinSerial(coin),
        blind: derivation.blindReference(coin),
        secrets: bytesToHex(derivation.coinSecrets(coin)('salt', 48)),
      },
      VECTOR,
    );
  });

  it('is what its description says', () => {
    const byHand = derive(
      derive(
        derive(derive(hexToBytes(VECTOR.seed), 'specie wallet', '1'), 'currency', ISSUER),
        'transaction',
        '7',
      ),
      'coin',
      MINT_KEY,
      '3',
    );
    assert.equal(bytesToHex(coin), byHand.toString('hex'));
    assert.equal(derivation.coinSerial(coin), byHex(derive(byHand, 'serial').subarray(0, 32)));
    assert.equal(derivation.blindReference(coin), derive(byHand, 'blind').subarray(0, 16).toString('hex'));
    // Expand alone, which node:crypto does not offer: its first block is HMAC(key, info || 0x01).
    const block = createHmac('sha512', derive(byHand, 'secrets')).update('salt\x01').digest();
    assert.deepEqual(Buffer.from(derivation.coinSecrets(coin)('salt', 48)), block.subarray(0, 48));
  });

  it('makes the tokens of accounts, each its own', () => {
    const byHand = derive(currency, 'account', '0').subarray(0, 32).toString('hex');
    assert.equal(derivation.accountToken(currency, 0), byHand);
    assert.notEqual(derivation.accountToken(currency, 1), byHand);
    assert.notEqual(derivation.accountToken(derivation.currencySecret(root, MINT_KEY), 0), byHand);
  });

  it('keeps currencies, transactions, keys and coins apart', () => {
    const all = [
      derivation.coinSecret(transaction, MINT_KEY, 4),
      derivation.coinSecret(transaction, ISSUER, 3),
      derivation.coinSecret(derivation.transactionSecret(currency, 8), MINT_KEY, 3),
      derivation.currencySecret(root, MINT_KEY),
      coin,
    ];
    assert.equal(new Set(all.map(bytesToHex)).size, all.length);
    const secrets = derivation.coinSecrets(coin);
    assert.notDeepEqual(secrets('salt', 32), secrets('blinding', 32));
  });

  it('writes BigInts in their one spelling', () => {
    for (let index = 0; index < 600; index++) {
      assert.ok(isBigIntText(derivation.coinSerial(derivation.coinSecret(transaction, MINT_KEY, index))));
    }
  });
});

function byHex(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^0+/, '');
}
