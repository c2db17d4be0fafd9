/** The wallet of titles: one façade over the operations beside it. A command line and a host use this same one. */
import { bytesToHex, hexToBytes } from '../../base/bytes.ts';
import { derive } from '../../base/derive.ts';
import { Queue } from '../../base/queue.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { writeAddress } from './address.ts';
import { Book } from './book.ts';
import { check } from './check.ts';
import { ClassShelf, rangeOf } from './classes.ts';
import type { WalletClass } from './classes.ts';
import type { Context } from './context.ts';
import type {
  Given,
  GiveWish,
  TitleClassView,
  TitleLookView,
  TitleName,
  TitleOperationView,
  TitleServerView,
  TitleView,
  TitleWallet,
  UnlistedTitles,
} from './facade.ts';
import { claim, fillPool, give, split } from './give.ts';
import { writeHandover } from './handover.ts';
import { allHeld, heldTitle, notShown, readProof } from './holdings.ts';
import { lookUp, unprovenIn } from './lookup.ts';
import { pay, poolOf } from './pay.ts';
import type { TitleWalletParts } from './ports.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { checkHandover, receive, resumeReceive } from './receive.ts';
import { restore } from './restore.ts';
import { revealedSecret } from './revealed.ts';
import { addServer, fetchClass, fetchClasses, serverOf } from './servers.ts';
import type { TitleOperation } from './state.ts';
import { run } from './transfer.ts';
import { classView, lookView, operationView, serverView, titleView } from './views.ts';

/** Pseudonyms of one address: so many titles go each to one of its own. */
const ADDRESS_PSEUDONYMS = 4;
const MARK_BYTES = 16;
/** Milliseconds for reading one log: whoever runs a server can make it as long as they like. */
const LOG_TIME = 300_000;

/**
 * Opens the wallet in a store, for the secret that its pseudonyms come from. What a crash left unfinished is kept until
 * `resumeAll`. Refuses 'unauthorised' a store that is another secret's. Rejects only when the store fails.
 */
export async function openTitleWallet(parts: TitleWalletParts): Promise<OpenTitleWallet | Refusal> {
  const book = await Book.open(parts.store);
  const mark = bytesToHex(derive(parts.secret, 'owner').subarray(0, MARK_BYTES));
  if (book.owner === undefined) await book.commit({ owner: [{ mark }] });
  else if (book.owner.mark !== mark)
    return refuse('unauthorised', 'these titles are of a wallet with another phrase');
  return new OpenTitleWallet(parts, book);
}

/** One wallet with titles of any number of servers. */
export class OpenTitleWallet implements TitleWallet {
  readonly #context: Context;
  readonly #parts: TitleWalletParts;
  readonly #queue = new Queue();

