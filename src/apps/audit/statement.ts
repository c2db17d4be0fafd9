/** Whether a mint's signed word about its float is true, as far as the journal can tell. */
import { canonicalBytes } from '../../base/canonical.ts';
import { MINUTE } from '../../base/dates.ts';
import type { Instant } from '../../base/dates.ts';
import { canonical } from '../../base/canonical.ts';
import type { ResponseFloat } from '../../protocol/messages/float.ts';
import type { Statement } from '../../protocol/attestations.ts';
import { instantOf } from '../../mint/charter/charter.ts';
import type { Charter } from '../../mint/charter/charter.ts';
import type { VerifySignature } from '../../mint/ports.ts';

/** How far the issuer's clock may be from the auditor's, the time that a statement is kept included. */
export const CLOCK_TOLERANCE = 10 * MINUTE;

/** What is wrong with a statement. The charter is the one that the journal adds up to at the statement's head. */
export function statementFaults(
  charter: Charter,
  { signed_statement: signed, statement_key: key }: ResponseFloat,
  now: Instant,
  verify: VerifySignature,
): readonly string[] {
  const { statement, signature } = signed;
  const faults: string[] = [];
  const expect = (holds: boolean, fault: string) => {
    if (!holds) faults.push(`statement: ${fault}`);
  };
  expect(
    canonical(key) === canonical(charter.statementKey),
    'it comes with another statement key than the journal begins with',
  );
  expect(
    verify(charter.statementKey.statement_key.public_key, canonicalBytes(statement), signature),
    'it is not signed by the statement key',
  );
  expect(statement.issuer_id === charter.issuerId, 'it is of another currency');
  expect(
    statement.journal.hash === charter.head.hash && statement.journal.entries === charter.head.entries,
    'the journal head that it names does not stand in the journal',
  );
  expect(
    statement.authorised === charter.authorised,
    `it says that ${statement.authorised} was authorised; the journal adds up to ${charter.authorised}`,
  );
  expect(statement.power === charter.power, `it says power ${statement.power}, the journal ${charter.power}`);
  expect(
    statement.treasury + statement.float === statement.authorised,
    'treasury and float are not what it says was authorised',
  );
  const time = instantOf(statement.time);
  expect(Math.abs(time - now) <= CLOCK_TOLERANCE, `it is of ${statement.time}, and that is not now`);
  expect(time >= charter.time, 'it is older than the journal that it names');
  return [...faults, ...floatFaults(charter, statement)];
}

function floatFaults(charter: Charter, { denominations, float }: Statement): readonly string[] {
  const faults: string[] = [];
  const said = new Map(denominations.map((each) => [each.denomination, each]));
  if (said.size !== denominations.length) faults.push('statement: a denomination stands in it twice');
  const sum = denominations.reduce((total, each) => total + each.issued - each.redeemed, 0);
  if (sum !== float) faults.push(`statement: its denominations add up to ${sum}, its float is ${float}`);
  const last = lastByDenomination(charter);
  for (const { denomination, issued, redeemed } of denominations) {
    if (redeemed > issued) faults.push(`statement: more coins of ${denomination} came back than went out`);
    if (!last.has(denomination)) faults.push(`statement: no mint key makes coins of ${denomination}`);
  }
  for (const [denomination, { issued, redeemed }] of last) {
    const now = said.get(denomination) ?? { issued: 0, redeemed: 0 };
    if (now.issued < issued || now.redeemed < redeemed) {
      faults.push(`statement: it says less of denomination ${denomination} than the journal's last totals`);
    }
  }
  return faults;
}

/** The journal's last totals of the keys that there are, by denomination. */
export function lastByDenomination(
  charter: Charter,
): ReadonlyMap<number, { readonly issued: number; readonly redeemed: number }> {
  const totals = new Map<number, { issued: number; redeemed: number }>();
  for (const [id, { certificate }] of charter.keys) {
    const { denomination } = certificate.mint_key;
    const last = charter.lastTotals.get(id) ?? { issued: 0, redeemed: 0 };
    const before = totals.get(denomination) ?? { issued: 0, redeemed: 0 };
    totals.set(denomination, {
      issued: before.issued + last.issued,
      redeemed: before.redeemed + last.redeemed,
    });
  }
  return totals;
}
