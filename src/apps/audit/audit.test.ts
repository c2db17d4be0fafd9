import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DAY, MINUTE, writeDate } from '../../base/dates.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import {
  FOUNDING,
  START,
  eventfulIssuer,
  foundTestIssuer,
  keyOf,
  signStatement,
} from '../../mint/charter/charter.test-helper.ts';
import type { Statement } from '../../protocol/attestations.ts';
import { refusalAnswer } from '../../protocol/answers.ts';
import { encode } from '../../protocol/codec.ts';
import { verifyEd25519 } from '../../signers/ed25519.ts';
import { audit } from './audit.ts';
import { followJournal, gather } from './gather.ts';
import { floatOf, keysOf, wayTo } from './issuer.test-helper.ts';
import { assertFault, look } from './look.test-helper.ts';

describe('an honest issuer', () => {
  const issuer = eventfulIssuer();

  test('has no faults', async () => {
    const { faults, lines } = await look(issuer);
    assert.deepEqual(faults, []);
    assert.equal(lines.at(-1), 'No fault was found.');
  });

  test('is described in plain words', async () => {
    const { lines } = await look(issuer);
    const text = lines.join('\n');
    for (const expected of [
      /^Test renamed is issued at https:\/\/mint\.example\/$/m,
      /denominations 0\.01, 0\.02, 0\.04$/m,
      /rule 1: raise treasury: any 1 of anna, ben \(day manager\), up to 10\.00 an order and 25\.00 a day$/m,
      /2026-01-01 00:00 UTC {2}\+100\.00 to 100\.00: founded$/m,
      /2026-01-02 00:00 UTC {2}\+7\.00 to 107\.00: raise treasury, ordered by anna \(day manager\)$/m,
      /2026-01-02 00:00 UTC {2}-2\.00 to 105\.00: lower treasury, ordered by clara \(senior\)$/m,
      /\+15\.01 to 120\.01: by the issuer’s own word the reserve holds 1001 of the other currency’s smallest unit$/m,
      /coins of 0\.01: issued 3\.00 worth, came back 0\.00 worth, in circulation 3\.00 worth$/m,
      /Mint keys: 3 live, 0 revoked, 0 retired, 1 whose coins have expired\.$/m,
      /Backups: 1, the last on 2026-01-04 00:00 UTC\.$/m,
    ]) {
      assert.match(text, expected);
    }
  });

  test('may write its journal while it is looked at', async () => {
    const growing = eventfulIssuer();
    const early = floatOf(growing);
    const keysThen = keysOf(growing);
    growing.write(
      { type: 'mint key', certificate: growing.mintKey(2, START + 108 * DAY) },
      START + 100 * DAY,
    );
    const now = growing.charter.time;
    const fresh = signStatement(growing.statementSecret, {
      ...early.signed_statement.statement,
      time: writeDate(now),
    });
    const { faults } = await look(growing, {
      keys: keysThen,
      floats: [{ ...early, signed_statement: fresh }],
    });
    assert.deepEqual(faults, []);
  });

  test('may have grown since it was looked at last', async () => {
    const growing = eventfulIssuer();
    const kept = floatOf(growing);
    growing.ordered({ type: 'raise treasury', amount: 1 }, ['anna'], START + 22 * DAY);
    const { faults, lines } = await look(growing, {}, kept);
    assert.deepEqual(faults, []);
    assert.match(lines.join('\n'), /the journal has only grown since 2026-01-22 00:00 UTC/);
  });

  test('is followed for what its journal adds up to', async () => {
    const charter = await followJournal(wayTo(issuer), verifyEd25519);
    assert.deepEqual(charter, issuer.charter);
  });
});

