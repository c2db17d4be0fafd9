/** A letter that brings titles. */
import { html } from 'hono/html';
import type { LetterView } from '../host/schemas.ts';
import { icon } from './icons.ts';
import type { Html, Look } from './look.ts';
import { copyable, facts, form, linkButton, submit } from './parts.ts';
import { address } from './promises.ts';
import { runs } from './titles-parts.ts';
import { fullMoment, moneyShown } from './wording.ts';

/** `handover`: what the recipient's wallet takes; empty where there is nothing to pass on. */
export function titleArticle(look: Look, letter: LetterView, handover: string): Html {
  const { texts } = look;
  const { letter: said, folder, titleLetter, titles } = texts;
  const isInbox = letter.folder === 'inbox';
  const other = isInbox
    ? ([said.from, letter.from || folder.someone] as const)
    : ([said.to, letter.to || titleLetter.someAddress] as const);
  return html`<article class="letter" id="letter" data-live>
    <a class="back" href="/${letter.folder}">${icon('back')} <span>${texts.nav[letter.folder]}</span></a>
    <h1>${letter.subject === '' ? folder.noSubject : letter.subject}</h1>
    <p class="amount ${isInbox ? 'gain' : ''}">${moneyShown(look, letter)}</p>
    ${facts([
      other,
      [said.when, fullMoment(look, letter.time)],
      [said.state, stateLine(look, letter)],
      [titleLetter.what, numbers(look, letter.serials)],
      [titleLetter.change, numbers(look, letter.change)],
      [titles.server, address(letter.location)],
    ])}
    ${letter.text === '' ? '' : html`<p class="body">${letter.text}</p>`}
    ${isInbox ? inboxActions(look, letter) : passOn(look, letter, handover)} ${removal(look, letter)}
  </article>`;
}

/** Titles by their numbers; those that follow on each other as one. */
function numbers({ texts: { titles } }: Look, serials: readonly number[]): string {
  return runs(serials)
    .map(([first, last]) =>
      first === last ? titles.number(String(first)) : titles.numbers(String(first), String(last)),
    )
    .join(', ');
}

function stateLine({ texts }: Look, { folder, state, reason }: LetterView): Html {
  const kind =
    state === 'refused'
      ? 'bad'
      : state === 'taken' || (folder === 'sent' && state === 'arrived')
        ? 'good'
        : 'open';
  return html`<span class="state ${kind}"
      >${texts.titleLetter.inFull[folder][state] ?? texts.letterStates[state]}</span
    >
    ${reason === '' ? '' : html`<span class="reason" lang="en">${reason}</span>`}`;
}

function inboxActions(look: Look, { id, state }: LetterView): Html | '' {
  const { titleLetter } = look.texts;
  if (state === 'taken') {
    return html`<p class="actions">${linkButton('/titles', titleLetter.see, { icon: 'titles' })}</p>`;
  }
  return form(
    look,
    { action: `/inbox/${id}/take`, isOnce: true },
    submit(titleLetter.take, { icon: 'check' }),
  );
}

/** For whom there is no inbox here. */
function passOn(look: Look, { id, way, state }: LetterView, handover: string): Html | '' {
  const { titleLetter } = look.texts;
  if (handover === '' || (way === 'name' && state === 'arrived')) return '';
  return html`<section class="part hand-over" aria-labelledby="hand-over">
    <h2 id="hand-over">${titleLetter.handover}</h2>
    <p class="hint">${titleLetter.handoverLead}</p>
    ${copyable(look, { id: 'handover', label: titleLetter.text, value: handover, rows: 5 })}
    <ul class="ways">
      <li>
        <a href="/sent/${id}/handover.title" download>
          ${icon('file')}
          <span><b>${titleLetter.file}</b> <span class="hint">${titleLetter.fileHint}</span></span>
        </a>
      </li>
    </ul>
  </section>`;
}

function removal(look: Look, { id, folder, state }: LetterView): Html | '' {
  const { letter: said } = look.texts;
  if (state === 'arriving' || (folder === 'inbox' && state === 'arrived')) return '';
  return html`<footer class="part">
    ${form(
      look,
      { action: `/${folder}/${id}/remove`, kind: 'bareform' },
      submit(said.remove, { icon: 'trash', kind: 'quiet' }),
    )}
  </footer>`;
}
