import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, SECOND, writeDate } from '../../base/dates.ts';
import type { MintKey } from '../../protocol/documents.ts';
import type { JournalEntry, JournalEvent, SignedEntry } from '../../protocol/journal.ts';
import { signEd25519, verifyEd25519 } from '../../signers/ed25519.ts';
import { applyEntry } from './apply.ts';
import type { Charter } from './charter.ts';
import {
  AHEAD,
  COINS_LIVE,
  EVERYONE,
  FOUNDING,
  KEYS_SIGN,
  POLICY,
  RECIPIENT,
  START,
  certify,
  eventfulIssuer,
  foundTestIssuer,
  keyOf,
  strangersMaster,
} from './charter.test-helper.ts';
import type { TestIssuer } from './charter.test-helper.ts';
import { canonicalBytes } from '../../base/canonical.ts';
import { checkEntry } from './check.ts';

const tools = { verify: verifyEd25519 };

/** The first entry that is not accepted, and why. */
function firstFault(entries: readonly SignedEntry[]): { at: number; why: string } | undefined {
  let charter: Charter | undefined;
  for (const [at, signed] of entries.entries()) {
    const why = checkEntry(charter, signed, tools);
    if (why !== undefined) return { at, why };
    charter = applyEntry(charter, signed.entry);
  }
  return undefined;
}

/** Every way to change one leaf of a document, as the paths to them. */
function leaves(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, [...path, key]));
}

function changed<Value>(value: Value, [key, ...rest]: readonly (string | number)[]): Value {
  if (key === undefined) return changedLeaf(value) as Value;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
  copy[key] = changed(copy[key], rest);
  return copy as Value;
}

/** Another value that could stand in its place: a date stays one, hexadecimal stays of its length. */
function changedLeaf(leaf: unknown): unknown {
  if (typeof leaf === 'number') return leaf + 1;
  if (typeof leaf === 'boolean') return !leaf;
  const text = String(leaf);
  if (/^\d{4}-/.test(text)) return text.replace(/^\d{3}(\d)/, (year) => String(Number(year) + 1));
  if (/^[0-9a-f]{8,}$/.test(text)) return (text.startsWith('1') ? '2' : '1') + text.slice(1);
  return `${text}x`;
}

/** Leaves that name what kind of document it is: with another, no entry would have been read. */
const isKind = (path: readonly (string | number)[]) => path.at(-1) === 'type';

describe('an honest journal', () => {
  test('is accepted whole', () => {
    assert.equal(firstFault(eventfulIssuer().entries), undefined);
  });
});

describe('any single change', () => {
  const { entries } = eventfulIssuer();
  for (const [at, signed] of entries.entries()) {
    test(`of entry ${at} (${signed.entry.event.type}) is found in that entry`, () => {
      for (const path of leaves(signed).filter((each) => !isKind(each))) {
        const altered = entries.with(at, changed(signed, path));
        assert.equal(firstFault(altered)?.at, at, path.join('.'));
      }
    });
  }

  test('of the order, a missing entry and one that stands twice are found', () => {
    for (let at = 0; at + 1 < entries.length; at++) {
      assert.ok(firstFault(entries.toSpliced(at, 1)), `without ${at}`);
      assert.ok(firstFault(entries.toSpliced(at, 0, entries[at]!)), `twice ${at}`);
      assert.ok(firstFault(entries.toSpliced(at, 2, entries[at + 1]!, entries[at]!)), `swapped ${at}`);
    }
  });
});

/** An issuer with one mint key, and an entry that it signs as its next. */
type Lie = (issuer: TestIssuer, keyId: string) => JournalEvent;

function answerTo(lie: Lie, changes: Partial<JournalEntry> = {}): string | undefined {
  const issuer = foundTestIssuer();
  const certificate = issuer.mintKey(1, START);
  issuer.write({ type: 'mint key', certificate });
  issuer.write({
    type: 'totals',
    totals: [{ issued: 50, mint_key_id: certificate.mint_key.id, redeemed: 20 }],
  });
  const event = lie(issuer, certificate.mint_key.id);
  return checkEntry(issuer.charter, issuer.draft(event, changes), tools);
}

const TWO = ['clara', 'dora'] as const;

