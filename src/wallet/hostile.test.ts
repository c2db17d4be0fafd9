/** What a hostile or broken issuer answers must not crash a wallet, and must not make it lose what an honest one owes. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { utf8 } from '../base/bytes.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { refusalAnswer } from '../protocol/answers.ts';
import type { Request, Response } from '../protocol/catalogue.ts';
import type { ResponseMint } from '../protocol/messages/mint.ts';
import { rawSign, testKey } from './issuer-keys.test-helper.ts';
import { TestIssuer } from './issuer.test-helper.ts';
import { Place, bought, checkConserved, must } from './testing.test-helper.ts';
import type { Tamper } from './issuer.test-helper.ts';

type Signatures = ResponseMint['blind_signatures'];

/** What a mint may do to its blind signatures. */
const SIGNATURES: Readonly<Record<string, (signatures: Signatures) => Signatures>> = {
  'a wrong signature': ([first, ...rest]) => [{ ...first!, blind_signature: '1234567' }, ...rest],
  'a signature of zero': ([first, ...rest]) => [{ ...first!, blind_signature: '0' }, ...rest],
  'a signature beyond the modulus': ([first, ...rest]) => [
    { ...first!, blind_signature: 'f'.repeat(600) },
    ...rest,
  ],
  'a signature by another key': ([first, ...rest]) => [
    // A digit less, so that it is below the other modulus whatever the keys.
    { ...first!, blind_signature: rawSign(testKey(9), first!.blind_signature.slice(0, -1)) },
    ...rest,
  ],
  'an unknown reference': ([first, ...rest]) => [{ ...first!, reference: 'nothing' }, ...rest],
  'one reference twice': ([first, second, ...rest]) => [
    first!,
    { ...second!, reference: first!.reference },
    ...rest,
  ],
  'one missing': (signatures) => signatures.slice(1),
  'one too many': (signatures) => [...signatures, { ...signatures[0]!, reference: 'more' }],
  'one doubled': (signatures) => [...signatures, signatures[0]!],
  swapped: ([first, second, ...rest]) => [
    { ...first!, reference: second!.reference },
    { ...second!, reference: first!.reference },
    ...rest,
  ],
};

/** Answers that are none, to whatever was asked. */
const ANSWERS: Readonly<Record<string, Tamper>> = {
  nothing: () => new Uint8Array(),
  'a web page': () => utf8('<html>Please log in to the network</html>'),
  'no UTF-8': () => Uint8Array.of(0xff, 0xfe),
  'too much': () => new Uint8Array(2_000_000).fill(0x20),
  'deep nesting': () => utf8('['.repeat(100_000)),
  'another message’s answer': (answer) => ({ ...answer, message_reference: answer.message_reference + 1 }),
  'another kind of answer': ({ message_reference }) => ({
    cdd_serial: 1,
    message_reference,
    status_code: 200,
    status_description: 'ok',
    type: 'response cdd serial',
  }),
  'a failure of its own': (_, request) => delay(request, 500),
  'an unknown delay': (_, request) => delay(request, 399),
};

function delay(request: Request, status_code: number): Response {
  const { message_reference } = request;
  return { message_reference, status_code, status_description: 'x', type: 'response delay' };
}

function tamperSignatures(change: (signatures: Signatures) => Signatures): Tamper {
  return (answer) =>
    answer.type === 'response mint'
      ? { ...answer, blind_signatures: change(answer.blind_signatures) }
      : undefined;
}

