import { html } from 'hono/html';
import { HOST_LIMITS } from '../host/limits.ts';
import type { AccountView } from '../host/schemas.ts';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { Html, Look, Values } from './look.ts';
import { check, facts, field, form, submit } from './parts.ts';
import { passkeysSection, secondFactorSection } from './settings-passkeys.ts';
import { day, moment } from './wording.ts';

export interface SettingsView {
  readonly account: AccountView;
  /** Whether there is money in any purse. */
  readonly hasMoney: boolean;
  readonly hasTitles: boolean;
}

type Section = readonly [id: string, title: string, content: Html];

export function settingsPage(look: Look, view: SettingsView, values: Values): Html {
  const { settings } = look.texts;
  const { account } = view;
  const sections: readonly Section[] = [
    ['you', settings.you, you(look, account)],
    ['password', settings.passwordTitle, passwordSection(look)],
    ['words', settings.wordsTitle, wordsSection(look)],
    ['passkeys', settings.passkeysTitle, passkeysSection(look, account, values)],
    ['second-factor', settings.factorTitle, secondFactorSection(look, account)],
    ['browsers', settings.browsersTitle, browsersSection(look, account)],
    ['tokens', settings.tokenTitle, tokenSection(look, values)],
    ['files', settings.filesTitle, filesSection(look)],
    ['close', settings.closeTitle, closeSection(look, view)],
  ];
  return page(
    look,
    { title: settings.title },
    html`<h1>${settings.title}</h1>
      <nav class="contents" aria-label="${settings.contents}">
        <ul>
          ${sections.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}
        </ul>
      </nav>
      ${sections.map(
        ([id, title, content]) =>
          html`<section class="card setting" id="${id}" aria-labelledby="${id}-title">
            <h2 id="${id}-title">${title}</h2>
            ${content}
          </section>`,
      )}`,
  );
}

/** The member's password, asked again; `of` tells the fields of several forms apart. */
export function passwordAgain(look: Look, of: string): Html {
  return html`${whosePassword(look, of)}
  ${field({
    name: 'password',
    id: `password-${of}`,
    label: look.texts.settings.password,
    type: 'password',
    autocomplete: 'current-password',
    isRequired: true,
    most: HOST_LIMITS.password,
  })}`;
}

/** Says to password managers whose password it is, and to nobody else: it has no name, so it is not posted. */
function whosePassword({ texts, member = '' }: Look, of: string): Html {
  const id = `whose-${of}`;
  return html`<div class="unseen" aria-hidden="true">
    <label for="${id}">${texts.entry.name}</label>
    <input id="${id}" type="text" value="${member}" autocomplete="username" readonly tabindex="-1" />
  </div>`;
}

function you(look: Look, { name, created, language }: AccountView): Html {
  const { settings } = look.texts;
  const languages = [
    ['', settings.byBrowser, look.language],
    ['en', 'English', 'en'],
    ['de', 'Deutsch', 'de'],
  ] as const;
  return html`${facts([
    [look.texts.entry.name, `${name}@${look.host}`],
    [settings.since, day(look, created)],
  ])}
  ${form(
    look,
    { action: '/settings/language', kind: 'inline' },
    html`<div class="field">
        <label for="field-language">${settings.language}</label>
        <select id="field-language" name="language">
          ${languages.map(
            ([code, label, tongue]) =>
              html`<option value="${code}" lang="${tongue}" ${code === language ? html`selected` : ''}>
                ${label}
              </option>`,
          )}
        </select>
      </div>
      ${submit(settings.save, { kind: 'plain' })}`,
  )}`;
}

function passwordSection(look: Look): Html {
  const { settings, entry } = look.texts;
  return html`<p class="hint">${settings.passwordLead}</p>
    ${form(
      look,
      { action: '/settings/password' },
      html`${whosePassword(look, 'change')}
      ${field({
        name: 'before',
        label: settings.before,
        type: 'password',
        autocomplete: 'current-password',
        isRequired: true,
        most: HOST_LIMITS.password,
      })}
      ${field({
        name: 'after',
        label: settings.after,
        type: 'password',
        hint: entry.passwordHint,
        autocomplete: 'new-password',
        isRequired: true,
        most: HOST_LIMITS.password,
      })}
      ${check({ name: 'tokens', id: 'end-tokens', value: 'end', label: settings.endTokens })}
      ${submit(settings.change, { kind: 'plain' })}`,
    )}`;
}

function wordsSection(look: Look): Html {
  const { settings } = look.texts;
  return html`<p class="hint">${settings.wordsLead}</p>
    ${form(
      look,
      { action: '/settings/words' },
      html`${passwordAgain(look, 'words')} ${submit(settings.showWords, { kind: 'plain' })}`,
    )}`;
}

function browsersSection(look: Look, { sessions }: AccountView): Html {
  const { settings } = look.texts;
  return html`<p class="hint">${settings.browsersLead}</p>
    <ul class="rows">
      ${sessions.map(
        (session) =>
          html`<li>
            <span>
              <b>${settings.kinds[session.kind]}</b> ${session.label}
              <span class="hint"
                >${
                  session.isThis ? settings.thisOne : html`${settings.seen} ${moment(look, session.seen)}`
                }</span
              >
            </span>
            ${
              session.isThis
                ? ''
                : form(
                    look,
                    { action: '/settings/sessions', kind: 'bareform', hidden: { id: session.id } },
                    html`<button class="button plain" aria-label="${settings.end}: ${session.label}">
                      ${settings.end}
                    </button>`,
                  )
            }
          </li>`,
      )}
    </ul>`;
}

function tokenSection(look: Look, values: Values): Html {
  const { settings } = look.texts;
  return html`<p class="hint">${settings.tokenLead}</p>
    ${form(
      look,
      { action: '/settings/tokens' },
      html`${field({
        name: 'label',
        label: settings.tokenLabel,
        value: values['label'],
        autocomplete: 'off',
        isRequired: true,
        most: 80,
      })}
      ${passwordAgain(look, 'tokens')} ${submit(settings.newToken, { kind: 'plain' })}`,
    )}`;
}

function filesSection(look: Look): Html {
  const { settings } = look.texts;
  return html`<p>${settings.filesLead}</p>
    <p class="hint">${settings.filesNote}</p>
    ${form(look, { action: '/settings/files' }, submit(settings.takeAway, { icon: 'file', kind: 'plain' }))}`;
}

function closeSection(look: Look, { hasMoney, hasTitles }: SettingsView): Html {
  const { settings } = look.texts;
  const left = [...(hasMoney ? [settings.closeMoney] : []), ...(hasTitles ? [settings.closeTitles] : [])];
  return html`<p>${settings.closeLead}</p>
    ${
      left.length === 0
        ? ''
        : html`<div class="notice bad">
            ${icon('alert')}
            <div>${left.map((each) => html`<p>${each}</p>`)}</div>
          </div>`
    }
    ${form(
      look,
      { action: '/settings/close' },
      html`${passwordAgain(look, 'close')}
      ${check({ name: 'confirmed', id: 'confirmed', value: 'yes', label: settings.closeConfirm, isRequired: true })}
      ${submit(settings.close, { icon: 'trash', kind: 'danger' })}`,
    )}`;
}
