/** Writes every page with invented views to build/preview, to be looked at in a browser: `node scripts/preview-pages.ts [language]`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { samples } from '../src/pages/samples.test-helper.ts';
import { STYLE } from '../src/pages/style.ts';
import { isLanguage } from '../src/pages/texts/index.ts';

const folder = new URL('../build/preview/', import.meta.url);
const language = process.argv[2] ?? 'en';
if (!isLanguage(language)) throw new Error(`no such language: ${language}`);

mkdirSync(folder, { recursive: true });
writeFileSync(new URL('style.css', folder), STYLE);
for (const { name, render } of samples()) {
  const page = String(await render(language));
  // Without a server the pages find their stylesheet beside them.
  writeFileSync(new URL(`${name}.html`, folder), page.replaceAll(/\/assets\/[0-9a-f]+\//g, ''));
}
console.log(`${String(samples().length)} pages in ${folder.pathname}`);
