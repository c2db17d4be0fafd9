import { html } from 'hono/html';
import { amount, formatAmount } from '../../base/amount.ts';
import type { Statement } from '../../protocol/attestations.ts';
import type { MintKeyCertificate } from '../../protocol/documents.ts';
import type { CipherSuite } from '../../suites/index.ts';
import type { Look } from './look.ts';

type Money = (value: number) => string;

/** The issuer's page for people: the currency, its denominations and keys, the float. All text is escaped by `html`. */
export async function page({ cdd, suite, statement, keys }: Look): Promise<string> {
  const money: Money = (value) => grouped(formatAmount(amount(value), cdd.currency_divisor));
  const document = html`<!doctype html>
    <html lang="en">
      ${head(cdd.currency_name)}
      <body>
        <main>
          <header>
            <h1>${cdd.currency_name}</h1>
            <p>${cdd.additional_info}</p>
          </header>
          ${statement === undefined ? silence() : figures(statement, money)} ${instructions(cdd.cdd_location)}
          ${character(suite)} ${coins(statement, money)} ${table(keys, money)}
          <footer>
            <p>Issuer <code>${cdd.id}</code></p>
            ${statement === undefined ? '' : evidence(statement, cdd.cdd_location)}
          </footer>
        </main>
      </body>
    </html>`;
  return String(await document);
}

function head(name: string) {
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>${name} – issued here</title>
    <style>
      ${STYLE}
    </style>
  </head>`;
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

function instructions(address: string) {
  return html`<section>
    <h2>Use it</h2>
    <p>This address is the currency. Give it to a wallet:</p>
    <pre><code>npx specie wallet add ${address}
npx specie wallet buy 137</code></pre>
  </section>`;
}

function character(suite: CipherSuite) {
  return html`<section>
    <h2>What its coins promise</h2>
    <ul>
      ${promises(suite.promises).map((promise) => html`<li>${promise}</li> `)}
    </ul>
    <p class="quiet">Cipher suite ${suite.name}</p>
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

function promises(made: CipherSuite['promises']): readonly string[] {
  const said = [
    made.untraceable
      ? 'Nobody can trace a coin, not even the issuer: it signs coins without seeing them.'
      : 'The issuer can trace every coin.',
    made.verifiableBy === 'anyone'
      ? 'Anyone can check that a coin is genuine.'
      : 'Only the issuer can check that a coin is genuine.',
    made.safeOffline
      ? 'A coin may be taken offline: spending it twice reveals who did.'
      : 'A coin is yours once your wallet has renewed it with the issuer.',
  ];
  return made.caution === '' ? said : [...said, made.caution];
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

const STYLE = `
:root { --ink: #1c2b2a; --quiet: #566765; --paper: #fbfaf6; --card: #ffffff; --line: #dcd8cb; --accent: #0b6b5d; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ece9; --quiet: #a3b4b1; --paper: #14201f; --card: #1a2827; --line: #33463f; --accent: #6fd6c2; }
}
* { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.05rem/1.5 system-ui, sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 2.5rem 1.2rem 3rem; overflow-wrap: break-word; }
h1 { font-size: clamp(2rem, 8vw, 2.6rem); line-height: 1.15; margin: 0; letter-spacing: -0.02em; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.4rem 0 0.6rem; }
p { margin: 0.6rem 0; max-width: 65ch; }
ul { margin: 0.6rem 0; padding-left: 1.2rem; }
li { margin: 0.25rem 0; max-width: 65ch; }
li::marker, a { color: var(--accent); }
header p, .quiet, footer { color: var(--quiet); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 1rem; margin: 1.6rem 0 0; }
.figures div, pre { background: var(--card); border: 1px solid var(--line); border-radius: 0.7rem; }
.figures div { padding: 0.8rem 1.1rem; }
.figures dt { font-weight: 600; font-size: 0.9rem; }
.figures dd { margin: 0; font-size: 0.9rem; }
.figures .value { font-size: 1.7rem; line-height: 1.35; color: var(--accent); }
.value, table { font-variant-numeric: tabular-nums lining-nums; }
pre { margin: 0.8rem 0; padding: 0.8rem 1.1rem; white-space: pre-wrap; }
code { font-family: ui-monospace, monospace; font-size: 0.9em; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 4px; }
table { border-collapse: separate; border-spacing: 0; width: 100%; }
th, td { text-align: left; padding: 0.35rem 0.9rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
thead th { font-weight: 600; font-size: 0.9rem; color: var(--quiet); }
tbody th { font-weight: 600; }
tbody tr:hover * { background: var(--card); }
th:first-child { position: sticky; left: 0; background: var(--paper); padding-left: 0; width: 1%; }
th:last-child, td:last-child { padding-right: 0; width: 1%; }
.number { text-align: right; }
footer { margin-top: 2.4rem; font-size: 0.9rem; }
@media (max-width: 40rem) {
  main { padding-top: 1.6rem; }
  .figures { grid-template-columns: 1fr; gap: 0.7rem; }
  .figures div { display: grid; grid-template-columns: 1fr auto; align-items: center; padding: 0.6rem 1rem; }
  .figures .value { grid-column: 2; grid-row: 1 / span 2; font-size: 1.5rem; }
  pre { padding: 0.7rem 1rem; }
  table { font-size: 0.95rem; }
  th, td { padding: 0.35rem 0.7rem; }
  th:first-child { border-right: 1px solid var(--line); }
}
`;
