/** Commands that look: servers, what is held, who holds a title, what was done. */
import { Refusal, refuse } from '../../../base/refusal.ts';
import type { TitleLookView, TitleView } from '../../../title/wallet/facade.ts';
import type { OpenTitleWallet } from '../../../title/wallet/wallet.ts';
import { readTextFile } from './wallet-files.ts';
import { complain, printable, say } from '../terminal.ts';
import { HOME, chooseTitles, dayText, operationText, titleLines, worthText } from './wallet-words.ts';
import type { TitleCommand, TitleOptions } from './wallet-words.ts';

const none = (count: number) => count === 0;
const one = (count: number) => count === 1;

export const TITLE_LOOKS: Readonly<Record<string, TitleCommand>> = {
  add: { usage: 'add URL [--move]', operands: one, online: true, run: add },
  titles: { usage: 'titles [--json]', operands: none, online: true, run: titles },
  show: {
    usage: 'show [CLASS SERIAL | FILE.title] [--json]',
    operands: (count) => count <= 2,
    online: true,
    run: show,
  },
  classes: { usage: 'classes [--json]', operands: none, online: true, run: classes },
  address: { usage: 'address [SERVER]', operands: (count) => count <= 1, online: false, run: address },
  check: { usage: 'check', operands: none, online: true, run: check },
  history: { usage: 'history', operands: none, online: true, run: history },
  restore: { usage: 'restore URL', operands: one, online: false, needsWallet: true, run: restore },
};

async function add(
  wallet: OpenTitleWallet,
  [url = '']: readonly string[],
  { move }: TitleOptions,
): Promise<Refusal | undefined> {
  const server = await wallet.add(url, { moves: move });
  if (server instanceof Refusal)
    return wallet.servers().length > 0 && server.name === 'not possible'
      ? refuse(server.name, `${server.details}; if the server has moved there, say so with --move`)
      : server;
  say(`Title server ${server.id} at ${server.url}`);
  say('  Whoever runs it sees which pseudonym gives what to which; titles are public.');
  return undefined;
}

/** Asks the servers first: what was issued to this wallet is nowhere else. */
async function titles(
  wallet: OpenTitleWallet,
  _: readonly string[],
  { json, data }: TitleOptions,
): Promise<undefined> {
  for (const { id, url } of wallet.servers()) {
    const asked = await wallet.classes(id);
    if (asked instanceof Refusal)
      complain(refuse(asked.name, `${url}: ${asked.details}; what follows is what this wallet knew before`));
  }
  const held = wallet.titles();
  if (json) {
    say(JSON.stringify(held.map(plain)));
    return;
  }
  if (held.length === 0) say(`No titles in ${printable(data)}`);
  for (const [id, own] of Map.groupBy(held, ({ titleClass }) => titleClass.id)) {
    const [{ titleClass } = { titleClass: undefined }] = own;
    if (titleClass === undefined) continue;
    const free = own.filter(({ condition }) => condition === undefined);
    const worth = free.reduce((sum, { denomination }) => sum + denomination, 0);
    say(`${printable(titleClass.name)} (${id.slice(0, 12)}): ${worthText(worth, titleClass)}`);
    for (const line of titleLines(own)) say(line);
    for (const { count, amount } of wallet.unlisted().filter((each) => each.titleClass.id === id))
      say(`  and ${count} more, worth ${worthText(amount, titleClass)}, which never changed hands`);
  }
}

/** A title as programs read it: of its class what tells it from others. */
function plain({ titleClass, ...title }: TitleView | TitleLookView): unknown {
  return { ...title, class: titleClass.id, class_name: titleClass.name, server: titleClass.server };
}

async function show(
  wallet: OpenTitleWallet,
  operands: readonly string[],
  options: TitleOptions,
): Promise<Refusal | undefined> {
  if (operands.length === 0) {
    await titles(wallet, operands, options);
    return undefined;
  }
  const [path] = operands;
  if (path !== undefined && operands.length === 1) return showFile(wallet, path, options);
  const names = await chooseTitles(wallet, operands);
  if (names instanceof Refusal) return names;
  for (const name of names) {
    const look = await wallet.look(name);
    if (look instanceof Refusal) return look;
    const secret = look.sequence === 0 ? undefined : await wallet.revealed(name);
    if (options.json) say(JSON.stringify({ ...(plain(look) as object), secret: secretText(secret) }));
    else sayLook(look);
    if (!options.json && secretText(secret) !== undefined)
      say(`  It was claimed with this secret, which the log shows to everybody: ${secretText(secret)}`);
    if (!options.json && secret instanceof Refusal)
      say(`  Whether it was claimed with a secret cannot be told: ${printable(secret.details)}`);
  }
  return undefined;
}

