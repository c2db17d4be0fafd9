/** The door: welcome, sign in, sign up, and ways back in. */
import { html } from 'hono/html';
import { HOST_LIMITS } from '../host/limits.ts';
import { pile } from './coins.ts';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { Html, Look, Values } from './look.ts';
import { area, field, form, linkButton, submit } from './parts.ts';

/** What the first page is adorned with: each coin worth two of the one before, drawn as if it were worth far more. */
const TREASURE = [
  { denomination: 5, divisor: 100, coins: 8, face: '1' },
  { denomination: 25, divisor: 100, coins: 5, face: '2' },
  { denomination: 150, divisor: 100, coins: 7, face: '4' },
  { denomination: 700, divisor: 100, coins: 4, face: '8' },
  { denomination: 2500, divisor: 100, coins: 6, face: '16' },
  { denomination: 15000, divisor: 100, coins: 3, face: '32' },
];

/** The first page for who is not signed in. */
export function welcomePage(look: Look, values: Values): Html {
  const { entry } = look.texts;
  return page(
    look,
    { title: entry.welcome },
    html`<div class="welcome">
      <section>
        <h1>${entry.welcome}</h1>
        <p class="lead">${entry.lead}</p>
        <ul class="points">
          ${entry.points.map((point) => html`<li>${icon('check')} <span>${point}</span></li>`)}
        </ul>
        <p class="actions">${linkButton('/signup', entry.signUp, { kind: 'main' })}</p>
        <div class="treasure" aria-hidden="true">${TREASURE.map((each) => pile(each))}</div>
      </section>
      <section class="card" aria-labelledby="sign-in">
        <h2 id="sign-in">${entry.signIn}</h2>
        ${signInForm(look, values)} ${forgotten(look)}
      </section>
    </div>`,
  );
}

export function signInPage(look: Look, values: Values): Html {
  const { entry } = look.texts;
  return page(
    look,
    { title: entry.signIn },
    html`<section class="card slim">
      <h1>${entry.signIn}</h1>
      ${carried(look, values)} ${signInForm(look, values)} ${forgotten(look)}
      ${otherDoor(look, values, { action: '/signup', question: entry.newHere, answer: entry.signUp })}
    </section>`,
  );
}

/** A new wallet, or one whose twelve words are brought along. */
export function signUpPage(look: Look, values: Values): Html {
  const { entry } = look.texts;
  return page(
    look,
    { title: entry.signUp },
    html`<section class="card slim">
      <h1>${entry.signUp}</h1>
      ${carried(look, values)} ${signUpForm(look, values)}
      ${otherDoor(look, values, { action: '/signin', question: entry.hasWallet, answer: entry.signIn })}
    </section>`,
  );
}

/**
 * Name and password, and a passkey where there is one. What is carried along, `text` and `next`, goes with it.
 */
export function signInForm(look: Look, values: Values, label = look.texts.entry.signIn): Html {
  const { entry } = look.texts;
  return html`${form(
    look,
    { action: '/signin', hidden: along(values) },
    html`${field({
      name: 'name',
      id: 'sign-in-name',
      label: entry.name,
      value: values['name'],
      autocomplete: 'username webauthn',
      isRequired: true,
      isExact: true,
      most: HOST_LIMITS.name,
    })}
    ${field({
      name: 'password',
      id: 'sign-in-password',
      label: entry.password,
      type: 'password',
      autocomplete: 'current-password',
      isRequired: true,
      most: HOST_LIMITS.password,
    })}
    ${submit(label)}`,
  )}
  ${passkeyButton(look, { doing: 'signin', label: entry.withPasskey, next: values['next'] ?? '', kind: 'plain' })}`;
}

export function signUpForm(look: Look, values: Values, label = look.texts.entry.signUp): Html {
  const { entry } = look.texts;
  const phrase = values['phrase'] ?? '';
  return form(
    look,
    { action: '/signup', hidden: along(values) },
    html`${field({
        name: 'name',
        id: 'sign-up-name',
        label: entry.name,
        value: values['name'],
        hint: entry.nameHint,
        autocomplete: 'username',
        isRequired: true,
        isExact: true,
        most: HOST_LIMITS.name,
      })}
      ${field({
        name: 'password',
        id: 'sign-up-password',
        label: entry.password,
        type: 'password',
        hint: entry.passwordHint,
        autocomplete: 'new-password',
        isRequired: true,
        most: HOST_LIMITS.password,
      })}
      <details class="more" ${phrase === '' ? '' : html`open`}>
        <summary>${entry.bring}</summary>
        ${area({
          name: 'phrase',
          id: 'sign-up-phrase',
          label: entry.words,
          hint: entry.bringHint,
          value: phrase,
          rows: 3,
          isExact: true,
          autocomplete: 'off',
          most: HOST_LIMITS.phrase,
        })}
      </details>
      ${submit(label)}`,
  );
}

