import type { Clock, Randomness } from '../../base/ports.ts';
import type { Host } from '../../host/host.ts';
import type { Handover, Secrets } from '../../host/ports.ts';
import type { Assets } from './assets.ts';
import type { Attempts } from './attempts.ts';
import type { Challenges } from './challenges.ts';
import type { Answer } from './answers.ts';
import type { Once } from './once.ts';
import type { Streams } from './streams.ts';

/** What every route works with. */
export interface Site {
  readonly host: Host;
  /** The host's own address; its path is `/`. */
  readonly url: URL;
  /** Whether it is reached by HTTPS, as its address says. */
  readonly isSecure: boolean;
  /** Whether mails go to a mail server; else they lie in a folder. */
  readonly hasMailServer: boolean;
  /** Whether a proxy stands before it, which says for whom it asks. */
  readonly behindProxy: boolean;
  readonly assets: Assets;
  readonly attempts: Attempts;
  readonly challenges: Challenges;
  readonly once: Once<Answer>;
  /** The same for what programs ask for. */
  readonly calls: Once<unknown>;
  readonly streams: Streams;
  readonly handover: Handover;
  readonly secrets: Pick<Secrets, 'subkey' | 'hash'>;
  readonly clock: Clock;
  /** Told of what is nobody's fault but the program's. */
  readonly bug: (error: Error) => void;
  readonly randomness: Randomness;
}
