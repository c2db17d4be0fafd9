/** Plans: from a request to the intent it comes to, or a refusal. Pure; what signatures remain to check is in the plan. */
import { add } from '../../base/amount.ts';
import type { Instant } from '../../base/dates.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { RequestMint } from '../../protocol/messages/mint.ts';
import type { RequestRedeem } from '../../protocol/messages/redeem.ts';
import type { RequestRenew } from '../../protocol/messages/renew.ts';
import type { Keyring } from '../keyring.ts';
import type { CoinCheck, Intent, Move } from '../ports.ts';
import { wishOf } from '../wish.ts';
import type { MoneyRequest } from '../wish.ts';
import { planBlinds } from './blinds.ts';
import { planCoins } from './coins.ts';

/** An intent, and the coin signatures that must verify before it is committed. */
export interface Plan {
  readonly intent: Intent;
  readonly checks: readonly CoinCheck[];
  /** The accounts to which coins were paid: only who withdraws for such an account may renew them. */
  readonly payees: ReadonlySet<string>;
}

const NOBODY: ReadonlySet<string> = new Set();

/** The plan for a request that moves money. */
export function plan(request: MoneyRequest, ring: Keyring, now: Instant): Plan | Refusal {
  switch (request.type) {
    case 'request mint':
      return planMint(request, ring, now);
    case 'request renew':
      return planRenew(request, ring, now);
    case 'request redeem':
      return planRedeem(request, ring, now);
  }
}

function planMint(request: RequestMint, ring: Keyring, now: Instant): Plan | Refusal {
  const blinds = planBlinds(request.blinds, ring, now);
  if (blinds instanceof Refusal) return blinds;
  return {
    intent: {
      ...wishOf(request, [], ring.suite.offline),
      moves: merge(blinds.moves),
      expires: blinds.expires,
      lapses: blinds.lapses,
    },
    checks: [],
    payees: NOBODY,
  };
}

function planRenew(request: RequestRenew, ring: Keyring, now: Instant): Plan | Refusal {
  const coins = planCoins(request.coins, ring, now);
  if (coins instanceof Refusal) return coins;
  const blinds = planBlinds(request.blinds, ring, now);
  if (blinds instanceof Refusal) return blinds;
  if (coins.total !== blinds.total) {
    return refuse('unbalanced', `the coins sum to ${coins.total}, the blinds to ${blinds.total}`);
  }
  const moves = merge([...coins.moves, ...blinds.moves]);
  return {
    intent: {
      ...wishOf(request, coins.ids, ring.suite.offline),
      moves,
      expires: blinds.expires,
      lapses: Math.min(coins.lapses, blinds.lapses),
    },
    checks: coins.checks,
    payees: coins.payees,
  };
}

function planRedeem(request: RequestRedeem, ring: Keyring, now: Instant): Plan | Refusal {
  const coins = planCoins(request.coins, ring, now);
  if (coins instanceof Refusal) return coins;
  // A redemption says nothing of who brings them.
  if (coins.payees.size > 0) return refuse('not possible', 'coins: paid to an account; renew them first');
  const intent = {
    ...wishOf(request, coins.ids, ring.suite.offline),
    moves: merge(coins.moves),
    expires: coins.expires,
    lapses: coins.lapses,
  };
  return { intent, checks: coins.checks, payees: NOBODY };
}

/** One move for each key. */
function merge(moves: readonly Move[]): readonly Move[] {
  const byKey = new Map<string, Move>();
  for (const each of moves) {
    const before = byKey.get(each.keyId);
    byKey.set(each.keyId, before === undefined ? each : combine(before, each));
  }
  return [...byKey.values()];
}

function combine(left: Move, right: Move): Move {
  return {
    keyId: left.keyId,
    issued: add(left.issued, right.issued),
    redeemed: add(left.redeemed, right.redeemed),
  };
}
