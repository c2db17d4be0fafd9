/** What an audit of a title server found, as lines for people. */
import { TITLE_LIMITS } from '../documents/limits.ts';
import type { TitleFindings } from './audit.ts';
import type { ClassSummary } from './summary.ts';

/** The whole report; the faults stand at its end. */
export function titleReport(findings: TitleFindings, url: string): readonly string[] {
  const { server, signedRoot, past, classes, faults, unchecked } = findings;
  const { statement } = signedRoot;
  const facts = [
    `Titles are kept at ${url}`,
    `  server ${server}`,
    `  ${counted(statement.titles, 'title')} in ${counted(classes.length, 'class', 'classes')}; ` +
      `the log has ${counted(statement.groups, 'group')}; stated on ${dated(statement.time)}`,
    ...classes.flatMap(classInWords),
  ];
  const found = faults.length > 0 ? faults.map((fault) => `FAULT ${fault}`) : cleanWords(findings);
  const notChecked = unchecked.map((words) => `Not checked: ${words}.`);
  // What follows of a log that begins late is counted from there.
  const counts =
    past.isWhole || faults.length > 0
      ? []
      : [`Of the rest, ${counted(past.transfers, 'transfer')} were followed.`];
  return [...facts, ...notChecked, ...counts, ...found];
}

function cleanWords({ past, before, signedRoot, own }: TitleFindings): readonly string[] {
  const { titles } = signedRoot.statement;
  const what = past.isWhole
    ? `Checked: ${grownWords(before, past.groups)}; ` +
      `${counted(past.transfers, 'transfer')} since the first group, each signed by who held its titles; ` +
      `no title beyond those that issuers signed for; and the signed root over the sequence numbers of ${counted(titles, 'title')}`
    : `Checked: what is left of the log; the issuers’ signatures; and that all sequence numbers stand under a signed root ` +
      `(${counted(Math.ceil(titles / TITLE_LIMITS.pageCells), 'page')})`;
  const mine =
    own === 0
      ? ''
      : `; ${own === 1 ? 'your title is' : `your ${own} titles are`} in, as your wallet has ${own === 1 ? 'it' : 'them'}`;
  return [`${what}${mine}.`, past.isWhole ? 'No fault was found.' : 'In what is left no fault was found.'];
}

function grownWords(before: number, groups: number): string {
  const each = 'each signed and linked to the one before';
  if (before === 0) return `${counted(groups, 'group')} of the log, ${each}`;
  return before === groups
    ? `that the log still ends with group ${before}, which was checked before`
    : `${counted(groups - before, 'group')} of the log since group ${before}, which was checked before, ${each}`;
}

function classInWords({ id, name, unit, version, titles, issued, pooled }: ClassSummary): readonly string[] {
  const pool = pooled === undefined ? '' : `, of which ${pooled} lie in the pool`;
  return [
    `  ${name}: ${counted(titles, 'title')}, ${issued} ${unit} in all${pool}`,
    `    class ${id}, version ${version}`,
  ];
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A moment as people read it: to the minute, in UTC. */
function dated(time: number): string {
  const date = new Date(Math.min(time, 8.64e15)).toISOString();
  return `${date.slice(0, 10)} ${date.slice(11, 16)} UTC`;
}
