/** Two whole mints in one process, one of them backed by coins of the other, and a front between them that can fail. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalBytes } from '../../base/canonical.ts';
import { DAY, SECOND, writeDate } from '../../base/dates.ts';
import type { Instant } from '../../base/dates.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { assertConserved } from '../../mint/counters.ts';
import { foundCurrency } from '../../mint/found.ts';
import { MINT_REQUESTS } from '../../mint/mint.ts';
import type { Mint, MintRequest } from '../../mint/mint.ts';
import { openMint } from '../../mint/open.ts';
import { OPERATORS, POLICY, operateRequest, orderOf, signatory } from '../../mint/operators.test-helper.ts';
import type { JournalStep, MintStore } from '../../mint/ports.ts';
import { refusalAnswer } from '../../protocol/answers.ts';
import type { Response } from '../../protocol/catalogue.ts';
import { decodeDocument, decodeRequest, encode } from '../../protocol/codec.ts';
import { PROTOCOL_VERSION } from '../../protocol/documents.ts';
import type { Coin, CoinStack, Payload } from '../../protocol/documents.ts';
import type { Action, OperatorOrder, Reserve } from '../../protocol/governance.ts';
import { idOf, payloadBytes } from '../../protocol/ids.ts';
import { signEd25519, verifyEd25519 } from '../../signers/ed25519.ts';
import type { Lanes } from '../../signers/lanes.ts';
import { openMemoryVault } from '../../signers/vault/vault.ts';
import type { Vault } from '../../signers/vault/vault.ts';
import { openMemoryMintStore } from '../../stores/mint/memory.ts';
import { openText } from '../../stores/mint/sealed-text.ts';
import { makeAgeIdentity } from '../../stores/mint/snapshot.ts';
import { openMemoryWalletStore } from '../../stores/wallet/memory.ts';
import type { CoinSecrets } from '../../suites/index.ts';
import { openWallet } from '../../wallet/wallet.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { openReservePurse } from './reserve-purse.ts';
import type { Carry, ReservePurseHandle } from './reserve-purse.ts';

export const START: Instant = Date.UTC(2026, 0, 1);
export const KEYS_SIGN = 100 * DAY;
export const COINS_LIVE = 200 * DAY;
const SUITE = 'RSA-SHA384-PSS-RFC9474';
const cashier = signatory(202);

export function must<Value>(value: Value | Refusal): Value {
  assert.ok(!(value instanceof Refusal), value instanceof Refusal ? `${value.name}: ${value.details}` : '');
  return value;
}

/** A currency that was made, and can be founded in any number of stores. */
export interface Made {
  readonly issuerId: string;
  readonly step: JournalStep;
  readonly vault: Vault;
  readonly url: string;
}

/** Its keys are real ones, since no wallet takes others. */
export async function makeCurrency(
  maker: Lanes,
  url: string,
  denominations: readonly number[],
  treasury: number,
  suite: string = SUITE,
): Promise<Made> {
  const vault = openMemoryVault();
  const service = [[1, url]] as const;
  const founding = {
    cashiers: [{ cashier: cashier.publicKey, limit_per_day: 10 ** 9, limit_per_operation: 10 ** 9 }],
    currency_divisor: 1,
    description: {
      additional_info: '',
      cdd_expiry_date: writeDate(START + 3_000 * DAY),
      cdd_location: url,
      currency_name: new URL(url).hostname,
      denominations,
      info_service: service,
      invalidation_service: service,
      renewal_service: service,
      validation_service: service,
    },
    issuer_cipher_suite: suite,
    key_schedule: {
      coins_live_seconds: COINS_LIVE / SECOND,
      keys_sign_seconds: KEYS_SIGN / SECOND,
      publish_ahead_seconds: (10 * DAY) / SECOND,
    },
    policy: POLICY,
    treasury,
    type: 'founding',
  } as const;
  const founded = must(await foundCurrency({ maker, vault }, founding, START, () => undefined));
  return { ...founded, vault, url };
}

/** What becomes of a message on its way: it never arrives, or its answer is lost, or neither. */
export type Fault = 'before' | 'after' | undefined;

export interface World {
  now: Instant;
  readonly lanes: Lanes;
  readonly folder: string;
  /** The issuers that can be reached, by URL. */
  readonly reachable: Map<string, Mint>;
  /** Asked for every message that is carried. */
  fault: (type: string) => Fault;
  readonly carry: Carry;
}

