/** An issuer for tests that writes a journal by hand, honest or not. chaum86 with short keys: nothing here is secure. */
import { sign as nodeSign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { canonicalBytes } from '../../base/canonical.ts';
import type { Canonical } from '../../base/canonical.ts';
import { DAY, SECOND, writeDate } from '../../base/dates.ts';
import type { Instant } from '../../base/dates.ts';
import type {
  RevocationCertificate,
  SignedStatement,
  Statement,
  StatementKeyCertificate,
} from '../../protocol/attestations.ts';
import { PROTOCOL_VERSION } from '../../protocol/documents.ts';
import type { Cddc, MintKey, MintKeyCertificate } from '../../protocol/documents.ts';
import type {
  Action,
  ActionName,
  DescriptionTerms,
  Founding,
  Policy,
  Rule,
  SignedOrder,
} from '../../protocol/governance.ts';
import { keyId } from '../../protocol/ids.ts';
import type { JournalEntry, JournalEvent, SignedEntry } from '../../protocol/journal.ts';
import { makeCashierKey, signEd25519 } from '../../signers/ed25519.ts';
import { chaum86 } from '../../suites/chaum86.ts';
import { makeKey } from '../../suites/keys.test-helper.ts';
import { applyEntry } from './apply.ts';
import { descriptionOf } from './charter.ts';
import type { Charter } from './charter.ts';

export const START = Date.UTC(2026, 0, 1);
export const KEYS_SIGN = 100 * DAY;
export const COINS_LIVE = 300 * DAY;
export const AHEAD = 10 * DAY;
const URL_OF_ISSUER = 'https://mint.example/';

/** Two day managers and three seniors. */
export const PEOPLE = {
  anna: 'day manager',
  ben: 'day manager',
  clara: 'senior',
  dora: 'senior',
  emil: 'senior',
};
export type Person = keyof typeof PEOPLE;
export const EVERYONE = Object.keys(PEOPLE) as Person[];

const keys = new Map(EVERYONE.map((name) => [name, makeCashierKey()]));

export function keyOf(name: Person) {
  const key = keys.get(name);
  if (key === undefined) throw new Error('nobody of that name');
  return key;
}

export function rule(
  action: ActionName,
  roles: readonly string[],
  signatures: number,
  most_per_order = 0,
  most_per_day = most_per_order,
): Rule {
  return { action, roles, signatures, most_per_order, most_per_day };
}

const SENIOR = ['senior'];

/** Who a released reserve goes to. */
export const RECIPIENT = `age1${'0q'.repeat(29)}`;

/** The first two rules are about the same action: one of them for one day manager, the other for two seniors. */
export const POLICY: Policy = {
  operators: EVERYONE.map((name) => ({
    name,
    public_key: keyOf(name).publicKey,
    recipient: '',
    role: PEOPLE[name],
  })),
  rules: [
    rule('raise treasury', ['day manager'], 1, 1_000, 2_500),
    rule('raise treasury', SENIOR, 2, 50_000, 100_000),
    rule('lower treasury', SENIOR, 1, 50_000, 100_000),
    rule('power off', ['day manager', 'senior'], 1),
    rule('power on', SENIOR, 2),
    rule('change policy', SENIOR, 3),
    rule('new description', SENIOR, 2),
    rule('key schedule', SENIOR, 2),
    rule('revoke mint key', SENIOR, 1),
    rule('cashier limits', SENIOR, 2, 10_000, 20_000),
    rule('backup', ['day manager'], 1),
    rule('reserve', SENIOR, 2, 20_000, 1_000_000),
    rule('release reserve', SENIOR, 2, 500, 1_000),
    rule('new currency', SENIOR, 2),
  ],
  type: 'policy',
};

const SERVICE = [[10, URL_OF_ISSUER]] as const;

export const FOUNDING: Founding = {
  cashiers: [{ cashier: 'ca'.repeat(32), limit_per_day: 5_000, limit_per_operation: 500 }],
  currency_divisor: 100,
  description: {
    additional_info: '',
    cdd_expiry_date: writeDate(START + 3_000 * DAY),
    cdd_location: URL_OF_ISSUER,
    currency_name: 'Test',
    denominations: [1, 2],
    info_service: SERVICE,
    invalidation_service: SERVICE,
    renewal_service: SERVICE,
    validation_service: SERVICE,
  },
  issuer_cipher_suite: chaum86.name,
  key_schedule: {
    coins_live_seconds: COINS_LIVE / SECOND,
    keys_sign_seconds: KEYS_SIGN / SECOND,
    publish_ahead_seconds: AHEAD / SECOND,
  },
  policy: POLICY,
  treasury: 10_000,
  type: 'founding',
};

const master = makeKey(1024);

/** Signs as the master key. */
export function certify(document: Canonical, key: KeyObject = master.secretObject): string {
  const signature = nodeSign('sha256', canonicalBytes(document), key).toString('hex');
  return signature.replace(/^0+/, '');
}

export const strangersMaster = makeKey(1024);

export interface TestIssuer {
  readonly entries: SignedEntry[];
  readonly charter: Charter;
  readonly statementSecret: Uint8Array;
  /** Writes an entry and folds it. */
  write(event: JournalEvent, time?: Instant): SignedEntry;
  /** Signs what would be the next entry, with changes, and writes nothing. */
  draft(event: JournalEvent, changes?: Partial<JournalEntry>): SignedEntry;
  order(action: Action, by: readonly Person[], changes?: Partial<SignedOrder['order']>): SignedOrder;
  /** Orders and writes that it was ordered. */
  ordered(action: Action, by: readonly Person[], time?: Instant): SignedEntry;
  mintKey(denomination: number, from: Instant, changes?: Partial<MintKey>): MintKeyCertificate;
  description(terms: DescriptionTerms, serial?: number): Cddc;
  revocation(id: string, until: Instant, revoked?: Instant): RevocationCertificate;
  statement(changes?: Partial<Statement>): SignedStatement;
}

let serials = 0;

/** Founds a currency, without mint keys. */
export function foundTestIssuer(founding: Founding = FOUNDING): TestIssuer {
  const statement = makeCashierKey();
  const entries: SignedEntry[] = [];
  const issuerId = keyId(master.document);
  let charter: Charter | undefined;
  const folded = (): Charter => {
    if (charter === undefined) throw new Error('not founded yet');
    return charter;
  };
  const signEntry = (entry: JournalEntry): SignedEntry => ({
    entry,
    signature: signEd25519(statement.secret, canonicalBytes(entry)),
    type: 'signed journal entry',
  });
  const next = (event: JournalEvent, time: Instant): JournalEntry => ({
    event,
    issuer_id: issuerId,
    number: charter?.head.entries ?? 0,
    previous: charter?.head.hash ?? '0'.repeat(64),
    time: writeDate(time),
    type: 'journal entry',
  });
  const issuer: TestIssuer = {
    entries,
    statementSecret: statement.secret,
    get charter() {
      return folded();
    },
    write: (event, time = charter?.time ?? START) => {
      const signed = signEntry(next(event, time));
      charter = applyEntry(charter, signed.entry);
      entries.push(signed);
      return signed;
    },
    draft: (event, changes = {}) => signEntry({ ...next(event, folded().time), ...changes }),
    order: (action, by, changes = {}) =>
      signOrder(
        {
          action,
          expires: writeDate(folded().time + DAY),
          issuer_id: issuerId,
          serial: (++serials).toString(16),
          type: 'operator order',
          ...changes,
        },
        by,
      ),
    ordered: (action, by, time = folded().time) =>
      issuer.write(
        { type: 'ordered', order: issuer.order(action, by, { expires: writeDate(time + DAY) }) },
        time,
      ),
    mintKey: (denomination, from, changes = {}) => makeMintKey(folded(), denomination, from, changes),
    description: (terms, serial = descriptionOf(folded()).cdd_serial + 1) => {
      const cdd = {
        ...descriptionOf(folded()),
        ...terms,
        cdd_serial: serial,
        cdd_signing_date: writeDate(folded().time),
      };
      return { cdd, signature: certify(cdd), type: 'cdd certificate' };
    },
    revocation: (id, until, revoked = folded().time) => {
      const revocation = {
        coins_until: writeDate(until),
        issuer_id: issuerId,
        mint_key_id: id,
        revoked: writeDate(revoked),
        type: 'mint key revocation',
      } as const;
      const signature = signEd25519(statement.secret, canonicalBytes(revocation));
      return { revocation, signature, type: 'mint key revocation certificate' };
    },
    statement: (changes = {}) =>
      signStatement(statement.secret, { ...honestStatement(folded()), ...changes }),
  };
  issuer.write(foundedEvent(founding, issuerId, statement.publicKey));
  return issuer;
}

export function signOrder(order: SignedOrder['order'], by: readonly Person[]): SignedOrder {
  const signatures = by.map((name) => ({
    operator: keyOf(name).publicKey,
    signature: signEd25519(keyOf(name).secret, canonicalBytes(order)),
  }));
  return { order, signatures, type: 'signed operator order' };
}

function foundedEvent(founding: Founding, id: string, statementKey: string): JournalEvent {
  const cdd = {
    ...founding.description,
    cdd_serial: 1,
    cdd_signing_date: writeDate(START),
    currency_divisor: founding.currency_divisor,
    id,
    issuer_cipher_suite: founding.issuer_cipher_suite,
    issuer_public_master_key: master.document,
    protocol_version: PROTOCOL_VERSION,
    type: 'cdd',
  } as const;
  const statement_key = { issuer_id: id, public_key: statementKey, type: 'statement key' } as const;
  const certificate: StatementKeyCertificate = {
    signature: certify(statement_key),
    statement_key,
    type: 'statement key certificate',
  };
  return {
    type: 'founded',
    cddc: { cdd, signature: certify(cdd), type: 'cdd certificate' },
    founding,
    statement_key: certificate,
  };
}

function makeMintKey(
  charter: Charter,
  denomination: number,
  from: Instant,
  changes: Partial<MintKey>,
): MintKeyCertificate {
  const { document } = makeKey(512);
  const mint_key: MintKey = {
    cdd_serial: descriptionOf(charter).cdd_serial,
    coins_expiry_date: writeDate(from + COINS_LIVE),
    denomination,
    id: keyId(document),
    issuer_id: charter.issuerId,
    public_mint_key: document,
    sign_coins_not_after: writeDate(from + KEYS_SIGN),
    sign_coins_not_before: writeDate(from),
    type: 'mint key',
    ...changes,
  };
  return { mint_key, signature: certify(mint_key), type: 'mint key certificate' };
}

/** What an honest mint would say when nothing has moved since the journal's last totals. */
function honestStatement(charter: Charter): Statement {
  const denominations = new Map<number, { denomination: number; issued: number; redeemed: number }>();
  let float = 0;
  for (const [id, { issued, redeemed }] of charter.lastTotals) {
    const denomination = charter.keys.get(id)?.certificate.mint_key.denomination ?? 0;
    const before = denominations.get(denomination) ?? { denomination, issued: 0, redeemed: 0 };
    denominations.set(denomination, {
      denomination,
      issued: before.issued + issued,
      redeemed: before.redeemed + redeemed,
    });
    float += issued - redeemed;
  }
  return {
    authorised: charter.authorised,
    denominations: [...denominations.values()],
    float,
    issuer_id: charter.issuerId,
    journal: { ...charter.head, type: 'journal head' },
    power: charter.power,
    sequence: 7,
    time: writeDate(charter.time),
    treasury: charter.authorised - float,
    type: 'statement',
  };
}

export function signStatement(secret: Uint8Array, statement: Statement): SignedStatement {
  return { signature: signEd25519(secret, canonicalBytes(statement)), statement, type: 'signed statement' };
}

/** A journal in which every event there is happens once or more. */
export function eventfulIssuer(): TestIssuer {
  const issuer = foundTestIssuer();
  const at = (day: number) => START + day * DAY;
  const first = issuer.mintKey(1, START);
  const second = issuer.mintKey(2, START, {
    sign_coins_not_after: writeDate(at(15)),
    coins_expiry_date: writeDate(at(20)),
  });
  issuer.write({ type: 'mint key', certificate: first });
  issuer.write({ type: 'mint key', certificate: second });
  issuer.ordered({ type: 'raise treasury', amount: 700 }, ['anna'], at(1));
  issuer.ordered({ type: 'lower treasury', amount: 200 }, ['clara'], at(1));
  issuer.write({
    type: 'totals',
    totals: [
      { issued: 300, mint_key_id: first.mint_key.id, redeemed: 0 },
      { issued: 400, mint_key_id: second.mint_key.id, redeemed: 100 },
    ],
  });
  issuer.ordered({ type: 'power off' }, ['ben'], at(2));
  issuer.ordered({ type: 'power on' }, ['clara', 'dora'], at(2));
  issuer.ordered({ type: 'backup' }, ['anna'], at(3));
  issuer.write({ type: 'backup', sha256: 'ba'.repeat(32) });
  const reserve = {
    cdd_location: 'https://gold.example/',
    gives: 3,
    issuer_id: 'ab'.repeat(32),
    most: 20_000,
    units: 2,
  };
  issuer.ordered({ type: 'reserve', reserve }, ['clara', 'dora'], at(4));
  issuer.write({ type: 'reserve held', amount: 1_001 });
  issuer.ordered({ type: 'release reserve', amount: 400, recipient: RECIPIENT }, ['clara', 'emil'], at(4));
  const limits = { cashier: 'cb'.repeat(32), limit_per_day: 9_000, limit_per_operation: 900 };
  issuer.ordered({ type: 'cashier limits', limits }, ['clara', 'dora'], at(5));
  const description = { ...FOUNDING.description, currency_name: 'Test renamed', denominations: [1, 2, 4] };
  issuer.ordered({ type: 'new description', description }, ['clara', 'dora'], at(6));
  issuer.write({ type: 'description', cddc: issuer.description(description) });
  issuer.write({ type: 'mint key', certificate: issuer.mintKey(4, at(6)) });
  const key_schedule = { ...FOUNDING.key_schedule, keys_sign_seconds: 200 * (DAY / SECOND) };
  issuer.ordered({ type: 'key schedule', key_schedule }, ['dora', 'emil'], at(7));
  const revoke = { mint_key_id: second.mint_key.id, coins_until: writeDate(at(18)) };
  issuer.ordered({ type: 'revoke mint key', ...revoke }, ['emil'], at(8));
  issuer.write({ type: 'mint key revoked', certificate: issuer.revocation(second.mint_key.id, at(18)) });
  issuer.write({ type: 'mint key', certificate: issuer.mintKey(2, at(8)) });
  issuer.ordered({ type: 'new currency', founding: FOUNDING }, ['clara', 'dora'], at(9));
  issuer.write({ type: 'currency founded', issuer_id: 'cd'.repeat(32) });
  issuer.write({ type: 'restored', complete: true });
  issuer.ordered({ type: 'change policy', policy: POLICY }, ['clara', 'dora', 'emil'], at(10));
  const closed = { issued: 450, mint_key_id: second.mint_key.id, redeemed: 440 };
  issuer.write({ type: 'mint key expired', totals: closed }, at(21));
  return issuer;
}
