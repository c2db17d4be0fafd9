/** What pages are put together from: forms, fields, lists of facts. */
import { html } from 'hono/html';
import type { PurseView } from '../host/schemas.ts';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';
import type { Html, Look, Values } from './look.ts';
import { figure, money } from './wording.ts';

interface FormOptions {
  readonly action: string;
  readonly id?: string;
  readonly kind?: string;
  /** Whether a file may go with it. */
  readonly withFile?: boolean;
  /** Whether it moves money: what is posted twice is then carried out once. */
  readonly isOnce?: boolean;
  /** Goes back as it is; empty ones are left out. */
  readonly hidden?: Values;
}

/** A form that is posted, with what every form carries. */
export function form(look: Look, options: FormOptions, content: unknown): Html {
  const hidden: [string, string][] = [
    ['csrf', look.csrf],
    ...(options.isOnce === true ? ([['once', look.once]] satisfies [string, string][]) : []),
    ...Object.entries(options.hidden ?? {}).filter(([, value]) => value !== ''),
  ];
  const encoding = options.withFile === true ? 'multipart/form-data' : 'application/x-www-form-urlencoded';
  return html`<form
    method="post"
    action="${options.action}"
    enctype="${encoding}"
    class="${options.kind ?? 'stack'}"
    ${options.id === undefined ? '' : html`id="${options.id}"`}
  >
    ${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)} ${content}
  </form>`;
}

/** A hint that changes while the page is open. */
export interface Note {
  readonly id: string;
  readonly content: unknown;
}

interface FieldOptions {
  readonly name: string;
  readonly label: string;
  readonly id?: string;
  readonly value?: string | undefined;
  readonly type?: 'text' | 'password' | 'search' | 'url' | 'file';
  readonly hint?: string;
  /** Stands where the hint would. */
  readonly note?: Note | undefined;
  readonly isRequired?: boolean;
  readonly autocomplete?: string;
  readonly isFocused?: boolean;
  readonly most?: number;
  /** Names and words of a wallet: nothing is corrected or capitalised. */
  readonly isExact?: boolean;
  readonly inputmode?: 'decimal' | 'numeric' | 'email' | 'url';
  readonly accept?: string;
}

/** One line to type into, with its label and hint. */
export function field(options: FieldOptions): Html {
  const id = options.id ?? `field-${options.name}`;
  const type = options.type ?? 'text';
  return html`<div class="field">
    <label for="${id}">${options.label}</label>
    <input
      id="${id}"
      name="${options.name}"
      type="${type}"
      ${type === 'file' || type === 'password' ? '' : html`value="${options.value ?? ''}"`}
      ${attribute('autocomplete', options.autocomplete)}
      ${attribute('inputmode', options.inputmode)}
      ${attribute('accept', options.accept)}
      ${attribute('maxlength', options.most)}
      ${options.isExact === true ? html`autocapitalize="none" autocorrect="off" spellcheck="false"` : ''}
      ${options.hint === undefined ? '' : html`aria-describedby="${id}-hint"`}
      ${options.note === undefined ? '' : html`aria-describedby="${options.note.id}"`}
      ${options.isRequired === true ? html`required` : ''}
      ${options.isFocused === true ? html`autofocus` : ''}
    />
    ${hint(id, options.hint)} ${note(options.note)}
  </div>`;
}

interface AreaOptions extends Pick<
  FieldOptions,
  'name' | 'label' | 'value' | 'hint' | 'isRequired' | 'most' | 'isExact' | 'id' | 'autocomplete'
> {
  readonly rows: number;
}

/** Several lines to type into. */
export function area(options: AreaOptions): Html {
  const id = options.id ?? `field-${options.name}`;
  // A line break right after the tag is not part of the text, so that a text may begin with one.
  return html`<div class="field">
    <label for="${id}">${options.label}</label>
    <textarea
      id="${id}"
      name="${options.name}"
      rows="${options.rows}"
      ${attribute('autocomplete', options.autocomplete)}
      ${attribute('maxlength', options.most)}
      ${options.isExact === true ? html`autocapitalize="none" autocorrect="off" spellcheck="false"` : ''}
      ${options.hint === undefined ? '' : html`aria-describedby="${id}-hint"`}
      ${options.isRequired === true ? html`required` : ''}
    >
${options.value ?? ''}</textarea>
    ${hint(id, options.hint)}
  </div>`;
}

function attribute(name: string, value: string | number | undefined): Html | '' {
  return value === undefined ? '' : html` ${name}="${value}"`;
}

function hint(id: string, text: string | undefined): Html | '' {
  return text === undefined ? '' : html`<p class="hint" id="${id}-hint">${text}</p>`;
}

function note(said: Note | undefined): Html | '' {
  return said === undefined ? '' : html`<p class="hint" id="${said.id}" data-live>${said.content}</p>`;
}

interface CheckOptions {
  readonly name: string;
  readonly value: string;
  readonly label: unknown;
  readonly id: string;
  readonly isChecked?: boolean;
  readonly isRequired?: boolean;
}

