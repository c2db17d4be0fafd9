/**
 * Titles under fire: wallets give, pay, split, bind and claim at once, two copies of one wallet among them, over a network
 * that loses, doubles and reorders datagrams, and a rogue that sends old ones again, while box and front of the title server
 * are killed with SIGKILL at random. In the end every title has one holder, and wallets, receipts, log and files agree.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import type { NetConnectOpts } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bytesToHex } from '../../../src/base/bytes.ts';
import { Refusal } from '../../../src/base/refusal.ts';
import { ownProgram } from '../../../src/apps/cli/own-program.ts';
import { TITLE_FRONT_READY } from '../../../src/apps/cli/title/front.ts';
import { TITLE_PATH } from '../../../src/apps/title/http-paths.ts';
import { titleProgram, titleSocket } from '../../../src/apps/title/program.ts';
import type { Program } from '../../../src/apps/supervisor/run.ts';
import type { TitleMessenger } from '../../../src/title/wallet/ports.ts';
import { titleMessenger } from '../../../src/transports/title-messenger.ts';
import { askUdp } from '../../../src/transports/udp-client.ts';
import { Dice } from '../../fuzz/dice.ts';
import { STORM, SUNSHINE, openLossyUdp } from '../../support/lossy-udp.ts';
import type { LossyUdp } from '../../support/lossy-udp.ts';
import { freePort } from '../../support/processes.ts';
import { Killer } from '../killer.ts';
import type { KillerOptions, Kills } from '../killer.ts';
import { missing } from './books.ts';
import { Client } from './client.ts';
import { ISSUER, IssuedClass, insistently } from './issuer.ts';
import { auditFaults, readBooks, restoreFaults } from './readings.ts';
import { Rogue } from './rogue.ts';
import { Trade } from './trade.ts';

export interface TitleTortureOptions extends KillerOptions {
  readonly clients: number;
  /** Milliseconds within which a client begins the next operation. */
  readonly restWithin: number;
  /** Datagrams of a thousand that are lost, in each direction. */
  readonly lost: number;
}

/** What it came to. */
export interface TitleTortureReport {
  readonly kills: Kills;
  readonly begun: ReadonlyMap<string, number>;
  readonly refused: ReadonlyMap<string, number>;
  /** What became of datagrams. */
  readonly datagrams: LossyUdp['counts'];
  /** What is said beside it: how many of what there were. */
  readonly counts: ReadonlyMap<string, number>;
  /** What is wrong; empty when every title is accounted for. */
  readonly faults: readonly string[];
}

/** Titles that everybody is issued of each class: how many of which denomination. */
const FIRST = [
  [1, 12],
  [2, 8],
  [5, 6],
  [10, 6],
] as const;
const CLASSES = [
  ['Shares', [1, 2, 5, 10]],
  ['Seats', [1]],
] as const;
/** Two seconds in all: here a front is dead more often than not. */
const PATIENCE = { tries: 8, firstPause: 30, longestPause: 400 } as const;
/** Milliseconds within which an old transfer comes once more. */
const REPLAYS_WITHIN = 60;

