/** Commands that change who holds titles, and what goes with them: files with handovers and secrets. */
import { createHash, randomBytes } from 'node:crypto';
import { readDate } from '../../../base/dates.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import type {
  ConditionView,
  Given,
  TitleClassView,
  TitleName,
  TitleOperationView,
  TitleView,
} from '../../../title/wallet/facade.ts';
import type { OpenTitleWallet } from '../../../title/wallet/wallet.ts';
import { canWrite } from '../files.ts';
import { readTextFile, writeNewFile } from './wallet-files.ts';
import { printable, say } from '../terminal.ts';
import { chooseClass, chooseTitles, operationText, readWhole, titleText, worthText } from './wallet-words.ts';
import type { TitleCommand, TitleOptions } from './wallet-words.ts';

const none = (count: number) => count === 0;
const one = (count: number) => count === 1;
const two = (count: number) => count === 2;
const some = (count: number) => count >= 2;

export const TITLE_TRANSFERS: Readonly<Record<string, TitleCommand>> = {
  transfer: {
    usage: 'transfer CLASS SERIAL… --to ADDRESS [-o FILE.title] [--if HASH --until DATE [--back KEY]]',
    operands: some,
    online: true,
    run: transfer,
  },
  pay: { usage: 'pay CLASS AMOUNT --to ADDRESS [-o FILE.title]', operands: two, online: true, run: pay },
  split: { usage: 'split CLASS SERIAL… --into 1,1,2', operands: some, online: true, run: split },
  receive: { usage: 'receive FILE.title', operands: one, online: true, run: receive },
  handover: { usage: 'handover NUMBER [-o FILE.title]', operands: one, online: true, run: handover },
  claim: { usage: 'claim CLASS SERIAL [--secret-file FILE]', operands: two, online: true, run: claim },
  pool: { usage: 'pool CLASS [SERIAL…]', operands: (count) => count >= 1, online: true, run: pool },
  secret: { usage: 'secret -o FILE', operands: none, online: false, run: secret },
};

async function transfer(
  wallet: OpenTitleWallet,
  operands: readonly string[],
  options: TitleOptions,
): Promise<Refusal | undefined> {
  const { to, output } = options;
  if (to === undefined)
    return refuse('malformed', '--to ADDRESS is missing; the recipient says it with: specie title address');
  const titles = await chooseTitles(wallet, operands);
  if (titles instanceof Refusal) return titles;
  const condition = await conditionOf(wallet, titles, options);
  if (condition instanceof Refusal) return condition;
  const blocked = output === undefined ? undefined : canWrite(output);
  if (blocked !== undefined) return blocked;
  return sayGiven(await wallet.give({ titles, to, condition }), output);
}

async function pay(
  wallet: OpenTitleWallet,
  [name = '', text = '']: readonly string[],
  { to, output, data }: TitleOptions,
): Promise<Refusal | undefined> {
  if (to === undefined)
    return refuse('malformed', '--to ADDRESS is missing; the recipient says it with: specie title address');
  const chosen = await chooseClass(wallet, name);
  if (chosen instanceof Refusal) return chosen;
  const amount = readWhole(text);
  if (amount === undefined) return refuse('malformed', `“${text}” is no amount: a whole number from 1`);
  const lacking = await shortage(wallet, chosen, amount, data);
  if (lacking !== undefined) return lacking;
  const blocked = output === undefined ? undefined : canWrite(output);
  if (blocked !== undefined) return blocked;
  return sayGiven(await wallet.pay(chosen.id, amount, to), output);
}

/** Why an amount cannot be paid: titles are not bought as coins are. What was issued since the wallet last asked is asked for. */
async function shortage(
  wallet: OpenTitleWallet,
  titleClass: TitleClassView,
  amount: number,
  data: string,
): Promise<Refusal | undefined> {
  if (payable(wallet, titleClass) < amount) await wallet.classes(titleClass.server);
  const worth = payable(wallet, titleClass);
  if (worth >= amount) return undefined;
  const { name } = titleClass;
  return refuse(
    'not possible',
    worth === 0
      ? `your wallet in ${data} holds none of ${name} to pay with`
      : `your wallet in ${data} holds ${worthText(worth, titleClass)} of ${name} to pay with, and no more`,
  );
}

function payable(wallet: OpenTitleWallet, { id }: TitleClassView): number {
  const unlisted = wallet.unlisted().find(({ titleClass }) => titleClass.id === id)?.amount ?? 0;
  return wallet
    .titles()
    .filter(
      ({ titleClass, condition, state }) =>
        titleClass.id === id && condition === undefined && state === 'held',
    )
    .reduce((sum, { denomination }) => sum + denomination, unlisted);
}

/** The condition that the options name; undefined where they name none. */
async function conditionOf(
  wallet: OpenTitleWallet,
  [first]: readonly TitleName[],
  { hash, until: date, back }: TitleOptions,
): Promise<ConditionView | undefined | Refusal> {
  if (hash === undefined && date === undefined && back === undefined) return undefined;
  if (hash === undefined || date === undefined)
    return refuse('malformed', 'a condition takes both --if HASH and --until DATE');
  const until = readDate(date.includes('T') ? date : `${date}T00:00:00`);
  if (until === undefined)
    return refuse('malformed', `“${date}” is no date, as 2030-12-31 or 2030-12-31T18:00:00 is (UTC)`);
  if (back !== undefined) return { hash, until, fallback: back };
  const server = first === undefined ? undefined : wallet.title(first);
  if (server === undefined)
    return refuse('unknown', `the title ${first?.serial ?? ''}: this wallet does not hold it`);
  const fallback = await wallet.pseudonym(server.titleClass.server);
  return fallback instanceof Refusal ? fallback : { hash, until, fallback };
}

