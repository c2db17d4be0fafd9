import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, it } from 'node:test';
import { MOST_LINES, ROOMS, importsOf, isProduct, violations } from './house-rules.ts';
import type { Violation } from './house-rules.ts';

const root = new URL('../', import.meta.url);

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

const NOT_OURS = new Set(['.git', 'node_modules', 'build', 'data']);

/** Every file of the repository. */
function repository(): Map<string, string> {
  const walk = (folder: string): string[] =>
    readdirSync(new URL(folder, root), { withFileTypes: true }).flatMap((entry) => {
      if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : walk(`${folder}${entry.name}/`);
      return entry.isFile() ? [`${folder}${entry.name}`] : [];
    });
  return new Map(walk('').map((path) => [path, read(path)]));
}

describe('the rules of the house', () => {
  const files = repository();
  const found = violations(files);
  const product = [...files.keys()].filter(isProduct);
  const rooms = new Set([...files.keys()].flatMap((path) => /^src\/([^/]+)\//.exec(path)?.[1] ?? []));

  it('sees the house: its files, and every room', () => {
    assert.ok(product.length > 30, `${product.length} files`);
    assert.deepEqual([...rooms].sort(), Object.keys(ROOMS).sort());
    for (const room of rooms)
      assert.ok(
        product.some((path) => path.startsWith(`src/${room}/`)),
        room,
      );
  });

  for (const rule of ['imports', 'platform', 'dead', 'length', 'links'] as const) {
    it(`is kept: ${rule}`, () => {
      const broken = found.filter((violation) => violation.rule === rule);
      assert.deepEqual(
        broken.map(({ path, what }) => `${path}: ${what}`),
        [],
      );
    });
  }

  it('is said the same way to the compiler', () => {
    for (const [name, room] of Object.entries(ROOMS)) {
      const config = JSON.parse(read(`src/${name}/tsconfig.json`)) as {
        references?: { path: string }[];
        compilerOptions: { types?: string[] };
      };
      const references = (config.references ?? []).map(({ path }) => path.replace('../', ''));
      assert.deepEqual(references.sort(), [...room.rooms].sort(), name);
      assert.equal(
        config.compilerOptions.types?.includes('node') ?? false,
        room.packages.includes('node:'),
        name,
      );
    }
  });
});

describe('a planted violation is seen', () => {
  const PACKAGE = '{"scripts":{"schemata":"node scripts/schemata.ts","fuzz":"node test/fuzz.ts"}}';

  /** A small house with one file that breaks a rule, and no other violation but what that file brings. */
  function planted(path: string, text: string): Violation[] {
    const house = new Map([
      ['package.json', PACKAGE],
      ['bin/specie.js', "import '../src/apps/main.ts';"],
      ['src/apps/main.ts', `import '../../${path}';\nexport const main = 1;`],
      [path, text],
    ]);
    return violations(house);
  }

  const imports: readonly (readonly [path: string, specifier: string])[] = [
    ['src/base/x.ts', '../protocol/codec.ts'],
    ['src/base/x.ts', 'node:fs'],
    ['src/protocol/x.ts', '../suites/index.ts'],
    ['src/suites/x.ts', 'typebox'],
    ['src/mint/x.ts', '../wallet/wallet.ts'],
    ['src/mint/deep/x.ts', '../../bank/bank.ts'],
    ['src/wallet/x.ts', '../mint/mint.ts'],
    ['src/wallet/x.ts', 'node:crypto'],
    ['src/bank/x.ts', '../stores/memory.ts'],
    ['src/stores/x.ts', '../apps/main.ts'],
    ['src/signers/x.ts', '../wallet/wallet.ts'],
    ['src/transports/x.ts', '../mint/mint.ts'],
    ['src/transports/x.ts', 'honolulu'],
    ['src/apps/x.ts', '../../test/house-rules.ts'],
    ['src/apps/x.ts', 'left-pad'],
  ];
  for (const [path, specifier] of imports) {
    it(`${path} importing ${specifier}`, () => {
      for (const line of [
        `import { a } from '${specifier}';`,
        `export * from '${specifier}';`,
        `import type { A } from '${specifier}';`,
        `type A = import('${specifier}').A;`,
        `const a = await import('${specifier}');`,
      ]) {
        assert.deepEqual(
          planted(path, line).map(({ rule, path: where }) => [rule, where]),
          [['imports', path]],
          line,
        );
      }
    });
  }

  it('a room that the house does not have', () => {
    const [first] = planted('src/attic/x.ts', 'export const a = 1;');
    assert.deepEqual(first, {
      rule: 'imports',
      path: 'src/apps/main.ts',
      what: 'apps may not import ../../src/attic/x.ts',
    });
    assert.equal(violations(new Map([['src/attic/x.ts', '']]))[0]?.what, 'attic is no room of this house');
  });

  it('but not an import that is allowed', () => {
    const allowed =
      "import '../base/a.ts';\nimport '../protocol/b.ts';\nimport './c.ts';\nimport '@scure/bip39';";
    assert.deepEqual(planted('src/wallet/x.ts', allowed), []);
    assert.deepEqual(planted('src/apps/x.ts', "import 'hono/cookie';\nimport 'node:fs/promises';"), []);
  });

  for (const use of [
    'Date.now()',
    "Date['now']()",
    'new Date()',
    'Date()',
    'performance.now()',
    'Math.random()',
    'crypto.getRandomValues(a)',
    'randomBytes(8)',
    "import { randomBytes } from '@noble/hashes/utils.js'",
    'crypto.randomUUID()',
    'setTimeout(f, 1)',
    'globalThis.setInterval(f, 1)',
    'setImmediate(f)',
    'queueMicrotask(f)',
    'process.hrtime()',
  ]) {
    it(`${use} below floor 3`, () => {
      for (const room of ['base', 'wallet']) {
        const seen = planted(`src/${room}/x.ts`, `${use};`);
        assert.ok(seen.length > 0 && seen.every(({ rule }) => rule === 'platform'), JSON.stringify(seen));
      }
      assert.deepEqual(planted('src/apps/x.ts', `${use.replace(/^import.*/, '')};`), []);
    });
  }

  it('but not a date made from a number, nor words in a comment', () => {
    const innocent =
      "new Date(0);\nconst a = { performance: 1, text: 'Math.random()' };\n// setTimeout(f, 1)";
    assert.deepEqual(planted('src/mint/x.ts', innocent), []);
  });

  it('a file that nothing runs', () => {
    const house = new Map([
      ['package.json', PACKAGE],
      ['bin/specie.js', "await import('../src/apps/main.ts');"],
      ['src/apps/main.ts', "new Worker(new URL('./worker.ts', import.meta.url));"],
      ['src/apps/worker.ts', "export { a } from '../base/a.ts';"],
      ['src/base/a.ts', 'export const a = 1;'],
      ['src/base/used-by-a-test.ts', 'export const b = 1;'],
      ['src/base/b.test.ts', "import './used-by-a-test.ts';"],
      ['test/other.ts', "import '../src/base/used-by-a-test.ts';"],
      ['src/base/used-by-a-script.ts', 'export const c = 1;'],
      ['scripts/schemata.ts', "import '../src/base/used-by-a-script.ts';"],
    ]);
    assert.deepEqual(
      violations(house).map(({ rule, path }) => [rule, path]),
      [['dead', 'src/base/used-by-a-test.ts']],
    );
  });

  it('a file that is too long', () => {
    assert.deepEqual(planted('src/mint/x.ts', '\n'.repeat(MOST_LINES) + 'const a = 1;\n')[0]?.rule, 'length');
    assert.deepEqual(planted('src/mint/x.ts', '\n'.repeat(MOST_LINES - 1) + 'const a = 1;\n'), []);
  });

  it('a link that leads nowhere', () => {
    const text = [
      '[good](../src/base/a.ts) [good](#here) [good](https://example.org/x) [good](../src/base/) `[no](link)`',
      '[bad](nowhere.md) [bad](../src/base/a.ts/b) ![bad](picture.png "title")',
      '[bad]: reference.md',
    ].join('\n');
    const seen = planted('docs/guide.md', text).concat(
      violations(
        new Map([
          ['docs/guide.md', text],
          ['src/base/a.ts', ''],
        ]),
      ).filter(({ rule }) => rule === 'links'),
    );
    const targets = seen.filter(({ rule }) => rule === 'links').map(({ what }) => what.split(' ')[0]);
    assert.deepEqual(targets.slice(-4), ['nowhere.md', '../src/base/a.ts/b', 'picture.png', 'reference.md']);
  });

  it('and imports are found however they are written', () => {
    const text = `import a from './a.ts'; export { b } from './b.ts'; const c = await import("./c.ts");
      new Worker(new URL('./d.ts', import.meta.url)); new URL('./no.ts', 'https://example.org');
      // import './no.ts'
      const text = "import './no.ts'";`;
    assert.deepEqual(importsOf('src/apps/x.ts', text).sort(), ['./a.ts', './b.ts', './c.ts', './d.ts']);
  });
});
