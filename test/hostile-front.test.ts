/**
 * A front that was taken over, with every key of the bank's too, at the socket of a real box. It can refuse service; it
 * cannot make money, execute orders, read receipts that are not for it or learn a key.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { canonicalBytes } from '../src/base/canonical.ts';
import { DAY, writeDate } from '../src/base/dates.ts';
import { cashierOf } from '../src/apps/bank/open.ts';
import type { Action, ActionName, Rule } from '../src/protocol/governance.ts';
import { makeCashierKey, signEd25519 } from '../src/signers/ed25519.ts';
import { certain } from './support/certain.ts';
import { flood } from './support/flood.ts';
import { HostileFront, nth, stolenKey } from './support/hostile.ts';
import { leaked, secretsOf } from './support/leaks.ts';
import { freshReference, fundRequest, orderOf, startLoneBox } from './support/lone-box.ts';
import type { Key, LoneBox } from './support/lone-box.ts';
import { RawFront } from './support/raw-front.ts';
import { redeemTo } from './support/redeemer.ts';

const TREASURY = 1_000;
const RAISED = 7;
const AT_ONCE = 100;
/** Of the first cashier; the second one may fund more than there is. */
const A_DAY = 600;
const PAYEE = 'account 4711 of a customer';

const anna = makeCashierKey();
const clara = makeCashierKey();
const second = makeCashierKey();

let bankFolder: string;
let box: LoneBox;
let cashier: Key;
let mallory: HostileFront;

function rule(action: ActionName, signatures: number, most = 0): Rule {
  return { action, most_per_day: most, most_per_order: most, roles: ['senior'], signatures };
}

before(async () => {
  bankFolder = mkdtempSync(join(tmpdir(), 'specie-bank-'));
  certain(await cashierOf(bankFolder));
  cashier = stolenKey(join(bankFolder, 'bank.sqlite'));
  const operators = Object.entries({ Anna: anna, Clara: clara }).map(([name, { publicKey }]) => ({
    name,
    public_key: publicKey,
    recipient: '',
    role: 'senior',
  }));
  box = await startLoneBox({
    cashiers: [
      { cashier: cashier.publicKey, limit_per_day: A_DAY, limit_per_operation: AT_ONCE },
      { cashier: second.publicKey, limit_per_day: 1_000_000, limit_per_operation: AT_ONCE },
    ],
    treasury: TREASURY,
    denominations: [1, AT_ONCE],
    policy: {
      operators,
      rules: [
        rule('raise treasury', 1, 50),
        rule('change policy', 2),
        rule('power off', 1),
        rule('power on', 2),
      ],
      type: 'policy',
    },
  });
  mallory = new HostileFront(box);
});

after(async () => {
  await box.stop();
  rmSync(bankFolder, { recursive: true });
});

test('a cashier’s key funds no more than its limits a day, whatever is sent at once', async () => {
  const fundings = Array.from({ length: 40 }, () => fundRequest(box.issuerId, cashier, AT_ONCE));
  await mallory.attack(async (connections) => {
    // Each of them twice, over different connections, and minted while it may not be funded yet.
    const codes = await Promise.all(
      fundings.map(async (each, index) => {
        const { transaction_reference: reference } = each.funding;
        const [funded] = await Promise.all([
          mallory.code(nth(connections, index), each),
          mallory.code(nth(connections, index + 1), each),
          mallory.code(nth(connections, index + 2), mallory.mintRequest(reference, AT_ONCE)),
        ]);
        return funded;
      }),
    );
    const accepted = fundings.filter((_, index) => codes[index] === 200);
    assert.equal(accepted.length, A_DAY / AT_ONCE);
    assert.ok(codes.every((each) => each === 200 || each === 301));
    const front = nth(connections, 0);
    for (const { funding } of fundings) {
      const { transaction_reference: reference } = funding;
      const code = await mallory.code(front, mallory.mintRequest(reference, AT_ONCE));
      assert.equal(code, accepted.some((each) => each.funding === funding) ? 200 : 300);
    }
    // A unit more, and with dates that might count for another day.
    const days = [-1, 0, 1, 3_650].map((day) => writeDate(Date.now() + day * DAY + 1_000));
    for (const expires of [...days, '9999-12-31T23:59:59.999999Z', '0001-01-01T00:00:00']) {
      const code = await mallory.code(front, fundRequest(box.issuerId, cashier, 1, { expires }));
      assert.ok([301, 400, 410].includes(code), `${expires} is answered with ${code}`);
    }
    const much = fundRequest(box.issuerId, cashier, AT_ONCE + 1);
    assert.equal(await mallory.code(front, much), 401, 'too much at once');
    for (const changed of [{ amount: AT_ONCE - 1 }, { amount: 1 }, { expires: days[2] ?? '' }]) {
      for (const { funding } of accepted) {
        const { transaction_reference } = funding;
        const other = fundRequest(box.issuerId, cashier, AT_ONCE, { transaction_reference, ...changed });
        assert.equal(await mallory.code(front, other), 409, 'a funding under the reference of another');
      }
    }
  });
  const { float, treasury, authorised } = await mallory.statement();
  assert.deepEqual([float, treasury, authorised], [A_DAY, TREASURY - A_DAY, TREASURY]);
});

