/** Titles as people see them. */
import { writeDate } from '../../base/dates.ts';
import type { Instant } from '../../base/dates.ts';
import type * as wallet from '../../title/wallet/facade.ts';
import type { Desk } from '../desk.ts';
import type { TitleClassView, TitleLookView, TitleOperationView, TitleView, TitlesView } from './schemas.ts';

/** All that the wallet of titles knows, without asking anybody. */
export function titlesView(desk: Desk, titles: wallet.TitleWallet): TitlesView {
  const held = titles.titles();
  const operations = titles.operations();
  const classes = [...held, ...operations].map(({ titleClass }) => titleClass);
  const byId = new Map(classes.map((each) => [each.id, classView(each)]));
  const now = desk.context.parts.clock();
  return {
    servers: titles.servers().map(({ id, url }) => ({ id, url })),
    classes: [...byId.values()],
    titles: held.map((each) => titleView(each, now)),
    unlisted: titles
      .unlisted()
      .map(({ titleClass, count, amount }) => ({ titleClass: titleClass.id, count, amount })),
    operations: operations.map((each) => operationView(desk, each)),
  };
}

export function classView(titleClass: wallet.TitleClassView): TitleClassView {
  const { id, server, issuer, name, entitles, unit, denominations, issued } = titleClass;
  return { id, server, issuer, name, entitles, unit, denominations: [...denominations], issued };
}

export function titleView(title: wallet.TitleView, now: Instant): TitleView {
  const { titleClass, serial, denomination, sequence, pseudonym, state, condition, checked } = title;
  return {
    titleClass: titleClass.id,
    ...{ serial, denomination, sequence, pseudonym, state },
    condition: conditionView(condition, now, condition?.fallback === pseudonym),
    checked: checked === 0 ? '' : time(checked),
  };
}

export function lookView(
  look: wallet.TitleLookView,
  ownFallbacks: ReadonlySet<string>,
  now: Instant,
): TitleLookView {
  const { titleClass, serial, denomination, sequence, holder, isOwn, isCurrent, condition } = look;
  const isOurs = condition !== undefined && ownFallbacks.has(condition.fallback);
  return {
    titleClass: classView(titleClass),
    ...{ serial, denomination, sequence, holder, isOwn, isCurrent },
    condition: conditionView(condition, now, isOurs),
  };
}

function conditionView(
  condition: wallet.ConditionView | undefined,
  now: Instant,
  isOwn: boolean,
): TitleView['condition'] {
  if (condition === undefined) return null;
  const { hash, until, fallback } = condition;
  return { hash, until: time(until), fallback, isOver: until <= now, isOwn };
}

/** With whom it was, as far as one of the member's letters says it. */
function operationView(desk: Desk, operation: wallet.TitleOperationView): TitleOperationView {
  const { number, kind, state, titleClass, amount, serials, reason, reference } = operation;
  const letter = reference === '' ? undefined : desk.letters.get(reference);
  return {
    ...{ number, kind, state, amount, reason },
    titleClass: titleClass.id,
    serials: [...serials],
    time: time(operation.time),
    who: letter?.to ?? '',
    letter: letter?.id ?? '',
  };
}

function time(instant: Instant): string {
  return `${writeDate(instant)}Z`;
}