function sayGiven(given: Given | Refusal, output: string | undefined): Refusal | undefined {
  if (given instanceof Refusal) return given;
  const { operation, handover: text } = given;
  if (operation.state === 'pending') {
    sayPending(operation);
    return undefined;
  }
  say(capital(operationText(operation)));
  return text === '' ? undefined : hand(text, output);
}

/** It is kept, and taken up by the next command. */
function sayPending(operation: TitleOperationView): void {
  say(`Not answered yet: ${operationText(operation)}. ${printable(operation.reason)}.`);
  say('It is kept; the next command of specie title takes it up.');
}

function hand(text: string, output: string | undefined): Refusal | undefined {
  if (output === undefined) {
    say('Give this to the recipient, who takes it with specie title receive FILE:');
    say(text);
    return undefined;
  }
  const refused = writeNewFile(output, text);
  if (refused === undefined)
    say(`Give ${output} to the recipient, who takes it with: specie title receive ${output}`);
  return refused;
}

async function split(
  wallet: OpenTitleWallet,
  operands: readonly string[],
  { into }: TitleOptions,
): Promise<Refusal | undefined> {
  if (into === undefined) return refuse('malformed', '--into is missing: denominations with commas between');
  const wanted = into.split(',').map(readWhole);
  const denominations = wanted.filter((each) => each !== undefined);
  if (denominations.length < wanted.length)
    return refuse('malformed', `“${into}” is no list of denominations, as 1,1,2 is`);
  const titles = await chooseTitles(wallet, operands);
  if (titles instanceof Refusal) return titles;
  const worth = worthOf(wallet, titles);
  if (worth !== undefined && worth !== denominations.reduce((sum, each) => sum + each, 0))
    return refuse('not possible', `--into has to add up to ${worth}`);
  return sayDone(await wallet.split(titles, denominations));
}

/** What titles are worth together; undefined where the wallet does not hold all of them. */
function worthOf(wallet: OpenTitleWallet, names: readonly TitleName[]): number | undefined {
  const held = new Map(wallet.titles().map((each) => [nameText(each), each.denomination]));
  const worths = names.map(({ titleClass, serial }) => held.get(`${titleClass} ${serial}`));
  const known = worths.filter((each) => each !== undefined);
  return known.length === names.length ? known.reduce((sum, each) => sum + each, 0) : undefined;
}

function nameText({ titleClass, serial }: TitleView): string {
  return `${titleClass.id} ${serial}`;
}

function sayDone(operation: TitleOperationView | Refusal): Refusal | undefined {
  if (operation instanceof Refusal) return operation;
  if (operation.state === 'pending') {
    sayPending(operation);
    return undefined;
  }
  say(capital(operationText(operation)));
  return undefined;
}

async function receive(
  wallet: OpenTitleWallet,
  [path = '']: readonly string[],
): Promise<Refusal | undefined> {
  const text = readTextFile(path);
  if (text instanceof Refusal) return text;
  const before = new Map(wallet.titles().map((each) => [nameText(each), each.sequence]));
  const received = await wallet.receive(text);
  if (received instanceof Refusal) return received;
  for (const each of received) {
    const isOld = before.get(nameText(each)) === each.sequence;
    const name = printable(each.titleClass.name);
    say(`${isOld ? `You have this of ${name} already` : `Received of ${name}`}: ${titleText(each)}`);
  }
  return undefined;
}

function handover(
  wallet: OpenTitleWallet,
  [text = '']: readonly string[],
  { output }: TitleOptions,
): Refusal | undefined {
  const number = readWhole(text);
  if (number === undefined)
    return refuse('malformed', `“${text}” is no number of an operation; specie title history shows them`);
  const handed = wallet.handover(number);
  return handed instanceof Refusal ? handed : hand(handed, output);
}

async function claim(
  wallet: OpenTitleWallet,
  operands: readonly string[],
  { secretFile }: TitleOptions,
): Promise<Refusal | undefined> {
  const titles = await chooseTitles(wallet, operands);
  if (titles instanceof Refusal) return titles;
  const [title, ...others] = titles;
  if (title === undefined || others.length > 0)
    return refuse('malformed', 'one title is claimed at a time; name its number');
  const text = secretFile === undefined ? undefined : readTextFile(secretFile);
  return text instanceof Refusal ? text : sayDone(await wallet.claim(title, text?.trim()));
}

async function pool(wallet: OpenTitleWallet, operands: readonly string[]): Promise<Refusal | undefined> {
  const [name = '', ...serials] = operands;
  if (serials.length > 0) {
    const titles = await chooseTitles(wallet, operands);
    return titles instanceof Refusal ? titles : sayDone(await wallet.fillPool(titles));
  }
  const chosen = await chooseClass(wallet, name);
  if (chosen instanceof Refusal) return chosen;
  const stock = await wallet.pool(chosen.id);
  if (stock instanceof Refusal) return stock;
  const there = [...stock].filter(([, count]) => count > 0);
  if (there.length === 0) say(`The pool of ${printable(chosen.name)} is empty`);
  for (const [denomination, count] of there)
    say(`${`${count}`.padStart(8)} of ${worthText(denomination, chosen)}`);
  return undefined;
}

function secret(_: OpenTitleWallet, __: readonly string[], { output }: TitleOptions): Refusal | undefined {
  if (output === undefined) return refuse('malformed', '-o FILE is missing: where the secret is kept');
  const bytes = randomBytes(32);
  const refused = writeNewFile(output, bytes.toString('hex'));
  if (refused !== undefined) return refused;
  say(createHash('sha256').update(bytes).digest('hex'));
  return undefined;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
