/** The signed float: what the mint says of itself to anyone who asks. */
import type { Amount } from '../base/amount.ts';
import { ZERO, add, amount } from '../base/amount.ts';
import { canonicalBytes } from '../base/canonical.ts';
import { SECOND, writeDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { ok } from '../protocol/answers.ts';
import type { SignedStatement, Statement } from '../protocol/attestations.ts';
import type { RequestFloat, ResponseFloat } from '../protocol/messages/float.ts';
import type { Charter } from './charter/charter.ts';
import type { Counters } from './ports.ts';
import type { OpenMint } from './mint.ts';

/** A new statement at most this often: one after each payment would tell everybody its amount. */
const STATEMENT_PACE = SECOND;

/** Says the float. Made anew at most once a second, or when the journal has moved on. */
export async function sayFloat(mint: OpenMint, request: RequestFloat): Promise<ResponseFloat> {
  const now = mint.clock();
  const last = mint.desk.statement;
  const isFresh =
    last !== undefined && now - last.at < STATEMENT_PACE && last.head === mint.scribe.charter.head.hash;
  const { signed } = isFresh ? last : (mint.desk.statement = await make(mint, now));
  return {
    ...ok(request.message_reference),
    signed_statement: signed,
    statement_key: mint.scribe.charter.statementKey,
    type: 'response float',
  };
}

/** The last statement, when it was made, and where the journal stood. */
export interface MadeStatement {
  readonly signed: SignedStatement;
  readonly at: Instant;
  readonly head: string;
}

async function make(mint: OpenMint, now: Instant): Promise<MadeStatement> {
  const read = async () => {
    const counters = await mint.store.counters();
    return { counters, charter: mint.scribe.charter };
  };
  const first = await read();
  // While a step is being written one of them is behind the other.
  const isOne = first.counters.head.hash === first.charter.head.hash;
  const { counters, charter } = isOne ? first : await mint.scribe.inTurn(read);
  const statement = writeStatement(charter, counters, now);
  const signed: SignedStatement = {
    signature: mint.sign(canonicalBytes(statement)),
    statement,
    type: 'signed statement',
  };
  return { signed, at: now, head: counters.head.hash };
}

function writeStatement(charter: Charter, counters: Counters, now: Instant): Statement {
  return {
    authorised: counters.authorised,
    denominations: byDenomination(charter, counters),
    float: counters.float,
    issuer_id: charter.issuerId,
    journal: { entries: counters.head.entries, hash: counters.head.hash, type: 'journal head' },
    power: charter.power,
    sequence: counters.sequence,
    time: writeDate(now),
    treasury: counters.treasury,
    type: 'statement',
  };
}

function byDenomination(charter: Charter, counters: Counters): Statement['denominations'] {
  const totals = new Map<Amount, { issued: Amount; redeemed: Amount }>();
  for (const [id, count] of counters.keys) {
    const key = charter.keys.get(id)?.certificate.mint_key;
    if (key === undefined) throw new Error('the books count a key that the charter does not have');
    const denomination = amount(key.denomination);
    const before = totals.get(denomination) ?? { issued: ZERO, redeemed: ZERO };
    totals.set(denomination, {
      issued: add(before.issued, count.issued),
      redeemed: add(before.redeemed, count.redeemed),
    });
  }
  return [...totals]
    .toSorted(([left], [right]) => left - right)
    .map(([denomination, total]) => ({ denomination, ...total }));
}