/** Everything that a wallet asks of an issuer, at an issuer that tampers; afterwards it is honest again. */
async function survives(tamper: Tamper): Promise<void> {
  const issuer = new TestIssuer();
  const alice = await Place.open(issuer, 'alice');
  const bob = await Place.open(issuer, 'bob');
  await bought(alice, 29);
  must(await bob.wallet.add(issuer.url));
  const { stack } = must(await alice.wallet.send(issuer.id, amount(13), ''));
  await alice.wallet.close();
  await alice.reopen();
  const other = must(await alice.wallet.send(issuer.id, amount(3), ''));
  await alice.wallet.close();
  await alice.reopen();

  issuer.tamper = tamper;
  const outcomes = [
    await alice.wallet.buy(issuer.id, amount(7), { payTest: true }),
    await bob.wallet.receive(stack),
    await alice.wallet.takeback(other.entry.number),
    await alice.wallet.redeem(issuer.id, amount(2)),
    await alice.wallet.checkSent(),
    await bob.wallet.restore(bob.wallet.phrase(), [issuer.url]),
    await alice.wallet.add(issuer.url),
  ];
  for (const outcome of outcomes.slice(0, 3)) assert.ok(outcome instanceof Refusal);
  await alice.wallet.resumeAll();
  for (const place of [alice, bob]) {
    await place.wallet.close();
    await place.reopen();
  }

  issuer.tamper = () => undefined;
  for (const place of [alice, bob]) await place.wallet.resumeAll();
  await checkConserved(issuer, [alice, bob]);
  assert.deepEqual([alice.reserved, bob.reserved], [0, 0]);
  const [purchase] = alice.wallet.history().filter(({ kind, number }) => kind === 'buy' && number > 1);
  assert.equal(purchase?.state, 'done');
  assert.equal(bob.available, 13);
}

