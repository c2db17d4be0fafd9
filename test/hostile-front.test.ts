/**
 * A front that was taken over, with every key of the bank's too, at the socket of a real box. It can refuse service; it
 * cannot make money, execute orders, read receipts that are not for it or learn a key.
 */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { canonicalBytes } from '../src/base/canonical.ts';
import { DAY, readDate, writeDate } from '../src/base/dates.ts';
import { cashierOf } from '../src/apps/bank/open.ts';
import type { Statement } from '../src/protocol/attestations.ts';
import type { Action } from '../src/protocol/governance.ts';
import type { Blind } from '../src/protocol/documents.ts';
import { makeCashierKey, signEd25519 } from '../src/signers/ed25519.ts';
import { certain } from './support/certain.ts';
import { freshReference, fundRequest, orderOf, startLoneBox } from './support/lone-box.ts';
import type { Key, LoneBox } from './support/lone-box.ts';
import { until } from './support/processes.ts';
import { leaked, secretsOf } from './support/leaks.ts';
import { RawFront } from './support/raw-front.ts';
import { flood } from './support/flood.ts';
import { redeemTo } from './support/redeemer.ts';

const TREASURY = 1_000;
const RAISED = 7;
const AT_ONCE = 100;
/** Of the first cashier; the second one's is as good as none. */
const A_DAY = 600;
const CONNECTIONS = 4;
const PAYEE = 'account 4711 of a customer';

const anna = makeCashierKey();
const clara = makeCashierKey();
const second = makeCashierKey();
/** Everything that the box has told the hostile front. */
const heard: Buffer[] = [];

let bankFolder: string;
let box: LoneBox;
let cashier: Key;

before(async () => {
  bankFolder = mkdtempSync(join(tmpdir(), 'specie-bank-'));
  certain(await cashierOf(bankFolder));
  cashier = stolenKey(join(bankFolder, 'bank.sqlite'));
  box = await startLoneBox({
    cashiers: [
      { cashier: cashier.publicKey, limit_per_day: A_DAY, limit_per_operation: AT_ONCE },
      { cashier: second.publicKey, limit_per_day: 1_000_000, limit_per_operation: AT_ONCE },
    ],
    treasury: TREASURY,
    denominations: [1, AT_ONCE],
    policy: {
      operators: [
        { name: 'Anna', public_key: anna.publicKey, recipient: '', role: 'senior' },
        { name: 'Clara', public_key: clara.publicKey, recipient: '', role: 'senior' },
      ],
      rules: [
        { action: 'raise treasury', most_per_day: 50, most_per_order: 50, roles: ['senior'], signatures: 1 },
        { action: 'change policy', most_per_day: 0, most_per_order: 0, roles: ['senior'], signatures: 2 },
        { action: 'power on', most_per_day: 0, most_per_order: 0, roles: ['senior'], signatures: 2 },
        { action: 'power off', most_per_day: 0, most_per_order: 0, roles: ['senior'], signatures: 1 },
      ],
      type: 'policy',
    },
  });
});

after(async () => {
  await box.stop();
  rmSync(bankFolder, { recursive: true });
});

/** The cashier's secret key, as whoever has the bank's folder reads it. */
function stolenKey(path: string): Key {
  const database = new DatabaseSync(path, { readOnly: true });
  const row = database.prepare('SELECT public_key, secret FROM cashier').get();
  database.close();
  return { publicKey: String(row?.['public_key']), secret: row?.['secret'] as Uint8Array };
}

async function hostile(): Promise<RawFront> {
  const front = await RawFront.connect(box.socket);
  front.greet();
  return front;
}

/** Work of hostile fronts at once. What they hear is kept. */
async function attack<Value>(work: (fronts: readonly RawFront[]) => Promise<Value>): Promise<Value> {
  const fronts = await Promise.all(Array.from({ length: CONNECTIONS }, hostile));
  const value = await work(fronts);
  for (const front of fronts) {
    heard.push(...front.heard);
    front.close();
  }
  return value;
}

async function code(front: RawFront, request: Parameters<RawFront['request']>[1]): Promise<number> {
  return (await front.request(box.issuerId, request)).status_code;
}

/** Treasury, float and journal as the mint states them after all that was asked before. It states them once a second. */
async function statement(): Promise<Statement> {
  const asked = Date.now();
  const front = await RawFront.connect(box.socket);
  let stated: Statement | undefined;
  await until(async () => {
    const answer = await front.request(box.issuerId, { type: 'request float', message_reference: 1 });
    assert.equal(answer.type, 'response float');
    stated = answer.signed_statement.statement;
    return (readDate(stated.time) ?? 0) >= asked;
  }, 'the mint states nothing new');
  front.close();
  assert.ok(stated !== undefined);
  return stated;
}

