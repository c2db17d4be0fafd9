import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ROOMS } from './house-rules.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

it('the compiler lets each room import from the rooms below that it reaches, and from no other', (t) => {
  mkdirSync(join(root, 'build'), { recursive: true });
  const house = mkdtempSync(join(root, 'build', 'fence-'));
  t.after(() => {
    rmSync(house, { recursive: true });
  });
  cpSync(join(root, 'tsconfig.base.json'), join(house, 'tsconfig.base.json'));
  const rooms = Object.keys(ROOMS);
  for (const room of rooms) {
    mkdirSync(join(house, 'src', room), { recursive: true });
    cpSync(join(root, 'src', room, 'tsconfig.json'), join(house, 'src', room, 'tsconfig.json'));
    writeFileSync(join(house, 'src', room, 'a.ts'), 'export const a = 1;\n');
    for (const other of rooms) {
      const text = `import { a } from '../${other}/a.ts';\nexport const b = a;\n`;
      if (other !== room) writeFileSync(join(house, 'src', room, `to-${other}.ts`), text);
    }
  }
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const paths = rooms.map((room) => join('src', room));
  const { stdout } = spawnSync(process.execPath, [compiler, '-b', ...paths], {
    cwd: house,
    encoding: 'utf8',
  });

  const refused = new Set(
    [...stdout.matchAll(/^src\/(\w+)\/to-(\w+)\.ts\(\d+,\d+\): error TS6307/gm)].map(pair),
  );
  const forbidden = rooms.flatMap((room) => {
    const reached = reachedFrom(room);
    return rooms.filter((other) => !reached.has(other)).map((other) => `${room} → ${other}`);
  });
  assert.deepEqual([...refused].sort(), forbidden.sort());
});

/** The compiler reads the references of references too. What a room may import of these is told by the house's rules. */
function reachedFrom(room: string, reached = new Set<string>()): ReadonlySet<string> {
  if (reached.has(room)) return reached;
  reached.add(room);
  for (const other of ROOMS[room]?.rooms ?? []) reachedFrom(other, reached);
  return reached;
}

function pair([, room = '', other = '']: RegExpExecArray): string {
  return `${room} → ${other}`;
}
