import { LIMITS } from '../../../base/limits.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { decodeResponse, encode } from '../../../protocol/codec.ts';
import type { ResponseFloat } from '../../../protocol/messages/float.ts';
import { verifyEd25519 } from '../../../signers/ed25519.ts';
import { readText, replaceFile, systemCode } from '../../../signers/vault/file.ts';
import { get, post } from '../../../transports/http-client.ts';
import type { Way } from '../../audit/ask.ts';
import { audit as lookInto } from '../../audit/audit.ts';
import { gather } from '../../audit/gather.ts';
import { report } from '../../audit/report.ts';
import { readArguments } from '../arguments.ts';
import { fileError } from '../files.ts';
import { clearProgress, complain, misused, printable, progress, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';

const USAGE = 'specie audit URL [--keep FILE]';

/** Checks from the outside all that an issuer says in public. Ends with 1 where anything is wrong with it. */
export async function audit(args: readonly string[]): Promise<ExitStatus> {
  const given = readArguments(args, { texts: ['keep'] });
  if (typeof given === 'string') return misused(USAGE, given);
  const [url = '', ...rest] = given.operands;
  if (url === '' || rest.length > 0) return misused(USAGE);
  const way = wayTo(url);
  if (way instanceof Refusal) return complain(way);
  const { keep } = given.texts;
  const kept = keep === undefined ? undefined : readKept(keep);
  if (kept instanceof Refusal) return complain(kept);
  const evidence = await gather(way, kept);
  if (evidence instanceof Refusal) return complain(evidence);
  const findings = await lookInto(evidence, Date.now(), verifyEd25519, progress('journal entries:'));
  clearProgress();
  if (findings instanceof Refusal) return complain(findings);
  for (const line of report(findings, evidence)) say(printable(line));
  // What was kept is evidence: it is not given up for something that is wrong.
  if (findings.faults.length > 0) return 1;
  const refused = keep === undefined ? undefined : writeKept(keep, evidence.late);
  return refused === undefined ? 0 : complain(refused);
}

/** The way to an issuer over HTTP. */
export function wayTo(url: string): Way | Refusal {
  if (!/^https?:\/\/[^\s]+$/.test(url) || !URL.canParse(url)) {
    return refuse('malformed', `${url} is no address of an issuer; it begins with http:// or https://`);
  }
  return {
    url,
    post: (to, message) => post(to, message, LIMITS.messageBytes),
    get: (from) => get(from, LIMITS.messageBytes),
  };
}

function readKept(path: string): ResponseFloat | Refusal | undefined {
  let text: string | undefined;
  try {
    text = readText(path);
  } catch (error) {
    return fileError(error, path);
  }
  if (text === undefined) return undefined;
  const kept = decodeResponse(new TextEncoder().encode(text));
  return !(kept instanceof Refusal) && kept.type === 'response float'
    ? kept
    : refuse('malformed', `the file ${path} was not kept by an audit; choose another with --keep`);
}

function writeKept(path: string, statement: ResponseFloat): Refusal | undefined {
  try {
    replaceFile(path, `${new TextDecoder().decode(encode(statement))}\n`);
    return undefined;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return fileError(error, path);
  }
}
