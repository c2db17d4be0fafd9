/** What an issuer offers, and what the coins promise: in words, for who has not chosen yet. */
import { html } from 'hono/html';
import { promiseLines } from '../../pages/promises.ts';
import { TEXTS } from '../../pages/texts/index.ts';
import type { CipherSuite } from '../../suites/index.ts';
import { TITLE_PATH } from '../title/http-paths.ts';
import type { Offered } from './look.ts';
import { STYLE } from './style.ts';

export function head(title: string) {
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${title}</title>
    <style>
      ${STYLE}
    </style>
  </head>`;
}

/** What a suite promises, a sentence each. */
export function promised({ name, promises }: CipherSuite) {
  const lines = promiseLines(TEXTS.en, {
    ...promises,
    verifiableBy: promises.verifiableBy === 'anyone' ? 'anyone' : 'issuer',
    leftUnblinded: false,
  });
  const all = promises.caution === '' ? lines : [...lines, promises.caution];
  return html`<ul>
      ${all.map((line) => html`<li>${line}</li> `)}
    </ul>
    <p class="quiet">Cipher suite ${name}</p>`;
}

/** Currencies by their addresses; nothing where there is none. */
export function otherCurrencies(offered: readonly Offered[], title: string) {
  if (offered.length === 0) return '';
  return html`<section aria-labelledby="currencies">
    <h2 id="currencies">${title}</h2>
    ${offered.map(
      ({ cdd, suite }) =>
        html`<article>
          <h3><a href="${cdd.cdd_location}">${cdd.currency_name}</a></h3>
          ${cdd.additional_info === '' ? '' : html`<p>${cdd.additional_info}</p>`} ${promised(suite)}
          <pre><code>npx specie wallet add ${cdd.cdd_location}</code></pre>
        </article>`,
    )}
  </section>`;
}

/** Where titles are served beside the currencies; nothing where none are. */
export function titlesLink(hasTitles: boolean) {
  if (!hasTitles) return '';
  return html`<section>
    <h2>Titles</h2>
    <p>
      <a href="${TITLE_PATH}">Titles are kept here too</a>: numbered rights such as shares or tickets, of
      which everybody can look up who holds them.
    </p>
  </section>`;
}

/** The page at the issuer's root where no currency lives there. */
export async function listPage(offered: readonly Offered[], hasTitles: boolean): Promise<string> {
  const document = html`<!doctype html>
    <html lang="en">
      ${head('Currencies issued here')}
      <body>
        <main>
          <header>
            <h1>Currencies issued here</h1>
            <p>Each has an address, which you give to a wallet, and a page with what is in circulation.</p>
          </header>
          ${otherCurrencies(offered, 'To choose from')} ${titlesLink(hasTitles)}
        </main>
      </body>
    </html>`;
  return String(await document);
}
