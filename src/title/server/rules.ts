/** What a transfer has to fulfil at a moment, whatever its titles' sequences are. */
import { sameBytes } from '../../base/bytes.ts';
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import type { Destination, TransferInput } from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import type { Sha256 } from '../documents/merkle.ts';
import type { Presented } from './presented.ts';

/** By what the rules judge: the server's own key, and the moment in milliseconds since 1970. */
export interface Judging {
  readonly server: Uint8Array;
  readonly now: number;
  readonly sha256: Sha256;
}

/** Whether a title goes to the pool. */
export function isPooling({ holder }: Destination, server: Uint8Array): boolean {
  return sameBytes(holder, server);
}

/** Which rule a transfer breaks; undefined where none. */
export function ruleFault(presented: Presented, judging: Judging): Refusal | undefined {
  const { inputs, change } = presented.signed.transfer;
  for (const [at, input] of inputs.entries()) {
    const path = `transfer.inputs[${at}]`;
    const fault =
      sequenceFault(input, path, judging) ??
      bindingFault(input, path, judging) ??
      destinationFault(input.to, `${path}.to`, judging);
    if (fault !== undefined) return fault;
  }
  for (const [at, { to }] of change.entries()) {
    const path = `transfer.change[${at}].to`;
    if (isPooling(to, judging.server))
      return refuse('not possible', `${path}.holder: change goes to somebody, not back to the pool`);
    const fault = destinationFault(to, path, judging);
    if (fault !== undefined) return fault;
  }
  return change.length === 0 ? undefined : balanceFault(presented, judging.server);
}

function sequenceFault({ sequence, holder, to }: TransferInput, path: string, { server }: Judging) {
  if (sameBytes(holder, server))
    return refuse('not possible', `${path}.holder: a title of the pool comes out of it as change`);
  // One that comes to the pool has to be able to leave it.
  const last = isPooling(to, server) ? TITLE_LIMITS.sequence - 1 : TITLE_LIMITS.sequence;
  if (sequence < last) return undefined;
  return refuse('not possible', `${path}.sequence: this title has changed hands as often as it can`);
}

/** Whether the condition that binds an input lets it go. */
function bindingFault({ condition, secret }: TransferInput, path: string, { now, sha256 }: Judging) {
  if (condition === undefined)
    return secret === undefined
      ? undefined
      : refuse('malformed', `${path}.secret: no condition asks for one`);
  if (now >= condition.until) return undefined;
  if (secret === undefined || !sameBytes(sha256(secret), condition.hash))
    return refuse('not possible', `${path}.secret: until ${condition.until} it takes the secret of the hash`);
  return undefined;
}

/** Whether a title may go there. */
function destinationFault(to: Destination, path: string, { server, now }: Judging): Refusal | undefined {
  const { condition } = to;
  if (condition === undefined) return undefined;
  if (isPooling(to, server))
    return refuse('not possible', `${path}.condition: none binds a title of the pool`);
  if (sameBytes(condition.fallback, server))
    return refuse('not possible', `${path}.condition.fallback: nothing falls back to the pool`);
  if (condition.until <= now) return refuse('not possible', `${path}.condition.until: is over`);
  if (condition.until > now + TITLE_LIMITS.conditionLasts)
    return refuse('not possible', `${path}.condition.until: at most ninety days ahead`);
  return undefined;
}

/** What goes to the pool is worth what comes out. Without change, it is a gift: so a pool is filled. */
function balanceFault({ signed, places }: Presented, server: Uint8Array): Refusal | undefined {
  const { inputs, change } = signed.transfer;
  const given = sum(
    places.flatMap(({ range }, at) =>
      inputs[at] !== undefined && isPooling(inputs[at].to, server) ? [range.denomination] : [],
    ),
  );
  const wanted = sum(change.map(({ denomination }) => denomination));
  return given === wanted
    ? undefined
    : refuse('unbalanced', `transfer: ${given} for the pool, ${wanted} of change`);
}

/** Exactly: denominations may be as large as numbers can be. */
function sum(amounts: readonly number[]): bigint {
  return amounts.reduce((total, amount) => total + BigInt(amount), 0n);
}