test('fundings that are replayed, changed or signed by others bring nothing', async () => {
  const before = await mallory.statement();
  const funding = fundRequest(box.issuerId, second, AT_ONCE);
  const { transaction_reference: reference } = funding.funding;
  const request = mallory.mintRequest(reference, AT_ONCE);
  await mallory.attack(async (connections) => {
    const front = nth(connections, 0);
    const code = (asked: Parameters<HostileFront['code']>[1]) => mallory.code(front, asked);
    assert.equal(await code(funding), 200);
    const first = await front.request(box.issuerId, request);
    assert.equal(first.type, 'response mint');
    const replays = Array.from({ length: 20 }, (_, index) => mallory.code(nth(connections, index), funding));
    assert.deepEqual(new Set(await Promise.all(replays)), new Set([200]), 'said twice, it counts once');
    assert.deepEqual(await front.request(box.issuerId, request), first, 'the same coins, no further ones');
    const others = mallory.mintRequest(reference, AT_ONCE, 'others');
    assert.equal(await code(others), 409, 'other coins for the same money');
    for (const changed of [
      { transaction_reference: freshReference() },
      { amount: 1 },
      { amount: AT_ONCE + 1 },
      { cashier: cashier.publicKey },
      { expires: writeDate(Date.now() + 2 * DAY) },
    ]) {
      const moved = { ...funding, funding: { ...funding.funding, ...changed } };
      assert.equal(await code(moved), 422, `a signature moved to ${JSON.stringify(changed)}`);
    }
    assert.equal(await code(fundRequest(box.issuerId, second, 1, {}, anna)), 422, 'signed by another');
    assert.equal(await code(fundRequest(box.issuerId, anna, 1)), 401, 'an operator is no cashier');
    assert.equal(await code(fundRequest('f'.repeat(64), second, 1)), 404, 'another currency');
    for (const amount of [0, -AT_ONCE])
      assert.equal(await code(fundRequest(box.issuerId, second, amount)), 400, `${amount} units`);
    // Of several amounts under one reference at once one counts.
    const shared = { transaction_reference: freshReference() };
    const amounts = [1, 2, 3, 4].map((amount) => fundRequest(box.issuerId, second, amount, shared));
    const codes = await Promise.all(
      amounts.map((each, index) => mallory.code(nth(connections, index), each)),
    );
    assert.deepEqual(codes.toSorted(), [200, 409, 409, 409]);
    const more = mallory.mintRequest(shared.transaction_reference, AT_ONCE);
    assert.equal(await code(more), 422, 'more than was paid');
  });
  const { float, authorised } = await mallory.statement();
  assert.deepEqual([float, authorised], [before.float + AT_ONCE, TREASURY]);
});

test('more than the treasury is never issued, whatever a cashier says was paid', async () => {
  const before = await mallory.statement();
  await mallory.attack(async (connections) => {
    const fundings = Array.from({ length: 12 }, () => fundRequest(box.issuerId, second, AT_ONCE));
    const codes = await Promise.all(
      fundings.map(async (each, index) => {
        assert.equal(await mallory.code(nth(connections, index), each), 200);
        const request = mallory.mintRequest(each.funding.transaction_reference, AT_ONCE);
        const asked = [0, 1, 2].map((other) => mallory.code(nth(connections, index + other), request));
        return Promise.all(asked);
      }),
    );
    for (const each of codes)
      assert.ok(each.every((code) => code === 200) || each.every((code) => code === 402));
    assert.equal(codes.filter(([code]) => code === 200).length, before.treasury / AT_ONCE);
  });
  const { float, treasury, authorised } = await mallory.statement();
  assert.deepEqual([float, treasury, authorised], [TREASURY, 0, TREASURY]);
});