export function openWorld(lanes: Lanes): World {
  const world: World = {
    now: START + DAY,
    lanes,
    folder: mkdtempSync(join(tmpdir(), 'specie-reserve-')),
    reachable: new Map(),
    fault: () => undefined,
    carry: async (url, message) => {
      const mint = world.reachable.get(url);
      const request = must(decodeRequest(message));
      const fault = world.fault(request.type);
      if (mint === undefined || fault === 'before') return undefined;
      const answer = (MINT_REQUESTS as readonly string[]).includes(request.type)
        ? await mint.answer(request as MintRequest)
        : refuse('unknown', 'there is no bank here');
      const bytes = encode(
        answer instanceof Refusal ? refusalAnswer(request.message_reference, answer) : answer,
      );
      return fault === 'after' ? undefined : bytes;
    },
  };
  return world;
}

export interface Issuer {
  readonly made: Made;
  readonly mint: Mint;
  readonly store: MintStore;
  readonly purse: ReservePurseHandle;
  readonly path: string;
}

/** Opens a purse of the currency's reserve on a file of the world's folder. */
export async function openPurse(world: World, made: Made, path: string, vault = made.vault) {
  const { issuerId } = made;
  return must(await openReservePurse({ path, issuerId, vault, clock: () => world.now, carry: world.carry }));
}

let issuers = 0;

/** A mint with its purse: on new books, or on those of the issuer that crashed. */
export async function openIssuer(
  world: World,
  made: Made,
  {
    store = undefined as MintStore | undefined,
    path = join(world.folder, `reserve-${++issuers}.sqlite`),
    vault = made.vault,
    wrap = (books: MintStore) => books,
  } = {},
): Promise<Issuer> {
  const purse = await openPurse(world, made, path, vault);
  const books = store ?? openMemoryMintStore();
  if (store === undefined) await books.record(made.step);
  const { lanes } = world;
  const mint = must(
    await openMint({
      store: wrap(books),
      signer: lanes,
      loader: lanes,
      maker: lanes,
      vault,
      verify: verifyEd25519,
      clock: () => world.now,
      extras: {
        backup: async () => refuse('not possible', 'not in this test'),
        foundSibling: async () => refuse('not possible', 'not in this test'),
        openSiblings: async () => undefined,
        reserve: purse,
      },
      report: () => undefined,
    }),
  );
  world.reachable.set(made.url, mint);
  return { made, mint, store: books, purse, path };
}

/** What a crash would leave of the purse's file now. */
export function crashedCopy(world: World, { path }: Issuer): string {
  const folder = join(world.folder, `crash-${++issuers}`);
  mkdirSync(folder);
  for (const ending of ['', '-wal', '.searching', '.searching-wal'])
    if (existsSync(path + ending)) copyFileSync(path + ending, join(folder, `reserve.sqlite${ending}`));
  return join(folder, 'reserve.sqlite');
}

export function forget(path: string): void {
  for (const ending of ['', '-wal', '-shm', '.searching', '.searching-wal', '.searching-shm'])
    rmSync(path + ending, { force: true });
}

/** The answer of a mint; a refusal is a fault of the test. */
export async function ask<Type extends Response['type']>(
  { mint }: Issuer,
  request: MintRequest,
  type: Type,
): Promise<Extract<Response, { type: Type }>> {
  const answer = must(await mint.answer(request));
  assert.equal(answer.type, type);
  return answer as never;
}

let minted = 0;

/** Coins of an issuer that nobody has had before: the fewest that make up the sum. */
export async function freshStack(world: World, issuer: Issuer, value: number): Promise<CoinStack> {
  const { keyring } = issuer.mint;
  const { suite } = keyring;
  const reference = idOf(Buffer.from(`order ${++minted}`)).replace(/^0+/, '');
  const coming = fewest(value, keyring.cdd.denominations).map((denomination, index) => {
    const ringKey = [...keyring.keys.values()].find(
      (each) =>
        each.denomination === denomination && each.signsFrom <= world.now && world.now <= each.signsUntil,
    );
    assert.ok(ringKey !== undefined);
    const name = `${minted}/${index}`;
    const payload: Payload = {
      cdd_location: keyring.cdd.cdd_location,
      denomination,
      issuer_id: keyring.cdd.id,
      mint_key_id: ringKey.id,
      protocol_version: PROTOCOL_VERSION,
      serial: idOf(Buffer.from(name)).replace(/^0+/, ''),
      type: 'payload',
    };
    const secrets: CoinSecrets = (label, length) =>
      new Uint8Array(createHash('shake256', { outputLength: length }).update(`${name}/${label}`).digest());
    const key = must(suite.readKey(ringKey.certificate.mint_key.public_mint_key));
    const bytes = payloadBytes(payload);
    const blind = {
      blinded_payload_hash: suite.prepare(key, bytes, secrets),
      mint_key_id: ringKey.id,
      reference: name,
      type: 'blinded payload hash',
    } as const;
    const unblind = (signed: string): Coin => ({
      payload,
      signature: must(suite.unblind(key, bytes, signed, secrets)),
      type: 'coin',
    });
    return { name, blind, unblind };
  });
  await fund(issuer, world, reference, value);
  const answer = await ask(
    issuer,
    {
      blinds: coming.map(({ blind }) => blind),
      message_reference: 1,
      transaction_reference: reference,
      type: 'request mint',
    },
    'response mint',
  );
  const signatures = new Map(answer.blind_signatures.map((each) => [each.reference, each.blind_signature]));
  return stackOf(coming.map(({ name, unblind }) => unblind(signatures.get(name) ?? '')));
}

