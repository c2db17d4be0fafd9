/** Runs first on every page: loads what the page has a use for, and says that scripts run. Without it all works too. */
import { tellZone } from './zone.ts';

interface Enhancement {
  begin(): void;
}

/** What is on the page, and what makes more of it. */
const ENHANCEMENTS: readonly (readonly [selector: string, load: () => Promise<Enhancement>])[] = [
  ['[data-live]', () => import('./live.ts')],
  ['[data-copy]', () => import('./copy.ts')],
  ['[data-print]', () => import('./print.ts')],
  ['[data-drop]', () => import('./drop.ts')],
  ['[data-fragment]', () => import('./fragment.ts')],
  ['[data-camera]', () => import('./scan.ts')],
  ['[data-frames]', () => import('./frames.ts')],
  ['[data-passkey]', () => import('./passkey.ts')],
];

async function enhance(load: () => Promise<Enhancement>): Promise<void> {
  const enhancement = await load();
  enhancement.begin();
}

tellZone();
const present = ENHANCEMENTS.filter(([selector]) => document.querySelector(selector) !== null);
try {
  await Promise.all(present.map(([, load]) => enhance(load)));
} finally {
  // What needs scripts is shown from here on: no button is there before it does something.
  document.documentElement.classList.add('js');
}
