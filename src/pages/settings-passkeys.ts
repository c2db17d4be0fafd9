/** Passkeys and the second factor, within the settings. */
import { html } from 'hono/html';
import type { AccountView } from '../host/schemas.ts';
import { icon } from './icons.ts';
import type { Html, Look, Values } from './look.ts';
import { field, form, submit } from './parts.ts';
import { passwordAgain } from './settings.ts';
import { day } from './wording.ts';

export function passkeysSection(look: Look, { passkeys }: AccountView, values: Values): Html {
  const { settings } = look.texts;
  return html`<p class="hint">${settings.passkeysLead}</p>
    ${passkeys.length === 0 ? html`<p class="quiet">${settings.noPasskeys}</p>` : list(look, passkeys)}
    <h3>${settings.addPasskeyTitle}</h3>
    ${adding(look, values)}
    <p class="hint without-script">${settings.passkeyNoScript}</p>`;
}

/** Each is removed against the password: one form for all, in which each has its button. */
function list(look: Look, passkeys: AccountView['passkeys']): Html {
  const { settings } = look.texts;
  return form(
    look,
    { action: '/settings/passkeys' },
    html`${passwordAgain(look, 'passkeys')}
      <ul class="rows">
        ${passkeys.map(
          ({ credential, name, created, opens }) =>
            html`<li>
              <span>
                <b>${name}</b>
                <span class="hint"
                  >${opens ? settings.opens : settings.second}, ${settings.created}
                  ${day(look, created)}</span
                >
              </span>
              <button
                class="button plain"
                name="credential"
                value="${credential}"
                aria-label="${settings.removePasskey}: ${name}"
              >
                ${settings.removePasskey}
              </button>
            </li>`,
        )}
      </ul>`,
  );
}

/** A script takes the fields to `/passkeys/register/…`: the form has no button that posts it, so it is never posted. */
function adding(look: Look, values: Values): Html {
  const { settings, entry } = look.texts;
  return html`<div data-needs-script>
    ${form(
      look,
      { action: '/settings/passkeys' },
      html`${field({
          name: 'name',
          id: 'passkey-name',
          label: settings.passkeyName,
          value: values['name'],
          autocomplete: 'off',
          isRequired: true,
          most: 60,
        })}
        ${passwordAgain(look, 'register')}
        <div class="passkey" data-passkey="register" data-passkey-next="/settings?done=passkeyAdded">
          <button type="button" class="button plain" data-passkey-start>
            ${icon('key')} ${settings.addPasskey}
          </button>
          <p
            class="hint"
            role="status"
            data-passkey-status
            data-passkey-busy="${entry.passkeyBusy}"
            data-passkey-failed="${entry.passkeyFailed}"
          ></p>
        </div>`,
    )}
  </div>`;
}

export function secondFactorSection(look: Look, { secondFactor, passkeys }: AccountView): Html {
  const { settings } = look.texts;
  const said = html`<p>${secondFactor ? settings.factorOn : settings.factorOff}</p>`;
  if (passkeys.length === 0 && !secondFactor)
    return html`${said}
      <p class="hint">${settings.factorNeeds}</p>`;
  return html`${said}
  ${form(
    look,
    { action: '/settings/second-factor', hidden: { on: secondFactor ? 'no' : 'yes' } },
    html`${passwordAgain(look, 'factor')}
    ${submit(secondFactor ? settings.switchOff : settings.switchOn, { kind: 'plain' })}`,
  )}`;
}
