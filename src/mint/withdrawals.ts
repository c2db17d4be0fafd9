/** Withdrawals: first rounds whose blinds have not come yet. In memory only, and for some seconds. */
import { MINUTE, SECOND } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import { LIMITS } from '../base/limits.ts';
import type { Clock } from '../base/ports.ts';
import { refuse } from '../base/refusal.ts';
import type { Refusal } from '../base/refusal.ts';

/**
 * Whoever chooses the challenges of many commitments of one key together can forge a coin: with 256 of them at once, and
 * with fewer for more work (Benhamouda et al. 2020, ROS; spec/suites/P256-BRANDS.md). So few are open at once, and
 * soon over, that nobody keeps them from others for long.
 */
const LIVES = 10 * SECOND;
/** Commitments of one mint key that are open at once, of all identities: forging takes 2^64 work then. */
const OPEN_MOST = 7;

/**
 * Who lets withdrawals lapse, and with them holds seats that others want, waits before the next: twice as long each time,
 * up to an hour. Each that is claimed makes up for one. A wallet that loses answers now and then does not notice.
 */
const FREE_LAPSES = 3;
const FIRST_WAIT = 10 * SECOND;
const LONGEST_WAIT = 60 * MINUTE;
/** Identities of whom that is remembered; the one that lapsed the longest ago goes first. */
const LAPSED_MOST = 10_000;

/** What a first round asks for. `reference` is the transaction's. */
export interface WithdrawalWanted {
  readonly identity: string;
  readonly reference: string;
  /** For each coin its mint key. */
  readonly keyIds: readonly string[];
}

interface Withdrawal extends WithdrawalWanted {
  readonly commitments: Promise<readonly string[]>;
  /** By nonce its mint key. */
  readonly nonces: Map<string, string>;
  /** The last moment at which its blinds may come. */
  until: Instant;
}

/** What makes commitments and reads them. */
export interface Committing {
  readonly commit: () => Promise<readonly string[]>;
  readonly nonceOf: (commitment: string) => string | undefined;
}

/** The open withdrawals of one currency. */
export class Withdrawals {
  readonly #clock: Clock;
  readonly #byIdentity = new Map<string, Withdrawal>();
  readonly #byNonce = new Map<string, Withdrawal>();
  /** How many withdrawals an identity let lapse, and from when on it may begin again. */
  readonly #lapsed = new Map<string, { readonly count: number; readonly from: Instant }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Opens a withdrawal; the same one again, while it is open, has the same commitments. */
  open(wanted: WithdrawalWanted, committing: Committing): Promise<readonly string[]> | Refusal {
    this.#endOver();
    const refused = tooMuch(wanted.keyIds);
    if (refused !== undefined) return refused;
    const before = this.#byIdentity.get(wanted.identity);
    if (before !== undefined) {
      return isSame(before, wanted)
        ? before.commitments
        : refuse('busy', 'another withdrawal of this account is open, for some seconds');
    }
    if ((this.#lapsed.get(wanted.identity)?.from ?? 0) > this.#clock())
      return refuse('busy', 'this account let its last withdrawal lapse; it waits a little longer each time');
    const full = this.#full(wanted.keyIds);
    return full ?? this.#begin(wanted, committing);
  }

  /**
   * Closes the withdrawal to which these blinds belong, for good, and says whose it was. Undefined, with nothing changed,
   * where one of their nonces is not open under its key and this reference, or stands twice. One synchronous step: of
   * two requests with one nonce only one gets it.
   */
  claim(
    reference: string,
    blinds: readonly { readonly keyId: string; readonly nonce: string | undefined }[],
  ): string | undefined {
    this.#endOver();
    const withdrawal = this.#byNonce.get(blinds[0]?.nonce ?? '');
    if (withdrawal?.reference !== reference) return undefined;
    const nonces = new Set(blinds.map(({ nonce }) => nonce));
    const areOpen = blinds.every(
      ({ keyId, nonce }) => nonce !== undefined && withdrawal.nonces.get(nonce) === keyId,
    );
    if (!areOpen || nonces.size < blinds.length) return undefined;
    this.#end(withdrawal);
    const { count = 0 } = this.#lapsed.get(withdrawal.identity) ?? {};
    if (count > 0) this.#lapsed.set(withdrawal.identity, { count: count - 1, from: 0 });
    return withdrawal.identity;
  }

  #begin(wanted: WithdrawalWanted, { commit, nonceOf }: Committing): Promise<readonly string[]> {
    const made = async () => {
      try {
        const commitments = await commit();
        for (const [index, keyId] of wanted.keyIds.entries()) {
          const nonce = nonceOf(commitments[index] ?? '');
          if (nonce === undefined || this.#byNonce.has(nonce))
            throw new Error('each coin has a nonce of its own');
          withdrawal.nonces.set(nonce, keyId);
          this.#byNonce.set(nonce, withdrawal);
        }
        withdrawal.until = this.#clock() + LIVES;
        return commitments;
      } catch (error) {
        this.#end(withdrawal);
        throw error;
      }
    };
    // Its place is taken before anything is made; its time begins when there is something to answer.
    const withdrawal: Withdrawal = {
      ...wanted,
      commitments: Promise.resolve().then(made),
      nonces: new Map(),
      until: Infinity,
    };
    this.#byIdentity.set(wanted.identity, withdrawal);
    return withdrawal.commitments;
  }

  #full(keyIds: readonly string[]): Refusal | undefined {
    const open = [...this.#byIdentity.values()].flatMap((each) => each.keyIds);
    for (const [keyId, wanted] of counted(keyIds)) {
      if ((counted(open).get(keyId) ?? 0) + wanted > OPEN_MOST)
        return refuse('busy', 'mint_key_ids: others withdraw coins of this mint key, for some seconds');
    }
    return undefined;
  }

  #endOver(): void {
    const now = this.#clock();
    for (const each of this.#byIdentity.values()) {
      if (each.until >= now) continue;
      this.#end(each);
      this.#noteLapse(each);
    }
  }

  #noteLapse({ identity, until }: Withdrawal): void {
    const count = (this.#lapsed.get(identity)?.count ?? 0) + 1;
    const wait =
      count <= FREE_LAPSES ? 0 : Math.min(FIRST_WAIT * 2 ** (count - FREE_LAPSES - 1), LONGEST_WAIT);
    this.#lapsed.delete(identity);
    this.#lapsed.set(identity, { count, from: until + wait });
    const [oldest] = this.#lapsed.keys();
    if (this.#lapsed.size > LAPSED_MOST && oldest !== undefined) this.#lapsed.delete(oldest);
  }

  #end(withdrawal: Withdrawal): void {
    this.#byIdentity.delete(withdrawal.identity);
    for (const nonce of withdrawal.nonces.keys()) this.#byNonce.delete(nonce);
  }
}

function tooMuch(keyIds: readonly string[]): Refusal | undefined {
  const most = Math.max(...counted(keyIds).values());
  return most <= LIMITS.coinsPerWithdrawal
    ? undefined
    : refuse('too large', `mint_key_ids: at most ${LIMITS.coinsPerWithdrawal} coins of one mint key at once`);
}

function counted(keyIds: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const id of keyIds) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function isSame(left: WithdrawalWanted, right: WithdrawalWanted): boolean {
  return (
    left.reference === right.reference &&
    left.keyIds.length === right.keyIds.length &&
    left.keyIds.every((id, index) => id === right.keyIds[index])
  );
}
