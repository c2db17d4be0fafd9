import { html } from 'hono/html';
import { HOST_LIMITS } from '../host/limits.ts';
import type { PurseView } from '../host/schemas.ts';
import { page } from './layout.ts';
import type { Html, Look, Values } from './look.ts';
import type { Note } from './parts.ts';
import { amountFields, area, availableOf, emptiness, field, form, linkButton, submit } from './parts.ts';

/** A payment as a letter: to whom, how much, and a few words. */
export function composePage(look: Look, purses: readonly PurseView[], values: Values): Html {
  const { compose } = look.texts;
  return page(
    look,
    { title: compose.title },
    html`<h1>${compose.title}</h1>
      ${purses.length === 0 ? noCurrency(look) : letterForm(look, purses, values)}`,
  );
}

/** Where nothing can be done before there is a currency. */
export function noCurrency({ texts }: Look): Html {
  return emptiness(
    'currencies',
    texts.purse.noCurrency,
    texts.purse.noCurrencyLead,
    linkButton('/currencies', texts.common.addCurrency, { kind: 'main' }),
  );
}

function letterForm(look: Look, purses: readonly PurseView[], values: Values): Html {
  const { compose } = look.texts;
  return form(
    look,
    { action: '/compose', isOnce: true, kind: 'stack card' },
    html`${field({
        name: 'to',
        label: compose.to,
        value: values['to'],
        hint: look.hasMailServer ? compose.toHint : `${compose.toHint} ${compose.noMailServer}`,
        isExact: true,
        autocomplete: 'off',
        inputmode: 'email',
        isFocused: (values['to'] ?? '') === '',
        most: HOST_LIMITS.to,
      })}
      ${amountFields(look, purses, values, { note: available(look, purses) })}
      ${field({
        name: 'subject',
        label: compose.subject,
        value: values['subject'],
        autocomplete: 'off',
        most: HOST_LIMITS.subject,
      })}
      ${area({
        name: 'text',
        label: compose.text,
        value: values['text'],
        rows: 6,
        most: HOST_LIMITS.text,
      })}
      <div class="actions">${submit(compose.send, { icon: 'sent' })}</div>`,
  );
}

/** What there is to spend. */
function available(look: Look, purses: readonly PurseView[]): Note {
  const { compose } = look.texts;
  if (purses.every((each) => each.available === 0)) {
    return { id: 'available', content: html`${compose.empty} <a href="/buy">${compose.buy}</a>` };
  }
  const there = purses.filter((each) => each.available > 0).map((each) => availableOf(look, each));
  return { id: 'available', content: compose.available(there.join(', ')) };
}
