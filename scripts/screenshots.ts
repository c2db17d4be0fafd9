/**
 * Pictures of every page of the hosted wallet and of the issuer's, in both sizes and colour schemes, into build/screenshots; a handful of them
 * into docs/pictures. Starts an issuer, a wallet host and a browser of its own.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { SUITES } from '../src/suites/index.ts';
import { WITHOUT_CHROMIUM } from '../test/browser/chromium.ts';
import { tour } from '../test/browser/tour.ts';
import { DESK, PHONE } from '../test/browser/visitor.ts';
import type { Visitor } from '../test/browser/visitor.ts';
import { walkTitles } from '../test/browser/walk-titles.ts';
import { startWorld } from '../test/browser/world.ts';
import type { World } from '../test/browser/world.ts';
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

/** What the README shows: page and look, the name of the picture, and which part of the page where it is not all. */
const SHOWN: Readonly<Record<string, readonly [picture: string, part?: string]>> = {
  'inbox-letter-desk-light': ['inbox'],
  'note-desk-light': ['note', '.banknote.front'],
  'compose-filled-phone-dark': ['compose-phone'],
  'offer-phone-light': ['offer-phone'],
};

async function shoot(name: string, { page }: Visitor): Promise<void> {
  for (const look of LOOKS) {
    await page.setViewportSize(look.size);
    await page.emulateMedia({ colorScheme: look.colorScheme, reducedMotion: 'reduce' });
    await page.screenshot({ path: join(ALL, `${name}-${look.name}.png`), fullPage: true });
    const [picture, part] = SHOWN[`${name}-${look.name}`] ?? [];
    if (picture === undefined) continue;
    const path = join(PICTURES, `${picture}.png`);
    await (part === undefined ? page : page.locator(part)).screenshot({ path });
  }
  await page.setViewportSize(DESK.size);
}

/** The picture at the head of the README: a purse at a desk, and before it an inbox on a telephone. */
async function headPicture(page: Page): Promise<void> {
  const source = (name: string) =>
    `data:image/png;base64,${readFileSync(join(ALL, `${name}.png`)).toString('base64')}`;
  await page.setViewportSize({ width: 1280, height: 760 });
  await page.setContent(`<style>
      body { margin: 0; background: #e4efeb; }
      img { position: absolute; border-radius: 12px; box-shadow: 0 8px 40px rgb(0 0 0 / 25%); object-fit: cover; object-position: top; }
    </style>
    <img src="${source('purse-desk-light')}" style="left: 40px; top: 40px; width: 980px; height: 680px">
    <img src="${source('inbox-phone-light')}" style="right: 40px; top: 90px; width: 310px; height: 630px">`);
  await page.screenshot({ path: join(PICTURES, 'wallet.png') });
}

/** What people see at the issuer: the first currency with the others below it, and one of these by itself. */
async function issuerPages(world: World): Promise<void> {
  const visitor = await world.visitor(DESK);
  for (const [name, path] of [
    ['issuer', ''],
    ['issuer-other', 'plain/'],
  ] as const) {
    await visitor.page.goto(world.issuer + path);
    await shoot(name, visitor);
  }
}

if (WITHOUT_CHROMIUM !== false) throw new Error(WITHOUT_CHROMIUM);
mkdirSync(ALL, { recursive: true });
const world = await startWorld(
  PORT,
  SUITES.map(({ name }) => name),
);
try {
  await tour(world, shoot);
  await walkTitles(world, DESK, 'shown', shoot);
  await issuerPages(world);
  const { page } = await world.visitor(DESK);
  await headPicture(page);
} finally {
  await world.end();
}
console.log(`Pictures of all pages are in ${ALL}, those of the README in ${PICTURES}.`);
