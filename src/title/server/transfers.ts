/** One transfer, from what was asked to what is answered. */
import { sameBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { ENVELOPE_BYTES, readForm } from '../documents/codec.ts';
import { Group } from '../documents/documents.ts';
import type { Said } from '../documents/messages.ts';
import { signersOf, transferSigned } from '../documents/signed.ts';
import { tooLarge } from './answers.ts';
import type { Commits, Done } from './commits.ts';
import { outdated } from './plan.ts';
import type { TitleServerParts } from './ports.ts';
import { present } from './presented.ts';
import type { Presented } from './presented.ts';
import { receiptBytes, receiptOf, regrow } from './receipts.ts';
import { ruleFault } from './rules.ts';
import type { TitleState } from './state.ts';

/** Transfers that may be under way at once; what comes beyond has to come again. */
export const MOST_UNDERWAY = 8_192;

export class Transfers {
  readonly #parts: TitleServerParts;
  readonly #state: TitleState;
  readonly #commits: Commits;
  #underway = 0;

  constructor(parts: TitleServerParts, state: TitleState, commits: Commits) {
    this.#parts = parts;
    this.#state = state;
    this.#commits = commits;
  }

  /** The receipt of a transfer that took effect, now or before. */
  async answer(
    { type: _, ...signed }: Said<'request title transfer'>,
    request: Uint8Array,
    room: number,
  ): Promise<Said<'response title transfer'> | Refusal> {
    const { inputs, change } = signed.transfer;
    if (ENVELOPE_BYTES + receiptBytes(inputs.length + change.length) > room) return tooLarge();
    if (this.#underway >= MOST_UNDERWAY) return refuse('busy', 'too many transfers at once');
    this.#underway++;
    try {
      const presented = present(signed, request, this.#state.registry, this.#parts);
      if (presented instanceof Refusal) return presented;
      const done = await this.#do(presented);
      if (done instanceof Refusal) return done;
      return { type: 'response title transfer', ...receiptOf(done.transfer, done.tree, this.#parts.key) };
    } finally {
      this.#underway--;
    }
  }

  async #do(presented: Presented): Promise<Done | Refusal> {
    const { store, sha256, key, clock } = this.#parts;
    const stale = outdated(presented, store);
    if (stale !== undefined) return (await this.#again(presented)) ?? stale;
    const now = this.#state.timeAt(clock());
    const fault = ruleFault(presented, { server: key.publicKey, now, sha256 });
    if (fault !== undefined) return fault;
    const { transfer, signatures } = presented.signed;
    const signers = signersOf(transfer, now);
    const wrong = await this.#signatureFault(presented.hash, signers, signatures);
    if (wrong !== undefined) return wrong;
    const done = await this.#commits.transfer({ presented, signers });
    if (!(done instanceof Refusal) || done.name !== 'outdated proof') return done;
    return (await this.#again(presented)) ?? done;
  }

  async #signatureFault(
    hash: Uint8Array,
    signers: readonly Uint8Array[],
    signatures: readonly Uint8Array[],
  ): Promise<Refusal | undefined> {
    if (signers.length !== signatures.length)
      return refuse('bad signature', `signatures: ${signers.length} have to sign, ${signatures.length} did`);
    const bytes = transferSigned(hash);
    const checks = signers.map((publicKey, at) => {
      const signature = signatures[at];
      if (signature === undefined) throw new Error('every signer has a signature');
      return { publicKey, bytes, signature };
    });
    const verdicts = await this.#parts.checker.check(checks);
    const wrong = signers.findIndex((_, at) => verdicts[at] !== true);
    if (wrong < 0) return undefined;
    return refuse('bad signature', `signatures[${wrong}]: not of who has to sign this transfer`);
  }

  /** The same transfer out of the log: where one of its titles has not moved since, or it is not long ago. */
  async #again({ signed, places, hash }: Presented): Promise<Done | undefined> {
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
    const group = readForm(Group, bytes, 'group');
    if (group instanceof Refusal) throw new Error(`a group that was kept: ${group.details}`);
    return this.#within(group, hash);
  }

  #within(group: Group, hash: Uint8Array): Done | undefined {
    const { tree, transfers } = regrow(group, this.#state.registry, this.#parts);
    const transfer = transfers.find((each) => sameBytes(each.hash, hash));
    return transfer === undefined ? undefined : { transfer, tree };
  }
}
