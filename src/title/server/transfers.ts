/** One transfer, from what was asked to what is answered. */
import { Refusal, refuse } from '../../base/refusal.ts';
import { ENVELOPE_BYTES } from '../documents/codec.ts';
import type { Said } from '../documents/messages.ts';
import { signersOf } from '../documents/signed.ts';
import { tooLarge } from './answers.ts';
import type { Commits, Done } from './commits.ts';
import { wayOf } from './past.ts';
import type { Past, Way } from './past.ts';
import { outdated } from './plan.ts';
import type { TitleServerParts } from './ports.ts';
import { present } from './presented.ts';
import type { Presented } from './presented.ts';
import { receiptBytes, receiptOf } from './receipts.ts';
import { ruleFault } from './rules.ts';
import { checksOf, verdictFault } from './signatures.ts';
import type { TitleState } from './state.ts';

/** Transfers that may be under way at once; what comes beyond has to come again. */
export const MOST_UNDERWAY = 4_096;

export class Transfers {
  readonly #parts: TitleServerParts;
  readonly #state: TitleState;
  readonly #commits: Commits;
  readonly #past: Past;
  #underway = 0;

  constructor(
    parts: TitleServerParts,
    state: TitleState,
    { commits, past }: { readonly commits: Commits; readonly past: Past },
  ) {
    this.#past = past;
    this.#parts = parts;
    this.#state = state;
    this.#commits = commits;
  }

  /** The receipt of a transfer that took effect, now or before. */
  async answer(
    signed: Said<'request title transfer'>,
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
      const done = await this.#do(presented, wayOf(room));
      if (done instanceof Refusal) return done;
      return { type: 'response title transfer', ...receiptOf(done.transfer, done.tree, this.#parts.key) };
    } finally {
      this.#underway--;
    }
  }

  async #do(presented: Presented, way: Way): Promise<Done | Refusal> {
    const { store, sha256, key, clock } = this.#parts;
    const stale = outdated(presented, store);
    if (stale !== undefined) return (await this.#past.transfer(presented, way)) ?? stale;
    const now = this.#state.timeAt(clock());
    const fault = ruleFault(presented, { server: key.publicKey, now, sha256 });
    if (fault !== undefined) return fault;
    const signers = signersOf(presented.signed.transfer, now);
    const checks = checksOf(presented, signers);
    if (checks instanceof Refusal) return checks;
    // A checker that rejects has checked nothing: asked again, it will.
    const verdicts = await this.#parts.checker.check(checks).catch(() => undefined);
    if (verdicts === undefined) return refuse('busy', 'signatures could not be checked just now');
    const wrong = verdictFault(verdicts, checks);
    if (wrong !== undefined) return wrong;
    const done = await this.#commits.transfer({ presented, signers });
    if (!(done instanceof Refusal) || done.name !== 'outdated proof') return done;
    return (await this.#past.transfer(presented, way)) ?? done;
  }
}
