/** An audit of a forger, and what it keeps. */
import assert from 'node:assert/strict';
import { Refusal } from '../../base/refusal.ts';
import { pairOf, sha256 } from '../documents/samples.test-helper.ts';
import { auditTitles } from './audit.ts';
import type { AuditOptions, TitleFindings } from './audit.ts';
import { ALICE, BOB, NOW, PARTS, plainly, transferOf } from './forger.test-helper.ts';
import type { Forger } from './forger.test-helper.ts';
import { readKept, writeKept } from './keep.ts';
import type { Kept } from './keep.ts';

export const CAROL = pairOf('carol');
export const secret = sha256(Uint8Array.of(7));
export const binding = { hash: sha256(secret), until: NOW - 3_600_000 + 20, fallback: ALICE.publicKey };

export async function look(forger: Forger, options: Partial<AuditOptions> = {}): Promise<TitleFindings> {
  const given = { kept: undefined, others: [], own: [], now: NOW, progress: () => undefined };
  const findings = await auditTitles(forger.way, { ...given, ...options }, PARTS);
  if (findings instanceof Refusal) assert.fail(findings.details);
  return findings;
}

/** What an audit keeps, through the file. */
export async function keptOf(forger: Forger): Promise<Kept> {
  const findings = await look(forger);
  assert.deepEqual(findings.faults, []);
  return reread(findings);
}

export function reread(kept: Kept): Kept {
  const read = readKept(writeKept(kept, PARTS), PARTS);
  if (read instanceof Refusal) assert.fail(read.details);
  return read;
}

export async function assertFound(
  forger: Forger,
  expected: RegExp,
  options: Partial<AuditOptions> = {},
): Promise<void> {
  const { faults } = await look(forger, options);
  assert.ok(
    faults.some((fault) => expected.test(fault)),
    `${expected.source} in ${JSON.stringify(faults)}`,
  );
}

/** Serial 1 is Alice's with sequence 2, 9 Bob's with 2, 10 Alice's with 2, 5 in the pool with 1. */
export const give = (serial: number, sequence: number, jump = 1) =>
  transferOf([{ serial, from: ALICE, sequence, to: plainly(BOB) }], [], { jump });

/** So many titles of Alice's that never moved, to Bob. */
export const giveMany = (first: number, count: number) =>
  transferOf(
    Array.from({ length: count }, (_, at) => ({
      serial: first + at,
      from: ALICE,
      sequence: 0,
      to: plainly(BOB),
    })),
  );
