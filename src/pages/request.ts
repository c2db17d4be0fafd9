/** Requests for money: as who asks sees them, and as who pays. */
import { html } from 'hono/html';
import { HOST_LIMITS } from '../host/limits.ts';
import type { InvoiceView, PurseView } from '../host/schemas.ts';
import { noCurrency } from './compose.ts';
import { signInForm } from './entry.ts';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { Html, Look, Values } from './look.ts';
import { amountFields, availableOf, copyable, facts, field, form, linkButton, submit } from './parts.ts';
import { address } from './promises.ts';
import { qr } from './qr.ts';
import { handoverForm } from './receive.ts';
import type { PayView, RequestsView } from './views.ts';
import { figure, fullMoment, moment, money, moneyShown } from './wording.ts';

export function requestsPage(look: Look, { invoices, purses }: RequestsView, values: Values): Html {
  const { request } = look.texts;
  return page(
    look,
    { title: request.title },
    html`<h1>${request.title}</h1>
      ${purses.length === 0 ? noCurrency(look) : askForm(look, purses, values)}
      <section class="part" aria-labelledby="mine">
        <h2 id="mine">${request.mine}</h2>
        <div id="requests" data-live>
          ${
            invoices.length === 0
              ? html`<p class="quiet">${request.none}</p>`
              : html`<ul class="letters boxed">
                  ${invoices.map((invoice) => line(look, invoice))}
                </ul>`
          }
        </div>
      </section>`,
  );
}

function askForm(look: Look, purses: readonly PurseView[], values: Values): Html {
  const { request } = look.texts;
  return html`<p class="lead">${request.lead}</p>
    ${form(
      look,
      { action: '/request', isOnce: true, kind: 'stack card' },
      html`${amountFields(look, purses, values)}
      ${field({
        name: 'subject',
        label: request.subject,
        value: values['subject'],
        autocomplete: 'off',
        most: HOST_LIMITS.subject,
      })}
      ${submit(request.create)}`,
    )}`;
}

function line(look: Look, invoice: InvoiceView): Html {
  const { texts, language } = look;
  return html`<li>
    <a href="/request/${invoice.id}">
      <span class="who">${invoice.subject === '' ? texts.folder.noSubject : invoice.subject}</span>
      <span class="sum">${figure(language, invoice.amount, invoice.divisor)}</span>
      <span class="subject">${invoice.currencyName}</span>
      <span class="when">${state(look, invoice)} ${moment(look, invoice.time)}</span>
    </a>
  </li>`;
}

function state({ texts }: Look, invoice: InvoiceView): Html {
  const kind = { open: 'open', paid: 'good', withdrawn: 'quiet' }[invoice.state];
  return html`<span class="state ${kind}">${texts.invoiceStates[invoice.state]}</span>`;
}

/** A member's own request. */
export function requestPage(look: Look, invoice: InvoiceView): Html {
  const { request, nav } = look.texts;
  const title = invoice.subject === '' ? request.one : invoice.subject;
  return page(
    look,
    { title },
    html`<article class="letter" id="request" data-live>
      <a class="back" href="/request">${icon('back')} <span>${nav.request}</span></a>
      <h1>${title}</h1>
      <p class="amount">${moneyShown(look, invoice)}</p>
      ${facts([
        [look.texts.letter.state, state(look, invoice)],
        [look.texts.letter.when, fullMoment(look, invoice.time)],
      ])}
      ${invoice.state === 'open' ? sharing(look, invoice) : ''}
    </article>`,
  );
}

function sharing(look: Look, invoice: InvoiceView): Html {
  const { request } = look.texts;
  return html`<section class="part">
      ${copyable(look, { id: 'link', label: request.share, value: invoice.link })}
      <figure>
        ${qr(invoice.link, request.qr)}
        <figcaption class="hint">${request.scan}</figcaption>
      </figure>
    </section>
    ${form(
      look,
      { action: `/request/${invoice.id}/withdraw`, kind: 'bareform' },
      submit(request.withdraw, { icon: 'undo', kind: 'plain' }),
    )}`;
}

/** A request as its payer sees it, signed in or not. */
export function payPage(look: Look, { invoice, purse }: PayView, values: Values): Html {
  const { request } = look.texts;
  return page(
    look,
    { title: `${request.asks(invoice.from)} ${money(look, invoice)}` },
    html`<section class="card offer" id="pay" data-live>
        <p class="over">${request.asks(invoice.from)}</p>
        <h1 class="amount">${moneyShown(look, invoice)}</h1>
        ${invoice.subject === '' ? '' : html`<p class="offer-subject">${invoice.subject}</p>`}
        ${payment(look, invoice, purse)}
        ${facts([
          [look.texts.letter.when, fullMoment(look, invoice.time)],
          [request.at, address(invoice.location)],
        ])}
      </section>
      ${invoice.state === 'open' && look.member === undefined ? outside(look, invoice, values) : ''}`,
  );
}

function payment(look: Look, invoice: InvoiceView, purse: PurseView | undefined): Html | '' {
  const { request } = look.texts;
  if (invoice.state !== 'open') {
    const isPaid = invoice.state === 'paid';
    return html`<div class="notice ${isPaid ? 'good' : 'calm'}">
      ${icon(isPaid ? 'check' : 'undo')}
      <p>${isPaid ? request.paid : request.withdrawn}</p>
    </div>`;
  }
  if (look.member === undefined) return '';
  if (invoice.isOwn)
    return html`<p>${request.own} <a href="/request/${invoice.id}">${request.ownLink}</a></p>`;
  if (purse === undefined) {
    return html`<p>${request.unknown}</p>
      ${form(
        look,
        { action: '/currencies', hidden: { url: invoice.location, next: `/pay/${invoice.id}` } },
        submit(request.add),
      )}`;
  }
  if (purse.available < invoice.amount) {
    const to = `/buy?currency=${invoice.currency}`;
    return html`<p>${request.yourPurse(availableOf(look, purse))} ${request.tooLittle}</p>
      <p class="actions">${linkButton(to, request.buy, { icon: 'buy', kind: 'main' })}</p>`;
  }
  return html`${form(
      look,
      { action: `/pay/${invoice.id}`, isOnce: true },
      submit(request.pay(money(look, invoice)), { icon: 'sent' }),
    )}
    <p class="hint">${request.yourPurse(availableOf(look, purse))}</p>`;
}

/** For who is not signed in: the way in and back here, or coins from elsewhere. */
function outside(look: Look, invoice: InvoiceView, values: Values): Html {
  const { request, entry } = look.texts;
  const next = `/pay/${invoice.id}`;
  return html`<div class="doors">
    <section class="card" aria-labelledby="in">
      <h2 id="in">${entry.signIn}</h2>
      ${signInForm(look, { next }, request.signIn)}
      <p>${entry.newHere} <a href="/signup?next=${encodeURIComponent(next)}">${request.signUp}</a></p>
    </section>
    <section class="card" aria-labelledby="coins" data-drop="#with-coins">
      <h2 id="coins">${request.withCoins}</h2>
      <p class="hint">${request.withCoinsHint(money(look, invoice))}</p>
      ${handoverForm(
        look,
        { action: `/pay/${invoice.id}/coins`, id: 'with-coins', button: request.payWithCoins, isOnce: true },
        values,
      )}
    </section>
  </div>`;
}
