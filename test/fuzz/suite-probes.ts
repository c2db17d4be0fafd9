/**
 * What is tried with each function of a suite, and what must hold whatever comes: nothing throws where suite.ts does not say
 * so, native and plain mathematics agree, and nothing passes that is not the same coin. A probe says whether something
 * took what came.
 */
import assert from 'node:assert/strict';
import { BIGINT_PATTERN } from '../../src/base/bigint.ts';
import { canonical } from '../../src/base/canonical.ts';
import { Refusal } from '../../src/base/refusal.ts';
import type { Json } from '../../src/protocol/synthetic.test-helper.ts';
import type { KeyDocument } from '../../src/suites/index.ts';
import { ACCOUNT, PAYMENT } from '../../src/suites/withdrawal.test-helper.ts';
import type { AccountMaterial, Material } from './suite-material.ts';
import type { SuiteMessage } from './suite-messages.ts';

export interface Probe {
  readonly name: string;
  /** What would be right in the place of what is tried. */
  readonly right: (material: Material) => string;
  /** Probes of key documents: the right one. */
  readonly key?: (material: Material) => KeyDocument;
  readonly try: (material: Material, message: SuiteMessage) => boolean;
}

const BIGINT = new RegExp(BIGINT_PATTERN);

function isAnyones({ suite }: Material): boolean {
  return suite.promises.verifiableBy === 'anyone';
}

/** What an operation says, or that it threw: an error, and nothing else. */
function outcome<Value>(operation: () => Value): Value | Error {
  try {
    return operation();
  } catch (thrown) {
    assert.ok(thrown instanceof Error);
    return thrown;
  }
}

/** A string that came out, where it is no refusal; of refusals of one name only. */
function stringOr(name: string, value: string | Refusal): string | undefined {
  if (!(value instanceof Refusal)) return value;
  assert.equal(value.name, name);
  return undefined;
}

const KEY_PROBES: readonly Probe[] = [
  {
    name: 'readKey',
    right: () => '',
    key: ({ pair }) => pair.document,
    try: (material, { document }) => {
      const { suite, coin, pair, secrets } = material;
      const key = suite.readKey(document as KeyDocument);
      if (key instanceof Refusal) return refusedKey(key);
      assert.match(suite.weakness(key) ?? '', /^(.*\.)?$/);
      if (isSame(document, pair.document)) return suite.verify(key, coin.payload, coin.handed);
      if (isAnyones(material)) assert.equal(suite.verify(key, coin.payload, coin.handed), false);
      assert.equal(suite.answers(key, coin.blind, coin.answer), !isAnyones(material));
      if (suite.weakness(key) === undefined) {
        assert.match(suite.prepare(key, coin.payload, secrets, coin.how), BIGINT);
        stringOr(
          'bad signature',
          suite.unblind(key, coin.payload, coin.answer, secrets, { account: ACCOUNT }),
        );
      }
      return true;
    },
  },
  {
    name: 'documents.readKey',
    right: () => '',
    key: ({ master }) => master.document,
    try: ({ suite, master, document: signed, documentSignature }, { document }) => {
      const key = suite.documents.readKey(document as KeyDocument);
      if (key instanceof Refusal) return refusedKey(key);
      suite.documents.weakness(key);
      const right = isSame(document, master.document);
      assert.equal(suite.documents.verify(key, signed, documentSignature), right);
      return true;
    },
  },
];

function refusedKey(refusal: Refusal): false {
  assert.equal(refusal.name, 'malformed');
  return false;
}

function isSame(left: Json | undefined, right: KeyDocument): boolean {
  return canonical(left as KeyDocument) === canonical(right);
}

const DOCUMENT_PROBES: readonly Probe[] = [
  {
    name: 'documents.verify',
    right: ({ documentSignature }) => documentSignature,
    try: ({ suite, master, document, documentSignature }, { text }) => {
      const verdict = suite.documents.verify(master.key, document, text);
      assert.equal(verdict, text === documentSignature);
      return verdict;
    },
  },
];

const MINT_PROBES: readonly Probe[] = [
  {
    name: 'a blind to the mint',
    right: ({ coin }) => coin.blind,
    try: ({ suite, pair, native }, { text }) => {
      const accepted = suite.accepts(pair.public, text);
      const [natively, plainly] = [
        outcome(() => native.sign(text)),
        outcome(() => suite.signPlainly(pair.secretDocument, text)),
      ];
      assert.equal(!(natively instanceof Error), accepted, String(natively));
      if (!accepted) return false;
      assert.ok(typeof plainly === 'string', String(plainly));
      const answered = [natively, plainly].map((each) => suite.answers(pair.public, text, String(each)));
      if (natively !== plainly) assert.deepEqual(answered, [true, true]);
      return true;
    },
  },
  {
    name: 'a coin to the mint',
    right: ({ coin }) => coin.shown,
    try: (material, { text }) => {
      const { suite, pair, native, coin, handedAgain } = material;
      const verdict = native.verify(coin.payload, text);
      assert.equal(suite.verifyPlainly(pair.secretDocument, coin.payload, text), verdict);
      assert.equal(verdict, text === coin.shown || text === suite.show(handedAgain));
      return verdict;
    },
  },
  {
    name: 'a payload to the mint',
    right: ({ coin }) => new TextDecoder().decode(coin.payload),
    try: (material, { text }) => {
      const { suite, pair, native, coin } = material;
      const payload = new TextEncoder().encode(text);
      const right = Buffer.compare(payload, coin.payload) === 0;
      assert.equal(native.verify(payload, coin.shown), right);
      assert.equal(suite.verifyPlainly(pair.secretDocument, payload, coin.shown), right);
      if (isAnyones(material)) assert.equal(suite.verify(pair.public, payload, coin.handed), right);
      return right;
    },
  },
];

