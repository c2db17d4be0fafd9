import { html } from 'hono/html';
import type { OfferView } from '../host/schemas.ts';
import { signInForm, signUpForm } from './entry.ts';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { Html, Look } from './look.ts';
import { facts, form, linkButton, submit } from './parts.ts';
import { address, promises } from './promises.ts';
import { counted, figure, issuerOf, money, moneyShown } from './wording.ts';

/** Money that somebody holds out: what it is, and one button. `text` is what was put in: it goes along in forms only. */
export function offerPage(look: Look, offer: OfferView, text: string): Html {
  const said = look.texts.offer;
  const coins = said.coins(offer.coins, counted(look.language, offer.coins));
  const from = offer.from === '' ? said.fromSomeone : said.from(offer.from);
  return page(
    look,
    { title: said.title },
    html`<section class="card offer">
        <p class="over">${said.title}, ${from}</p>
        <h1 class="amount gain">
          ${isStrange(look, offer) ? strangeMoney(look, offer) : moneyShown(look, offer)}
        </h1>
        ${offer.subject === '' ? '' : html`<p class="offer-subject">${offer.subject}</p>`}
        ${offer.text === '' ? '' : html`<p class="body">${offer.text}</p>`} ${decision(look, offer, text)}
        ${facts([
          [said.issuer, address(offer.about.location)],
          [said.currency, html`${currencyName(look, offer)}, ${coins}`],
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

/** Whether the reader has not chosen the currency: then its name is only what its issuer calls it, and anybody can be one. */
function isStrange({ member }: Look, { isKnown }: OfferView): boolean {
  return member === undefined || !isKnown;
}

function currencyName(look: Look, offer: OfferView): Html {
  return isStrange(look, offer)
    ? html`${look.texts.offer.called(quotable(offer.currencyName))}`
    : html`<b>${offer.currencyName}</b>`;
}

/** An amount of a currency that the reader has not chosen, with who issues it. */
function strangeMoney(look: Look, offer: OfferView): Html {
  return html`<span class="money strange"
    ><b>${figure(look.language, offer.amount, offer.divisor)}</b>
    <span class="unit">${issuedAs(look, offer)}</span></span
  >`;
}

function strangely(look: Look, offer: OfferView): string {
  return `${figure(look.language, offer.amount, offer.divisor)} ${issuedAs(look, offer)}`;
}

function issuedAs({ texts }: Look, { currencyName: name, about }: OfferView): string {
  return texts.offer.strange(quotable(name), issuerOf(about.location));
}

/** A name between quotation marks: it neither ends them nor turns what follows around, and leaves room for who issues it. */
function quotable(name: string): string {
  const plain = name.replace(/["“”„‟«»‹›″]|[\p{Cc}\p{Cf}]/gu, '');
  const letters = Array.from(plain);
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join('')}…` : plain;
}

const LONGEST = 40;

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
  const sum = isStrange(look, offer) ? strangely(look, offer) : money(look, offer);
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