/** What an issuer could write and sign itself; each with what is said of it. */
const LIES: readonly (readonly [string, Lie, RegExp])[] = [
  [
    'an order that too few signed',
    (issuer) => ({ type: 'ordered', order: issuer.order({ type: 'power on' }, ['clara']) }),
    /policy was not met/,
  ],
  [
    'an order over the limit',
    (issuer) => ({
      type: 'ordered',
      order: issuer.order({ type: 'raise treasury', amount: 50_001 }, EVERYONE),
    }),
    /at most 500.00/,
  ],
  [
    'an order whose amount was changed',
    (issuer) => {
      const order = issuer.order({ type: 'raise treasury', amount: 5 }, ['anna']);
      const action = { type: 'raise treasury', amount: 500 } as const;
      return { type: 'ordered', order: { ...order, order: { ...order.order, action } } };
    },
    /signature under the order/,
  ],
  [
    'an order with a stranger’s signature beside enough others',
    (issuer) => {
      const order = issuer.order({ type: 'power off' }, ['anna']);
      const extra = { operator: 'ee'.repeat(32), signature: order.signatures[0]!.signature };
      return { type: 'ordered', order: { ...order, signatures: [...order.signatures, extra] } };
    },
    /signature under the order/,
  ],
  [
    'an order twice',
    (issuer) => {
      const order = issuer.order({ type: 'raise treasury', amount: 5 }, ['anna']);
      issuer.write({ type: 'ordered', order });
      return { type: 'ordered', order };
    },
    /executed before/,
  ],
  [
    'an order that had expired',
    (issuer) => ({
      type: 'ordered',
      order: issuer.order({ type: 'power off' }, ['anna'], { expires: writeDate(START - SECOND) }),
    }),
    /expired/,
  ],
  [
    'an order of another currency’s',
    (issuer) => ({
      type: 'ordered',
      order: issuer.order({ type: 'power off' }, ['anna'], { issuer_id: 'ee'.repeat(32) }),
    }),
    /another currency/,
  ],
  [
    'a lower treasury than nothing',
    (issuer) => ({
      type: 'ordered',
      order: issuer.order({ type: 'lower treasury', amount: 10_001 }, ['clara']),
    }),
    /only 100.00 is authorised/,
  ],
  [
    'a policy that locks its operators out',
    (issuer) => ({
      type: 'ordered',
      order: issuer.order({ type: 'change policy', policy: { ...POLICY, rules: POLICY.rules.slice(0, 3) } }, [
        'clara',
        'dora',
        'emil',
      ]),
    }),
    /change policy/,
  ],
  [
    'more of a reserve released than there is',
    (issuer) => ({
      type: 'ordered',
      order: issuer.order({ type: 'release reserve', amount: 1, recipient: RECIPIENT }, TWO),
    }),
    /holds only 0/,
  ],
  ['a reserve that nobody agreed to', () => ({ type: 'reserve held', amount: 1_000 }), /no reserve/],
  ['a second founding', (issuer) => issuer.entries[0]!.entry.event, /founded before/],
  [
    'a description that nobody ordered',
    (issuer) => ({ type: 'description', cddc: issuer.description(FOUNDING.description) }),
    /nobody ordered/,
  ],
  [
    'a description other than was ordered',
    (issuer) => {
      const description = { ...FOUNDING.description, currency_name: 'Renamed' };
      issuer.ordered({ type: 'new description', description }, TWO);
      const cddc = issuer.description({ ...description, additional_info: 'Not ordered' });
      return { type: 'description', cddc };
    },
    /nobody ordered/,
  ],
  [
    'a description that skips a serial',
    (issuer) => {
      issuer.ordered({ type: 'new description', description: FOUNDING.description }, TWO);
      return { type: 'description', cddc: issuer.description(FOUNDING.description, 3) };
    },
    /serial 3 and follows 1/,
  ],
  [
    'a description signed by another key',
    (issuer) => {
      issuer.ordered({ type: 'new description', description: FOUNDING.description }, TWO);
      const { cdd } = issuer.description(FOUNDING.description);
      const signature = certify(cdd, strangersMaster.secretObject);
      return { type: 'description', cddc: { cdd, signature, type: 'cdd certificate' } };
    },
    /master key did not sign the description/,
  ],
  [
    'a currency that nobody ordered',
    () => ({ type: 'currency founded', issuer_id: 'cd'.repeat(32) }),
    /nobody/,
  ],
  [
    'a revocation that nobody ordered',
    (issuer, id) => ({ type: 'mint key revoked', certificate: issuer.revocation(id, START + DAY) }),
    /nobody ordered/,
  ],
  [
    'a revocation for another day than was ordered',
    (issuer, id) => {
      const order = { mint_key_id: id, coins_until: writeDate(START + 9 * DAY) };
      issuer.ordered({ type: 'revoke mint key', ...order }, ['clara']);
      return { type: 'mint key revoked', certificate: issuer.revocation(id, START + DAY) };
    },
    /nobody ordered/,
  ],
  [
    'a revocation that leaves no time to bring the coins back',
    (issuer, id) => {
      const order = { mint_key_id: id, coins_until: writeDate(START) };
      issuer.ordered({ type: 'revoke mint key', ...order }, ['clara']);
      return { type: 'mint key revoked', certificate: issuer.revocation(id, START) };
    },
    /leaves no time/,
  ],
  [
    'anything else than the revocation that was ordered',
    (issuer, id) => {
      const order = { mint_key_id: id, coins_until: writeDate(START + DAY) };
      issuer.ordered({ type: 'revoke mint key', ...order }, ['clara']);
      return { type: 'restored', complete: true };
    },
    /“revoke mint key”, was not carried out at once/,
  ],
  [
    'another order before what was ordered',
    (issuer) => {
      issuer.ordered({ type: 'new description', description: FOUNDING.description }, TWO);
      return { type: 'ordered', order: issuer.order({ type: 'power off' }, ['anna']) };
    },
    /“new description”, was not carried out at once/,
  ],
  [
    'a revocation that another key signed',
    (issuer, id) => {
      const until = START + 9 * DAY;
      const order = { mint_key_id: id, coins_until: writeDate(until) };
      issuer.ordered({ type: 'revoke mint key', ...order }, ['clara']);
      const certificate = issuer.revocation(id, until);
      const signature = signEd25519(keyOf('anna').secret, canonicalBytes(certificate.revocation));
      return { type: 'mint key revoked', certificate: { ...certificate, signature } };
    },
    /statement key did not sign the revocation/,
  ],
  [
    'totals that fall',
    (_, id) => ({ type: 'totals', totals: [{ issued: 49, mint_key_id: id, redeemed: 20 }] }),
    /fall/,
  ],
  [
    'redemptions that fall',
    (_, id) => ({ type: 'totals', totals: [{ issued: 50, mint_key_id: id, redeemed: 19 }] }),
    /fall/,
  ],
  [
    'more coming back than went out',
    (_, id) => ({ type: 'totals', totals: [{ issued: 50, mint_key_id: id, redeemed: 51 }] }),
    /came back/,
  ],
  [
    'more in circulation than was authorised',
    (_, id) => ({ type: 'totals', totals: [{ issued: 10_021, mint_key_id: id, redeemed: 20 }] }),
    /more is in circulation/,
  ],
  [
    'totals of a key that is not there',
    () => ({ type: 'totals', totals: [{ issued: 1, mint_key_id: 'ee'.repeat(32), redeemed: 0 }] }),
    /does not have/,
  ],
  [
    'totals of a key twice',
    (_, id) => ({
      type: 'totals',
      totals: [50, 60].map((issued) => ({ issued, mint_key_id: id, redeemed: 20 })),
    }),
    /twice/,
  ],
  [
    'the end of a key whose coins live',
    (_, id) => ({ type: 'mint key expired', totals: { issued: 50, mint_key_id: id, redeemed: 20 } }),
    /not expired yet/,
  ],
];

