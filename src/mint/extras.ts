/** What only the program around a mint can do: files, other currencies, other issuers. */
import type { Refusal } from '../base/refusal.ts';
import type { Founding } from '../protocol/governance.ts';
import type { Charter } from './charter/charter.ts';
import type { MintStore } from './ports.ts';
import type { ReservePurse } from './reserve.ts';

export interface MintExtras {
  /** Writes a sealed copy of the books for the operators' recipients. */
  backup(store: MintStore, charter: Charter): Promise<{ readonly sha256: string } | Refusal>;
  /** Makes another currency in this box; it opens once its founding stands in the journal that ordered it. */
  foundSibling(founding: Founding): Promise<string | Refusal>;
  /** Opens the currencies whose founding stands in a journal. */
  openSiblings(): Promise<void>;
  readonly reserve: ReservePurse;
}
