import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, SECOND, writeDate } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import type { Action, Policy, SignedOrder } from '../../protocol/governance.ts';
import { verifyEd25519 } from '../../signers/ed25519.ts';
import { EVERYONE, POLICY, START, foundTestIssuer, keyOf, rule } from './charter.test-helper.ts';
import type { Person } from './charter.test-helper.ts';
import { judgeOrder, policyFaults, verifiedSignatures } from './policy.ts';

const issuer = foundTestIssuer();

function judge(action: Action, by: readonly Person[], now = START) {
  return judgeOrder(issuer.charter, issuer.order(action, by), now);
}

function refusedAs(verdict: unknown): string {
  assert.ok(verdict instanceof Refusal);
  return verdict.name;
}

describe('an order', () => {
  test('is met by whom the first rule names', () => {
    assert.deepEqual(judge({ type: 'raise treasury', amount: 1_000 }, ['anna']), { kind: 'met', rule: 0 });
    assert.deepEqual(judge({ type: 'raise treasury', amount: 1_001 }, ['clara', 'emil']), {
      kind: 'met',
      rule: 1,
    });
    assert.deepEqual(judge({ type: 'raise treasury', amount: 5 }, EVERYONE), { kind: 'met', rule: 0 });
  });

  test('waits for those whom the rules name, in words', () => {
    assert.deepEqual(judge({ type: 'raise treasury', amount: 900 }, ['clara']), {
      kind: 'missing',
      sentences: [
        '1 more of: day manager (rule 1: up to 10.00 an order)',
        '1 more of: senior (rule 2: up to 500.00 an order)',
      ],
    });
    assert.deepEqual(judge({ type: 'change policy', policy: POLICY }, ['anna', 'ben', 'clara']), {
      kind: 'missing',
      sentences: ['2 more of: senior (rule 6)'],
    });
  });

  test('is never met by one person who signs twice', () => {
    const signed = issuer.order({ type: 'power on' }, ['clara', 'clara']);
    const verdict = judgeOrder(issuer.charter, signed, START);
    assert.ok(!(verdict instanceof Refusal) && verdict.kind === 'missing');
  });

  test('is refused over every rule’s limit, whoever signs', () => {
    assert.equal(refusedAs(judge({ type: 'raise treasury', amount: 50_001 }, EVERYONE)), 'unauthorised');
  });

  test('is refused when the day’s limit would be passed, and not the day after', () => {
    const busy = foundTestIssuer();
    busy.ordered({ type: 'raise treasury', amount: 1_000 }, ['anna']);
    busy.ordered({ type: 'raise treasury', amount: 1_000 }, ['ben']);
    const third = busy.order({ type: 'raise treasury', amount: 501 }, ['anna'], {
      expires: writeDate(START + 3 * DAY),
    });
    const today = judgeOrder(busy.charter, third, START);
    assert.ok(!(today instanceof Refusal) && today.kind === 'missing', 'only two seniors could, today');
    assert.deepEqual(judgeOrder(busy.charter, third, START + DAY), { kind: 'met', rule: 0 });
    const senior = (amount: number) => busy.order({ type: 'raise treasury', amount }, ['clara', 'dora']);
    for (const amount of [50_000, 50_000]) {
      busy.write({ type: 'ordered', order: senior(amount) });
    }
    assert.equal(refusedAs(judgeOrder(busy.charter, senior(1_001), START)), 'unauthorised');
  });

  test('for an action that no rule names is refused', () => {
    const bare = foundTestIssuer();
    const policy = { ...POLICY, rules: POLICY.rules.filter((each) => each.action !== 'backup') };
    bare.ordered({ type: 'change policy', policy }, ['clara', 'dora', 'emil']);
    const verdict = judgeOrder(bare.charter, bare.order({ type: 'backup' }, EVERYONE), START);
    assert.equal(refusedAs(verdict), 'unauthorised');
  });

  test('of another currency, or too late, is refused', () => {
    const other = issuer.order({ type: 'backup' }, ['anna'], { issuer_id: 'ee'.repeat(32) });
    assert.equal(refusedAs(judgeOrder(issuer.charter, other, START)), 'unknown');
    const dated = issuer.order({ type: 'backup' }, ['anna'], { expires: writeDate(START) });
    assert.deepEqual(judgeOrder(issuer.charter, dated, START), { kind: 'met', rule: 10 });
    const late = judgeOrder(issuer.charter, dated, START + SECOND);
    assert.ok(late instanceof Refusal);
    assert.equal(late.code, 410);
  });

  test('that was executed is a repetition, and another one under its serial is refused', () => {
    const own = foundTestIssuer();
    const order = own.order({ type: 'backup' }, ['anna']);
    own.write({ type: 'ordered', order });
    assert.deepEqual(judgeOrder(own.charter, order, START), { kind: 'repeated' });
    const other = own.order({ type: 'power off' }, ['anna'], { serial: order.order.serial });
    assert.equal(refusedAs(judgeOrder(own.charter, other, START)), 'reference reused');
  });

  test('counts cashiers’ limits by day', () => {
    const limits = (limit_per_day: number) =>
      ({
        type: 'cashier limits',
        limits: { cashier: 'cc'.repeat(32), limit_per_day, limit_per_operation: 1 },
      }) as const;
    assert.deepEqual(judge(limits(10_000), ['clara', 'dora']), { kind: 'met', rule: 9 });
    assert.equal(refusedAs(judge(limits(10_001), ['clara', 'dora'])), 'unauthorised');
  });

  test('leaves sentences that fit an answer, whatever roles are called', () => {
    const roles = Array.from({ length: 32 }, (_, index) => `${'é'.repeat(180)}${index}`);
    const own = foundTestIssuer();
    const policy: Policy = { ...POLICY, rules: [rule('backup', [...roles, 'senior'], 3), ...POLICY.rules] };
    own.ordered({ type: 'change policy', policy }, ['clara', 'dora', 'emil']);
    const verdict = judgeOrder(own.charter, own.order({ type: 'backup' }, []), START);
    assert.ok(!(verdict instanceof Refusal) && verdict.kind === 'missing');
    for (const sentence of verdict.sentences) assert.ok(sentence.length <= 200, sentence);
    assert.match(verdict.sentences[0]!, /^3 more of: .* \(rule 1\)$/);
  });
});