describe('what an issuer signs itself is found when it is', () => {
  for (const [what, lie, said] of LIES) {
    test(what, () => {
      assert.match(answerTo(lie) ?? 'accepted', said);
    });
  }

  test('an entry that goes back in time', () => {
    const time = writeDate(START - 1);
    assert.match(answerTo(() => ({ type: 'restored', complete: true }), { time }) ?? '', /time lies before/);
  });

  test('an entry of another currency', () => {
    const issuer_id = 'ee'.repeat(32);
    assert.match(
      answerTo(() => ({ type: 'restored', complete: true }), { issuer_id }) ?? '',
      /another currency/,
    );
  });

  test('an entry that does not follow the one before, by its number or by its hash', () => {
    const restored = () => ({ type: 'restored', complete: true }) as const;
    assert.match(answerTo(restored, { number: 4 }) ?? '', /number 4 and stands at 3/);
    assert.match(answerTo(restored, { number: 2 }) ?? '', /number 2 and stands at 3/);
    assert.match(answerTo(restored, { previous: 'ee'.repeat(32) }) ?? '', /hashes differ/);
    assert.equal(answerTo(restored), undefined);
  });

  test('a description of the same serial and terms that changes what no order may', () => {
    for (const change of [
      { currency_divisor: 1 },
      { issuer_cipher_suite: 'RSA-SHA384-PSS-RFC9474' },
      { issuer_public_master_key: strangersMaster.document },
    ]) {
      const lie: Lie = (issuer) => {
        issuer.ordered({ type: 'new description', description: FOUNDING.description }, TWO);
        const cdd = { ...issuer.description(FOUNDING.description).cdd, ...change };
        return { type: 'description', cddc: { cdd, signature: certify(cdd), type: 'cdd certificate' } };
      };
      assert.match(answerTo(lie) ?? 'accepted', /description is of another currency/);
    }
  });

  test('a description or a revocation of a later day than its entry', () => {
    const day = writeDate(START + DAY);
    const described: Lie = (issuer) => {
      issuer.ordered({ type: 'new description', description: FOUNDING.description }, TWO);
      const cdd = { ...issuer.description(FOUNDING.description).cdd, cdd_signing_date: day };
      return { type: 'description', cddc: { cdd, signature: certify(cdd), type: 'cdd certificate' } };
    };
    assert.match(answerTo(described) ?? 'accepted', /signed after its entry/);
    const revoked: Lie = (issuer, id) => {
      issuer.ordered({ type: 'revoke mint key', mint_key_id: id, coins_until: day }, ['clara']);
      return { type: 'mint key revoked', certificate: issuer.revocation(id, START + DAY, START + 1) };
    };
    assert.match(answerTo(revoked) ?? 'accepted', /lies after its entry/);
  });

  test('a revocation that was ordered and puts an earlier one off, or is of a key that is gone', () => {
    const issuer = foundTestIssuer();
    const certificate = issuer.mintKey(1, START);
    const { id } = certificate.mint_key;
    issuer.write({ type: 'mint key', certificate });
    const order = (days: number, mint_key_id = id) =>
      issuer.order({ type: 'revoke mint key', mint_key_id, coins_until: writeDate(START + days * DAY) }, [
        'clara',
      ]);
    const check = (days: number, key = id) =>
      checkEntry(issuer.charter, issuer.draft({ type: 'ordered', order: order(days, key) }), tools);
    assert.match(check(9, 'ee'.repeat(32)) ?? '', /no such mint key/);
    issuer.write({ type: 'ordered', order: order(9) });
    issuer.write({ type: 'mint key revoked', certificate: issuer.revocation(id, START + 9 * DAY) });
    assert.match(check(9) ?? '', /revoked already/);
    assert.match(check(10) ?? '', /revoked already/);
    assert.equal(check(8), undefined);
    issuer.write({ type: 'restored', complete: false });
    assert.match(check(8) ?? '', /retired already/);
  });

  test('a revocation that comes later than its order', () => {
    const issuer = foundTestIssuer();
    const certificate = issuer.mintKey(1, START);
    const { id } = certificate.mint_key;
    issuer.write({ type: 'mint key', certificate });
    const until = START + 9 * DAY;
    issuer.ordered({ type: 'revoke mint key', mint_key_id: id, coins_until: writeDate(until) }, ['clara']);
    const revoked = { type: 'mint key revoked', certificate: issuer.revocation(id, until) } as const;
    const check = (time: number) =>
      checkEntry(issuer.charter, issuer.draft(revoked, { time: writeDate(time) }), tools);
    assert.match(check(START + SECOND) ?? '', /not carried out at once/);
    assert.equal(check(START), undefined);
  });

  test('the end of a key with more in circulation than was authorised', () => {
    const issuer = foundTestIssuer();
    const certificate = issuer.mintKey(1, START);
    issuer.write({ type: 'mint key', certificate });
    const end = (issued: number) => {
      const totals = { issued, mint_key_id: certificate.mint_key.id, redeemed: 20 };
      const time = writeDate(START + COINS_LIVE + SECOND);
      return checkEntry(issuer.charter, issuer.draft({ type: 'mint key expired', totals }, { time }), tools);
    };
    assert.match(end(10_021) ?? '', /more of the mint key’s coins/);
    assert.equal(end(10_020), undefined);
  });

  test('the end of a key with totals under those it had', () => {
    const issuer = foundTestIssuer();
    const certificate = issuer.mintKey(1, START);
    const { id } = certificate.mint_key;
    issuer.write({ type: 'mint key', certificate });
    issuer.write({ type: 'totals', totals: [{ issued: 50, mint_key_id: id, redeemed: 20 }] });
    const end = (issued: number, time: number) =>
      checkEntry(
        issuer.charter,
        issuer.draft(
          { type: 'mint key expired', totals: { issued, mint_key_id: id, redeemed: 20 } },
          { time: writeDate(time) },
        ),
        tools,
      );
    const late = START + COINS_LIVE + SECOND;
    assert.match(end(40, late) ?? '', /fall/);
    assert.match(end(50, START + COINS_LIVE) ?? '', /not expired/);
    assert.equal(end(50, late), undefined);
  });
});

