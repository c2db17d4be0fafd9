import { html } from 'hono/html';
import type { OfferView } from '../host/schemas.ts';
import { signInForm, signUpForm } from './entry.ts';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { Html, Look } from './look.ts';
import { facts, form, linkButton, submit } from './parts.ts';
import { address, promises } from './promises.ts';
import { counted, money, moneyShown } from './wording.ts';

/** Money that somebody holds out: what it is, and one button. `text` is what was put in: it goes along in forms only. */
export function offerPage(look: Look, offer: OfferView, text: string): Html {
  const said = look.texts.offer;
  const from = offer.from === '' ? said.fromSomeone : said.from(offer.from);
  return page(
    look,
    { title: said.title },
    html`<section class="card offer">
        <p class="over">${said.title}, ${from}</p>
        <h1 class="amount gain">${moneyShown(look, offer)}</h1>
        ${offer.subject === '' ? '' : html`<p class="offer-subject">${offer.subject}</p>`}
        ${offer.text === '' ? '' : html`<p class="body">${offer.text}</p>`} ${decision(look, offer, text)}
        ${facts([
          [
            said.currency,
            html`<b>${offer.currencyName}</b>, ${said.coins(offer.coins, counted(look.language, offer.coins))}`,
          ],
          [said.issuer, address(offer.about.location)],
        ])}
        ${look.member === undefined ? '' : html`<p class="hint">${offer.isKnown ? said.known : ''}</p>`}
        <details class="more" ${offer.isKnown ? '' : html`open`}>
          <summary>${said.promises}</summary>
          ${offer.about.about === '' ? '' : html`<p>${offer.about.about}</p>`} ${promises(look, offer.about)}
        </details>
      </section>
      ${look.member === undefined && !offer.isSpent ? doors(look, text) : ''}
      <p><a href="/receive">${said.other}</a></p>`,
  );
}

/** What stands in the way of taking it, or the button. */
function decision(look: Look, offer: OfferView, text: string): Html | '' {
  const said = look.texts.offer;
  if (offer.own === 'taken') {
    return html`<div class="notice good">
        ${icon('check')}
        <p>${said.taken}</p>
      </div>
      <p class="actions">${linkButton('/purse', look.texts.nav.purse, { icon: 'purse' })}</p>`;
  }
  if (offer.isSpent)
    return html`<div class="notice bad">
      ${icon('alert')}
      <p>${said.spent}</p>
    </div>`;
  if (look.member === undefined) return '';
  if (offer.about.stopped !== '') return stopped(look, offer);
  const sum = money(look, offer);
  if (offer.own === 'sent') {
    return html`<p>${said.own}</p>
      ${take(look, { text, accept: '' }, said.takeBack(sum))}`;
  }
  if (offer.isKnown) return take(look, { text, accept: '' }, said.take(sum));
  return html`<div class="notice calm">
      ${icon('currencies')}
      <p>${said.unknown}</p>
    </div>
    ${take(look, { text, accept: 'yes' }, said.takeUnknown(sum))}`;
}

function take(look: Look, hidden: { text: string; accept: string }, label: string): Html {
  return form(look, { action: '/receive/take', isOnce: true, hidden }, submit(label, { icon: 'check' }));
}

function stopped({ texts }: Look, { about }: OfferView): Html {
  return html`<div class="notice bad">
    ${icon('alert')}
    <div>
      <p>${texts.offer.stopped}: <span lang="en">${about.stopped}</span></p>
      <p><a href="/currencies">${texts.nav.currencies}</a></p>
    </div>
  </div>`;
}

/** For who is not signed in: the ways in, with the money in hand, or home with it as a file. */
function doors(look: Look, text: string): Html {
  const said = look.texts.offer;
  const values = { text };
  return html`<div class="doors">
      <section class="card" aria-labelledby="up">
        <h2 id="up">${look.texts.entry.newHere}</h2>
        ${signUpForm(look, values, said.signUpToTake)}
      </section>
      <section class="card" aria-labelledby="in">
        <h2 id="in">${look.texts.entry.hasWallet}</h2>
        ${signInForm(look, values, said.signInToTake)}
      </section>
    </div>
    <section class="part">
      <h2>${said.orFile}</h2>
      <p class="hint">${said.orFileHint}</p>
      ${form(
        look,
        { action: '/receive/file', kind: 'bareform', hidden: { text } },
        submit(said.save, { icon: 'file', kind: 'plain' }),
      )}
    </section>`;
}
