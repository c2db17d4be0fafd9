/** The frame around every page. */
import { html } from 'hono/html';
import type { Objection } from '../host/objections.ts';
import { TAB_ICON, icon, mark } from './icons.ts';
import type { IconName } from './icons.ts';
import type { Html, Look } from './look.ts';
import { form } from './parts.ts';
import { objectionDetails, objectionText } from './wording.ts';

interface Frame {
  readonly title: string;
  /** wide: a list and what is read of it beside each other. bare: nothing around it, as on paper. */
  readonly shape?: 'narrow' | 'wide' | 'bare';
}

type Place =
  | 'inbox'
  | 'sent'
  | 'receive'
  | 'request'
  | 'purse'
  | 'history'
  | 'buy'
  | 'redeem'
  | 'currencies'
  | 'titles'
  | 'settings';

const LETTERS: readonly Place[] = ['inbox', 'sent', 'receive', 'request'];
const MONEY: readonly Place[] = ['purse', 'buy', 'redeem', 'history', 'currencies', 'titles'];
const BEYOND_BAR: readonly Place[] = [
  'sent',
  'request',
  'history',
  'buy',
  'redeem',
  'currencies',
  'titles',
  'settings',
];

/** A whole page: for who is signed in with the ways to all others, else with the door alone. */
export function page(look: Look, frame: Frame, content: unknown): Html {
  const isIn = look.member !== undefined && frame.shape !== 'bare';
  const title =
    look.unread > 0 && look.member !== undefined ? `(${String(look.unread)}) ${frame.title}` : frame.title;
  return html`<!doctype html>
    <html lang="${look.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <meta name="theme-color" content="#fbfaf6" media="(prefers-color-scheme: light)" />
        <meta name="theme-color" content="#14201f" media="(prefers-color-scheme: dark)" />
        <title>${title} – ${look.host}</title>
        <link rel="icon" href="${TAB_ICON}" />
        <link rel="stylesheet" href="${look.assets('style.css')}" />
        <script type="module" src="${look.assets('browser/start.ts')}"></script>
      </head>
      <body
        class="${isIn ? 'inside' : 'outside'} ${frame.shape ?? 'narrow'}"
        ${look.member === undefined ? '' : html`data-member`}
      >
        <a class="skip" href="#main">${look.texts.nav.skip}</a>
        ${isIn ? inside(look) : doorway(look)}
        <main id="main" tabindex="-1">${notice(look)} ${content}</main>
        ${isIn ? bar(look) : ''}
        <div id="news" class="news" role="status" data-news></div>
      </body>
    </html>`;
}

function doorway(look: Look): Html {
  return html`<header class="door">
    <a class="brand" href="/">${mark()} <span>Specie</span></a>
    <span class="where">${look.host}</span>
  </header>`;
}

function inside(look: Look): Html {
  const { nav } = look.texts;
  return html`<header class="top">
      <a class="brand" href="/inbox">${mark()} <span>Specie</span></a>
      <span class="where">${look.member}<span class="quiet">@${look.host}</span></span>
    </header>
    <nav class="rail" aria-label="${nav.main}">
      <a class="button main compose" href="/compose" ${current(look, '/compose')}
        >${icon('compose')} ${nav.compose}</a
      >
      <ul>
        ${LETTERS.map((place) => railItem(look, place))}
      </ul>
      <p class="group" aria-hidden="true">${nav.group}</p>
      <ul>
        ${MONEY.map((place) => railItem(look, place))}
      </ul>
      <ul class="last">
        ${railItem(look, 'settings')}
        <li>${signOut(look)}</li>
      </ul>
    </nav>`;
}

function railItem(look: Look, place: Place): Html {
  return html`<li>
    <a href="/${place}" ${current(look, `/${place}`)}>
      ${icon(place)} <span>${look.texts.nav[place]}</span> ${place === 'inbox' ? badge(look, 'rail') : ''}
    </a>
  </li>`;
}

function badge(look: Look, where: string): Html {
  const said =
    look.unread === 0
      ? ''
      : html`<span class="count" aria-hidden="true">${look.unread}</span
          ><span class="unseen">${look.texts.nav.unread(look.unread)}</span>`;
  return html`<span id="unread-${where}" class="badge" data-live>${said}</span>`;
}

/** The page itself, or the one that it belongs to. */
function current({ path }: Look, href: string): Html | '' {
  if (path === href) return html`aria-current="page"`;
  return path.startsWith(`${href}/`) ? html`aria-current="true"` : '';
}

/** At the bottom of a phone: what a thumb needs, and a drawer with the rest that opens without a script. */
function bar(look: Look): Html {
  const { nav } = look.texts;
  const item = (href: string, drawing: IconName, label: string, extra: unknown = '') =>
    html`<a href="${href}" ${current(look, href)}>${icon(drawing)} <span>${label}</span> ${extra}</a>`;
  return html`<nav class="bar" aria-label="${nav.main}">
      ${item('/inbox', 'inbox', nav.inbox, badge(look, 'bar'))} ${item('/compose', 'compose', nav.compose)}
      ${item('/receive', 'receive', nav.receive)} ${item('/purse', 'purse', nav.purse)}
      <button type="button" popovertarget="more">${icon('more')} <span>${nav.more}</span></button>
    </nav>
    <nav class="drawer" id="more" popover aria-label="${nav.more}">
      <ul>
        ${BEYOND_BAR.map(
          (place) =>
            html`<li>
              <a href="/${place}" ${current(look, `/${place}`)}>${icon(place)} <span>${nav[place]}</span></a>
            </li>`,
        )}
        <li>${signOut(look)}</li>
      </ul>
    </nav>`;
}

function signOut(look: Look): Html {
  return form(
    look,
    { action: '/signout', kind: 'bareform' },
    html`<button class="row">${icon('signOut')} <span>${look.texts.nav.signOut}</span></button>`,
  );
}

function notice({ notice: said, texts, language }: Look): Html | '' {
  if (said === undefined) return '';
  if (said.kind === 'done') {
    return html`<div class="notice good" role="status">
      ${icon('check')}
      <p>${texts.done[said.key]}</p>
    </div>`;
  }
  const { objection } = said;
  const details = objectionDetails(objection);
  const way = wayOn(texts, objection);
  return html`<div class="notice bad" role="alert">
    ${icon('alert')}
    <div>
      <p>${objectionText(language, objection)}</p>
      ${way === undefined ? '' : html`<p><a href="${way.href}">${way.label}</a></p>`}
      ${details === '' ? '' : html`<p class="details" lang="en">${details}</p>`}
    </div>
  </div>`;
}

/** Where what was tried can be done, where that is another page. */
function wayOn({ receiveTitles }: Look['texts'], { name }: Objection) {
  return name === 'are titles' ? { href: '/titles/receive', label: receiveTitles.title } : undefined;
}