test('receipts are for the cashier alone', async () => {
  // An honest customer over an honest front: its request holds the payee, and what it is answered.
  await redeemTo(
    box,
    second,
    PAYEE,
    orderOf(box.issuerId, { type: 'raise treasury', amount: RAISED }, [anna]),
  );
  const wanted = (after: number, who: Key, changed = {}) => ({
    after,
    cashier: who.publicKey,
    expires: writeDate(Date.now() + DAY),
    issuer_id: box.issuerId,
    type: 'receipts wanted' as const,
    ...changed,
  });
  const ask = (asked: ReturnType<typeof wanted>, signer: Key) => ({
    message_reference: 1,
    signature: signEd25519(signer.secret, canonicalBytes(asked)),
    type: 'request receipts' as const,
    wanted: asked,
  });
  await mallory.attack(async (connections) => {
    const front = nth(connections, 0);
    const code = (asked: Parameters<HostileFront['code']>[1]) => mallory.code(front, asked);
    const signed = ask(wanted(5, second), second);
    assert.equal(await code(ask(wanted(0, anna), anna)), 401, 'an operator is no cashier');
    assert.equal(await code(ask(wanted(0, second), anna)), 422, 'signed by another');
    assert.equal(await code({ ...signed, wanted: wanted(0, second) }), 422, 'a signature for other receipts');
    const past = { expires: writeDate(Date.now() - 1_000) };
    assert.equal(await code(ask(wanted(0, second, past), second)), 410, 'an old wish');
    const status = { type: 'request journal', message_reference: 1, from: 0 } as const;
    assert.equal(await code(status), 200);
    const overheard = Buffer.concat(front.heard).toString('latin1');
    assert.ok(!overheard.includes(PAYEE), 'a payee was told');
  });
  const honest = await RawFront.connect(box.socket);
  const answer = await honest.request(box.issuerId, ask(wanted(0, second), second));
  honest.close();
  assert.ok(answer.type === 'response receipts');
  assert.equal(answer.receipts[0]?.receipt.payee, PAYEE, 'the cashier is told');
});

test('orders that the policy does not allow are not executed', async () => {
  const before = await mallory.statement();
  const raise: Action = { type: 'raise treasury', amount: 5 };
  const order = (action: Action, signers: readonly Key[], changed = {}) => ({
    message_reference: 1,
    signed_order: orderOf(box.issuerId, action, signers, changed),
    type: 'request operate' as const,
  });
  const genuine = order(raise, [anna]);
  const coup: Action = {
    type: 'change policy',
    policy: {
      operators: [{ name: 'Mallory', public_key: cashier.publicKey, recipient: '', role: 'senior' }],
      rules: [rule('change policy', 1)],
      type: 'policy',
    },
  };
  await mallory.attack(async (connections) => {
    const code = (asked: Parameters<HostileFront['code']>[1]) => mallory.code(nth(connections, 0), asked);
    assert.equal(await code(order(raise, [])), 401, 'signed by nobody');
    assert.equal(await code(order(raise, [cashier])), 401, 'signed by the cashier');
    assert.equal(await code(genuine), 200);
    const replays = Array.from({ length: 20 }, (_, index) => mallory.code(nth(connections, index), genuine));
    assert.deepEqual(new Set(await Promise.all(replays)), new Set([200]), 'said twice, it is the same');
    const { order: signed, signatures } = genuine.signed_order;
    for (const changed of [
      { serial: freshReference() },
      { action: { type: 'raise treasury', amount: 50 } as const },
      { action: { type: 'power off' } as const },
      { expires: writeDate(Date.now() + 30 * DAY) },
    ]) {
      const signed_order = { ...genuine.signed_order, order: { ...signed, ...changed } };
      assert.equal(await code({ ...genuine, signed_order }), 401, `moved to ${JSON.stringify(changed)}`);
      const renamed = signatures.map((each) => ({ ...each, operator: clara.publicKey }));
      const posed = { ...signed_order, signatures: renamed };
      assert.equal(await code({ ...genuine, signed_order: posed }), 401, 'under another’s name');
    }
    const late = order(raise, [anna], { expires: writeDate(Date.now() - 1_000) });
    assert.equal(await code(late), 410, 'an order that has expired');
    const large = order({ type: 'raise treasury', amount: 51 }, [anna, clara]);
    assert.equal(await code(large), 401, 'over its limit');
    const half = order(coup, [anna]).signed_order;
    const twice = { ...half, signatures: [...half.signatures, ...half.signatures] };
    const helped = {
      ...half,
      signatures: [...half.signatures, ...orderOf('', coup, [clara, cashier]).signatures],
    };
    for (const signed_order of [half, twice, helped, half]) {
      const answer = await nth(connections, 1).request(box.issuerId, { ...genuine, signed_order });
      assert.ok(answer.type === 'response operate' && answer.state === 'waiting', 'one of two is not enough');
    }
  });
  const now = await mallory.statement();
  assert.equal(now.authorised, before.authorised + raise.amount, 'what an operator has ordered, once');
  assert.equal(now.power, 'on');
});

