/** The wallet's records in memory, as its store has them: changed only through `commit`, after the store has kept the change. */
import type { TitleName } from './facade.ts';
import type { StoredRecord, TitleWalletStore } from './ports.ts';
import type {
  IssuedTitles,
  KeptClass,
  KnownServer,
  ProvenTitle,
  Pseudonym,
  TitleOperation,
} from './state.ts';

interface Rows {
  readonly servers: KnownServer;
  readonly pseudonyms: Pseudonym;
  readonly classes: KeptClass;
  readonly proven: ProvenTitle;
  readonly issued: IssuedTitles;
  readonly operations: TitleOperation;
  readonly owner: Owner;
}

/** Whose wallet it is: says nothing of the secret. */
export interface Owner {
  readonly mark: string;
}

type Kind = keyof Rows;

/** What is kept at once: rows that are new or in place of others, and titles that are held no more. */
export type BookChange = { readonly [K in Kind]?: readonly Rows[K][] } & {
  readonly gone?: readonly TitleName[];
};

/** What each kind of record is told apart by; with the kind before it, the record's key. */
const IDENTITIES: { readonly [K in Kind]: (row: Rows[K]) => string } = {
  servers: ({ id }) => id,
  pseudonyms: ({ server, publicKey }) => `${server}/${publicKey}`,
  classes: ({ id }) => id,
  proven: nameOf,
  issued: ({ titleClass, first }) => `${titleClass}/${first}`,
  operations: ({ number }) => String(number),
  owner: () => 'one',
};
const KINDS = Object.keys(IDENTITIES) as Kind[];

/** A title's name as one text. */
export function nameOf({ titleClass, serial }: TitleName): string {
  return `${titleClass}/${serial}`;
}

type Tables = { readonly [K in Kind]: Map<string, Rows[K]> };

export class Book {
  readonly #store: TitleWalletStore;
  readonly #tables: Tables = {
    servers: new Map(),
    pseudonyms: new Map(),
    classes: new Map(),
    proven: new Map(),
    issued: new Map(),
    operations: new Map(),
    owner: new Map(),
  };
  readonly #leaving = new Map<string, number>();
  #lastOperation = 0;
  #isBroken = false;

  private constructor(store: TitleWalletStore) {
    this.#store = store;
  }

  /** Reads everything from a store. */
  static async open(store: TitleWalletStore): Promise<Book> {
    const book = new Book(store);
    for (const { key, json } of await store.load()) {
      const kind = key.slice(0, key.indexOf('/')) as Kind;
      if (!KINDS.includes(kind)) throw new Error('a wallet of titles has a record of no kind that is known');
      book.#apply({ [kind]: [JSON.parse(json)] });
    }
    return book;
  }

  get owner(): Owner | undefined {
    return this.#tables.owner.get('one');
  }

  get servers(): ReadonlyMap<string, KnownServer> {
    return this.#tables.servers;
  }

  get classes(): ReadonlyMap<string, KeptClass> {
    return this.#tables.classes;
  }

  get proven(): ReadonlyMap<string, ProvenTitle> {
    return this.#tables.proven;
  }

  get issued(): ReadonlyMap<string, IssuedTitles> {
    return this.#tables.issued;
  }

  get operations(): ReadonlyMap<number, TitleOperation> {
    return new Map([...this.#tables.operations.values()].map((each) => [each.number, each]));
  }

  get nextOperation(): number {
    return this.#lastOperation + 1;
  }

  operation(number: number): TitleOperation | undefined {
    return this.#tables.operations.get(String(number));
  }

  pending(): readonly TitleOperation[] {
    return [...this.#tables.operations.values()].filter(({ state }) => state === 'pending');
  }

  pseudonym(server: string, publicKey: string): Pseudonym | undefined {
    return this.#tables.pseudonyms.get(`${server}/${publicKey}`);
  }

  pseudonymsOf(server: string): readonly Pseudonym[] {
    return [...this.#tables.pseudonyms.values()].filter((each) => each.server === server);
  }

  /** Whether a pending operation brings this title. */
  isLeaving(title: TitleName): boolean {
    return this.#leaving.has(nameOf(title));
  }

  /** Keeps a change. When the store fails it is not known what it kept: nothing works then until it is opened again. */
  async commit(change: BookChange): Promise<void> {
    if (this.#isBroken) throw new Error('the store failed before; open the wallet again');
    this.#isBroken = true;
    await this.#store.commit({
      put: KINDS.flatMap((kind) => (change[kind] ?? []).map((row) => recordOf(kind, row as never))),
      remove: (change.gone ?? []).map((title) => `proven/${nameOf(title)}`),
    });
    this.#apply(change);
    this.#isBroken = false;
  }

  /** What is gone goes first, as in the store: a title that is put as well stays. */
  #apply(change: BookChange): void {
    for (const title of change.gone ?? []) this.#tables.proven.delete(nameOf(title));
    for (const kind of KINDS) {
      const table = this.#tables[kind] as Map<string, Rows[Kind]>;
      for (const row of change[kind] ?? []) table.set(identityOf(kind, row as never), row);
    }
    for (const operation of change.operations ?? []) this.#note(operation);
  }

  #note(operation: TitleOperation): void {
    this.#lastOperation = Math.max(this.#lastOperation, operation.number);
    if (operation.transfer === '') return;
    for (const serial of operation.serials) {
      const name = nameOf({ titleClass: operation.titleClass, serial });
      if (operation.state === 'pending') this.#leaving.set(name, operation.number);
      else if (this.#leaving.get(name) === operation.number) this.#leaving.delete(name);
    }
  }
}

function identityOf<K extends Kind>(kind: K, row: Rows[K]): string {
  return IDENTITIES[kind](row);
}

function recordOf<K extends Kind>(kind: K, row: Rows[K]): StoredRecord {
  return { key: `${kind}/${identityOf(kind, row)}`, json: JSON.stringify(row) };
}
