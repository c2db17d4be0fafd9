/** Valid calls for a mint's store: journal steps whose entries are chained, intents, fundings, orders. */
import { ZERO, add, amount, sum } from '../../base/amount.ts';
import { utf8 } from '../../base/bytes.ts';
import { DAY, writeDate } from '../../base/dates.ts';
import type { Cashier, Head, Intent, JournalStep, MintStore, Move } from '../../mint/ports.ts';
import { REDEEM_PREFIX } from '../../mint/wish.ts';
import type { SignedOrder } from '../../protocol/governance.ts';
import { hashOf, idOf } from '../../protocol/ids.ts';
import type { JournalEvent, KeyTotals, SignedEntry } from '../../protocol/journal.ts';
import type { Funding } from '../../protocol/messages/fund.ts';

export const NOW = Date.UTC(2026, 0, 1);
export const TREASURY = 1_000;
export const ISSUER = idOf(utf8('issuer'));
export const CASHIER: Cashier = {
  publicKey: 'c'.repeat(64),
  limitPerOperation: amount(500),
  limitPerDay: amount(600),
};

/** The id of the mint key of a denomination, of a generation. */
export const keyOf = (denomination: number, generation = 0) =>
  idOf(utf8(`key ${denomination} ${generation}`));
export const coin = (name: string) => idOf(utf8(name));

/** Entries that follow a head. To a store the signatures are opaque. */
export function entriesAfter(head: Head, events: readonly JournalEvent[], now = NOW): SignedEntry[] {
  const entries: SignedEntry[] = [];
  for (const event of events) {
    const last = entries.at(-1);
    entries.push({
      entry: {
        event,
        issuer_id: ISSUER,
        number: head.entries + entries.length,
        previous: last === undefined ? head.hash : hashOf(last.entry),
        time: writeDate(now),
        type: 'journal entry',
      },
      signature: 'ab'.repeat(64),
      type: 'signed journal entry',
    });
  }
  return entries;
}

const ANY: readonly JournalEvent[] = [{ type: 'backup', sha256: '0'.repeat(64) }];

/** A step that follows a head, doing what is named. */
export function step(head: Head, what: Partial<JournalStep> = {}): JournalStep {
  const now = what.now ?? NOW;
  const entries = entriesAfter(head, ANY, now);
  return {
    entries,
    authorised: 0,
    secrets: [],
    opens: [],
    closes: [],
    stops: [],
    dismisses: [],
    settles: null,
    now,
    ...what,
  };
}

export const NOTHING: Head = { entries: 0, hash: '0'.repeat(64) };

/** The first step: a treasury, keys of three denominations, sealed secrets. */
export function founding(now = NOW): JournalStep {
  return step(NOTHING, {
    authorised: TREASURY,
    secrets: [
      { name: 'master', sealed: new Uint8Array([1, 2, 3]) },
      { name: 'statement', sealed: new Uint8Array([4, 5]) },
    ],
    opens: [1, 2, 5].map((denomination) => keyOf(denomination)),
    now,
  });
}

/** Founds an empty store. */
export async function found(store: MintStore): Promise<void> {
  const { kind } = await store.record(founding());
  if (kind !== 'recorded') throw new Error(kind);
}

export async function record(store: MintStore, what: Partial<JournalStep>): Promise<string> {
  const { head } = await store.counters();
  return (await store.record(step(head, what))).kind;
}

/** What closes a key now. */
export async function totalsOf(store: MintStore, keyId: string): Promise<KeyTotals> {
  const { issued, redeemed } = (await store.counters()).keys.get(keyId) ?? { issued: ZERO, redeemed: ZERO };
  return { mint_key_id: keyId, issued, redeemed };
}

export function funding(reference: string, value: number, expires = NOW + DAY): Funding {
  return {
    amount: value,
    cashier: CASHIER.publicKey,
    currency: ISSUER,
    expires: writeDate(expires),
    transaction_reference: reference,
    type: 'funding',
  };
}

/** The operators who sign orders here: ten of them. */
export const OPERATORS = Array.from({ length: 10 }, (_, index) => String(index).repeat(64));

/** An order that the operators of these numbers have signed, the first of them first. */
export function order(serial: string, expires = NOW + DAY, signers: readonly number[] = [0]): SignedOrder {
  return {
    order: {
      action: { type: 'power off' },
      expires: writeDate(expires),
      issuer_id: ISSUER,
      serial,
      type: 'operator order',
    },
    signatures: signers.map((number) => ({
      operator: String(number).repeat(64),
      signature: 'cd'.repeat(64),
    })),
    type: 'signed operator order',
  };
}

export const issue = (denomination: number): Move => ({
  keyId: keyOf(denomination),
  issued: amount(denomination),
  redeemed: ZERO,
});

export const redeem = (denomination: number): Move => ({
  keyId: keyOf(denomination),
  issued: ZERO,
  redeemed: amount(denomination),
});

/** An intent that spends these coins, all of the key of fives, and moves this. */
export function intent(
  kind: Intent['kind'],
  reference: string,
  coins: readonly string[],
  moves: readonly Move[],
): Intent {
  const issues = moves.filter((move) => move.issued > 0);
  return {
    kind,
    reference,
    blinds: issues.map((move, index) => ({ keyId: move.keyId, reference: `b${index}`, blind: 'abc' })),
    spends: coins.map((name) => ({ keyId: keyOf(5), coinId: coin(name) })),
    payee: kind === 'redeem' ? 'alice' : '',
    moves: mergeMoves(moves),
    expires: NOW + 30 * DAY,
    lapses: NOW + 20 * DAY,
  };
}

function mergeMoves(moves: readonly Move[]): readonly Move[] {
  const ids = [...new Set(moves.map((move) => move.keyId))];
  return ids.map((keyId) => {
    const own = moves.filter((move) => move.keyId === keyId);
    return {
      keyId,
      issued: own.reduce((total, move) => add(total, move.issued), ZERO),
      redeemed: sum(own.map((move) => move.redeemed)),
    };
  });
}

export const mint = (reference: string, ...denominations: number[]) =>
  intent('mint', reference, [], denominations.map(issue));

export const renew = (reference: string, ...coins: string[]) =>
  intent(
    'renew',
    reference,
    coins,
    coins.flatMap(() => [redeem(5), issue(5)]),
  );

export const redemption = (name: string, ...coins: string[]) =>
  intent(
    'redeem',
    `${REDEEM_PREFIX}${coin(name)}`,
    coins,
    coins.map(() => redeem(5)),
  );

/** The same intent, each coin with an answer to this payment; `form` is how the answer is written. */
export function answering(wish: Intent, payment: string, form = ''): Intent {
  const spends = wish.spends.map((each) => ({ ...each, answer: `${payment}${form}`, payment }));
  return { ...wish, spends };
}

/** Brings fives into circulation. */
export async function circulate(
  store: MintStore,
  reference: string,
  fives: number,
  now = NOW,
): Promise<void> {
  await store.fund(funding(reference, fives * 5, now + DAY), CASHIER, now);
  const { kind } = await store.commit(mint(reference, ...Array.from({ length: fives }, () => 5)), now);
  if (kind !== 'committed') throw new Error(kind);
}