describe('a mint key', () => {
  const issuer = foundTestIssuer();
  const present = issuer.mintKey(1, START);
  issuer.write({ type: 'mint key', certificate: present });
  const time = START + KEYS_SIGN - AHEAD;
  const next = START + KEYS_SIGN;
  const check = (certificate: JournalEvent & { type: 'mint key' }) =>
    checkEntry(issuer.charter, issuer.draft(certificate, { time: writeDate(time) }), tools);
  const like = (from: number, changes: Partial<MintKey> = {}, denomination = 1) =>
    check({ type: 'mint key', certificate: issuer.mintKey(denomination, from, changes) });

  test('follows the one before where that ends', () => {
    assert.equal(like(next), undefined);
    assert.equal(like(time, {}, 2), undefined);
  });

  const lies: readonly (readonly [string, string | undefined, RegExp])[] = [
    ['beside another of its denomination', like(next - 1), /while another/],
    ['beside one that begins later', like(START - KEYS_SIGN + 1), /while another/],
    ['further ahead than the schedule says', like(next + 1), /further ahead/],
    [
      'for longer than the schedule says',
      like(next, { sign_coins_not_after: writeDate(next + KEYS_SIGN + 1) }),
      /signs longer/,
    ],
    [
      'with coins that live longer',
      like(next, { coins_expiry_date: writeDate(next + COINS_LIVE + 1) }),
      /live longer/,
    ],
    ['with coins that expire at once', like(next, { coins_expiry_date: writeDate(next) }), /expire while/],
    ['that never signs', like(next, { sign_coins_not_after: writeDate(next) }), /never signs/],
    ['of no denomination there is', like(time, {}, 3), /no denomination 3/],
    ['of another currency', like(next, { issuer_id: 'ee'.repeat(32) }), /another currency/],
    ['under another description', like(next, { cdd_serial: 2 }), /description in force/],
    ['under another id', like(next, { id: 'ee'.repeat(32) }), /hash of its key/],
    ['that was there before', check({ type: 'mint key', certificate: present }), /there before/],
    [
      'that the master key did not sign',
      check({
        type: 'mint key',
        certificate: { ...issuer.mintKey(1, next), signature: present.signature },
      }),
      /master key did not sign/,
    ],
  ];
  for (const [what, answer, said] of lies) {
    test(`${what} is not accepted`, () => {
      assert.match(answer ?? 'accepted', said);
    });
  }

  test('never comes again after it has expired', () => {
    const own = foundTestIssuer();
    const certificate = own.mintKey(1, START);
    own.write({ type: 'mint key', certificate });
    const totals = { issued: 0, mint_key_id: certificate.mint_key.id, redeemed: 0 };
    own.write({ type: 'mint key expired', totals }, START + COINS_LIVE + SECOND);
    assert.match(
      checkEntry(own.charter, own.draft({ type: 'mint key', certificate }), tools) ?? '',
      /there before/,
    );
  });

  test('may follow one that was revoked at once, but not beside the one that was published ahead', () => {
    const own = foundTestIssuer();
    const first = own.mintKey(1, START);
    own.write({ type: 'mint key', certificate: first });
    own.write({ type: 'mint key', certificate: own.mintKey(1, next) }, time);
    const order = { mint_key_id: first.mint_key.id, coins_until: writeDate(next) };
    own.ordered({ type: 'revoke mint key', ...order }, ['clara'], time);
    own.write({ type: 'mint key revoked', certificate: own.revocation(first.mint_key.id, next) });
    const stopgap = (until: number) => {
      const changes = { sign_coins_not_after: writeDate(until) };
      const certificate = own.mintKey(1, time, changes);
      return checkEntry(own.charter, own.draft({ type: 'mint key', certificate }), tools);
    };
    assert.equal(stopgap(next), undefined);
    assert.match(stopgap(next + 1) ?? '', /while another/);
  });
});

