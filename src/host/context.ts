import type { OpenMember } from './open-member.ts';
import type { HostParts } from './ports.ts';

/** What every part of a host works with. */
export interface HostContext {
  readonly parts: HostParts;
  /** The member's wallet, where it is open now; nothing is opened for it. */
  readonly openNow: (member: string) => OpenMember | undefined;
}