export function stackOf(coins: readonly Coin[], subject = ''): CoinStack {
  return { coins, subject, type: 'coinstack' };
}

function fewest(value: number, denominations: readonly number[]): number[] {
  let left = value;
  const coins: number[] = [];
  for (const each of denominations.toSorted((a, b) => b - a))
    for (; left >= each; left -= each) coins.push(each);
  return coins;
}

async function fund(issuer: Issuer, world: World, reference: string, value: number): Promise<void> {
  const funding = {
    amount: value,
    cashier: cashier.publicKey,
    currency: issuer.made.issuerId,
    expires: writeDate(world.now + DAY),
    transaction_reference: reference,
    type: 'funding',
  } as const;
  const signature = signEd25519(cashier.secret, canonicalBytes(funding));
  await ask(issuer, { funding, message_reference: 1, signature, type: 'request fund' }, 'response fund');
}

export const depositRequest = (stack: CoinStack) =>
  ({ message_reference: 5, stack, type: 'request reserve deposit' }) as const;

export async function deposit(issuer: Issuer, stack: CoinStack) {
  return ask(issuer, depositRequest(stack), 'response reserve deposit');
}

/** An order that those sign whom the policy wants. */
export function ordered(
  world: World,
  { made }: Issuer,
  action: Action,
  changes: Partial<OperatorOrder> = {},
): MintRequest {
  const people = Object.keys(OPERATORS) as (keyof typeof OPERATORS)[];
  return operateRequest(orderOf(made.issuerId, action, world.now, changes), ...people);
}

/** Has the currency backed by another: for `units` of theirs, `gives` of ours, up to `most`. */
export async function back(
  world: World,
  issuer: Issuer,
  backing: Made,
  ...[gives, units, most = 1_000_000]: readonly [number, number, number?]
): Promise<Reserve> {
  const reserve: Reserve = { cdd_location: backing.url, gives, issuer_id: backing.issuerId, most, units };
  const answer = await ask(issuer, ordered(world, issuer, { type: 'reserve', reserve }), 'response operate');
  assert.equal(answer.state, 'executed');
  return reserve;
}

/** Who released reserves go to in these tests. */
export const payeeKeys = await makeAgeIdentity();

/** What an order to release so much does. */
export const releaseOf = (amount: number, recipient = payeeKeys.recipient): Action => ({
  type: 'release reserve',
  amount,
  recipient,
});

/** The stack that is sealed to the recipient. */
export async function opened(sealed: string | undefined): Promise<CoinStack> {
  assert.ok(sealed !== undefined, 'nothing was paid out');
  const stack = must(decodeDocument(must(await openText(payeeKeys.identity, sealed))));
  assert.equal(stack.type, 'coinstack');
  return stack;
}

/** Somebody's wallet, which knows these currencies and reaches them whatever happens to the box's front. */
export async function somebody(world: World, ...currencies: readonly Made[]): Promise<Wallet> {
  const honest = { ...world, fault: () => undefined };
  const wallet = await openWallet({
    store: openMemoryWalletStore(),
    messenger: {
      exchange: async (url, message) => {
        const { fault } = world;
        world.fault = honest.fault;
        const answer = await world.carry(url, message);
        world.fault = fault;
        return answer ?? refuse('unreachable', 'nobody is there');
      },
      describe: async (url) => {
        const mint = world.reachable.get(url);
        return mint === undefined
          ? refuse('unreachable', 'nobody is there')
          : canonicalBytes(mint.keyring.cddc);
      },
    },
    clock: () => world.now,
    randomness: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
    verifyEd25519,
  });
  for (const { url } of currencies) must(await wallet.add(url));
  return wallet;
}

/** What a currency's treasury may hold at most by its reserve. Throws where the books do not add up. */
export async function assertBacked({ mint, store, made }: Issuer, held: number): Promise<void> {
  const counters = await store.counters();
  assertConserved(counters);
  const { reserve } = mint.charter;
  const own = made.step.authorised;
  const most = reserve === null ? 0 : Math.floor((held * reserve.terms.gives) / reserve.terms.units);
  assert.ok(
    counters.authorised - own <= most,
    `${counters.authorised - own} were authorised for ${held} held, which are worth ${most}`,
  );
}
