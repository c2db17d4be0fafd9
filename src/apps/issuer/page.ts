import { html } from 'hono/html';
import { amount, formatAmount } from '../../base/amount.ts';
import type { Statement } from '../../protocol/attestations.ts';
import type { MintKeyCertificate } from '../../protocol/documents.ts';
import type { CipherSuite } from '../../suites/index.ts';
import type { Look } from './look.ts';
import { head, otherCurrencies, promised, titlesLink } from './offered.ts';

type Money = (value: number) => string;

/** The issuer's page for people: the currency, its denominations and keys, the float. All text is escaped by `html`. */
export async function page({ cdd, suite, statement, keys, others, hasTitles }: Look): Promise<string> {
  const money: Money = (value) => grouped(formatAmount(amount(value), cdd.currency_divisor));
  const document = html`<!doctype html>
    <html lang="en">
      ${head(`${cdd.currency_name} – issued here`)}
      <body>
        <main>
          <header>
            <h1>${cdd.currency_name}</h1>
            <p>${cdd.additional_info}</p>
          </header>
          ${statement === undefined ? silence() : figures(statement, money)} ${instructions(cdd.cdd_location)}
          ${character(suite)} ${otherCurrencies(others, 'Other currencies of this issuer')}
          ${titlesLink(hasTitles)} ${coins(statement, money)} ${table(keys, money)}
          <footer>
            <p>Issuer <code>${cdd.id}</code></p>
            ${statement === undefined ? '' : evidence(statement, cdd.cdd_location)}
          </footer>
        </main>
      </body>
    </html>`;
  return String(await document);
}

/** While the mint is away, the page says what it can. */
function silence() {
  return html`<section>
    <p>The mint does not answer at the moment. Nothing is lost; look again later.</p>
  </section>`;
}

function evidence(statement: Statement, address: string) {
  return html`<p>
      Said and signed by the mint at ${statement.time.slice(0, 19).replace('T', ' ')} UTC:
      <a href="float">statement</a>, <a href="journal">journal</a> of ${statement.journal.entries} entries.
      Anyone can check all of it:
    </p>
    <pre><code>npx specie audit ${address}</code></pre>`;
}

function figures(counters: Statement, money: Money) {
  return html`<section aria-label="Float and treasury">
    <dl class="figures">
      ${figure('Float', money(counters.float), 'in circulation')}
      ${figure('Treasury', money(counters.treasury), 'may still be issued')}
      ${figure('Authorised', money(counters.authorised), 'in all')}
    </dl>
    ${counters.power === 'on' ? '' : html`<p><strong>Its operators have switched this currency off.</strong></p>`}
  </section>`;
}

function figure(name: string, value: string, meaning: string) {
  return html`<div>
    <dt>${name}</dt>
    <dd class="value"><b>${value}</b></dd>
    <dd class="quiet">${meaning}</dd>
  </div>`;
}

function character(suite: CipherSuite) {
  return html`<section>
    <h2>What its coins promise</h2>
    ${promised(suite)}
  </section>`;
}

function instructions(address: string) {
  return html`<section>
    <h2>Use it</h2>
    <p>This address is the currency. Give it to a wallet:</p>
    <pre><code>npx specie wallet add ${address}
npx specie wallet buy 137</code></pre>
  </section>`;
}

/** Of which coins there are some; with none at all the section says nothing that the float has not said. */
function coins(statement: Statement | undefined, money: Money) {
  const there = (statement?.denominations ?? []).filter(({ issued, redeemed }) => issued > redeemed);
  if (there.length === 0) return '';
  return html`<section>
    <h2 id="coins">Coins in circulation</h2>
    <div class="scroll" role="region" aria-labelledby="coins" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">Coin</th>
            <th scope="col" class="number">In circulation</th>
            <th scope="col" class="number">Worth</th>
          </tr>
        </thead>
        <tbody>
          ${there.map((each) => coinRow(each, money))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function coinRow({ denomination, issued, redeemed }: Statement['denominations'][number], money: Money) {
  const left = issued - redeemed;
  return html`<tr>
    <th scope="row" class="number">${money(denomination)}</th>
    <td class="number">${counted(left / denomination)}</td>
    <td class="number">${money(left)}</td>
  </tr>`;
}

function table(keys: readonly MintKeyCertificate[], money: Money) {
  return html`<section>
    <h2 id="keys">Mint keys</h2>
    <div class="scroll" role="region" aria-labelledby="keys" tabindex="0">
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">Coin</th>
            <th scope="col">Made from</th>
            <th scope="col">Made until</th>
            <th scope="col">Good until</th>
            <th scope="col">Mint key</th>
          </tr>
        </thead>
        <tbody>
          ${keys.toSorted(byDenomination).map((key) => row(key, money))}
        </tbody>
      </table>
    </div>
  </section>`;
}

function row({ mint_key: key }: MintKeyCertificate, money: Money) {
  return html`<tr>
    <th scope="row" class="number">${money(key.denomination)}</th>
    <td>${key.sign_coins_not_before.slice(0, 10)}</td>
    <td>${key.sign_coins_not_after.slice(0, 10)}</td>
    <td>${key.coins_expiry_date.slice(0, 10)}</td>
    <td><code title="${key.id}">${key.id.slice(0, 12)}…</code></td>
  </tr>`;
}

function counted(coins: number): string {
  return coins === 1 ? '1 coin' : `${grouped(String(coins))} coins`;
}

/** Parts the thousands before the decimal point with narrow no-break spaces. */
function grouped(figure: string): string {
  const [whole = '', ...decimals] = figure.split('.');
  const parted = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, '\u202f');
  return [parted, ...decimals].join('.');
}

function byDenomination(
  { mint_key: left }: MintKeyCertificate,
  { mint_key: right }: MintKeyCertificate,
): number {
  return (
    left.denomination - right.denomination ||
    left.sign_coins_not_before.localeCompare(right.sign_coins_not_before)
  );
}
