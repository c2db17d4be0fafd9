/**
 * `node bench/profile.ts [--batch 8] [--coins 8192] [--fronts 0] [--work renew]`: where the box's processor time goes.
 * Starts box, bank and front without supervisor; the box unconfined, since under its fence it may not write a profile.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Refusal } from '../src/base/refusal.ts';
import { prepare } from '../src/apps/cli/start.ts';
import { run } from '../src/apps/supervisor/run.ts';
import type { Program, Run } from '../src/apps/supervisor/run.ts';
import { SUITES } from '../src/suites/index.ts';
import type { Part } from '../test/support/parts.ts';
import { freePort } from '../test/support/processes.ts';
import { openStage } from './stage.ts';
import type { Issuer } from './stage.ts';
import { printTable } from './table.ts';
import { measureThroughput } from './throughput.ts';

const GRACE_MILLISECONDS = 20_000;
/** Functions that are printed of a thread. */
const MOST_SHOWN = 28;

const { values } = parseArgs({
  options: {
    batch: { type: 'string', default: '8' },
    coins: { type: 'string', default: '8192' },
    fronts: { type: 'string', default: '0' },
    work: { type: 'string', default: 'renew' },
  },
});

const profiles = mkdtempSync(join(tmpdir(), 'specie-profile-'));
const stage = await openStage(await startUnconfined());
const kind = {
  work: values.work === 'redeem' ? 'redeem' : 'renew',
  fronts: Number(values.fronts),
  batch: Number(values.batch),
} as const;
await measureThroughput(stage, { kinds: [kind], rounds: 1, coins: Number(values.coins) });
await stage.close();
for (const name of readdirSync(profiles)) show(name);
rmSync(profiles, { recursive: true });

async function startUnconfined(): Promise<Issuer> {
  const folder = mkdtempSync(join(tmpdir(), 'specie-issuer-'));
  const port = await freePort();
  const options = { folder, port, name: 'Profiled', suite: SUITES[0]?.name ?? '' };
  const programs = await prepare(options, `http://127.0.0.1:${port}/`);
  if (programs instanceof Refusal) throw new Error(programs.details);
  const runs = new Map<Part, Run>();
  for (const program of programs)
    runs.set(program.name as Part, await started(program.name === 'box' ? profiled(program) : program));
  return {
    folder,
    port,
    pids: () => new Map([...runs].map(([part, { pid }]) => [part, pid ?? 0])),
    stop: async () => {
      for (const part of ['issuer', 'bank', 'box'] as const) await runs.get(part)?.stop(GRACE_MILLISECONDS);
      rmSync(folder, { recursive: true });
    },
  };
}

/** The box's program with a profiler, and without what fences it. */
function profiled({ name, ready, args }: Program): Program {
  const entry = args.find((each) => basename(each) === 'main.ts');
  const options = args.at(-1);
  if (entry === undefined || options === undefined) throw new Error('this is no box');
  const profiler = ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  return { name, ready, command: process.execPath, args: [...profiler, entry, options] };
}

function started(program: Program): Promise<Run> {
  return new Promise((resolve, reject) => {
    const begun: Run = run(program, {
      ready: () => resolve(begun),
      output: () => undefined,
      errors: (line) => console.error(line),
    });
    void begun.ended.then(() => reject(new Error(`${program.name} has ended`)));
  });
}

/** As V8 writes it. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Prints what one thread's time went into, by the function itself, without what it called. */
function show(file: string): void {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(join(profiles, file), 'utf8')) as Profile;
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const name = names.get(id) ?? '';
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0));
  }
  const idle = times.get('(idle)') ?? 0;
  times.delete('(idle)');
  const busy = [...times.values()].reduce((sum, each) => sum + each, 0);
  console.log(`\n${file}: busy ${(busy / 1e6).toFixed(2)} s, idle ${(idle / 1e6).toFixed(2)} s`);
  const rows = [...times]
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, MOST_SHOWN)
    .map(([name, time]) => [(time / 1e3).toFixed(0), `${((time / busy) * 100).toFixed(1)} %`, name]);
  printTable(['ms', 'share', 'function'], rows);
}

function nameOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? 'anonymous' : functionName;
  return url === '' ? name : `${name} ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`;
}
