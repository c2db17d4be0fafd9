/** Coins back to their issuer, and money out of its bank. */
import { html } from 'hono/html';
import type { BankView, PurseView } from '../host/schemas.ts';
import { noCurrency } from './compose.ts';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { Html, Look, Values } from './look.ts';
import type { Note } from './parts.ts';
import { availableOf, copyable, currencySwitch, field, form, linkButton, radio, submit } from './parts.ts';
import type { BankDesk } from './views.ts';
import { figure, moment, moneyShown } from './wording.ts';

export function redeemPage(look: Look, desk: BankDesk, values: Values): Html {
  const { redeem } = look.texts;
  return deskPage(look, desk, { title: redeem.title, lead: redeem.lead, button: redeem.change }, (purse) => {
    return html`${form(
        look,
        { action: '/redeem', isOnce: true, kind: 'stack card', hidden: { currency: desk.currency } },
        html`${amount(look, purse, values, {
            id: 'available',
            content: look.texts.compose.available(availableOf(look, purse)),
          })}
          <fieldset>
            <legend>${redeem.where}</legend>
            ${(['account', 'other', 'none'] as const).map((to) =>
              radio({
                name: 'to',
                id: `to-${to}`,
                value: to,
                label: redeem[to],
                isChecked: (values['to'] ?? 'account') === to,
              }),
            )}
          </fieldset>
          <div class="only-other">
            ${field({
              name: 'payee',
              label: redeem.number,
              hint: redeem.numberHint,
              value: values['payee'],
              isExact: true,
              autocomplete: 'off',
              most: 200,
            })}
          </div>
          ${submit(redeem.button, { icon: 'redeem' })}`,
      )}
      ${account(look, purse, desk.bank)}
      <p class="actions">
        ${linkButton(`/payout?currency=${desk.currency}`, redeem.payOut, { icon: 'redeem' })}
      </p>`;
  });
}

export function payOutPage(look: Look, desk: BankDesk, values: Values): Html {
  const { redeem } = look.texts;
  return deskPage(
    look,
    desk,
    { title: redeem.payOut, lead: redeem.payOutLead, button: redeem.change },
    (purse) =>
      html`${account(look, purse, desk.bank)}
      ${form(
        look,
        { action: '/payout', isOnce: true, kind: 'stack card', hidden: { currency: desk.currency } },
        html`${amount(look, purse, values)}
        ${field({
          name: 'to',
          label: redeem.to,
          hint: redeem.toHint,
          value: values['to'],
          isRequired: true,
          most: 200,
        })}
        ${submit(redeem.payOutButton)}`,
      )}`,
  );
}

interface Heading {
  readonly title: string;
  readonly lead: string;
  readonly button: string;
}

function deskPage(look: Look, desk: BankDesk, heading: Heading, content: (purse: PurseView) => Html): Html {
  const purse = desk.purses.find(({ currency }) => currency.id === desk.currency);
  return page(
    look,
    { title: heading.title },
    html`<h1>${heading.title}</h1>
      ${
        purse === undefined
          ? noCurrency(look)
          : html`<p class="lead">${heading.lead}</p>
              ${currencySwitch(look, desk.purses, desk.currency, heading.button)} ${content(purse)}`
      }`,
  );
}

function amount(look: Look, { currency }: PurseView, values: Values, note?: Note): Html {
  return field({
    name: 'amount',
    label: `${look.texts.common.amount} (${currency.name})`,
    value: values['amount'],
    inputmode: 'decimal',
    autocomplete: 'off',
    isRequired: true,
    note,
  });
}

/** The wallet's account at the currency's bank. */
function account(look: Look, { currency }: PurseView, bank: BankView | undefined): Html {
  const { redeem } = look.texts;
  if (bank === undefined)
    return html`<div class="notice bad">
      ${icon('alert')}
      <p>${redeem.away}</p>
    </div>`;
  const sum = (value: number) => figure(look.language, value, currency.divisor);
  const balance = { amount: bank.balance, divisor: currency.divisor, currencyName: currency.name };
  return html`<section class="part" aria-labelledby="bank">
    <h2 id="bank">${redeem.bank}</h2>
    <div class="card">
      <p class="over">${redeem.balance}</p>
      <p class="amount" id="balance" data-live>${moneyShown(look, balance)}</p>
      ${copyable(look, { id: 'account-number', label: redeem.bankNumber, value: bank.number })}
    </div>
    ${
      bank.entries.length === 0
        ? html`<p class="quiet">${redeem.empty}</p>`
        : table(
            redeem.entries,
            [redeem.when, redeem.what, redeem.sum],
            [...bank.entries.map((each) => [moment(look, each.time), each.text, sum(each.amount)])],
          )
    }
    ${
      bank.payouts.length === 0
        ? ''
        : table(
            redeem.payouts,
            [redeem.to, redeem.state, redeem.sum],
            [
              ...bank.payouts.map((each) => [
                each.to,
                look.texts.payoutStates[each.state] ?? each.state,
                sum(each.amount),
              ]),
            ],
          )
    }
  </section>`;
}

/** The last column holds figures. */
function table(caption: string, heads: readonly string[], rows: readonly (readonly unknown[])[]): Html {
  const last = heads.length - 1;
  return html`<div class="scroll">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${heads.map((head, at) => html`<th scope="col" class="${at === last ? 'number' : ''}">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell, at) => html`<td class="${at === last ? 'number' : ''}">${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
