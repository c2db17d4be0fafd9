/** The operators of the test currency: a day manager and two seniors, their policy, and the orders that they sign. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { canonicalBytes } from '../base/canonical.ts';
import { DAY, writeDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import type { Action, ActionName, OperatorOrder, Policy, Rule, SignedOrder } from '../protocol/governance.ts';
import type { RequestOperate } from '../protocol/messages/operate.ts';
import { signEd25519 } from '../signers/ed25519.ts';

export interface Signatory {
  readonly publicKey: string;
  readonly secret: Uint8Array;
}

/** What precedes the 32 bytes of an Ed25519 secret in PKCS #8 (RFC 8410, section 7). */
const PKCS8_ED25519 = '302e020100300506032b657004220420';

/** An Ed25519 key that is the same in every run. */
export function signatory(number: number): Signatory {
  const secret = Buffer.from(PKCS8_ED25519 + number.toString(16).padStart(2, '0').repeat(32), 'hex');
  const key = createPublicKey(createPrivateKey({ key: secret, format: 'der', type: 'pkcs8' }));
  const { x = '' } = key.export({ format: 'jwk' });
  return { publicKey: Buffer.from(x, 'base64url').toString('hex'), secret: new Uint8Array(secret) };
}

export const OPERATORS = { anna: signatory(1), clara: signatory(2), dora: signatory(3) };
export type Person = keyof typeof OPERATORS;
export const EVERYONE: readonly Person[] = ['anna', 'clara', 'dora'];
const MANAGER = ['day manager'];
const SENIOR = ['senior'];

const operator = (name: Person, role: string) => ({
  name,
  public_key: OPERATORS[name].publicKey,
  recipient: '',
  role,
});

function rule(
  action: ActionName,
  roles: readonly string[],
  signatures: number,
  order = 0,
  day = order,
): Rule {
  return { action, roles, signatures, most_per_day: day, most_per_order: order };
}

export const POLICY: Policy = {
  operators: [operator('anna', 'day manager'), operator('clara', 'senior'), operator('dora', 'senior')],
  rules: [
    rule('raise treasury', MANAGER, 1, 1_000, 2_000),
    rule('raise treasury', SENIOR, 2, 50_000, 100_000),
    rule('lower treasury', SENIOR, 2, 50_000, 100_000),
    rule('power off', [...MANAGER, ...SENIOR], 1),
    rule('power on', SENIOR, 2),
    rule('change policy', [...MANAGER, ...SENIOR], 3),
    rule('new description', SENIOR, 2),
    rule('key schedule', SENIOR, 2),
    rule('revoke mint key', SENIOR, 1),
    rule('cashier limits', SENIOR, 2, 10_000, 20_000),
    rule('backup', MANAGER, 1),
    rule('reserve', SENIOR, 2, 1_000_000, 100_000_000),
    rule('release reserve', SENIOR, 2, 5_000, 10_000),
    rule('new currency', SENIOR, 2),
  ],
  type: 'policy',
};

/** Who can order anything together. */
export const TOGETHER: Readonly<Record<ActionName, readonly Person[]>> = {
  'raise treasury': ['clara', 'dora'],
  'lower treasury': ['clara', 'dora'],
  'power off': ['anna'],
  'power on': ['clara', 'dora'],
  'change policy': EVERYONE,
  'new description': ['clara', 'dora'],
  'key schedule': ['clara', 'dora'],
  'revoke mint key': ['dora'],
  'cashier limits': ['clara', 'dora'],
  backup: ['anna'],
  reserve: ['clara', 'dora'],
  'release reserve': ['clara', 'dora'],
  'new currency': ['clara', 'dora'],
};

let serials = 0;

/** An order of the currency `issuerId` that expires a day after `now`, under a serial of its own. */
export function orderOf(
  issuerId: string,
  action: Action,
  now: Instant,
  changes: Partial<OperatorOrder> = {},
): OperatorOrder {
  return {
    action,
    expires: writeDate(now + DAY),
    issuer_id: issuerId,
    serial: (++serials).toString(16),
    type: 'operator order',
    ...changes,
  };
}

export function signedBy(order: OperatorOrder, people: readonly Signatory[]): SignedOrder {
  const signatures = people.map(({ publicKey, secret }) => ({
    operator: publicKey,
    signature: signEd25519(secret, canonicalBytes(order)),
  }));
  return { order, signatures, type: 'signed operator order' };
}

export function operateRequest(order: OperatorOrder, ...people: readonly Person[]): RequestOperate {
  const signed_order = signedBy(
    order,
    people.map((name) => OPERATORS[name]),
  );
  return { message_reference: 9, signed_order, type: 'request operate' };
}
