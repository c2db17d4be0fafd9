/** `specie bank`: the bank's program, and what its tellers type. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Refusal } from '../../../base/refusal.ts';
import type { Registers } from '../../../bank/parts.ts';
import { accountRail } from '../../../bank/rail-account.ts';
import type { Rail } from '../../../bank/rail.ts';
import { manualRail } from '../../../bank/rail-manual.ts';
import { testRail } from '../../../bank/rail-test.ts';
import { voucherRail } from '../../../bank/rail-voucher.ts';
import { booksNamed, descriptionPath } from '../../bank/folder.ts';
import { openRunningBanks } from '../../bank/open-all.ts';
import { cashierOf } from '../../bank/open.ts';
import { serveBanks } from '../../bank/serve.ts';
import { socketPath } from '../../supervisor/confined.ts';
import { readArguments } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import { folderError } from '../files.ts';
import { stopSignal } from '../../supervisor/stopping.ts';
import { TELLER_COMMANDS, atCounter } from './teller.ts';
import { complain, misused, printable, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';

const USAGE = `specie bank init|serve|${Object.keys(TELLER_COMMANDS).join('|')} [--data DIR]
  init takes [--books NAME]: a currency more that this bank is to sell
  serve takes --box SOCKET [--currency ID] [--rails test,manual,voucher,account] [--pay-to TEXT]
    [--register approved|anybody]: whose identities are registered, where coins need that
  a teller says with --currency NAME which currency is meant, where the bank sells several`;

/** The line that says that a bank serves. */
export const BANK_READY = 'the bank is ready';

/** Where a bank listens, in its folder. */
export function bankSockets(
  folder: string,
): { readonly customers: string; readonly tellers: string } | Refusal {
  const customers = socketPath(folder, 'bank.sock');
  const tellers = socketPath(folder, 'teller.sock');
  if (customers instanceof Refusal) return customers;
  return tellers instanceof Refusal ? tellers : { customers, tellers };
}

const COMMANDS: Readonly<Record<string, (folder: string, given: Arguments) => Promise<ExitStatus>>> = {
  init,
  serve,
};

/** Runs one of the bank's commands. */
export async function bank(args: readonly string[]): Promise<ExitStatus> {
  const given = readArguments(args, {
    texts: ['data', 'box', 'books', 'currency', 'rails', 'pay-to', 'register'],
    flags: ['supervised'],
  });
  if (typeof given === 'string') return misused(USAGE, given);
  const [name = ''] = given.operands;
  const folder = resolve(given.texts['data'] ?? 'data/bank');
  try {
    if (Object.hasOwn(COMMANDS, name)) return (await COMMANDS[name]?.(folder, given)) ?? 0;
    return await teller(folder, name, given);
  } catch (error) {
    return complain(folderError(error, folder));
  }
}

async function teller(folder: string, name: string, given: Arguments): Promise<ExitStatus> {
  const operands = given.operands.slice(1);
  const command = Object.hasOwn(TELLER_COMMANDS, name) ? TELLER_COMMANDS[name] : undefined;
  if (command === undefined) return misused(USAGE, name === '' ? '' : `there is no command bank ${name}`);
  if (operands.length !== command.operands) return misused(`specie ${command.usage}`);
  const refused = await atCounter(folder, command, operands, given.texts['currency']);
  return refused === undefined ? 0 : complain(refused);
}

async function init(folder: string, { texts }: Arguments): Promise<ExitStatus> {
  const books = booksNamed(folder, texts['books'] ?? '');
  if (books instanceof Refusal) return complain(books);
  const cashier = await cashierOf(books.folder);
  if (cashier instanceof Refusal) return complain(cashier);
  say(cashier);
  return 0;
}

async function serve(folder: string, given: Arguments): Promise<ExitStatus> {
  const rails = readRails(given);
  if (typeof rails === 'string') return misused(USAGE, rails);
  const registers = readRegisters(given);
  if (registers === undefined) return misused(USAGE, '--register takes approved or anybody');
  const box = given.texts['box'];
  if (box === undefined) return misused(USAGE, '--box says where the socket of the box is');
  const stopped = stopSignal(given.flags.has('supervised'));
  const sockets = bankSockets(folder);
  if (sockets instanceof Refusal) return complain(sockets);
  const running = await openRunningBanks({
    folder,
    boxSocket: resolve(box),
    currency: given.texts['currency'],
    rails,
    registers,
    clock: Date.now,
  });
  if (running instanceof Refusal) return complain(running);
  const { banks, left } = running;
  for (const { books, why } of left) warnOf(books, why);
  // For the tellers, who type amounts in the main unit.
  for (const each of banks) writeFileSync(descriptionPath(each), JSON.stringify(each.cddc), { mode: 0o600 });
  const served = await serveBanks(banks, sockets);
  say(BANK_READY);
  await stopped;
  await served.close();
  await Promise.all(banks.map((each) => each.close()));
  return 0;
}

function warnOf(books: string, why: Refusal): void {
  const which = books === '' ? 'the first books' : `the books ${books}`;
  process.stderr.write(`specie: ${printable(`${which} are not served: ${why.details}`)}.\n`);
}

/** Whose identities are registered; undefined when it was typed wrongly. */
function readRegisters({ texts }: Arguments): Registers | undefined {
  const known: readonly Registers[] = ['approved', 'anybody'];
  return known.find((each) => each === (texts['register'] ?? 'approved'));
}

/** The rails by their names; *manual* has to be told where customers pay to. */
function readRails({ texts }: Arguments): readonly Rail[] | string {
  const names = (texts['rails'] ?? 'voucher,account').split(',');
  const payTo = texts['pay-to'];
  const known: Readonly<Record<string, () => Rail | string>> = {
    test: () => testRail,
    voucher: () => voucherRail,
    account: () => accountRail,
    manual: () =>
      payTo === undefined ? 'the rail manual needs --pay-to: where customers pay to' : manualRail(payTo),
  };
  const rails = names.map((name) =>
    Object.hasOwn(known, name)
      ? (known[name]?.() ?? '')
      : `a rail is one of ${Object.keys(known).join(', ')}`,
  );
  const wrong = rails.find((each) => typeof each === 'string');
  return wrong ?? rails.filter((each) => typeof each !== 'string');
}