/** Blinds for so much money; nobody needs them to be of any coin. The same name gives the same ones. */
function blindsFor(value: number, name: string): Blind[] {
  const hundreds = Array.from({ length: Math.floor(value / AT_ONCE) }, () => AT_ONCE);
  const ones = Array.from({ length: value % AT_ONCE }, () => 1);
  return [...hundreds, ...ones].map((denomination, index) => {
    const key = box.mintKeys.find(({ mint_key: { denomination: each } }) => each === denomination);
    assert.ok(key !== undefined);
    return {
      // Below any modulus of 2048 bits.
      blinded_payload_hash: `1${digits(`${name} ${index}`, 250)}`,
      mint_key_id: key.mint_key.id,
      reference: `${index}`,
      type: 'blinded payload hash',
    };
  });
}

function digits(name: string, bytes: number): string {
  return createHash('shake256', { outputLength: bytes }).update(name).digest('hex');
}

function mintRequest(reference: string, value: number, name = reference) {
  return {
    blinds: blindsFor(value, name),
    message_reference: 1,
    transaction_reference: reference,
    type: 'request mint',
  } as const;
}

function nth<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  assert.ok(item !== undefined);
  return item;
}

test('a cashier’s key funds no more than its limits a day, whatever is sent at once over many connections', async () => {
  const fundings = Array.from({ length: 40 }, () => fundRequest(box.issuerId, cashier, AT_ONCE));
  const codes = await attack((fronts) =>
    Promise.all(
      // Each of them twice, over different connections, and minted while it may not be funded yet.
      fundings.flatMap((each, index) => {
        const reference = each.funding.transaction_reference;
        const funded = code(nth(fronts, index), each);
        void code(nth(fronts, index + 1), each);
        return [funded, code(nth(fronts, index + 2), mintRequest(reference, AT_ONCE)).then(() => 0)];
      }),
    ),
  );
  assert.equal(codes.filter((each) => each === 200).length, A_DAY / AT_ONCE);
  const accepted = fundings.filter((_, index) => codes[2 * index] === 200);
  await attack(async ([front]) => {
    assert.ok(front !== undefined);
    for (const { funding } of fundings) {
      const answer = await code(front, mintRequest(funding.transaction_reference, AT_ONCE));
      assert.notEqual(answer, 500);
    }
    // A unit more, and dates that might count for another day.
    const day = [-1, 0, 1, 3_650].map((days) => writeDate(Date.now() + days * DAY + 1_000));
    for (const expires of [...day, '9999-12-31T23:59:59.999999Z', '0001-01-01T00:00:00'])
      assert.ok(
        [301, 400, 410].includes(await code(front, fundRequest(box.issuerId, cashier, 1, { expires }))),
      );
    assert.equal(await code(front, fundRequest(box.issuerId, cashier, AT_ONCE + 1)), 401, 'too much at once');
    for (const changed of [{ amount: AT_ONCE - 1 }, { amount: 1 }, { expires: day[2] ?? '' }]) {
      for (const { funding } of accepted) {
        const { transaction_reference } = funding;
        const other = fundRequest(box.issuerId, cashier, AT_ONCE, { transaction_reference, ...changed });
        assert.equal(await code(front, other), 409, 'a funding under the reference of another');
      }
    }
  });
  const { float, treasury, authorised } = await statement();
  assert.equal(float, A_DAY);
  assert.equal(treasury + float, TREASURY);
  assert.equal(authorised, TREASURY);
});

