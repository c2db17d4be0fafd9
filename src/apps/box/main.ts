/** The box's program, run under Node's permission model (supervisor/confined.ts). Its one argument is BoxOptions as JSON. */
import { Refusal } from '../../base/refusal.ts';
import { LIMITS } from '../../base/limits.ts';
import { MINUTE } from '../../base/dates.ts';
import { openVault } from '../../signers/vault/vault.ts';
import { serveFrames, serveFramesOn } from '../../transports/frames/server.ts';
import { log } from '../log.ts';
import { stopSignal, suppliedUnlock } from '../supervisor/stopping.ts';
import { openBox } from './box.ts';
import type { Box } from './box.ts';
import { exchange, failed } from './exchange.ts';
import { foundAll, missingOf, readFoundings } from './found-missing.ts';
import { openBoxFolder } from './folder.ts';
import type { BoxOptions } from './options.ts';
import { READY } from './options.ts';

const options = JSON.parse(process.argv[2] ?? '') as BoxOptions;
const refused = await run();
if (refused !== undefined) {
  console.error(`specie box: ${refused.details}.`);
  process.exitCode = 1;
}

async function run(): Promise<Refusal | undefined> {
  // The passphrase comes first on standard input, whose end then says that the supervisor is gone.
  const unlocked = await suppliedUnlock(options.keyFile);
  const stopped = stopSignal(options.supervised);
  const vault = openVault(options.folder, unlocked);
  if (vault instanceof Refusal) return vault;
  const carrier: { carry: (url: string, bytes: Uint8Array) => Promise<Uint8Array | undefined> } = {
    carry: () => Promise.resolve(undefined),
  };
  const making = { made: 0, of: 0 };
  const box = await openBox({
    folder: openBoxFolder(options.folder),
    vault,
    second: options.second,
    clock: Date.now,
    report: log,
    bug,
    progress: () => {
      making.made++;
      // With stdio, frames alone are on standard output.
      if (!options.stdio)
        console.log(`making mint keys: ${making.made} of ${Math.max(making.made, making.of)}`);
    },
    carry: (url: string, bytes: Uint8Array) => carrier.carry(url, bytes),
  });
  if (box instanceof Refusal) return box;
  const founded = await found(box, making);
  if (founded instanceof Refusal) {
    await box.close();
    return founded;
  }
  // Before anybody is served: after a restore there is no key yet that makes coins.
  const tending = keepTending(box);
  await tending.first;
  const server = await serve(box);
  carrier.carry = (url, bytes) => server.carry(url, bytes);
  if (!options.stdio) console.log(READY);
  // Over stdio it also ends when its only front has gone.
  await Promise.race([stopped, server.ended]);
  await tending.stop();
  await server.close();
  await box.close();
  return undefined;
}

/** The currencies that the box is started with and does not have yet. `making.of` is how many mint keys that takes. */
async function found(box: Box, making: { of: number }): Promise<Refusal | undefined> {
  const foundings = readFoundings(options.foundings);
  if (foundings instanceof Refusal) return foundings;
  const missing = await missingOf(box.currencies, foundings);
  making.of = missing.reduce((sum, { description }) => sum + description.denominations.length, 0);
  return foundAll(box, missing);
}

function serve(box: Box) {
  const service = {
    answer: (context: string, bytes: Uint8Array) => exchange(box, context, bytes),
    failed: (error: Error) => {
      bug(error);
      return failed();
    },
  };
  const limits = { messageBytes: LIMITS.messageBytes };
  return options.stdio
    ? serveFramesOn(process.stdin, process.stdout, service, limits)
    : serveFrames(service, { path: options.socket, ...limits });
}

function bug(error: unknown): void {
  const { message, stack = '' } =
    error instanceof Error ? error : new Error('something that is no error was thrown');
  log({ event: 'bug', message, stack });
}

/** Tends at once and every minute, one after the other. */
function keepTending(box: Box): { readonly first: Promise<void>; stop(): Promise<void> } {
  const first = box.tend().catch(bug);
  let tending = first;
  const timer = setInterval(() => {
    tending = tending.then(() => box.tend()).catch(bug);
  }, MINUTE);
  return {
    first,
    stop: async () => {
      clearInterval(timer);
      await tending;
    },
  };
}
