/** A title server that can lie: it signs whatever a test wants, and shows it to whoever asks. */
import { bytesToHex } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { readTitleRequest, writeTitleResponse } from '../documents/codec.ts';
import type {
  Condition,
  Destination,
  Group,
  Holding,
  LoggedTransfer,
  SignedRoot,
  TitleClassCertificate,
  TitleRange,
} from '../documents/documents.ts';
import type { TitleRequest, TitleResponse } from '../documents/messages.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import { leafHash, pathOf, rootOf, treeRows } from '../documents/merkle.ts';
import { pairOf, sha256, verify } from '../documents/samples.test-helper.ts';
import type { Pair } from '../documents/samples.test-helper.ts';
import {
  classEntry,
  classId,
  classSigned,
  headHash,
  headSigned,
  holdingEntry,
  rootSigned,
  transferHash,
  transferSigned,
} from '../documents/signed.ts';
import type { TitleWay } from './ask.ts';
import type { AuditParts } from './fold.ts';

export const PARTS: AuditParts = { verify, sha256 };
export const SERVER = pairOf('server');
export const ISSUER = pairOf('issuer');
export const ALICE = pairOf('alice');
export const BOB = pairOf('bob');
export const POOL: Destination = { holder: SERVER.publicKey, condition: undefined };
export const NOW = Date.UTC(2026, 0, 1);
const NOBODY = new Uint8Array(32);

/** A destination that nothing binds. */
export function plainly({ publicKey }: Pair): Destination {
  return { holder: publicKey, condition: undefined };
}

export const TERMS = {
  server: SERVER.publicKey,
  issuer: ISSUER.publicKey,
  name: 'Seats',
  entitles: 'A seat.',
  unit: 'seat',
  denominations: [1, 2, 4],
  salt: new Uint8Array(16),
};
export const CLASS = classId(TERMS);
/** Serials 1 to 4 are Alice's fours, 5 to 8 her twos, 9 to 1108 her ones. */
export const RANGES: readonly TitleRange[] = [
  { denomination: 4, count: 4, holder: ALICE.publicKey },
  { denomination: 2, count: 4, holder: ALICE.publicKey },
  { denomination: 1, count: 1_100, holder: ALICE.publicKey },
];

/** A version of the one class, signed by whom it is said to be. */
export function certificateOf(
  version: number,
  ranges: readonly TitleRange[],
  by: Pair = ISSUER,
): TitleClassCertificate {
  const title_class = { terms: TERMS, version, ranges };
  return { title_class, signature: by.sign(classSigned(title_class)) };
}

/** A version of another class of the same issuer. */
export function otherClass(version: number, by: Pair = ISSUER): TitleClassCertificate {
  const terms = { ...TERMS, name: 'Other seats' };
  const title_class = { terms, version, ranges: RANGES };
  return { title_class, signature: by.sign(classSigned(title_class)) };
}

/** A title that moves, as the log is to say it. */
export interface Moved {
  readonly serial: number;
  readonly from: Pair;
  readonly sequence: number;
  readonly to: Destination;
  readonly condition?: Condition;
  readonly secret?: Uint8Array;
}

export interface Changed {
  readonly serial: number;
  /** After it. */
  readonly sequence: number;
  readonly denomination: number;
  readonly to: Destination;
}

/** A transfer as the log keeps it, with its signatures and what it comes to. */
export interface Written {
  readonly logged: LoggedTransfer;
  readonly holdings: readonly Holding[];
}

/** Writes a transfer; `signers` may be others than those who have to sign, `jump` adds to its new sequence numbers. */
export function transferOf(
  moved: readonly Moved[],
  changed: readonly Changed[] = [],
  { signers, jump = 1 }: { readonly signers?: readonly Pair[]; readonly jump?: number } = {},
): Written {
  const transfer = {
    title_class: CLASS,
    inputs: moved.map(({ serial, from, sequence, to, condition, secret }) => ({
      serial,
      sequence,
      holder: from.publicKey,
      condition,
      seal: new Uint8Array(16),
      secret,
      to,
    })),
    change: changed.map(({ denomination, to }) => ({ denomination, to })),
  };
  const hash = transferHash(SERVER.publicKey, transfer);
  const by = signers ?? [...new Set(moved.map(({ from }) => from))];
  const leaves = [
    ...moved.map(({ serial, sequence, to }) => ({
      serial,
      sequence: sequence + jump,
      to,
      denomination: worth(serial),
    })),
    ...changed,
  ];
  return {
    logged: {
      signed_transfer: { transfer, signatures: by.map((pair) => pair.sign(transferSigned(hash))) },
      serials: changed.map(({ serial }) => serial),
      sequences: leaves.map(({ sequence }) => sequence),
    },
    holdings: leaves.map(({ serial, sequence, to, denomination }) => ({
      title_class: CLASS,
      serial,
      denomination,
      sequence,
      ...to,
      transfer: hash,
    })),
  };
}

function worth(serial: number): number {
  if (serial <= 4) return 4;
  return serial <= 8 ? 2 : 1;
}

/** What a forger does otherwise than it ought to. */
export interface Lie {
  readonly number?: number;
  readonly previous?: Uint8Array;
  readonly time?: number;
  readonly size?: number;
  readonly by?: Pair;
  readonly leaves?: readonly Uint8Array[];
}

export class Forger {
  groups: Group[] = [];
  classes: TitleClassCertificate[] = [];
  /** The sequence numbers that its root is over. */
  sequences: number[] = [];
  /** Groups up to this one are said to be lost. */
  lost = 0;
  /** What its statement says otherwise. */
  stated: Partial<SignedRoot['statement']> = {};
  head: Uint8Array = NOBODY;
  time = NOW - 3_600_000;
  /** What its clock says. */
  now = NOW;

