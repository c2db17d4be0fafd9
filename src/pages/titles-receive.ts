/** Receiving titles: an address to show, and what somebody handed over. */
import { html } from 'hono/html';
import type { TitleAddressView } from '../host/titles/schemas.ts';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { Html, Look, Values } from './look.ts';
import { area, copyable, field, form, submit } from './parts.ts';
import { qr } from './qr.ts';
import { issuerOf } from './wording.ts';

export function receiveTitlesPage(look: Look, addresses: readonly TitleAddressView[], values: Values): Html {
  const { receiveTitles, titleServers } = look.texts;
  return page(
    look,
    { title: receiveTitles.title },
    html`<a class="back" href="/titles">${icon('back')} <span>${titleServers.back}</span></a>
      <h1>${receiveTitles.title}</h1>
      <p class="lead">${receiveTitles.lead}</p>
      <p>${receiveTitles.byName(look.member ?? '', look.host)}</p>
      ${addresses.length === 0 ? html`<p class="quiet">${receiveTitles.none}</p>` : ''}
      ${addresses.map((each) => addressCard(look, each))}
      <section class="part" aria-labelledby="handover">
        <h2 id="handover">${receiveTitles.handover}</h2>
        <p class="hint">${receiveTitles.handoverLead}</p>
        <div class="card" data-drop="#take">
          ${handoverForm(look, { action: '/titles/receive', id: 'take', isOnce: true }, values)}
        </div>
      </section>`,
  );
}

interface HandoverForm {
  readonly action: '/titles/receive' | '/titles/verify';
  readonly id: string;
  readonly isOnce: boolean;
}

/** A handover as text or as a file, to take or to verify it. */
export function handoverForm(look: Look, { action, id, isOnce }: HandoverForm, values: Values): Html {
  const { receiveTitles, verifyTitles } = look.texts;
  return form(
    look,
    { action, id, withFile: true, isOnce },
    html`${area({
      name: 'text',
      id: `${id}-text`,
      label: receiveTitles.text,
      hint: receiveTitles.textHint,
      value: values['text'],
      rows: 4,
      isExact: true,
      autocomplete: 'off',
    })}
    ${field({
      name: 'file',
      id: `${id}-file`,
      label: receiveTitles.file,
      hint: receiveTitles.fileHint,
      type: 'file',
    })}
    ${submit(isOnce ? receiveTitles.take : verifyTitles.button, { icon: isOnce ? 'receive' : 'search' })}`,
  );
}

function addressCard(look: Look, { server, url, address }: TitleAddressView): Html {
  const { receiveTitles } = look.texts;
  const id = `address-${server.slice(0, 12)}`;
  return html`<section class="card" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${receiveTitles.at(issuerOf(url))}</h2>
    ${copyable(look, { id, label: receiveTitles.address, value: address })}
    <div class="by-side">
      <figure>
        ${qr(address, receiveTitles.qr)}
        <figcaption class="hint">${receiveTitles.scan}</figcaption>
      </figure>
      <div class="beside">
        <p class="hint">${receiveTitles.hint}</p>
        ${form(
          look,
          { action: '/titles/address', kind: 'bareform', hidden: { server } },
          submit(receiveTitles.other, { kind: 'plain' }),
        )}
      </div>
    </div>
  </section>`;
}
