import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { amount } from '../../base/amount.ts';
import { Refusal } from '../../base/refusal.ts';
import { SUITES } from '../../suites/index.ts';
import { openIssuer } from '../issuer/issuer.ts';
import { serveIssuer } from '../issuer/serve.ts';
import { log } from '../log.ts';
import { complain, misused, progress, say } from './terminal.ts';
import type { ExitStatus } from './terminal.ts';

const USAGE = 'specie start [--data DIR] [--port N] [--name NAME] [--suite SUITE]';
const HOST = '127.0.0.1';
const TREASURY = amount(10_000_000);

/** Runs everything on one machine until SIGINT or SIGTERM: an issuer with a demo currency. */
export async function start(args: readonly string[]): Promise<ExitStatus> {
  const options = readOptions(args);
  if (options === undefined) return misused(USAGE);
  const stopped = stopSignal();
  const url = `http://${HOST}:${options.port}/`;
  const issuer = await openIssuer({
    folder: options.folder,
    url,
    clock: Date.now,
    report: log,
    progress: progress('making mint keys:'),
    founding: { name: options.name, suite: options.suite, treasury: TREASURY },
  });
  if (issuer instanceof Refusal) return complain(issuer);
  const server = await serveIssuer(issuer, HOST, options.port);
  if (server instanceof Refusal) {
    await issuer.close();
    return complain(server);
  }
  const { currency_name: name } = issuer.mint.keyring.cdd;
  say(`${name} is issued at ${url}`);
  say(`Its books are in ${options.folder}. Open the address in a browser, or give it to a wallet:`);
  say(`  npx specie wallet add ${url}`);
  await stopped;
  await server.close();
  await issuer.close();
  return 0;
}

interface StartOptions {
  readonly folder: string;
  readonly port: number;
  readonly name: string;
  readonly suite: string;
}

function readOptions(args: readonly string[]): StartOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    options: {
      data: { type: 'string', default: 'data/issuer' },
      port: { type: 'string', default: '8080' },
      name: { type: 'string', default: 'Demo' },
      suite: { type: 'string', default: SUITES[0]?.name ?? '' },
    },
  });
  const { data, port, name, suite, ...others } = values;
  const known = positionals.length === 0 && Object.keys(others).length === 0;
  const texts = [data, port, name, suite].every((value) => typeof value === 'string' && value !== '');
  const portNumber = Number(port);
  const portRight = Number.isInteger(portNumber) && portNumber > 0 && portNumber < 65_536;
  const suiteRight = SUITES.some((each) => each.name === suite);
  if (!known || !texts || !portRight || !suiteRight || String(name).length > 200) return undefined;
  return { folder: resolve(String(data)), port: portNumber, name: String(name), suite: String(suite) };
}

function stopSignal(): Promise<void> {
  return new Promise((resolveStop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolveStop());
  });
}
