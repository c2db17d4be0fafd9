/** What people are shown. */
import { bytesToHex } from '../../base/bytes.ts';
import type { Condition } from '../documents/documents.ts';
import type { WalletClass } from './classes.ts';
import type { Context } from './context.ts';
import type {
  ConditionView,
  TitleClassView,
  TitleLookView,
  TitleOperationView,
  TitleServerView,
  TitleView,
} from './facade.ts';
import type { Held } from './holdings.ts';
import { ownerIn } from './lookup.ts';
import type { Found } from './lookup.ts';
import type { KnownServer, TitleOperation } from './state.ts';

export function serverView({ id, url }: KnownServer): TitleServerView {
  return { id, url };
}

export function classView({ id, server, certificate, ranges }: WalletClass): TitleClassView {
  const { issuer, name, entitles, unit, denominations } = certificate.title_class.terms;
  return {
    id,
    server,
    issuer: bytesToHex(issuer),
    name,
    entitles,
    unit,
    denominations,
    issued: ranges.reduce((sum, { denomination, count }) => sum + denomination * count, 0),
  };
}

export function titleView(held: Held, titleClass: TitleClassView): TitleView {
  const { serial, denomination, sequence, holder, condition, pseudonym } = held;
  return {
    titleClass,
    serial,
    denomination,
    sequence,
    pseudonym: pseudonym.publicKey,
    holder: bytesToHex(holder),
    condition: conditionView(condition),
    state: held.isLeaving ? 'leaving' : 'held',
    checked: held.checked,
  };
}

export function operationView({ classes }: Context, operation: TitleOperation): TitleOperationView {
  const {
    number,
    kind,
    state,
    titleClass,
    amount,
    serials,
    change = [],
    time,
    reason,
    reference,
  } = operation;
  return {
    number,
    kind,
    state,
    titleClass: classView(classes.known(titleClass)),
    amount,
    serials,
    change,
    time,
    reason,
    reference,
  };
}

/** Who holds a title; `isCurrent`: the server says so now. */
export function lookView(
  context: Context,
  known: WalletClass,
  found: Omit<Found, 'proof'>,
  isCurrent: boolean,
): TitleLookView {
  const { serial, denomination, sequence, holder, condition } = found;
  const owner = ownerIn(context, known.server, { holder, condition });
  return {
    titleClass: classView(known),
    serial,
    denomination,
    sequence,
    holder: bytesToHex(holder),
    condition: conditionView(condition),
    isOwn: owner !== undefined && !owner.isFallback,
    isCurrent,
  };
}

function conditionView(condition: Condition | undefined): ConditionView | undefined {
  if (condition === undefined) return undefined;
  const { hash, until, fallback } = condition;
  return { hash: bytesToHex(hash), until, fallback: bytesToHex(fallback) };
}