const WALLET_PROBES: readonly Probe[] = [
  {
    name: 'unblind',
    right: ({ coin }) => coin.answer,
    try: (material, { text }) => {
      const { suite, pair, coin, secrets } = material;
      const unblinded = suite.unblind(pair.public, coin.payload, text, secrets, { account: ACCOUNT });
      const held = stringOr('bad signature', unblinded);
      if (held === undefined) return false;
      const handed = stringOr('', suite.hand(pair.public, coin.payload, held, PAYMENT)) ?? '';
      assert.equal(suite.verify(pair.public, coin.payload, handed), true);
      if (isAnyones(material)) assert.equal(suite.show(handed), coin.shown, 'another coin');
      return true;
    },
  },
  {
    name: 'answers: a blind',
    right: ({ coin }) => coin.blind,
    try: (material, { text }) => {
      const { suite, pair, coin } = material;
      const verdict = suite.answers(pair.public, text, coin.answer);
      if (isAnyones(material)) assert.equal(verdict, text === coin.blind);
      return verdict;
    },
  },
  {
    name: 'answers: an answer',
    right: ({ coin }) => coin.answer,
    try: (material, { text }) => {
      const { suite, pair, coin } = material;
      const verdict = suite.answers(pair.public, coin.blind, text);
      // Where nothing is blinded the coin itself is the answer.
      const right = text === coin.answer || (suite.blinding !== 'always' && text === coin.shown);
      if (isAnyones(material) && suite.blinding !== 'optional') assert.equal(verdict, right);
      return verdict;
    },
  },
  {
    name: 'hand',
    right: ({ coin }) => coin.held,
    try: (material, { text }) => {
      const { suite, pair, coin } = material;
      const handed = suite.hand(pair.public, coin.payload, text, PAYMENT);
      if (handed instanceof Refusal) return false;
      const verdict = suite.verify(pair.public, coin.payload, handed);
      if (verdict && isAnyones(material)) mustBeGenuine(material, handed);
      return verdict;
    },
  },
  {
    name: 'hand: a payee',
    right: ({ account }) => account?.identity ?? '',
    try: ({ suite, pair, coin }, { text }) => {
      const { length } = text;
      const amounts = [PAYMENT.amount, -1, 0.5, NaN, Infinity, 2 ** 53, 0];
      const payment = { ...PAYMENT, payee: text, amount: amounts[length % 19] ?? length };
      const handed = suite.hand(pair.public, coin.payload, coin.held, payment);
      if (handed instanceof Refusal) return false;
      assert.equal(suite.verify(pair.public, coin.payload, handed), true);
      if (suite.offline !== undefined) assert.deepEqual(suite.offline.paymentOf(handed), payment);
      return true;
    },
  },
  {
    name: 'show',
    right: ({ coin }) => coin.handed,
    try: ({ suite, coin, handedAgain }, { text }) => {
      const shown = suite.show(text);
      assert.equal(suite.show(shown), shown);
      return shown === coin.shown || shown === suite.show(handedAgain);
    },
  },
  {
    name: 'verify',
    right: ({ coin }) => coin.handed,
    try: (material, { text }) => {
      const { suite, pair, coin } = material;
      const verdict = suite.verify(pair.public, coin.payload, text);
      if (verdict && isAnyones(material)) mustBeGenuine(material, text);
      return verdict;
    },
  },
];

/** What verifies when it is handed over is this coin, as it was handed over before. */
function mustBeGenuine({ coin, handedAgain }: Material, handed: string): void {
  assert.ok(handed === coin.handed || handed === handedAgain, 'another coin verifies');
}

