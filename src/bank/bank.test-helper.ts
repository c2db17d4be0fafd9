/** A bank and, in place of the mint, what a bank sees of one: its signed words, and what it takes from a cashier. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign as nodeSign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { amount } from '../base/amount.ts';
import { canonicalBytes } from '../base/canonical.ts';
import type { Canonical } from '../base/canonical.ts';
import { DAY, writeDate } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { ok } from '../protocol/answers.ts';
import type { SignedReceipt, Statement, StatementKeyCertificate } from '../protocol/attestations.ts';
import type { Request, Response, TellerRequest } from '../protocol/catalogue.ts';
import type { Cddc } from '../protocol/documents.ts';
import { PROTOCOL_VERSION } from '../protocol/documents.ts';
import { hashOf, keyId } from '../protocol/ids.ts';
import type { RequestFund } from '../protocol/messages/fund.ts';
import type { RequestReceipts } from '../protocol/messages/receipts.ts';
import { makeCashierKey, signEd25519, verifyEd25519 } from '../signers/ed25519.ts';
import { openMemoryBankStore } from '../stores/bank/memory.ts';
import { openSqliteBankStore } from '../stores/bank/sqlite.ts';
import { chaum86 } from '../suites/chaum86.ts';
import { openBank } from './bank.ts';
import type { Bank, BankRequest } from './bank.ts';
import type { Registers } from './parts.ts';
import type { BankStore } from './ports.ts';
import type { Rail } from './rail.ts';
import { accountRail } from './rail-account.ts';
import { manualRail } from './rail-manual.ts';
import { testRail } from './rail-test.ts';
import { voucherRail } from './rail-voucher.ts';

export const NOW = Date.UTC(2026, 0, 1);
const SERVICE = 'http://127.0.0.1:1/';

/** A master key that can certify: the suite's own check is what reads it. Nothing here is secure. */
function makeMaster() {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 512 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const hex = (text: string) => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`).toString(16);
  const document = { type: 'rsa public key', modulus: hex(n), public_exponent: parseInt(hex(e), 16) };
  const certify = (value: Canonical) =>
    BigInt(`0x${nodeSign('sha256', canonicalBytes(value), privateKey).toString('hex')}`).toString(16);
  return { document, certify };
}

const master = makeMaster();
export const CURRENCY = keyId(master.document);
const services: [number, string][] = [[10, SERVICE]];
const cdd = {
  additional_info: '',
  cdd_expiry_date: writeDate(NOW + 1_000 * DAY),
  cdd_location: SERVICE,
  cdd_serial: 1,
  cdd_signing_date: writeDate(NOW),
  currency_divisor: 1,
  currency_name: 'Test',
  denominations: [1],
  id: CURRENCY,
  info_service: services,
  invalidation_service: services,
  issuer_cipher_suite: chaum86.name,
  issuer_public_master_key: master.document,
  protocol_version: PROTOCOL_VERSION,
  renewal_service: services,
  type: 'cdd',
  validation_service: services,
} as const;
/** The description of the test currency, of whichever suite; its master key is the same RSA key in each. */
export function describedBy(suite: string): Cddc {
  const described = { ...cdd, issuer_cipher_suite: suite };
  return { cdd: described, signature: master.certify(described), type: 'cdd certificate' };
}

export const CASHIER = makeCashierKey();
const STATEMENT_KEY = makeCashierKey();

/** A certificate of a statement key, true by default. */
export function certificateOf(
  publicKey = STATEMENT_KEY.publicKey,
  issuer = CURRENCY,
  certify = master.certify,
): StatementKeyCertificate {
  const key = { issuer_id: issuer, public_key: publicKey, type: 'statement key' } as const;
  return { signature: certify(key), statement_key: key, type: 'statement key certificate' };
}

/** A certificate that another master key signed. */
export function forgedCertificate(): StatementKeyCertificate {
  return certificateOf(STATEMENT_KEY.publicKey, CURRENCY, makeMaster().certify);
}

/** What a bank sees of a mint. It outlives the bank, and counts what a mint counts. */
export class TestMint {
  treasury: number;
  float = 0;
  power: 'on' | 'off' = 'on';
  /** Refuses every funding, where it is set. */
  refuses: Refusal | undefined;
  /** Answers nothing at all. */
  gone = false;
  /** Receipts in one answer. */
  page = 3;
  certificate = certificateOf();
  readonly told: string[] = [];
  readonly funded = new Map<string, number>();
  readonly minted = new Set<string>();
  readonly receipts: SignedReceipt[] = [];
  readonly asked: Request['type'][] = [];

  constructor(treasury: number) {
    this.treasury = treasury;
  }

  ask(request: Request): Response | Refusal {
    this.asked.push(request.type);
    if (this.gone) return refuse('unreachable', 'no way to the mint');
    switch (request.type) {
      case 'request fund':
        return this.fund(request);
      case 'request float':
        return this.statement();
      case 'request receipts':
        return this.give(request);
      default:
        throw new Error(`a bank asks no ${request.type}`);
    }
  }

  /** A wallet mints what was funded. */
  mint(reference: string): boolean {
    const value = this.funded.get(reference);
    if (value === undefined || this.minted.has(reference) || value > this.treasury) return false;
    this.minted.add(reference);
    this.treasury -= value;
    this.float += value;
    return true;
  }

  /** A wallet redeems coins. */
  redeem(value: number, payee = ''): SignedReceipt {
    assert.ok(value <= this.float);
    this.float -= value;
    this.treasury += value;
    const signed = this.receipt({ amount: value, payee, sequence: this.receipts.length + 1 });
    this.receipts.push(signed);
    return signed;
  }

  /** A receipt, signed as it is said here. */
  receipt(said: { amount: number; payee: string; sequence: number; issuer_id?: string }): SignedReceipt {
    const receipt = {
      issuer_id: CURRENCY,
      redemption: hashOf({ ...said, what: 'coins' }),
      time: writeDate(NOW),
      type: 'receipt',
      ...said,
    } as const;
    return { receipt, signature: this.sign(receipt), type: 'signed receipt' };
  }

  private sign(document: Canonical): string {
    return signEd25519(STATEMENT_KEY.secret, canonicalBytes(document));
  }

  private fund(request: RequestFund): Response | Refusal {
    const { funding, signature } = request;
    assert.ok(verifyEd25519(CASHIER.publicKey, canonicalBytes(funding), signature));
    this.told.push(JSON.stringify(request));
    if (this.refuses !== undefined) return this.refuses;
    const known = this.funded.get(funding.transaction_reference);
    assert.ok(known === undefined || known === funding.amount);
    this.funded.set(funding.transaction_reference, funding.amount);
    return { ...ok(request.message_reference), type: 'response fund' };
  }

  private statement(): Response {
    const statement: Statement = {
      authorised: this.treasury + this.float,
      denominations: [],
      float: this.float,
      issuer_id: CURRENCY,
      journal: { entries: 0, hash: '0'.repeat(64), type: 'journal head' },
      power: this.power,
      sequence: 0,
      time: writeDate(NOW),
      treasury: this.treasury,
      type: 'statement',
    };
    return {
      ...ok(0),
      signed_statement: { signature: this.sign(statement), statement, type: 'signed statement' },
      statement_key: this.certificate,
      type: 'response float',
    };
  }

  private give({ signature, wanted }: RequestReceipts): Response {
    assert.ok(verifyEd25519(CASHIER.publicKey, canonicalBytes(wanted), signature));
    assert.equal(wanted.issuer_id, CURRENCY);
    const receipts = this.receipts.slice(
      wanted.after,
      wanted.after + Math.min(this.page, LIMITS.receiptsPage),
    );
    return { ...ok(0), receipts, statement_key: this.certificate, type: 'response receipts' };
  }
}

export interface World {
  now: number;
  readonly mint: TestMint;
}

export const RAILS: readonly Rail[] = [testRail, manualRail('Transfer to XX00.'), voucherRail, accountRail];

/** Opens a bank over a store, founding it where it is new. */
export async function openTestBank(
  store: BankStore,
  world: World,
  rails = RAILS,
  suite: string = chaum86.name,
  registers: Registers = 'approved',
): Promise<Bank> {
  if ((await store.load()) === undefined) await store.found(CASHIER);
  return openBank({
    store,
    clock: () => world.now,
    cddc: describedBy(suite),
    sign: (secret, bytes) => Promise.resolve(signEd25519(secret, bytes)),
    verify: verifyEd25519,
    askMint: (request) => Promise.resolve(world.mint.ask(request)),
    orderMost: () => amount(500),
    rails,
    registers,
  });
}

let files = 0;
let folder: string | undefined;

/** A path for a new file in a folder that goes when the tests are over. */
export function freshPath(): string {
  if (folder === undefined) {
    const made = (folder = mkdtempSync(join(tmpdir(), 'specie-bank-')));
    after(() => {
      rmSync(made, { recursive: true });
    });
  }
  return join(folder, `${files++}.sqlite`);
}

/** For each store: makes a way to open one and the same books again and again. */
export const STORES: Readonly<Record<string, () => () => BankStore>> = {
  memory: () => {
    const store = openMemoryBankStore();
    return () => store;
  },
  'a SQLite file': () => {
    const path = freshPath();
    return () => openFile(path);
  },
};

export function openFile(path: string): BankStore {
  const store = openSqliteBankStore(path);
  if (store instanceof Refusal) throw new Error(store.toString());
  return store;
}

/** A secret of 64 hex digits out of a word. */
export const secretOf = (word: string) => hashOf({ word });

export type Asked<Type extends string, Kind extends { readonly type: string } = BankRequest> = Omit<
  Extract<Kind, { readonly type: Type }>,
  'type' | 'message_reference'
>;

/** A customer's request, with a message reference. */
export function ask<Type extends BankRequest['type']>(type: Type, fields: Asked<Type>): BankRequest {
  return { message_reference: 7, ...fields, type } as unknown as BankRequest;
}

/** A teller's. */
export function tell<Type extends TellerRequest['type']>(
  type: Type,
  fields: Asked<Type, TellerRequest>,
): TellerRequest {
  return { message_reference: 8, ...fields, type } as unknown as TellerRequest;
}

/** Places an order for `value` on a rail. */
export function order(reference: string, value: number, rail = 'test'): BankRequest {
  return ask('request order', { amount: value, currency: CURRENCY, rail, transaction_reference: reference });
}

/** The ledger as the bank says it, which must balance; accounts that stand at nothing left out. */
export async function ledger(bank: Bank): Promise<Record<string, number>> {
  const balances = [...(await bank.balances())];
  assert.equal(
    balances.reduce((sum, [, balance]) => sum + balance, 0),
    0,
    'the ledger balances',
  );
  return Object.fromEntries(balances.filter(([, balance]) => balance !== 0));
}

/** What a store throws when a test says so. */
export class Fault extends Error {}

/** Which calls of a store fail: not having persisted, or having. */
export interface Faults {
  calls: number;
  plan(call: number, verb: string): 'before' | 'after' | undefined;
}

/** A store in which calls fail as planned. Closing never does. */
export function faulty(store: BankStore, faults: Faults): BankStore {
  const verbs = Object.entries(store) as [string, (...args: unknown[]) => Promise<unknown>][];
  const wrapped = verbs.map(([name, verb]): [string, unknown] => {
    const call = async (...args: unknown[]): Promise<unknown> => {
      const when = faults.plan(faults.calls++, name);
      if (when === 'before') throw new Fault();
      const result = await verb(...args);
      if (when === 'after') throw new Fault();
      return result;
    };
    return [name, name === 'close' ? verb : call];
  });
  return Object.fromEntries(wrapped) as unknown as BankStore;
}
