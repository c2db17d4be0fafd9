/** A person with a wallet of titles that dies at any commit, and is opened again on what it kept. */
import { setTimeout as pause } from 'node:timers/promises';
import { bytesToHex, hexToBytes, utf8 } from '../../../src/base/bytes.ts';
import { Refusal } from '../../../src/base/refusal.ts';
import { publicKeyOfSeed, signWithSeed } from '../../../src/signers/title/pseudonyms.ts';
import { nativeSha256 } from '../../../src/signers/title/hash.ts';
import { verifyTitleSignature } from '../../../src/signers/title/signature.ts';
import type { TitleOperationView, TitleView } from '../../../src/title/wallet/facade.ts';
import type { StoredRecord, TitleMessenger, TitleWalletStore } from '../../../src/title/wallet/ports.ts';
import type { ProvenTitle, TitleOperation } from '../../../src/title/wallet/state.ts';
import { openTitleWallet } from '../../../src/title/wallet/wallet.ts';
import type { OpenTitleWallet } from '../../../src/title/wallet/wallet.ts';
import type { Dice } from '../../fuzz/dice.ts';

/** One opening of the wallet, until it dies in the middle of something, as its process would. */
interface Life {
  readonly wallet: Promise<OpenTitleWallet>;
  isOver: boolean;
}

/** What somebody is to be handed once an operation is done. */
export interface Debt {
  readonly reference: string;
  readonly to: Client;
  /** Numbers of operations that it was handed of. */
  readonly handed: Set<number>;
}

/** Milliseconds for which nothing is done after a refusal that time may mend. */
const BREATH = 20;
/** A client dies within so many commits. */
const DIES_WITHIN = 5;

export class Client {
  readonly name: string;
  /** What others handed over. */
  readonly inbox: string[] = [];
  readonly debts: Debt[] = [];
  /** Secrets of conditions that it was told, by title. */
  readonly secrets = new Map<string, string>();
  /** How often it died. */
  deaths = 0;
  readonly #url: string;
  readonly #records: Map<string, StoredRecord>;
  readonly #messenger: TitleMessenger;
  readonly #dice: Dice;
  #life: Life | undefined;
  #shown: OpenTitleWallet | undefined;
  /** Commits that are still kept; undefined: all. */
  #left: number | undefined;
  #references = 0;

  constructor(
    name: string,
    parts: { readonly url: string; readonly messenger: TitleMessenger; readonly dice: Dice },
    records: ReadonlyMap<string, StoredRecord> = new Map(),
  ) {
    this.name = name;
    this.#url = parts.url;
    this.#messenger = parts.messenger;
    this.#dice = parts.dice;
    this.#records = new Map(records);
  }

  /** Another copy of the same wallet, as it is kept now. */
  copy(number: number): Client {
    const parts = { url: this.#url, messenger: this.#messenger, dice: this.#dice };
    const copy = new Client(this.name, parts, this.#records);
    copy.#references = 1_000_000 * (number + 1);
    return copy;
  }

  /** The same wallet by its secret alone, of which nothing was kept. */
  reborn(): Client {
    return new Client(this.name, { url: this.#url, messenger: this.#messenger, dice: this.#dice });
  }

  /** Opens the wallet, which knows its server from then on. */
  async open(): Promise<void> {
    await this.act(async (wallet) => {
      while ((await wallet.add(this.#url)) instanceof Refusal) await pause(BREATH);
    });
  }

  /** Does something with the wallet; undefined where it died of it. */
  async act<Value>(work: (wallet: OpenTitleWallet) => Promise<Value>): Promise<Value | undefined> {
    let life: Life | undefined;
    try {
      this.#life ??= this.#born();
      life = this.#life;
      return await work(await life.wallet);
    } catch (error) {
      // What else is underway dies with it.
      if (life?.isOver !== true) throw error;
      if (this.#life === life) this.#life = undefined;
      return undefined;
    }
  }

  /** Lets it die at one of the next commits. */
  doom(): void {
    this.#left ??= this.#dice.below(DIES_WITHIN);
  }

  spare(): void {
    this.#left = undefined;
  }

  /** A name for an operation that is to be done once. */
  reference(): string {
    return `${this.name} ${this.#references++}`;
  }

  get titles(): readonly TitleView[] {
    return this.#shown?.titles() ?? [];
  }

  get operations(): readonly TitleOperationView[] {
    return this.#shown?.operations() ?? [];
  }

  /** Operations as they are kept. */
  get keptOperations(): readonly TitleOperation[] {
    return this.#kept('operations/').map((record) => record as TitleOperation);
  }

  get keptProofs(): readonly ProvenTitle[] {
    return this.#kept('proven/').map((record) => record as ProvenTitle);
  }

  #kept(start: string): readonly unknown[] {
    return [...this.#records.values()]
      .filter(({ key }) => key.startsWith(start))
      .map(({ json }): unknown => JSON.parse(json));
  }

  #born(): Life {
    const life = { isOver: false };
    return Object.assign(life, { wallet: this.#opened(this.#store(life)) });
  }

  async #opened(store: TitleWalletStore): Promise<OpenTitleWallet> {
    let drawn = 0;
    const wallet = await openTitleWallet({
      store,
      messenger: this.#messenger,
      secret: nativeSha256(utf8(this.name)),
      signer: { publicKeyOfSeed, signWithSeed },
      verify: verifyTitleSignature,
      clock: Date.now,
      randomness: (length) =>
        nativeSha256(utf8(`${this.#dice.below(2 ** 32)} ${drawn++}`)).subarray(0, length),
    });
    if (wallet instanceof Refusal) throw new Error(wallet.details);
    this.#shown = wallet;
    return wallet;
  }

  #store(life: { isOver: boolean }): TitleWalletStore {
    const keep: TitleWalletStore['commit'] = async ({ put, remove }) => {
      for (const key of remove) this.#records.delete(key);
      for (const record of put) this.#records.set(record.key, record);
    };
    return {
      load: async () => [...this.#records.values()],
      commit: async (change) => {
        if (life.isOver) throw new Error('this wallet is dead');
        if (this.#left === 0) {
          life.isOver = true;
          this.#left = undefined;
          this.deaths++;
          // The last thing may still have been kept.
          if (this.#dice.below(2) === 0) await keep(change);
          throw new Error('this wallet dies');
        }
        if (this.#left !== undefined) this.#left--;
        await keep(change);
      },
      close: () => Promise.resolve(),
    };
  }
}

/** The secret by a number, and its hash, in hexadecimal. */
export function secretOf(number: number): { readonly secret: string; readonly hash: string } {
  const secret = nativeSha256(utf8(`secret ${number}`));
  return { secret: bytesToHex(secret), hash: bytesToHex(nativeSha256(secret)) };
}

/** Whether a secret is the one of a hash. */
export function secretMatches(secret: string, hash: string): boolean {
  return bytesToHex(nativeSha256(hexToBytes(secret))) === hash;
}
