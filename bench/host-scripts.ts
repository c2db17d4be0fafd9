/** How many bytes of script each page of a wallet host loads, compressed as browsers get them. */
import type { Person } from '../test/support/host-people.ts';
import { unescaped } from '../test/support/host-client.ts';

/** Which module is loaded for which mark on a page, as src/browser/start.ts has it. */
const ENHANCEMENT = /'\[(data-[a-z-]+)\]',\s*\(\)\s*=>\s*import\('([^']+)'\)/g;
const STATIC = /\b(?:from\s*|import\s*)['"](\.[^'"]+)['"]/g;
const ON_DEMAND = /\bimport\(\s*['"](\.[^'"]+)['"]\s*\)/g;

interface Script {
  readonly bytes: number;
  readonly text: string;
}

/** Bytes of script of a page that is signed in, with everything that a person's click can still load. */
export async function scriptBytes(person: Person, path: string): Promise<number> {
  const page = await person.page(path);
  if (page?.status !== 200) throw new Error(`${path} was answered by ${page?.status ?? 'nothing'}`);
  const entries = [...page.text.matchAll(/<script\b[^>]*\bsrc="([^"]+)"/g)].map(([, src = '']) =>
    unescaped(src),
  );
  const found = new Map<string, Script>();
  for (const entry of entries) await load(person, entry, page.text, found);
  return [...found.values()].reduce((sum, { bytes }) => sum + bytes, 0);
}

async function load(person: Person, path: string, page: string, found: Map<string, Script>): Promise<void> {
  if (found.has(path)) return;
  const script = await fetched(person, path);
  found.set(path, script);
  // Examples in comments import too.
  const code = script.text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
  const marked = new Map([...code.matchAll(ENHANCEMENT)].map(([, mark = '', name = '']) => [name, mark]));
  const names = [...code.matchAll(STATIC), ...code.matchAll(ON_DEMAND)].map(([, name = '']) => name);
  for (const name of new Set(names)) {
    const mark = marked.get(name);
    if (mark === undefined || page.includes(mark))
      await load(person, new URL(name, `http://host${path}`).pathname, page, found);
  }
}

async function fetched({ client }: Person, path: string): Promise<Script> {
  const compressed = await client.ask('GET', path, { headers: { 'Accept-Encoding': 'br' } });
  const plain = await client.ask('GET', path);
  if (compressed?.status !== 200 || plain === undefined) throw new Error(`there is no script ${path}`);
  if (compressed.headers['content-encoding'] !== 'br') throw new Error(`${path} is not compressed`);
  return { bytes: compressed.size, text: plain.text };
}