/** Runs it in a temporary folder. */
export async function titleTorture(options: TitleTortureOptions): Promise<TitleTortureReport> {
  const folder = mkdtempSync(join(tmpdir(), 'specie-title-torture-'));
  try {
    return await tortureIn(folder, options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tortureIn(folder: string, options: TitleTortureOptions): Promise<TitleTortureReport> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}${TITLE_PATH}`;
  const { programs, addresses } = prepare(folder, port);
  const killer = new Killer(programs, addresses, options);
  const relay = await openLossyUdp(port, options.seed, { ...STORM, lost: options.lost });
  let rogue: Rogue | undefined;
  try {
    const refused = await killer.supervisor.started;
    if (refused !== undefined) throw new Error(refused.details);
    const server = await serverKey(url);
    rogue = new Rogue(server, new Dice(options.seed + 2));
    const trade = tradeOf(url, server, { options, killer, rogue, relay });
    await trade.open(FIRST);
    await Promise.all([trade.run(), haunt(rogue, url, { options, killer, relay }), killer.hunt()]);
    relay.change(SUNSHINE);
    await insistently(url, { type: 'request title server' });
    await trade.settle();
    await rogue.replayAll(url);
    await trade.settle();
    return await account(folder, { url, trade, rogue, killer, relay });
  } finally {
    rogue?.close();
    await killer.supervisor.stop();
    await relay.close();
  }
}

function prepare(
  folder: string,
  port: number,
): { readonly programs: readonly Program[]; readonly addresses: ReadonlyMap<string, NetConnectOpts> } {
  const socket = titleSocket(folder);
  const box = titleProgram({
    data: folder,
    unlock: { keyFile: join(folder, 'key') },
    places: undefined,
    issuers: [bytesToHex(ISSUER)],
    udpPort: port,
  });
  if (box instanceof Refusal) throw new Error(box.details);
  if (socket instanceof Refusal) throw new Error(socket.details);
  const at = ['--host', '127.0.0.1', '--port', String(port), '--udp-port', String(port)];
  const front = ownProgram('front', TITLE_FRONT_READY, ['title', 'front', '--box', socket, ...at]);
  const addresses = new Map<string, NetConnectOpts>([
    ['titles', { path: socket }],
    ['front', { host: '127.0.0.1', port }],
  ]);
  return { programs: [box, front], addresses };
}

async function serverKey(url: string): Promise<Uint8Array> {
  const said = await insistently(url, { type: 'request title server' });
  if (said.type !== 'response title server') throw new Error('it is no title server');
  return said.server;
}

interface Around {
  readonly options: TitleTortureOptions;
  readonly killer: Killer;
  readonly rogue: Rogue;
  readonly relay: LossyUdp;
}

function tradeOf(url: string, server: Uint8Array, { options, killer, rogue, relay }: Around): Trade {
  const messenger: TitleMessenger = {
    exchange: async (to, udpPort, request) => {
      const hear = rogue.hears(request);
      const work =
        udpPort === undefined
          ? titleMessenger.exchange(to, undefined, request)
          : askUdp('127.0.0.1', relay.port, request, PATIENCE);
      const answer = hear === undefined ? await work : await killer.during('transfer', work);
      hear?.(answer);
      return answer;
    },
  };
  const clients = Array.from({ length: options.clients }, (_, at) => {
    const dice = new Dice(options.seed + 10 + at);
    return new Client(`client ${at}`, { url, messenger, dice });
  });
  const classes = CLASSES.map(([name, denominations]) => new IssuedClass(url, server, name, denominations));
  const dice = new Dice(options.seed + 1);
  return new Trade(
    { clients, server: bytesToHex(server), classes },
    { dice, killer, restWithin: options.restWithin },
  );
}

/** Old transfers come again and again, until the killing is over. */
async function haunt(
  rogue: Rogue,
  url: string,
  { options, killer, relay }: Omit<Around, 'rogue'>,
): Promise<void> {
  const dice = new Dice(options.seed + 3);
  while (!killer.isOver) {
    await rogue.replay(url, relay.port);
    await pause(dice.below(REPLAYS_WITHIN));
  }
}

interface Over {
  readonly url: string;
  readonly trade: Trade;
  readonly rogue: Rogue;
  readonly killer: Killer;
  readonly relay: LossyUdp;
}

async function account(
  folder: string,
  { url, trade, rogue, killer, relay }: Over,
): Promise<TitleTortureReport> {
  const audit = await auditFaults(url, trade.clients);
  const restored = await restoreFaults(url, trade.clients);
  const { read, faults: readFaults } = await readBooks(url, trade, rogue);
  await killer.supervisor.stop();
  const books = read(folder);
  const bugs = killer.lines.filter((line) =>
    /"event":"(bug|title (groups lost|place failed|checkpoint failed))/.test(line),
  );
  const everybody = [...trade.clients, ...trade.copies];
  const unheard = books.done.filter(({ moves }) => moves.length === 0).length;
  return {
    kills: killer.kills,
    begun: trade.begun,
    refused: trade.refused,
    datagrams: { ...relay.counts },
    counts: new Map([
      ['titles', books.served.length],
      ['transfers', books.log.length],
      ['receipts never heard', unheard],
      ['old transfers sent again', rogue.replays],
      ['second copies', trade.copies.length],
      ['deaths of clients', everybody.reduce((sum, { deaths }) => sum + deaths, 0)],
      ['issued', books.issued],
      ['in pools', books.pooled],
    ]),
    faults: [
      ...bugs,
      ...trade.faults,
      ...rogue.faults,
      ...readFaults,
      ...restored,
      ...audit,
      ...missing(books),
    ],
  };
}
