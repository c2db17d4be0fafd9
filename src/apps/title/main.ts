/** The title box's program, run under Node's permission model (supervisor/confined.ts). Its one argument is TitleBoxOptions as JSON. */
import { uptime } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { bytesToHex } from '../../base/bytes.ts';
import { SECOND } from '../../base/dates.ts';
import { Refusal } from '../../base/refusal.ts';
import { openTitleChecker } from '../../signers/title/checker.ts';
import { nativeSha256 } from '../../signers/title/hash.ts';
import { titleServerKey } from '../../signers/title/key.ts';
import { verifyTitleSignature } from '../../signers/title/signature.ts';
import { systemCode } from '../../signers/vault/file.ts';
import { openVault } from '../../signers/vault/vault.ts';
import { openTitleStore } from '../../stores/title/files.ts';
import { isHeadSigned } from '../../title/server/receipts.ts';
import { openTitleServer } from '../../title/server/server.ts';
import { log } from '../log.ts';
import { stopSignal, suppliedUnlock } from '../supervisor/stopping.ts';
import { boxClock } from './clock.ts';
import { TITLE_BOX_READY } from './options.ts';
import type { TitleBoxOptions } from './options.ts';
import { serveTitleBox } from './serve-box.ts';

const options = JSON.parse(process.argv[2] ?? '') as TitleBoxOptions;
const refused = await run();
if (refused !== undefined) {
  console.error(`specie title box: ${refused.details}.`);
  process.exitCode = 1;
}

async function run(): Promise<Refusal | undefined> {
  // The passphrase comes first on standard input, whose end then says that the supervisor is gone.
  const unlocked = await suppliedUnlock(options.keyFile);
  const stopped = stopSignal(true);
  const vault = openVault(options.folder, unlocked);
  if (vault instanceof Refusal) return vault;
  const key = titleServerKey(vault.exportKey());
  const store = await openTitleStore({
    folder: options.books,
    places: options.places,
    report: log,
    isSigned: (head) => isHeadSigned(head, { key, verify: verifyTitleSignature }),
  });
  if (store instanceof Refusal) return store;
  const checker = openTitleChecker();
  const clock = boxClock({ wall: Date.now, uptime: () => uptime() * SECOND, report: log });
  const server = await openTitleServer({
    store,
    key,
    checker,
    verify: verifyTitleSignature,
    sha256: nativeSha256,
    clock: clock.now,
    obstacle: clock.obstacle,
    pause: (milliseconds) => pause(milliseconds),
    issuers: options.issuers ?? undefined,
    mostTitles: options.mostTitles,
    udpPort: options.udpPort ?? undefined,
  });
  void server.failed.then(endBroken);
  const frames = await serveTitleBox(server, options.socket, bug);
  console.log(`The title server ${bytesToHex(key.publicKey)} has its books in ${options.folder}`);
  console.log(TITLE_BOX_READY);
  await stopped;
  await frames.close();
  await server.close();
  await checker.close();
  return undefined;
}

/** What is kept is not certain any more: the supervisor starts another one, which looks. Nothing is lost by ending here. */
function endBroken(error: unknown): void {
  const code = systemCode(error);
  if (code === undefined) bug(error);
  else log({ event: 'title commit failed', code });
  process.exit(1);
}

function bug(error: unknown): void {
  const { message, stack = '' } =
    error instanceof Error ? error : new Error('something that is no error was thrown');
  log({ event: 'bug', message, stack });
}
