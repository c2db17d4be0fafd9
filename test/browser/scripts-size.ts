/** What the browser has to fetch, as it comes over the wire. */
import { readdirSync } from 'node:fs';
import { get } from 'node:http';
import type { Visitor } from './visitor.ts';

/** Bytes of all scripts but the camera's decoder. */
export async function scriptBytes({ page }: Visitor): Promise<number> {
  const start = (await page.locator('script[type=module]').first().getAttribute('src')) ?? '';
  const names = readdirSync(new URL('../../src/browser/', import.meta.url)).filter((name) =>
    /^[^.]+\.ts$/.test(name),
  );
  const paths = [...names.map((name) => `./${name}`), '../vendor/webauthn.js'];
  const sizes = await Promise.all(paths.map((path) => wireSize(new URL(path, new URL(start, page.url())))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function wireSize(url: URL): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'br' } }, (response) => {
      let size = 0;
      response.on('data', (chunk: Buffer) => (size += chunk.length));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(size);
        else reject(new Error(`${url.href}: ${String(response.statusCode)}`));
      });
    }).on('error', reject);
  });
}
