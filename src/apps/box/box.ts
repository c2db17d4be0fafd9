/** A box put together: its vault, its lanes, and a mint for each currency in its folder. */
import { join } from 'node:path';
import type { Clock } from '../../base/ports.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { LIMITS } from '../../base/limits.ts';
import { pathTaken } from '../../mint/description.ts';
import { foundCurrency } from '../../mint/found.ts';
import type { MintExtras } from '../../mint/extras.ts';
import type { Mint } from '../../mint/mint.ts';
import { openMint } from '../../mint/open.ts';
import type { MintStore } from '../../mint/ports.ts';
import type { Founding } from '../../protocol/governance.ts';
import { verifyEd25519 } from '../../signers/ed25519.ts';
import { openLanes } from '../../signers/lanes.ts';
import type { Lanes } from '../../signers/lanes.ts';
import type { Vault } from '../../signers/vault/vault.ts';
import { openLedgerThread } from '../../stores/mint/ledger-thread.ts';
import type { LogEvent } from '../log.ts';
import { backUp } from './backup.ts';
import { dropFounding, keepFounding, openFounding } from './foundings.ts';
import type { BoxFolder } from './folder.ts';
import { openReservePurse } from './reserve-purse.ts';
import type { Carry, ReservePurseHandle } from './reserve-purse.ts';

export interface BoxParts {
  readonly folder: BoxFolder;
  readonly vault: Vault;
  /** The folder of the second place, where every commit is kept once more before it is acknowledged. */
  readonly second: string | null;
  readonly clock: Clock;
  readonly report: (event: LogEvent) => void;
  /** Told of a bug that must not stop the rest. */
  readonly bug: (error: unknown) => void;
  readonly progress: (made: number, of: number) => void;
  /** Takes a message of the box's own to another issuer, through a front. */
  readonly carry: Carry;
}

/** A currency at work. */
export interface OpenCurrency {
  readonly mint: Mint;
  readonly store: MintStore;
  close(): Promise<void>;
}

export interface Box {
  readonly currencies: ReadonlyMap<string, OpenCurrency>;
  readonly lanes: Lanes;
  /** Makes and opens a currency that no journal has ordered: the first one of a box. */
  found(founding: Founding): Promise<string | Refusal>;
  /** Does what is due in every currency. */
  tend(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a box with all its currencies. Refuses when one of them cannot be opened: half a box would be no help. */
export async function openBox(parts: BoxParts): Promise<Box | Refusal> {
  const lanes = await openLanes();
  const box = new OpenBox(parts, lanes);
  const refused = await box.openAll();
  if (refused === undefined) return box;
  await box.close();
  return refused;
}

class OpenBox implements Box {
  readonly currencies = new Map<string, OpenCurrency>();
  readonly lanes: Lanes;
  readonly #parts: BoxParts;

  constructor(parts: BoxParts, lanes: Lanes) {
    this.#parts = parts;
    this.lanes = lanes;
  }

  async openAll(): Promise<Refusal | undefined> {
    for (const issuerId of this.#parts.folder.list().founded) {
      const opened = await this.#open(issuerId);
      if (opened instanceof Refusal) return opened;
    }
    const refused = await this.#openSiblings();
    if (refused !== undefined) return refused;
    // Of an order that was cut short: it makes others when it is handed in again, and these keys are nobody's.
    for (const issuerId of this.#parts.folder.list().founding) dropFounding(this.#parts.folder, issuerId);
    return undefined;
  }

  async found(founding: Founding): Promise<string | Refusal> {
    const issuerId = await this.#make(founding);
    if (issuerId instanceof Refusal) return issuerId;
    await openFounding(this.#parts.folder, issuerId);
    return (await this.#open(issuerId)) ?? issuerId;
  }

  async tend(): Promise<void> {
    // Each for itself: they share nothing but the process, and certainly no fault.
    await Promise.all(
      [...this.currencies.values()].map(({ mint }) =>
        mint.tend().catch((error: unknown) => this.#parts.bug(error)),
      ),
    );
  }

  async close(): Promise<void> {
    await Promise.all([...this.currencies.values()].map((each) => each.close()));
    await this.lanes.close();
  }

  async #make(founding: Founding): Promise<string | Refusal> {
    const { folder, vault, clock, progress } = this.#parts;
    const { founded: held, founding: making } = folder.list();
    const taken = pathTaken(
      founding.description,
      [...this.currencies.values()].map(({ mint }) => mint.keyring.cdd),
    );
    if (taken !== undefined) return taken;
    if (held.length + making.length >= LIMITS.currencies)
      return refuse('too large', `a box holds at most ${LIMITS.currencies} currencies`);
    const founded = await foundCurrency({ maker: this.lanes, vault }, founding, clock(), progress);
    if (founded instanceof Refusal) return founded;
    await keepFounding(folder, founded);
    return founded.issuerId;
  }

  async #open(issuerId: string): Promise<Refusal | undefined> {
    const { folder, second, vault, clock, report, carry } = this.#parts;
    const place = second === null ? {} : { second: join(second, issuerId) };
    const store = await openLedgerThread(folder.books(issuerId), place);
    if (store instanceof Refusal) return store;
    const purse = await openReservePurse({ path: folder.reserve(issuerId), issuerId, vault, clock, carry });
    const mint =
      purse instanceof Refusal
        ? purse
        : await openMint({
            store,
            signer: this.lanes,
            loader: this.lanes,
            maker: this.lanes,
            vault,
            verify: verifyEd25519,
            clock,
            extras: this.#extras(purse),
            report,
          });
    if (mint instanceof Refusal || purse instanceof Refusal) {
      await store.close();
      if (!(purse instanceof Refusal)) await purse.close();
      return mint instanceof Refusal ? mint : undefined;
    }
    const close = async () => {
      await Promise.all([store.close(), purse.close()]);
    };
    this.currencies.set(issuerId, { mint, store, close });
    return undefined;
  }

  #extras(reserve: ReservePurseHandle): MintExtras {
    const { folder, vault, clock } = this.#parts;
    return {
      backup: (store, charter) => backUp({ folder, vault, clock }, store, charter),
      foundSibling: (founding) => this.#make(founding),
      openSiblings: async () => {
        const refused = await this.#openSiblings();
        if (refused !== undefined) throw new Error(refused.details);
      },
      reserve,
    };
  }

  /** Opens what was being founded where a journal says so. One that no journal knows stays as it is. */
  async #openSiblings(): Promise<Refusal | undefined> {
    const { folder } = this.#parts;
    const waiting = new Set(folder.list().founding);
    if (waiting.size === 0) return undefined;
    for (const { store } of [...this.currencies.values()]) {
      for (const issuerId of await orderedFoundings(store)) {
        if (!waiting.has(issuerId)) continue;
        await openFounding(folder, issuerId);
        const refused = await this.#open(issuerId);
        if (refused !== undefined) return refused;
      }
    }
    return undefined;
  }
}

const PAGE = 256;

/** The currencies that a journal says were founded. */
async function orderedFoundings(store: MintStore): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let from = 0; ; from += PAGE) {
    const page = await store.journal(from, PAGE);
    ids.push(
      ...page.flatMap(({ entry: { event } }) => (event.type === 'currency founded' ? [event.issuer_id] : [])),
    );
    if (page.length < PAGE) return ids;
  }
}