test('fundings that were replayed, changed or signed by others bring nothing', async () => {
  const before = await statement();
  const minted = fundRequest(box.issuerId, second, AT_ONCE);
  const { transaction_reference: reference } = minted.funding;
  await attack(async (fronts) => {
    const front = nth(fronts, 0);
    assert.equal(await code(front, minted), 200);
    const request = mintRequest(reference, AT_ONCE);
    const first = await front.request(box.issuerId, request);
    assert.equal(first.type, 'response mint');
    const replays = Array.from({ length: 20 }, (_, index) =>
      nth(fronts, index).request(box.issuerId, minted),
    );
    for (const answer of await Promise.all(replays))
      assert.equal(answer.status_code, 200, 'said twice, it counts once');
    assert.deepEqual(await front.request(box.issuerId, request), first, 'the same coins, not further ones');
    assert.equal(
      await code(front, mintRequest(reference, AT_ONCE, 'others')),
      409,
      'other coins for the same money',
    );
    for (const changed of [
      { transaction_reference: freshReference() },
      { amount: 1 },
      { amount: AT_ONCE + 1 },
      { cashier: cashier.publicKey },
      { expires: writeDate(Date.now() + 2 * DAY) },
    ]) {
      const moved = { ...minted, funding: { ...minted.funding, ...changed } };
      assert.equal(await code(front, moved), 422, `a signature moved to ${JSON.stringify(changed)}`);
    }
    assert.equal(await code(front, fundRequest(box.issuerId, second, 1, {}, anna)), 422, 'signed by another');
    assert.equal(await code(front, fundRequest(box.issuerId, anna, 1)), 401, 'no cashier');
    assert.equal(await code(front, fundRequest('f'.repeat(64), second, 1)), 404, 'another currency');
    for (const amount of [0, -AT_ONCE]) {
      assert.equal(await code(front, fundRequest(box.issuerId, second, amount)), 400, `${amount} units`);
    }
    const less = fundRequest(box.issuerId, second, 1);
    assert.equal(await code(front, less), 200);
    assert.equal(
      await code(front, mintRequest(less.funding.transaction_reference, AT_ONCE)),
      422,
      'more than was paid',
    );
  });
  const { float, authorised } = await statement();
  assert.equal(float, before.float + AT_ONCE);
  assert.equal(authorised, TREASURY);
});

