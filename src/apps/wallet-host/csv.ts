/** The history as a table for other programs (RFC 4180). */
import { amount, formatAmount } from '../../base/amount.ts';
import { utf8 } from '../../base/bytes.ts';
import { HOST_LIMITS } from '../../host/limits.ts';
import type { EntryView } from '../../host/schemas.ts';
import { TEXTS } from '../../pages/texts/index.ts';
import type { File } from './answers.ts';
import type { MemberVisit } from './visit.ts';

/** All entries of a search, newest first. */
export function historyCsv({ member, language }: MemberVisit, search: string): File {
  const { history, entryKinds, entryStates, common } = TEXTS[language];
  const head = [
    history.when,
    history.what,
    history.who,
    history.subject,
    history.amount,
    common.currency,
    history.state,
  ];
  const row = (entry: EntryView): readonly string[] => [
    entry.time,
    entryKinds[entry.kind],
    entry.who,
    entry.subject,
    formatAmount(amount(entry.amount), entry.divisor),
    entry.currencyName,
    entryStates[entry.state],
  ];
  const rows = [head, ...member.history(search.slice(0, HOST_LIMITS.subject)).map(row)];
  const text = rows.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
  return { kind: 'file', name: 'history.csv', type: 'text/csv; charset=utf-8', bytes: utf8(text) };
}

/** A cell; what a spreadsheet would take for a formula is kept from being one, since others write subjects. */
export function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
