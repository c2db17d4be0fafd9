/** What several pages of titles are put together from. */
import { html } from 'hono/html';
import type { TitleClassView, TitleView } from '../host/titles/schemas.ts';
import { icon } from './icons.ts';
import type { Html, Look } from './look.ts';
import { figure } from './wording.ts';

/** What titles are worth, in words; in several units there is no figure after the point. */
export function worth({ language }: Look, value: number, { unit }: Pick<TitleClassView, 'unit'>): string {
  return `${figure(language, value, 1)}\u00a0${unit}`;
}

/** Numbers that follow on each other, as first and last. */
export function runs(serials: readonly number[]): readonly (readonly [number, number])[] {
  const all = [...serials].sort((left, right) => left - right);
  const found: [number, number][] = [];
  for (const serial of all) {
    const last = found.at(-1);
    if (last !== undefined && serial === last[1] + 1) last[1] = serial;
    else found.push([serial, serial]);
  }
  return found;
}

/** A pseudonym as far as a person compares it; the whole of it for who wants it. */
export function pseudonym(key: string): Html {
  return html`<code title="${key}">${key.slice(0, 8)} … ${key.slice(-8)}</code>`;
}

/** What everybody should know before the first title. */
export function caution({ texts }: Look): Html {
  const { titles } = texts;
  return html`<div class="notice calm">
    ${icon('alert')}
    <div>
      <p><b>${titles.caution}.</b></p>
      ${titles.cautions.map((each) => html`<p>${each}</p>`)}
    </div>
  </div>`;
}

/** Several titles that can be shown as one: numbers that follow on each other, of the same denomination and state. */
export interface Bundle {
  readonly first: number;
  readonly last: number;
  readonly title: TitleView;
  /** When the one was checked that was checked longest ago; empty: never. */
  readonly checked: string;
}

export function bundles(titles: readonly TitleView[]): readonly Bundle[] {
  const kinds = Map.groupBy(titles, ({ denomination, state }) => `${String(denomination)} ${state}`);
  return [...kinds.values()]
    .flatMap((alike) =>
      runs(alike.map(({ serial }) => serial)).flatMap(([first, last]) => {
        const within = alike.filter(({ serial }) => serial >= first && serial <= last);
        const [title] = within;
        const [checked = ''] = within.map((each) => each.checked).sort();
        return title === undefined ? [] : [{ first, last, title, checked }];
      }),
    )
    .sort((left, right) => left.first - right.first);
}
