/**
 * Pictures of every page of the hosted wallet, in both sizes and colour schemes, into build/screenshots; a handful of them
 * into docs/pictures. Starts an issuer, a wallet host and a browser of its own.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { WITHOUT_CHROMIUM } from '../test/browser/chromium.ts';
import { tour } from '../test/browser/tour.ts';
import { DESK, PHONE } from '../test/browser/visitor.ts';
import type { Visitor } from '../test/browser/visitor.ts';
import { startWorld } from '../test/browser/world.ts';
import { ROOT } from '../test/support/processes.ts';

const ALL = join(ROOT, 'build', 'screenshots');
const PICTURES = join(ROOT, 'docs', 'pictures');
const PORT = 8081;

const LOOKS = [
  { name: 'desk-light', size: DESK.size, colorScheme: 'light' },
  { name: 'desk-dark', size: DESK.size, colorScheme: 'dark' },
  { name: 'phone-light', size: PHONE.size, colorScheme: 'light' },
  { name: 'phone-dark', size: PHONE.size, colorScheme: 'dark' },
] as const;

/** What the README shows: page and look, and the name of the picture. */
const SHOWN: Readonly<Record<string, string>> = {
  'inbox-letter desk-light': 'wallet-inbox',
  'sent-link desk-dark': 'wallet-link',
  'purse phone-light': 'wallet-purse',
  'offer phone-dark': 'wallet-offer',
  'note desk-light': 'wallet-note',
};

async function picture(name: string, { page }: Visitor): Promise<void> {
  for (const look of LOOKS) {
    await page.setViewportSize(look.size);
    await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(ALL, `${name}-${look.name}.png`), fullPage: true });
    const shown = SHOWN[`${name} ${look.name}`];
    if (shown !== undefined) await page.screenshot({ path: join(PICTURES, `${shown}.png`) });
  }
  await page.setViewportSize(DESK.size);
}

if (WITHOUT_CHROMIUM !== false) throw new Error(WITHOUT_CHROMIUM);
mkdirSync(ALL, { recursive: true });
const world = await startWorld(PORT);
try {
  await tour(world, picture);
} finally {
  await world.end();
}
console.log(`Pictures of all pages are in ${ALL}, those of the README in ${PICTURES}.`);
