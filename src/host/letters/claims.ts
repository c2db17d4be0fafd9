/** Which letter may pay a request: one, whatever happens in between. */
import type { HostStore } from '../ports.ts';
import type { InvoiceRow } from '../state.ts';
import { Turns } from '../turns.ts';

/**
 * An invoice is claimed durably by the letter that pays it before that letter is in the inbox. A claim whose letter is
 * nowhere, because a program ended in between, is none: whoever comes next has it, and the letter has to claim again.
 */
export class Claims {
  readonly #store: HostStore;
  readonly #isComing: (member: string, letter: string) => boolean;
  readonly #held = new Set<string>();
  readonly #turns = new Turns();

  /** `isComing`: whether a letter is on its way to a member's inbox. */
  constructor(store: HostStore, isComing: (member: string, letter: string) => boolean) {
    this.#store = store;
    this.#isComing = isComing;
  }

  /** Holds an invoice in memory, so that nobody else begins to pay or withdraws it; false when somebody has it. */
  hold(invoice: string): boolean {
    if (this.#held.has(invoice)) return false;
    this.#held.add(invoice);
    return true;
  }

  release(invoice: string): void {
    this.#held.delete(invoice);
  }

  /** Whether this letter may pay the invoice. */
  async isFree({ state, member, letter: payer }: InvoiceRow, letter: string): Promise<boolean> {
    if (state !== 'paying' || payer === letter) return state === 'open' || state === 'paying';
    return !this.#isComing(member, payer) && (await this.#store.letter(member, payer)) === undefined;
  }

  /** Claims the invoice for a letter, and puts that into the inbox; undefined when another has it, or it is not open. */
  claim<Result>(invoice: string, letter: string, put: () => Promise<Result>): Promise<Result | undefined> {
    return this.#turns.run(invoice, async () => {
      const row = await this.#store.invoice(invoice);
      if (row === undefined || !(await this.isFree(row, letter))) return undefined;
      if (row.letter !== letter) await this.#store.putInvoice({ ...row, state: 'paying', letter });
      return put();
    });
  }

  /** The letter has arrived. */
  async settle(invoice: string, letter: string): Promise<void> {
    await this.#turns.run(invoice, () => this.#store.settleInvoice(invoice, letter));
  }

  /** The letter will not come: the invoice is open again, where it was this letter's. */
  async giveUp(invoice: string, letter: string): Promise<void> {
    await this.#turns.run(invoice, async () => {
      const row = await this.#store.invoice(invoice);
      if (row?.state !== 'paying' || row.letter !== letter) return;
      await this.#store.putInvoice({ ...row, state: 'open', letter: '' });
    });
  }

  /** The invoice withdrawn; undefined when it was paid, is being paid or was withdrawn. */
  withdraw(invoice: string): Promise<InvoiceRow | undefined> {
    return this.#turns.run(invoice, async () => {
      const row = await this.#store.invoice(invoice);
      if (row === undefined || !(await this.isFree(row, ''))) return undefined;
      const withdrawn: InvoiceRow = { ...row, state: 'withdrawn', letter: '' };
      await this.#store.putInvoice(withdrawn);
      return withdrawn;
    });
  }
}