test('more than the treasury is never issued, whatever a cashier says was paid', async () => {
  await attack(async (fronts) => {
    const fundings = Array.from({ length: 12 }, () => fundRequest(box.issuerId, second, AT_ONCE));
    await Promise.all(
      fundings.map(async (each, index) => {
        assert.equal(await code(nth(fronts, index), each), 200);
        const request = mintRequest(each.funding.transaction_reference, AT_ONCE);
        await Promise.all([0, 1, 2].map((other) => code(nth(fronts, index + other), request)));
      }),
    );
    const refused = nth(fundings, 11).funding.transaction_reference;
    const codes = await Promise.all(
      fundings.map(({ funding }) =>
        code(nth(fronts, 0), {
          type: 'request resume',
          message_reference: 1,
          transaction_reference: funding.transaction_reference,
        }),
      ),
    );
    assert.equal(codes.filter((each) => each === 200).length, (TREASURY - A_DAY - AT_ONCE) / AT_ONCE);
    assert.ok(
      codes.every((each) => [200, 402, 404].includes(each)),
      codes.join(' '),
    );
    assert.ok(refused.length > 0);
  });
  const { float, treasury, authorised } = await statement();
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
  await attack(async ([front]) => {
    assert.ok(front !== undefined);
    const signed = ask(wanted(5, second), second);
    assert.equal(await code(front, ask(wanted(0, anna), anna)), 401, 'an operator is no cashier');
    assert.equal(await code(front, ask(wanted(0, second), anna)), 422, 'signed by another');
    assert.equal(
      await code(front, { ...signed, wanted: wanted(0, second) }),
      422,
      'a signature for other receipts',
    );
    const past = { expires: writeDate(Date.now() - 1_000) };
    assert.equal(await code(front, ask(wanted(0, second, past), second)), 410, 'an old wish');
    const status = { type: 'request journal', message_reference: 1, from: 0 } as const;
    assert.equal(await code(front, status), 200);
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
  const before = await statement();
  const raise: Action = { type: 'raise treasury', amount: 5 };
  const order = (action: Action, signers: readonly Key[], changed = {}) => ({
    message_reference: 1,
    signed_order: orderOf(box.issuerId, action, signers, changed),
    type: 'request operate' as const,
  });
  const executed = order(raise, [anna]);
  const change: Action = {
    type: 'change policy',
    policy: {
      operators: [{ name: 'Mallory', public_key: cashier.publicKey, recipient: '', role: 'senior' }],
      rules: [
        { action: 'change policy', most_per_day: 0, most_per_order: 0, roles: ['senior'], signatures: 1 },
      ],
      type: 'policy',
    },
  };
  await attack(async (fronts) => {
    const front = nth(fronts, 0);
    assert.equal(await code(front, order(raise, [])), 401, 'signed by nobody');
    assert.equal(await code(front, order(raise, [cashier])), 401, 'signed by the cashier');
    assert.equal(await code(front, executed), 200);
    const replays = Array.from({ length: 20 }, (_, index) => code(nth(fronts, index), executed));
    await Promise.all(replays);
    const { signatures } = executed.signed_order;
    for (const changed of [
      { serial: freshReference() },
      { action: { type: 'raise treasury', amount: 50 } as const },
      { action: { type: 'power off' } as const },
      { expires: writeDate(Date.now() + 30 * DAY) },
    ]) {
      const moved = { ...executed.signed_order.order, ...changed };
      const request = { ...executed, signed_order: { ...executed.signed_order, order: moved } };
      assert.equal(await code(front, request), 401, `a signature moved to ${JSON.stringify(changed)}`);
      const forged =
        moved.serial === freshReference()
          ? []
          : signatures.map((each) => ({ ...each, operator: clara.publicKey }));
      const renamed = { ...request, signed_order: { ...request.signed_order, signatures: forged } };
      assert.equal(await code(front, renamed), 401, 'a signature under another operator’s name');
    }
    const old = order(raise, [anna], { expires: writeDate(Date.now() - 1_000) });
    assert.equal(await code(front, old), 410, 'an order that has expired');
    assert.equal(
      await code(front, order({ type: 'raise treasury', amount: 51 }, [anna, clara])),
      401,
      'over its limit',
    );
    const half = order(change, [anna]);
    const twice = {
      ...half.signed_order,
      signatures: [...half.signed_order.signatures, ...half.signed_order.signatures],
    };
    for (const signed_order of [half.signed_order, twice, half.signed_order]) {
      const answer = await front.request(box.issuerId, { ...half, signed_order });
      assert.ok(
        answer.type !== 'response operate' || answer.state === 'waiting',
        'one signature of two is not enough',
      );
    }
  });
  const now = await statement();
  assert.equal(now.authorised, before.authorised + 5, 'the one order that an operator signed, once');
  assert.equal(now.power, 'on');
});

test('stalls, garbage and half frames of one front keep no other from its answers', async () => {
  const stalled = await Promise.all(Array.from({ length: 40 }, () => RawFront.connect(box.socket)));
  const frame = Buffer.from([0, 0, 0, 200, 1, 0, 0, 0, 1, 0, 64]);
  for (const [index, { socket }] of stalled.entries()) {
    const kind = index % 4;
    if (kind === 0) socket.write(frame.subarray(0, 5));
    if (kind === 1) socket.write(Buffer.concat([frame, Buffer.alloc(80)]));
    if (kind === 2) socket.write(randomBytes(4_096));
    // One that asks and asks, and takes no answer.
    if (kind === 3) {
      socket.pause();
      const asks = Array.from({ length: 200 }, () =>
        stalled[index]
          ?.request(box.issuerId, { type: 'request cddc', message_reference: 1 })
          .catch(() => undefined),
      );
      void Promise.all(asks);
    }
  }
  const honest = await RawFront.connect(box.socket);
  for (let count = 0; count < 20; count++) {
    const answer = await honest.request(box.issuerId, { type: 'request float', message_reference: 1 });
    assert.equal(answer.type, 'response float');
  }
  honest.close();
  for (const [index, front] of stalled.entries()) if (index % 4 === 2) await front.ended;
  for (const front of stalled) front.close();
  assert.equal((await statement()).power, 'on');
});

test('no key is in anything that the box ever says', async () => {
  heard.push(...(await flood(box, [cashier, second])));
  const everything = Buffer.concat(heard);
  const { modulus } = nth(box.mintKeys, 0).mint_key.public_mint_key as { readonly modulus?: string };
  const shown = [{ name: 'public', bytes: Buffer.from(modulus ?? '', 'hex') }];
  assert.deepEqual(leaked(everything, shown), ['public'], 'what is public is heard, and found');
  box.running.child.kill('SIGTERM');
  await box.running.ended;
  const secrets = await secretsOf(box.folder, box.keyFile);
  assert.ok(secrets.length > 20, 'master key, statement key, mint keys, each with its numbers');
  assert.deepEqual(leaked(everything, secrets), []);
  for (const secret of secrets) {
    const { bytes } = secret;
    for (const told of [
      bytes,
      Buffer.from(bytes.toString('hex').toUpperCase()),
      Buffer.from(`x${Buffer.concat([Buffer.from('ab'), bytes]).toString('base64url')}`),
    ])
      assert.ok(
        leaked(Buffer.concat([Buffer.from('some'), told, Buffer.from('more')]), [secret]).length === 1,
        secret.name,
      );
  }
});
