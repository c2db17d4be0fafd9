/** The rules of the house, over a map from path to text: pure, so that a test can plant a violation of each. */
import ts from 'typescript';

export interface Violation {
  readonly rule: 'imports' | 'platform' | 'dead' | 'length' | 'links';
  readonly path: string;
  readonly what: string;
}

export type Files = ReadonlyMap<string, string>;

interface Room {
  readonly floor: number;
  /** The other rooms it may import from. */
  readonly rooms: readonly string[];
  /** The packages it may import; `node:` stands for all that Node brings. */
  readonly packages: readonly string[];
}

const FLOOR_1 = ['base', 'protocol', 'suites'];
const FLOOR_2 = ['mint', 'bank', 'wallet', 'title'];

/** What each room may import: the project references of its tsconfig.json say the same. */
export const ROOMS: Readonly<Record<string, Room>> = {
  base: { floor: 0, rooms: [], packages: ['@noble/'] },
  protocol: { floor: 1, rooms: ['base'], packages: ['@noble/', 'typebox'] },
  suites: { floor: 1, rooms: ['base'], packages: ['@noble/'] },
  mint: { floor: 2, rooms: FLOOR_1, packages: [] },
  bank: { floor: 2, rooms: FLOOR_1, packages: [] },
  wallet: { floor: 2, rooms: FLOOR_1, packages: ['@noble/', '@scure/bip39'] },
  title: { floor: 2, rooms: ['base', 'protocol'], packages: ['@noble/', 'typebox'] },
  host: { floor: 3, rooms: [...FLOOR_1, 'wallet', 'title'], packages: ['typebox'] },
  stores: { floor: 4, rooms: [...FLOOR_1, ...FLOOR_2, 'host'], packages: ['node:', 'age-encryption'] },
  signers: {
    floor: 4,
    rooms: [...FLOOR_1, 'mint', 'bank', 'title', 'host'],
    packages: ['node:', 'age-encryption', 'secp256k1'],
  },
  transports: {
    floor: 4,
    rooms: ['base', 'protocol', 'title', 'host'],
    packages: ['node:', 'hono', '@hono/node-server', 'nodemailer'],
  },
  pages: { floor: 4, rooms: ['base', 'host'], packages: ['hono', 'qr'] },
  browser: { floor: 4, rooms: [], packages: ['qr', '@simplewebauthn/browser'] },
  apps: {
    floor: 5,
    rooms: [...FLOOR_1, ...FLOOR_2, 'host', 'stores', 'signers', 'transports', 'pages', 'browser'],
    packages: [
      'node:',
      'hono',
      '@hono/node-server',
      '@simplewebauthn/server',
      'rate-limiter-flexible',
      'fflate',
      'typebox',
    ],
  },
};

export const MOST_LINES = 400;

/** Every violation there is. `files` holds all of the repository's own files, by path from its root. */
export function violations(files: Files): Violation[] {
  const product = [...files].filter(([path]) => isProduct(path));
  return [
    ...product.flatMap(([path, text]) => [
      ...importViolations(path, text),
      ...platformViolations(path, text),
      ...lengthViolations(path, text),
    ]),
    ...deadFiles(files),
    ...[...files].flatMap(([path, text]) => linkViolations(path, text, files)),
  ];
}

/** Whether a path is code that runs for the people who use this: no test, no declaration. */
export function isProduct(path: string): boolean {
  return /^src\/.*\.ts$/.test(path) && !/\.(test|test-helper|d)\.ts$/.test(path);
}

function importViolations(path: string, text: string): Violation[] {
  const name = path.split('/')[1] ?? '';
  const room = ROOMS[name];
  if (room === undefined) return [{ rule: 'imports', path, what: `${name} is no room of this house` }];
  const mayImport = (specifier: string): boolean => {
    if (!specifier.startsWith('.')) return room.packages.some((each) => isWithin(specifier, each));
    const [top, from = ''] = resolved(path, specifier).split('/');
    return top === 'src' && (from === name || room.rooms.includes(from));
  };
  return importsOf(path, text)
    .filter((specifier) => !mayImport(specifier))
    .map((specifier) => ({ rule: 'imports', path, what: `${name} may not import ${specifier}` }));
}

function isWithin(specifier: string, allowed: string): boolean {
  return specifier === allowed || specifier.startsWith(/[/:]$/.test(allowed) ? allowed : `${allowed}/`);
}

