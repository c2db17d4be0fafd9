/** An audit of a test's issuer, and what it has to find. */
import assert from 'node:assert/strict';
import { Refusal } from '../../base/refusal.ts';
import type { TestIssuer } from '../../mint/charter/charter.test-helper.ts';
import type { ResponseFloat } from '../../protocol/messages/float.ts';
import { verifyEd25519 } from '../../signers/ed25519.ts';
import { audit } from './audit.ts';
import { gather } from './gather.ts';
import { wayTo } from './issuer.test-helper.ts';
import type { Lies } from './issuer.test-helper.ts';
import { report } from './report.ts';

export interface Looked {
  readonly faults: readonly string[];
  readonly lines: readonly string[];
}

/** Audits an issuer at the time of its last entry, or at another. */
export async function look(
  issuer: TestIssuer,
  lies: Lies = {},
  kept?: ResponseFloat,
  now = issuer.charter.time,
): Promise<Looked> {
  const evidence = await gather(wayTo(issuer, lies), kept);
  assert.ok(!(evidence instanceof Refusal), evidence instanceof Refusal ? evidence.details : '');
  const findings = await audit(evidence, now, verifyEd25519);
  assert.ok(!(findings instanceof Refusal), findings instanceof Refusal ? findings.details : '');
  return { faults: findings.faults, lines: report(findings, evidence) };
}

/** The fault is found, and the report says so. */
export function assertFault({ faults, lines }: Looked, expected: RegExp): void {
  assert.ok(
    faults.some((fault) => expected.test(fault)),
    `${expected} is not among ${faults.join('; ')}`,
  );
  assert.ok(lines.some((line) => line.startsWith('FAULT ') && expected.test(line)));
  assert.ok(!lines.includes('No fault was found.'));
}