describe('a founding', () => {
  const honest = foundTestIssuer().entries[0]!;
  const founded = honest.entry.event as JournalEvent & { type: 'founded' };
  const other = foundTestIssuer();
  /** The same founding with changes, all of it signed anew by those who hold the keys. */
  const signedAnew = (changes: Partial<typeof founded>, issuer_id = honest.entry.issuer_id) => {
    const entry = { ...other.entries[0]!.entry, issuer_id };
    const event = { ...(entry.event as typeof founded), ...changes };
    const whole = { ...entry, event };
    const signature = signEd25519(other.statementSecret, canonicalBytes(whole));
    return checkEntry(undefined, { ...honest, entry: whole, signature }, tools);
  };
  /** The same founding with changes, signed by a statement key that the liar holds. */
  const check = (changes: Partial<typeof founded>) =>
    checkEntry(
      undefined,
      {
        ...honest,
        entry: { ...honest.entry, event: { ...founded, ...changes } },
      },
      tools,
    );

  test('is accepted as it is', () => {
    assert.equal(check({}), undefined);
  });

  test('of another currency than its entry says is not', () => {
    assert.equal(signedAnew({}), undefined);
    assert.match(signedAnew({}, 'ee'.repeat(32)) ?? '', /another currency than it founds/);
  });

  test('with a statement key certified for another currency is not', () => {
    const { statement_key: own } = other.entries[0]!.entry.event as typeof founded;
    const statement_key = { ...own.statement_key, issuer_id: 'ee'.repeat(32) };
    const certificate = { ...own, statement_key, signature: certify(statement_key) };
    assert.match(signedAnew({ statement_key: certificate }) ?? '', /statement key is of another currency/);
  });

  test('under another version of the protocol, serial or divisor is not', () => {
    const said = (change: object) => {
      const cdd = { ...founded.cddc.cdd, ...change };
      return signedAnew({ cddc: { ...founded.cddc, cdd, signature: certify(cdd) } }) ?? 'accepted';
    };
    assert.match(said({ protocol_version: 'https://opencoin.org/2.0' }), /protocol version/);
    assert.match(said({ cdd_serial: 2 }), /not as it was founded/);
    assert.match(said({ currency_divisor: 1 }), /not as it was founded/);
  });

  test('with a description that differs from the terms is not', () => {
    const { cddc } = founded;
    const cdd = { ...cddc.cdd, currency_name: 'Other' };
    const signature = certify(cdd);
    assert.match(check({ cddc: { ...cddc, cdd, signature } }) ?? '', /not as it was founded/);
  });

  test('with a statement key that the master key did not certify is not', () => {
    const statement_key = { ...founded.statement_key.statement_key, public_key: keyOf('anna').publicKey };
    const certificate = { ...founded.statement_key, statement_key };
    assert.match(check({ statement_key: certificate }) ?? '', /did not sign the statement key/);
  });

  test('with another statement key than signed it is not', () => {
    const otherEvent = other.entries[0]!.entry.event as JournalEvent & { type: 'founded' };
    assert.match(check({ statement_key: otherEvent.statement_key }) ?? '', /not signed by the statement key/);
  });

  test('with a treasury that its statement key did not sign is not', () => {
    assert.match(check({ founding: { ...FOUNDING, treasury: 10_001 } }) ?? '', /not signed/);
  });

  test('under a key that is not the currency’s is not', () => {
    const { cddc } = founded;
    const cdd = { ...cddc.cdd, issuer_public_master_key: strangersMaster.document };
    const signature = certify(cdd, strangersMaster.secretObject);
    assert.match(check({ cddc: { ...cddc, cdd, signature } }) ?? '', /hash of its master key/);
  });

  test('is where a journal begins, and nothing else is', () => {
    const second = other.draft({ type: 'restored', complete: true }, { number: 0, previous: '0'.repeat(64) });
    assert.match(checkEntry(undefined, second, tools) ?? '', /does not begin with the founding/);
  });

  for (const [what, founding] of [
    [
      'a policy that nobody can meet',
      { ...FOUNDING, policy: { ...POLICY, operators: POLICY.operators.slice(0, 1) } },
    ],
    ['a cashier twice', { ...FOUNDING, cashiers: [...FOUNDING.cashiers, ...FOUNDING.cashiers] }],
  ] as const) {
    test(`with ${what} is not`, () => {
      const liar = foundTestIssuer(founding);
      assert.ok(checkEntry(undefined, liar.entries[0]!, tools) !== undefined);
    });
  }
});
