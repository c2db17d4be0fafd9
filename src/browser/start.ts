/** Runs first on every page: says that scripts run, and loads what the page has a use for. Without it all works too. */
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

document.documentElement.classList.add('js');
tellZone();
for (const [selector, load] of ENHANCEMENTS) {
  if (document.querySelector(selector) !== null) void enhance(load);
}