describe('a hostile issuer', () => {
  for (const [name, change] of Object.entries(SIGNATURES)) {
    it(`that answers blind signatures with ${name} is refused, and asked again`, () =>
      survives(tamperSignatures(change)));
  }

  for (const [name, tamper] of Object.entries(ANSWERS)) {
    it(`that answers with ${name} is refused, and asked again`, () => survives(tamper));
  }

  it('that does what was asked and then refuses it is asked what it has kept', async () => {
    const issuer = new TestIssuer();
    const alice = await Place.open(issuer, 'alice');
    const bob = await Place.open(issuer, 'bob');
    await bought(alice, 20);
    must(await bob.wallet.add(issuer.url));
    for (const name of ['already spent', 'unauthorised', 'malformed', 'expired', 'unbalanced'] as const) {
      issuer.tamper = () => undefined;
      const { stack } = must(await alice.wallet.send(issuer.id, amount(2), ''));
      issuer.tamper = (_, { type, message_reference }) =>
        type === 'request renew' ? refusalAnswer(message_reference, refuse(name, 'so it says')) : undefined;
      assert.equal(must(await bob.wallet.receive(stack)).state, 'done', name);
      await checkConserved(issuer, [alice, bob]);
    }
    assert.equal(bob.available, 10);
  });

  it('that refuses what it has done, and then what it has kept, is asked again later', async () => {
    const issuer = new TestIssuer();
    const alice = await Place.open(issuer, 'alice');
    const bob = await Place.open(issuer, 'bob');
    await bought(alice, 20);
    must(await bob.wallet.add(issuer.url));
    const { stack } = must(await alice.wallet.send(issuer.id, amount(10), ''));
    await alice.wallet.close();
    await alice.reopen();
    issuer.tamper = (_, { type, message_reference }) => {
      if (type === 'request resume') return new Uint8Array();
      const refuses = type === 'request renew' || type === 'request mint';
      return refuses ? refusalAnswer(message_reference, refuse('unauthorised', '')) : undefined;
    };
    assert.ok((await bob.wallet.receive(stack)) instanceof Refusal);
    assert.ok((await bob.wallet.buy(issuer.id, amount(5), { payTest: true })) instanceof Refusal);
    issuer.tamper = () => undefined;
    await bob.wallet.resumeAll();
    assert.equal(bob.available, 15);
    await checkConserved(issuer, [alice, bob]);
  });

  it('that has made the coins and then refuses the purchase is asked what it has kept', async () => {
    const issuer = new TestIssuer();
    const alice = await Place.open(issuer, 'alice');
    must(await alice.wallet.add(issuer.url));
    issuer.tamper = (_, { type, message_reference }) =>
      type === 'request mint' ? refusalAnswer(message_reference, refuse('unauthorised', '')) : undefined;
    assert.equal(must(await alice.wallet.buy(issuer.id, amount(5), { payTest: true })).state, 'done');
    assert.equal(alice.available, 5);
  });

  it('whose answer is too long to be read is asked again', async () => {
    const issuer = new TestIssuer();
    const alice = await Place.open(issuer, 'alice');
    await bought(alice, 20);
    const real = issuer.messenger();
    issuer.messenger = () => ({
      ...real,
      exchange: async (url, message) => {
        await real.exchange(url, message);
        return refuse('too large', 'its answer');
      },
    });
    await alice.reopen();
    const outcome = await alice.wallet.redeem(issuer.id, amount(5));
    assert.ok(outcome instanceof Refusal && outcome.temporary);
    issuer.messenger = () => real;
    await alice.reopen();
    await alice.wallet.resumeAll();
    assert.equal(alice.available, 15);
    await checkConserved(issuer, [alice]);
  });

  it('that is busy redeems later', async () => {
    const issuer = new TestIssuer();
    const alice = await Place.open(issuer, 'alice');
    await bought(alice, 20);
    issuer.tamper = (_, { type, message_reference }) =>
      type === 'request redeem' ? refusalAnswer(message_reference, refuse('busy', '')) : undefined;
    assert.ok((await alice.wallet.redeem(issuer.id, amount(5))) instanceof Refusal);
    assert.equal(alice.wallet.history().at(-1)?.state, 'pending');
    assert.equal(alice.reserved, 5);
    issuer.tamper = () => undefined;
    await alice.wallet.resumeAll();
    assert.equal(alice.wallet.history().at(-1)?.state, 'done');
    await checkConserved(issuer, [alice]);
  });

  it('that always finds the reference used is not asked for ever', async () => {
    const issuer = new TestIssuer();
    const alice = await Place.open(issuer, 'alice');
    must(await alice.wallet.add(issuer.url));
    issuer.tamper = (_, { message_reference, type }) =>
      type === 'request order' ? refusalAnswer(message_reference, refuse('reference reused', '')) : undefined;
    assert.ok((await alice.wallet.buy(issuer.id, amount(7), { payTest: true })) instanceof Refusal);
    assert.ok(issuer.requests.length < 50);
  });

  it('that answers another order is not paid', async () => {
    const issuer = new TestIssuer();
    const alice = await Place.open(issuer, 'alice');
    must(await alice.wallet.add(issuer.url));
    issuer.tamper = (answer) =>
      answer.type === 'response order' ? { ...answer, order: { ...answer.order, amount: 8 } } : undefined;
    assert.ok((await alice.wallet.buy(issuer.id, amount(7), { payTest: true })) instanceof Refusal);
    assert.ok(issuer.requests.every(({ type }) => type !== 'request test payment'));
  });

  it('cannot write on the terminal', async () => {
    const issuer = new TestIssuer();
    const alice = await Place.open(issuer, 'alice');
    must(await alice.wallet.add(issuer.url));
    issuer.tamper = (_, { message_reference }) => ({
      ...refusalAnswer(message_reference, refuse('unauthorised', `\u001b[2J\u202e\n${'x'.repeat(5_000)}`)),
      type: 'response error',
      details: `\u001b[2J\u202e\n${'x'.repeat(5_000)}`,
    });
    const outcome = await alice.wallet.buy(issuer.id, amount(7));
    assert.ok(outcome instanceof Refusal);
    assert.match(outcome.details, /^ {1}\[2J {2}x+$/);
    assert.ok(outcome.details.length <= 300);
  });
});

describe('a service that is down', () => {
  it('is replaced by the next', async () => {
    const issuer = new TestIssuer();
    const urls: string[] = [];
    const place = await Place.open(issuer, 'alice');
    must(await place.wallet.add(issuer.url));
    const real = issuer.messenger();
    issuer.messenger = () => {
      return {
        ...real,
        exchange: async (url, message) => {
          urls.push(url);
          return url.endsWith('/mint') ? refuse('unreachable', 'down') : real.exchange(url, message);
        },
      };
    };
    await place.reopen();
    await bought(place, 5);
    assert.deepEqual(urls.slice(0, 2), ['http://mint.test/mint', 'http://mint.test/second']);
  });
});
