/** A mint in its place: books, lanes, a clock that tests move, and extras that say what was asked of them. */
import assert from 'node:assert/strict';
import { amount } from '../base/amount.ts';
import { DAY, writeDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { Response } from '../protocol/catalogue.ts';
import type { Coin, CoinStack, Payload } from '../protocol/documents.ts';
import type { Action, Founding, OperatorOrder } from '../protocol/governance.ts';
import type { SignedEntry } from '../protocol/journal.ts';
import { verifyEd25519 } from '../signers/ed25519.ts';
import { openMemoryMintStore } from '../stores/mint/memory.ts';
import { applyEntry } from './charter/apply.ts';
import type { Charter } from './charter/charter.ts';
import { checkEntry } from './charter/check.ts';
import { assertConserved } from './counters.ts';
import type { MintExtras } from './extras.ts';
import type { Mint, MintEvent, MintParts, MintRequest } from './mint.ts';
import {
  NOW,
  commitmentsRequest,
  foundTestCurrency,
  fundRequest,
  plainLanes,
  prepareCoin,
  secretsOf,
} from './mint.test-helper.ts';
import type { ComingCoin, TestCurrency } from './mint.test-helper.ts';
import { openMint } from './open.ts';
import { TOGETHER, operateRequest, orderOf } from './operators.test-helper.ts';
import type { Person } from './operators.test-helper.ts';
import type { MintStore } from './ports.ts';

export type Answer<Type extends Response['type']> = Extract<Response, { readonly type: Type }>;

/** Extras that write down what was asked of them, and a purse that holds what tests put into it. */
export interface TestExtras extends MintExtras {
  readonly calls: string[];
  /** What the purse refuses next. */
  refusal: Refusal | undefined;
  /** What the purse holds; a stack's subject says how much it brings. */
  held: number;
}

export function testExtras(): TestExtras {
  const received = new Set<string>();
  const released = new Map<string, string>();
  const refusedOr = async <Value>(call: string, otherwise: () => Value): Promise<Value | Refusal> => {
    extras.calls.push(call);
    return Promise.resolve(extras.refusal ?? otherwise());
  };
  const extras: TestExtras = {
    calls: [],
    refusal: undefined,
    held: 0,
    backup: (_, charter) =>
      refusedOr(`backup of ${charter.head.entries} entries`, () => ({ sha256: 'ba'.repeat(32) })),
    foundSibling: ({ description }) => refusedOr(`found ${description.currency_name}`, () => 'cd'.repeat(32)),
    openSiblings: async () => {
      extras.calls.push('open siblings');
      return Promise.resolve();
    },
    reserve: {
      know: (terms) => refusedOr(`know ${terms.issuer_id.slice(0, 4)}`, () => undefined),
      receive: (_, { subject }) =>
        refusedOr(`receive ${subject}`, () => {
          if (!received.has(subject)) extras.held += Number(subject.split(' ')[0]);
          received.add(subject);
          return undefined;
        }),
      held: () => Promise.resolve(amount(extras.held)),
      release: (_, serial, wanted, recipient) =>
        refusedOr(`release ${wanted}`, () => {
          const before = released.get(serial);
          if (before !== undefined) return sealedFor(recipient, before);
          if (wanted > extras.held) return refuse('not enough', 'the purse holds less');
          extras.held -= wanted;
          released.set(serial, `${wanted} for ${serial}`);
          return sealedFor(recipient, `${wanted} for ${serial}`);
        }),
      released: (_, serial, recipient) =>
        refusedOr(`released ${serial}`, () => {
          const before = released.get(serial);
          return before === undefined
            ? refuse('not possible', 'paid out before')
            : sealedFor(recipient, before);
        }),
    },
  };
  return extras;
}

/** To whom the purse of these tests gives what: it seals nothing, since here nobody holds an identity. */
export function sealedFor(recipient: string, what: string): string {
  return Buffer.from(`${what}, to ${recipient}`).toString('base64');
}

/** A recipient as orders name them. */
export const RECIPIENT = `age1${'0q'.repeat(29)}`;

/** A stack of nothing, told apart by its subject. */
export function stackOf(subject: string): CoinStack {
  return { coins: [], subject, type: 'coinstack' };
}

type Lanes = ReturnType<typeof plainLanes>;

export interface Place {
  readonly currency: TestCurrency;
  readonly store: MintStore;
  readonly events: MintEvent[];
  readonly extras: TestExtras;
  readonly mint: Mint;
  /** What the mint signs with. */
  readonly lanes: Lanes;
  now: Instant;
  /** A mint on the same books, with lanes that have no key yet. */
  reopen(changes?: Partial<MintParts>): Promise<Mint | Refusal>;
  /** The answer of this type; any other, and any refusal, is a fault of the test. */
  ask<Type extends Response['type']>(request: MintRequest, type: Type): Promise<Answer<Type>>;
  /** The refusal, as `name: details`; an answer is a fault of the test. */
  refused(request: MintRequest): Promise<string>;
  order(action: Action, changes?: Partial<OperatorOrder>): OperatorOrder;
  /** Has an action ordered by whom it takes, or by `people`. */
  done(action: Action, ...people: readonly Person[]): Promise<Answer<'response operate'>>;
}

/** A mint that was founded at `NOW` and opened a day later. */
export async function openPlace(
  founding: Partial<Founding> = {},
  wrap: (store: MintStore) => MintStore = (store) => store,
): Promise<Place> {
  const currency = await foundTestCurrency(founding);
  const books = openMemoryMintStore();
  await books.record(currency.step);
  const store = wrap(books);
  const events: MintEvent[] = [];
  const extras = testExtras();
  let mint: Mint | undefined;
  let lanes = plainLanes();
  const opened = (): Mint => {
    assert.ok(mint !== undefined);
    return mint;
  };
  const place: Place = {
    currency,
    store,
    events,
    extras,
    now: NOW + DAY,
    get mint() {
      return opened();
    },
    get lanes() {
      return lanes;
    },
    reopen: async (changes = {}) => {
      lanes = plainLanes();
      const { maker, vault } = currency;
      const report = (event: MintEvent) => void events.push(event);
      const parts = {
        store,
        signer: lanes,
        loader: lanes,
        maker,
        vault,
        verify: verifyEd25519,
        extras,
        report,
      };
      const next = await openMint({ ...parts, clock: () => place.now, ...changes });
      if (!(next instanceof Refusal)) mint = next;
      return next;
    },
    ask: async (request, type) => {
      const answer = await opened().answer(request);
      assert.ok(!(answer instanceof Refusal), answer instanceof Refusal ? answer.details : '');
      assert.equal(answer.type, type);
      return answer as never;
    },
    refused: async (request) => {
      const answer = await opened().answer(request);
      assert.ok(answer instanceof Refusal, 'was not refused');
      return `${answer.name}: ${answer.details}`;
    },
    order: (action, changes = {}) => orderOf(currency.issuerId, action, place.now, changes),
    done: async (action, ...people) => {
      const signed = people.length === 0 ? TOGETHER[action.type] : people;
      const answer = await place.ask(operateRequest(place.order(action), ...signed), 'response operate');
      assert.equal(answer.state, 'executed', answer.missing.join('; '));
      return answer;
    },
  };
  const first = await place.reopen();
  assert.ok(!(first instanceof Refusal));
  return place;
}

export const mintRequest = (reference: string, coins: readonly ComingCoin[]) =>
  ({
    blinds: coins.map((coin) => coin.blind),
    message_reference: 4,
    transaction_reference: reference,
    type: 'request mint',
  }) as const;

export const renewRequest = (reference: string, coins: readonly Coin[], fresh: readonly ComingCoin[]) =>
  ({ ...mintRequest(reference, fresh), coins: [...coins], type: 'request renew' }) as const;

export const redeemRequest = (coins: readonly Coin[], payee?: string) =>
  ({
    coins: [...coins],
    message_reference: 7,
    ...(payee === undefined ? {} : { payee }),
    type: 'request redeem',
  }) as const;

export const resumeRequest = (reference: string) =>
  ({ message_reference: 6, transaction_reference: reference, type: 'request resume' }) as const;

/** What a wallet asks a mint for when it prepares coins. */
export interface Wanted {
  readonly reference: string;
  /** The wallet that asks, of suites of two rounds. */
  readonly wallet?: string;
  /** By the coins' names their denominations. */
  readonly coins: Readonly<Record<string, number>>;
  /** Makes them on this payload, which another coin has already. */
  readonly twinOf?: Payload;
}

/** Coins to come, after the first round where the suite has two. */
export async function prepared(
  place: Place,
  { reference, wallet = 'alice', coins, ...twin }: Wanted,
): Promise<ComingCoin[]> {
  const { keyring } = place.mint;
  const [names, denominations] = [Object.keys(coins), Object.values(coins)];
  if (keyring.suite.accounts === undefined)
    return names.map((name) => prepareCoin(keyring, name, coins[name] ?? 0, place.now));
  const request = commitmentsRequest(keyring, wallet, reference, denominations, place.now);
  const { commitments } = await place.ask(request, 'response commitments');
  return preparedWith(place, { reference, wallet, coins, ...twin }, commitments);
}

/** Coins to come, on commitments that were made for them. */
export function preparedWith(
  place: Pick<Place, 'mint' | 'now'>,
  { wallet = 'alice', coins, twinOf }: Wanted,
  commitments: readonly string[],
): ComingCoin[] {
  const account = secretsOf(wallet);
  return Object.entries(coins).map(([name, value], index) => {
    const commitment = commitments[index];
    assert.ok(commitment !== undefined);
    const twin = twinOf === undefined ? {} : { twinOf };
    return prepareCoin(place.mint.keyring, name, value, place.now, { commitment, account, ...twin });
  });
}

/** Coins bought under a reference, at the place's own time. */
export async function bought(place: Place, reference: string, ...denominations: number[]): Promise<Coin[]> {
  const { keyring } = place.mint;
  const coins = Object.fromEntries(denominations.map((value, index) => [`${reference}/${index}`, value]));
  const coming = await prepared(place, { reference, coins });
  const total = denominations.reduce((sum, value) => sum + value, 0);
  const expires = writeDate(place.now + 10 * DAY);
  await place.ask(fundRequest(keyring, reference, total, { expires }), 'response fund');
  const answer = await place.ask(mintRequest(reference, coming), 'response mint');
  return coming.map((coin) => coin.unblind(answer));
}

/** One coin bought. */
export async function boughtOne(place: Place, reference: string, denomination: number): Promise<Coin> {
  const [coin] = await bought(place, reference, denomination);
  assert.ok(coin !== undefined);
  return coin;
}

/** All of a store's journal. */
export async function journalOf(store: MintStore): Promise<readonly SignedEntry[]> {
  return store.journal(0, 1_000_000);
}

/** The journal's events after an entry, by type. */
export async function eventsSince(store: MintStore, from: number): Promise<string[]> {
  return (await store.journal(from, 1_000_000)).map(({ entry }) => entry.event.type);
}

/** Folds the journal as an auditor does: every entry is checked before it counts. */
export async function audited(store: MintStore): Promise<Charter> {
  let charter: Charter | undefined;
  for (const signed of await journalOf(store)) {
    assert.equal(checkEntry(charter, signed, { verify: verifyEd25519 }), undefined, signed.entry.event.type);
    charter = applyEntry(charter, signed.entry);
  }
  assert.ok(charter !== undefined);
  return charter;
}

/** The books add up, and the journal authorised what they say. */
export async function assertSound(place: Place): Promise<void> {
  const counters = await place.store.counters();
  assertConserved(counters);
  const charter = await audited(place.store);
  assert.equal(charter.authorised, counters.authorised);
  assert.deepEqual(charter.head, counters.head);
  assert.deepEqual(charter, place.mint.charter);
}
