/** What is asked of a title server and what it answers, by type; `kind` is its byte. spec/title.md. */
import {
  Digest,
  Destination,
  Group,
  Key,
  Receipt,
  SignedRoot,
  SignedTransfer,
  TitleClassCertificate,
  TitleProof,
} from './documents.ts';
import { integer, list, optional, record, text, uint32, upTo } from './form.ts';
import type { Formed } from './form.ts';
import { TITLE_LIMITS } from './limits.ts';

const TitleName = { title_class: Digest, serial: uint32(1) };

export const TITLE_REQUESTS = {
  /** Who is there, and how much of what. */
  'request title server': { kind: 1, form: record({}) },
  /** The latest versions of classes, in the order in which they came; `from` counts from 0. */
  'request title classes': { kind: 2, form: record({ from: uint32() }) },
  /** A class or a new version of it, to be known from now on. The same one again is answered again. */
  'request title class': { kind: 3, form: record({ certificate: TitleClassCertificate }) },
  'request title transfer': { kind: 4, form: SignedTransfer },
  /** Who holds a title. */
  'request title': { kind: 5, form: record(TitleName) },
  /** What the pool of a class holds. */
  'request title pool': { kind: 6, form: record({ title_class: Digest }) },
  /** The signed root, with some of the pages under it: pages count from 0. */
  'request title root': { kind: 7, form: record({ pages: list(uint32(), 0, TITLE_LIMITS.pagesAtOnce) }) },
  /** The log from a group on. */
  'request title groups': { kind: 8, form: record({ from: integer(1) }) },
} as const;

export const TITLE_RESPONSES = {
  'response title server': {
    kind: 129,
    form: record({
      server: Key,
      time: integer(),
      classes: uint32(),
      titles: uint32(),
      groups: integer(),
      /** How many titles it would know at most. */
      most_titles: uint32(),
      /** Where it takes datagrams, on the host of its URL; missing where it takes none. */
      udp_port: optional(uint32(1)),
    }),
  },
  'response title classes': {
    kind: 130,
    form: record({ certificates: list(TitleClassCertificate, 0, TITLE_LIMITS.classesPage) }),
  },
  'response title class': { kind: 131, form: record({ title_class: Digest, group: integer(1) }) },
  'response title transfer': { kind: 132, form: Receipt },
  'response title': {
    kind: 133,
    form: record({
      denomination: integer(1),
      sequence: uint32(),
      to: Destination,
      /** Missing while the sequence is 0: the class says whose it is. */
      proof: optional(TitleProof),
    }),
  },
  'response title pool': {
    kind: 134,
    form: record({
      stock: list(record({ denomination: integer(1), count: uint32() }), 0, TITLE_LIMITS.denominations),
    }),
  },
  'response title root': {
    kind: 135,
    form: record({
      signed_root: SignedRoot,
      pages: list(
        record({
          page: uint32(),
          /** Four bytes for each title, big-endian; the last page may be shorter. */
          sequences: upTo(4 * TITLE_LIMITS.pageCells, 'sequence numbers'),
          path: list(Digest, 0, TITLE_LIMITS.pagePath),
        }),
        0,
        TITLE_LIMITS.pagesAtOnce,
      ),
    }),
  },
  'response title groups': { kind: 136, form: record({ groups: list(Group, 0, 65_535) }) },
  /** Why not. `sequence` where a proof is outdated: that of the first title of which it is. */
  'response title refusal': {
    kind: 255,
    form: record({
      status_code: uint32(),
      name: text(40),
      details: text(TITLE_LIMITS.details),
      serial: optional(uint32()),
      sequence: optional(uint32()),
    }),
  },
} as const;

type Table = Readonly<Record<string, { readonly form: unknown }>>;
type Message<T extends Table> = {
  [Name in keyof T]: { readonly type: Name } & Formed<T[Name]['form']>;
}[keyof T];

export type TitleRequest = Message<typeof TITLE_REQUESTS>;
export type TitleResponse = Message<typeof TITLE_RESPONSES>;
/** One message of a type: `Said<'request title'>`. */
export type Said<Name extends TitleRequest['type'] | TitleResponse['type']> = Extract<
  TitleRequest | TitleResponse,
  { readonly type: Name }
>;
