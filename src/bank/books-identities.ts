/** The rules of registered identities, the same for every store: who has one, who waits for one, who had one. */
import type { Instant } from '../base/dates.ts';
import type {
  ApproveOutcome,
  IdentityHolder,
  RegisterOutcome,
  RegistrationRule,
  RegistrationWish,
  TakeBackOutcome,
} from './ports.ts';
import type { Tables } from './tables.ts';

/** Registers an account's identity, or has it wait: it has one at a time, and nobody else ever has it. */
export function register(
  tables: Tables,
  { tokenHash, identity }: RegistrationWish,
  { now, waits }: RegistrationRule,
): RegisterOutcome {
  const account = tables.accountOf(tokenHash)?.number;
  if (account === undefined) return 'no such account';
  const kept = tables.identityOf(account);
  if (kept !== undefined) return kept === identity ? 'repeated' : 'another identity';
  const holder = holderOf(tables, identity);
  if (holder !== undefined && holder.account !== account) return 'identity taken';
  if (waits === undefined) {
    tables.dropWaiting(account, identity);
    tables.keepIdentity(account, identity);
    return 'registered';
  }
  const before = tables.waitingOf(account);
  const isOpen = before !== undefined && before.until >= now;
  if (isOpen && before.identity === identity) return 'waiting';
  if (!isOpen && tables.countWaiting(now) >= waits.most) return 'too many waiting';
  tables.sweepWaiting(now);
  tables.dropWaiting(account, identity);
  tables.keepWaiting({ account, identity, until: waits.until });
  return 'waiting';
}

/** Registers the one waiting identity that begins as it is written; one that was approved before stays as it is. */
export function approve(tables: Tables, written: string, now: Instant, digitsLeast: number): ApproveOutcome {
  const found = [
    ...tables.waitingLike(written, now, 2).map((each) => ({ ...each, kind: 'approved' as const })),
    ...tables.identitiesLike(written, 2).map((each) => ({ ...each, kind: 'repeated' as const })),
  ].filter(({ identity }) => identity === written || written.length >= digitsLeast);
  const [only] = found;
  const meant = found.find(({ identity }) => identity === written) ?? only;
  if (meant === undefined) return { kind: 'none waits' };
  if (found.length > 1 && meant.identity !== written) return { kind: 'several' };
  const { account, identity, kind } = meant;
  if (kind === 'approved') {
    tables.dropWaiting(account, identity);
    tables.keepIdentity(account, identity);
  }
  return { kind, account, identity };
}

/** Takes back what an account has, or waits for. */
export function takeBack(tables: Tables, account: string): TakeBackOutcome {
  if (!tables.hasAccount(account)) return { kind: 'no such account' };
  const registered = tables.identityOf(account);
  if (registered !== undefined) tables.takeIdentityBack(account, registered);
  const waiting = tables.waitingOf(account)?.identity;
  if (waiting !== undefined) tables.dropWaiting(account, waiting);
  return { kind: 'taken back', identity: registered ?? waiting };
}

/** Whose an identity is, or was. */
export function holderOf(tables: Tables, identity: string): IdentityHolder | undefined {
  const holder = tables.holderOf(identity);
  if (holder !== undefined) return { account: holder, state: 'registered' };
  const former = tables.formerHolderOf(identity);
  return former === undefined ? undefined : { account: former, state: 'taken back' };
}
