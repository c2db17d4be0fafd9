/** What an operator's commands work with: so that they can be tested without a terminal or a network. */
import type { Instant } from '../../../base/dates.ts';
import type { Refusal } from '../../../base/refusal.ts';
import type { Way } from '../../audit/ask.ts';
import type { Arguments } from '../arguments.ts';

export interface Desk {
  readonly wayTo: (url: string) => Way | Refusal;
  readonly clock: () => Instant;
  readonly say: (line: string) => void;
  /** Asks for a passphrase, twice where it is a new one. */
  readonly passphrase: (question: string, isNew: boolean) => Promise<string | Refusal>;
  /** Whether the person says yes; a refusal where there is no person. */
  readonly confirm: (question: string) => Promise<boolean | Refusal>;
}

/** A refusal, or how the command is used. */
export interface Misuse {
  readonly usage: string;
  readonly wrong: string;
}

export interface OperatorCommand {
  readonly usage: string;
  readonly run: (given: Arguments, desk: Desk) => Promise<Refusal | Misuse | undefined>;
}
