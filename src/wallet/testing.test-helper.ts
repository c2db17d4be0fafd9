/** For tests only: faults to plant, and wallets to plant them in. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { amount } from '../base/amount.ts';
import { refuse } from '../base/refusal.ts';
import type { Coin } from '../protocol/documents.ts';
import { coinId } from '../protocol/ids.ts';
import { must } from '../suites/keys.test-helper.ts';
import { openMemoryWalletStore } from '../stores/wallet/memory.ts';
import { verifyEd25519 } from '../signers/ed25519.ts';
import { phraseSeed } from '../signers/phrase-seed.ts';
import { beginAt, beginningOf, keepBeginning } from './funds.test-helper.ts';
import type { Messenger, WalletStore } from './ports.ts';
import { openWallet } from './wallet.ts';
import type { Wallet } from './wallet.ts';
import type { TestIssuer } from './issuer.test-helper.ts';

export { must } from '../suites/keys.test-helper.ts';

/** Bytes that look random and are the same for the same seed. */
export function seeded(seed: string): (length: number) => Uint8Array {
  let count = 0;
  return (length) => {
    const parts: Buffer[] = [];
    for (let have = 0; have < length; have += 32) {
      parts.push(createHash('sha256').update(`${seed} ${count++}`).digest());
    }
    return new Uint8Array(Buffer.concat(parts).subarray(0, length));
  };
}

/**
 * Where to plant a fault: at the n-th call (from 0) of this kind, before it took effect or after. An issuer that
 * fails stays away, so that no second service of it helps.
 */
export interface Fault {
  readonly at: 'commit' | 'exchange';
  readonly call: number;
  readonly when: 'before' | 'after';
}

/** What a planted store fault throws. */
export class Planted extends Error {}

const seeds = new Map<string, Uint8Array>();

/** A wallet that is opened again and again needs its seed each time, and BIP-39 makes that slow. */
function knownSeed(phrase: string): Uint8Array {
  const seed = seeds.get(phrase) ?? phraseSeed(phrase);
  seeds.set(phrase, seed);
  return seed;
}

/** A wallet's place: its store outlives the wallet, which can be opened there again and again. */
export class Place {
  readonly issuer: TestIssuer;
  readonly store: WalletStore = openMemoryWalletStore();
  readonly calls = { commit: 0, exchange: 0 };
  fault: Fault | undefined;
  readonly #randomness: (length: number) => Uint8Array;
  wallet!: Wallet;

  private constructor(issuer: TestIssuer, seed: string) {
    this.issuer = issuer;
    this.#randomness = seeded(seed);
  }

  static async open(issuer: TestIssuer, seed: string): Promise<Place> {
    const place = new Place(issuer, seed);
    await place.reopen();
    return place;
  }

  async reopen(): Promise<void> {
    this.wallet = await openWallet({
      store: { ...this.store, commit: (change) => this.#commit(change), close: () => Promise.resolve() },
      messenger: this.#messenger(),
      clock: () => this.issuer.now,
      randomness: this.#randomness,
      verifyEd25519,
      seedOf: knownSeed,
    });
  }

  /** Forgets the faults, and counts calls anew. */
  plant(fault: Fault | undefined): void {
    this.fault = fault;
    this.calls.commit = 0;
    this.calls.exchange = 0;
  }

  /** Runs what may meet a planted fault: then the wallet is opened again, and the answer is undefined. */
  async attempt<Result>(work: (wallet: Wallet) => Promise<Result>): Promise<Result | undefined> {
    try {
      const result = await work(this.wallet);
      // What runs after the answer may meet the fault as well.
      await this.wallet.close();
      await this.reopen();
      return result;
    } catch (error) {
      if (!(error instanceof Planted)) throw error;
      await this.reopen();
      return undefined;
    }
  }

  get available(): number {
    return this.wallet.balance().reduce((total, each) => total + each.available, 0);
  }

  get reserved(): number {
    return this.wallet.balance().reduce((total, each) => total + each.reserved, 0);
  }

  async coins(): Promise<readonly Coin[]> {
    return ((await this.store.load())?.coins ?? []).map(({ coin }) => coin);
  }

  async #commit(change: Parameters<WalletStore['commit']>[0]): Promise<void> {
    const fails = this.calls.commit++ === this.fault?.call && this.fault.at === 'commit';
    if (!fails || this.fault?.when === 'after') await this.store.commit(change);
    if (fails) throw new Planted('planted');
  }

  #messenger(): Messenger {
    const real = this.issuer.messenger();
    return {
      describe: (url) => real.describe(url),
      exchange: async (url, message) => {
        const call = this.calls.exchange++;
        const down = this.fault?.at === 'exchange' && call >= this.fault.call;
        if (!down) return real.exchange(url, message);
        if (call === this.fault?.call && this.fault.when === 'after') await real.exchange(url, message);
        return refuse('unreachable', 'planted');
      },
    };
  }
}

/** No coin is in two purses or spent, and all the money that is out is in the purses and the open stacks. */
export async function checkConserved(issuer: TestIssuer, places: readonly Place[]): Promise<void> {
  const seen = new Map<string, number>();
  for (const place of places) {
    const state = await place.store.load();
    for (const { id, coin } of state?.coins ?? []) {
      assert.ok(!seen.has(id), 'no coin is in two places');
      assert.ok(!issuer.spent.has(id), 'no coin of a purse is spent');
      seen.set(id, coin.payload.denomination);
    }
    for (const operation of state?.operations ?? []) {
      if (operation.kind !== 'send' || operation.state !== 'sent') continue;
      for (const { payload } of operation.coins) {
        const id = coinId(payload);
        if (issuer.spent.has(id)) continue;
        assert.ok(!seen.has(id), 'no coin is in two places');
        seen.set(id, payload.denomination);
      }
    }
  }
  const total = [...seen.values()].reduce((left, right) => left + right, 0);
  assert.equal(total, issuer.float, 'all the money that is out can be found');
}

/** Buys on the rail test, as most tests begin. */
export async function bought(place: Place, value: number): Promise<void> {
  const beginning = beginningOf(place, value);
  if (beginning !== undefined && (await beginAt(beginning, place))) return;
  if (place.wallet.currencies().length === 0) must(await place.wallet.add(place.issuer.url));
  const entry = must(await place.wallet.buy(place.issuer.id, amount(value), { payTest: true }));
  assert.equal(entry.state, 'done');
  if (beginning !== undefined) await keepBeginning(beginning, place);
}
