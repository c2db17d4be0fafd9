import { html } from 'hono/html';
import { icon } from './icons.ts';
import { page } from './layout.ts';
import type { Html, Look, Values } from './look.ts';
import { area, field, form, linkButton, submit } from './parts.ts';

/** Money as a link, a text, a file or a code; for whoever is signed in or not. */
export function receivePage(look: Look, values: Values): Html {
  const { receive } = look.texts;
  return page(
    look,
    { title: receive.title },
    html`<h1>${receive.title}</h1>
      <p class="lead">${receive.lead}</p>
      <div class="card" data-drop="#receive" data-fragment="#receive">
        ${handoverForm(look, { action: '/receive/look', id: 'receive', button: receive.look, isOnce: false }, values)}
        <p class="drop-here" aria-hidden="true">${icon('file')} ${receive.drop}</p>
      </div>
      ${camera(look)} ${look.member === undefined ? '' : byName(look, look.member)}`,
  );
}

interface HandoverForm {
  readonly action: string;
  readonly id: string;
  readonly button: string;
  readonly isOnce: boolean;
}

/** Coins as text or as a file. */
export function handoverForm(look: Look, { action, id, button, isOnce }: HandoverForm, values: Values): Html {
  const { receive } = look.texts;
  return form(
    look,
    { action, id, withFile: true, isOnce },
    html`${area({
      name: 'text',
      id: `${id}-text`,
      label: receive.text,
      hint: receive.textHint,
      value: values['text'],
      rows: 4,
      isExact: true,
      autocomplete: 'off',
    })}
    ${field({ name: 'file', id: `${id}-file`, label: receive.file, hint: receive.fileHint, type: 'file' })}
    ${submit(button)}`,
  );
}

/** Fills the form's text from codes before the camera and posts it; there only where scripts run. */
function camera({ texts }: Look): Html {
  const { receive } = texts;
  return html`<section
    class="camera"
    data-needs-script
    data-camera="#receive"
    data-camera-none="${receive.cameraNone}"
    data-camera-progress="${receive.cameraProgress}"
    data-camera-read="${receive.cameraRead}"
    data-camera-hint="${receive.cameraHint}"
  >
    <button type="button" class="button plain" data-camera-start>${icon('camera')} ${receive.camera}</button>
    <div class="finder" data-camera-view hidden>
      <video muted playsinline data-camera-video aria-label="${receive.camera}"></video>
      <button type="button" class="button plain" data-camera-stop>${receive.cameraStop}</button>
    </div>
    <p role="status" data-camera-status></p>
  </section>`;
}

function byName({ texts, host }: Look, member: string): Html {
  const { receive } = texts;
  return html`<section class="part">
    <h2>${receive.byName}</h2>
    <p>${receive.byNameLead(member, host)}</p>
    <p class="actions">${linkButton('/request', receive.ask, { icon: 'request' })}</p>
  </section>`;
}
