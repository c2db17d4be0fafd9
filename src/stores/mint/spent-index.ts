import { randomFillSync } from 'node:crypto';

/** Bytes of a coin's id that count: the first 128 bits (`shortId` says why that is enough). */
export const COIN_BYTES = 16;
const SHARDS = 256;
const LEAST_SLOTS = 64;
/** How full a shard gets before it is doubled. */
const FULL = 0.7;
const HIGH = 2 ** 32;
/** A place is below this, 40 bits: ten thousand coins a second for three years. */
export const PLACES = 2 ** 40;

/**
 * Where each spent coin stands, in memory: 8 bytes a slot, 11 to 23 a coin. A slot keeps 24 bits of a hash of the coin
 * and 40 bits of its place; 8 more bits of the hash choose the shard. So it says where a coin may be: who asks looks
 * there. Each shard is doubled by itself, so that with ten million coins nobody waits longer than a few milliseconds.
 *
 * Whoever makes coins can choose bits of their ids by trying many. The hash is therefore by tables of random words that
 * each process draws anew, one for each byte of the id: linear probing takes a constant number of steps by it for any
 * ids that were chosen without knowing the tables (Pătraşcu and Thorup, The Power of Simple Tabulation Hashing, 2012).
 */
export class SpentIndex {
  private readonly words = randomFillSync(new Uint32Array(COIN_BYTES * 256));
  /** Two words a slot: 24 bits of hash with the high 8 of the place, and its low 32. Both are zero in a free slot. */
  private readonly shards: Uint32Array[];
  private readonly sizes = new Uint32Array(SHARDS);

  /** Has room for so many coins at once, and for more as they come. */
  constructor(expected = 0) {
    let slots = LEAST_SLOTS;
    while (slots * SHARDS * FULL < expected * 1.1) slots *= 2;
    this.shards = Array.from({ length: SHARDS }, () => new Uint32Array(slots * 2));
  }

  /** Whether `stands` says of any place where this coin may be that it stands there. */
  has(coin: Uint8Array, stands: (place: number) => boolean): boolean {
    const hash = this.hashOf(coin, 0);
    const shard = this.shardOf(hash);
    for (let at = homeOf(hash, shard); !isFree(shard, at); at = after(at, shard)) {
      const high = shard[at] ?? 0;
      if (high >>> 8 === (hash & 0xffffff) && stands((high & 0xff) * HIGH + (shard[at + 1] ?? 0)))
        return true;
    }
    return false;
  }

  /** Adds the coin that begins at this byte. A place is positive and has one coin. */
  add(coins: Uint8Array, from: number, place: number): void {
    if (!(place > 0 && place < PLACES)) throw new Error('a place has 40 bits');
    const hash = this.hashOf(coins, from);
    const size = (this.sizes[hash >>> 24] ?? 0) + 1;
    if (size * 2 > this.shardOf(hash).length * FULL) this.double(hash >>> 24);
    put(this.shardOf(hash), hash & 0xffffff, Math.floor(place / HIGH), place >>> 0);
    this.sizes[hash >>> 24] = size;
  }

  /** Takes away the coin that begins at this byte and stands at this place. */
  remove(coins: Uint8Array, from: number, place: number): void {
    const hash = this.hashOf(coins, from);
    const shard = this.shardOf(hash);
    const high = ((hash & 0xffffff) << 8) | Math.floor(place / HIGH);
    let hole = homeOf(hash, shard);
    while (shard[hole] !== high >>> 0 || shard[hole + 1] !== place >>> 0) {
      if (isFree(shard, hole)) throw new Error('a coin is removed that is not in the index');
      hole = after(hole, shard);
    }
    // What stands behind moves up, unless it would come before its home: so no search ends at the hole too early.
    for (let at = after(hole, shard); !isFree(shard, at); at = after(at, shard)) {
      const home = homeOf((shard[at] ?? 0) >>> 8, shard);
      if (distance(home, at, shard) < distance(hole, at, shard)) continue;
      shard.copyWithin(hole, at, at + 2);
      hole = at;
    }
    shard.fill(0, hole, hole + 2);
    this.sizes[hash >>> 24] = (this.sizes[hash >>> 24] ?? 0) - 1;
  }

  private hashOf(coins: Uint8Array, from: number): number {
    let hash = 0;
    for (let byte = 0; byte < COIN_BYTES; byte++)
      hash ^= this.words[(byte << 8) | (coins[from + byte] ?? 0)] ?? 0;
    return hash >>> 0;
  }

  private shardOf(hash: number): Uint32Array {
    const shard = this.shards[hash >>> 24];
    if (shard === undefined) throw new Error('a hash has 32 bits');
    return shard;
  }

  private double(number: number): void {
    const shard = this.shardOf(number * 2 ** 24);
    const larger = new Uint32Array(shard.length * 2);
    for (let at = 0; at < shard.length; at += 2) {
      const high = shard[at] ?? 0;
      if (!isFree(shard, at)) put(larger, high >>> 8, high & 0xff, shard[at + 1] ?? 0);
    }
    this.shards[number] = larger;
  }
}

/** The slot where a search for these 24 bits of a hash begins: their order is the order of the slots. */
function homeOf(hash: number, shard: Uint32Array): number {
  return Math.floor(((hash & 0xffffff) / 2 ** 24) * (shard.length / 2)) * 2;
}

function after(at: number, shard: Uint32Array): number {
  return (at + 2) & (shard.length - 1);
}

function distance(from: number, to: number, shard: Uint32Array): number {
  return (to - from) & (shard.length - 1);
}

function isFree(shard: Uint32Array, at: number): boolean {
  return shard[at] === 0 && shard[at + 1] === 0;
}

function put(shard: Uint32Array, hash: number, placeHigh: number, placeLow: number): void {
  let at = homeOf(hash, shard);
  while (!isFree(shard, at)) at = after(at, shard);
  shard[at] = (hash << 8) | placeHigh;
  shard[at + 1] = placeLow;
}