/** A box to tick. */
export function check(options: CheckOptions): Html {
  return choice('checkbox', options);
}

/** One of several to choose from. */
export function radio(options: CheckOptions): Html {
  return choice('radio', options);
}

function choice(type: 'checkbox' | 'radio', options: CheckOptions): Html {
  return html`<div class="choice">
    <input
      type="${type}"
      id="${options.id}"
      name="${options.name}"
      value="${options.value}"
      ${options.isChecked === true ? html`checked` : ''}
      ${options.isRequired === true ? html`required` : ''}
    />
    <label for="${options.id}">${options.label}</label>
  </div>`;
}

interface ButtonOptions {
  readonly icon?: IconName;
  readonly kind?: 'main' | 'plain' | 'danger' | 'quiet';
}

/** The button that posts its form. */
export function submit(label: string, { icon: drawing, kind = 'main' }: ButtonOptions = {}): Html {
  return html`<button class="button ${kind}">${drawing === undefined ? '' : icon(drawing)} ${label}</button>`;
}

/** A link that looks like a button. */
export function linkButton(
  href: string,
  label: string,
  { icon: drawing, kind = 'plain' }: ButtonOptions = {},
): Html {
  return html`<a class="button ${kind}" href="${href}"
    >${drawing === undefined ? '' : icon(drawing)} ${label}</a
  >`;
}

/** Puts an element's text or value into the clipboard; there only where scripts run. */
export function copyButton({ texts }: Look, target: string): Html {
  return html`<button
    type="button"
    class="button plain"
    data-needs-script
    data-copy="#${target}"
    data-copied="${texts.common.copied}"
  >
    ${icon('copy')} <span data-copy-label>${texts.common.copy}</span>
  </button>`;
}

/** A text to take along, and the button that copies it. */
export function copyable(
  look: Look,
  { id, label, value, rows }: { id: string; label: string; value: string; rows?: number },
): Html {
  const control =
    rows === undefined
      ? html`<input id="${id}" type="text" readonly value="${value}" />`
      : html`<textarea id="${id}" rows="${rows}" readonly>${value}</textarea>`;
  return html`<div class="field copyable">
    <label for="${id}">${label}</label>
    <div class="joined">${control} ${copyButton(look, id)}</div>
  </div>`;
}

/** The amount, and of which currency where there are several. `purses` must not be empty. */
export function amountFields(
  look: Look,
  purses: readonly PurseView[],
  values: Values,
  { note: below }: { note?: Note } = {},
): Html {
  const { texts } = look;
  const [only] = purses;
  const isOne = purses.length === 1 && only !== undefined;
  return html`<div class="amounts">
    ${field({
      name: 'amount',
      label: isOne ? `${texts.common.amount} (${only.currency.name})` : texts.common.amount,
      value: values['amount'],
      inputmode: 'decimal',
      autocomplete: 'off',
      isRequired: true,
      note: below,
    })}
    ${
      isOne
        ? html`<input type="hidden" name="currency" value="${only.currency.id}" />`
        : currencySelect(look, purses, values['currency'] ?? '')
    }
  </div>`;
}

/** Which currency: with how much there is of each. */
export function currencySelect(look: Look, purses: readonly PurseView[], chosen: string): Html {
  return html`<div class="field">
    <label for="field-currency">${look.texts.common.currency}</label>
    <select id="field-currency" name="currency">
      ${purses.map(
        ({ currency, available }) =>
          html`<option value="${currency.id}" ${currency.id === chosen ? html`selected` : ''}>
            ${currency.name} (${figure(look.language, available, currency.divisor)})
          </option>`,
      )}
    </select>
  </div>`;
}

/** Where several currencies could be meant: shows the page for another one. Nothing when there is one. */
export function currencySwitch(
  look: Look,
  purses: readonly PurseView[],
  chosen: string,
  button: string,
): Html | '' {
  if (purses.length < 2) return '';
  return html`<form method="get" action="${look.path}" class="inline">
    ${currencySelect(look, purses, chosen)} ${submit(button, { kind: 'plain' })}
  </form>`;
}

/** What a purse has to spend, in words. */
export function availableOf(look: Look, { currency, available }: PurseView): string {
  return money(look, { amount: available, divisor: currency.divisor, currencyName: currency.name });
}

/** Facts, each with its name; without those that are empty. */
export function facts(pairs: readonly (readonly [string, unknown])[]): Html {
  return html`<dl class="facts">
    ${pairs
      .filter(([, value]) => value !== '')
      .map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
  </dl>`;
}

/** What a page says when there is nothing to show. */
export function emptiness(drawing: IconName, title: string, lead: string, actions: unknown = ''): Html {
  return html`<div class="empty">
    ${icon(drawing)}
    <h2>${title}</h2>
    <p>${lead}</p>
    <div class="actions">${actions}</div>
  </div>`;
}
