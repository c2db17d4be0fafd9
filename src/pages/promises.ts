import { html } from 'hono/html';
import type { CurrencyView } from '../host/schemas.ts';
import type { Html, Look } from './look.ts';
import type { Texts } from './texts/index.ts';

type Made = CurrencyView['promises'];

/** What a suite promises, a sentence each; without its caution. */
export function promiseLines({ promises: said }: Pick<Texts, 'promises'>, made: Made): readonly string[] {
  return [
    made.untraceable ? said.untraceable : made.leftUnblinded ? said.leftUnblinded : said.traceable,
    made.verifiableBy === 'anyone' ? said.anyone : said.issuer,
    made.safeOffline ? said.offline : said.online,
    ...(made.rounds === 2 ? [said.twoRounds] : []),
  ];
}

/** What a currency's suite promises, in plain words. */
export function promises({ texts }: Look, { suite, promises: made }: CurrencyView): Html {
  return html`<ul class="promises">
    ${promiseLines(texts, made).map((line) => html`<li>${line}</li> `)}${caution(texts, suite, made)}
  </ul>`;
}

/** In the reader's language as far as somebody has put it into it. */
function caution({ promises: { cautions } }: Texts, suite: string, { caution: own }: Made): Html | '' {
  if (own === '') return '';
  const said = Object.hasOwn(cautions, suite) ? cautions[suite] : undefined;
  return said === undefined
    ? html`<li class="caution" lang="en">${own}</li>`
    : html`<li class="caution">${said}</li>`;
}

/** A currency's address: a link only where it is one of the web, since others may have named it. */
export function address(location: string): Html {
  if (!/^https?:\/\//i.test(location)) return html`<span class="address">${location}</span>`;
  return html`<a class="address" href="${location}" rel="noreferrer noopener nofollow">${location}</a>`;
}
