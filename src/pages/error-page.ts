import { html } from 'hono/html';
import type { Objection } from '../host/objections.ts';
import { page } from './layout.ts';
import type { Html, Look } from './look.ts';
import { linkButton } from './parts.ts';
import { objectionDetails, objectionText } from './wording.ts';

/** For what cannot be said above the page that it belongs to. */
export function errorPage(look: Look, objection: Objection): Html {
  const { error } = look.texts;
  const details = objectionDetails(objection);
  return oops(
    look,
    error.title,
    html`<p>${objectionText(look.language, objection)}</p>
      ${details === '' ? '' : html`<p class="details">${error.details}: <span lang="en">${details}</span></p>`}`,
  );
}

export function notFoundPage(look: Look): Html {
  const { error } = look.texts;
  return oops(look, error.notFound, html`<p>${error.notFoundLead}</p>`);
}

/** After a mistake of ours; `isMoney`: what was asked for moves money, and may have. */
export function brokenPage(look: Look, isMoney: boolean): Html {
  const { error, nav } = look.texts;
  const history = isMoney && look.member !== undefined;
  return oops(
    look,
    error.broken,
    html`<p>${isMoney ? error.brokenMoney : error.brokenLead}</p>
      ${history ? html`<p class="actions">${linkButton('/history', nav.history, { icon: 'history' })}</p>` : ''}`,
  );
}

function oops(look: Look, title: string, content: Html): Html {
  const { error } = look.texts;
  const home = look.member === undefined ? linkButton('/', error.home) : linkButton('/inbox', error.inbox);
  return page(
    look,
    { title },
    html`<section class="card slim">
      <h1>${title}</h1>
      ${content}
      <p class="actions">${home}</p>
    </section>`,
  );
}
