import { Refusal } from '../../base/refusal.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import { newPhrase } from '../../wallet/phrase.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { Claims } from './claims.ts';
import { Issuers } from '../money/issuers.ts';
import { Offers } from '../money/offers.ts';
import { rowTime, writeLetter } from '../letter-record.ts';
import type { LetterRecord } from '../letter-record.ts';
import { HOST_LIMITS, HOST_TIMES } from '../limits.ts';
import type { Objection } from '../objections.ts';
import { object, passOn } from '../objections.ts';
import type { OpenMember } from '../open-member.ts';
import type { HostParts } from '../ports.ts';
import { Quota } from './quota.ts';
import { errorOf } from '../members/registry.ts';
import type { MemberRow } from '../state.ts';
import { tell } from '../tell.ts';
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
  /** The member who sends, and the letter in their own folder; null: somebody who has no wallet here. */
  readonly sender: { readonly member: string; readonly letter: string } | null;
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
  /** What it may offer of currencies that wallets do not know. */
  readonly offers: Offers;
  /** Which letter may pay which invoice. */
  readonly claims: Claims;
  readonly #quota: Quota;
  readonly #host: TransitHost;
  readonly #parcels = new Map<string, Parcel>();
  /** Members who close their account, to whom nothing is brought any more. */
  readonly #closing = new Set<string>();

  constructor(host: TransitHost) {
    this.#host = host;
    this.offers = new Offers(host.parts);
    this.issuers = new Issuers(host.parts, this.offers);
    this.claims = new Claims(host.parts.store, (member, letter) => this.isAt(member, letter));
    this.#quota = new Quota(host.parts.store);
  }

  /** Whether this host is at a letter's coins itself: then nobody else may touch the letter. */
  isAt(member: string, letter: string): boolean {
    return this.#parcels.has(nameOf(member, letter));
  }

  /** Whether anything is on its way to a member. */
  isAtAny(member: string): boolean {
    return [...this.#parcels.values()].some(({ to }) => to.id === member);
  }

  /**
   * Brings nothing to a member any more while `job` runs, who may be gone after it. Objects 'busy' where something is on its
   * way to them already.
   */
  async closing(member: string, job: () => Promise<Objection | undefined>): Promise<Objection | undefined> {
    if (this.isAtAny(member) || this.#closing.has(member)) {
      return object('busy', 'a payment is on its way to you');
    }
    this.#closing.add(member);
    try {
      return await job();
    } finally {
      this.#closing.delete(member);
    }
  }

  /** A letter of another kind was brought: it counts for `roomFor`. */
  brought(sender: string, to: string, letter: string, bytes: number): void {
    this.#quota.count(sender, to, letter, bytes);
  }

  /** Whether a member closes their account at this moment. */
  isClosing(member: string): boolean {
    return this.#closing.has(member);
  }

  /** A member does not want a letter that is on its way: it is not brought any further. */
  abandon(member: string, letter: string): void {
    this.#parcels.delete(nameOf(member, letter));
  }

  /** 'full' where a member can be given no more letters, or none by this sender; empty: somebody who is not signed in. */
  async roomFor(member: string, sender: string): Promise<Objection | undefined> {
    if (sender !== '' && !(await this.#quota.hasRoom(sender, member))) {
      return object('full', 'whom this is for has not opened what you sent before');
    }
    const count = await this.#host.parts.store.countLetters(member, 'inbox');
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
    if (this.#closing.has(to.id)) return object('no such member');
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

  /**
   * What could not go on and is due again, by currency: a job for each, of which only one may run at a time. Where an issuer
   * does not answer, its other letters wait until the next time.
   */
  due(): readonly (readonly [currency: string, goOn: () => Promise<void>])[] {
    const due = this.#host.parts.clock() - HOST_TIMES.upkeep;
    const waiting = [...this.#parcels.values()].filter(
      ({ running, tried }) => running === undefined && tried <= due,
    );
    return [...Map.groupBy(waiting, ({ letter }) => letter.currency)].map(([currency, parcels]) => [
      currency,
      async () => {
        for (const parcel of parcels) if (!(await this.#goesOn(parcel))) return;
      },
    ]);
  }

  /** Whether the next of the same currency may be tried. One that fails stays, and stops nobody else. */
  async #goesOn(parcel: Parcel): Promise<boolean> {
    if (!this.#isWanted(parcel)) return true;
    try {
      if ((await this.#run(parcel)) === 'arriving') return false;
      const { sender } = parcel;
      if (sender !== null) tell(this.#host, sender.member, sender.letter);
    } catch (error) {
      this.#host.parts.bug(errorOf(error));
    }
    return true;
  }

  #isWanted(parcel: Parcel): boolean {
    return this.#parcels.get(nameOf(parcel.to.id, parcel.letter.id)) === parcel;
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
    if (!this.#isWanted(parcel)) return 'arriving';
    if (fresh instanceof Refusal) return this.#refused(parcel, fresh);
    const isThere = await this.#putLetter(parcel, {
      ...parcel.letter,
      ...{ stack: fresh, transit: '', state: 'arrived' },
    });
    if (!isThere) throw new Error('a member to whom something is on its way is gone');
    const { invoice, id } = parcel.letter;
    if (invoice !== '') await this.claims.settle(invoice, id);
    this.#end(parcel);
    return 'arrived';
  }

  /** Puts the letter into the inbox before its coins move; gives what there is to say where it does not go in. */
  async #keep(parcel: Parcel): Promise<Delivered | Objection | undefined> {
    const { to, letter, stack } = parcel;
    if ((await this.#host.parts.store.letter(to.id, letter.id)) !== undefined) {
      this.#parcels.delete(nameOf(to.id, letter.id));
      const isSpent = await this.issuers.isSpent(letter.currency, letter.location, stack);
      return isSpent === true ? 'arrived' : 'arriving';
    }
    const objection =
      (await this.roomFor(to.id, parcel.sender?.member ?? '')) ?? (await this.#putFirst(parcel));
    if (objection === undefined) parcel.isKept = true;
    else this.#parcels.delete(nameOf(to.id, letter.id));
    return objection;
  }

  /** The letter for the first time, with the invoice that it pays. */
  async #putFirst(parcel: Parcel): Promise<Objection | undefined> {
    const { letter, to, sender } = parcel;
    const put = () => this.#putLetter(parcel, letter);
    const isThere = await (letter.invoice === '' ? put() : this.claims.claim(letter.invoice, letter.id, put));
    if (isThere !== true) return object(isThere === undefined ? 'not open' : 'no such member');
    const bytes = JSON.stringify(letter.stack).length;
    if (sender !== null) this.#quota.count(sender.member, to.id, letter.id, bytes);
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
    if (letter.invoice !== '') await this.claims.giveUp(letter.invoice, letter.id);
    this.#end(parcel);
    return passOn(refusal);
  }

  async #putLetter({ to }: Parcel, letter: LetterRecord): Promise<boolean> {
    const { store, secrets } = this.#host.parts;
    const sealed = await secrets.sealTo(to.recipient, writeLetter(to.id, letter));
    const { id, folder, time } = letter;
    const row = { id, member: to.id, folder, time: rowTime(time), sealedTo: 'recipient', sealed } as const;
    return store.putLetter(row);
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
