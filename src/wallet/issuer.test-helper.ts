/** For tests only: an issuer in memory that checks everything, of any suite. */
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { utf8 } from '../base/bytes.ts';
import { bytesToNumber, writeBigInt } from '../base/bigint.ts';
import { canonical, canonicalBytes } from '../base/canonical.ts';
import type { Canonical } from '../base/canonical.ts';
import { DAY, writeDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import { ok, refusalAnswer } from '../protocol/answers.ts';
import type {
  Receipt,
  Revocation,
  RevocationCertificate,
  StatementKeyCertificate,
} from '../protocol/attestations.ts';
import type { Request, Response } from '../protocol/catalogue.ts';
import type { RequestCddc } from '../protocol/messages/cddc.ts';
import { decodeRequest, encode } from '../protocol/codec.ts';
import { PROTOCOL_VERSION } from '../protocol/documents.ts';
import type { Cdd, Cddc, Coin, MintKey, MintKeyCertificate } from '../protocol/documents.ts';
import { coinId, hashOf, keyId, payloadBytes } from '../protocol/ids.ts';
import type { Order } from '../protocol/messages/order.ts';
import type { RequestMint } from '../protocol/messages/mint.ts';
import type { RequestRedeem } from '../protocol/messages/redeem.ts';
import type { RequestRenew } from '../protocol/messages/renew.ts';
import type { RequestRegistration } from '../protocol/messages/registration.ts';
import { registrationContext } from '../protocol/messages/registration.ts';
import { commitmentsContext } from '../protocol/messages/commitments.ts';
import type { RequestCommitments } from '../protocol/messages/commitments.ts';
import { suiteNamed } from '../suites/index.ts';
import type { CipherSuite } from '../suites/index.ts';
import { must } from '../suites/keys.test-helper.ts';
import type { TestKey } from '../suites/keys.test-helper.ts';
import type { Messenger } from './ports.ts';
import {
  ed25519Master,
  isRsa,
  issuerKey,
  makeKeys,
  makeStatementKey,
  rsaMaster,
  testKey,
} from './issuer-keys.test-helper.ts';
import type { IssuerKey, MasterKey } from './issuer-keys.test-helper.ts';

export const NOON: Instant = Date.parse('2026-06-01T12:00:00Z');

export interface IssuerOptions {
  readonly location?: string;
  readonly denominations?: readonly number[];
  readonly suite?: string;
  /** The first of the test keys that are its: the master, then one for each denomination. */
  readonly firstKey?: number;
  readonly master?: TestKey;
}

interface MintKeyPair {
  readonly certificate: MintKeyCertificate;
  readonly key: IssuerKey;
}

/** A first round whose blinds have not come yet. */
interface Withdrawal {
  readonly identity: string;
  readonly reference: string;
  readonly keyIds: readonly string[];
  readonly commitments: readonly string[];
  readonly until: Instant;
}

/** Seconds for which a withdrawal is open, and coins of one mint key in it at most, as the real mint has it. */
const WITHDRAWAL = { lives: 10_000, each: LIMITS.coinsPerWithdrawal };

interface Intent {
  readonly fingerprint: string;
  readonly blinds: RequestMint['blinds'];
  committed: boolean;
}

/** What a tampering issuer makes of an answer; undefined leaves it. */
export type Tamper = (answer: Response, request: Request) => Response | Uint8Array | undefined;

const CALM = () => undefined;

/** An issuer with mint and bank in one, strict in all it accepts. */
export class TestIssuer {
  now: Instant = NOON;
  cddc: Cddc;
  /** Descriptions that were in force before, by their serials. */
  readonly former = new Map<number, Cddc>();
  treasury = 1_000_000_000;
  /** What is out: issued less redeemed. */
  float = 0;
  tamper: Tamper = CALM;
  /** What it refuses, whatever it is; a first round is over by it. */
  deny: (request: Request) => Refusal | undefined = CALM;
  readonly requests: Request[] = [];
  readonly spent = new Set<string>();
  readonly pairs = new Map<string, MintKeyPair>();
  readonly intents = new Map<string, Intent>();
  readonly orders = new Map<string, Order>();
  readonly revocations: RevocationCertificate[] = [];
  readonly receipts = new Map<string, Receipt>();
  /** What signs receipts and revocations. */
  statement = makeStatementKey();
  /** Signs registrations. */
  cashier = makeStatementKey();
  /** Accounts at the bank by token, with the identity that each has registered. */
  readonly identities = new Map<string, string>();
  /** Open withdrawals by identity. */
  readonly withdrawals = new Map<string, Withdrawal>();
  /** Suites that are safe offline: coins as anybody has first seen them, by their ids, and who has answered twice. */
  readonly answers = new Map<string, string>();
  readonly exposed: string[] = [];
  readonly suite: CipherSuite;
  readonly #master: MasterKey;

  /** An issuer of any suite. */
  static async of(suite: string, options: Omit<IssuerOptions, 'suite'> = {}): Promise<TestIssuer> {
    await makeKeys(suite, (options.firstKey ?? 0) + (options.denominations?.length ?? 5) + 3);
    return new TestIssuer({ ...options, suite });
  }

  constructor(options: IssuerOptions = {}) {
    const { location = 'http://mint.test/', denominations = [1, 2, 4, 8, 16], firstKey = 0 } = options;
    this.suite = must(suiteNamed(options.suite ?? 'RSA-SHA384-PSS-RFC9474'));
    this.#master = isRsa(this.suite.name)
      ? rsaMaster(options.master ?? testKey(firstKey))
      : ed25519Master(firstKey);
    this.cddc = this.describe({ cdd_location: location, denominations: [...denominations] });
    denominations.forEach((denomination, index) => this.addKey(denomination, firstKey + 1 + index));
  }

  get id(): string {
    return this.cddc.cdd.id;
  }

  /** Whether nothing was planted in it. */
  get isCalm(): boolean {
    return this.tamper === CALM && this.deny === CALM && !Object.hasOwn(this, 'messenger');
  }

  get url(): string {
    return this.cddc.cdd.cdd_location;
  }

  /** Signs a description that differs from the usual one in these fields. */
  describe(fields: Partial<Cdd>): Cddc {
    const location = fields.cdd_location ?? 'http://mint.test/';
    const cdd: Cdd = {
      additional_info: '',
      cdd_expiry_date: writeDate(NOON + 400 * DAY),
      cdd_location: location,
      cdd_serial: 1,
      cdd_signing_date: writeDate(NOON - DAY),
      currency_divisor: 100,
      currency_name: 'Testmark',
      denominations: [1],
      id: keyId(this.#master.document),
      info_service: [],
      invalidation_service: [[1, `${location}redeem`]],
      issuer_cipher_suite: this.suite.name,
      issuer_public_master_key: this.#master.document,
      protocol_version: PROTOCOL_VERSION,
      renewal_service: [[1, `${location}renew`]],
      type: 'cdd',
      validation_service: [
        [2, `${location}second`],
        [1, `${location}mint`],
      ],
      ...fields,
    };
    return { cdd, signature: this.signDocument(cdd), type: 'cdd certificate' };
  }

  /** Issuers of one file have the same keys and say the same again and again: each document is signed once. */
  signDocument(document: Canonical): string {
    const text = canonical(document);
    const { signed, secretObject } = this.#master;
    const known = signed.get(text);
    if (known !== undefined) return known;
    const digest = isRsa(this.suite.name) ? 'sha256' : null;
    const signature = writeBigInt(bytesToNumber(sign(digest, utf8(text), secretObject)));
    signed.set(text, signature);
    return signature;
  }

  /** Publishes another mint key. */
  addKey(denomination: number, testKeyIndex: number, fields: Partial<MintKey> = {}): MintKeyCertificate {
    const key = issuerKey(this.suite, testKeyIndex);
    const mint_key: MintKey = {
      cdd_serial: 1,
      coins_expiry_date: writeDate(NOON + 200 * DAY),
      denomination,
      id: keyId(key.document),
      issuer_id: this.id,
      public_mint_key: key.document,
      sign_coins_not_after: writeDate(NOON + 100 * DAY),
      sign_coins_not_before: writeDate(NOON - DAY),
      type: 'mint key',
      ...fields,
    };
    const certificate: MintKeyCertificate = {
      mint_key,
      signature: this.signDocument(mint_key),
      type: 'mint key certificate',
    };
    this.pairs.set(mint_key.id, { certificate, key });
    return certificate;
  }

  /** The issuer as a wallet reaches it. */
  messenger(): Messenger {
    return {
      exchange: async (url, message) => {
        assert.ok(url.startsWith(this.url), 'a message went to a service of this issuer');
        return this.handle(message);
      },
      describe: async (url) =>
        url === this.url ? encode(this.cddc) : refuse('unreachable', `nobody is at ${url}`),
    };
  }

  handle(message: Uint8Array): Uint8Array {
    const request = must(decodeRequest(message));
    this.requests.push(request);
    if ('coins' in request) this.witness(request.coins);
    const denied = this.deny(request);
    if (denied !== undefined && 'blinds' in request) this.claim(request);
    const answer = denied ?? this.answer(request);
    const response = answer instanceof Refusal ? refusalAnswer(request.message_reference, answer) : answer;
    const tampered = this.tamper(response, request) ?? response;
    return tampered instanceof Uint8Array ? tampered : encode(tampered);
  }

  /** Somebody has seen these coins: a second answer of one gives away who made both. */
  witness(coins: readonly Coin[]): void {
    const { offline } = this.suite;
    for (const { payload, signature } of offline === undefined ? [] : coins) {
      const [id, key] = [coinId(payload), this.pairs.get(payload.mint_key_id)?.key.public];
      const first = this.answers.get(id) ?? signature;
      this.answers.set(id, first);
      // The same answer once more gives nobody away, and costs nothing to see.
      if (key === undefined || first === signature) continue;
      const who = offline?.expose(key, id, first, signature);
      if (who !== undefined) this.exposed.push(who.identity);
    }
  }

  private describeSerial(request: RequestCddc): Response | Refusal {
    const cddc = request.cdd_serial === undefined ? this.cddc : this.former.get(request.cdd_serial);
    if (cddc === undefined) return refuse('unknown', 'cdd_serial: there was none');
    return { ...ok(request.message_reference), cddc, type: 'response cddc' };
  }

  answer(request: Request): Response | Refusal {
    const reference = request.message_reference;
    switch (request.type) {
      case 'request cddc':
        return this.describeSerial(request);
      case 'request mint key certificates': {
        const alive = [...this.pairs.values()].map(({ certificate }) => certificate);
        const living = alive.filter(
          ({ mint_key: { id, coins_expiry_date } }) =>
            Date.parse(`${this.revocationOf(id)?.coins_until ?? coins_expiry_date}Z`) >= this.now,
        );
        const asked = new Set(request.mint_key_ids);
        const keys = alive.filter(
          (each) => asked.has(each.mint_key.id) || (asked.size === 0 && living.includes(each)),
        );
        const listed = new Set(keys.map(({ mint_key }) => mint_key.id));
        const revocations = this.revocations.filter(({ revocation }) => listed.has(revocation.mint_key_id));
        const word = revocations.length === 0 ? {} : { revocations, statement_key: this.statementKey() };
        return { ...ok(reference), keys, ...word, type: 'response mint key certificates' };
      }
      case 'request order':
      case 'request order status':
      case 'request test payment': {
        const order = this.bank(request);
        return order instanceof Refusal ? order : { ...ok(reference), order, type: 'response order' };
      }
      case 'request mint':
      case 'request renew':
        return this.issue(request);
      case 'request resume': {
        const intent = this.intents.get(request.transaction_reference);
        if (intent === undefined) return refuse('unknown', 'transaction_reference');
        return this.conclude(request.transaction_reference, intent, reference);
      }
      case 'request open account':
        this.identities.set(request.token, this.identities.get(request.token) ?? '');
        return this.account(reference, request.token);
      case 'request account':
        return this.account(reference, request.token);
      case 'request registration':
        return this.register(request);
      case 'request commitments':
        return this.commit(request);
      case 'request redeem': {
        const receipt = this.redeem(request);
        if (receipt instanceof Refusal) return receipt;
        const signature = this.signWord(receipt);
        return {
          ...ok(reference),
          signed_receipt: { receipt, signature, type: 'signed receipt' },
          statement_key: this.statementKey(),
          type: 'response redeem',
        };
      }
      case 'request coin status': {
        const spent = request.coin_ids.map((id) => this.spent.has(id));
        return { ...ok(reference), spent, type: 'response coin status' };
      }
      default:
        return refuse('unknown', request.type);
    }
  }

  private redeem({ coins, payee = '' }: RequestRedeem): Receipt | Refusal {
    const redemption = hashOf(coins.map(({ payload }) => coinId(payload)).sort());
    const known = this.receipts.get(redemption);
    if (known !== undefined) return known.payee === payee ? known : refuse('reference reused', 'payee');
    const total = this.checkCoins(coins);
    if (total instanceof Refusal) return total;
    if (this.payeesOf(coins).size > 0) return refuse('not possible', 'coins: renew them first');
    for (const { payload } of coins) this.spent.add(coinId(payload));
    this.float -= total;
    const receipt: Receipt = {
      amount: total,
      issuer_id: this.id,
      payee,
      redemption,
      sequence: this.receipts.size + 1,
      time: writeDate(this.now),
      type: 'receipt',
    };
    this.receipts.set(redemption, receipt);
    return receipt;
  }

  /** The certificate of the key that signs the mint's own word. */
  statementKey(): StatementKeyCertificate {
    const { publicKey: public_key } = this.statement;
    const statement_key = { issuer_id: this.id, public_key, type: 'statement key' } as const;
    const signature = this.signDocument(statement_key);
    return { signature, statement_key, type: 'statement key certificate' };
  }

  signWord(document: Canonical): string {
    return sign(null, canonicalBytes(document), this.statement.secret).toString('hex');
  }

  /** Ends a mint key before its time: it signs no more from now on. */
  revoke(mintKeyId: string, coinsUntil: Instant): RevocationCertificate {
    const revocation: Revocation = {
      coins_until: writeDate(coinsUntil),
      issuer_id: this.id,
      mint_key_id: mintKeyId,
      revoked: writeDate(this.now),
      type: 'mint key revocation',
    };
    const certificate = {
      revocation,
      signature: this.signWord(revocation),
      type: 'mint key revocation certificate',
    } as const;
    this.revocations.push(certificate);
    return certificate;
  }

  private revocationOf(mintKeyId: string): Revocation | undefined {
    return this.revocations.find(({ revocation }) => revocation.mint_key_id === mintKeyId)?.revocation;
  }

  private bank(
    request: Extract<Request, { type: `request order${string}` | 'request test payment' }>,
  ): Order | Refusal {
    const reference = request.transaction_reference;
    const known = this.orders.get(reference);
    if (request.type !== 'request order') {
      if (known === undefined) return refuse('unknown', 'no such order');
      if (request.type === 'request order status' || known.state !== 'unpaid') return known;
      return this.pay(reference);
    }
    if (known !== undefined) {
      return known.amount === request.amount ? known : refuse('reference reused', 'another order');
    }
    assert.equal(request.currency, this.id);
    const order: Order = {
      amount: request.amount,
      currency: request.currency,
      expires: writeDate(this.now + 7 * DAY),
      instructions: 'Pay.',
      rail: request.rail,
      state: 'unpaid',
      transaction_reference: reference,
      type: 'order',
    };
    this.orders.set(reference, order);
    return order;
  }

  /** An order is paid by whoever pays it. */
  pay(reference: string): Order {
    const order: Order = { ...this.orders.get(reference)!, state: 'funded' };
    this.orders.set(reference, order);
    return order;
  }

  private account(message_reference: number, token: string): Response | Refusal {
    if (!this.identities.has(token)) return refuse('unknown', 'token: no such account');
    return {
      ...ok(message_reference),
      balance: 0,
      entries: [],
      number: 'K-1',
      payouts: [],
      type: 'response account',
    };
  }

  private register({ identity, message_reference, proof, token }: RequestRegistration): Response | Refusal {
    const { accounts } = this.suite;
    if (accounts === undefined) return refuse('not possible', 'no registration');
    const known = this.identities.get(token);
    if (known === undefined) return refuse('unknown', 'token: no such account');
    if (known !== '' && known !== identity) return refuse('not possible', 'identity: has another');
    assert.ok(accounts.proves(identity, registrationContext(this.id, token), proof));
    this.identities.set(token, identity);
    const registration = {
      cashier: this.cashier.publicKey,
      currency: this.id,
      identity,
      type: 'registration',
    } as const;
    const signature = sign(null, canonicalBytes(registration), this.cashier.secret).toString('hex');
    const signed_registration = { registration, signature, type: 'signed registration' } as const;
    return { ...ok(message_reference), signed_registration, type: 'response registration' };
  }

  private commit(request: RequestCommitments): Response | Refusal {
    const { message_reference, mint_key_ids: keyIds, transaction_reference: reference } = request;
    const { accounts } = this.suite;
    if (accounts === undefined) return refuse('not possible', 'one round');
    const { cashier, identity } = request.signed_registration.registration;
    if (cashier !== this.cashier.publicKey) return refuse('unauthorised', 'registration.cashier');
    assert.ok(accounts.proves(identity, commitmentsContext(this.id, request), request.proof));
    const counts = [...Map.groupBy(keyIds, (id) => id).values()].map(({ length }) => length);
    if (Math.max(...counts) > WITHDRAWAL.each) return refuse('too large', 'mint_key_ids');
    const [stopped] = keyIds.map((id) => this.notSigning(id)).filter((each) => each !== undefined);
    if (stopped !== undefined) return stopped;
    const before = this.withdrawals.get(identity);
    const open = before !== undefined && before.until >= this.now ? before : undefined;
    if (open !== undefined && (open.reference !== reference || open.keyIds.join() !== keyIds.join()))
      return refuse('busy', 'another withdrawal is open');
    const commitments =
      open?.commitments ?? keyIds.map((id) => this.pairs.get(id)!.key.native.commit!(identity));
    const until = open?.until ?? this.now + WITHDRAWAL.lives;
    this.withdrawals.set(identity, { identity, reference, keyIds, commitments, until });
    return { ...ok(message_reference), commitments: [...commitments], type: 'response commitments' };
  }

  /** Closes the withdrawal that these blinds belong to, and says whose it was; undefined where there is none. */
  private claim({
    blinds,
    transaction_reference: reference,
  }: RequestMint | RequestRenew): string | undefined {
    const nonceOf = (text: string) => this.suite.accounts?.nonceOf(text);
    for (const open of this.withdrawals.values()) {
      const nonces = new Map(open.commitments.map((each, index) => [nonceOf(each), open.keyIds[index]]));
      const fits = blinds.every(
        ({ mint_key_id, blinded_payload_hash: blind }) => nonces.get(nonceOf(blind)) === mint_key_id,
      );
      if (!fits || open.reference !== reference || open.until < this.now) continue;
      this.withdrawals.delete(open.identity);
      return open.identity;
    }
    return undefined;
  }

  /** Who alone may bring these coins. */
  private payeesOf(coins: readonly Coin[]): Set<string> {
    const payees = coins.map(({ signature }) => this.suite.offline?.paymentOf(signature)?.payee ?? '');
    return new Set(payees.filter((each) => each !== ''));
  }

  private issue(request: RequestMint | RequestRenew): Response | Refusal {
    const { message_reference, ...content } = request;
    const fingerprint = canonical(content);
    const reference = request.transaction_reference;
    const kept = this.intents.get(reference);
    const identity = this.suite.accounts === undefined ? '' : this.claim(request);
    if (identity === undefined && kept?.fingerprint !== fingerprint)
      return refuse('first round over', 'blinds');
    if (kept !== undefined) {
      if (kept.fingerprint !== fingerprint) return refuse('reference reused', 'another request');
      return this.conclude(reference, kept, message_reference);
    }
    const total = this.checkBlinds(request.blinds);
    if (total instanceof Refusal) return total;
    const intent: Intent = { fingerprint, blinds: request.blinds, committed: false };
    if (request.type === 'request mint') {
      this.intents.set(reference, intent);
      return this.conclude(reference, intent, message_reference);
    }
    const given = this.checkCoins(request.coins);
    if (given instanceof Refusal) return given;
    if (given !== total) return refuse('unbalanced', `${given} in, ${total} out`);
    if ([...this.payeesOf(request.coins)].some((payee) => payee !== identity))
      return refuse('unauthorised', 'coins: paid to another');
    for (const { payload } of request.coins) this.spent.add(coinId(payload));
    this.intents.set(reference, { ...intent, committed: true });
    return this.signed(intent, message_reference);
  }

  private conclude(reference: string, intent: Intent, messageReference: number): Response | Refusal {
    if (!intent.committed) {
      const order = this.orders.get(reference);
      if (order === undefined || order.state === 'unpaid') return refuse('unpaid', 'no funding');
      const total = this.valueOf(intent.blinds);
      if (total !== order.amount) return refuse('unbalanced', `paid for ${order.amount}`);
      if (this.float + total > this.treasury) return refuse('treasury exhausted', 'blinds');
      this.float += total;
      intent.committed = true;
    }
    return this.signed(intent, messageReference);
  }

  private signed(intent: Intent, messageReference: number): Response {
    const blind_signatures = intent.blinds.map((blind) => ({
      blind_signature: this.pairs.get(blind.mint_key_id)!.key.native.sign(blind.blinded_payload_hash),
      reference: blind.reference,
      type: 'blind signature' as const,
    }));
    return { ...ok(messageReference), blind_signatures, type: 'response mint' };
  }

  private valueOf(blinds: RequestMint['blinds']): number {
    return blinds.reduce((total, { mint_key_id }) => total + this.denominationOf(mint_key_id), 0);
  }

  private denominationOf(id: string): number {
    return this.pairs.get(id)!.certificate.mint_key.denomination;
  }

  private checkBlinds(blinds: RequestMint['blinds']): number | Refusal {
    const references = new Set(blinds.map(({ reference }) => reference));
    assert.equal(references.size, blinds.length, 'every blind has its own reference');
    const texts = new Set(blinds.map((blind) => blind.blinded_payload_hash));
    assert.equal(texts.size, blinds.length, 'no blind is sent twice');
    for (const { mint_key_id } of blinds) {
      const refusal = this.notSigning(mint_key_id);
      if (refusal !== undefined) return refusal;
    }
    return this.valueOf(blinds);
  }

  private notSigning(mintKeyId: string): Refusal | undefined {
    const pair = this.pairs.get(mintKeyId);
    if (pair === undefined) return refuse('unknown', 'blinds: no such mint key');
    const { sign_coins_not_after, sign_coins_not_before } = pair.certificate.mint_key;
    const signs =
      this.revocationOf(mintKeyId) === undefined &&
      Date.parse(`${sign_coins_not_before}Z`) <= this.now &&
      this.now <= Date.parse(`${sign_coins_not_after}Z`);
    return signs ? undefined : refuse('expired', 'blinds: this mint key does not sign now');
  }

  private checkCoins(coins: readonly Coin[]): number | Refusal {
    const ids = coins.map(({ payload }) => coinId(payload));
    assert.equal(new Set(ids).size, ids.length, 'no coin is sent twice in one request');
    for (const [index, { payload, signature }] of coins.entries()) {
      const pair = this.pairs.get(payload.mint_key_id);
      if (pair === undefined) return refuse('unknown', 'coins: no such mint key');
      const { coins_until = pair.certificate.mint_key.coins_expiry_date } =
        this.revocationOf(payload.mint_key_id) ?? {};
      if (Date.parse(`${coins_until}Z`) < this.now) {
        return refuse('expired', `coins[${index}]`);
      }
      const good = pair.key.native.verify(payloadBytes(payload), signature);
      if (!good) return refuse('bad signature', `coins[${index}]`);
      if (this.spent.has(ids[index]!)) return refuse('already spent', `coins[${index}]`);
    }
    return coins.reduce((total, { payload }) => total + this.denominationOf(payload.mint_key_id), 0);
  }
}