function secretText(secret: string | undefined | Refusal): string | undefined {
  return secret instanceof Refusal ? undefined : secret;
}

/** What a handover says, and whether it is still so. */
async function showFile(
  wallet: OpenTitleWallet,
  path: string,
  { json }: TitleOptions,
): Promise<Refusal | undefined> {
  const text = readTextFile(path);
  if (text instanceof Refusal) return text;
  const looks = await wallet.inspect(text);
  if (looks instanceof Refusal) return looks;
  if (json) say(JSON.stringify(looks.map(plain)));
  else looks.forEach(sayLook);
  return undefined;
}

function sayLook({ titleClass, serial, denomination, sequence, holder, ...look }: TitleLookView): void {
  const { condition, isOwn, isCurrent } = look;
  say(`${printable(titleClass.name)} ${serial}: ${worthText(denomination, titleClass)}`);
  say(`  ${printable(titleClass.entitles)}`);
  const own = isCurrent ? ', which is you' : ', which was you';
  say(`  Held by ${holder}${isOwn ? own : holder === titleClass.server ? ', the pool' : ''}`);
  say(
    sequence === 0
      ? '  It never changed hands; the class, which its issuer has signed, says whose it is.'
      : `  It changed hands ${sequence === 1 ? 'once' : `${sequence} times`}; the server's proof verifies.`,
  );
  if (!isCurrent) say('  That was so: it has changed hands since.');
  if (condition === undefined) return;
  say(`  Until ${dayText(condition.until)} UTC it takes the secret of ${condition.hash}`);
  say(`  and from then on it is of ${condition.fallback}`);
}

async function classes(
  wallet: OpenTitleWallet,
  _: readonly string[],
  { json }: TitleOptions,
): Promise<Refusal | undefined> {
  for (const { id } of wallet.servers()) {
    const all = await wallet.classes(id);
    if (all instanceof Refusal) return all;
    if (json) say(JSON.stringify(all));
    else
      for (const each of all) {
        const denominations = each.denominations.join(', ');
        say(
          `${printable(each.name)} (${each.id.slice(0, 12)}): ${worthText(each.issued, each)} issued, titles of ${denominations}`,
        );
        say(`  ${printable(each.entitles)}`);
      }
  }
  return undefined;
}

async function address(wallet: OpenTitleWallet, [text]: readonly string[]): Promise<Refusal | undefined> {
  const meant = wallet
    .servers()
    .filter(({ id, url }) => text === undefined || url === text || id.startsWith(text));
  const [server, ...others] = meant;
  if (server === undefined)
    return refuse(
      'unknown',
      'this wallet does not know that title server; make it known with: specie title add URL',
    );
  if (others.length > 0)
    return refuse(
      'not possible',
      `several servers are meant; say which: ${meant.map(({ url }) => url).join(' ')}`,
    );
  const fresh = await wallet.address(server.id);
  if (fresh instanceof Refusal) return fresh;
  say(fresh);
  return undefined;
}

async function check(
  wallet: OpenTitleWallet,
  _: readonly string[],
  { data }: TitleOptions,
): Promise<Refusal | undefined> {
  const amiss = await wallet.check();
  if (amiss instanceof Refusal) return amiss;
  for (const each of amiss) say(printable(each));
  const held = wallet.titles().length;
  const unlisted = wallet.unlisted().reduce((sum, { count }) => sum + count, 0);
  if (amiss.length === 0)
    say(
      held === 0
        ? `No titles in ${printable(data)}`
        : `The servers say the same of ${held + unlisted} titles`,
    );
  const folder = data === HOME ? '' : ` --data ${data}`;
  for (const { url } of wallet.servers())
    say(
      `Is something missing whose file got lost? specie title restore ${url}${folder} finds what is yours.`,
    );
  return undefined;
}

function history(wallet: OpenTitleWallet): undefined {
  const operations = wallet.operations();
  if (operations.length === 0) say('Nothing yet');
  for (const operation of operations.toReversed()) {
    const { number, time, state, reason } = operation;
    const notes = [state === 'done' ? '' : state, printable(reason)].filter((each) => each !== '');
    say([`${number}`.padStart(4), dayText(time), operationText(operation), ...notes].join('  '));
  }
}

async function restore(wallet: OpenTitleWallet, [url = '']: readonly string[]): Promise<Refusal | undefined> {
  const server = await wallet.restore(url);
  if (server instanceof Refusal) return server;
  const found = wallet.titles().filter(({ titleClass }) => titleClass.server === server.id);
  say(`Found ${found.length === 1 ? 'one title' : `${found.length} titles`}`);
  return undefined;
}
