/** Wallets of titles before a server in memory, over a way that may lose what is sent. */
import { concatBytes, utf8 } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { openMemoryTitleWalletStore } from '../../stores/title/wallet-memory.test-helper.ts';
import { SERVER, certificateOf, mustBe, openWorld, sha256, verify } from '../server/world.test-helper.ts';
import type { World } from '../server/world.test-helper.ts';
import type { TitleRange } from '../documents/documents.ts';
import { readTitleRequest, writeTitleResponse } from '../documents/codec.ts';
import type { TitleRequest, TitleResponse } from '../documents/messages.ts';
import { bytesToHex } from '../../base/bytes.ts';
import { readAddress } from './address.ts';
import type { PseudonymSigner, TitleMessenger, TitleWalletStore } from './ports.ts';
import { openTitleWallet } from './wallet.ts';
import type { OpenTitleWallet } from './wallet.ts';

export const URL = 'http://titles.example/title';
export const SERVER_ID = bytesToHex(SERVER.publicKey);

/** Signatures of tests are hashes, as the test server's are. */
export const signer: PseudonymSigner = {
  publicKeyOfSeed: (seed) => sha256(seed),
  signWithSeed: (seed, bytes) => {
    const hash = sha256(concatBytes(sha256(seed), bytes));
    return concatBytes(hash, hash);
  },
};

/** Where requests go through; a test may put something in between. */
export interface Way {
  readonly world: World;
  /** What happens to a request: undefined lets it through as it is. */
  before?: ((request: TitleRequest) => Promise<Refusal | undefined> | Refusal | undefined) | undefined;
  /** What somebody on the way answers in the server's place; undefined lets it through. */
  lie?: ((request: TitleRequest) => TitleResponse | undefined) | undefined;
  /** What happens to an answer. */
  after?: ((request: TitleRequest, answer: Uint8Array) => Uint8Array | Refusal) | undefined;
  readonly asked: TitleRequest['type'][];
  /** Where each went. */
  readonly by: ('UDP' | 'HTTP')[];
  /** Whether datagrams get lost, all of them. */
  isDeaf?: boolean;
}

export async function openWay(udpPort?: number): Promise<Way> {
  return { world: await openWorld({ udpPort }), asked: [], by: [] };
}

export const LOST = refuse('unreachable', 'the way swallowed it');

export function messengerOf(way: Way): TitleMessenger {
  return {
    exchange: async (_url, udpPort, request) => {
      const read = readTitleRequest(request);
      if (read instanceof Refusal) throw new Error(read.toString());
      way.asked.push(read.message.type);
      way.by.push(udpPort === undefined ? 'HTTP' : 'UDP');
      if (udpPort !== undefined && way.isDeaf === true) return LOST;
      const stopped = await way.before?.(read.message);
      if (stopped !== undefined) return stopped;
      const lie = way.lie?.(read.message);
      if (lie !== undefined) return writeTitleResponse({ reference: read.reference, message: lie });
      const answer = await way.world.server.answer(request, udpPort === undefined ? Infinity : 1_200);
      return way.after?.(read.message, answer) ?? answer;
    },
  };
}

export interface Opened {
  readonly wallet: OpenTitleWallet;
  readonly store: TitleWalletStore;
}

/** A wallet by the name of who has it; the same name is the same secret. */
export async function openWallet(
  way: Way,
  name: string,
  store: TitleWalletStore = openMemoryTitleWalletStore(),
  clock: () => number = () => way.world.now,
): Promise<Opened> {
  let drawn = 0;
  const wallet = await openTitleWallet({
    store,
    messenger: messengerOf(way),
    secret: sha256(utf8(name)),
    signer,
    verify,
    clock,
    randomness: (length) => sha256(utf8(`${name} ${drawn++}`)).subarray(0, length),
  });
  if (wallet instanceof Refusal) throw new Error(wallet.toString());
  return { wallet, store };
}

/** Opens a wallet and makes the server known to it. */
export async function openKnowing(way: Way, name: string): Promise<Opened> {
  const opened = await openWallet(way, name);
  must(await opened.wallet.add(URL));
  return opened;
}

/** Issues titles of a class named Shares: so many of each denomination, all to one wallet. Gives the class's id. */
export async function issue(
  way: Way,
  wallet: OpenTitleWallet,
  counts: readonly (readonly [denomination: number, count: number])[],
  before: readonly TitleRange[] = [],
): Promise<{ readonly id: string; readonly ranges: readonly TitleRange[] }> {
  const address = readAddress(must(await wallet.address(SERVER_ID)));
  if (address instanceof Refusal) throw new Error(address.toString());
  const holder = address.pseudonyms[0]!;
  const ranges = [...before, ...counts.map(([denomination, count]) => ({ denomination, count, holder }))];
  const version = before.length === 0 ? 1 : 2;
  const answer = await way.world.ask(certificateOf(ranges, { version, denominations: [1, 2, 4, 5, 10] }));
  const { title_class } = mustBe('response title class', answer);
  must(await wallet.classes(SERVER_ID));
  return { id: bytesToHex(title_class), ranges };
}

export function must<Value>(value: Value | Refusal): Value {
  if (value instanceof Refusal) throw new Error(`${value.name}: ${value.toString()}`);
  return value;
}

export function refusalOf(value: unknown): Refusal {
  if (value instanceof Refusal) return value;
  throw new Error(`not refused: ${JSON.stringify(value)}`);
}

/** Serials that a wallet says it holds, in order. */
export function serialsOf({ wallet }: Pick<Opened, 'wallet'>): readonly number[] {
  return wallet
    .titles()
    .map(({ serial }) => serial)
    .sort((left, right) => left - right);
}
