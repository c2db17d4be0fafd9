import { html } from 'hono/html';
import type { CurrencyView } from '../host/schemas.ts';
import type { Html, Look } from './look.ts';

/** What a currency's suite promises, in plain words. */
export function promises({ texts }: Look, { promises: made }: CurrencyView): Html {
  const { promises: said } = texts;
  return html`<ul class="promises">
    <li>${made.untraceable ? said.untraceable : said.traceable}</li>
    <li>${made.verifiableBy === 'anyone' ? said.anyone : said.issuer}</li>
    <li>${made.safeOffline ? said.offline : said.online}</li>
    ${made.caution === '' ? '' : html`<li class="caution" lang="en">${made.caution}</li>`}
  </ul>`;
}

/** A currency's address: a link only where it is one of the web, since others may have named it. */
export function address(location: string): Html {
  if (!/^https?:\/\//i.test(location)) return html`<span class="address">${location}</span>`;
  return html`<a class="address" href="${location}" rel="noreferrer noopener nofollow">${location}</a>`;
}
