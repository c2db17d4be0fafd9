import type { Target } from './targets.ts';

/** What a campaign came to. */
export interface Outcome {
  readonly messages: number;
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly crash: { readonly message: Uint8Array; readonly reason: string } | undefined;
}

/** Sends messages until there were enough, the time is over, or one crashes the target. */
export async function campaign(
  target: Target,
  all: Iterable<Uint8Array>,
  most: number,
  until: number,
): Promise<Outcome> {
  const statuses = new Map<number, number>();
  let messages = 0;
  for (const message of all) {
    if (messages >= most || (messages % 64 === 0 && performance.now() >= until)) break;
    messages++;
    try {
      const status = await target(message);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (!(status < 500)) return { messages, statuses, crash: { message, reason: `status ${status}` } };
    } catch (thrown) {
      const reason = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
      return { messages, statuses, crash: { message, reason } };
    }
  }
  return { messages, statuses, crash: undefined };
}
