import { html } from 'hono/html';
import type { EntryView, PurseView } from '../host/schemas.ts';
import { pile } from './coins.ts';
import { noCurrency } from './compose.ts';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { Html, Look } from './look.ts';
import { emptiness, form, linkButton, submit } from './parts.ts';
import type { PurseDesk } from './views.ts';
import { counted, day, figure, money, moneyShown } from './wording.ts';

/** What there is, drawn as the coins that it consists of. */
export function pursePage(look: Look, { purses, pending }: PurseDesk): Html {
  const { purse, nav } = look.texts;
  return page(
    look,
    { title: purse.title },
    html`<h1>${purse.title}</h1>
      <div id="purse" data-live>
        ${purses.length === 0 ? noCurrency(look) : purses.map((each) => currencyOf(look, each))}
        ${pendingList(look, pending)}
      </div>
      ${
        purses.length === 0
          ? ''
          : html`<p class="actions">
              ${linkButton('/buy', nav.buy, { icon: 'buy' })}
              ${linkButton('/redeem', nav.redeem, { icon: 'redeem' })}
              ${linkButton('/history', nav.history, { icon: 'history' })}
              ${linkButton('/currencies', nav.currencies, { icon: 'currencies' })}
            </p>`
      }`,
  );
}

function currencyOf(look: Look, view: PurseView): Html {
  const { purse } = look.texts;
  const { currency } = view;
  const worth = (value: number) =>
    money(look, { amount: value, divisor: currency.divisor, currencyName: currency.name });
  const asides: readonly (readonly [number, (sum: string) => string])[] = [
    [view.ordered, purse.ordered],
    [view.reserved, purse.reserved],
    [view.expired, purse.expired],
  ];
  const id = `purse-${currency.id.slice(0, 12)}`;
  return html`<article class="card purse" aria-labelledby="${id}">
    <h2 id="${id}">
      <span class="amount"
        >${moneyShown(look, { amount: view.available, divisor: currency.divisor, currencyName: currency.name })}</span
      >
    </h2>
    ${
      currency.stopped === ''
        ? ''
        : html`<p class="notice bad">
            ${icon('alert')} <a href="/currencies">${look.texts.currencies.stopped}</a>
          </p>`
    }
    ${view.doubtful === 0 ? '' : doubtful(look, currency.id, worth(view.doubtful))} ${content(look, view)}
    ${asides.map(([value, say]) => (value === 0 ? '' : html`<p class="hint">${say(worth(value))}</p>`))}
  </article>`;
}

/** Only the person knows whether somebody still has these coins: one sentence, and the button that says that nobody has. */
function doubtful(look: Look, currency: string, sum: string): Html {
  const { purse } = look.texts;
  return html`<div class="notice calm">
    ${icon('alert')}
    <div>
      <p>${purse.doubtful(sum)}</p>
      ${form(
        look,
        { action: '/purse/doubt', kind: 'bareform', hidden: { currency } },
        submit(purse.clearDoubt, { kind: 'plain' }),
      )}
    </div>
  </div>`;
}

function content(look: Look, view: PurseView): Html | '' {
  const { purse } = look.texts;
  if (view.piles.length > 0) return piles(look, view);
  return view.doubtful > 0 ? '' : html`<p class="quiet">${purse.empty}. ${purse.emptyLead}</p>`;
}

function piles(look: Look, { piles: all, currency }: PurseView): Html {
  const { purse } = look.texts;
  return html`<ul class="piles" aria-label="${purse.coinsOf(currency.name)}">
      ${all.map(({ denomination, coins, expires }) => {
        const face = figure(look.language, denomination, currency.divisor);
        return html`<li>
          ${pile({ denomination, divisor: currency.divisor, coins, face: trimmed(face) })}
          <b>${purse.pile(counted(look.language, coins), face)}</b>
          <span class="hint">${purse.good} ${day(look, expires)}</span>
        </li>`;
      })}
    </ul>
    <p class="hint">${purse.renew}</p>`;
}

/** On a coin's face a whole number needs no decimals. */
function trimmed(face: string): string {
  return face.replace(/[.,]0+$/, '');
}

/** What goes on by itself, and how to pay what waits to be paid; nothing when there is none. */
export function pendingList(look: Look, pending: readonly EntryView[]): Html | '' {
  if (pending.length === 0) return '';
  const { purse } = look.texts;
  return html`<section class="part" aria-labelledby="pending">
    <h2 id="pending">${purse.pending}</h2>
    <p class="hint">${purse.pendingLead}</p>
    <ul class="pending">
      ${pending.map((entry) => pendingEntry(look, entry))}
    </ul>
  </section>`;
}

function pendingEntry(look: Look, entry: EntryView): Html {
  const { texts } = look;
  return html`<li class="card">
    <p><b>${texts.entryPlans[entry.kind]}: ${money(look, entry)}</b></p>
    ${
      entry.instructions === ''
        ? ''
        : html`<p class="hint">${texts.purse.pay}</p>
            <p class="instructions">${entry.instructions}</p>`
    }
    ${entry.reason === '' ? '' : html`<p class="hint" lang="en">${entry.reason}</p>`}
  </li>`;
}

/** Where there is nothing to spend. */
export function emptyPurse({ texts }: Look): Html {
  return emptiness(
    'purse',
    texts.purse.empty,
    texts.purse.emptyLead,
    linkButton('/buy', texts.nav.buy, { icon: 'buy', kind: 'main' }),
  );
}