describe('a hostile issuer is found out', () => {
  test('when it alters an entry', async () => {
    const issuer = eventfulIssuer();
    for (const at of [0, 3, 10, issuer.entries.length - 1]) {
      const entry = issuer.entries[at]!;
      const altered = { ...entry, entry: { ...entry.entry, time: writeDate(START + 300 * DAY) } };
      assertFault(
        await look(issuer, { entries: issuer.entries.with(at, altered) }),
        new RegExp(`entry ${at}:`),
      );
      const charter = await followJournal(
        wayTo(issuer, { entries: issuer.entries.with(at, altered) }),
        verifyEd25519,
      );
      assert.ok(charter instanceof Refusal && charter.name === 'distrusted');
    }
  });

  test('when it leaves an entry out, or cuts the journal short', async () => {
    const issuer = eventfulIssuer();
    assertFault(await look(issuer, { entries: issuer.entries.toSpliced(5, 1) }), /entry 5/);
    assertFault(await look(issuer, { entries: issuer.entries.slice(0, -1) }), /ends after/);
    assertFault(await look(issuer, { entries: [] }), /no entries/);
  });

  test('when it publishes another key, or one under another certificate', async () => {
    const issuer = eventfulIssuer();
    const extra = issuer.mintKey(1, START + 21 * DAY);
    const { keys } = keysOf(issuer);
    assertFault(await look(issuer, { keys: { keys: [...keys, extra] } }), /does not stand in the journal/);
    const [first] = keys;
    const changed = { ...first!, mint_key: { ...first!.mint_key, denomination: 2 } };
    assertFault(await look(issuer, { keys: { keys: keys.with(0, changed) } }), /not the one in the journal/);
    assertFault(await look(issuer, { keys: { keys: [...keys, first!] } }), /published twice/);
  });

  test('when it hides a key', async () => {
    const issuer = eventfulIssuer();
    const { keys } = keysOf(issuer);
    assertFault(await look(issuer, { keys: { keys: keys.slice(1) } }), /is not published/);
  });

  test('when it does not say that a restore has retired a key', async () => {
    const issuer = foundTestIssuer();
    issuer.write({ type: 'mint key', certificate: issuer.mintKey(1, START) });
    const { keys } = keysOf(issuer);
    issuer.write({ type: 'restored', complete: false });
    assertFault(await look(issuer, { keys: { keys } }), /revocation of/);
  });

  test('when it hides a revocation, or makes one up', async () => {
    const issuer = foundTestIssuer();
    const certificate = issuer.mintKey(1, START);
    const { id } = certificate.mint_key;
    issuer.write({ type: 'mint key', certificate });
    const revocation = issuer.revocation(id, START + DAY);
    assertFault(await look(issuer, { keys: { revocations: [revocation] } }), /revocation of/);
    const order = { mint_key_id: id, coins_until: writeDate(START + DAY) };
    issuer.ordered({ type: 'revoke mint key', ...order }, ['clara']);
    issuer.write({ type: 'mint key revoked', certificate: revocation });
    assert.deepEqual((await look(issuer)).faults, []);
    assertFault(await look(issuer, { keys: { revocations: [] } }), /revocation of/);
  });

  test('when the description that it shows is not the last', async () => {
    const issuer = eventfulIssuer();
    assertFault(await look(issuer, { cddc: issuer.charter.cddcs[0]! }), /description/);
  });

  const statementLies: readonly (readonly [string, (truth: Statement) => Partial<Statement>, RegExp])[] = [
    ['a smaller float', (truth) => ({ float: truth.float - 1 }), /its float is/],
    ['a smaller treasury', (truth) => ({ treasury: truth.treasury - 1 }), /treasury and float/],
    [
      'more authorised, with a treasury that fits',
      (truth) => ({ authorised: truth.authorised + 5, treasury: truth.treasury + 5 }),
      /the journal adds up to/,
    ],
    [
      'less issued than the journal’s totals, with sums that fit',
      (truth) => ({
        denominations: truth.denominations.map((each) => ({
          ...each,
          issued: each.issued && each.issued - 1,
        })),
        float: truth.float - truth.denominations.filter((each) => each.issued > 0).length,
        treasury: truth.treasury + truth.denominations.filter((each) => each.issued > 0).length,
      }),
      /less of denomination/,
    ],
    [
      'coins that no key makes',
      (truth) => ({
        denominations: [...truth.denominations, { denomination: 8, issued: 1, redeemed: 1 }],
      }),
      /no mint key makes/,
    ],
    [
      'more coming back than went out',
      (truth) => ({
        denominations: truth.denominations.map((each) => ({ ...each, redeemed: each.issued + 1 })),
        float: 0,
      }),
      /came back than went out/,
    ],
    [
      'a denomination twice, with sums that fit',
      (truth) => ({
        denominations: [...truth.denominations, { ...truth.denominations[0]!, issued: 0, redeemed: 0 }],
      }),
      /stands in it twice/,
    ],
    ['other power', () => ({ power: 'off' }), /power off/],
    ['another currency', () => ({ issuer_id: 'ee'.repeat(32) }), /another currency/],
    [
      'another head',
      (truth) => ({ journal: { ...truth.journal, hash: 'ee'.repeat(32) } }),
      /does not stand in the journal/,
    ],
    [
      'fewer entries than it needs',
      (truth) => ({ journal: { ...truth.journal, entries: truth.journal.entries - 1 } }),
      /does not stand in the journal/,
    ],
    ['an old time', () => ({ time: writeDate(START) }), /that is not now/],
  ];
  for (const [what, lie, expected] of statementLies) {
    test(`when its statement says ${what}`, async () => {
      const issuer = eventfulIssuer();
      const truth = issuer.statement().statement;
      const false_ = floatOf(issuer, lie(truth));
      assertFault(await look(issuer, { floats: [floatOf(issuer), false_] }), expected);
    });
  }

  test('when another key signs its statement', async () => {
    const issuer = eventfulIssuer();
    const signed_statement = signStatement(keyOf('anna').secret, issuer.statement().statement);
    const float = { ...floatOf(issuer), signed_statement };
    assertFault(await look(issuer, { floats: [float, float] }), /not signed by the statement key/);
    assertFault(await look(issuer, { floats: [float] }), /not signed by the statement key/);
  });

  test('when its statement comes with another statement key', async () => {
    const issuer = eventfulIssuer();
    const { statement_key } = floatOf(foundTestIssuer());
    const float = { ...floatOf(issuer), statement_key };
    assertFault(await look(issuer, { floats: [floatOf(issuer), float] }), /another statement key/);
  });

  test('when it shows keys of long ago beside a first statement of long ago', async () => {
    const issuer = eventfulIssuer();
    const keys = keysOf(issuer);
    const old = issuer.statement().statement;
    issuer.write({ type: 'mint key', certificate: issuer.mintKey(2, START + 108 * DAY) }, START + 100 * DAY);
    const later = START + 120 * DAY;
    issuer.write({ type: 'restored', complete: true }, later);
    const dated = signStatement(issuer.statementSecret, { ...old, time: writeDate(later) });
    const early = { ...floatOf(issuer), signed_statement: dated };
    assertFault(await look(issuer, { floats: [early], keys }), /more entries than it said/);
  });

  test('when its first statement says more than its second', async () => {
    const issuer = eventfulIssuer();
    const more = floatOf(issuer, { sequence: 8 });
    assertFault(await look(issuer, { floats: [more] }), /later one says less/);
  });

  test('when its clock is not the time', async () => {
    const issuer = eventfulIssuer();
    const now = issuer.charter.time + 11 * MINUTE;
    assertFault(await look(issuer, {}, undefined, now), /that is not now/);
  });
});

