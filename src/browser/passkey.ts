import {
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { wording } from './page.ts';
import { ask, fieldsAround, isCeremony } from './passkey-host.ts';
import type { Ceremony, Fields } from './passkey-host.ts';
import { gaveSecret, secretOf, withInput, withoutSecret } from './prf.ts';
import type { Shown } from './prf.ts';

/** What is within `data-passkey="register|signin|second"`; and where a name is typed, the passkeys that there are. */
export function begin(): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-passkey]')) {
    const ceremony = wording(place, 'passkey');
    if (!isCeremony(ceremony)) continue;
    place.querySelector('[data-passkey-start]')?.addEventListener('click', () => {
      if (place.closest('form')?.reportValidity() !== false) void perform(place, ceremony, false);
    });
    if (ceremony === 'signin') void offer(place);
  }
}

/** Lets the browser offer passkeys where the name is typed, if it can and the page has such a field. */
async function offer(place: HTMLElement): Promise<void> {
  if (document.querySelector("input[autocomplete$='webauthn']") === null) return;
  if (await browserSupportsWebAuthnAutofill()) await perform(place, 'signin', true);
}

/** One ceremony, and on to the next page. What goes wrong is said beside the button; of a mere offer nothing is said. */
async function perform(place: HTMLElement, ceremony: Ceremony, isOffered: boolean): Promise<void> {
  const status = place.querySelector<HTMLElement>('[data-passkey-status]');
  const say = (name: string, text = '') => {
    if (status !== null && !isOffered) status.textContent = text === '' ? wording(status, name) : text;
  };
  say('passkeyBusy');
  try {
    const fields = fieldsAround(place);
    const options = await ask(ceremony, 'options', fields);
    const shown = options.isOk ? await CEREMONIES[ceremony](options.answer, isOffered) : undefined;
    const told = shown === undefined ? options : await ask(ceremony, 'verify', answered(fields, shown));
    if (told.isOk) goOn(place, told.answer);
    else say('passkeyFailed', told.text);
  } catch {
    // Cancelled, no passkey for this host, no network: the person may try again, or go on without.
    say('passkeyFailed');
  }
}

/** On to the next page; or to the coins that somebody came with, which a form of the page carries. */
function goOn(place: HTMLElement, answer: { readonly csrf?: string }): void {
  const text = document.querySelector<HTMLInputElement>('input[type=hidden][name=text]')?.value ?? '';
  if (text === '' || answer.csrf === undefined) location.assign(wording(place, 'passkeyNext') || '/inbox');
  else post('/receive/look', { csrf: answer.csrf, text });
}

function post(action: string, values: Fields): void {
  const form = Object.assign(document.createElement('form'), { method: 'post', action });
  for (const [name, value] of Object.entries(values))
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  document.body.append(form);
  form.submit();
}

const CEREMONIES: Readonly<Record<Ceremony, (options: unknown, isOffered: boolean) => Promise<Shown>>> = {
  register,
  signin: show,
  second: show,
};

function show(options: unknown, isOffered: boolean): Promise<Shown> {
  const optionsJSON = withInput(options as PublicKeyCredentialRequestOptionsJSON);
  return startAuthentication({ optionsJSON, useBrowserAutofill: isOffered });
}

/**
 * A new passkey. Most give their secret only when they are shown, not when they are made, so it is shown once right away;
 * of that showing nothing but the secret is used.
 */
async function register(options: unknown): Promise<Shown> {
  const optionsJSON = withInput(options as PublicKeyCredentialCreationOptionsJSON);
  const made = await startRegistration({ optionsJSON });
  const { prf } = made.clientExtensionResults as { prf?: { enabled?: boolean } };
  if (secretOf(made) !== undefined || prf?.enabled !== true) return made;
  const { challenge, rp, extensions } = optionsJSON;
  const shown = await startAuthentication({
    optionsJSON: {
      challenge,
      ...(rp.id === undefined ? {} : { rpId: rp.id }),
      allowCredentials: [{ id: made.id, type: 'public-key' }],
      userVerification: 'required',
      ...(extensions === undefined ? {} : { extensions }),
    },
  });
  return gaveSecret(made, shown);
}

function answered(fields: Fields, shown: Shown): Readonly<Record<string, unknown>> {
  const prf = secretOf(shown);
  return { ...fields, response: withoutSecret(shown), ...(prf === undefined ? {} : { prf }) };
}
