/** A path for datagrams as networks are at their worst: it loses, doubles, reorders, and brings old ones once more. */
import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { Dice } from '../fuzz/dice.ts';

/** How many of a thousand datagrams, in each direction. */
export interface Weather {
  readonly lost: number;
  readonly doubled: number;
  /** Held back until others have overtaken them. */
  readonly late: number;
  /** Followed by an old one of the same direction, of whoever sent it. */
  readonly repeated: number;
}

export const STORM: Weather = { lost: 250, doubled: 150, late: 200, repeated: 150 };
export const SUNSHINE: Weather = { lost: 0, doubled: 0, late: 0, repeated: 0 };

export interface LossyUdp {
  /** Where clients send, on 127.0.0.1. */
  readonly port: number;
  /** What became of datagrams so far, both directions together. */
  readonly counts: Readonly<Record<keyof Weather | 'came', number>>;
  change(weather: Weather): void;
  close(): Promise<void>;
}

/** Datagrams that are remembered, to come again. */
const MEMORY = 64;
/** Clients at once; of more, the first ones get no answers any more. */
const CLIENTS = 256;
/** What is held back goes on after so many milliseconds, where nobody overtakes it. */
const HELD_MILLISECONDS = 8;

type Send = () => void;

/** A relay on 127.0.0.1 before the server at a port there. The same seed and the same datagrams: the same weather. */
export async function openLossyUdp(
  serverPort: number,
  seed: number,
  weather: Weather = STORM,
): Promise<LossyUdp> {
  const front = createSocket('udp4');
  await new Promise<void>((resolve) => front.bind(0, '127.0.0.1', resolve));
  const counts = { came: 0, lost: 0, doubled: 0, late: 0, repeated: 0 };
  const ways = { there: new Way(new Dice(seed), counts), back: new Way(new Dice(seed + 1), counts) };
  const clients = new Map<string, Socket>();
  let now = weather;
  const outside = (client: RemoteInfo): Socket => {
    const name = `${client.address} ${client.port}`;
    const known = clients.get(name);
    if (known !== undefined) return known;
    const socket = createSocket('udp4');
    socket.on('error', () => undefined);
    socket.on('message', (bytes) =>
      ways.back.carry(now, () => front.send(bytes, client.port, client.address, () => undefined)),
    );
    clients.set(name, socket);
    const [first] = clients;
    if (clients.size > CLIENTS && first !== undefined) {
      clients.delete(first[0]);
      first[1].close();
    }
    return socket;
  };
  front.on('message', (bytes, client) => {
    const socket = outside(client);
    ways.there.carry(now, () => {
      if (clients.get(`${client.address} ${client.port}`) === socket)
        socket.send(bytes, serverPort, '127.0.0.1', () => undefined);
    });
  });
  const close = async () => {
    for (const way of [ways.there, ways.back]) way.close();
    for (const socket of clients.values()) socket.close();
    await new Promise<void>((resolve) => front.close(resolve));
  };
  const change = (next: Weather) => {
    now = next;
  };
  return { port: front.address().port, counts, change, close };
}

/** One direction. */
class Way {
  readonly #dice: Dice;
  readonly #counts: Record<keyof Weather | 'came', number>;
  readonly #old: Send[] = [];
  readonly #held = new Map<Send, NodeJS.Timeout>();
  #isClosed = false;

  constructor(dice: Dice, counts: Record<keyof Weather | 'came', number>) {
    this.#dice = dice;
    this.#counts = counts;
  }

  carry(weather: Weather, send: Send): void {
    if (this.#isClosed) return;
    this.#counts.came++;
    this.#old.push(send);
    if (this.#old.length > MEMORY) this.#old.shift();
    if (this.#happens('lost', weather)) return;
    if (this.#happens('late', weather)) {
      this.#held.set(
        send,
        setTimeout(() => this.#release(send), HELD_MILLISECONDS),
      );
      return;
    }
    send();
    if (this.#happens('doubled', weather)) send();
    if (this.#happens('repeated', weather)) this.#dice.pick(this.#old)();
    for (const held of [...this.#held.keys()]) if (this.#dice.below(2) === 0) this.#release(held);
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#held.values()) clearTimeout(timer);
    this.#held.clear();
    this.#old.length = 0;
  }

  #release(send: Send): void {
    clearTimeout(this.#held.get(send));
    this.#held.delete(send);
    send();
  }

  #happens(what: keyof Weather, weather: Weather): boolean {
    if (this.#dice.below(1_000) >= weather[what]) return false;
    this.#counts[what]++;
    return true;
  }
}