describe('what the last audit kept', () => {
  test('finds a journal that was written anew, though it is right in itself', async () => {
    const first = eventfulIssuer();
    const kept = floatOf(first);
    const anew = foundTestIssuer({ ...FOUNDING, treasury: 9_000 });
    for (let count = 1; count < first.entries.length + 3; count++) {
      anew.write({ type: 'restored', complete: true });
    }
    assert.deepEqual((await look(anew)).faults, []);
    assertFault(await look(anew, {}, kept), /journal was rewritten/);
  });

  test('finds a journal that lost its last entries', async () => {
    const kept = floatOf(eventfulIssuer());
    assertFault(await look(foundTestIssuer(), {}, kept), /journal was rewritten/);
  });

  test('finds another currency at the address, and a ledger that went back', async () => {
    const issuer = eventfulIssuer();
    assertFault(await look(issuer, {}, floatOf(issuer, { issuer_id: 'ee'.repeat(32) })), /another currency/);
    assertFault(await look(issuer, {}, floatOf(issuer, { sequence: 8 })), /ledger went back/);
  });
});

describe('an issuer that does not answer', () => {
  const issuer = eventfulIssuer();
  const honest = wayTo(issuer);

  test('is no fault: it is to be asked again', async () => {
    const refusal = refuse('busy', 'later');
    const busy = { ...honest, post: async () => encode(refusalAnswer(1, refusal)) };
    const answer = await gather(busy);
    assert.ok(answer instanceof Refusal && answer.name === 'busy');
  });

  test('with something else is refused', async () => {
    const other = { ...honest, post: async () => encode(keysOf(issuer)) };
    const answer = await gather(other);
    assert.ok(answer instanceof Refusal && answer.name === 'unreachable');
  });

  test('in the middle of its journal leaves nothing said', async () => {
    let asked = 0;
    const tired = {
      ...honest,
      post: async (url: string, message: Uint8Array) =>
        ++asked > 5 ? refuse('unreachable', 'gone') : honest.post(url, message),
    };
    const evidence = await gather(tired);
    assert.ok(!(evidence instanceof Refusal));
    const findings = await audit(evidence, issuer.charter.time, verifyEd25519);
    assert.ok(findings instanceof Refusal && findings.name === 'unreachable');
  });
});
