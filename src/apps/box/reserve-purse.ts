/** The reserve's purse: a wallet of the currency that backs one of this box's, in a sealed file beside its books. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ZERO } from '../../base/amount.ts';
import type { Amount } from '../../base/amount.ts';
import { LIMITS } from '../../base/limits.ts';
import type { Clock } from '../../base/ports.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { ReservePurse } from '../../mint/reserve.ts';
import { encode } from '../../protocol/codec.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import type { Reserve } from '../../protocol/governance.ts';
import { verifyEd25519 } from '../../signers/ed25519.ts';
import type { Vault } from '../../signers/vault/vault.ts';
import { subkey } from '../../signers/vault/seal.ts';
import { sealText } from '../../stores/mint/sealed-text.ts';
import { openSealedWalletStore } from '../../stores/wallet/sealed-wallet.ts';
import type { Sealing } from '../../stores/wallet/sealed-wallet.ts';
import { newPhrase } from '../../wallet/phrase.ts';
import { Queue } from '../../base/queue.ts';
import { openWallet } from '../../wallet/wallet.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { openCarriage } from './reserve-carriage.ts';
import type { Carriage, Carry } from './reserve-carriage.ts';
import { deposit } from './reserve-deposits.ts';
import { release, released } from './reserve-releases.ts';
import { searchWhole } from './reserve-search.ts';

export type { Carry } from './reserve-carriage.ts';

export interface ReservePurseParts {
  /** The wallet's file. Made when a reserve is first spoken of. */
  readonly path: string;
  /** The currency that is backed. */
  readonly issuerId: string;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly carry: Carry;
}

export interface ReservePurseHandle extends ReservePurse {
  /** Waits for what is being done. */
  close(): Promise<void>;
}

/**
 * Opens the purse of a currency's reserve; where it has no file yet, it makes none before it is needed. A new file, be
 * the reserve new or the old file lost, counts nothing until the other issuer has been asked for every coin that its
 * phrase may have. Refuses a file that is in use or not this currency's.
 */
export async function openReservePurse(parts: ReservePurseParts): Promise<ReservePurseHandle | Refusal> {
  const purse = new SealedPurse(parts);
  const refused = await purse.openExisting();
  return refused ?? purse;
}

/** The file is named so until it is known to hold all that its phrase has. */
const SEARCHING = '.searching';

class SealedPurse implements ReservePurseHandle {
  readonly #parts: ReservePurseParts;
  readonly #carriage: Carriage;
  readonly #turns = new Queue();
  #wallet: Wallet | undefined;

  constructor(parts: ReservePurseParts) {
    this.#parts = parts;
    this.#carriage = openCarriage(parts.carry);
  }

