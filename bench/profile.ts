/**
 * `node bench/profile.ts [--batch 8] [--coins 8192] [--fronts 0] [--work renew]`: where the box's processor time goes.
 * Starts box, bank and front without supervisor; the box unconfined, since under its fence it may not write a profile.
 * `node bench/profile.ts --of wallets [--seconds 10]`: where a wallet host's goes, while people pay each other by name.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Refusal } from '../src/base/refusal.ts';
import { prepare } from '../src/apps/cli/start/start.ts';
import { run } from '../src/apps/supervisor/run.ts';
import type { Program, Run } from '../src/apps/supervisor/run.ts';
import { SUITES } from '../src/suites/index.ts';
import type { Part } from '../test/support/parts.ts';
import { freePort } from '../test/support/processes.ts';
import { crowd } from './host-crowd.ts';
import { gather } from './host-town.ts';
import { openStage } from './stage.ts';
import type { Issuer } from './stage.ts';
import { printTable } from './table.ts';
import { measureThroughput } from './throughput.ts';

const GRACE_MILLISECONDS = 20_000;
/** Functions that are printed of a thread. */
const MOST_SHOWN = 28;
const PEOPLE = 12;
const IN_FLIGHT = 4;

const { values } = parseArgs({
  options: {
    batch: { type: 'string', default: '8' },
    coins: { type: 'string', default: '8192' },
    fronts: { type: 'string', default: '0' },
    work: { type: 'string', default: 'renew' },
    of: { type: 'string', default: 'box' },
    seconds: { type: 'string', default: '10' },
  },
});

const profiles = mkdtempSync(join(tmpdir(), 'specie-profile-'));
/** Of the monotonic clock, in microseconds: what is not within is not counted. */
const span = { from: 0, to: Infinity };
if (values.of === 'wallets') await payments();
else await renewals();
for (const name of readdirSync(profiles)) show(name);
rmSync(profiles, { recursive: true });

async function renewals(): Promise<void> {
  const stage = await openStage(await startWithout(undefined));
  const kind = {
    work: values.work === 'redeem' ? 'redeem' : 'renew',
    fronts: Number(values.fronts),
    batch: Number(values.batch),
  } as const;
  await measureThroughput(stage, { kinds: [kind], rounds: 1, coins: Number(values.coins) });
  await stage.close();
}

async function payments(): Promise<void> {
  const walletPort = await freePort();
  const issuer = await startWithout(walletPort);
  const { people, job } = await gather(`http://localhost:${walletPort}/`, PEOPLE);
  const way = { kind: 'as fast as they can', inFlight: IN_FLIGHT } as const;
  span.from = monotonic();
  const done = await crowd({ ...job, seconds: Number(values.seconds), way });
  span.to = monotonic();
  console.log(`${done.payments.length} payments by name`);
  for (const { client } of people) client.close();
  await issuer.stop();
}

function monotonic(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}

/** Starts everything without its supervisor; with wallets where there is a port for them, which are then profiled. */
async function startWithout(walletPort: number | undefined): Promise<Issuer> {
  const folder = mkdtempSync(join(tmpdir(), 'specie-issuer-'));
  const port = await freePort();
  const options = { folder, port, walletPort, name: 'Profiled', suites: [SUITES[0]?.name ?? ''] };
  const programs = await prepare(options, `http://127.0.0.1:${port}/`);
  if (programs instanceof Refusal) throw new Error(programs.details);
  const runs = new Map<string, Run>();
  for (const program of programs)
    runs.set(program.name, await started(program.name === values.of ? profiled(program) : program));
  return {
    folder,
    port,
    pids: () => new Map([...runs].map(([part, { pid }]) => [part as Part, pid ?? 0])),
    stop: async () => {
      for (const run of [...runs.values()].toReversed()) await run.stop(GRACE_MILLISECONDS);
      rmSync(folder, { recursive: true });
    },
  };
}

/** A program with a profiler; the box's without what fences it. */
function profiled({ name, ready, args }: Program): Program {
  const entry = args.findIndex((each) => basename(each) === 'main.ts');
  if (entry === -1) throw new Error('this is no program of ours');
  const profiler = ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
  return { name, ready, command: process.execPath, args: [...profiler, ...args.slice(entry)] };
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
    readonly children?: readonly number[];
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
  /** Microseconds of the monotonic clock. */
  readonly startTime: number;
}

/** Prints what one thread's time went into: by the function itself, and with what it called. */
function show(file: string): void {
  const profile = JSON.parse(readFileSync(join(profiles, file), 'utf8')) as Profile;
  const own = new Map<number, number>();
  let now = profile.startTime;
  for (const [index, id] of profile.samples.entries()) {
    const took = profile.timeDeltas[index] ?? 0;
    now += took;
    if (now >= span.from && now <= span.to) own.set(id, (own.get(id) ?? 0) + took);
  }
  const alone = new Map<string, number>();
  for (const { id, callFrame } of profile.nodes) add(alone, nameOf(callFrame), own.get(id) ?? 0);
  const idle = alone.get('(idle)') ?? 0;
  alone.delete('(idle)');
  const busy = [...alone.values()].reduce((sum, each) => sum + each, 0);
  console.log(`\n${file}: busy ${(busy / 1e6).toFixed(2)} s, idle ${(idle / 1e6).toFixed(2)} s`);
  printShares('function', alone, busy);
  printShares('function, with what it called', within(profile, own), busy);
}

/** What each function of ours took with all that it called; once for one that calls itself. */
function within({ nodes }: Profile, own: ReadonlyMap<number, number>): ReadonlyMap<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const totals = new Map<string, number>();
  const walk = (id: number, above: ReadonlySet<string>): number => {
    const node = byId.get(id);
    if (node === undefined) return 0;
    const name = nameOf(node.callFrame);
    const inside = new Set([...above, name]);
    const total = (node.children ?? []).reduce((sum, child) => sum + walk(child, inside), own.get(id) ?? 0);
    if (node.callFrame.url.includes('/src/') && !above.has(name)) add(totals, name, total);
    return total;
  };
  const [root] = nodes;
  if (root !== undefined) walk(root.id, new Set());
  return totals;
}

function add(times: Map<string, number>, name: string, time: number): void {
  times.set(name, (times.get(name) ?? 0) + time);
}

function printShares(head: string, times: ReadonlyMap<string, number>, busy: number): void {
  const rows = [...times]
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, MOST_SHOWN)
    .map(([name, time]) => [(time / 1e3).toFixed(0), `${((time / busy) * 100).toFixed(1)} %`, name]);
  printTable(['ms', 'share', head], rows);
}

function nameOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const name = functionName === '' ? 'anonymous' : functionName;
  return url === '' ? name : `${name} ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`;
}
