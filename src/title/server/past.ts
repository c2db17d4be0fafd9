/** What the log says: transfers that come again, and proofs of titles. */
import { bytesToHex, sameBytes } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { readForm } from '../documents/codec.ts';
import { Group } from '../documents/documents.ts';
import type { TitleProof } from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import type { Done } from './commits.ts';
import { Lane } from './lane.ts';
import type { TitleServerParts } from './ports.ts';
import type { Presented } from './presented.ts';
import { isWhole, proofOf, regrow } from './receipts.ts';
import type { Regrown } from './receipts.ts';
import type { TitleState } from './state.ts';

/** Transfers of groups that were grown again lately: whoever lost an answer has lost others of the same time. */
const MOST_AGAIN = 4_096;
/** Pages of the log that are read at once. */
const WIDTH = 8;
/** Milliseconds in which no group is grown after one was, which takes one or two: anybody may ask for any of them. */
const GROWTH_PAUSE = 4;

/** A title whose proof is asked for. */
export interface AskedTitle {
  readonly cell: number;
  readonly serial: number;
  readonly titleClass: Uint8Array;
}

/** Groups that were grown for proofs lately: whoever asks for one title of a group often asks for others. */
const MOST_GROWN = 32;

/** How a question came. Whoever sends datagrams may have written anybody's address on them: they keep nobody else waiting. */
export type Way = 'datagram' | 'message';

/** Over HTTP there is room for whatever a message may be. */
export function wayOf(room: number): Way {
  return room < TITLE_LIMITS.messageBytes ? 'datagram' : 'message';
}

/** A group has to be read and its tree grown again for each answer: nobody may have that done to no end. */
export class Past {
  readonly #parts: TitleServerParts;
  readonly #state: TitleState;
  readonly #reading: Lane;
  readonly #growing: Readonly<Record<Way, Lane>>;
  /** The newest stands last. */
  readonly #grown: Regrown[] = [];
  /** By their hashes; the one that was asked for last stands last. */
  readonly #again = new Map<string, Done>();

  constructor(parts: TitleServerParts, state: TitleState) {
    this.#parts = parts;
    this.#state = state;
    this.#reading = new Lane(WIDTH, parts.pause);
    this.#growing = { datagram: new Lane(1, parts.pause), message: new Lane(1, parts.pause) };
  }

  /** The same transfer, where one of its titles has not moved since or it is not long ago; undefined where it is not known. */
  async transfer(presented: Presented, way: Way): Promise<Done | Refusal | undefined> {
    const name = bytesToHex(presented.hash);
    const done = this.#again.get(name);
    if (done === undefined)
      // Others of its group may have been asked for while this one waited.
      return this.#growing[way].run(
        async () => this.#again.get(name) ?? this.#slowly(() => this.#find(presented)),
      );
    this.#remember(name, done);
    return done;
  }

  /** The proof of a title that moved; undefined where the documents were lost, or are not as this server wrote them. */
  async proof(title: AskedTitle, way: Way): Promise<TitleProof | Refusal | undefined> {
    return (
      this.#grownProof(title) ??
      this.#growing[way].run(async () => this.#grownProof(title) ?? this.#slowly(() => this.#grow(title)))
    );
  }

  /** Groups from a number on, as the log has them. */
  groups(from: number, most: number, way: Way): Promise<readonly Uint8Array[] | Refusal> {
    if (from > this.#state.end.groups) return Promise.resolve([]);
    const { registry } = this.#state;
    const read = () => this.#parts.store.groups(from, most, (group) => isWhole(group, registry, this.#parts));
    return way === 'message' ? this.#reading.run(read) : this.#growing.datagram.run(() => this.#slowly(read));
  }

  #grownProof(title: AskedTitle): TitleProof | undefined {
    for (const regrown of this.#grown.toReversed()) {
      const proof = this.#proofIn(regrown, title);
      if (proof !== undefined) return proof;
    }
    return undefined;
  }

  #grow(title: AskedTitle): Promise<TitleProof | undefined> {
    return this.#parts.store.lastGroup(title.cell, (group) => {
      const regrown = regrow(group, this.#state.registry, this.#parts);
      const proof = regrown && this.#proofIn(regrown, title);
      if (regrown === undefined || proof === undefined) return undefined;
      this.#grown.push(regrown);
      if (this.#grown.length > MOST_GROWN) this.#grown.shift();
      return proof;
    });
  }

  /** An older group proves who held the title once: nobody is told that as what is. */
  #proofIn(regrown: Regrown, { cell, serial, titleClass }: AskedTitle): TitleProof | undefined {
    const sequence = this.#parts.store.sequence(cell);
    return proofOf(regrown, { titleClass, serial, sequence }, this.#parts.key);
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
      const done = await store.lastGroup(cell, (group) => this.#within(group, hash));
      if (done !== undefined) return done;
    }
    const number = this.#state.recent.find(hash);
    if (number === undefined) return undefined;
    const [bytes] = await store.groups(number, 1, (group) => this.#within(group, hash) !== undefined);
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