  async openExisting(): Promise<Refusal | undefined> {
    const { path } = this.#parts;
    if (existsSync(path) && existsSync(path + SEARCHING))
      return refuse(
        'not possible',
        `there is ${path}, and with ${SEARCHING} behind it too: take one of them away`,
      );
    if (!existsSync(path) && !this.#isSearching) return undefined;
    const wallet = await this.#opened();
    return wallet instanceof Refusal ? wallet : undefined;
  }

  know(terms: Reserve): Promise<Refusal | undefined> {
    return this.#turn(terms, (wallet) => introduce(wallet, terms));
  }

  receive(terms: Reserve, stack: CoinStack): Promise<Refusal | undefined> {
    return this.#whole(terms, (wallet) => deposit(wallet, terms, stack));
  }

  async held(terms: Reserve) {
    const held = await this.#whole(terms, async (wallet) => {
      await wallet.resumeAll();
      return wallet.balance().find(({ currency }) => currency.id === terms.issuer_id)?.available ?? ZERO;
    });
    // Whatever cannot be known now is not counted: the mint only ever counts up.
    return held instanceof Refusal ? ZERO : held;
  }

  async release(terms: Reserve, serial: string, wanted: Amount, recipient: string) {
    // Tried before any coin is set aside: sealed to nobody, they would be lost to everybody.
    const tried = await sealText(recipient, new Uint8Array(0));
    if (tried instanceof Refusal) return tried;
    return sealedTo(recipient, await this.#whole(terms, (wallet) => release(wallet, terms, serial, wanted)));
  }

  async released(terms: Reserve, serial: string, recipient: string) {
    return sealedTo(recipient, await this.#whole(terms, (wallet) => released(wallet, terms, serial)));
  }

  async close(): Promise<void> {
    await this.#turns.end();
    await this.#drop();
  }

  get #isSearching(): boolean {
    return existsSync(this.#parts.path + SEARCHING);
  }

  /** A turn with a wallet that knows the currency and holds all that its phrase has. */
  #whole<Result>(terms: Reserve, work: (wallet: Wallet) => Promise<Result>): Promise<Result | Refusal> {
    return this.#turn(terms, async (wallet) => {
      if (!this.#isSearching) return (await introduceOnce(wallet, terms)) ?? work(wallet);
      const missed = await searchWhole(wallet, terms);
      if (missed !== undefined) return missed;
      const found = await this.#settled();
      return found instanceof Refusal ? found : work(found);
    });
  }

  /** One after the other. A wallet whose store has failed is opened again for the next. */
  #turn<Result>(terms: Reserve, work: (wallet: Wallet) => Promise<Result>): Promise<Result | Refusal> {
    if (terms.issuer_id === this.#parts.issuerId)
      return Promise.resolve(refuse('not possible', 'a currency cannot back itself'));
    return this.#turns.run(async () => {
      this.#carriage.anew();
      this.#carriage.admit(terms.issuer_id);
      const wallet = await this.#opened();
      if (wallet instanceof Refusal) return wallet;
      let failed = true;
      try {
        const result = await work(wallet);
        failed = false;
        return result;
      } finally {
        if (failed) await this.#drop();
      }
    });
  }

  /** Gives the file its name: from now on it is all that there is. */
  async #settled(): Promise<Wallet | Refusal> {
    const { path } = this.#parts;
    await this.#drop();
    await rename(path + SEARCHING, path);
    // A FileHandle may sync under Node's permission model, where fsyncSync may not.
    const folder = await open(dirname(path), 'r');
    await folder.sync();
    await folder.close();
    return this.#opened();
  }

  async #opened(): Promise<Wallet | Refusal> {
    if (this.#wallet !== undefined) return this.#wallet;
    const { path, issuerId, vault, clock } = this.#parts;
    const file = existsSync(path) ? path : path + SEARCHING;
    const store = openSealedWalletStore(file, sealingFor(vault, issuerId));
    if (store instanceof Refusal) return store;
    try {
      if ((await store.load()) === undefined) await store.commit({ phrase: phraseOf(vault, issuerId) });
      this.#wallet = await openWallet({
        store,
        messenger: this.#carriage,
        clock,
        randomness: (length) => new Uint8Array(randomBytes(length)),
        verifyEd25519,
      });
      return this.#wallet;
    } finally {
      if (this.#wallet === undefined) await store.close();
    }
  }

  async #drop(): Promise<void> {
    const wallet = this.#wallet;
    this.#wallet = undefined;
    await wallet?.close();
  }
}

/** Nobody but the recipient reads the coins: not the mint's own code, nor a front, nor who has the order. */
async function sealedTo(recipient: string, stack: CoinStack | Refusal): Promise<string | Refusal> {
  if (stack instanceof Refusal) return stack;
  const sealed = await sealText(recipient, encode(stack));
  return sealed instanceof Refusal || sealed.length <= LIMITS.sealedStack
    ? sealed
    : refuse('too large', 'order.action.amount: its coins are more than one answer carries; release less');
}

/** Gets to know the backing currency, or refreshes what is known of it. */
async function introduce(wallet: Wallet, { cdd_location, issuer_id }: Reserve): Promise<Refusal | undefined> {
  const added = await wallet.add(cdd_location);
  if (added instanceof Refusal) return added;
  if (added.id !== issuer_id) return refuse('distrusted', 'reserve.issuer_id: another currency is there');
  // Such coins are renewed by an account that a bank has registered, which a box has none of.
  return added.promises.rounds === 1
    ? undefined
    : refuse(
        'not possible',
        'reserve.issuer_id: coins that take two rounds to make can back no other currency',
      );
}

async function introduceOnce(wallet: Wallet, terms: Reserve): Promise<Refusal | undefined> {
  const isKnown = wallet.currencies().some(({ id }) => id === terms.issuer_id);
  return isKnown ? undefined : introduce(wallet, terms);
}

function sealingFor(vault: Vault, issuerId: string): Sealing {
  const nameOf = (name: string) => `reserve of currency ${issuerId} ${name}`;
  return {
    seal: (name, bytes) => vault.seal(nameOf(name), bytes),
    open: (name, sealed) => vault.open(nameOf(name), sealed),
  };
}

/**
 * The wallet's phrase comes from the vault's data key, which is in every backup: so one that is older than the reserve
 * brings its coins back too.
 */
function phraseOf(vault: Vault, issuerId: string): string {
  const secret = subkey(vault.exportKey(), `specie reserve phrase 1 ${issuerId}`);
  return newPhrase((length) => secret.subarray(0, length));
}
