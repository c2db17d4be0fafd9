import { Refusal } from '../base/refusal.ts';
import type { CoinStack } from '../protocol/documents.ts';
import { newPhrase } from '../wallet/phrase.ts';
import type { Wallet } from '../wallet/wallet.ts';
import { Issuers } from './issuers.ts';
import { writeLetter } from './letter-record.ts';
import type { LetterRecord } from './letter-record.ts';
import { HOST_LIMITS, HOST_TIMES } from './limits.ts';
import { object, passOn } from './objections.ts';
import type { Objection } from './objections.ts';
import type { OpenMember } from './open-member.ts';
import type { HostParts } from './ports.ts';
import { errorOf } from './registry.ts';
import type { MemberRow } from './state.ts';
import { tell } from './tell.ts';
import { carry, isInvolved, openTransit } from './transit.ts';

/** What transits need of their host. */
export interface TransitHost {
  readonly parts: HostParts;
  readonly openNow: (member: string) => OpenMember | undefined;
}

/** A letter for a member's inbox, and who is told what became of it. */
export interface Delivery {
  readonly to: MemberRow;
  /** With its stack; it is given its transit here. */
  readonly letter: LetterRecord;
  /** The id of the member who sends; empty: somebody who has no wallet here. */
  readonly sender: string;
}

/** arriving: it is in the inbox, and its coins are on their way; arrived: nobody can take them back any more. */
export type Delivered = 'arriving' | 'arrived';

interface Parcel extends Delivery {
  readonly stack: CoinStack;
  /** Whether the letter is in the inbox durably. */
  isKept: boolean;
  wallet: Wallet | undefined;
  running: Promise<Delivered | Objection> | undefined;
  tried: number;
}

/** The payments on their way to members: one for each host. Whoever delivers a letter twice delivers it once. */
export class Transits {
  /** What the host knows of currencies. */
  readonly issuers: Issuers;
  readonly #host: TransitHost;
  readonly #parcels = new Map<string, Parcel>();
  readonly #invoices = new Set<string>();

  constructor(host: TransitHost) {
    this.#host = host;
    this.issuers = new Issuers(host.parts);
  }

  /** Whether this host is at a letter's coins itself: then nobody else may touch the letter. */
  isAt(member: string, letter: string): boolean {
    return this.#parcels.has(nameOf(member, letter));
  }

