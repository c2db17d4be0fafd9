/** A front that was taken over: several connections at once, and all that it was ever told. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { readDate } from '../../src/base/dates.ts';
import type { Statement } from '../../src/protocol/attestations.ts';
import type { Request } from '../../src/protocol/catalogue.ts';
import type { Blind } from '../../src/protocol/documents.ts';
import type { RequestMint } from '../../src/protocol/messages/mint.ts';
import type { Key, LoneBox } from './lone-box.ts';
import { until } from './processes.ts';
import { RawFront } from './raw-front.ts';

const CONNECTIONS = 4;
/** Bytes of a blind: below any modulus of 2048 bits. */
const BLIND_BYTES = 250;

export class HostileFront {
  /** Everything that the box has told it. */
  readonly heard: Buffer[] = [];
  readonly #box: LoneBox;

  constructor(box: LoneBox) {
    this.#box = box;
  }

  /** Opens its connections for some work, and keeps what they hear. */
  async attack(work: (connections: readonly RawFront[]) => Promise<void>): Promise<void> {
    const opening = Array.from({ length: CONNECTIONS }, () => RawFront.connect(this.#box.socket));
    const connections = await Promise.all(opening);
    for (const each of connections) each.greet();
    await work(connections);
    for (const each of connections) {
      this.heard.push(...each.heard);
      each.close();
    }
  }

  /** The status that a request is answered with. */
  async code(connection: RawFront, request: Request): Promise<number> {
    return (await connection.request(this.#box.issuerId, request)).status_code;
  }

  /** What the mint says of itself after all that was asked before: it says it anew every now and then. */
  async statement(): Promise<Statement> {
    const asked = Date.now();
    const honest = await RawFront.connect(this.#box.socket);
    let stated: Statement | undefined;
    await until(async () => {
      const question = { type: 'request float', message_reference: 1 } as const;
      const answer = await honest.request(this.#box.issuerId, question);
      assert.ok(answer.type === 'response float');
      stated = answer.signed_statement.statement;
      return (readDate(stated.time) ?? 0) >= asked;
    }, 'the mint says nothing new');
    honest.close();
    assert.ok(stated !== undefined);
    return stated;
  }

  /** Asks for so much money. Nobody needs the blinds to be of any coin; the same name gives the same ones. */
  mintRequest(reference: string, value: number, name = reference): RequestMint {
    const blinds: Blind[] = [];
    const keys = this.#box.mintKeys.map((each) => each.mint_key);
    let left = value;
    for (const { denomination, id } of keys.toSorted((one, other) => other.denomination - one.denomination)) {
      for (; left >= denomination; left -= denomination) {
        const made = createHash('shake256', { outputLength: BLIND_BYTES }).update(`${name} ${blinds.length}`);
        blinds.push({
          blinded_payload_hash: `1${made.digest('hex')}`,
          mint_key_id: id,
          reference: `${blinds.length}`,
          type: 'blinded payload hash',
        });
      }
    }
    return { blinds, message_reference: 1, transaction_reference: reference, type: 'request mint' };
  }
}

/** The cashier's secret key, as whoever has the bank's books reads it. */
export function stolenKey(bankBooks: string): Key {
  const database = new DatabaseSync(bankBooks, { readOnly: true });
  const row = database.prepare('SELECT public_key, secret FROM cashier').get();
  database.close();
  return { publicKey: String(row?.['public_key']), secret: row?.['secret'] as Uint8Array };
}

/** Items one after the other, from the first again after the last. */
export function nth<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  assert.ok(item !== undefined);
  return item;
}
