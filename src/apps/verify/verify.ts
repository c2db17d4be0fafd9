import type { Instant } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import type { Blind } from '../../protocol/documents.ts';
import {
  checkBlindSignature,
  checkCoin,
  checkDoublePayment,
  checkPayload,
  checkTogether,
  openCddc,
  openCertificate,
  remarksOnCddc,
  remarksOnKey,
} from './check.ts';
import type { Anchors, CheckedKey, Finding, Issuer } from './check.ts';
import { isSigned, partsOf, readDocument } from './documents.ts';
import type { Parts, ReadFile } from './documents.ts';

/** One line of the report. */
export interface Verdict {
  readonly name: string;
  /** Whether all that it says was checked, and holds. */
  readonly ok: boolean;
  /** Whether it could be checked: what nobody but the mint can tell is neither right nor wrong here. */
  readonly checked: boolean;
  /** The reason where it is not ok; else remarks, and whether there was anything to check. */
  readonly notes: readonly string[];
}

/** Checks every file against the certificates among them. Knows the time only to remark on dates. */
export function verifyFiles(files: ReadonlyMap<string, Uint8Array>, now: Instant): readonly Verdict[] {
  const read = [...files].map(([name, bytes]) => readDocument(name, bytes));
  const anchors = collectAnchors(read.map((file) => partsOf(file.content)));
  return read.map((file) => judge(file, anchors, now));
}

function collectAnchors(all: readonly Parts[]): Anchors {
  const issuers = new Map<string, readonly Issuer[]>();
  for (const cddc of all.flatMap((parts) => parts.cddcs)) {
    const issuer = openCddc(cddc);
    if (issuer instanceof Refusal) continue;
    issuers.set(cddc.cdd.id, [...(issuers.get(cddc.cdd.id) ?? []), issuer]);
  }
  const keys = new Map<string, CheckedKey>();
  for (const certificate of all.flatMap((parts) => parts.certificates)) {
    const key = openCertificate(certificate, issuers);
    if (!(key instanceof Refusal)) keys.set(certificate.mint_key.id, key);
  }
  const blinds: Blind[] = all.flatMap((parts) => parts.blinds);
  return { issuers, keys, blinds };
}

function judge(file: ReadFile, anchors: Anchors, now: Instant): Verdict {
  const { name, content } = file;
  if (content instanceof Refusal) return notOk(name, content);
  const findings = findingsOf(partsOf(content), anchors, now);
  const refusals = findings.filter((finding) => finding instanceof Refusal);
  const refusal = refusals.find((each) => !isUnchecked(each)) ?? refusals[0];
  if (refusal !== undefined) return notOk(name, refusal);
  const remarks =
    findings.length === 0 ? [unlookedAt(content)] : findings.flatMap((each) => each as readonly string[]);
  return { name, ok: true, checked: true, notes: [...new Set(remarks)] };
}

/** Statements, receipts, entries of the journal: `specie audit` checks them, where they belong together. */
function unlookedAt(content: object): string {
  return isSigned(content) ? 'its signature is none that is checked here' : 'carries no signature';
}

function isUnchecked({ name }: Refusal): boolean {
  return name === 'not possible';
}

function findingsOf(parts: Parts, anchors: Anchors, now: Instant): readonly Finding[] {
  return [
    ...parts.cddcs.map((cddc): Finding => {
      const issuer = openCddc(cddc);
      return issuer instanceof Refusal ? issuer : remarksOnCddc(issuer, now);
    }),
    ...parts.certificates.map((certificate): Finding => {
      const key = openCertificate(certificate, anchors.issuers);
      return key instanceof Refusal ? key : remarksOnKey(key, now);
    }),
    ...parts.coins.map((coin) => checkCoin(coin, anchors, now, parts.shown)),
    ...(parts.coins.length > 1 ? [checkTogether(parts.coins)] : []),
    ...parts.payloads.map((payload): Finding => {
      const remarks = checkPayload(payload, anchors, now);
      return remarks instanceof Refusal ? remarks : ['carries no signature', ...remarks];
    }),
    ...parts.blindSignatures.map((answer) => checkBlindSignature(answer, anchors)),
    ...parts.doublePayments.map((found) => checkDoublePayment(found, anchors)),
  ];
}

function notOk(name: string, refusal: Refusal): Verdict {
  return { name, ok: false, checked: !isUnchecked(refusal), notes: [refusal.details] };
}