/** The beginning of a request of 200 bytes. */
const HALF = Buffer.from([0, 0, 0, 200, 1, 0, 0, 0, 1, 0, 64, 0x61]);
const ASKS = 200;

/** What fronts do to keep a box from its work. */
const STALLS: Readonly<Record<string, (front: RawFront) => void>> = {
  'half a head': ({ socket }) => socket.write(HALF.subarray(0, 5)),
  'half a message': ({ socket }) => socket.write(HALF),
  garbage: ({ socket }) => socket.write(randomBytes(4_096)),
  'asks and takes no answer': (front) => {
    front.socket.pause();
    for (let count = 0; count < ASKS; count++) void front.ask(box.issuerId, Buffer.from('{}'));
  },
  silence: () => undefined,
};

test('stalls, garbage and half frames of one front keep no other from its answers', async () => {
  const stalling = await Promise.all(
    Object.entries(STALLS).flatMap(([kind, stall]) =>
      Array.from({ length: 10 }, async () => {
        const front = await RawFront.connect(box.socket);
        stall(front);
        return { kind, front };
      }),
    ),
  );
  const honest = await RawFront.connect(box.socket);
  for (let count = 0; count < 50; count++) {
    const answer = await honest.request(box.issuerId, { type: 'request cddc', message_reference: 1 });
    assert.equal(answer.type, 'response cddc');
  }
  honest.close();
  for (const { kind, front } of stalling) {
    if (kind === 'garbage') await front.ended;
    else assert.ok(!front.socket.destroyed, `${kind}: all of it was while the others stalled`);
    front.close();
  }
});

test('no key is in anything that the box ever says', async () => {
  mallory.heard.push(...(await flood(box, [cashier, second])));
  const everything = Buffer.concat(mallory.heard);
  const { modulus } = nth(box.mintKeys, 0).mint_key.public_mint_key as { readonly modulus?: string };
  const open = [{ name: 'public', bytes: Buffer.from(modulus ?? '', 'hex') }];
  assert.deepEqual(leaked(everything, open), ['public'], 'what is public is heard, and found');
  box.running.child.kill('SIGTERM');
  await box.running.ended;
  const secrets = await secretsOf(box.folder, box.keyFile);
  assert.ok(
    secrets.length > 20,
    'the master key, the statement key and the mint keys, each with its numbers',
  );
  assert.deepEqual(leaked(everything, secrets), []);
  for (const { name, bytes } of secrets) {
    const hex = bytes.toString('hex').toUpperCase();
    const within = Buffer.concat([Buffer.from('ab'), bytes, Buffer.from('c')]).toString('base64url');
    for (const told of [bytes, Buffer.from(`{"a":"${hex}"}`), Buffer.from(`x.${within}`)]) {
      const found = leaked(Buffer.concat([everything, told]), [{ name, bytes }]);
      assert.deepEqual(found, [name], 'what is told is found');
    }
  }
});
