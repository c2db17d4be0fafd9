/** One transfer, from what was asked to what is answered. */
import { Refusal, refuse } from '../../base/refusal.ts';
import { ENVELOPE_BYTES } from '../documents/codec.ts';
import type { Said } from '../documents/messages.ts';
import { signersOf, transferSigned } from '../documents/signed.ts';
import { tooLarge } from './answers.ts';
import type { Commits, Done } from './commits.ts';
import type { Past } from './past.ts';
import { outdated } from './plan.ts';
import type { TitleServerParts } from './ports.ts';
import { present } from './presented.ts';
import type { Presented } from './presented.ts';
import { receiptBytes, receiptOf } from './receipts.ts';
import { ruleFault } from './rules.ts';
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
    if (stale !== undefined) return (await this.#past.transfer(presented)) ?? stale;
    const now = this.#state.timeAt(clock());
    const fault = ruleFault(presented, { server: key.publicKey, now, sha256 });
    if (fault !== undefined) return fault;
    const { transfer, signatures } = presented.signed;
    const signers = signersOf(transfer, now);
    const wrong = await this.#signatureFault(presented.hash, signers, signatures);
    if (wrong !== undefined) return wrong;
    const done = await this.#commits.transfer({ presented, signers });
    if (!(done instanceof Refusal) || done.name !== 'outdated proof') return done;
    return (await this.#past.transfer(presented)) ?? done;
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
    // A checker that rejects has checked nothing: asked again, it will.
    const verdicts = await this.#parts.checker.check(checks).catch(() => undefined);
    if (verdicts === undefined) return refuse('busy', 'signatures could not be checked just now');
    const wrong = signers.findIndex((_, at) => verdicts[at] !== true);
    if (wrong < 0) return undefined;
    return refuse('bad signature', `signatures[${wrong}]: not of who has to sign this transfer`);
  }
}
