import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { wording } from './page.ts';
import { ask, fieldsOf } from './passkey-host.ts';
import type { Ceremony, Fields } from './passkey-host.ts';
import { gaveSecret, secretOf, withInput, withoutSecret } from './prf.ts';
import type { Shown } from './prf.ts';

/** Forms `data-passkey="register|signin|second"` are filled in by a passkey; a name field offers those that there are. */
export function begin(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void perform(form, { isOffered: false });
    });
    if (form.dataset['passkey'] === 'signin') void offer(form);
  }
}

/** Lets the browser offer passkeys where the name is typed, if it can and the page has such a field. */
async function offer(form: HTMLFormElement): Promise<void> {
  if (document.querySelector("input[autocomplete$='webauthn']") === null) return;
  if (await browserSupportsWebAuthnAutofill()) await perform(form, { isOffered: true });
}

/** One ceremony from options to the next page. What goes wrong is said beside the form; of a mere offer nothing is. */
async function perform(form: HTMLFormElement, { isOffered }: { readonly isOffered: boolean }): Promise<void> {
  const say = (text: string) => {
    const status = form.querySelector('[data-passkey-status]');
    if (status !== null && !isOffered) status.textContent = text;
  };
  say('');
  if (!browserSupportsWebAuthn()) {
    say(wording(form, 'unsupported'));
    return;
  }
  const ceremony = form.dataset['passkey'] as Ceremony;
  const fields = fieldsOf(form);
  try {
    const asked = await ask(ceremony, 'options', fields);
    if (!asked.ok) {
      say(asked.text);
      return;
    }
    const shown = await CEREMONIES[ceremony](asked.answer, isOffered);
    const told = await ask(ceremony, 'verify', answered(fields, shown));
    if (told.ok) location.assign(wording(form, 'next'));
    else say(told.text);
  } catch (error) {
    const isCancelled = error instanceof Error && /^(NotAllowed|Abort)Error$/.test(error.name);
    say(wording(form, isCancelled ? 'cancelled' : 'failed'));
  }
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
