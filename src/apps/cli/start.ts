import { resolve } from 'node:path';
import { amount } from '../../base/amount.ts';
import { LIMITS } from '../../base/limits.ts';
import { Refusal } from '../../base/refusal.ts';
import { SUITES } from '../../suites/index.ts';
import { openIssuer } from '../issuer/issuer.ts';
import type { Issuer } from '../issuer/issuer.ts';
import { serveIssuer, tryPort } from '../issuer/serve.ts';
import { log } from '../log.ts';
import { readArguments } from './arguments.ts';
import { folderError } from './files.ts';
import { complain, misused, progress, say } from './terminal.ts';
import type { ExitStatus } from './terminal.ts';

const USAGE = 'specie start [--data DIR] [--port N] [--name NAME] [--suite SUITE]';
const HOST = '127.0.0.1';
const TREASURY = amount(10_000_000);

/** Runs everything on one machine until SIGINT or SIGTERM: an issuer with a demo currency. */
export async function start(args: readonly string[]): Promise<ExitStatus> {
  const options = readOptions(args);
  if (typeof options === 'string') return misused(USAGE, options);
  const stopped = stopSignal();
  const url = `http://${HOST}:${options.port}/`;
  const taken = await tryPort(HOST, options.port);
  if (taken !== undefined) return complain(taken);
  const issuer = await open(options, url);
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

async function open({ folder, name, suite }: StartOptions, url: string): Promise<Issuer | Refusal> {
  try {
    return await openIssuer({
      folder,
      url,
      clock: Date.now,
      report: log,
      progress: progress('making mint keys:'),
      founding: { name, suite, treasury: TREASURY },
    });
  } catch (error) {
    return folderError(error, folder);
  }
}

interface StartOptions {
  readonly folder: string;
  readonly port: number;
  readonly name: string;
  readonly suite: string;
}

/** The options; a text says what is wrong with them. */
function readOptions(args: readonly string[]): StartOptions | string {
  const given = readArguments(args, { texts: ['data', 'port', 'name', 'suite'] });
  if (typeof given === 'string') return given;
  const [operand] = given.operands;
  if (operand !== undefined) return `start takes no ${operand}`;
  const suites = SUITES.map((each) => each.name);
  const { data = 'data/issuer', port = '8080', name = 'Demo', suite = suites[0] ?? '' } = given.texts;
  if (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535) return 'a port is a number from 1 to 65535';
  if (name.length > LIMITS.shortText) return `a name has at most ${LIMITS.shortText} characters`;
  if (!suites.includes(suite)) return `a suite is one of ${suites.join(', ')}`;
  return { folder: resolve(data), port: Number(port), name, suite };
}

/** Told more than once, as when a whole group of processes is told and its head tells us again, it still ends well. */
function stopSignal(): Promise<void> {
  return new Promise((resolveStop) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolveStop());
  });
}
