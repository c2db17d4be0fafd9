/**
 * Trade in coins that can be accepted without asking the mint: payments to one payee, and now and then a cheat, who hands
 * the same coins to two of them out of a copy of the wallet. Who was found out withdraws no more, so that a purchase on its
 * way would be paid and never minted: cheats have wallets of their own, which do nothing else.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Amount } from '../../src/base/amount.ts';
import { LIMITS } from '../../src/base/limits.ts';
import { Refusal } from '../../src/base/refusal.ts';
import { refusalIn } from '../../src/protocol/answers.ts';
import { decodeResponse, encode } from '../../src/protocol/codec.ts';
import type { CoinStack } from '../../src/protocol/documents.ts';
import { coinId } from '../../src/protocol/ids.ts';
import type { DoublePayment } from '../../src/protocol/messages/double-payments.ts';
import { openMemoryWalletStore } from '../../src/stores/wallet/memory.ts';
import type { CipherSuite } from '../../src/suites/index.ts';
import type { OfflineScheme } from '../../src/suites/suite.ts';
import { post } from '../../src/transports/http-client.ts';
import type { Operation } from '../../src/wallet/state.ts';
import type { Entry } from '../../src/wallet/wallet.ts';
import type { Dice } from '../fuzz/dice.ts';
import { certain } from '../support/certain.ts';
import { until } from '../support/processes.ts';
import { openTrader, openTradersWallet } from '../support/trader.ts';
import type { Trader } from '../support/trader.ts';

/** One payment of two with the same coins, as its payee has accepted it. */
interface Accepted {
  readonly payee: Trader;
  readonly entry: number;
}

/** Coins that somebody handed to two payees. */
interface Cheat {
  /** What the mint knows the cheat by. */
  readonly identity: string;
  /** Whose it is at the bank. */
  readonly account: string;
  readonly coinIds: readonly string[];
  readonly accepted: readonly Accepted[];
}

/** A copy of a wallet that cheats is not online. */
const NOBODY = {
  exchange: async () => new Refusal('unreachable', 'nobody is asked'),
  describe: async () => new Refusal('unreachable', 'nobody is asked'),
};
/** One payment of so many is shown to its payee once more. */
const SHOWN_AGAIN = 5;

export class OfflineTrade {
  readonly faults: string[] = [];
  readonly cheats: Cheat[] = [];
  /** Numbers of payments that only their payee can bring to the mint, by who made them. */
  readonly #bound = new Map<Trader, Set<number>>();
  readonly #dice: Dice;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  /** Whether a payment can be brought to the mint by its payee alone. */
  isBound(trader: Trader, entry: number): boolean {
    return this.#bound.get(trader)?.has(entry) === true;
  }

  /** Pays somebody, who accepts it at once and asks nobody. */
  async pay(trader: Trader, payee: Trader, value: Amount): Promise<unknown> {
    const { wallet, currency } = trader;
    const sent = await wallet.send(currency, value, '', { payee: identityOf(payee) });
    if (sent instanceof Refusal) return sent;
    this.#bind(trader, sent.entry.number);
    return this.#accept(payee, sent.stack);
  }

