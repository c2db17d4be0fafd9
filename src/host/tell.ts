import type { OpenMember } from './open-member.ts';
import type { HostParts } from './ports.ts';
import { errorOf } from './members/registry.ts';

export interface Teller {
  readonly parts: Pick<HostParts, 'bug'>;
  readonly openNow: (member: string) => OpenMember | undefined;
}

/**
 * Tells a member, where their wallet is open, that others have changed one of their letters. Not waited for: two members
 * who pay each other would wait for one another.
 */
export function tell({ parts, openNow }: Teller, member: string, letter: string): void {
  const told = openNow(member)?.letterChanged(letter);
  told?.catch((error: unknown) => {
    parts.bug(errorOf(error));
  });
}
