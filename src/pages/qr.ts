import { html } from 'hono/html';
import encodeQR from 'qr';
import type { Html } from './look.ts';

/** Modules of white around a code, without which no camera finds it. */
const QUIET = 4;

/** A text as a QR code: dark on white in any colour scheme. Throws when the text fits no code (about 2,900 characters). */
export function qr(text: string, label: string): Html {
  const rows = encodeQR(text, 'raw', { border: QUIET, ecc: text.length > 400 ? 'low' : 'medium' });
  const size = rows.length;
  return html`<svg
    class="qr"
    viewBox="0 0 ${size} ${size}"
    role="img"
    aria-label="${label}"
    shape-rendering="crispEdges"
  >
    <path fill="#ffffff" d="M0 0h${size}v${size}H0z" />
    <path fill="#000000" d="${rows.map(strokesOf).join('')}" />
  </svg>`;
}

/** The dark runs of one row. */
function strokesOf(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length;) {
    let end = x;
    while (row[end] === true) end++;
    if (end > x) path += `M${String(x)} ${String(y)}h${String(end - x)}v1h-${String(end - x)}z`;
    x = Math.max(end, x + 1);
  }
  return path;
}
