import type { HostStore } from '../../host/ports.ts';
import type {
  DropRow,
  InvoiceRow,
  LetterRow,
  MemberRow,
  SessionRow,
  TitleAddressRow,
} from '../../host/state.ts';

interface Tables {
  readonly members: Map<string, MemberRow>;
  readonly sessions: Map<string, SessionRow>;
  readonly letters: Map<string, LetterRow>;
  readonly drops: Map<string, DropRow>;
  readonly invoices: Map<string, InvoiceRow>;
  readonly addresses: Map<string, TitleAddressRow>;
}

/** A host's rows in memory, for tests and simulations: they outlive a host that closes, not the process. */
export function openMemoryHostStore(): HostStore {
  const tables: Tables = {
    members: new Map(),
    sessions: new Map(),
    letters: new Map(),
    drops: new Map(),
    invoices: new Map(),
    addresses: new Map(),
  };
  return {
    ...memberCalls(tables),
    ...sessionCalls(tables),
    ...letterCalls(tables),
    ...invoiceCalls(tables),
    ...titleAddressCalls(tables),
    close: () => Promise.resolve(),
  };
}

type MemberCalls = Pick<
  HostStore,
  'addMember' | 'putMember' | 'member' | 'memberNamed' | 'memberWith' | 'removeMember' | 'members'
>;

function memberCalls(tables: Tables): MemberCalls {
  const { members } = tables;
  const named = (handle: string) => [...members.values()].find((row) => row.handle === handle);
  return {
    addMember: async (row) => {
      if (named(row.handle) !== undefined) return false;
      if (members.has(row.id)) throw new Error('there is a member with this id');
      assertOwnCredentials(members, row);
      members.set(row.id, structuredClone(row));
      return true;
    },
    putMember: async (row) => {
      if (!members.has(row.id)) return;
      if ((named(row.handle)?.id ?? row.id) !== row.id) throw new Error('another member has this handle');
      assertOwnCredentials(members, row);
      members.set(row.id, structuredClone(row));
    },
    member: async (id) => structuredClone(members.get(id)),
    memberNamed: async (handle) => structuredClone(named(handle)),
    memberWith: async (credential) =>
      structuredClone([...members.values()].find((row) => hasCredential(row, credential))),
    removeMember: async (id) => {
      members.delete(id);
      for (const table of [tables.sessions, tables.letters, tables.invoices, tables.addresses])
        removeWhere<{ readonly member: string }>(table, ({ member }) => member === id);
    },
    members: async () => members.size,
  };
}

function assertOwnCredentials(members: ReadonlyMap<string, MemberRow>, { id, passkeys }: MemberRow): void {
  for (const { credential } of passkeys) {
    if ([...members.values()].some((row) => row.id !== id && hasCredential(row, credential)))
      throw new Error('another member has this passkey');
  }
}

function hasCredential({ passkeys }: MemberRow, credential: string): boolean {
  return passkeys.some((each) => each.credential === credential);
}

type SessionCalls = Pick<
  HostStore,
  'putSession' | 'session' | 'sessionsOf' | 'removeSession' | 'removeSessionsOf' | 'removeExpired'
>;

function sessionCalls({ members, sessions, drops }: Tables): SessionCalls {
  return {
    putSession: async (row) => {
      assertMember(members, row);
      sessions.set(row.hash, structuredClone(row));
    },
    session: async (hash) => structuredClone(sessions.get(hash)),
    sessionsOf: async (member) => copiesOf(sessions, (row) => row.member === member),
    removeSession: async (hash) => void sessions.delete(hash),
    removeSessionsOf: async (member, butHash) =>
      removeWhere(sessions, (row) => row.member === member && row.hash !== butHash),
    removeExpired: async (now) => {
      removeWhere(sessions, ({ expires }) => expires < now);
      removeWhere(drops, ({ expires }) => expires < now);
    },
  };
}

type LetterCalls = Pick<
  HostStore,
  'putLetter' | 'letter' | 'letters' | 'countLetters' | 'removeLetter' | 'putDrop' | 'drop' | 'removeDrop'
>;

function letterCalls({ members, letters, drops }: Tables): LetterCalls {
  const keyOf = (member: string, id: string) => `${member} ${id}`;
  return {
    putLetter: async (row) => {
      if (!members.has(row.member)) return false;
      letters.set(keyOf(row.member, row.id), structuredClone(row));
      return true;
    },
    letter: async (member, id) => structuredClone(letters.get(keyOf(member, id))),
    letters: async (member) =>
      copiesOf(letters, (row) => row.member === member).sort(
        (left, right) => left.time - right.time || (left.id < right.id ? -1 : 1),
      ),
    countLetters: async (member, folder) =>
      [...letters.values()].filter((row) => row.member === member && row.folder === folder).length,
    removeLetter: async (member, id) => void letters.delete(keyOf(member, id)),
    putDrop: async (row) => {
      drops.set(row.id, structuredClone(row));
    },
    drop: async (id) => structuredClone(drops.get(id)),
    removeDrop: async (id) => void drops.delete(id),
  };
}

type InvoiceCalls = Pick<HostStore, 'putInvoice' | 'invoice' | 'invoicesOf' | 'settleInvoice'>;

function invoiceCalls({ members, invoices }: Tables): InvoiceCalls {
  return {
    putInvoice: async (row) => {
      assertMember(members, row);
      invoices.set(row.id, structuredClone(row));
    },
    invoice: async (id) => structuredClone(invoices.get(id)),
    invoicesOf: async (member) =>
      copiesOf(invoices, (row) => row.member === member)
        .reverse()
        .sort((left, right) => right.created - left.created),
    settleInvoice: async (id, letter) => {
      const row = invoices.get(id);
      if (row === undefined || row.state === 'withdrawn') return false;
      if (row.state !== 'open' && row.letter !== letter) return false;
      invoices.set(id, { ...row, state: 'paid', letter });
      return true;
    },
  };
}

type TitleAddressCalls = Pick<
  HostStore,
  'putTitleAddress' | 'titleAddresses' | 'takeTitleAddress' | 'removeTitleAddress'
>;

function titleAddressCalls({ members, addresses }: Tables): TitleAddressCalls {
  const keyOf = (member: string, address: string) => `${member} ${address}`;
  return {
    putTitleAddress: async (row) => {
      assertMember(members, row);
      addresses.set(keyOf(row.member, row.address), structuredClone(row));
    },
    titleAddresses: async (member) => copiesOf(addresses, (row) => row.member === member),
    takeTitleAddress: async (member, server) => {
      const isOne = (row: TitleAddressRow) =>
        row.member === member && row.server === server && row.use === 'ready';
      const row = [...addresses.values()].find(isOne);
      if (row !== undefined) addresses.delete(keyOf(member, row.address));
      return row?.address;
    },
    removeTitleAddress: async (member, address) => void addresses.delete(keyOf(member, address)),
  };
}

/** As the database's foreign keys do: nothing is kept for somebody who is gone. */
function assertMember(members: ReadonlyMap<string, MemberRow>, { member }: { member: string }): void {
  if (!members.has(member)) throw new Error('there is no such member');
}

function copiesOf<Row>(table: ReadonlyMap<string, Row>, belongs: (row: Row) => boolean): Row[] {
  return [...table.values()].filter(belongs).map((row) => structuredClone(row));
}

function removeWhere<Row>(table: Map<string, Row>, goes: (row: Row) => boolean): void {
  for (const [key, row] of table) if (goes(row)) table.delete(key);
}
