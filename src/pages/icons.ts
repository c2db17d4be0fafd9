/** Small drawings beside words; they say nothing to a screen reader. */
import { html } from 'hono/html';
import type { Html } from './look.ts';

/** Strokes in a square of 24. */
const STROKES = {
  inbox: 'M3 13l3-8h12l3 8v6H3zM3 13h5l1.5 3h5L16 13h5',
  sent: 'M21 3L10 14M21 3l-7 18-4-7-7-4z',
  compose: 'M4 20l1-4L16.5 4.500a2.1 2.1 0 0 1 3 3L8 19zM14 7l3 3',
  receive: 'M12 3v11M7.5 10L12 14.5 16.5 10M4 16v4h16v-4',
  request: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6',
  purse:
    'M4 7h15a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2h12M20 11.500h-4a2 2 0 0 0 0 4h4',
  history: 'M12 7v5l3.5 2M4 12a8 8 0 1 0 2.5-5.800L4 8.500M4 4v4.500h4.5',
  buy: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 8v8M8 12h8',
  redeem: 'M3 9l9-5 9 5zM5 9v8M10 9v8M14 9v8M19 9v8M3 20h18',
  currencies:
    'M9 6c3.3 0 6 1.3 6 3s-2.7 3-6 3-6-1.3-6-3 2.7-3 6-3zM3 9v6c0 1.7 2.7 3 6 3s6-1.3 6-3V9M15 7.200c3.4.1 6 1.3 6 2.800s-2.6 2.8-6 2.900M21 10v5c0 1.5-2.6 2.7-6 2.8',
  titles: 'M3 7h18v3a2 2 0 0 0 0 4v3H3v-3a2 2 0 0 0 0-4zM14.5 7v2M14.5 11v2M14.5 15v2',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4',
  more: 'M4.2 12a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0M11.2 12a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0M18.2 12a.8.8 0 1 0 1.6 0a.8.8 0 1 0-1.6 0',
  signOut: 'M14 4h5v16h-5M4 12h11M8 8l-4 4 4 4',
  back: 'M11 5l-7 7 7 7M4 12h16',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  print: 'M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  camera: 'M4 8h3l2-3h6l2 3h3v11H4zM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z',
  code: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 19v1',
  note: 'M3 6h18v12H3zM12 9.500a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM6 9v.01M18 15v.01',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  undo: 'M4 9h10a5 5 0 0 1 0 10h-4M8 5L4 9l4 4',
  link: 'M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.5-5.500L12 7.500M14 10a4 4 0 0 0-6-.5l-3 3A4 4 0 0 0 10.5 18l1.5-1.5',
  mail: 'M3 6h18v12H3zM3 7l9 7 9-7',
  check: 'M5 13l4.5 4.500L19 7',
  alert: 'M12 3l9.5 17h-19zM12 10v4.500M12 17.500v.01',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5',
  key: 'M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 12l9-9M16 7l3 3',
} as const;

export type IconName = keyof typeof STROKES;

export function icon(name: IconName): Html {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path
      d="${STROKES[name]}"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>`;
}

/** The sign of the house: two coins, one behind the other. */
export function mark(): Html {
  return html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <circle cx="19" cy="13" r="10" fill="none" stroke="currentColor" stroke-width="2.5" opacity="0.55" />
    <circle cx="13" cy="19" r="10" fill="currentColor" />
    <path
      d="M16.6 15.400c-1-1.2-6.4-1.7-6.4 1.3 0 3 6.4 1.5 6.4 4.5 0 3-5.6 2.6-6.9.9"
      fill="none"
      stroke="var(--card)"
      stroke-width="2"
      stroke-linecap="round"
    />
  </svg>`;
}

/** The same as an address, for the browser's tab. */
export const TAB_ICON = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">' +
    '<circle cx="19" cy="13" r="10" fill="#9fd5ca"/><circle cx="13" cy="19" r="10" fill="#0b6b5d"/></svg>',
)}`;