  /** Pays two people with the same coins: one by the wallet, the other by a copy of it as it was before. */
  async cheat(trader: Trader, value: Amount, [one, other]: readonly [Trader, Trader]): Promise<unknown> {
    const { wallet, store, currency } = trader;
    if ((await pendingOf([trader])).length > 0)
      throw new Error('who has something on its way does not cheat');
    const copied = openMemoryWalletStore();
    await copied.commit((await store.load()) ?? {});
    const copy = await openTradersWallet(copied, NOBODY);
    const second = certain(await copy.send(currency, value, '', { payee: identityOf(other) }));
    await copy.close();
    const first = certain(await wallet.send(currency, value, '', { payee: identityOf(one) }));
    const coinIds = idsOf(first.stack);
    if (!isDeepStrictEqual(idsOf(second.stack), coinIds)) throw new Error('a copy pays with other coins');
    const accepted = [await this.#accept(one, first.stack), await this.#accept(other, second.stack)];
    const payments = [one, other].map((payee, index) => ({ payee, entry: accepted[index]?.number ?? 0 }));
    const { account } = trader;
    this.cheats.push({ identity: identityOf(trader), account, coinIds, accepted: payments });
    return accepted;
  }

  /** What is not as it has to be once all is settled: of two payments one has come, and the mint names whoever made both. */
  async settledFaults(url: string, suite: CipherSuite, trader: Trader): Promise<readonly string[]> {
    const halves = this.cheats.flatMap(({ accepted }) => {
      const states = accepted.map(({ payee, entry }) => stateOf(payee, entry)).toSorted();
      return isDeepStrictEqual(states, ['done', 'refused: paid twice'])
        ? []
        : [`what was paid twice has come so: ${states.join(', ')}`];
    });
    return [...this.faults, ...halves, ...(await this.#namedWrongly(url, suite, trader))];
  }

  /** Cheats whose identity the bank does not know for theirs: by it alone anybody could tell who cheated. */
  strangers(registered: ReadonlyMap<string, string>): readonly string[] {
    return this.cheats
      .filter(({ identity, account }) => registered.get(identity) !== account)
      .map(() => 'the bank does not know who paid twice');
  }

  async #namedWrongly(url: string, suite: CipherSuite, { store }: Trader): Promise<readonly string[]> {
    const { offline } = suite;
    if (offline === undefined) return [];
    const told = await doublePayments(url);
    const cheats = new Map(
      this.cheats.flatMap(({ identity, coinIds }) => coinIds.map((id) => [id, identity] as const)),
    );
    const { certificates = [] } = (await store.load()) ?? {};
    const keys = new Map(
      certificates.map(({ mint_key }) => [mint_key.id, certain(suite.readKey(mint_key.public_mint_key))]),
    );
    const named = new Set(told.map((each) => each.coin_id));
    return [
      ...told.flatMap((each, index) => [
        ...(each.number === index + 1 ? [] : [`double payment ${each.number} stands at ${index + 1}`]),
        ...(cheats.get(each.coin_id) === each.identity
          ? []
          : [`double payment ${each.number} names somebody who has paid that coin once`]),
        ...doubts(offline, keys.get(each.mint_key_id), each),
      ]),
      ...(named.size === told.length ? [] : ['a double payment is told twice']),
      ...[...cheats.keys()].filter((id) => !named.has(id)).map(() => 'nobody is named for a double payment'),
    ];
  }

  #bind(trader: Trader, entry: number): void {
    this.#bound.set(trader, (this.#bound.get(trader) ?? new Set()).add(entry));
  }

  /** Accepting asks nobody, so that no kill can stand in its way. */
  async #accept({ wallet }: Trader, stack: CoinStack): Promise<Entry | undefined> {
    const entry = await wallet.receive(stack, { offline: true });
    if (entry instanceof Refusal) {
      this.faults.push(`a payee does not accept what is for it: ${entry.name}: ${entry.details}`);
      return undefined;
    }
    if (this.#dice.below(SHOWN_AGAIN) > 0) return entry;
    const again = await wallet.receive(stack, { offline: true });
    const isSame = again instanceof Refusal ? again.name === 'already spent' : again.number === entry.number;
    if (!isSame) this.faults.push('a payment that was shown twice was accepted twice');
    return entry;
  }
}

/** Opens a wallet that has bought coins of this amount and has nothing on its way: while nobody is killed. */
export async function openCheater(url: string, value: Amount): Promise<Trader> {
  const trader = await openTrader(url);
  const { wallet, currency } = trader;
  await wallet.buy(currency, value, { payTest: true });
  const isReady = async () => {
    await wallet.resumeAll();
    const isCalm = (await pendingOf([trader])).length === 0;
    return isCalm && wallet.balance().some(({ available }) => available === value);
  };
  await until(isReady, 'who is to cheat cannot buy');
  return trader;
}

/** What is on its way in these wallets. */
export async function pendingOf(traders: readonly Trader[]): Promise<readonly Operation[]> {
  const states = await Promise.all(traders.map(({ store }) => store.load()));
  return states.flatMap((state) => state?.operations ?? []).filter(({ state }) => state === 'pending');
}

/** Whether the proof of a double payment holds, for anyone. */
function doubts(
  offline: OfflineScheme,
  key: unknown,
  { number, coin_id, identity, secret, first, second }: DoublePayment,
): readonly string[] {
  const isProved =
    key !== undefined &&
    offline.isExposed({ identity, secret }) &&
    isDeepStrictEqual(offline.expose(key, coin_id, first, second), { identity, secret });
  return isProved ? [] : [`the proof of double payment ${number} does not hold`];
}

async function doublePayments(url: string): Promise<readonly DoublePayment[]> {
  const all: DoublePayment[] = [];
  for (;;) {
    const question = {
      after: all.at(-1)?.number ?? 0,
      message_reference: 1,
      type: 'request double payments',
    } as const;
    const answer = certain(decodeResponse(certain(await post(url, encode(question), LIMITS.messageBytes))));
    if (answer.type !== 'response double payments')
      throw new Error(refusalIn(answer)?.details ?? answer.type);
    if (answer.double_payments.length === 0) return all;
    all.push(...answer.double_payments);
  }
}

function identityOf({ wallet, currency }: Trader): string {
  return certain(wallet.payee(currency));
}

function idsOf({ coins }: CoinStack): readonly string[] {
  return coins.map(({ payload }) => coinId(payload)).toSorted();
}

function stateOf({ wallet }: Trader, number: number): string {
  const entry = wallet.history().find((each) => each.number === number);
  if (entry === undefined) return 'not accepted';
  return entry.reason.includes('paid twice')
    ? `${entry.state}: paid twice`
    : [entry.state, entry.reason].filter(Boolean).join(': ');
}