/** After the password, while the passkey is missing. */
export function secondFactorPage(look: Look, { name }: { name: string }, values: Values): Html {
  const { second, nav } = look.texts;
  return page(
    look,
    { title: second.title },
    html`<section class="card slim">
      <h1>${second.title}</h1>
      <p>${second.lead(name)}</p>
      ${carried(look, values)}
      ${passkeyButton(look, { doing: 'second', label: second.button, next: values['next'] ?? '', kind: 'main' })}
      ${afterPasskey(look, values)}
      <p class="without-script">${second.noScript}</p>
      <p>${second.lost} <a href="/recover">${second.recover}</a></p>
      ${form(look, { action: '/signout', kind: 'bareform' }, submit(nav.signOut, { kind: 'quiet' }))}
    </section>`,
  );
}

export function recoverPage(look: Look, values: Values): Html {
  const { entry, recover } = look.texts;
  return page(
    look,
    { title: recover.title },
    html`<section class="card slim">
      <h1>${recover.title}</h1>
      <p>${recover.lead}</p>
      ${form(
        look,
        { action: '/recover' },
        html`${field({
          name: 'name',
          label: entry.name,
          value: values['name'],
          autocomplete: 'username',
          isRequired: true,
          isExact: true,
          most: HOST_LIMITS.name,
        })}
        ${area({
          name: 'phrase',
          label: entry.words,
          hint: recover.wordsHint,
          value: values['phrase'],
          rows: 3,
          isRequired: true,
          isExact: true,
          autocomplete: 'off',
          most: HOST_LIMITS.phrase,
        })}
        ${field({
          name: 'password',
          label: entry.newPassword,
          type: 'password',
          hint: entry.passwordHint,
          autocomplete: 'new-password',
          isRequired: true,
          most: HOST_LIMITS.password,
        })}
        ${submit(recover.button)}`,
      )}
      <p><a href="/signin">${entry.signIn}</a></p>
    </section>`,
  );
}

export function signedOutPage(look: Look): Html {
  const { signedOut } = look.texts;
  return said(
    look,
    signedOut.title,
    signedOut.lead,
    linkButton('/signin', signedOut.again, { kind: 'main' }),
  );
}

/** After a wallet was closed for good. */
export function closedPage(look: Look): Html {
  const { closed } = look.texts;
  return said(look, closed.title, closed.lead, linkButton('/', closed.home));
}

function said(look: Look, title: string, lead: string, action: Html): Html {
  return page(
    look,
    { title },
    html`<section class="card slim">
      <h1>${title}</h1>
      <p>${lead}</p>
      <p class="actions">${action}</p>
    </section>`,
  );
}

interface PasskeyUse {
  readonly doing: 'signin' | 'second';
  readonly label: string;
  /** Where to go on to. */
  readonly next: string;
  readonly kind: 'main' | 'plain';
}

/** Talks to `/passkeys/…/options` and `/passkeys/…/verify`; there only where scripts run. */
function passkeyButton({ texts }: Look, { doing, label, next, kind }: PasskeyUse): Html {
  const { entry } = texts;
  return html`<div class="passkey" data-needs-script data-passkey="${doing}" data-passkey-next="${next}">
    <button type="button" class="button ${kind}" data-passkey-start>${icon('key')} ${label}</button>
    <p
      class="hint"
      role="status"
      data-passkey-status
      data-passkey-busy="${entry.passkeyBusy}"
      data-passkey-failed="${entry.passkeyFailed}"
    ></p>
  </div>`;
}

/** The coins that somebody came with: a script hands them in once the passkey was right. */
function afterPasskey(look: Look, { text = '' }: Values): Html | '' {
  if (text === '') return '';
  return form(look, { action: '/receive/look', id: 'after-passkey', kind: 'bareform', hidden: { text } }, '');
}

function forgotten({ texts }: Look): Html {
  return html`<p><a href="/recover">${texts.entry.forgot}</a></p>`;
}

/** What somebody brought to the door and must not lose there: coins, or a page to go on to. */
function along(values: Values): Values {
  return { text: values['text'] ?? '', next: values['next'] ?? '' };
}

function carried({ texts }: Look, values: Values): Html | '' {
  if ((values['text'] ?? '') === '') return '';
  return html`<p class="notice calm">${icon('purse')} <span>${texts.entry.carried}</span></p>`;
}

/** To the other door. Coins never go in an address: with some, both doors are back at the offer. */
function otherDoor(look: Look, values: Values, { action, question, answer }: OtherDoor): Html {
  const { text = '', next = '' } = values;
  if (text === '') {
    const href = next === '' ? action : `${action}?next=${encodeURIComponent(next)}`;
    return html`<p class="door-change">${question} <a href="${href}">${answer}</a></p>`;
  }
  return form(
    look,
    { action: '/receive/look', kind: 'inline door-change', hidden: { text } },
    html`<span>${question}</span> ${submit(answer, { kind: 'quiet' })}`,
  );
}

interface OtherDoor {
  readonly action: '/signin' | '/signup';
  readonly question: string;
  readonly answer: string;
}
