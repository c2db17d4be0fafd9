/** What each order does. All of it stands in the journal before anybody is told; whatever is slow is done before that. */
import { amount } from '../base/amount.ts';
import { SECOND, readDate, writeDate } from '../base/dates.ts';
import { canonicalBytes } from '../base/canonical.ts';
import type { Instant } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { RevocationCertificate } from '../protocol/attestations.ts';
import type { Cdd, CoinStack } from '../protocol/documents.ts';
import type {
  Action,
  ActionName,
  DescriptionTerms,
  OperatorOrder,
  SignedOrder,
} from '../protocol/governance.ts';
import type { JournalEvent } from '../protocol/journal.ts';
import { actionFault } from './charter/actions.ts';
import { authorisedByAction } from './charter/apply.ts';
import type { Charter } from './charter/charter.ts';
import { judgeOrder, verifiedSignatures } from './charter/policy.ts';
import type { OpenMint } from './mint.ts';
import { certifier, makeKeys } from './tend.ts';

/** What an order comes to beside itself: further events, or why it cannot be carried out. */
type Consequence = readonly JournalEvent[] | Refusal;

type Carry<Name extends ActionName> = (
  mint: OpenMint,
  action: Action & { readonly type: Name },
  charter: Charter,
  now: Instant,
  serial: string,
) => Consequence | Promise<Consequence>;

const NONE: readonly JournalEvent[] = [];

const CARRY: { readonly [Name in ActionName]: Carry<Name> } = {
  'raise treasury': () => NONE,
  'lower treasury': () => NONE,
  'power off': () => NONE,
  'power on': () => NONE,
  'key schedule': () => NONE,
  'change policy': () => NONE,
  'cashier limits': () => NONE,
  'new description': describeAnew,
  'revoke mint key': revoke,
  backup: async (mint) => {
    const made = await mint.extras.backup(mint.store, mint.scribe.charter);
    return made instanceof Refusal ? made : [{ type: 'backup', sha256: made.sha256 }];
  },
  'new currency': async (mint, { founding }) => {
    const issuerId = await mint.extras.foundSibling(founding);
    return issuerId instanceof Refusal ? issuerId : [{ type: 'currency founded', issuer_id: issuerId }];
  },
  reserve: async (mint, { reserve }) => (await mint.extras.reserve.know(reserve)) ?? NONE,
  // Set aside before the journal says so: a crash in between leaves too little in the count, never too much.
  'release reserve': async (mint, action, charter, _, serial) => {
    const { treasury } = await mint.store.counters();
    // Asked before any coin is set aside: what the reserve backs may be in circulation.
    if (treasury + authorisedByAction(charter, action) < 0)
      return refuse('treasury exhausted', 'the treasury does not hold that much');
    if (charter.reserve === null)
      throw new Error('an order that has no reserve to release is refused before');
    const stack = await mint.extras.reserve.release(charter.reserve.terms, serial, amount(action.amount));
    return stack instanceof Refusal ? stack : NONE;
  },
};

/** Carries out an order whose policy is met. Said twice, it takes effect once. */
export async function carryOut(mint: OpenMint, gathered: SignedOrder): Promise<Refusal | undefined> {
  const { action, serial } = gathered.order;
  const written = await mint.scribe.write(async (charter, now) => {
    // Judged again in turn: what came before may have changed the policy, or been this very order.
    const signed = { ...gathered, signatures: verifiedSignatures(charter, gathered, mint.verify) };
    const verdict = judgeOrder(charter, signed, now);
    if (verdict instanceof Refusal) return verdict;
    if (verdict.kind === 'repeated') return { events: [] };
    if (verdict.kind === 'missing') return refuse('unauthorised', 'the policy has changed meanwhile');
    const fault = actionFault(charter, action, now);
    if (fault !== undefined) return fault;
    const consequence = await consequenceOf(mint, signed.order, charter, now);
    if (consequence instanceof Refusal) return consequence;
    return { events: [{ type: 'ordered', order: signed }, ...consequence], settles: serial };
  });
  if (written instanceof Refusal) return written;
  await follow(mint, action);
  return undefined;
}

function consequenceOf(
  mint: OpenMint,
  { action, serial }: OperatorOrder,
  charter: Charter,
  now: Instant,
): Consequence | Promise<Consequence> {
  const carry = CARRY[action.type] as Carry<ActionName>;
  return carry(mint, action, charter, now, serial);
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
  { description }: { readonly description: DescriptionTerms },
  charter: Charter,
  now: Instant,
): Promise<Consequence> {
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
): Consequence {
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

/** The coins of a reserve that was released: the same ones each time they are asked for. */
export async function payOut(mint: OpenMint, serial: string): Promise<CoinStack | Refusal> {
  const { reserve } = mint.scribe.charter;
  if (reserve === null) throw new Error('only a currency with a reserve releases one');
  return mint.extras.reserve.released(reserve.terms, serial);
}
