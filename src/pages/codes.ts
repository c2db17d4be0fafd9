import { html } from 'hono/html';
import { page } from './layout.ts';
import type { Html, Look } from './look.ts';
import { copyable, linkButton } from './parts.ts';
import { qr } from './qr.ts';
import type { CodesView } from './views.ts';
import { moneyShown } from './wording.ts';

/** A sent letter's coins for somebody's camera: a script shows the codes in turn, else they stand below each other. */
export function codesPage(look: Look, { letter, text, parts }: CodesView): Html {
  const { codes, letter: said } = look.texts;
  const numbered = (index: number) => codes.part(String(index + 1), String(parts.length));
  return page(
    look,
    { title: codes.title },
    html`<section class="codes">
      <h1>${codes.title}</h1>
      <p class="amount">${moneyShown(look, letter)}</p>
      <p>${codes.lead}</p>
      <div ${parts.length > 1 ? html`data-frames` : ''}>
        <ol class="frames">
          ${parts.map(
            (part, index) =>
              html`<li data-frame>
                ${qr(part, numbered(index))}
                ${parts.length > 1 ? html`<p class="hint">${numbered(index)}</p>` : ''}
              </li>`,
          )}
        </ol>
        ${
          parts.length > 1
            ? html`<p class="actions">
                <button
                  type="button"
                  class="button plain"
                  data-needs-script
                  data-frames-toggle
                  data-play="${codes.play}"
                  data-pause="${codes.pause}"
                >
                  ${codes.pause}
                </button>
              </p>`
            : ''
        }
      </div>
      ${copyable(look, { id: 'coins', label: codes.text, value: text, rows: 4 })}
      <p class="hint">${codes.textHint}</p>
      <p class="actions">${linkButton(`/sent/${letter.id}`, said.back, { icon: 'back' })}</p>
    </section>`,
  );
}
