import { html } from 'hono/html';
import { formatAmount } from '../../base/amount.ts';
import type { Amount } from '../../base/amount.ts';
import type { Counters } from '../../mint/ports.ts';
import type { Keyring, RingKey } from '../../mint/keyring.ts';

/** The issuer's page for people: the currency, its denominations and keys, the float. All text is escaped by `html`. */
export async function page(ring: Keyring, counters: Counters): Promise<string> {
  const { cdd, suite } = ring;
  const money = (value: Amount) => formatAmount(value, cdd.currency_divisor);
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${cdd.currency_name} – issued here</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>
          <header>
            <h1>${cdd.currency_name}</h1>
            <p>${cdd.additional_info}</p>
          </header>
          <section aria-label="Float and treasury" class="figures">
            <div><b>${money(counters.float)}</b><span>in circulation (the float)</span></div>
            <div><b>${money(counters.treasury)}</b><span>may still be issued (the treasury)</span></div>
            <div><b>${money(counters.authorised)}</b><span>authorised in all</span></div>
          </section>
          <section>
            <h2>Use it</h2>
            <p>This address is the currency. Give it to a wallet:</p>
            <pre><code>npx specie wallet add ${cdd.cdd_location}
npx specie wallet buy 137</code></pre>
          </section>
          <section>
            <h2>What its coins promise</h2>
            <ul>
              ${promises(suite.promises).map((promise) => html`<li>${promise}</li> `)}
            </ul>
            <p class="quiet">Cipher suite ${suite.name}</p>
          </section>
          <section>
            <h2>Denominations and mint keys</h2>
            <div class="scroll">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Coin</th>
                    <th scope="col">In circulation</th>
                    <th scope="col">Made until</th>
                    <th scope="col">Good until</th>
                    <th scope="col">Mint key</th>
                  </tr>
                </thead>
                <tbody>
                  ${[...ring.keys.values()].sort(byDenomination).map((key) => row(key, counters, money))}
                </tbody>
              </table>
            </div>
          </section>
          <footer>
            <p>Issuer <code>${cdd.id}</code></p>
          </footer>
        </main>
      </body>
    </html>`;
  return String(await document);
}

function row(key: RingKey, counters: Counters, money: (value: Amount) => string) {
  const moved = counters.keys.get(key.id);
  const coins = moved === undefined ? 0 : (moved.issued - moved.redeemed) / key.denomination;
  const certificate = key.certificate.mint_key;
  return html`<tr>
    <td class="number">${money(key.denomination)}</td>
    <td class="number">${coins === 1 ? '1 coin' : `${coins} coins`}</td>
    <td>${certificate.sign_coins_not_after.slice(0, 10)}</td>
    <td>${certificate.coins_expiry_date.slice(0, 10)}</td>
    <td><code title="${key.id}">${key.id.slice(0, 12)}…</code></td>
  </tr>`;
}

function promises(made: Keyring['suite']['promises']): readonly string[] {
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

function byDenomination(left: RingKey, right: RingKey): number {
  return left.denomination - right.denomination;
}

const STYLE = `
:root { --ink: #1c2b2a; --quiet: #5a6b69; --paper: #fbfaf6; --line: #dcd8cb; --accent: #0b6b5d; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ece9; --quiet: #9fb0ad; --paper: #14201f; --line: #2f403d; --accent: #6fd6c2; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.05rem/1.5 system-ui, sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 2rem 1.2rem 4rem; }
h1 { font-size: 2.4rem; margin: 0; letter-spacing: -0.02em; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 0.4rem; }
header p, .quiet, footer { color: var(--quiet); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 1rem; margin-top: 1.6rem; }
.figures div { border: 1px solid var(--line); border-radius: 0.7rem; padding: 0.9rem 1.1rem; }
.figures b { display: block; font-size: 1.7rem; color: var(--accent); font-variant-numeric: tabular-nums; }
.figures span { color: var(--quiet); font-size: 0.9rem; }
pre { border: 1px solid var(--line); border-radius: 0.7rem; padding: 0.9rem 1.1rem; overflow-x: auto; }
code { font-family: ui-monospace, monospace; font-size: 0.92em; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 0.4rem 0.9rem 0.4rem 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; font-size: 0.9rem; color: var(--quiet); }
.number { text-align: right; }
th:nth-child(-n + 2) { text-align: right; }
`;
