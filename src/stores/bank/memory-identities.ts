import type { WaitingIdentity } from '../../bank/ports.ts';
import type { RegisteredIdentity } from '../../bank/tables.ts';
import type { IdentityRows } from './verbs.ts';

/** The rows of identities in memory: those that accounts have, had, and wait for. */
export function openIdentities(): IdentityRows {
  const registered = new Map<string, RegisteredIdentity>();
  const former = new Map<string, string>();
  const waiting = new Map<string, WaitingIdentity>();
  const forget = (isOver: (each: WaitingIdentity) => boolean) => {
    for (const each of waiting.values()) if (isOver(each)) waiting.delete(each.account);
  };
  return {
    identityOf: (account) => registered.get(account)?.identity,
    holderOf: (identity) => [...registered.values()].find((each) => each.identity === identity)?.account,
    formerHolderOf: (identity) => former.get(identity),
    identitiesLike: (digits, most) => beginning(registered.values(), digits, most),
    keepIdentity: (account, identity) => void registered.set(account, { account, identity }),
    takeIdentityBack: (account, identity) => {
      former.set(identity, account);
      registered.delete(account);
    },
    waitingOf: (account) => waiting.get(account),
    waitingLike: (digits, now, most) =>
      beginning(
        [...waiting.values()].filter(({ until }) => until >= now),
        digits,
        most,
      ),
    waitingIdentities: (now, most) =>
      [...waiting.values()]
        .filter(({ until }) => until >= now)
        .sort((left, right) => left.until - right.until || (left.account < right.account ? -1 : 1))
        .slice(0, most),
    countWaiting: (now) => [...waiting.values()].filter(({ until }) => until >= now).length,
    keepWaiting: (each) => void waiting.set(each.account, each),
    dropWaiting: (account, identity) =>
      forget((each) => each.account === account || each.identity === identity),
    sweepWaiting: (now) => forget(({ until }) => until < now),
  };
}

/** Those whose identities begin with these digits, in the order of their identities. */
function beginning<Kept extends RegisteredIdentity>(
  all: Iterable<Kept>,
  digits: string,
  most: number,
): readonly Kept[] {
  return [...all]
    .filter(({ identity }) => identity.startsWith(digits))
    .sort((left, right) => (left.identity < right.identity ? -1 : 1))
    .slice(0, most);
}