  /** Whether anything is on its way to a member. */
  isAtAny(member: string): boolean {
    return [...this.#parcels.values()].some(({ to }) => to.id === member);
  }

  /** Holds an invoice, so that nobody else pays or withdraws it meanwhile; false when somebody has it. */
  hold(invoice: string): boolean {
    if (this.#invoices.has(invoice)) return false;
    this.#invoices.add(invoice);
    return true;
  }

  release(invoice: string): void {
    this.#invoices.delete(invoice);
  }

  /** Whether a payment of this invoice is on its way. */
  isPaying(invoice: string): boolean {
    return [...this.#parcels.values()].some(({ letter }) => letter.invoice === invoice);
  }

  /** 'full' where a member can be given no more letters. */
  async roomFor(member: string): Promise<Objection | undefined> {
    const count = await this.#host.parts.store.countLetters(member);
    return count < HOST_LIMITS.letters ? undefined : object('full', 'the inbox of whom this is for');
  }

  /**
   * Delivers a letter. An objection means that it is not in the inbox, and that its coins are as they were. A letter that
   * is there already is left alone.
   */
  async deliver(delivery: Delivery): Promise<Delivered | Objection> {
    const { to, letter } = delivery;
    const known = this.#parcels.get(nameOf(to.id, letter.id));
    if (known !== undefined) return this.#run(known);
    const { stack } = letter;
    if (stack === null) throw new Error('a letter that is delivered has coins');
    const transit = newPhrase(this.#host.parts.randomness);
    const parcel: Parcel = {
      ...delivery,
      ...{ letter: { ...letter, transit, state: 'arriving' }, stack },
      ...{ isKept: false, wallet: undefined, running: undefined, tried: 0 },
    };
    this.#parcels.set(nameOf(to.id, letter.id), parcel);
    return this.#run(parcel);
  }

  /** Takes up what could not go on. Where an issuer does not answer, its other letters wait until the next time. */
  async upkeep(): Promise<void> {
    const due = this.#host.parts.clock() - HOST_TIMES.upkeep;
    const waiting = [...this.#parcels.values()].filter(
      ({ running, tried }) => running === undefined && tried <= due,
    );
    const byCurrency = [...Map.groupBy(waiting, ({ letter }) => letter.currency).values()];
    await Promise.all(
      byCurrency.map(async (parcels) => {
        for (const parcel of parcels) if (!(await this.#goesOn(parcel))) return;
      }),
    );
  }

  /** Whether the next of the same currency may be tried. One that fails stays, and stops nobody else. */
  async #goesOn(parcel: Parcel): Promise<boolean> {
    try {
      if ((await this.#run(parcel)) === 'arriving') return false;
      tell(this.#host, parcel.sender, parcel.letter.id);
    } catch (error) {
      this.#host.parts.bug(errorOf(error));
    }
    return true;
  }

  /** Waits for what is running. What is still on its way is taken up by whom it is for. */
  async close(): Promise<void> {
    const running = [...this.#parcels.values()].map((parcel) => parcel.running ?? Promise.resolve());
    await Promise.allSettled(running);
  }

  #run(parcel: Parcel): Promise<Delivered | Objection> {
    parcel.running ??= this.#attempt(parcel).finally(() => {
      parcel.running = undefined;
    });
    return parcel.running;
  }

  async #attempt(parcel: Parcel): Promise<Delivered | Objection> {
    const { parts } = this.#host;
    parcel.tried = parts.clock();
    if (!parcel.isKept) {
      const there = await this.#keep(parcel);
      if (there !== undefined) return there;
    }
    const fresh = await this.#carry(parcel);
    if (fresh instanceof Refusal) return this.#refused(parcel, fresh);
    await this.#putLetter(parcel, { ...parcel.letter, stack: fresh, transit: '', state: 'arrived' });
    const { invoice, id } = parcel.letter;
    if (invoice !== '') await parts.store.settleInvoice(invoice, id);
    this.#end(parcel);
    return 'arrived';
  }

  /** Puts the letter into the inbox before its coins move; gives what there is to say where it was there before. */
  async #keep(parcel: Parcel): Promise<Delivered | Objection | undefined> {
    const { to, letter, stack } = parcel;
    const { parts } = this.#host;
    if ((await parts.store.letter(to.id, letter.id)) !== undefined) {
      this.#parcels.delete(nameOf(to.id, letter.id));
      const isSpent = await this.issuers.isSpent(letter.currency, letter.location, stack);
      return isSpent === true ? 'arrived' : 'arriving';
    }
    const full = await this.roomFor(to.id);
    if (full !== undefined) {
      this.#parcels.delete(nameOf(to.id, letter.id));
      return full;
    }
    await this.#putLetter(parcel, letter);
    parcel.isKept = true;
    return undefined;
  }

  async #carry(parcel: Parcel): Promise<CoinStack | Refusal> {
    const opened = parcel.wallet ?? (await openTransit(this.#host.parts, this.issuers, parcel.letter));
    if (opened instanceof Refusal) return opened;
    parcel.wallet = opened;
    return carry(opened, parcel.stack);
  }

  /** For good, the letter goes again, unless the coins may be in the transit's wallet already. */
  async #refused(parcel: Parcel, refusal: Refusal): Promise<Delivered | Objection> {
    const { to, letter, wallet } = parcel;
    if (refusal.temporary || (wallet !== undefined && isInvolved(wallet))) return 'arriving';
    await this.#host.parts.store.removeLetter(to.id, letter.id);
    this.#end(parcel);
    return passOn(refusal);
  }

  async #putLetter({ to }: Parcel, letter: LetterRecord): Promise<void> {
    const { store, secrets } = this.#host.parts;
    const sealed = await secrets.sealTo(to.recipient, writeLetter(to.id, letter));
    const { id, folder, time } = letter;
    await store.putLetter({ id, member: to.id, folder, time, sealedTo: 'recipient', sealed });
  }

  /** The letter is its member's from now on. */
  #end({ to, letter }: Parcel): void {
    this.#parcels.delete(nameOf(to.id, letter.id));
    tell(this.#host, to.id, letter.id);
  }
}

function nameOf(member: string, letter: string): string {
  return `${member} ${letter}`;
}
