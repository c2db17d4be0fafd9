import { html } from 'hono/html';
import type { LetterView } from '../host/schemas.ts';
import { engraving } from './guilloche.ts';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { Html, Look } from './look.ts';
import { linkButton } from './parts.ts';
import { qr } from './qr.ts';
import { day, figure, money } from './wording.ts';

/** A sent letter as a banknote: front and back below each other, to cut out and fold. Its link must not be empty. */
export function notePage(look: Look, letter: LetterView): Html {
  const { note, letter: said } = look.texts;
  return page(
    look,
    { title: note.title, shape: 'bare' },
    html`<div class="note-page">
      <header class="off-paper">
        <h1>${note.title}</h1>
        <p>${note.lead}</p>
        <p class="actions">
          <button type="button" class="button main" data-needs-script data-print>
            ${icon('print')} ${note.print}
          </button>
          ${linkButton(`/sent/${letter.id}`, said.back, { icon: 'back' })}
        </p>
      </header>
      <div class="cut" data-cut="${note.cut}">
        <div class="banknote front">${front(look, letter)}</div>
        <div class="banknote reverse">${reverse(look, letter)}</div>
      </div>
    </div>`,
  );
}

function front(look: Look, letter: LetterView): Html {
  const { note } = look.texts;
  const sum = figure(look.language, letter.amount, letter.divisor);
  return html`${pattern(look, letter)}
    <div class="face">
      <p class="kind">${note.kind}</p>
      <p class="worth ${size(sum)}">${sum}</p>
      <p class="unit-name">${letter.currencyName}</p>
      <p class="serial">${note.number} <b>${serial(letter.id)}</b></p>
      <p class="from">${look.host} · ${note.issued} ${day(look, letter.time)}</p>
      <div class="code">${qr(letter.link, note.qr)}</div>
    </div>`;
}

function reverse(look: Look, letter: LetterView): Html {
  const { note } = look.texts;
  return html`${pattern(look, letter)}
    <div class="face">
      <div class="panel">
        <h2>${note.how}</h2>
        <ol>
          ${note.steps(look.host).map((step) => html`<li>${step}</li>`)}
        </ol>
        ${letter.subject === '' ? '' : html`<p class="dedication">${letter.subject}</p>`}
        <p class="secret">${note.secret}</p>
      </div>
    </div>`;
}

function pattern(look: Look, letter: LetterView): Html {
  return engraving({
    seed: letter.id,
    inks: letter.currency,
    fineprint: `${money(look, letter)} ${serial(letter.id)}`.slice(0, 100),
  });
}

/** What tells two notes apart at a glance; says nothing of the coins. */
function serial(id: string): string {
  return id
    .slice(0, 8)
    .toUpperCase()
    .replace(/(.{4})/, '$1 ');
}

/** Long figures are set smaller. */
function size(sum: string): string {
  if (sum.length <= 6) return 'large';
  return sum.length <= 10 ? 'middle' : 'small';
}
