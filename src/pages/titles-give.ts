/** Giving titles away: by their numbers, or an amount. */
import { html } from 'hono/html';
import { HOST_LIMITS } from '../host/limits.ts';
import type { TitleClassView, TitleView } from '../host/titles/schemas.ts';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { Html, Look, Values } from './look.ts';
import { area, check, emptiness, field, form, linkButton, radio, submit } from './parts.ts';
import { worth } from './titles-parts.ts';
import type { GiveDesk } from './views.ts';
import { counted, figure } from './wording.ts';

/** Up to so many a person rather ticks than types. */
const TICKED = 12;
/** So many boxes stand on a page. */
const MOST_SHOWN = 100;

export function giveTitlesPage(look: Look, { view, titleClass: chosen }: GiveDesk, values: Values): Html {
  const { giveTitles, titleServers, titles } = look.texts;
  const free = view.titles.filter(({ state, condition }) => state === 'held' && condition === null);
  const classes = view.classes.filter(({ id }) => free.some((each) => each.titleClass === id));
  const titleClass = classes.find(({ id }) => id === chosen) ?? classes[0];
  return page(
    look,
    { title: giveTitles.title },
    html`<a class="back" href="/titles">${icon('back')} <span>${titleServers.back}</span></a>
      <h1>${giveTitles.title}</h1>
      ${
        titleClass === undefined
          ? emptiness(
              'titles',
              titles.none,
              titles.noneLead,
              linkButton('/titles/receive', titles.receive, { icon: 'receive', kind: 'main' }),
            )
          : html`${classSwitch(look, classes, titleClass.id)}
            ${giveForm(
              look,
              titleClass,
              free.filter((each) => each.titleClass === titleClass.id),
              values,
            )}`
      }`,
  );
}

/** Where there are several classes: shows the page for another one. */
function classSwitch(look: Look, classes: readonly TitleClassView[], chosen: string): Html | '' {
  if (classes.length < 2) return '';
  const { giveTitles } = look.texts;
  return html`<form method="get" action="/titles/give" class="inline">
    <div class="field">
      <label for="field-class">${giveTitles.what}</label>
      <select id="field-class" name="class">
        ${classes.map(
          ({ id, name }) =>
            html`<option value="${id}" ${id === chosen ? html`selected` : ''}>${name}</option>`,
        )}
      </select>
    </div>
    ${submit(giveTitles.change, { kind: 'plain' })}
  </form>`;
}

function giveForm(look: Look, titleClass: TitleClassView, mine: readonly TitleView[], values: Values): Html {
  const { giveTitles } = look.texts;
  const total = mine.reduce((sum, { denomination }) => sum + denomination, 0);
  return form(
    look,
    { action: '/titles/give', isOnce: true, kind: 'stack card', hidden: { class: titleClass.id } },
    html`<p class="give-what">
        <b>${titleClass.name}</b> <span class="quiet">${worth(look, total, titleClass)}</span>
      </p>
      ${field({
        name: 'to',
        label: giveTitles.to,
        value: values['to'],
        hint: giveTitles.toHint,
        isExact: true,
        isRequired: true,
        autocomplete: 'off',
        most: HOST_LIMITS.titleAddress,
      })}
      ${choice(look, titleClass, mine, values)}
      ${field({
        name: 'subject',
        label: giveTitles.subject,
        value: values['subject'],
        autocomplete: 'off',
        most: HOST_LIMITS.subject,
      })}
      ${area({
        name: 'text',
        label: giveTitles.text,
        value: values['text'],
        rows: 3,
        most: HOST_LIMITS.text,
      })}
      ${submit(giveTitles.send, { icon: 'sent' })}
      <p class="hint">${giveTitles.final}</p>`,
  );
}

/** An amount, or titles by their numbers. */
function choice(look: Look, titleClass: TitleClassView, mine: readonly TitleView[], values: Values): Html {
  const { giveTitles } = look.texts;
  const how = values['how'] ?? (mine.length <= TICKED ? 'titles' : 'amount');
  return html`<fieldset>
      <legend>${giveTitles.how}</legend>
      ${radio({
        name: 'how',
        id: 'how-titles',
        value: 'titles',
        label: giveTitles.byTitles,
        isChecked: how === 'titles',
      })}
      ${radio({
        name: 'how',
        id: 'how-amount',
        value: 'amount',
        label: giveTitles.byAmount,
        isChecked: how === 'amount',
      })}
    </fieldset>
    ${tickable(look, mine, values)}
    <div class="only-amount">
      ${field({
        name: 'amount',
        label: giveTitles.amount(titleClass.unit),
        value: values['amount'],
        hint: giveTitles.amountHint,
        inputmode: 'numeric',
        autocomplete: 'off',
      })}
    </div>`;
}

function tickable(look: Look, mine: readonly TitleView[], values: Values): Html {
  const { giveTitles, titles } = look.texts;
  const ticked = new Set((values['titles'] ?? '').split(','));
  const shown = mine.slice(0, MOST_SHOWN);
  return html`<fieldset class="only-titles">
    <legend>${giveTitles.choose}</legend>
    <div class="ticks">
      ${shown.map(({ serial, denomination }) =>
        check({
          name: 'titles',
          id: `title-${String(serial)}`,
          value: String(serial),
          isChecked: ticked.has(String(serial)),
          label: html`${titles.number(String(serial))}
            <span class="hint">${titles.worth(figure(look.language, denomination, 1))}</span>`,
        }),
      )}
    </div>
    ${
      mine.length > HOST_LIMITS.titlesAtOnce
        ? html`<p class="hint">
            ${giveTitles.many(counted(look.language, HOST_LIMITS.titlesAtOnce), counted(look.language, shown.length))}
          </p>`
        : ''
    }
  </fieldset>`;
}
