/** A box by itself, with a small currency whose operators' and cashiers' keys the test has. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalBytes } from '../../src/base/canonical.ts';
import { DAY, HOUR, SECOND, writeDate } from '../../src/base/dates.ts';
import type { MintKeyCertificate } from '../../src/protocol/documents.ts';
import type { Action, Founding, OperatorOrder, SignedOrder } from '../../src/protocol/governance.ts';
import type { Funding, RequestFund } from '../../src/protocol/messages/fund.ts';
import { signEd25519 } from '../../src/signers/ed25519.ts';
import { SUITES } from '../../src/suites/index.ts';
import { RawFront } from './raw-front.ts';
import { SPECIE, launch } from './processes.ts';
import type { Running } from './processes.ts';

/** An Ed25519 key as a cashier or an operator has it. `secret` is PKCS #8 DER. */
export interface Key {
  readonly publicKey: string;
  readonly secret: Uint8Array;
}

const WHERE = 'http://127.0.0.1:1/';
const SERVICE: [number, string][] = [[10, WHERE]];

export interface LoneBox {
  readonly folder: string;
  readonly keyFile: string;
  readonly socket: string;
  readonly issuerId: string;
  readonly mintKeys: readonly MintKeyCertificate[];
  readonly running: Running;
  stop(): Promise<void>;
}

export interface LoneBoxTerms {
  readonly cashiers: Founding['cashiers'];
  readonly treasury: number;
  readonly denominations: readonly number[];
  readonly policy: Founding['policy'];
}

/** Founds and starts a box in a temporary folder. */
export async function startLoneBox(terms: LoneBoxTerms): Promise<LoneBox> {
  const folder = mkdtempSync(join(tmpdir(), 'specie-box-'));
  const [founding, keyFile, data] = ['founding.json', 'box.key', 'box'].map((name) => join(folder, name));
  if (founding === undefined || keyFile === undefined || data === undefined) throw new Error('no paths');
  writeFileSync(founding, JSON.stringify(foundingOf(terms)));
  const args = ['box', '--data', data, '--key-file', keyFile, '--founding', founding];
  const running = launch(process.execPath, [SPECIE, ...args]);
  const end = await Promise.race([running.said('the box is ready'), running.ended]);
  if (end !== undefined) throw new Error(`the box ended at its start: ${end.stderr}`);
  const socket = join(data, 'box.sock');
  const known = await describe(socket);
  const stop = async () => {
    running.child.kill('SIGTERM');
    const { status, stderr } = await running.ended;
    rmSync(folder, { recursive: true, force: true });
    if (status !== 0 || stderr.includes('"event":"bug"'))
      throw new Error(`the box did not end well: ${stderr}`);
  };
  return { folder: data, keyFile, socket, ...known, running, stop };
}

async function describe(socket: string) {
  const front = await RawFront.connect(socket);
  const answer = await front.request('', { type: 'request currencies', message_reference: 1 });
  const issuerId = answer.type === 'response currencies' ? answer.currencies[0]?.cdd.id : undefined;
  if (issuerId === undefined) throw new Error('the box has no currency');
  const keys = await front.request(issuerId, {
    type: 'request mint key certificates',
    message_reference: 1,
  });
  if (keys.type !== 'response mint key certificates') throw new Error('the box has no mint keys');
  front.close();
  return { issuerId, mintKeys: keys.keys };
}

function foundingOf({ cashiers, treasury, denominations, policy }: LoneBoxTerms): Founding {
  const suite = SUITES[0]?.name ?? '';
  return {
    cashiers,
    currency_divisor: 1,
    description: {
      additional_info: '',
      cdd_expiry_date: writeDate(Date.now() + 3_000 * DAY),
      cdd_location: WHERE,
      currency_name: 'Test',
      denominations: [...denominations],
      info_service: SERVICE,
      invalidation_service: SERVICE,
      renewal_service: SERVICE,
      validation_service: SERVICE,
    },
    issuer_cipher_suite: suite,
    key_schedule: {
      coins_live_seconds: (200 * DAY) / SECOND,
      keys_sign_seconds: (100 * DAY) / SECOND,
      publish_ahead_seconds: (10 * DAY) / SECOND,
    },
    policy,
    treasury,
    type: 'founding',
  };
}

/** A reference that was never used. */
export function freshReference(): string {
  return `1${randomBytes(31).toString('hex')}`;
}

/** A cashier's word, signed by the cashier unless by somebody else. */
export function fundRequest(
  issuerId: string,
  cashier: Key,
  amount: number,
  changed: Partial<Funding> = {},
  signer: Key = cashier,
): RequestFund {
  const funding: Funding = {
    amount,
    cashier: cashier.publicKey,
    currency: issuerId,
    expires: writeDate(Date.now() + DAY),
    transaction_reference: freshReference(),
    type: 'funding',
    ...changed,
  };
  const signature = signEd25519(signer.secret, canonicalBytes(funding));
  return { funding, message_reference: 1, signature, type: 'request fund' };
}

/** An order with the signatures of these keys. */
export function orderOf(
  issuerId: string,
  action: Action,
  signers: readonly Key[],
  changed: Partial<OperatorOrder> = {},
): SignedOrder {
  const order: OperatorOrder = {
    action,
    expires: writeDate(Date.now() + HOUR),
    issuer_id: issuerId,
    serial: freshReference(),
    type: 'operator order',
    ...changed,
  };
  const signatures = signers.map(({ publicKey, secret }) => ({
    operator: publicKey,
    signature: signEd25519(secret, canonicalBytes(order)),
  }));
  return { order, signatures, type: 'signed operator order' };
}
