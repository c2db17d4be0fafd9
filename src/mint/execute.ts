/** Carries out orders: all that comes of one stands in the journal before anybody is told. */
import { SECOND, readDate, writeDate } from '../base/dates.ts';
import { canonicalBytes } from '../base/canonical.ts';
import type { Instant } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { RevocationCertificate } from '../protocol/attestations.ts';
import type { Cdd } from '../protocol/documents.ts';
import type { Action, DescriptionTerms, SignedOrder } from '../protocol/governance.ts';
import { hashOf } from '../protocol/ids.ts';
import type { JournalEvent } from '../protocol/journal.ts';
import { actionFault } from './charter/actions.ts';
import type { Charter } from './charter/charter.ts';
import { judgeOrder, verifiedSignatures } from './charter/policy.ts';
import { runErrand } from './errands.ts';
import type { OpenMint } from './mint.ts';
import { certifier, makeKeys } from './tend.ts';

/** Carries out an order whose policy is met. Said twice, also at once, it takes effect once. */
export function carryOut(mint: OpenMint, gathered: SignedOrder): Promise<Refusal | undefined> {
  const { underway } = mint.desk;
  const order = hashOf(gathered.order);
  const done = underway.get(order) ?? carryOutOnce(mint, gathered).finally(() => underway.delete(order));
  underway.set(order, done);
  return done;
}

async function carryOutOnce(mint: OpenMint, gathered: SignedOrder): Promise<Refusal | undefined> {
  const { action, serial } = gathered.order;
  const known = judge(mint, mint.scribe.charter, gathered, mint.clock());
  if (known instanceof Refusal) return known;
  const errand = known === 'repeated' ? [] : await runErrand(mint, gathered.order);
  if (errand instanceof Refusal) return errand;
  const written = await mint.scribe.write(async (charter, now) => {
    // Judged again in turn: what came before may have changed the policy, or been this very order.
    const signed = judge(mint, charter, gathered, now);
    if (signed instanceof Refusal) return signed;
    if (signed === 'repeated') return { events: [] };
    const documents = await certifyFor(mint, action, charter, now);
    if (documents instanceof Refusal) return documents;
    return { events: [{ type: 'ordered', order: signed }, ...errand, ...documents], settles: serial };
  });
  if (written instanceof Refusal) return written;
  await follow(mint, action);
  return undefined;
}

/** The order with the signatures that permit it now, and that nothing stands in its way; or that it was executed before. */
function judge(
  mint: OpenMint,
  charter: Charter,
  gathered: SignedOrder,
  now: Instant,
): SignedOrder | 'repeated' | Refusal {
  const signed = { ...gathered, signatures: verifiedSignatures(charter, gathered, mint.verify) };
  const verdict = judgeOrder(charter, signed, now);
  if (verdict instanceof Refusal) return verdict;
  if (verdict.kind === 'repeated') return 'repeated';
  if (verdict.kind === 'missing') return refuse('unauthorised', 'the policy has changed meanwhile');
  return actionFault(charter, gathered.order.action, now) ?? signed;
}

/** The documents that an order brings, signed by the mint's own keys. */
async function certifyFor(
  mint: OpenMint,
  action: Action,
  charter: Charter,
  now: Instant,
): Promise<readonly JournalEvent[] | Refusal> {
  if (action.type === 'new description') return describeAnew(mint, action.description, now);
  if (action.type === 'revoke mint key') return revoke(mint, action, charter, now);
  return [];
}

/** What an order makes due at once. A crash before it is made up for by `tend` and by the box's start. */
async function follow(mint: OpenMint, action: Action): Promise<void> {
  if (
    action.type === 'revoke mint key' ||
    action.type === 'new description' ||
    action.type === 'key schedule'
  )
    await makeKeys(mint);
  if (action.type === 'new currency') await mint.extras.openSiblings();
}

async function describeAnew(
  mint: OpenMint,
  description: DescriptionTerms,
  now: Instant,
): Promise<readonly JournalEvent[]> {
  const before = mint.desk.ring.cdd;
  const cdd: Cdd = {
    ...before,
    ...description,
    cdd_serial: before.cdd_serial + 1,
    cdd_signing_date: writeDate(now),
  };
  return [
    { type: 'description', cddc: { cdd, signature: await certifier(mint)(cdd), type: 'cdd certificate' } },
  ];
}

function revoke(
  mint: OpenMint,
  { mint_key_id, coins_until }: { readonly mint_key_id: string; readonly coins_until: string },
  charter: Charter,
  now: Instant,
): readonly JournalEvent[] | Refusal {
  if ((readDate(coins_until) ?? 0) < now + SECOND)
    return refuse('malformed', 'coins_until: must lie in the future, so that holders can renew their coins');
  const revocation = {
    coins_until,
    issuer_id: charter.issuerId,
    mint_key_id,
    revoked: writeDate(now),
    type: 'mint key revocation',
  } as const;
  const certificate: RevocationCertificate = {
    revocation,
    signature: mint.sign(canonicalBytes(revocation)),
    type: 'mint key revocation certificate',
  };
  return [{ type: 'mint key revoked', certificate }];
}

/** The coins of a reserve that was released: the same ones each time they are asked for, and only for their recipient. */
export async function payOut(mint: OpenMint, serial: string, recipient: string): Promise<string | Refusal> {
  const { reserve } = mint.scribe.charter;
  if (reserve === null) throw new Error('only a currency with a reserve releases one');
  return mint.extras.reserve.released(reserve.terms, serial, recipient);
}
