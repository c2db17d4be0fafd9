/** A wallet host: people sign up and in here, and those who are not members take and pay. */
import { MINUTE } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import type { CoinStack } from '../protocol/documents.ts';
import type { HostContext } from './context.ts';
import { invoiceOf, payInvoiceWith } from './letters/invoices.ts';
import { coinsIn, look } from './letters/look.ts';
import { enrol, recover, signInByPassword } from './members/members.ts';
import type { Unlocked } from './members/members.ts';
import { Objection } from './objections.ts';
import { openMember } from './open-member.ts';
import type { OpenMember } from './open-member.ts';
import { completeHalf, signInByPasskey } from './members/passkeys.ts';
import type { HostParts } from './ports.ts';
import { Registry, errorOf } from './members/registry.ts';
import type {
  InvoiceView,
  LetterView,
  LookInput,
  OfferView,
  RecoverInput,
  SignInInput,
  SignUpInput,
} from './schemas.ts';
import { beginSession, isUnseen, keyOfSession, seenSession, shownSession } from './members/sessions.ts';
import type { MemberRow, SessionRow } from './state.ts';
import { Transits } from './letters/transits.ts';
import { Turns } from './turns.ts';

type Maybe<Result> = Promise<Result | Objection>;

/** Somebody who is signed in; or, of kind 'half', whose passkey is still missing. */
export type OpenSession =
  | { readonly row: SessionRow; readonly member: OpenMember }
  | { readonly row: SessionRow; readonly member: undefined; readonly who: MemberRow };

/** So often what expired is removed. */
const SWEEP_EVERY = MINUTE;

/**
 * `label` says by which browser or program somebody signs in. A session's secret is base64url of 32 random bytes. What cannot
 * be done is an Objection; a rejected promise means that a store failed, or a bug.
 */
export class Host {
  readonly #context: HostContext;
  readonly #registry: Registry<OpenMember>;
  #swept: Instant = 0;
  /** What the upkeep has begun and is at still, by what it is for. */
  readonly #running = new Map<string, Promise<void>>();

  private constructor(context: HostContext, registry: Registry<OpenMember>) {
    this.#context = context;
    this.#registry = registry;
  }

  static async open(parts: HostParts): Promise<Host> {
    const turns = new Turns();
    const registry = new Registry<OpenMember>({ clock: parts.clock, bug: parts.bug, turns });
    const openNow = (member: string): OpenMember | undefined => registry.peek(member);
    const forget = (member: string): Promise<void> => registry.forget(member);
    const transits = new Transits({ parts, openNow });
    return new Host({ parts, turns, transits, openNow, forget }, registry);
  }

  /** A new member, signed in, and the twelve words of the wallet. */
  async signUp(
    input: SignUpInput,
    label: string,
  ): Maybe<{ readonly secret: string; readonly phrase: string }> {
    const { parts, turns } = this.#context;
    const enrolled = await enrol(this.#context, input);
    if (enrolled instanceof Objection) return enrolled;
    const { row, key, phrase } = enrolled;
    const secret = await turns.run(row.id, () =>
      beginSession(parts, key, { member: row.id, kind: 'page', label }),
    );
    await this.#furnish(enrolled, input.phrase.trim() !== '');
    return { secret, phrase };
  }

  /**
   * The host's currencies for a new wallet, with the coins in them of a phrase that was brought along. One that cannot be
   * reached stops nobody: the member's upkeep adds what is missing.
   */
  async #furnish(enrolled: Unlocked, isBrought: boolean): Promise<void> {
    const member = await this.#opened(enrolled.row.id, enrolled.key);
    for (const url of this.#context.parts.currencies) {
      if (isBrought) await member?.restoreCurrency(url);
      else await member?.addCurrency({ url, acceptKeys: false });
    }
    if (member === undefined) return;
    // A whole log is read for words that were brought along: nobody waits for that.
    if (isBrought) this.#begin(`titles ${member.id}`, () => member.titles.furnish(true));
    else await member.titles.furnish(false);
  }

