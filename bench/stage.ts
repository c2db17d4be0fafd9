/** What is measured, started: box, bank and front as people start them, further fronts, and who loads them. */
import { join } from 'node:path';
import { Refusal } from '../src/base/refusal.ts';
import { boxSocket } from '../src/apps/box/program.ts';
import { ISSUER_READY } from '../src/apps/cli/issuer.ts';
import { SPECIE, freePort, launch, startIssuer } from '../test/support/processes.ts';
import type { IssuerProcess, Running } from '../test/support/processes.ts';
import { findTarget } from './coins.ts';
import type { Target } from './coins.ts';
import { Connection } from './http-load.ts';
import { startLoad } from './load.ts';
import type { Load } from './load.ts';
import { Purse } from './purse.ts';
import { RawCores } from './raw.ts';

/** A front: where it listens, and its process. */
export interface FrontProcess {
  readonly port: number;
  readonly pid: number;
}

export interface Stage {
  readonly folder: string;
  readonly socket: string;
  readonly boxPid: number;
  readonly bankPid: number;
  readonly raw: RawCores;
  readonly load: Load;
  /** Of the first front. */
  readonly port: number;
  readonly target: Target;
  readonly purse: Purse;
  /** So many fronts on the one box; those that are missing are started. */
  fronts(count: number): Promise<readonly FrontProcess[]>;
  close(): Promise<void>;
}

/** An issuer at work: as people start it, or otherwise. */
export type Issuer = Pick<IssuerProcess, 'folder' | 'port' | 'pids' | 'stop'>;

/** Starts everything else around an issuer. */
export async function openStage(issuer?: Issuer): Promise<Stage> {
  return stageAround(issuer ?? (await startIssuer()));
}

async function stageAround(issuer: Issuer): Promise<Stage> {
  const pidOf = pidsOf(issuer);
  const socket = boxSocket(join(issuer.folder, 'box'));
  if (socket instanceof Refusal) throw new Error(socket.details);
  const connection = await Connection.open(issuer.port);
  const target = await findTarget(connection);
  connection.close();
  const load = startLoad();
  const raw = new RawCores();
  const fronts: FrontProcess[] = [{ port: issuer.port, pid: pidOf('issuer') }];
  const launched: Running[] = [];
  return {
    folder: issuer.folder,
    socket,
    boxPid: pidOf('box'),
    bankPid: pidOf('bank'),
    raw,
    load,
    port: issuer.port,
    target,
    purse: new Purse(issuer.port, target),
    fronts: async (count) => {
      while (fronts.length < count) {
        const port = await freePort();
        const running = launch(process.execPath, [SPECIE, 'issuer', '--box', socket, '--port', String(port)]);
        launched.push(running);
        await running.said(ISSUER_READY);
        fronts.push({ port, pid: running.child.pid ?? 0 });
      }
      return fronts.slice(0, count);
    },
    close: async () => {
      for (const { child } of launched) child.kill('SIGTERM');
      await Promise.all([load.close(), raw.close(), ...launched.map(({ ended }) => ended)]);
      await issuer.stop();
    },
  };
}

function pidsOf(issuer: Issuer) {
  const pids = issuer.pids();
  return (part: 'box' | 'bank' | 'issuer') => {
    const pid = pids.get(part);
    if (pid === undefined) throw new Error(`no ${part} runs`);
    return pid;
  };
}
