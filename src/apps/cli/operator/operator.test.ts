import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { canonicalBytes } from '../../../base/canonical.ts';
import { DAY, HOUR, writeDate } from '../../../base/dates.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import {
  FOUNDING,
  POLICY,
  START,
  foundTestIssuer,
  keyOf,
  rule,
  signOrder,
} from '../../../mint/charter/charter.test-helper.ts';
import { judgeOrder, policyFaults, verifiedSignatures } from '../../../mint/charter/policy.ts';
import { ok, refusalAnswer } from '../../../protocol/answers.ts';
import type { Response } from '../../../protocol/catalogue.ts';
import { decodeDocument, decodeRequest, encode } from '../../../protocol/codec.ts';
import type { Policy, SignedOrder } from '../../../protocol/governance.ts';
import { verifyEd25519 } from '../../../signers/ed25519.ts';
import { sealText } from '../../../stores/mint/sealed-text.ts';
import { makeAgeIdentity } from '../../../stores/mint/snapshot.ts';
import { wayTo } from '../../audit/issuer.test-helper.ts';
import { makeOperatorKey, openKeyFile } from './key.ts';
import type { Desk } from './desk.ts';
import { readOrderFile } from './file.ts';
import { runOperator } from './operator.ts';

const root = mkdtempSync(join(tmpdir(), 'specie-operator-'));
after(() => rmSync(root, { recursive: true }));
let names = 0;
const fresh = (ending = '') => join(root, `${names++}${ending}`);

/** Who released coins are for; and the last letter of that name, written wrongly. */
const keys = await makeAgeIdentity();
const slip = keys.recipient.endsWith('q') ? 'p' : 'q';
const recipientFile = fresh('.pub');
writeFileSync(recipientFile, `public key: ${'ab'.repeat(32)}\nrecipient: ${keys.recipient}\n`);

const URL_OF_ISSUER = 'https://mint.example/';
const issuer = foundTestIssuer();

interface TestDesk extends Desk {
  readonly said: string[];
  readonly handedIn: SignedOrder[];
}

/** A desk at which somebody types a passphrase and says yes, before an issuer that answers as it is told. */
function desk(
  changes: Partial<Desk> & { readonly answer?: (order: SignedOrder) => Response } = {},
): TestDesk {
  const said: string[] = [];
  const handedIn: SignedOrder[] = [];
  const honest = wayTo(issuer);
  const answer =
    changes.answer ??
    ((signed_order: SignedOrder): Response => ({
      ...ok(1),
      missing: [],
      signed_order,
      state: 'executed',
      type: 'response operate',
    }));
  return {
    said,
    handedIn,
    wayTo: (url) => ({
      ...honest,
      url,
      post: async (to, message) => {
        const request = decodeRequest(message);
        assert.ok(!(request instanceof Refusal));
        if (request.type === 'request pending orders')
          return encode({ ...ok(1), orders: handedIn, type: 'response pending orders' });
        if (request.type !== 'request operate') return honest.post(to, message);
        handedIn.push(request.signed_order);
        return encode(answer(request.signed_order));
      },
    }),
    clock: () => START,
    say: (line) => void said.push(line),
    passphrase: async () => 'correct horse battery',
    confirm: async () => true,
    ...changes,
  };
}

async function done(args: readonly string[], at = desk()): Promise<string> {
  const result = await runOperator(args, at);
  assert.equal(result, undefined, result instanceof Refusal ? result.details : result?.wrong);
  return at.said.join('\n');
}

async function refused(args: readonly string[], at = desk()): Promise<Refusal> {
  const result = await runOperator(args, at);
  assert.ok(result instanceof Refusal, 'it was not refused');
  return result;
}

async function ordered(action: readonly string[]): Promise<SignedOrder['order']> {
  const path = fresh('.json');
  await done(['order', URL_OF_ISSUER, ...action, '-o', path]);
  const file = readOrderFile(path);
  assert.ok(!(file instanceof Refusal));
  return file.signed_order.order;
}

