/** What spec/vectors/brands.json holds, made by the plain mathematics; spec/suites/P256-BRANDS.md explains it. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToNumber } from '../../base/bigint.ts';
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import { brands } from '../brands.ts';
import { GENERATORS, domain, hashToScalar, secretScalar } from './group.ts';
import {
  PAYMENT,
  accounts,
  alice,
  bytesOfText,
  handOver,
  offline,
  pair,
  withdraw,
} from './brands.test-helper.ts';
import type { CoinSecrets } from '../suite.ts';

const CONTEXT = new TextEncoder().encode('context');

/** Secrets that note what was asked of them. */
function noting(secrets: CoinSecrets): {
  readonly asked: Record<string, string>;
  readonly secrets: CoinSecrets;
} {
  const asked: Record<string, string> = {};
  return {
    asked,
    secrets: (label, length) => {
      const bytes = secrets(label, length);
      asked[label] = bytesToHex(bytes);
      return bytes;
    },
  };
}

export function makeVectors() {
  const account = noting(alice);
  const identity = accounts.identity(account.secrets);
  return {
    generators: Object.fromEntries(
      Object.entries(GENERATORS).map(([name, bytes]) => [name, bytesToHex(bytes)]),
    ),
    hash_to_scalar: {
      domain: bytesToHex(domain('proof')),
      parts: ['00ff', '01'],
      scalar: hashToScalar('proof', hexToBytes('00ff'), hexToBytes('01')).toString(16),
    },
    mint_key: { public: pair.document, secret: pair.secretDocument },
    account: {
      secrets: account.asked,
      u1: secretScalar(alice, 'identity').toString(16),
      identity,
      context: bytesToHex(CONTEXT),
      proof: accounts.prove(alice, CONTEXT),
    },
    coins: ['first', 'second', 'third'].map((word, index) => coinVector(word, index)),
  };
}

function coinVector(word: string, index: number) {
  const coin = withdraw(word);
  const noted = noting(coin.secrets);
  brands.prepare(pair.public, coin.payload, noted.secrets, { commitment: coin.commitment, account: alice });
  const payments = [
    { ...PAYMENT, amount: index },
    { ...PAYMENT, payee: '', time: index },
  ];
  const handed = payments.map((payment) => handOver(coin, payment));
  const [first = '', second = ''] = handed;
  const numbers = (text: string, from: number) => {
    const bytes = bytesOfText(text);
    return bytesToNumber(bytes.subarray(from, from + 32)).toString(16);
  };
  return {
    payload: bytesToHex(coin.payload),
    serial: offline.serialOf(coin.held),
    coin_id: bytesToHex(sha256(coin.payload)),
    secrets: noted.asked,
    nonce: accounts.nonceOf(coin.commitment),
    commitment: coin.commitment,
    blind: coin.blind,
    c: numbers(coin.blind, 99),
    blind_signature: coin.answer,
    r: numbers(coin.answer, 131),
    held: coin.held,
    payments,
    handed,
    exposure: offline.expose(pair.public, coin.coinId, first, second),
  };
}
