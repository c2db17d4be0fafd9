import type { OpenMember } from './open-member.ts';
import type { HostParts } from './ports.ts';
import type { Transits } from './letters/transits.ts';
import type { Turns } from './turns.ts';

/** What every part of a host works with. */
export interface HostContext {
  readonly parts: HostParts;
  /** By a member's id: what changes the member's row or sessions, or opens and closes the wallet, is done one after the other. */
  readonly turns: Turns;
  /** Payments on their way to members: `new Transits({ parts, openNow })`; the host calls its `upkeep` and `close`. */
  readonly transits: Transits;
  /** The member's wallet, where it is open now; nothing is opened for it. */
  readonly openNow: (member: string) => OpenMember | undefined;
  /** Closes the member's wallet, where it is open, and forgets its key. Takes the member's turn. */
  readonly forget: (member: string) => Promise<void>;
}