  /** The same server, at this moment: from here on it may show others another past. */
  fork(): Forger {
    const other = new Forger();
    other.groups = [...this.groups];
    other.classes = [...this.classes];
    other.sequences = [...this.sequences];
    [other.head, other.time] = [this.head, this.time];
    return other;
  }

  /** A version of the class takes effect. */
  issue(certificate: TitleClassCertificate, lie: Lie = {}): this {
    this.classes = [certificate];
    const titles = certificate.title_class.ranges.reduce((sum, { count }) => sum + count, 0);
    while (this.sequences.length < titles) this.sequences.push(0);
    return this.append({ title_class: certificate, transfers: [] }, [classEntry(certificate)], lie);
  }

  /** Transfers take effect, as one group. */
  transfer(written: readonly Written[], lie: Lie = {}): this {
    for (const { serial, sequence } of written.flatMap(({ holdings }) => holdings))
      this.sequences[serial - 1] = sequence;
    const entries = written.flatMap(({ holdings }) => holdings.map(holdingEntry));
    return this.append(
      { title_class: undefined, transfers: written.map(({ logged }) => logged) },
      entries,
      lie,
    );
  }

  append(content: Omit<Group, 'signed_head'>, entries: readonly Uint8Array[], lie: Lie): this {
    const rows = treeRows((lie.leaves ?? entries).map((each) => leafHash(each)));
    const head = {
      number: lie.number ?? this.groups.length + 1,
      previous: lie.previous ?? this.head,
      time: lie.time ?? ++this.time,
      size: lie.size ?? entries.length,
      root: rootOf(rows),
    };
    const signature = (lie.by ?? SERVER).sign(headSigned(SERVER.publicKey, head));
    this.groups.push({ signed_head: { head, signature }, ...content });
    this.head = headHash(SERVER.publicKey, head);
    return this;
  }

  readonly way: TitleWay = (request) => {
    const read = readTitleRequest(request);
    if (read instanceof Refusal) return Promise.reject(new Error(read.details));
    const message = this.#answer(read.message);
    const { name, code, details } = message instanceof Refusal ? message : refuse('unknown', '');
    const refusal = { name, status_code: code, details, serial: undefined, sequence: undefined };
    return Promise.resolve(
      writeTitleResponse({
        reference: read.reference,
        message: message instanceof Refusal ? { type: 'response title refusal', ...refusal } : message,
      }),
    );
  };

  #answer(request: TitleRequest): TitleResponse | Refusal {
    switch (request.type) {
      case 'request title server':
        return {
          type: 'response title server',
          server: SERVER.publicKey,
          time: NOW,
          classes: this.classes.length,
          titles: this.sequences.length,
          groups: this.groups.length,
          most_titles: 1_000_000,
          udp_port: undefined,
        };
      case 'request title classes':
        return { type: 'response title classes', certificates: this.classes.slice(request.from) };
      case 'request title groups': {
        const at = request.from - 1;
        return {
          type: 'response title groups',
          groups: request.from <= this.lost ? [] : this.groups.slice(at, at + 7),
        };
      }
      case 'request title root':
        return this.#root(request.pages);
      case 'request title':
        return this.#title(request.serial);
      default:
        return refuse('unknown', `${request.type} ${bytesToHex(CLASS)}`);
    }
  }

  /** As a server answers that knows of a title's last group no more. */
  #title(serial: number): TitleResponse | Refusal {
    const sequence = this.sequences[serial - 1] ?? 0;
    const type = 'response title refusal';
    return { type, name: 'outdated proof', status_code: 409, details: 'lost', serial, sequence };
  }

  #root(wanted: readonly number[]): TitleResponse {
    const pages: Uint8Array[] = [];
    for (let from = 0; from < this.sequences.length; from += TITLE_LIMITS.pageCells) {
      const cells = this.sequences.slice(from, from + TITLE_LIMITS.pageCells);
      const view = new DataView(new ArrayBuffer(4 * cells.length));
      cells.forEach((sequence, at) => {
        view.setUint32(4 * at, sequence);
      });
      pages.push(new Uint8Array(view.buffer));
    }
    const rows = treeRows(pages.map((each) => leafHash(each)));
    const statement = {
      groups: this.groups.length,
      head: this.head,
      time: this.now,
      titles: this.sequences.length,
      root: pages.length === 0 ? sha256(new Uint8Array()) : rootOf(rows),
      ...this.stated,
    };
    const signature = SERVER.sign(rootSigned(SERVER.publicKey, statement));
    return {
      type: 'response title root',
      signed_root: { statement, signature },
      pages: wanted.map((page) => ({
        page,
        sequences: pages[page] ?? new Uint8Array(),
        path: pathOf(rows, page),
      })),
    };
  }
}

/** A server that has been honest so far: issued, and moved 1 to Bob, a four and a two of Alice's to the pool, a five by change. */
export function honest(): Forger {
  const first = certificateOf(1, RANGES.slice(0, 2));
  return new Forger()
    .issue(first)
    .transfer([transferOf([{ serial: 1, from: ALICE, sequence: 0, to: plainly(BOB) }])])
    .issue(certificateOf(2, RANGES))
    .transfer([
      transferOf([{ serial: 9, from: ALICE, sequence: 0, to: POOL }]),
      transferOf([{ serial: 10, from: ALICE, sequence: 0, to: POOL }]),
    ])
    .transfer([
      transferOf(
        [
          { serial: 5, from: ALICE, sequence: 0, to: POOL },
          { serial: 1, from: BOB, sequence: 1, to: plainly(ALICE) },
        ],
        [
          { serial: 9, sequence: 2, denomination: 1, to: plainly(BOB) },
          { serial: 10, sequence: 2, denomination: 1, to: plainly(ALICE) },
        ],
      ),
    ]);
}
