/** Styles and scripts, made once at the start: types stripped, packages' names made addresses, compressed. */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { STYLE } from '../../pages/style.ts';

export interface Asset {
  readonly type: string;
  readonly plain: Uint8Array;
  readonly br: Uint8Array;
  readonly gzip: Uint8Array;
}

export interface Assets {
  /** Where an asset is; throws for one that there is not. */
  readonly address: (name: string) => string;
  /** By the version and the name in its address. */
  readonly find: (version: string, name: string) => Asset | undefined;
}

const SCRIPT = 'text/javascript; charset=utf-8';
const ENTRY = new URL('../../browser/start.ts', import.meta.url);
const BROWSER = new URL('./', ENTRY);

/** Packages of the browser's modules: where they are served, and what they are made of. */
const VENDORS: readonly { readonly specifier: string; readonly name: string; readonly text: () => string }[] =
  [
    { specifier: 'qr/decode.js', name: 'vendor/qr/decode.js', text: () => vendorFile('qr/decode.js') },
    { specifier: 'qr', name: 'vendor/qr/index.js', text: () => vendorFile('qr') },
    { specifier: '@simplewebauthn/browser', name: 'vendor/webauthn.js', text: webauthn },
  ];

/** All assets. The version in their addresses is a hash over all of them, so that they can be kept for ever. */
export function makeAssets(): Assets {
  const texts = new Map<string, { readonly type: string; readonly text: string }>([
    ['style.css', { type: 'text/css; charset=utf-8', text: STYLE }],
    ...VENDORS.map(({ name, text }) => [name, { type: SCRIPT, text: text() }] as const),
    ...browserModules().map(([name, text]) => [name, { type: SCRIPT, text }] as const),
  ]);
  const hash = createHash('sha256');
  for (const [name, { text }] of texts) hash.update(`${name}\0${text.length}\0${text}`);
  const version = hash.digest('hex').slice(0, 16);
  const assets = new Map([...texts].map(([name, { type, text }]) => [name, compressed(type, text)]));
  return {
    address: (name) => {
      if (!assets.has(name)) throw new Error(`there is no asset ${name}`);
      return `/assets/${version}/${name}`;
    },
    find: (wanted, name) => (wanted === version ? assets.get(name) : undefined),
  };
}

function compressed(type: string, text: string): Asset {
  const plain = Buffer.from(text);
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  return { type, plain, br: brotliCompressSync(plain, { params }), gzip: gzipSync(plain, { level: 9 }) };
}

/** The modules of src/browser, under the names that they import each other by. */
function browserModules(): readonly (readonly [name: string, text: string])[] {
  return readdirSync(BROWSER)
    .filter((file) => file.endsWith('.ts') && !/\.(test|test-helper|d)\.ts$/.test(file))
    .toSorted()
    .map((file) => [`browser/${file}`, asScript(readFileSync(new URL(file, BROWSER), 'utf8'))] as const);
}

/** TypeScript as a browser reads it, without its types and its comments. */
export function asScript(text: string): string {
  const script = quietly(() => stripTypeScriptTypes(text, { mode: 'transform' }));
  return VENDORS.reduce(
    (code, { specifier, name }) =>
      code.replaceAll(
        new RegExp(`(\\bfrom\\s*|\\bimport\\s*\\(?\\s*)(['"])${specifier}\\2`, 'g'),
        `$1$2../${name}$2`,
      ),
    script,
  );
}

/** Node says of a function that it may still change; whoever runs a host can do nothing about it. */
function quietly<Result>(work: () => Result): Result {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function vendorFile(specifier: string): string {
  return readFileSync(fileURLToPath(import.meta.resolve(specifier)), 'utf8');
}

/** The package's one-file build is no module: it fills the `exports` that it finds. */
function webauthn(): string {
  const module = import.meta.resolve('@simplewebauthn/browser');
  const bundle = readFileSync(new URL('../dist/bundle/index.umd.min.js', module), 'utf8');
  const names = [...bundle.matchAll(/\be\.(\w+)=/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => name !== 'name');
  return `const exports = {};\nconst module = {};\n${bundle}\nexport const { ${[...new Set(names)].join(', ')} } = exports;\n`;
}
