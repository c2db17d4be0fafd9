import { html } from 'hono/html';
import { noCurrency } from './compose.ts';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { PurseView } from '../host/schemas.ts';
import type { Html, Look, Values } from './look.ts';
import { currencySwitch, field, form, radio, submit } from './parts.ts';
import { promises } from './promises.ts';
import { pendingList } from './purse.ts';
import type { BuyDesk } from './views.ts';

/** Coins for ordinary money, by one of the ways that the issuer offers. */
export function buyPage(look: Look, desk: BuyDesk, values: Values): Html {
  const { buy, common } = look.texts;
  const purse = desk.purses.find(({ currency }) => currency.id === desk.currency);
  return page(
    look,
    { title: buy.title },
    html`<h1>${buy.title}</h1>
      ${
        purse === undefined
          ? noCurrency(look)
          : html`<p class="lead">${buy.lead}</p>
              ${currencySwitch(look, desk.purses, desk.currency, buy.change)} ${promised(look, purse)}
              ${
                desk.rails === undefined
                  ? html`<div class="notice bad">
                      ${icon('alert')}
                      <p>${buy.away}</p>
                    </div>`
                  : orderForm(
                      look,
                      { ...desk, rails: desk.rails },
                      `${common.amount} (${purse.currency.name})`,
                      values,
                    )
              }`
      }
      <div id="pending-purchases" data-live>${pendingList(look, desk.pending)}</div>`,
  );
}

/** What is bought there: open to be read as long as nothing of it was ever had. */
function promised(look: Look, { currency, available, reserved, ordered }: PurseView): Html {
  const isNew = available + reserved + ordered === 0;
  return html`<details class="more" ${isNew ? html`open` : ''}>
    <summary>${look.texts.offer.promises}</summary>
    ${promises(look, currency)}
  </details>`;
}

type OpenDesk = BuyDesk & { readonly rails: readonly string[] };

function orderForm(look: Look, { rails, currency }: OpenDesk, label: string, values: Values): Html {
  const { buy } = look.texts;
  if (rails.length === 0) return html`<p class="quiet">${buy.none}</p>`;
  const hasVoucher = rails.includes('voucher');
  const chosen = values['rail'] ?? rails[0] ?? '';
  return form(
    look,
    { action: '/buy', isOnce: true, kind: 'stack card', hidden: { currency } },
    html`${field({
        name: 'amount',
        label,
        value: values['amount'],
        inputmode: 'decimal',
        autocomplete: 'off',
        isRequired: !hasVoucher,
        ...(hasVoucher ? { hint: buy.amountHint } : {}),
      })}
      <fieldset>
        <legend>${buy.how}</legend>
        ${rails.map((rail, index) =>
          radio({
            name: 'rail',
            id: `rail-${String(index)}`,
            value: rail,
            label: buy.rails[rail] ?? rail,
            isChecked: rail === chosen,
            isRequired: true,
          }),
        )}
      </fieldset>
      ${
        hasVoucher
          ? html`<div class="only-voucher">
              ${field({
                name: 'voucher',
                label: buy.voucher,
                hint: buy.voucherHint,
                value: values['voucher'],
                isExact: true,
                autocomplete: 'off',
                most: 200,
              })}
            </div>`
          : ''
      }
      ${submit(buy.button, { icon: 'buy' })}`,
  );
}
