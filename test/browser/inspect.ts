/** What a machine can tell of a page's accessibility, in both sizes and both colour schemes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';
import { DESK, PHONE } from './visitor.ts';
import type { Visitor } from './visitor.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Everything once in each size; what only depends on colours in each of the others. */
const LOOKS = [
  { size: DESK.size, colorScheme: 'light', rules: 'all' },
  { size: DESK.size, colorScheme: 'dark', rules: 'colours' },
  { size: PHONE.size, colorScheme: 'dark', rules: 'all' },
  { size: PHONE.size, colorScheme: 'light', rules: 'colours' },
] as const;

/** Asserts that axe finds nothing, and that nothing has to be scrolled sideways. */
export async function inspect(name: string, { page }: Visitor): Promise<void> {
  const found: string[] = [];
  await page.evaluate(AXE);
  for (const { size, colorScheme, rules } of LOOKS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const faults = [...(await violations(page, rules)), ...(await tooWide(page))];
    found.push(...faults.map((fault) => `${name}, ${size.width} ${colorScheme}: ${fault}`));
  }
  await page.setViewportSize(DESK.size);
  assert.deepEqual(found, []);
}

async function violations(page: Page, rules: 'all' | 'colours'): Promise<string[]> {
  const results = await page.evaluate(async (which) => {
    const { axe: inspector } = window as unknown as { axe: typeof axe };
    const options = which === 'all' ? {} : { runOnly: ['color-contrast'] };
    return (await inspector.run(document, { ...options, resultTypes: ['violations'] })).violations;
  }, rules);
  return results.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`),
  );
}

async function tooWide(page: Page): Promise<string[]> {
  const excess = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  return excess > 0 ? [`${excess} pixels too wide`] : [];
}
