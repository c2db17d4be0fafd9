import { html } from 'hono/html';
import { HOST_LIMITS } from '../host/limits.ts';
import type { CurrencyView } from '../host/schemas.ts';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { Html, Look, Values } from './look.ts';
import { facts, field, form, submit } from './parts.ts';
import { address, promises } from './promises.ts';
import type { CurrenciesView } from './views.ts';

/** The currencies that the wallet knows, those that its issuers have besides, and how another one comes to it. */
export function currenciesPage(look: Look, { all, offered }: CurrenciesView, values: Values): Html {
  const { currencies } = look.texts;
  return page(
    look,
    { title: currencies.title },
    html`<h1>${currencies.title}</h1>
      <p class="lead">${currencies.lead}</p>
      ${all.length === 0 ? html`<p class="quiet">${currencies.none}</p>` : all.map((each) => one(look, each))}
      ${offered.length === 0 ? '' : others(look, offered)}
      <section class="part" aria-labelledby="add">
        <h2 id="add">${currencies.addTitle}</h2>
        ${form(
          look,
          { action: '/currencies', kind: 'stack card', hidden: { do: 'add', next: values['next'] ?? '' } },
          html`${field({
            name: 'url',
            label: currencies.url,
            hint: currencies.urlHint,
            value: values['url'],
            inputmode: 'url',
            isExact: true,
            isRequired: true,
            autocomplete: 'off',
            most: HOST_LIMITS.url,
          })}
          ${submit(currencies.add, { icon: 'buy' })}`,
        )}
      </section>`,
  );
}

/** A currency before the wallet knows it: what it promises, and the button. */
export function addPage(look: Look, currency: CurrencyView, values: Values): Html {
  const { currencies } = look.texts;
  return page(
    look,
    { title: currencies.beforeTitle },
    html`<h1>${currencies.beforeTitle}</h1>
      <p class="lead">${currencies.beforeLead}</p>
      ${candidate(look, currency, { heading: 'h2', next: values['next'] ?? '' })}
      <p><a href="/currencies">${currencies.back}</a></p>`,
  );
}

function others(look: Look, offered: readonly CurrencyView[]): Html {
  const { currencies } = look.texts;
  return html`<section class="part" aria-labelledby="others">
    <h2 id="others">${currencies.othersTitle}</h2>
    <p class="hint">${currencies.othersLead}</p>
    ${offered.map((each) => candidate(look, each, { heading: 'h3', next: '' }))}
  </section>`;
}

/** A currency that can be added, with all that it promises in sight. */
function candidate(
  look: Look,
  currency: CurrencyView,
  { heading, next }: { readonly heading: 'h2' | 'h3'; readonly next: string },
): Html {
  const { currencies, offer } = look.texts;
  const id = `o-${currency.id.slice(0, 12)}`;
  return html`<article class="card currency" aria-labelledby="${id}">
    ${heading === 'h2' ? html`<h2 id="${id}">${currency.name}</h2>` : html`<h3 id="${id}">${currency.name}</h3>`}
    ${currency.about === '' ? '' : html`<p>${currency.about}</p>`} ${promises(look, currency)}
    ${facts([
      [offer.issuer, address(currency.location)],
      [currencies.suite, currency.suite],
    ])}
    ${form(
      look,
      {
        action: '/currencies',
        kind: 'bareform',
        hidden: { do: 'add', url: currency.location, seen: currency.id, next },
      },
      submit(currencies.addOne(currency.name), { icon: 'buy' }),
    )}
  </article>`;
}

function one(look: Look, currency: CurrencyView): Html {
  const { currencies, offer } = look.texts;
  return html`<article class="card currency" aria-labelledby="c-${currency.id.slice(0, 12)}">
    <h2 id="c-${currency.id.slice(0, 12)}">${currency.name}</h2>
    ${currency.stopped === '' ? '' : stopped(look, currency)}
    ${currency.about === '' ? '' : html`<p>${currency.about}</p>`}
    ${facts([[offer.issuer, address(currency.location)]])}
    <details class="more">
      <summary>${offer.promises}</summary>
      ${promises(look, currency)}
      ${facts([
        [currencies.suite, currency.suite],
        [currencies.id, html`<code>${currency.id}</code>`],
      ])}
    </details>
    <div class="restore">
      ${form(
        look,
        { action: '/currencies', kind: 'bareform', hidden: { do: 'restore', url: currency.location } },
        submit(currencies.restore, { kind: 'plain' }),
      )}
      <p class="hint">${currencies.restoreHint}</p>
    </div>
  </article>`;
}

function stopped(look: Look, { stopped: why, location }: CurrencyView): Html {
  const { currencies } = look.texts;
  return html`<div class="notice bad">
    ${icon('alert')}
    <div>
      <p>
        <b>${currencies.stopped}.</b>
        <span lang="en">${why}</span>
      </p>
      <p>${currencies.acceptLead}</p>
      ${form(
        look,
        { action: '/currencies', hidden: { do: 'add', url: location, accept: 'yes' } },
        submit(currencies.acceptButton, { kind: 'danger' }),
      )}
    </div>
  </div>`;
}
