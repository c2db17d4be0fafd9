/** One letter: what it says, where its money is, and what can be done with it. */
import { html } from 'hono/html';
import type { LetterView } from '../host/schemas.ts';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';
import type { Html, Look } from './look.ts';
import { check, copyable, facts, form, linkButton, submit } from './parts.ts';
import { qr } from './qr.ts';
import { titleArticle } from './titles-letter.ts';
import { fullMoment, issuerOf, money, moneyShown, named } from './wording.ts';

type State = LetterView['state'];

const SETTLED: readonly State[] = ['taken', 'taken back', 'refused'];
/** Sent letters whose coins can perhaps be had back. */
const BACK: readonly State[] = ['not taken', 'arriving'];

/** `handover`: of titles that were given. */
export function letterArticle(look: Look, letter: LetterView, handover = ''): Html {
  if (letter.kind === 'titles') return titleArticle(look, letter, handover);
  const { texts } = look;
  const { letter: said, folder } = texts;
  const isInbox = letter.folder === 'inbox';
  return html`<article class="letter" id="letter" data-live>
    <a class="back" href="/${letter.folder}">${icon('back')} <span>${texts.nav[letter.folder]}</span></a>
    <h1>${letter.subject === '' ? folder.noSubject : letter.subject}</h1>
    <p class="amount ${isInbox ? 'gain' : ''}">${moneyShown(look, named(letter))}</p>
    ${facts([
      isInbox ? [said.from, letter.from || folder.someone] : [said.to, letter.to || folder.nobody],
      [said.when, fullMoment(look, letter.time)],
      [said.state, stateLine(look, letter)],
      [texts.common.currency, letter.isKnown ? '' : html`<span class="state bad">${folder.unknown}</span>`],
    ])}
    ${letter.text === '' ? '' : html`<p class="body">${letter.text}</p>`}
    ${isInbox ? inboxActions(look, letter) : sentActions(look, letter)} ${removal(look, letter)}
  </article>`;
}

function stateLine({ texts }: Look, { folder, state, reason }: LetterView): Html {
  const kind = state === 'refused' ? 'bad' : SETTLED.includes(state) || state === 'arrived' ? 'good' : 'open';
  return html`<span class="state ${kind}">${texts.letterStatesInFull[folder][state]}</span>
    ${reason === '' ? '' : html`<span class="reason" lang="en">${reason}</span>`}`;
}

function inboxActions(look: Look, letter: LetterView): Html {
  const { letter: said } = look.texts;
  if (letter.state === 'arrived' && !letter.isKnown) {
    return html`<div class="notice calm">
        ${icon('currencies')}
        <p>${said.unknown(letter.currencyName, issuerOf(letter.location))}</p>
      </div>
      ${form(
        look,
        {
          action: '/currencies',
          hidden: { do: 'add', url: letter.location, next: `/inbox/${letter.id}` },
        },
        submit(look.texts.offer.promises, { icon: 'currencies' }),
      )}`;
  }
  if (letter.state === 'arrived') {
    return form(
      look,
      { action: `/inbox/${letter.id}/take`, isOnce: true },
      submit(said.take(money(look, named(letter))), { icon: 'check' }),
    );
  }
  if (letter.from === '') return html``;
  const to = `/compose?to=${encodeURIComponent(letter.from)}&currency=${letter.currency}`;
  return html`<p class="actions">${linkButton(to, said.reply, { icon: 'undo' })}</p>`;
}

function sentActions(look: Look, letter: LetterView): Html {
  const { letter: said } = look.texts;
  if (!BACK.includes(letter.state)) return html``;
  const isOpen = letter.state === 'not taken';
  return html`${
      !isOpen
        ? ''
        : html`${letter.way === 'mail' ? mailed(look, letter) : ''}
          ${letter.link === '' ? '' : handOver(look, letter)}`
    }
    <section class="part">
      <p class="hint">${isOpen ? said.takeBackHint : said.takeBackEarly}</p>
      ${form(
        look,
        { action: `/sent/${letter.id}/takeback`, isOnce: true, kind: 'bareform' },
        submit(said.takeBack, { icon: 'undo', kind: 'plain' }),
      )}
    </section>`;
}

function mailed(look: Look, letter: LetterView): Html {
  const { letter: said } = look.texts;
  if (letter.reason === '' && !look.hasMailServer)
    return html`<section class="part"><p>${said.mailLies}</p></section>`;
  return html`<section class="part">
    <p>${letter.reason === '' ? said.mailedTo(letter.to) : said.notMailed}</p>
    ${form(
      look,
      { action: `/sent/${letter.id}/mail`, kind: 'bareform' },
      submit(said.mailAgain, { icon: 'mail', kind: 'plain' }),
    )}
  </section>`;
}

/** Every way to give the coins to somebody. */
function handOver(look: Look, letter: LetterView): Html {
  const { letter: said } = look.texts;
  const at = `/sent/${letter.id}`;
  return html`<section class="part hand-over" aria-labelledby="hand-over">
    <h2 id="hand-over">${said.handOver}</h2>
    <p class="hint">${said.handOverLead}</p>
    ${copyable(look, { id: 'link', label: said.link, value: letter.link })}
    <div class="by-side">
      <figure>
        ${qr(letter.link, said.qr)}
        <figcaption class="hint">${said.scan}</figcaption>
      </figure>
      <ul class="ways">
        ${way(`${at}/coins.oc`, 'file', said.file, said.fileHint)}
        ${way(`${at}/codes`, 'code', said.codes, said.codesHint)}
        ${way(`${at}/note`, 'note', said.note, said.noteHint)}
      </ul>
    </div>
  </section>`;
}

function way(href: string, drawing: IconName, name: string, hint: string): Html {
  return html`<li>
    <a href="${href}" ${drawing === 'file' ? html`download` : ''}>
      ${icon(drawing)}
      <span><b>${name}</b> <span class="hint">${hint}</span></span>
    </a>
  </li>`;
}

function removal(look: Look, letter: LetterView): Html | '' {
  const { letter: said } = look.texts;
  const isForeign = letter.folder === 'inbox' && !letter.isKnown;
  if (isForeign && letter.state !== 'taken') return unwanted(look, letter);
  if (!SETTLED.includes(letter.state)) return '';
  return html`<footer class="part">
    ${form(
      look,
      { action: `/${letter.folder}/${letter.id}/remove`, kind: 'bareform' },
      submit(said.remove, { icon: 'trash', kind: 'quiet' }),
    )}
    <p class="hint">${said.removeHint}</p>
  </footer>`;
}

/** Money that nobody asked for, in a currency that anybody can have made. */
function unwanted(look: Look, letter: LetterView): Html {
  const { letter: said } = look.texts;
  return html`<footer class="part">
    <p class="hint">${said.removeUnknown}</p>
    ${form(
      look,
      { action: `/inbox/${letter.id}/remove` },
      html`${check({ name: 'confirmed', id: 'confirmed', value: 'yes', label: said.removeConfirm, isRequired: true })}
      ${submit(said.remove, { icon: 'trash', kind: 'quiet' })}`,
    )}
  </footer>`;
}