/** What a file imports or re-exports, statically, dynamically, as a type, or to run as a worker. */
export function importsOf(path: string, text: string): string[] {
  const found = ts.preProcessFile(text, true, true).importedFiles.map((each) => each.fileName);
  visit(parsed(path, text), (node) => {
    if (!ts.isNewExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 'URL')
      return;
    const [target, base] = node.arguments ?? [];
    if (target === undefined || base === undefined || !ts.isStringLiteralLike(target)) return;
    if (base.getText() === 'import.meta.url' && target.text.endsWith('.ts')) found.push(target.text);
  });
  return found;
}

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];
const RANDOMNESS = ['getRandomValues', 'randomBytes', 'randomUUID', 'crypto'];
const FORBIDDEN = new Set([...TIMERS, ...RANDOMNESS, 'performance', 'process', 'globalThis', 'Temporal']);

/** Floors 0 to 3: no timer, no clock, no randomness but through ports. */
function platformViolations(path: string, text: string): Violation[] {
  if ((ROOMS[path.split('/')[1] ?? '']?.floor ?? 0) > 3) return [];
  const found: Violation[] = [];
  const source = parsed(path, text);
  visit(source, (node) => {
    const name = platformUse(node);
    if (name === undefined) return;
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    found.push({ rule: 'platform', path, what: `${name} on line ${line}: only through a port` });
  });
  return found;
}

function platformUse(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) && FORBIDDEN.has(node.text) && !isOwnName(node)) return node.text;
  if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
    const called = node.expression.getText();
    return called === 'Date' && (node.arguments ?? []).length === 0 ? 'Date()' : undefined;
  }
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return undefined;
  const member = ts.isPropertyAccessExpression(node)
    ? node.name.text
    : node.argumentExpression.getText().slice(1, -1);
  const whole = `${node.expression.getText()}.${member}`;
  return whole === 'Date.now' || whole === 'Math.random' ? whole : undefined;
}

/** Whether an identifier only names a field of something, as `crypto` in `{ crypto: 1 }` does. */
function isOwnName(node: ts.Identifier): boolean {
  const { parent } = node;
  const declares =
    ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent);
  return declares && parent.name === node;
}

function lengthViolations(path: string, text: string): Violation[] {
  const lines = text.trimEnd().split('\n').length;
  if (lines <= MOST_LINES) return [];
  return [{ rule: 'length', path, what: `${lines} lines, the most is ${MOST_LINES}` }];
}

/** Product files that nothing runs: not the program, not a script of package.json. What only `npm test` runs is dead. */
function deadFiles(files: Files): Violation[] {
  const reached = new Set<string>();
  const waiting = entries(files);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const text = files.get(path);
    if (text === undefined || reached.has(path)) continue;
    reached.add(path);
    for (const specifier of importsOf(path, text)) {
      if (specifier.startsWith('.')) waiting.push(resolved(path, specifier));
    }
  }
  return [...files.keys()]
    .filter((path) => isProduct(path) && !reached.has(path))
    .map((path) => ({ rule: 'dead', path, what: 'nothing that runs reaches it' }));
}

function entries(files: Files): string[] {
  const { scripts = {} } = JSON.parse(files.get('package.json') ?? '{}') as {
    scripts?: Record<string, string>;
  };
  const words = Object.values(scripts).flatMap((script) => script.split(/[\s'"]+/));
  return ['bin/specie.js', ...words].filter((word) => files.has(word) && !word.endsWith('.test.ts'));
}

const PAGES = /^(?:README|ARCHITECTURE)\.md$|^(?:docs|spec)\/.*\.md$/;

/** Links of the documentation to files of the repository lead somewhere. */
function linkViolations(path: string, text: string, files: Files): Violation[] {
  if (!PAGES.test(path)) return [];
  const withoutCode = text.replace(/^(```|~~~)[^]*?^\1/gm, '').replace(/`[^`\n]*`/g, '');
  const targets = [
    ...withoutCode.matchAll(/\]\(<?([^()\s<>]+)>?(?:\s+"[^"]*")?\)|^\[[^\]]+\]:\s*<?([^\s<>]+)/gm),
  ];
  return targets
    .map((match) => match[1] ?? match[2] ?? '')
    .filter((target) => !/^(?:[a-z][a-z0-9+.-]*:|#|\/\/)/i.test(target))
    .filter((target) => !exists(target, path, files))
    .map((target) => ({ rule: 'links', path, what: `${target} leads nowhere` }));
}

function exists(target: string, from: string, files: Files): boolean {
  const wanted = resolved(from, decodeURI(target.replace(/[?#].*$/, ''))).replace(/\/$/, '');
  return (
    wanted === '' || files.has(wanted) || [...files.keys()].some((path) => path.startsWith(`${wanted}/`))
  );
}

/** A relative path from a file, as a path from the repository's root; `..` beyond the root stays. */
function resolved(from: string, relative: string): string {
  const steps = relative.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const step of relative.split('/')) {
    if (step === '..' && steps.length > 0) steps.pop();
    else if (step !== '.' && step !== '') steps.push(step);
  }
  return steps.join('/');
}

function parsed(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => {
    visit(child, see);
  });
}
