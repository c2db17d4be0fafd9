/** Who listens on the way: what was answered to whom, and old requests that come once more. */
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { bytesToHex, sameBytes } from '../../../src/base/bytes.ts';
import { Refusal } from '../../../src/base/refusal.ts';
import { readTitleRequest, readTitleResponse } from '../../../src/title/documents/codec.ts';
import { TITLE_LIMITS } from '../../../src/title/documents/limits.ts';
import { transferHash } from '../../../src/title/documents/signed.ts';
import { titleMessenger } from '../../../src/transports/title-messenger.ts';
import type { Dice } from '../../fuzz/dice.ts';

/** A title that has come to a sequence. */
export interface Move {
  /** `CLASS/SERIAL`. */
  readonly title: string;
  readonly sequence: number;
}

interface Recorded {
  /** The transfer's hash, 64 hexadecimal digits. */
  readonly hash: string;
  readonly request: Uint8Array;
}

interface Witnessed {
  readonly answer: Uint8Array;
  readonly moves: readonly Move[];
}

/** The reference stands in bytes 3 to 6 of a message. */
const BODY = 7;

export class Rogue {
  /** What receipts said, by the hash of the transfer. */
  readonly receipts = new Map<string, Witnessed>();
  readonly faults: string[] = [];
  /** How many old requests came once more. */
  replays = 0;
  readonly #transfers: Recorded[] = [];
  readonly #server: Uint8Array;
  readonly #dice: Dice;
  readonly #socket: Socket;

  constructor(server: Uint8Array, dice: Dice) {
    this.#server = server;
    this.#dice = dice;
    this.#socket = createSocket('udp4');
    this.#socket.on('error', () => undefined);
    this.#socket.unref();
  }

  /** Hears a request, and gives what hears its answer; undefined where it is no transfer. */
  hears(request: Uint8Array): ((answer: Uint8Array | Refusal) => void) | undefined {
    const read = readTitleRequest(request);
    if (read instanceof Refusal) throw new Error(`a wallet sent what cannot be read: ${read.details}`);
    if (read.message.type !== 'request title transfer') return undefined;
    const { transfer } = read.message;
    const hash = bytesToHex(transferHash(this.#server, transfer));
    if (!this.#transfers.some((each) => each.hash === hash)) this.#transfers.push({ hash, request });
    return (answer) => {
      if (!(answer instanceof Refusal)) this.#heard(bytesToHex(transfer.title_class), hash, answer);
    };
  }

  /** Sends an old transfer once more, by a datagram or over HTTP. */
  async replay(url: string, udpPort: number): Promise<void> {
    if (this.#transfers.length === 0) return;
    const { request } = this.#dice.pick(this.#transfers);
    this.replays++;
    if (request.length > TITLE_LIMITS.datagramBytes || this.#dice.below(2) === 0) {
      await this.#ask(url, request);
      return;
    }
    const datagram = new Uint8Array(TITLE_LIMITS.datagramBytes);
    datagram.set(request);
    this.#socket.send(datagram, udpPort, '127.0.0.1', () => undefined);
  }

  /** Sends every transfer that it ever heard once more. */
  async replayAll(url: string): Promise<void> {
    for (const { request } of this.#transfers) await this.#ask(url, request);
  }

  close(): void {
    this.#socket.close();
  }

  async #ask(url: string, request: Uint8Array): Promise<void> {
    const hear = this.hears(request);
    hear?.(await titleMessenger.exchange(url, undefined, request));
  }

  /** A transfer has one receipt for ever, and no two transfers bring a title to the same sequence. */
  #heard(titleClass: string, hash: string, answer: Uint8Array): void {
    const read = readTitleResponse(answer);
    if (read instanceof Refusal || read.message.type !== 'response title transfer') return;
    const body = answer.slice(BODY);
    const before = this.receipts.get(hash);
    if (before !== undefined) {
      if (!sameBytes(before.answer, body)) this.faults.push(`the transfer ${hash} has two receipts`);
      return;
    }
    if (bytesToHex(read.message.transfer) !== hash)
      this.faults.push(`the transfer ${hash} has the receipt of another`);
    const moves = read.message.titles.map(({ serial, sequence }) => ({
      title: `${titleClass}/${serial}`,
      sequence,
    }));
    this.receipts.set(hash, { answer: body, moves });
  }
}
