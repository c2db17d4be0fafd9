/** Whose a title is: by what somebody shows, or by its number. */
import { html } from 'hono/html';
import type { TitleClassView, TitleLookView } from '../host/titles/schemas.ts';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { Html, Look, Values } from './look.ts';
import { facts, field, form, submit } from './parts.ts';
import { pseudonym } from './titles-parts.ts';
import { handoverForm } from './titles-receive.ts';
import type { VerifyDesk } from './views.ts';
import { counted, figure, fullMoment } from './wording.ts';

/** So many classes are there to choose from; a handover verifies whatever its class is. */
const MOST_CLASSES = 200;

export function verifyTitlesPage(look: Look, { classes, looks }: VerifyDesk, values: Values): Html {
  const { verifyTitles, titleServers } = look.texts;
  return page(
    look,
    { title: verifyTitles.title },
    html`<a class="back" href="/titles">${icon('back')} <span>${titleServers.back}</span></a>
      <h1>${verifyTitles.title}</h1>
      ${
        looks === undefined
          ? html`<p class="lead">${verifyTitles.lead}</p>
              ${byNumber(look, classes, values)}
              <section class="part" aria-labelledby="by-handover">
                <h2 id="by-handover">${verifyTitles.byHandover}</h2>
                <div class="card" data-drop="#verify">
                  ${handoverForm(look, { action: '/titles/verify', id: 'verify', isOnce: false }, values)}
                </div>
              </section>`
          : html`${looks.map((each) => found(look, each))}
              <p><a href="/titles/verify">${verifyTitles.again}</a></p>`
      }`,
  );
}

function byNumber(look: Look, classes: readonly TitleClassView[], values: Values): Html {
  const { verifyTitles } = look.texts;
  return html`<section class="part" aria-labelledby="by-number">
    <h2 id="by-number">${verifyTitles.byNumber}</h2>
    ${
      classes.length === 0
        ? html`<p class="quiet">${verifyTitles.noClass}</p>`
        : form(
            look,
            { action: '/titles/verify', kind: 'stack card' },
            html`<div class="amounts">
                <div class="field">
                  <label for="field-class">${verifyTitles.class}</label>
                  <select id="field-class" name="class">
                    ${classes
                      .slice(0, MOST_CLASSES)
                      .map(
                        ({ id, name }) =>
                          html`<option value="${id}" ${id === values['class'] ? html`selected` : ''}>
                            ${name}
                          </option>`,
                      )}
                  </select>
                </div>
                ${field({
                  name: 'serial',
                  label: verifyTitles.serial,
                  value: values['serial'],
                  inputmode: 'numeric',
                  autocomplete: 'off',
                  isRequired: true,
                })}
              </div>
              ${submit(verifyTitles.button, { icon: 'search' })}`,
          )
    }
  </section>`;
}

function found(look: Look, one: TitleLookView): Html {
  const { verifyTitles, titles } = look.texts;
  const { titleClass, serial, denomination, holder, sequence, isOwn, isCurrent, condition } = one;
  const id = `found-${titleClass.id.slice(0, 12)}-${String(serial)}`;
  return html`<article class="card" aria-labelledby="${id}">
    <h2 id="${id}">${titleClass.name}, ${titles.number(String(serial))}</h2>
    <div class="notice ${isCurrent ? 'good' : 'bad'}">
      ${icon(isCurrent ? 'check' : 'alert')}
      <div>
        ${isCurrent ? html`<p><b>${isOwn ? verifyTitles.mine : verifyTitles.theirs}</b></p>` : ''}
        <p>${isCurrent ? verifyTitles.current : verifyTitles.outdated}</p>
      </div>
    </div>
    ${facts([
      [verifyTitles.worth, figure(look.language, denomination, 1)],
      [verifyTitles.holder, pseudonym(holder)],
      [verifyTitles.sequence, verifyTitles.times(sequence, counted(look.language, sequence))],
      [verifyTitles.bound, condition === null ? '' : fullMoment(look, condition.until)],
      [titles.entitles, titleClass.entitles],
    ])}
  </article>`;
}