function fileOf(content: unknown): string {
  const path = fresh('.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
}

function fileWith(text: string): string {
  const path = fresh();
  writeFileSync(path, text);
  return path;
}

describe('a key', () => {
  test('is sealed under its passphrase, readable by its owner only, and opens again', async () => {
    const path = fresh('.key');
    const said = await done(['keygen', '-o', path]);
    const publicKey = /^public key: ([0-9a-f]{64})$/.exec(said)?.[1];
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const key = await openKeyFile(path, desk());
    assert.ok(!(key instanceof Refusal));
    assert.equal(key.publicKey, publicKey);
    const text = readFileSync(path, 'utf8');
    assert.ok(!text.includes(Buffer.from(key.secret).toString('hex')));
    assert.ok(!text.includes(Buffer.from(key.secret.slice(-32)).toString('hex')));
    const wrong = await openKeyFile(path, desk({ passphrase: async () => 'correct horse stapler' }));
    assert.ok(wrong instanceof Refusal && wrong.name === 'unauthorised');
  });

  test('is never made over another file, and not under a short passphrase', async () => {
    const path = fresh('.key');
    await done(['keygen', '-o', path, '--no-passphrase']);
    const before = readFileSync(path);
    await refused(['keygen', '-o', path]);
    await refused(['keygen', '-o', path, '--no-passphrase']);
    assert.deepEqual(readFileSync(path), before);
    await refused(['keygen', '-o', fresh()], desk({ passphrase: async () => 'short' }));
  });

  test('comes with an age identity when a recipient is wanted', async () => {
    const path = fresh('.key');
    const said = await done(['keygen', '-o', path, '--no-passphrase', '--recipient']);
    assert.match(said, /^recipient: age1[0-9a-z]{58}$/m);
    const identity = readFileSync(`${path}.age`, 'utf8');
    assert.match(identity, /^AGE-SECRET-KEY-1[0-9A-Z]+$/m);
    assert.equal(statSync(`${path}.age`).mode & 0o777, 0o600);
    const other = fresh('.key');
    writeFileSync(`${other}.age`, '');
    await refused(['keygen', '-o', other, '--no-passphrase', '--recipient']);
    assert.throws(() => statSync(other), 'no key is left behind alone');
  });

  test('of a demonstration is made once', () => {
    const path = fresh('.key');
    assert.equal(makeOperatorKey(path), makeOperatorKey(path));
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  test('that is damaged, or no key at all, is named', async () => {
    const path = fresh('.key');
    makeOperatorKey(path);
    const content = JSON.parse(readFileSync(path, 'utf8')) as { public_key: string; secret: string };
    for (const damaged of [
      { ...content, public_key: keyOf('anna').publicKey },
      { ...content, secret: content.secret.slice(2) },
      { ...content, version: 2 },
      { ...content, lock: { kind: 'key file' } },
      {},
      [],
      'text',
    ]) {
      const key = await openKeyFile(fileOf(damaged), desk());
      assert.ok(key instanceof Refusal, JSON.stringify(damaged));
    }
    assert.ok((await openKeyFile(fresh(), desk())) instanceof Refusal);
  });
});

describe('an order', () => {
  test('says in plain words what it would do, before it is written', async () => {
    const path = fresh('.json');
    const said = await done([
      'order',
      URL_OF_ISSUER,
      'raise-treasury',
      '12.50',
      '-o',
      path,
      '--expires',
      '5',
    ]);
    assert.match(said, /An order for Test \(/);
    assert.match(said, /Raise the treasury by 12\.50 Test\./);
    assert.match(said, /until 2026-01-01 05:00 UTC\. Nobody has signed it yet\./);
    const file = readOrderFile(path);
    assert.ok(!(file instanceof Refusal));
    const { order } = file.signed_order;
    assert.deepEqual(order.action, { type: 'raise treasury', amount: 1_250 });
    assert.equal(order.expires, writeDate(START + 5 * HOUR));
    assert.equal(order.issuer_id, issuer.charter.issuerId);
  });

  test('says of the highest number that there is that it limits nothing, and of any other what it is', async () => {
    const saidOf = (...action: string[]) => done(['order', URL_OF_ISSUER, ...action, '-o', fresh()]);
    const cashier = ['cashier', 'ab'.repeat(32), '--per-operation'];
    const most = '90071992547409.91';
    assert.match(await saidOf(...cashier, most, '--per-day', most), /may fund without limit\./);
    assert.match(await saidOf(...cashier, '5', '--per-day', most), /may fund up to 5\.00 an operation\./);
    const below = '90071992547409.90';
    assert.match(await saidOf(...cashier, below, '--per-day', most), /may fund up to 90071992547409\.90 an/);
    const reserve = ['reserve', 'https://gold.example/', '--gives', '3', '--units', '2', '--most'];
    assert.match(await saidOf(...reserve, '70'), /by 0\.03 Test, up to 70\.00 in all$/m);
    assert.match(await saidOf(...reserve, '70'), /own word, which nobody else can check$/m);
    const release = await saidOf('release-reserve', '40', '--recipient', keys.recipient);
    assert.ok(release.includes(`only whoever holds the identity of ${keys.recipient} can open`));
  });

  test('has a serial of its own', async () => {
    const serials = [await ordered(['backup']), await ordered(['backup'])].map((each) => each.serial);
    assert.notEqual(serials[0], serials[1]);
    assert.ok(serials.every((each) => /^[1-9a-f][0-9a-f]{55,63}$/.test(each)));
  });

  test('carries each action as it was typed', async () => {
    const id = 'ab'.repeat(32);
    const other = { ...POLICY, rules: [...POLICY.rules, rule('backup', ['senior'], 1)] };
    const cases: readonly (readonly [readonly string[], SignedOrder['order']['action']])[] = [
      [['lower-treasury', '3'], { type: 'lower treasury', amount: 300 }],
      [['power', 'off'], { type: 'power off' }],
      [['power', 'on'], { type: 'power on' }],
      [['backup'], { type: 'backup' }],
      [
        ['revoke', id, '--coins-until', '2026-03-01'],
        { type: 'revoke mint key', mint_key_id: id, coins_until: '2026-03-01T00:00:00.000' },
      ],
      [
        ['revoke', id, '--coins-until', '30'],
        { type: 'revoke mint key', mint_key_id: id, coins_until: writeDate(START + 30 * DAY) },
      ],
      [['policy', fileOf(other)], { type: 'change policy', policy: other }],
      [
        ['schedule', '--keys-sign', '90', '--coins-live', '365', '--publish-ahead', '0'],
        {
          type: 'key schedule',
          key_schedule: {
            coins_live_seconds: 365 * 86_400,
            keys_sign_seconds: 90 * 86_400,
            publish_ahead_seconds: 0,
          },
        },
      ],
      [
        ['cashier', id, '--per-operation', '5', '--per-day', '70.01'],
        {
          type: 'cashier limits',
          limits: { cashier: id, limit_per_day: 7_001, limit_per_operation: 500 },
        },
      ],
      [
        ['cashier', id, '--per-operation', '0', '--per-day', '0'],
        { type: 'cashier limits', limits: { cashier: id, limit_per_day: 0, limit_per_operation: 0 } },
      ],
      [
        ['description', fileOf({ currency_name: 'Renamed' })],
        { type: 'new description', description: { ...FOUNDING.description, currency_name: 'Renamed' } },
      ],
      [['currency', fileOf(FOUNDING)], { type: 'new currency', founding: FOUNDING }],
      [
        ['reserve', 'https://gold.example/', '--gives', '3', '--units', '2', '--most', '70.01'],
        {
          type: 'reserve',
          reserve: {
            cdd_location: URL_OF_ISSUER,
            gives: 3,
            issuer_id: issuer.charter.issuerId,
            most: 7_001,
            units: 2,
          },
        },
      ],
      [
        ['release-reserve', '40', '--recipient', keys.recipient],
        { type: 'release reserve', amount: 40, recipient: keys.recipient },
      ],
      [
        ['release-reserve', '40', '--to', recipientFile],
        { type: 'release reserve', amount: 40, recipient: keys.recipient },
      ],
    ];
    for (const [typed, action] of cases)
      assert.deepEqual((await ordered(typed)).action, action, typed.join(' '));
  });

  const WRONG: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['no amount', ['raise-treasury', 'much'], /much is no amount of Test/],
    ['too fine an amount', ['raise-treasury', '1.001'], /1\.001 is no amount/],
    ['nothing', ['raise-treasury', '0'], /0 is no amount/],
    ['other power', ['power', 'half'], /on or off, not half/],
    ['a short key id', ['revoke', 'abc', '--coins-until', '3'], /64 hex digits/],
    ['no date', ['revoke', 'ab'.repeat(32), '--coins-until', 'May'], /May is no date/],
    ['30 February', ['revoke', 'ab'.repeat(32), '--coins-until', '2026-02-30'], /no date/],
    [
      'no number of days',
      ['schedule', '--keys-sign', 'x', '--coins-live', '2', '--publish-ahead', '1'],
      /keys-sign/,
    ],
    ['a policy that is none', ['policy', fileOf({})], /cannot be read/],
    ['a policy that is a founding', ['policy', fileOf(FOUNDING)], /holds no policy/],
    [
      'a policy that nobody could meet',
      ['policy', fileOf({ ...POLICY, operators: POLICY.operators.slice(0, 2) })],
      /wants 2 signatures/,
    ],
    ['a policy file that is not there', ['policy', '/nowhere/policy.json'], /does not exist/],
    ['a field that no description has', ['description', fileOf({ colour: 'red' })], /colour/],
    ['a description that is a list', ['description', fileOf([])], /no fields/],
    [
      'units that are none',
      ['reserve', 'https://a.example/', '--gives', '1.5', '--units', '2', '--most', '3'],
      /whole numbers/,
    ],
    [
      'no amount that a reserve may add',
      ['reserve', 'https://a.example/', '--gives', '1', '--units', '2', '--most', 'all'],
      /all is no amount of Test/,
    ],
    [
      'a recipient with a slip of the finger',
      ['release-reserve', '4', '--recipient', `${keys.recipient.slice(0, -1)}${slip}`],
      /no age recipient/,
    ],
    [
      'an identity where a recipient belongs',
      ['release-reserve', '4', '--recipient', keys.identity],
      /no age/,
    ],
    ['a file without a recipient', ['release-reserve', '4', '--to', fileOf({})], /holds no age recipient/],
  ];
  for (const [what, action, said] of WRONG) {
    test(`with ${what} is one clear sentence, and no file`, async () => {
      const path = fresh('.json');
      const { details } = await refused(['order', URL_OF_ISSUER, ...action, '-o', path]);
      assert.match(details, said);
      assert.throws(() => statSync(path));
    });
  }

  test('that is typed wrongly says how it is written', async () => {
    for (const action of [
      ['raise-treasury'],
      ['raise-treasury', '1', '2'],
      ['revoke', 'ab'.repeat(32)],
      ['backup', '--per-day', '3'],
      ['release-reserve', '4'],
      ['release-reserve', '4', '--recipient', keys.recipient, '--to', recipientFile],
      ['fly'],
    ]) {
      const result = await runOperator(['order', URL_OF_ISSUER, ...action, '-o', fresh()], desk());
      assert.ok(result !== undefined && !(result instanceof Refusal), action.join(' '));
      assert.ok(result.wrong.includes(action[0]!));
    }
  });

  test('is never written over another file, nor for ever', async () => {
    const path = fileOf({});
    await refused(['order', URL_OF_ISSUER, 'backup', '-o', path]);
    assert.equal(readFileSync(path, 'utf8'), '{}');
    await refused(['order', URL_OF_ISSUER, 'backup', '-o', fresh(), '--expires', '100000']);
    await refused(['order', URL_OF_ISSUER, 'backup', '-o', fresh(), '--expires', '0']);
  });
});

describe('signing', () => {
  test('adds a signature that the mint accepts, once for each key', async () => {
    const key = fresh('.key');
    const publicKey = makeOperatorKey(key);
    const path = fresh('.json');
    await done(['order', URL_OF_ISSUER, 'backup', '-o', path, '--sign', key]);
    const second = fresh('.key');
    makeOperatorKey(second);
    const said = await done(['sign', path, '--key', second, '--yes']);
    assert.match(said, new RegExp(`Signed by ${publicKey}\\.`));
    await done(['sign', path, '--key', second, '--yes']);
    const file = readOrderFile(path);
    assert.ok(!(file instanceof Refusal));
    const { order, signatures } = file.signed_order;
    assert.equal(signatures.length, 2);
    for (const each of signatures) {
      assert.ok(verifyEd25519(each.operator, canonicalBytes(order), each.signature));
    }
  });

  test('happens only when the person says yes', async () => {
    const key = fresh('.key');
    makeOperatorKey(key);
    const path = fresh('.json');
    await done(['order', URL_OF_ISSUER, 'power', 'off', '-o', path]);
    const before = readFileSync(path, 'utf8');
    const nobody = async () => refuse('not possible', 'nobody');
    for (const confirm of [async () => false, nobody]) {
      const at = desk({ confirm });
      await refused(['sign', path, '--key', key], at);
      assert.match(at.said.join('\n'), /Switch the mint off/);
    }
    assert.equal(readFileSync(path, 'utf8'), before);
  });

  test('refuses an order whose description is another currency’s, or was altered', async () => {
    const key = fresh('.key');
    makeOperatorKey(key);
    const path = fresh('.json');
    await done(['order', URL_OF_ISSUER, 'raise-treasury', '1', '-o', path]);
    const file = JSON.parse(readFileSync(path, 'utf8')) as {
      description: { cdd: object };
      signed_order: { order: object };
    };
    // Under another divisor the same order would read as another amount.
    const divisor = { ...file.description.cdd, currency_divisor: 1 };
    const altered = { ...file, description: { ...file.description, cdd: divisor } };
    const order = { ...file.signed_order.order, issuer_id: 'ee'.repeat(32) };
    const other = { ...file, signed_order: { ...file.signed_order, order } };
    for (const wrong of [altered, other, {}, [], { ...file, signed_order: null }]) {
      await refused(['sign', fileOf(wrong), '--key', key, '--yes']);
    }
  });

  test('refuses an order that has expired', async () => {
    const key = fresh('.key');
    makeOperatorKey(key);
    const path = fresh('.json');
    await done(['order', URL_OF_ISSUER, 'backup', '-o', path, '--expires', '1']);
    const { name } = await refused(
      ['sign', path, '--key', key, '--yes'],
      desk({ clock: () => START + 2 * HOUR }),
    );
    assert.equal(name, 'expired');
  });
});

describe('submitting', () => {
  async function orderPath(action: readonly string[]): Promise<string> {
    const path = fresh('.json');
    await done(['order', URL_OF_ISSUER, ...action, '-o', path]);
    return path;
  }

  test('hands in the order as it is, and says that it was executed', async () => {
    const path = await orderPath(['backup']);
    const at = desk();
    assert.match(await done(['submit', path], at), /The order is executed\./);
    const file = readOrderFile(path);
    assert.ok(!(file instanceof Refusal));
    assert.deepEqual(at.handedIn, [file.signed_order]);
  });

  test('says what an order waits for', async () => {
    const answer = (signed_order: SignedOrder): Response => ({
      ...ok(1),
      missing: ['2 more of: senior (rule 2)', '1 more of: day manager (rule 1)'],
      signed_order,
      state: 'waiting',
      type: 'response operate',
    });
    const said = await done(['submit', await orderPath(['power', 'on'])], desk({ answer }));
    assert.match(said, /waits.*\n {2}2 more of: senior \(rule 2\)\n {2}or 1 more of: day manager/);
  });

  test('passes a refusal on, and does not believe an answer to another order', async () => {
    const path = await orderPath(['backup']);
    const unauthorised = () => refusalAnswer(1, refuse('unauthorised', 'not you'));
    assert.equal((await refused(['submit', path], desk({ answer: unauthorised }))).details, 'not you');
    const other = (): Response => ({
      ...ok(1),
      missing: [],
      signed_order: signOrder(issuer.order({ type: 'power on' }, []).order, ['clara']),
      state: 'executed',
      type: 'response operate',
    });
    assert.equal((await refused(['submit', path], desk({ answer: other }))).name, 'distrusted');
  });

  describe('of a release', () => {
    const payload = {
      cdd_location: URL_OF_ISSUER,
      denomination: 4,
      issuer_id: 'ab'.repeat(32),
      mint_key_id: 'cd'.repeat(32),
      protocol_version: 'https://opencoin.org/1.0',
      serial: 'abc',
      type: 'payload',
    } as const;
    const stack = {
      coins: [{ payload, signature: 'abc', type: 'coin' }],
      subject: '',
      type: 'coinstack',
    } as const;
    const identityFile = fileWith(`# public key: ${keys.recipient}\n${keys.identity}\n`);
    const releaseTo = (recipient = keys.recipient) =>
      orderPath(['release-reserve', '4', '--recipient', recipient]);
    const paying =
      (sealed_stack: string) =>
      (signed_order: SignedOrder): Response => ({
        ...ok(1),
        missing: [],
        sealed_stack,
        signed_order,
        state: 'executed',
        type: 'response operate',
      });
    const sealed = async (bytes: Uint8Array, recipient = keys.recipient) => {
      const text = await sealText(recipient, bytes);
      assert.ok(!(text instanceof Refusal));
      return text;
    };

    test('opens the coins for the recipient, into a new file that only its owner reads', async () => {
      const answer = paying(await sealed(encode(stack)));
      const path = await releaseTo();
      const coins = fresh('.oc');
      const arguments_ = ['submit', path, '-o', coins, '--identity', identityFile];
      assert.match(await done(arguments_, desk({ answer })), /The coins are in /);
      assert.deepEqual(decodeDocument(readFileSync(coins)), stack);
      assert.equal(statSync(coins).mode & 0o777, 0o600);
      const at = desk({ answer });
      await refused(arguments_, at);
      assert.deepEqual(at.handedIn, [], 'handed in, though the file is there already');
      assert.deepEqual(decodeDocument(readFileSync(coins)), stack);
    });

    test('by anybody else says whose the coins are, and how they are opened', async () => {
      const at = desk({ answer: paying(await sealed(encode(stack))) });
      const said = await done(['submit', await releaseTo()], at);
      assert.ok(said.includes(keys.recipient));
      assert.match(said, /-o COINS\.oc --identity FILE/);
    });

    test('is not handed in with what could not open it', async () => {
      const stranger = await makeAgeIdentity();
      const path = await releaseTo();
      const answer = paying(await sealed(encode(stack)));
      for (const wrong of [fileWith(stranger.identity), fileWith('nothing'), fresh()]) {
        const at = desk({ answer });
        const { details } = await refused(['submit', path, '-o', fresh('.oc'), '--identity', wrong], at);
        assert.ok(!details.includes('AGE-SECRET-KEY-1') || details.includes('AGE-SECRET-KEY-1…'));
        assert.deepEqual(at.handedIn, []);
      }
      for (const half of [
        ['-o', fresh('.oc')],
        ['--identity', identityFile],
      ]) {
        const at = desk({ answer });
        const result = await runOperator(['submit', path, ...half], at);
        assert.ok(result !== undefined && !(result instanceof Refusal));
        assert.deepEqual(at.handedIn, []);
      }
      await refused(['submit', await orderPath(['backup']), '-o', fresh('.oc'), '--identity', identityFile]);
    });

    test('takes nothing for coins that is none', async () => {
      const stranger = await makeAgeIdentity();
      const path = await releaseTo();
      const texts = [
        await sealed(encode(stack), stranger.recipient),
        await sealed(new TextEncoder().encode('coins, honestly')),
        (await sealed(encode(stack))).slice(0, -8),
        'YWdl',
      ];
      for (const text of texts) {
        const coins = fresh('.oc');
        await refused(
          ['submit', path, '-o', coins, '--identity', identityFile],
          desk({ answer: paying(text) }),
        );
        assert.throws(() => statSync(coins));
      }
      const without = await refused(['submit', path, '-o', fresh('.oc'), '--identity', identityFile]);
      assert.equal(without.name, 'distrusted');
    });
  });
});

describe('looking', () => {
  test('pending: what waits, who signed, what is lacking; signatures are not taken on the issuer’s word', async () => {
    const at = desk();
    const honest = issuer.order({ type: 'power on' }, ['clara']);
    const forged = { ...honest.signatures[0]!, operator: keyOf('dora').publicKey };
    at.handedIn.push({ ...honest, signatures: [...honest.signatures, forged] });
    const said = await done(['pending', URL_OF_ISSUER], at);
    assert.match(said, /^Switch the mint on\.$/m);
    assert.match(said, /signed by clara \(senior\)$/m);
    assert.match(said, /waits for 1 more of: senior \(rule 5\)$/m);
    assert.match(await done(['pending', URL_OF_ISSUER]), /No order waits\./);
  });

  test('show: who may do what', async () => {
    const said = await done(['show', URL_OF_ISSUER]);
    assert.match(said, /^Test \([0-9a-f]{64}\), switched on; mint keys sign for 100 days, /m);
    assert.match(said, /^ {2}emil \(senior\), key [0-9a-f]{64}$/m);
    assert.match(said, /^ {2}rule 6: change policy: any 3 of clara, dora, emil \(senior\)$/m);
    assert.match(said, /may fund up to 5\.00 an operation and 50\.00 a day$/m);
  });
});

describe('the example policy', () => {
  const bytes = readFileSync(new URL('../../../../docs/examples/policy.json', import.meta.url));
  const policy = decodeDocument(bytes) as Policy;

  test('is a policy that works', () => {
    assert.equal(policy.type, 'policy');
    assert.equal(policyFaults(policy), undefined);
  });

  test('lets one switch off, and takes three to change it', () => {
    const named = (action: string) => policy.rules.filter((each) => each.action === action);
    assert.deepEqual(
      named('power off').map((each) => each.signatures),
      [1],
    );
    assert.deepEqual(
      named('change policy').map((each) => each.signatures),
      [3],
    );
    const [alone, together] = named('raise treasury');
    assert.ok(alone!.signatures === 1 && together!.signatures === 2);
    assert.ok(alone!.most_per_day < together!.most_per_day);
  });
});

test('an order that goes from hand to hand is met in the end', async () => {
  const keys = [fresh('.key'), fresh('.key')];
  const publics = keys.map((path) => makeOperatorKey(path));
  const policy: Policy = {
    ...POLICY,
    operators: [
      ...POLICY.operators,
      ...publics.map((public_key, index) => ({
        name: `new ${index}`,
        public_key,
        recipient: '',
        role: 'senior',
      })),
    ],
  };
  const own = foundTestIssuer({ ...FOUNDING, policy });
  const at = desk({ wayTo: (url) => ({ ...wayTo(own), url }) });
  const path = fresh('.json');
  await done(['order', URL_OF_ISSUER, 'power', 'on', '-o', path, '--sign', keys[0]!], at);
  await done(['sign', path, '--key', keys[1]!, '--yes'], at);
  const file = readOrderFile(path);
  assert.ok(!(file instanceof Refusal));
  const signatures = verifiedSignatures(own.charter, file.signed_order, verifyEd25519);
  assert.deepEqual(judgeOrder(own.charter, { ...file.signed_order, signatures }, START), {
    kind: 'met',
    rule: 4,
  });
});
