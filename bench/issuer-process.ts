/** An issuer in a process of its own, as people start it, with its books in a folder that goes with it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SPECIE = fileURLToPath(new URL('../bin/specie.js', import.meta.url));

export interface IssuerProcess {
  readonly port: number;
  readonly url: string;
  /** Seconds of processor time that it has used, over all its threads. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

/** Starts one and waits until it says that it serves. */
export async function startIssuer(): Promise<IssuerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'specie-bench-'));
  const port = await freePort();
  const child = spawn(process.execPath, [SPECIE, 'start', '--data', folder, '--port', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`the issuer ended with ${String(code)}`));
    });
    child.stdout.once('data', () => {
      resolve();
    });
  });
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  return { port, url: `http://127.0.0.1:${port}/`, cpuSeconds: () => cpuSeconds(child.pid ?? 0), stop };
}

/** Fields 14 and 15 of proc(5)'s stat, in ticks of 10 ms. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