describe('signatures', () => {
  test('count when they are of an operator, over this order, and of each operator once', () => {
    const signed = issuer.order({ type: 'power on' }, ['clara', 'dora', 'clara']);
    const others = issuer.order({ type: 'power on' }, ['emil']);
    const stranger = { operator: 'ee'.repeat(32), signature: signed.signatures[0]!.signature };
    const mixed: SignedOrder = {
      ...signed,
      signatures: [stranger, ...others.signatures, ...signed.signatures],
    };
    assert.deepEqual(
      verifiedSignatures(issuer.charter, mixed, verifyEd25519).map((each) => each.operator),
      [keyOf('clara').publicKey, keyOf('dora').publicKey],
    );
  });

  test('an order that was changed keeps none', () => {
    const signed = issuer.order({ type: 'raise treasury', amount: 5 }, ['anna', 'clara']);
    const raised = { ...signed.order, action: { type: 'raise treasury', amount: 6 } as const };
    assert.deepEqual(verifiedSignatures(issuer.charter, { ...signed, order: raised }, verifyEd25519), []);
  });

  test('an operator’s wrong signature does not hide the right one behind it', () => {
    const signed = issuer.order({ type: 'backup' }, ['anna']);
    const wrong = { operator: keyOf('anna').publicKey, signature: '0'.repeat(128) };
    const both = { ...signed, signatures: [wrong, ...signed.signatures] };
    assert.deepEqual(verifiedSignatures(issuer.charter, both, verifyEd25519), signed.signatures);
  });
});

describe('a policy', () => {
  const [first] = POLICY.operators;
  const faults: readonly (readonly [string, Policy])[] = [
    ['with one key twice', { ...POLICY, operators: [...POLICY.operators, { ...first!, name: 'zoe' }] }],
    [
      'with one name twice',
      { ...POLICY, operators: [...POLICY.operators, { ...first!, public_key: 'ee'.repeat(32) }] },
    ],
    [
      'with a rule that nobody can meet',
      { ...POLICY, rules: [...POLICY.rules, rule('backup', ['day manager'], 3)] },
    ],
    ['with a role that nobody has', { ...POLICY, rules: [...POLICY.rules, rule('backup', ['cook'], 1)] }],
    ...(['change policy', 'power off', 'power on'] as const).map(
      (name) =>
        [
          `without a rule for ${name}`,
          { ...POLICY, rules: POLICY.rules.filter((each) => each.action !== name) },
        ] as const,
    ),
  ];
  for (const [what, policy] of faults) {
    test(`${what} is refused`, () => {
      assert.ok(policyFaults(policy) instanceof Refusal);
    });
  }
  test('that can be met is none', () => {
    assert.equal(policyFaults(POLICY), undefined);
  });
});
