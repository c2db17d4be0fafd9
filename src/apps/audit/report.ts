/** What an audit found, as lines for people. */
import {
  cashierInWords,
  dated,
  named,
  operatorInWords,
  policyInWords,
  scheduleInWords,
  written,
} from './words.ts';
import { descriptionOf, worth } from '../../mint/charter/charter.ts';
import type { Charter } from '../../mint/charter/charter.ts';
import type { Statement } from '../../protocol/attestations.ts';
import type { Evidence, Findings } from './audit.ts';

/** The whole report; the faults stand at its end. */
export function report(findings: Findings, evidence: Evidence): readonly string[] {
  const { charter, faults } = findings;
  const { statement } = evidence.late.signed_statement;
  const found = charter === undefined ? [] : factsOf(charter, findings, statement);
  const checked =
    faults.length > 0
      ? faults.map((fault) => `FAULT ${fault}`)
      : [checkedWords(findings, evidence), ...uncheckedWords(charter), 'No fault was found.'];
  return [...found, ...checked];
}

function factsOf(charter: Charter, { history, entries }: Findings, statement: Statement): readonly string[] {
  const cdd = descriptionOf(charter);
  const { count, last } = history.backups;
  return [
    `${cdd.currency_name} is issued at ${cdd.cdd_location}`,
    ...indented([
      `id ${charter.issuerId}, cipher suite ${cdd.issuer_cipher_suite}`,
      `denominations ${cdd.denominations.map((each) => written(cdd, each)).join(', ')}`,
      `switched ${charter.power}; the journal has ${entries} entries`,
      scheduleInWords(charter.schedule),
      ...reserveInWords(charter),
    ]),
    ...governance(charter),
    ...balance(charter, statement, history.totals),
    'Changes of the treasury:',
    ...indented(history.treasury),
    ...section('What else was decided and done:', history.others),
    `Mint keys: ${keysInWords(charter)}.`,
    count === 0 ? 'Backups: none.' : `Backups: ${count}, the last on ${last}.`,
  ];
}

/** Who may do what. */
export function governance(charter: Charter): readonly string[] {
  const cdd = descriptionOf(charter);
  const cashiers = [...charter.cashiers.values()].map((each) =>
    cashierInWords(
      {
        cashier: each.publicKey,
        limit_per_day: each.limitPerDay,
        limit_per_operation: each.limitPerOperation,
      },
      cdd,
    ),
  );
  return [
    'Operators:',
    ...indented(charter.policy.operators.map(operatorInWords)),
    'Who may do what:',
    ...indented([...policyInWords(charter.policy, cdd), ...cashiers]),
  ];
}

/** Treasury and float as the mint states them. */
function balance(charter: Charter, statement: Statement, last: string): readonly string[] {
  const cdd = descriptionOf(charter);
  return [
    `Stated on ${dated(statement.time)}:`,
    ...indented([
      `treasury ${named(cdd, statement.treasury)}: what may still be issued`,
      `float ${named(cdd, statement.float)}: what is in circulation`,
      `authorised ${named(cdd, statement.authorised)}: both together`,
      ...statement.denominations.map(
        ({ denomination, issued, redeemed }) =>
          `coins of ${written(cdd, denomination)}: issued ${written(cdd, issued)} worth, ` +
          `came back ${written(cdd, redeemed)} worth, ` +
          `in circulation ${written(cdd, Math.max(0, issued - redeemed))} worth`,
      ),
      ...aheadInWords(charter, statement, last),
    ]),
  ];
}

function reserveInWords(charter: Charter): readonly string[] {
  const { reserve } = charter;
  if (reserve === null) return [];
  const { cdd_location, issuer_id } = reserve.terms;
  const backed = named(descriptionOf(charter), worth(reserve.terms, reserve.held));
  return [
    `by the issuer’s own word backed by ${reserve.held} of the smallest unit of ${issuer_id} at ${cdd_location}: ` +
      `${backed} of what is authorised rest on that word, and nobody outside can check it`,
  ];
}

/** What nobody outside can find out is no part of a clean audit. */
function uncheckedWords(charter: Charter | undefined): readonly string[] {
  return charter === undefined || charter.reserve === null
    ? []
    : ['Not checked: what the reserve holds. That is the issuer’s own word.'];
}

/** How far the statement is ahead of the journal, whose totals come once an hour where anything moved. */
function aheadInWords(charter: Charter, { denominations }: Statement, last: string): readonly string[] {
  const cdd = descriptionOf(charter);
  const totals = [...charter.lastTotals.values()];
  const ahead = (count: 'issued' | 'redeemed') =>
    denominations.reduce((sum, each) => sum + each[count], 0) -
    totals.reduce((sum, each) => sum + each[count], 0);
  const [issued, redeemed] = [ahead('issued'), ahead('redeemed')];
  const since = last === '' ? 'the journal has no totals yet' : `the journal’s last totals are of ${last}`;
  return [
    issued === 0 && redeemed === 0
      ? `${since}; nothing has moved since`
      : `${since}; since then ${written(cdd, Math.max(0, issued))} issued and ` +
        `${written(cdd, Math.max(0, redeemed))} come back are in no entry yet`,
  ];
}

function keysInWords({ keys, formerKeys }: Charter): string {
  const counts = { live: 0, revoked: 0, retired: 0 };
  for (const { state } of keys.values()) counts[state]++;
  const now = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
  return `${now.join(', ')}, ${formerKeys.size} whose coins have expired`;
}

function checkedWords({ entries }: Findings, { keys, kept }: Evidence): string {
  const grown =
    kept === undefined
      ? ''
      : `; the journal has only grown since ${dated(kept.signed_statement.statement.time)}, ` +
        'and so has all that was issued and came back';
  return (
    `Checked: ${entries} entries, each signed, linked to the one before and permitted by the policy; ` +
    `the statement against them; ${keys.keys.length} mint key certificates, no more and no fewer than the ` +
    `journal's; the description${grown}.`
  );
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...indented(lines)];
}

/** Lines that belong to the one before. */
export function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}