  constructor(parts: TitleWalletParts, book: Book) {
    this.#parts = parts;
    const { messenger, verify, clock, randomness, secret, signer } = parts;
    this.#context = {
      book,
      classes: new ClassShelf(book, verify),
      pseudonyms: new Pseudonyms(secret, signer, book),
      messenger,
      deaf: new Set(),
      crowded: new Set(),
      logTime: parts.logTime ?? LOG_TIME,
      verify,
      clock,
      randomness,
    };
  }

  add(url: string, { moves }: { readonly moves?: boolean } = {}): Promise<TitleServerView | Refusal> {
    return this.#queue.run(async () => {
      const server = await addServer(this.#context, url, moves);
      return server instanceof Refusal ? server : serverView(server);
    });
  }

  servers(): readonly TitleServerView[] {
    return [...this.#context.book.servers.values()].map(serverView);
  }

  classes(server: string): Promise<readonly TitleClassView[] | Refusal> {
    return this.#queue.run(async () => {
      const known = serverOf(this.#context, server);
      if (known instanceof Refusal) return known;
      const classes = await fetchClasses(this.#context, known);
      return classes instanceof Refusal ? classes : classes.map(classView);
    });
  }

  titles(): readonly TitleView[] {
    const views = new Map<WalletClass, TitleClassView>();
    return allHeld(this.#context).map((held) => {
      const view = views.get(held.known) ?? classView(held.known);
      views.set(held.known, view);
      return titleView(held, view);
    });
  }

  title(name: TitleName): TitleView | undefined {
    const held = heldTitle(this.#context, name);
    return held === undefined ? undefined : titleView(held, classView(held.known));
  }

  unlisted(): readonly UnlistedTitles[] {
    return notShown(this.#context).map(({ known, ...rest }) => ({ titleClass: classView(known), ...rest }));
  }

  operations(): readonly TitleOperationView[] {
    return [...this.#context.book.operations.values()]
      .sort((left, right) => right.number - left.number)
      .map((each) => operationView(this.#context, each));
  }

  address(server: string): Promise<string | Refusal> {
    return this.#queue.run(async () => {
      const known = serverOf(this.#context, server);
      if (known instanceof Refusal) return known;
      const { keys, change } = this.#context.pseudonyms.take(known, ADDRESS_PSEUDONYMS);
      await this.#context.book.commit(change);
      return writeAddress(server, keys);
    });
  }

  /** One fresh pseudonym of a server, kept before it is said: for the fallback of a condition. */
  pseudonym(server: string): Promise<string | Refusal> {
    return this.#queue.run(async () => {
      const known = serverOf(this.#context, server);
      if (known instanceof Refusal) return known;
      const { keys, change } = this.#context.pseudonyms.take(known, 1);
      await this.#context.book.commit(change);
      return bytesToHex(keys[0] ?? new Uint8Array());
    });
  }

  give(wish: GiveWish): Promise<Given | Refusal> {
    return this.#once(wish.reference ?? '', () => give(this.#context, wish));
  }

  pay(titleClass: string, amount: number, to: string, reference = ''): Promise<Given | Refusal> {
    return this.#once(reference, () => pay(this.#context, { titleClass, amount, to, reference }));
  }

  split(titles: readonly TitleName[], into: readonly number[]): Promise<TitleOperationView | Refusal> {
    return this.#operate(() => split(this.#context, titles, into));
  }

  /** Gives titles to the pool of their class: whoever has titles of it can change them for these. */
  fillPool(titles: readonly TitleName[]): Promise<TitleOperationView | Refusal> {
    return this.#operate(() => fillPool(this.#context, titles));
  }

  claim(title: TitleName, secret: string | undefined): Promise<TitleOperationView | Refusal> {
    return this.#operate(() => claim(this.#context, title, secret));
  }

  receive(handover: string): Promise<readonly TitleView[] | Refusal> {
    return this.#queue.run(async () => {
      const names = await receive(this.#context, handover);
      if (names instanceof Refusal) return names;
      return this.titles().filter(({ titleClass, serial }) =>
        names.some((name) => name.titleClass === titleClass.id && name.serial === serial),
      );
    });
  }

  handover(operation: number): string | Refusal {
    const found = this.#context.book.operation(operation);
    if (found === undefined)
      return refuse('unknown', `the operation ${operation}: this wallet has none of that number`);
    return handoverOf(this.#context, found);
  }

  look(name: TitleName): Promise<TitleLookView | Refusal> {
    return this.#queue.run(async () => {
      const looked = await this.#lookUp(name);
      return looked instanceof Refusal ? looked : lookView(this.#context, looked.known, looked.found, true);
    });
  }

  /** The secret that the last transfer of a title carried, as the log shows it; undefined where it carried none. */
  revealed(name: TitleName): Promise<string | undefined | Refusal> {
    return this.#queue.run(async () => {
      const looked = await this.#lookUp(name);
      return looked instanceof Refusal ? looked : revealedSecret(this.#context, looked.server, looked.found);
    });
  }

  async #lookUp({ titleClass, serial }: TitleName) {
    const known = await this.#current(titleClass, serial);
    if (known instanceof Refusal) return known;
    const server = serverOf(this.#context, known.server);
    if (server instanceof Refusal) return server;
    const found = await lookUp(this.#context, server, known, serial);
    if (found instanceof Refusal) return found;
    return unprovenIn(found) ?? { known, server, found };
  }

  inspect(handover: string): Promise<readonly TitleLookView[] | Refusal> {
    return this.#queue.run(async () => {
      const checked = await checkHandover(this.#context, handover);
      if (checked instanceof Refusal) return checked;
      const views: TitleLookView[] = [];
      for (const { server, known, proof } of checked) {
        const { holding } = proof;
        const now = await lookUp(this.#context, server, known, holding.serial);
        if (now instanceof Refusal) return now;
        views.push(lookView(this.#context, known, holding, now.sequence === holding.sequence));
      }
      return views;
    });
  }

  /** What the pool of a class holds, by denomination. */
  pool(titleClass: string): Promise<ReadonlyMap<number, number> | Refusal> {
    return this.#queue.run(async () => {
      const known = await this.#current(titleClass, undefined);
      if (known instanceof Refusal) return known;
      const server = serverOf(this.#context, known.server);
      return server instanceof Refusal ? server : poolOf(this.#context, server, known);
    });
  }

  check(): Promise<readonly string[] | Refusal> {
    return this.#queue.run(async () => {
      await this.#resume();
      return check(this.#context);
    });
  }

  /** Finds what this wallet's secret holds at a server, in its log: for a wallet that was lost. May be repeated. */
  restore(url: string): Promise<TitleServerView | Refusal> {
    return this.#queue.run(async () => {
      const server = await restore(this.#context, url);
      return server instanceof Refusal ? server : serverView(server);
    });
  }

  resumeAll(): Promise<void> {
    return this.#queue.run(() => this.#resume());
  }

  async close(): Promise<void> {
    try {
      await this.#queue.end();
    } finally {
      await this.#parts.store.close();
    }
  }

  async #resume(): Promise<void> {
    for (const operation of this.#context.book.pending())
      await (operation.kind === 'receive' ? resumeReceive : run)(this.#context, operation);
  }

  #operate(work: () => Promise<TitleOperation | Refusal>): Promise<TitleOperationView | Refusal> {
    return this.#queue.run(async () => {
      const operation = await work();
      return operation instanceof Refusal ? operation : operationView(this.#context, operation);
    });
  }

  /** What has a reference is done once: asked for again, it is taken up where it is. */
  #once(reference: string, work: () => Promise<TitleOperation | Refusal>): Promise<Given | Refusal> {
    return this.#queue.run(async () => {
      const before = [...this.#context.book.operations.values()].findLast(
        (each) => reference !== '' && each.reference === reference,
      );
      const operation = before === undefined ? await work() : await this.#again(before);
      return operation instanceof Refusal ? operation : this.#given(operation);
    });
  }

  async #again(operation: TitleOperation): Promise<TitleOperation | Refusal> {
    if (operation.state === 'pending') return run(this.#context, operation);
    return operation.refusal === undefined ? operation : refuse(operation.refusal, operation.reason);
  }

  #given(operation: TitleOperation): Given {
    const handover = handoverOf(this.#context, operation);
    return {
      operation: operationView(this.#context, operation),
      handover: handover instanceof Refusal ? '' : handover,
    };
  }

  /** A class of a server that is known, in a version that has this title where one is named. */
  async #current(id: string, serial: number | undefined): Promise<WalletClass | Refusal> {
    const has = (known: WalletClass | undefined): known is WalletClass =>
      known !== undefined && (serial === undefined || rangeOf(known, serial) !== undefined);
    const known = this.#context.classes.get(id);
    if (has(known)) return known;
    let refused: Refusal | undefined;
    for (const server of this.#context.book.servers.values()) {
      const found = await fetchClass(this.#context, server, id);
      if (found instanceof Refusal) refused ??= found.name === 'unknown' ? undefined : found;
      else if (has(found)) return found;
    }
    return (
      refused ??
      refuse('unknown', `the class ${id}, or a title of it: no server that this wallet knows has it`)
    );
  }
}

/** What the new holders take; refuses 'not possible' where nobody got anything, or not yet. */
function handoverOf({ book }: Context, { server: id, state, proofs }: TitleOperation): string | Refusal {
  const server = book.servers.get(id);
  if (state !== 'done' || server === undefined)
    return refuse('not possible', 'nothing is handed over before the transfer is made');
  if (proofs.length === 0) return refuse('not possible', 'nothing was handed over by this');
  return writeHandover({ server: hexToBytes(id), url: server.url, proofs: proofs.map(readProof) });
}
