import { html } from 'hono/html';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { Html, Look, Values } from './look.ts';
import { check, copyable, form, linkButton, submit } from './parts.ts';

interface Words {
  readonly phrase: string;
  /** Whether they were made just now. */
  readonly isNew: boolean;
}

/** The twelve words of a wallet. */
export function wordsPage(look: Look, { phrase, isNew }: Words, values: Values): Html {
  const { twelve } = look.texts;
  const title = isNew ? twelve.titleNew : twelve.title;
  return page(
    look,
    { title, ...(isNew ? { shape: 'bare' as const } : {}) },
    html`<section class="card slim words-card">
      <h1>${title}</h1>
      <p>${twelve.lead}</p>
      <ol class="words">
        ${phrase.split(' ').map((word) => html`<li><span translate="no">${word}</span></li>`)}
      </ol>
      <p class="notice calm">${icon('alert')} <span>${twelve.warning}</span></p>
      ${
        isNew
          ? form(
              look,
              { action: '/words', hidden: { text: values['text'] ?? '', next: values['next'] ?? '' } },
              html`${check({
                name: 'written',
                id: 'written',
                value: 'yes',
                label: twelve.written,
                isRequired: true,
              })}
              ${submit(twelve.button)}`,
            )
          : html`<p class="actions">${linkButton('/settings', twelve.back, { icon: 'back' })}</p>`
      }
    </section>`,
  );
}

/** A program's new token: the only time that it is seen. */
export function tokenPage(look: Look, { label, secret }: { label: string; secret: string }): Html {
  const { token } = look.texts;
  return page(
    look,
    { title: token.title },
    html`<section class="card slim">
      <h1>${token.title}</h1>
      <p>${token.lead}</p>
      ${copyable(look, { id: 'token', label: label === '' ? token.label : label, value: secret })}
      <p class="actions">${linkButton('/settings', token.back, { icon: 'back' })}</p>
    </section>`,
  );
}