  /** `needsPasskey`: the session is half of one, until `completeHalf`. */
  signIn(
    input: SignInInput,
    label: string,
  ): Maybe<{ readonly secret: string; readonly needsPasskey: boolean }> {
    return signInByPassword(this.#context, input, label);
  }

  /** A new password, by name and twelve words. Ends all other sessions and tokens, and removes the passkeys. */
  recover(input: RecoverInput, label: string): Maybe<{ readonly secret: string }> {
    return recover(this.#context, input, label);
  }

  /** Ends a session; nothing happens where there is none. */
  async signOut(secret: string): Promise<void> {
    const { parts, turns } = this.#context;
    const shown = await shownSession(parts, secret);
    if (shown === undefined) return;
    await turns.run(shown.row.member, () => parts.store.removeSession(shown.row.hash));
  }

  /** Undefined for who is not signed in. Rejects when the member's wallet does not open: its file is damaged or held. */
  async session(secret: string): Promise<OpenSession | undefined> {
    const { parts, turns } = this.#context;
    const shown = await shownSession(parts, secret);
    if (shown === undefined) return undefined;
    const id = shown.row.member;
    if (shown.row.kind === 'half') {
      const who = await parts.store.member(id);
      return who === undefined ? undefined : { row: shown.row, member: undefined, who };
    }
    const row = isUnseen(parts, shown.row)
      ? await turns.run(id, () => seenSession(parts, shown.row))
      : shown.row;
    if (row === undefined) return undefined;
    const member = this.#registry.use(id) ?? (await this.#opened(id, keyOfSession(parts, shown)));
    return member === undefined ? undefined : { row, member };
  }

  /** Undefined when there is no such member any more. */
  #opened(id: string, key: Uint8Array): Promise<OpenMember | undefined> {
    return this.#registry.open(id, async () => {
      const row = await this.#context.parts.store.member(id);
      if (row === undefined) return undefined;
      const member = await openMember(this.#context, row, key);
      if (member instanceof Objection) {
        throw new Error(`a wallet does not open: ${member.name}, ${member.details}`);
      }
      return member;
    });
  }

  memberWithPasskey(credential: string): Promise<MemberRow | undefined> {
    return this.#context.parts.store.memberWith(credential);
  }

  /**
   * By a passkey whose signature the caller has verified, the person with it; `counter`: the authenticator's now; `prf`: the 32
   * bytes that the passkey gave for this host.
   */
  signInByPasskey(
    credential: string,
    counter: number,
    prf: Uint8Array,
    label: string,
  ): Maybe<{ readonly secret: string }> {
    return signInByPasskey(this.#context, { credential, counter }, prf, label);
  }

  /** Makes a whole session of half of one, by a passkey whose signature the caller has verified. */
  completeHalf(
    secret: string,
    credential: string,
    counter: number,
    label: string,
  ): Maybe<{ readonly secret: string }> {
    return completeHalf(this.#context, secret, { credential, counter }, label);
  }

  /** What a link, a text or a file holds, for somebody who is not signed in. */
  look(input: LookInput): Maybe<OfferView> {
    return look(this.#context, input.text);
  }

  /** The coins in a link or a text, to be saved as a file. */
  coinsIn(input: LookInput): Maybe<CoinStack> {
    return coinsIn(this.#context, input.text);
  }

  /** A request for money, for whoever has its link. */
  invoice(id: string): Maybe<InvoiceView> {
    return invoiceOf(this.#context, id, '');
  }

  /** Pays a request with coins of exactly its amount. */
  payInvoiceWith(id: string, text: string): Maybe<LetterView> {
    return payInvoiceWith(this.#context, id, text);
  }

  /**
   * To be called every few seconds. Begins what is due, and waits for no issuer: each member's upkeep, that of payments on
   * their way and the closing of idle wallets run by themselves, each once at a time.
   */
  async upkeep(): Promise<void> {
    const { parts, transits } = this.#context;
    this.#begin('offers', () => transits.offers.keepUp());
    for (const [currency, goOn] of transits.due()) this.#begin(`transits in ${currency}`, goOn);
    for (const entry of this.#registry.all())
      this.#begin(`member ${entry[0]}`, () => this.#keepUpMember(entry));
    for (const id of this.#registry.idle()) this.#begin(`idle ${id}`, () => this.#registry.closeIdle(id));
    const now = parts.clock();
    if (now - this.#swept < SWEEP_EVERY) return;
    await parts.store.removeExpired(now);
    this.#swept = now;
  }

  /** Waits for what the upkeep has begun. */
  async rested(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  /** Begins a job that nobody waits for, unless it runs still. Its failure is told. */
  #begin(name: string, job: () => Promise<void>): void {
    if (this.#running.has(name)) return;
    const running = job()
      .catch((error: unknown) => {
        this.#context.parts.bug(errorOf(error));
      })
      .finally(() => this.#running.delete(name));
    this.#running.set(name, running);
  }

  /** One member's failure is not another's: it is told, and the wallet opened afresh when it is wanted next. */
  async #keepUpMember([id, member]: readonly [string, OpenMember]): Promise<void> {
    if (this.#registry.peek(id) !== member) return;
    try {
      await member.upkeep();
    } catch (error) {
      this.#context.parts.bug(errorOf(error));
      await this.#registry.forget(id);
    }
  }

  /** Waits for what runs, closes every wallet, and then the store. */
  async close(): Promise<void> {
    const { parts, transits } = this.#context;
    await this.rested();
    try {
      await this.#registry.end();
      await transits.close();
    } finally {
      await parts.store.close();
    }
  }
}
