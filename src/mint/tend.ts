/** What a mint does by itself as time goes by: new keys, the end of old ones, the journal's totals, forgetting. */
import { canonicalBytes } from '../base/canonical.ts';
import type { Canonical } from '../base/canonical.ts';
import { HOUR } from '../base/dates.ts';
import { Refusal } from '../base/refusal.ts';
import type { KeyTotals } from '../protocol/journal.ts';
import type { Charter } from './charter/charter.ts';
import { certifyMintKey } from './keys/make.ts';
import { expiredKeys, wantedKeys } from './keys/schedule.ts';
import type { OpenMint } from './mint.ts';
import type { Counters } from './ports.ts';
import type { Draft } from './scribe.ts';
import { MASTER, seal } from './secrets.ts';

/** Issue and redemption are summed in the journal this often: single customers cannot be told from it. */
const TOTALS_PACE = HOUR;

/** Chunks of forgetting in one go: the ledger has customers to serve. */
const SWEEPS = 16;

/** Does what is due. Called at the start and every minute; safe to call at any time. */
export async function tend(mint: OpenMint): Promise<void> {
  await closeExpired(mint);
  await makeKeys(mint);
  await writeTotals(mint);
  for (let count = 0; count < SWEEPS; count++) if (!(await mint.store.sweep(mint.clock()))) return;
}

/**
 * Publishes the mint keys that are due. They are made before the journal's turn, which takes seconds for each and which
 * switching off must not wait for; what they are for is judged again in turn, and one that is not wanted then is thrown
 * away. What became due in between is made at the next call.
 */
export async function makeKeys(mint: OpenMint): Promise<void> {
  const { charter: before } = mint.scribe;
  const due = wantedKeys(before, mint.desk.ring, Math.max(mint.clock(), before.time));
  if (due.length === 0) return;
  const suite = mint.desk.ring.cdd.issuer_cipher_suite;
  const pairs = await Promise.all(due.map(() => mint.maker.make(suite, 'mint')));
  await mint.scribe.write(async (charter, now) => {
    const { cdd } = mint.desk.ring;
    const wanted = wantedKeys(charter, mint.desk.ring, now);
    const certify = certifier(mint);
    const made = await Promise.all(
      pairs.flatMap((pair, index) => {
        const each = wanted[index];
        return each === undefined ? [] : [certifyMintKey(cdd, pair, each, certify)];
      }),
    );
    return {
      events: made.map(({ certificate }) => ({ type: 'mint key', certificate })),
      secrets: made.map((key) => seal(mint.vault, charter.issuerId, key.secretName, key.secret)),
    };
  });
}

/** Signs documents with the master key, which is unsealed for as long as this is held and no longer. */
export function certifier(mint: OpenMint): (document: Canonical) => Promise<string> {
  const suite = mint.desk.ring.cdd.issuer_cipher_suite;
  return (document) => mint.maker.signDocument(suite, mint.unseal(MASTER), canonicalBytes(document));
}

async function closeExpired(mint: OpenMint): Promise<void> {
  await mint.scribe.write(async (_, now) => {
    const expired = expiredKeys(mint.desk.ring, now);
    if (expired.length === 0) return NOTHING;
    const counters = await mint.store.counters();
    return {
      events: expired.map(({ id }) => ({ type: 'mint key expired', totals: totalsOf(counters, id) })),
    };
  });
}

async function writeTotals(mint: OpenMint): Promise<void> {
  const now = mint.clock();
  if (now - mint.desk.totalsAt < TOTALS_PACE) return;
  const written = await mint.scribe.write((charter) => draftTotals(mint, charter));
  if (!(written instanceof Refusal)) mint.desk.totalsAt = now;
}

async function draftTotals(mint: OpenMint, charter: Charter): Promise<Draft> {
  const counters = await mint.store.counters();
  const moved = [...counters.keys.keys()]
    .map((id) => totalsOf(counters, id))
    .filter((each) => {
      const last = charter.lastTotals.get(each.mint_key_id);
      return each.issued !== (last?.issued ?? 0) || each.redeemed !== (last?.redeemed ?? 0);
    });
  return moved.length === 0 ? NOTHING : { events: [{ type: 'totals', totals: moved }] };
}

const NOTHING: Draft = { events: [] };

function totalsOf(counters: Counters, id: string): KeyTotals {
  const count = counters.keys.get(id);
  if (count === undefined) throw new Error('the books do not count a key of the charter');
  return { issued: count.issued, mint_key_id: id, redeemed: count.redeemed };
}