/** Suites of two rounds. */
const ACCOUNT_PROBES: readonly Probe[] = [
  {
    name: 'accounts.nonceOf',
    right: ({ coin }) => coin.how.commitment ?? '',
    try: ({ suite }, { text }) => {
      const nonce = suite.accounts?.nonceOf(text);
      assert.match(nonce ?? '', /^([0-9a-f]{64})?$/);
      return nonce !== undefined;
    },
  },
  ...(['identity', 'proof', 'context'] as const).map((which): Probe => ({
    name: `accounts.proves: ${which}`,
    right: (material) => rightOf(material, which),
    try: (material, { text }) => {
      const { identity, proof, context } = accountOf(material);
      const asked = { identity, proof, context: new TextDecoder().decode(context), [which]: text };
      const verdict = material.suite.accounts?.proves(
        asked.identity,
        new TextEncoder().encode(asked.context),
        asked.proof,
      );
      assert.equal(verdict, text === rightOf(material, which));
      return verdict;
    },
  })),
  {
    name: 'commit',
    right: (material) => accountOf(material).identity,
    try: ({ suite, native, pair }, { text }) => {
      const { accounts } = suite;
      const [natively, plainly] = [
        outcome(() => native.commit?.(text)),
        outcome(() => accounts?.commitPlainly(pair.secretDocument, text, 'ab'.repeat(32))),
      ];
      assert.equal(
        natively instanceof Error,
        plainly instanceof Error,
        `${String(natively)}, ${String(plainly)}`,
      );
      if (natively instanceof Error) return false;
      assert.ok(accounts?.nonceOf(natively ?? '') !== undefined);
      return true;
    },
  },
  {
    name: 'prepare: a commitment',
    right: ({ coin }) => coin.how.commitment ?? '',
    try: ({ suite, native, pair, coin, secrets }, { text }) => {
      const how = { account: ACCOUNT, commitment: text };
      const blind = outcome(() => suite.prepare(pair.public, coin.payload, secrets, how));
      const known = suite.accounts?.nonceOf(text) !== undefined && !suite.accepts(pair.public, text);
      assert.equal(!(blind instanceof Error), known, String(blind));
      if (blind instanceof Error) return false;
      assert.ok(suite.accepts(pair.public, blind));
      const made = suite.unblind(pair.public, coin.payload, native.sign(blind), secrets, how);
      assert.equal(!(made instanceof Refusal), text === coin.how.commitment, 'a coin on another commitment');
      return !(made instanceof Refusal);
    },
  },
];

/** Suites that are safe offline. */
const OFFLINE_PROBES: readonly Probe[] = [
  {
    name: 'offline.serialOf',
    right: ({ coin }) => coin.held,
    try: ({ suite, coin }, { text }) => {
      const serial = suite.offline?.serialOf(text);
      if (serial === undefined) return false;
      assert.match(serial, BIGINT);
      const right = suite.offline?.serialOf(coin.held);
      assert.equal(suite.offline?.serialOf(coin.handed), right);
      assert.ok(text !== coin.handed || serial === right);
      return true;
    },
  },
  {
    name: 'offline.paymentOf',
    right: ({ coin }) => coin.handed,
    try: ({ suite }, { text }) => {
      const payment = suite.offline?.paymentOf(text);
      if (payment === undefined) return false;
      assert.ok(Number.isSafeInteger(payment.time) && Number.isSafeInteger(payment.amount));
      assert.match(payment.payee || '0', BIGINT);
      return true;
    },
  },
  ...(['first', 'second'] as const).map((which): Probe => ({
    name: `offline.expose: ${which}`,
    right: ({ coin, handedAgain }) => (which === 'first' ? coin.handed : handedAgain),
    try: (material, { text }) => {
      const { suite, pair, coin, coinId, handedAgain } = material;
      const asked = { first: coin.handed, second: handedAgain, [which]: text };
      const exposure = suite.offline?.expose(pair.public, coinId, asked.first, asked.second);
      if (exposure === undefined) return false;
      assert.deepEqual(exposure, accountOf(material).exposure, 'another is accused');
      mustBeGenuine(material, text);
      return true;
    },
  })),
  {
    name: 'offline.expose: a coin id',
    right: ({ coinId }) => coinId,
    try: (material, { text }) => {
      const { suite, pair, coin, coinId, handedAgain } = material;
      const exposure = suite.offline?.expose(pair.public, text, coin.handed, handedAgain);
      assert.deepEqual(exposure, text === coinId ? accountOf(material).exposure : undefined);
      return exposure !== undefined;
    },
  },
  ...(['identity', 'secret'] as const).map((which): Probe => ({
    name: `offline.isExposed: ${which}`,
    right: (material) => accountOf(material).exposure?.[which] ?? '',
    try: (material, { text }) => {
      const { exposure } = accountOf(material);
      if (exposure === undefined) throw new Error('two payments give nobody away');
      const verdict = material.suite.offline?.isExposed({ ...exposure, [which]: text });
      assert.equal(verdict, text === exposure[which]);
      return verdict;
    },
  })),
];

function accountOf({ account }: Material): AccountMaterial {
  if (account === undefined) throw new Error('this suite has no accounts');
  return account;
}

function rightOf(material: Material, which: 'identity' | 'proof' | 'context'): string {
  const { [which]: right } = accountOf(material);
  return typeof right === 'string' ? right : new TextDecoder().decode(right);
}

/** What there is to try of a suite. */
export function probesOf({ suite }: Material): readonly Probe[] {
  return [
    ...KEY_PROBES,
    ...DOCUMENT_PROBES,
    ...MINT_PROBES,
    ...WALLET_PROBES,
    ...(suite.accounts === undefined ? [] : ACCOUNT_PROBES),
    ...(suite.offline === undefined ? [] : OFFLINE_PROBES),
  ];
}
