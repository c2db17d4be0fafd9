import type { HostParts } from './ports.ts';
import type { OpenMember } from './open-member.ts';

/** What a transit needs of its host. */
export interface TransitHost {
  readonly parts: HostParts;
  readonly openNow: (member: string) => OpenMember | undefined;
}

/** Payments on their way to members: one for each host. */
export class Transits {
  readonly #host: TransitHost;

  constructor(host: TransitHost) {
    this.#host = host;
  }

  /** Takes up what could not go on; called with the host's upkeep. */
  upkeep(): Promise<void> {
    return this.#host.parts.store.members().then(() => undefined);
  }

  /** Waits for what is running. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
