/** A wallet host as `specie start` runs it: how long pages take while people trade, and what a payment by name costs. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from '../test/support/host-people.ts';
import { programsWith } from '../test/support/parts.ts';
import { freePort, startIssuer } from '../test/support/processes.ts';
import type { IssuerProcess } from '../test/support/processes.ts';
import { crowd } from './host-crowd.ts';
import type { CrowdDone } from './host-crowd.ts';
import { scriptBytes } from './host-scripts.ts';
import { certain, gather } from './host-town.ts';
import type { Gathered } from './host-town.ts';
import { memoryOf, processorOf } from './processor.ts';
import { printTable, quantile } from './table.ts';

const PEOPLE = 50;
/** Milliseconds between two deeds of one person, of which a third are payments by name. */
const PACE = 2_000;
const PACED_SECONDS = 25;
/** Milliseconds between two pages of the visitor. */
const VISITOR_PAUSE = 50;
const IN_FLIGHT = [1, 4, 16];
const FAST_SECONDS = 8;
/** Seconds in which what is left of a payment is done: the payee's wallet takes it, purses are tidied. */
const AFTERMATH = 4;
const IDLE_SECONDS = 25;
/** Milliseconds in which a page should come, and the bytes of script that it may load. */
const GOAL_MILLISECONDS = 50;
const GOAL_BYTES = 51_200;
const PAGES = ['/inbox', '/purse', '/compose', 'a letter', '/history'];
const SCRIPTED = [
  '/inbox',
  '/compose',
  '/purse',
  '/history',
  '/receive',
  '/settings',
  'the codes of a letter',
];

interface Town extends Gathered {
  readonly issuer: IssuerProcess;
  readonly hostPid: number;
}

/** Starts everything, measures, prints, and ends everything. */
export async function measureHost(): Promise<void> {
  const walletPort = await freePort();
  const issuer = await startIssuer({ walletPort });
  const [hostPid = 0] = programsWith(join(issuer.folder, 'wallet-host'));
  const start = performance.now();
  const town = { issuer, hostPid, ...(await gather(`http://localhost:${walletPort}/`, PEOPLE)) };
  const seconds = (performance.now() - start) / 1_000;
  console.log(`${PEOPLE} people signed up, got a token and bought coins in ${seconds.toFixed(1)} s`);
  await measurePages(town);
  await measurePayments(town);
  await measureIdle(town);
  await measureScripts(town);
  const { now, peak } = memoryOf(town.hostPid);
  console.log(`the host holds ${now.toFixed(0)} MiB, at most ${peak.toFixed(0)}`);
  for (const { client } of town.people) client.close();
  await issuer.stop();
}

/** One visitor, a member with the others, loads page after page: alone first, then while all others trade. */
async function measurePages(town: Town): Promise<void> {
  const way = { kind: 'at their pace', pace: PACE } as const;
  const [visitor] = town.people;
  if (visitor === undefined) throw new Error('nobody visits');
  const letter = await someLetter(town, visitor);
  const alone = await visit(visitor, letter, pause(PACED_SECONDS * 200));
  const trade = crowd({ ...town.job, seconds: PACED_SECONDS, way });
  const among = await visit(visitor, letter, trade);
  const done = await trade;
  const perSecond = (done.deeds / done.seconds).toFixed(1);
  console.log(
    `while ${PEOPLE} people do something every ${PACE / 1_000} s each: ${perSecond} deeds a second, ` +
      `${(done.payments.length / done.seconds).toFixed(1)} payments by name; refused ${refusals(done)}`,
  );
  const rows = PAGES.map((page) => [page, ...times(alone.get(page)), ...times(among.get(page))]);
  const all = [...among.values()].flat();
  printTable(
    ['page, ms', 'alone: median', '90 %', '99 %', 'in trade: median', '90 %', '99 %'],
    [...rows, ['all', ...times([...alone.values()].flat()), ...times(all)]],
  );
  const paid = times(done.payments);
  console.log(`a payment by name, ms: median ${paid[0]}, 90 % ${paid[1]}, 99 % ${paid[2]}`);
  console.log(goal(`pages in trade, median ${times(all)[0]} ms`, quantile(all, 0.5), GOAL_MILLISECONDS));
}

/** A letter in the visitor's inbox. */
async function someLetter({ people, job }: Town, visitor: Person): Promise<string> {
  const { currency } = job;
  const paid = await people[1]?.pay({ to: visitor.name, currency, amount: 5, subject: 'lunch', text: '' });
  certain(paid);
  const [letter] = certain(await visitor.newest('inbox'));
  if (letter === undefined) throw new Error('what was paid is not in the inbox');
  return `/inbox/${letter.id}`;
}

