/** `specie title audit`: checks from the outside all that a title server says in public. */
import { Refusal, refuse } from '../../../base/refusal.ts';
import { readBytes, replaceFile, systemCode } from '../../../signers/vault/file.ts';
import { nativeSha256 } from '../../../signers/title/hash.ts';
import { verifyTitleSignature } from '../../../signers/title/signature.ts';
import { auditTitles } from '../../../title/audit/audit.ts';
import type { TitleFindings } from '../../../title/audit/audit.ts';
import type { TitleWay } from '../../../title/audit/ask.ts';
import type { AuditParts } from '../../../title/audit/fold.ts';
import { readKept, writeKept } from '../../../title/audit/keep.ts';
import type { Kept } from '../../../title/audit/keep.ts';
import { titleReport } from '../../../title/audit/report.ts';
import { TITLE_LIMITS } from '../../../title/documents/limits.ts';
import { post } from '../../../transports/http-client.ts';
import { readArguments } from '../arguments.ts';
import { fileError } from '../files.ts';
import { clearProgress, complain, misused, printable, progress, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';
import { ownTitles } from './audit-own.ts';

export const TITLE_AUDIT_USAGE = 'specie title audit URL [--keep FILE] [--compare FILE]… [--data WALLET]';

const PARTS: AuditParts = { verify: verifyTitleSignature, sha256: nativeSha256 };

/** Follows the whole log of a title server. Ends with 1 where anything is wrong with it, or lost: who hides a log says so, too. */
export async function titleAudit(args: readonly string[]): Promise<ExitStatus> {
  const given = readArguments(args, { texts: ['keep', 'data'], lists: ['compare'] });
  if (typeof given === 'string') return misused(TITLE_AUDIT_USAGE, given);
  const [url = '', ...rest] = given.operands;
  if (url === '' || rest.length > 0) return misused(TITLE_AUDIT_USAGE);
  const way = wayTo(url);
  if (way instanceof Refusal) return complain(way);
  const { keep, data } = given.texts;
  const kept = keep === undefined ? undefined : readFile(keep);
  if (kept instanceof Refusal) return complain(kept);
  const others = readOthers(given.lists['compare'] ?? []);
  if (others instanceof Refusal) return complain(others);
  const own = data === undefined ? [] : await ownTitles(data, way);
  if (own instanceof Refusal) return complain(own);
  const options = { kept, others, own };
  const findings = await auditTitles(
    way,
    { ...options, now: Date.now(), progress: progress('groups:') },
    PARTS,
  );
  clearProgress();
  if (findings instanceof Refusal) return complain(findings);
  return conclude(findings, url, keep);
}

/** Says what was found, and keeps it where nothing is wrong: what was kept is evidence, and is not given up for less. */
function conclude(findings: TitleFindings, url: string, keep: string | undefined): ExitStatus {
  for (const line of titleReport(findings, url)) say(printable(line));
  if (findings.faults.length > 0 || findings.unchecked.length > 0) return 1;
  if (keep === undefined) return 0;
  try {
    replaceFile(keep, writeKept(findings, PARTS));
    return 0;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return complain(fileError(error, keep));
  }
}

/** The way to a title server over HTTP. */
function wayTo(url: string): TitleWay | Refusal {
  if (!/^https?:\/\/[^\s]+$/.test(url) || !URL.canParse(url))
    return refuse('malformed', `${url} is no address of a title server; it begins with http:// or https://`);
  return (request) => post(url, request, TITLE_LIMITS.messageBytes, 'application/octet-stream');
}

function readFile(path: string): Kept | Refusal | undefined {
  try {
    const bytes = readBytes(path);
    return bytes === undefined ? undefined : readKept(bytes, PARTS, path);
  } catch (error) {
    return fileError(error, path);
  }
}

/** What other auditors kept; the first that cannot be read is refused. */
function readOthers(paths: readonly string[]): readonly Kept[] | Refusal {
  const others: Kept[] = [];
  for (const path of paths) {
    const other = readFile(path) ?? refuse('unknown', `there is no file ${path}`);
    if (other instanceof Refusal) return other;
    others.push(other);
  }
  return others;
}
