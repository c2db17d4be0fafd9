/** Secrets of conditions: once a title was claimed with one, the log shows it to everybody. */
import { bytesToHex, sameBytes } from '../../base/bytes.ts';
import type { Refusal } from '../../base/refusal.ts';
import type { Context } from './context.ts';
import { readLog } from './log.ts';
import type { Found } from './lookup.ts';
import type { KnownServer } from './state.ts';

/** The secret that the last transfer of a title carried, 64 hexadecimal digits; undefined where it carried none. */
export async function revealedSecret(
  context: Context,
  server: KnownServer,
  { serial, proof }: Pick<Found, 'serial' | 'proof'>,
): Promise<string | undefined | Refusal> {
  if (proof === undefined) return undefined;
  const { number } = proof.signed_head.head;
  let secret: Uint8Array | undefined;
  const fault = await readLog(context, server, number, ({ group, hash, transfer }) => {
    if (group > number) return 'stop';
    if (!sameBytes(hash, proof.holding.transfer)) return 'go on';
    secret = transfer.inputs.find((each) => each.serial === serial)?.secret;
    return 'stop';
  });
  if (fault !== undefined) return fault;
  return secret === undefined ? undefined : bytesToHex(secret);
}