/** Loads pages one after the other until something ends; how long each took, in milliseconds. */
async function visit(
  visitor: Person,
  letter: string,
  until: Promise<unknown>,
): Promise<ReadonlyMap<string, number[]>> {
  const found = new Map(PAGES.map((page) => [page, [] as number[]]));
  const ended = new AbortController();
  void until.then(() => ended.abort());
  for (let count = 0; !ended.signal.aborted; count++) {
    const page = PAGES[count % PAGES.length] ?? '';
    const start = performance.now();
    const answer = await visitor.page(page.startsWith('/') ? page : letter);
    found.get(page)?.push(performance.now() - start);
    if (answer?.status !== 200) throw new Error(`${page} was answered by ${answer?.status ?? 'nothing'}`);
    await pause(VISITOR_PAUSE);
  }
  return found;
}

/** As many payments by name as go, and whose processor time they take, with all that follows them. */
async function measurePayments(town: Town): Promise<void> {
  const rows: string[][] = [];
  for (const inFlight of IN_FLIGHT) {
    const before = used(town);
    const done = await crowd({
      ...town.job,
      seconds: FAST_SECONDS,
      way: { kind: 'as fast as they can', inFlight },
    });
    await pause(AFTERMATH * 1_000);
    const after = used(town);
    const count = done.payments.length;
    const each = (seconds: number) => ((seconds / count) * 1_000).toFixed(1);
    rows.push([
      String(inFlight),
      (count / done.seconds).toFixed(1),
      ...times(done.payments),
      ...(['host', 'box', 'issuer', 'bank'] as const).map((part) => each(after[part] - before[part])),
      each(done.processor),
      refusals(done),
    ]);
  }
  console.log(
    `payments by name as fast as they are answered; processor milliseconds a payment, aftermath included`,
  );
  printTable(
    [
      'underway',
      'a second',
      'median ms',
      '90 %',
      '99 %',
      'host',
      'box',
      'front',
      'bank',
      'people',
      'refused',
    ],
    rows,
  );
}

/** Seconds of processor time that each program has used. */
function used({ issuer, hostPid }: Town): Readonly<Record<'host' | 'box' | 'issuer' | 'bank', number>> {
  const pids = issuer.pids();
  const of = (pid: number | undefined) =>
    pid === undefined ? 0 : Object.values(processorOf([pid])).reduce((sum, each) => sum + each, 0);
  return {
    host: of(hostPid),
    box: of(pids.get('box')),
    issuer: of(pids.get('issuer')),
    bank: of(pids.get('bank')),
  };
}

/** What open wallets cost while nobody does anything. */
async function measureIdle(town: Town): Promise<void> {
  const before = used(town);
  await pause(IDLE_SECONDS * 1_000);
  const after = used(town);
  const share = (part: 'host' | 'box') =>
    `${(((after[part] - before[part]) / IDLE_SECONDS) * 100).toFixed(1)} %`;
  console.log(
    `${PEOPLE} open wallets at rest: the host takes ${share('host')} of a core, the box ${share('box')}`,
  );
}

async function measureScripts({ people, job }: Town): Promise<void> {
  const [person] = people;
  if (person === undefined) throw new Error('nobody reads');
  const { currency } = job;
  const left = certain(await person.pay({ to: '', currency, amount: 5, subject: 'codes', text: '' }));
  const rows: [string, number][] = [];
  for (const name of SCRIPTED)
    rows.push([name, await scriptBytes(person, name.startsWith('/') ? name : `/sent/${left.id}/codes`)]);
  printTable(
    ['bytes of script, brotli', 'bytes'],
    rows.map(([name, bytes]) => [name, String(bytes)]),
  );
  const most = Math.max(...rows.map(([, bytes]) => bytes));
  console.log(goal(`script of a page, at most ${most} bytes`, most, GOAL_BYTES));
}

function goal(what: string, value: number, most: number): string {
  return `${what}: ${value < most ? 'reached' : 'NOT reached'} (goal under ${most})`;
}

function times(samples: readonly number[] = []): readonly [string, string, string] {
  const at = (share: number) => quantile(samples, share).toFixed(1);
  return [at(0.5), at(0.9), at(0.99)];
}

function refusals({ refused }: CrowdDone): string {
  const all = Object.entries(refused).map(([name, count]) => `${name} ${count}`);
  return all.length === 0 ? 'none' : all.join(', ');
}
