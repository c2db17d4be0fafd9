/** `specie title` as those use it who hold titles: a table of commands on the wallet of titles in a folder. */
import { resolve } from 'node:path';
import { Refusal, refuse } from '../../../base/refusal.ts';
import type { OpenTitleWallet } from '../../../title/wallet/wallet.ts';
import { readArguments } from '../arguments.ts';
import { folderError } from '../files.ts';
import { complain, misused, printable, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';
import { TITLE_LOOKS } from './wallet-looks.ts';
import { hasWallet, openTitlesIn } from './wallet-open.ts';
import { TITLE_TRANSFERS } from './wallet-transfers.ts';
import { HOME, operationText } from './wallet-words.ts';
import type { TitleCommand, TitleOptions } from './wallet-words.ts';

const COMMANDS: Readonly<Record<string, TitleCommand>> = { ...TITLE_LOOKS, ...TITLE_TRANSFERS };

/** A command of `specie title` each. */
export const TITLE_WALLET_COMMANDS: Readonly<
  Record<string, { readonly usage: string; readonly run: (args: readonly string[]) => Promise<ExitStatus> }>
> = Object.fromEntries(
  Object.entries(COMMANDS).map(([name, command]) => [
    name,
    { usage: usageOf(command), run: (args: readonly string[]) => runCommand(command, args) },
  ]),
);

function usageOf({ usage }: TitleCommand): string {
  return `specie title ${usage} [--data DIR]`;
}

async function runCommand(command: TitleCommand, args: readonly string[]): Promise<ExitStatus> {
  const usage = usageOf(command);
  const given = readOptions(args);
  if (typeof given === 'string') return misused(usage, given);
  if (!command.operands(given.operands.length)) return misused(usage);
  try {
    const refused = await inFolder(command, given);
    return refused === undefined ? 0 : complain(refused);
  } catch (error) {
    return complain(folderError(error, given.folder));
  }
}

async function inFolder(
  command: TitleCommand,
  { folder, operands, options }: Given,
): Promise<Refusal | undefined> {
  const { data } = options;
  if (command.needsWallet === true && !hasWallet(folder))
    return refuse(
      'not possible',
      `there is no wallet in ${data}; bring its words first: specie wallet restore --data ${data} < words.txt`,
    );
  const wallet = await openTitlesIn(folder);
  if (wallet instanceof Refusal) return wallet;
  try {
    if (command.online) await takeUp(wallet, options);
    return await command.run(wallet, operands, options);
  } finally {
    await wallet.close();
  }
}

/** A command that was killed left its operation behind; the next one ends it before doing its own. */
async function takeUp(wallet: OpenTitleWallet, { json }: TitleOptions): Promise<void> {
  const pending = wallet.operations().filter(({ state }) => state === 'pending');
  if (pending.length === 0) return;
  await wallet.resumeAll();
  if (json) return;
  const after = new Map(wallet.operations().map((each) => [each.number, each]));
  for (const { number } of pending.toReversed()) {
    const operation = after.get(number);
    if (operation?.state === 'done') {
      say(`Finished what was cut short: ${operationText(operation)}`);
      if (!(wallet.handover(number) instanceof Refusal))
        say(`  Hand it over with: specie title handover ${number} -o FILE.title`);
    }
    if (operation?.state === 'refused')
      say(`Could not finish: ${operationText(operation)}: ${printable(operation.reason)}`);
  }
}

interface Given {
  readonly folder: string;
  readonly operands: readonly string[];
  readonly options: TitleOptions;
}

function readOptions(args: readonly string[]): Given | string {
  const given = readArguments(args, {
    texts: ['data', 'to', 'output', 'into', 'if', 'until', 'back', 'secret-file'],
    flags: ['json', 'move'],
    letters: { o: 'output' },
  });
  if (typeof given === 'string') return given;
  const { data = HOME, to, output, into, if: hash, until, back } = given.texts;
  const secretFile = given.texts['secret-file'];
  const [json, move] = [given.flags.has('json'), given.flags.has('move')];
  const options = { data, json, move, to, output, into, hash, until, back, secretFile };
  return { folder: resolve(data), operands: given.operands, options };
}
