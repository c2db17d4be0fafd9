/** The page about titles for people: which classes there are, what was issued of each, what the pool has. */
import { html } from 'hono/html';
import { bytesToHex } from '../../base/bytes.ts';
import { head } from '../issuer/offered.ts';
import { TITLE_PATH } from './http-paths.ts';
import type { ClassLook, TitleLook } from './look.ts';

/**
 * All text is escaped by `html`. While the box is away, the page says so. `origin`: where it was asked for, as http://host:port;
 * undefined where that is not known.
 */
export async function titlePage(look: TitleLook | undefined, origin: string | undefined): Promise<string> {
  const url = origin === undefined ? 'URL' : origin + TITLE_PATH;
  const document = html`<!doctype html>
    <html lang="en">
      ${head('Titles')}
      <body>
        <main>
          <header>
            <h1>Titles</h1>
            <p>
              Numbered rights, each held by a pseudonym. This server certifies who holds which, and changes
              the holder when the holder signs.
            </p>
          </header>
          ${look === undefined ? silence() : content(look, url)}
        </main>
      </body>
    </html>`;
  return String(await document);
}

function silence() {
  return html`<section>
    <p>The title server does not answer at the moment. Nothing is lost; look again later.</p>
  </section>`;
}

function content({ server, classes, statement }: TitleLook, url: string) {
  return html`<section aria-label="How much there is">
      <dl class="figures">
        ${figure('Classes', server.classes, 'kinds of titles')}
        ${figure('Titles', server.titles, `of at most ${grouped(server.most_titles)}`)}
        ${figure('Groups', server.groups, 'signed entries of the log')}
      </dl>
    </section>
    ${classes.length === 0 ? html`<p>Nothing was issued here yet.</p>` : classes.map(titleClass)}
    ${
      server.classes > classes.length
        ? html`<p>
            Programs find <a href="${TITLE_PATH}/classes">all ${grouped(server.classes)} classes</a>.
          </p>`
        : ''
    }
    <section>
      <p>A wallet comes to know this server by its address:</p>
      <pre><code>npx specie title add ${url}</code></pre>
    </section>
    <footer>
      <p>Title server <code>${bytesToHex(server.server)}</code></p>
      ${statement === undefined ? '' : evidence(statement, url)}
    </footer>`;
}

function figure(name: string, value: number, meaning: string) {
  return html`<div>
    <dt>${name}</dt>
    <dd class="value"><b>${grouped(value)}</b></dd>
    <dd class="quiet">${meaning}</dd>
  </div>`;
}

function titleClass({ id, titleClass: { terms, version }, stock }: ClassLook) {
  const name = bytesToHex(id);
  return html`<section>
    <h2 id="${name}">${terms.name}</h2>
    <p>${terms.entitles}</p>
    <div class="scroll" role="region" aria-labelledby="${name}" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">${terms.unit}</th>
            <th scope="col" class="number">Issued</th>
            <th scope="col" class="number">In the pool</th>
          </tr>
        </thead>
        <tbody>
          ${stock.map(
            ({ denomination, issued, pooled }) =>
              html`<tr>
                <th scope="row" class="number">${grouped(denomination)}</th>
                <td class="number">${grouped(issued)}</td>
                <td class="number">${grouped(pooled)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="quiet">
      Class <code>${name}</code>, version ${version}, of the issuer <code>${bytesToHex(terms.issuer)}</code>
    </p>
  </section>`;
}

function evidence({ time, groups, titles, root }: NonNullable<TitleLook['statement']>, url: string) {
  return html`<p>
      Signed by the server at ${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC:
      <a href="${TITLE_PATH}/root">the root</a> <code>${bytesToHex(root).slice(0, 16)}…</code> of
      ${grouped(titles)} titles after ${grouped(groups)} <a href="${TITLE_PATH}/groups">groups</a>. Anyone can
      check all of it:
    </p>
    <pre><code>npx specie title audit ${url}</code></pre>`;
}

/** Parts the thousands with narrow no-break spaces. */
function grouped(figure: number): string {
  return String(figure).replaceAll(/\B(?=(?:\d{3})+$)/g, '\u202f');
}
