/** What the log says: transfers that come again, and proofs of titles. */
import { bytesToHex, sameBytes } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { readForm } from '../documents/codec.ts';
import { Group } from '../documents/documents.ts';
import type { TitleProof } from '../documents/documents.ts';
import type { Done } from './commits.ts';
import { Lane } from './lane.ts';
import type { TitleServerParts } from './ports.ts';
import type { Presented } from './presented.ts';
import { proofOf, regrow } from './receipts.ts';
import type { TitleState } from './state.ts';

/** Transfers of groups that were grown again lately: whoever lost an answer has lost others of the same time. */
const MOST_AGAIN = 4_096;
/** Pages of the log that are read at once. */
const WIDTH = 8;
/** Milliseconds in which no group is grown after one was, which takes one or two: anybody may ask for any of them. */
const GROWTH_PAUSE = 4;

/** A group has to be read and its tree grown again for each answer: nobody may have that done to no end. */
export class Past {
  readonly #parts: TitleServerParts;
  readonly #state: TitleState;
  readonly #reading: Lane;
  readonly #growing: Lane;
  /** By their hashes; the one that was asked for last stands last. */
  readonly #again = new Map<string, Done>();

  constructor(parts: TitleServerParts, state: TitleState) {
    this.#parts = parts;
    this.#state = state;
    this.#reading = new Lane(WIDTH, parts.pause);
    this.#growing = new Lane(1, parts.pause);
  }

  /** The same transfer, where one of its titles has not moved since or it is not long ago; undefined where it is not known. */
  async transfer(presented: Presented): Promise<Done | Refusal | undefined> {
    const name = bytesToHex(presented.hash);
    const done = this.#again.get(name);
    if (done === undefined)
      // Others of its group may have been asked for while this one waited.
      return this.#growing.run(
        async () => this.#again.get(name) ?? this.#slowly(() => this.#find(presented)),
      );
    this.#remember(name, done);
    return done;
  }

  /** The proof of a title that moved; undefined where the documents were lost, or are not as this server wrote them. */
  proof(
    { cell, serial }: { readonly cell: number; readonly serial: number },
    titleClass: Uint8Array,
  ): Promise<TitleProof | Refusal | undefined> {
    const find = async (): Promise<TitleProof | undefined> => {
      const group = await this.#parts.store.lastGroup(cell);
      if (group === undefined) return undefined;
      const regrown = regrow(group, this.#state.registry, this.#parts);
      return regrown && proofOf(regrown, { titleClass, serial }, this.#parts.key);
    };
    return this.#growing.run(() => this.#slowly(find));
  }

  /** Groups from a number on, as the log has them. */
  groups(from: number, most: number): Promise<readonly Uint8Array[] | Refusal> {
    return this.#reading.run(() => this.#parts.store.groups(from, most));
  }

  async #slowly<Found>(find: () => Promise<Found>): Promise<Found> {
    const found = await find();
    await this.#parts.pause(GROWTH_PAUSE);
    return found;
  }

  async #find({ signed, places, hash }: Presented): Promise<Done | undefined> {
    const { store } = this.#parts;
    for (const [at, { sequence }] of signed.transfer.inputs.entries()) {
      const cell = places[at]?.cell ?? NaN;
      if (store.sequence(cell) !== sequence + 1) continue;
      const group = await store.lastGroup(cell);
      const done = group === undefined ? undefined : this.#within(group, hash);
      if (done !== undefined) return done;
    }
    const number = this.#state.recent.find(hash);
    if (number === undefined) return undefined;
    const [bytes] = await store.groups(number, 1);
    if (bytes === undefined) return undefined;
    const group = readForm(Group, bytes, 'group', true);
    return group instanceof Refusal ? undefined : this.#within(group, hash);
  }

  #within(group: Group, hash: Uint8Array): Done | undefined {
    const regrown = regrow(group, this.#state.registry, this.#parts);
    const wanted = regrown?.transfers.find((each) => sameBytes(each.hash, hash));
    if (regrown === undefined || wanted === undefined) return undefined;
    const { tree, transfers } = regrown;
    for (const transfer of transfers) this.#remember(bytesToHex(transfer.hash), { transfer, tree });
    return { transfer: wanted, tree };
  }

  #remember(name: string, done: Done): void {
    this.#again.delete(name);
    this.#again.set(name, done);
    const [oldest] = this.#again.keys();
    if (this.#again.size > MOST_AGAIN && oldest !== undefined) this.#again.delete(oldest);
  }
}
