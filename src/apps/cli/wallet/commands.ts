/** The wallet's commands as one table: how many operands each takes, whether it needs the issuer, and what it does. */
import { amount, formatAmount, sum } from '../../../base/amount.ts';
import type { Amount } from '../../../base/amount.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { readPhrase } from '../../../wallet/phrase.ts';
import type { BuyOptions, CurrencyInfo, Entry, Wallet } from '../../../wallet/wallet.ts';
import { canWrite, readStack, writeStack } from '../files.ts';
import { readLine } from '../prompt.ts';
import { printable, progress, say } from '../terminal.ts';
import { account, credit, payout } from './account.ts';
import { clearDoubt, sayDoubtful } from './doubt.ts';
import { choose, chooseCurrency, money, promises } from './words.ts';
import type { Chosen, WalletCommand, WalletOptions } from './words.ts';

const none = (count: number) => count === 0;
const one = (count: number) => count === 1;

export const COMMANDS: Readonly<Record<string, WalletCommand>> = {
  add: {
    usage: 'add URL [--accept-changed-keys] [--unblinded|--blinded]',
    operands: one,
    online: true,
    run: add,
  },
  buy: {
    usage: 'buy AMOUNT [--rail test|manual|voucher|account] [--voucher-stdin]',
    operands: one,
    online: true,
    run: buy,
  },
  balance: { usage: 'balance [--json]', operands: none, online: true, run: balance },
  send: {
    usage: 'send AMOUNT [--subject TEXT] [--to PAYEE] -o FILE.oc',
    operands: one,
    online: true,
    run: send,
  },
  payee: {
    usage: 'payee [CURRENCY]',
    operands: (count) => count <= 1,
    online: false,
    run: payee,
  },
  receive: { usage: 'receive FILE.oc [--offline]', operands: one, online: true, run: receive },
  takeback: { usage: 'takeback FILE.oc|NUMBER', operands: one, online: true, run: takeback },
  redeem: { usage: 'redeem AMOUNT [--to ACCOUNT]', operands: one, online: true, run: redeem },
  account: { usage: 'account [URL]', operands: (count) => count <= 1, online: true, run: account },
  payout: { usage: 'payout AMOUNT --to TEXT', operands: one, online: true, run: payout },
  history: { usage: 'history', operands: none, online: true, run: history },
  phrase: { usage: 'phrase', operands: none, online: false, run: phrase },
  'clear-doubt': {
    usage: 'clear-doubt [CURRENCY]',
    operands: (count) => count <= 1,
    online: true,
    run: clearDoubt,
  },
  restore: { usage: 'restore [URL...]', operands: () => true, online: false, run: restore },
};

/** A command that was killed left its operation behind; the next one ends it before doing its own. */
export async function takeUp(wallet: Wallet, { json }: WalletOptions): Promise<void> {
  const stoppedBefore = new Set(stoppedIn(wallet).map(({ id }) => id));
  for (const { entry } of await wallet.resumeAll()) {
    if (json) continue;
    const what = `${entry.kind} ${money(wallet, entry)}`;
    if (entry.state === 'done') say(`Finished what was cut short: ${what}`);
    if (entry.state === 'refused') say(`Could not finish: ${what}: ${printable(entry.reason)}`);
  }
  if (json) return;
  for (const currency of stoppedIn(wallet).filter(({ id }) => !stoppedBefore.has(id))) {
    say(`${printable(currency.name)}:`);
    sayStopped(currency);
  }
}

function stoppedIn(wallet: Wallet): readonly CurrencyInfo[] {
  return wallet.currencies().filter(({ stopped }) => stopped !== '');
}

async function add(
  wallet: Wallet,
  [url = '']: readonly string[],
  { acceptChangedKeys: acceptKeys, unblinded }: WalletOptions,
): Promise<Refusal | undefined> {
  const known = new Set(wallet.currencies().map((each) => each.id));
  const info = await wallet.add(url, { acceptKeys, ...(unblinded === undefined ? {} : { unblinded }) });
  if (info instanceof Refusal) return info;
  say(`${printable(info.name)}, issued at ${info.location}`);
  if (isOpenToAll(info.location))
    say('  WARNING: this address has no TLS; whoever is on the way can read and change what is sent.');
  for (const line of promises(info)) say(`  ${line}`);
  // A wallet that came back from its phrase may have coins of this currency: looking costs little.
  return known.has(info.id) ? undefined : findCoins(wallet, wallet.phrase(), [info.location]);
}

async function buy(
  wallet: Wallet,
  [text = '']: readonly string[],
  options: WalletOptions,
): Promise<Refusal | undefined> {
  const chosen = choose(wallet, options, text);
  if (chosen instanceof Refusal) return chosen;
  const how = await howToPay(wallet, chosen, options);
  if (how instanceof Refusal) return how;
  const entry = await wallet.buy(chosen.currency.id, chosen.amount, how);
  if (entry instanceof Refusal) return entry;
  if (entry.state === 'done') say(`Bought ${money(wallet, entry)}`);
  else say(`The order for ${money(wallet, entry)} is kept. ${entry.reason || entry.instructions}`);
  return undefined;
}

/** On the rail *test* the wallet pays; a voucher's code is a secret, and comes by standard input. */
async function howToPay(
  wallet: Wallet,
  { currency, amount: wanted }: Chosen,
  { rail, voucherStdin }: WalletOptions,
): Promise<BuyOptions | Refusal> {
  const name = rail ?? (voucherStdin ? 'voucher' : 'test');
  if (voucherStdin && name !== 'voucher')
    return refuse('malformed', `A voucher does not pay on the rail ${printable(name)}`);
  if (name !== 'voucher') return { rail: name, payTest: name === 'test' };
  const proof = await readLine('The voucher’s code: ');
  const value = await wallet.voucherValue(currency.id, proof);
  if (value instanceof Refusal) return value;
  if (value === wanted) return { rail: name, proof };
  const worth = formatAmount(amount(value), currency.divisor);
  return refuse('not possible', `This voucher is worth ${worth} ${currency.name}; buy exactly that`);
}

function balance(wallet: Wallet, _: readonly string[], options: WalletOptions): undefined {
  const balances = wallet.balance();
  if (options.json) {
    const rows = balances.map((each) => ({
      currency: each.currency.name,
      issuer_id: each.currency.id,
      location: each.currency.location,
      divisor: each.currency.divisor,
      available: each.available,
      reserved: each.reserved,
      doubtful: each.doubtful,
      expired: each.expired,
      stopped: each.currency.stopped,
      coins: each.coins,
    }));
    say(JSON.stringify(rows, null, 2));
    return;
  }
  const entries = wallet.history();
  if (balances.length === 0) say('This wallet knows no currency yet: specie wallet add URL');
  for (const { currency, available, reserved, doubtful, expired, coins } of balances) {
    const write = (value: Amount) => formatAmount(value, currency.divisor);
    say(`${write(available)} ${printable(currency.name)} in ${coins} ${coins === 1 ? 'coin' : 'coins'}`);
    const ordered = entries.filter(
      ({ kind, state, currency: id }) => kind === 'buy' && state === 'pending' && id === currency.id,
    );
    if (ordered.length > 0)
      say(`  and ${write(sum(ordered.map((each) => each.amount)))} ordered that have not come yet`);
    const accepted = entries.filter(
      ({ kind, state, currency: id }) => kind === 'receive' && state === 'pending' && id === currency.id,
    );
    if (accepted.length > 0)
      say(`  and ${write(sum(accepted.map((each) => each.amount)))} received that has yet to be renewed`);
    if (reserved > 0) say(`  and ${write(reserved)} in operations that are not finished`);
    if (doubtful > 0) {
      say(`  and ${write(doubtful)} that came back from the words`);
      sayDoubtful(wallet, doubtful, currency);
    }
    if (expired > 0) say(`  ${write(expired)} more has expired and is worth nothing now`);
    if (currency.stopped !== '') sayStopped(currency);
  }
}

function sayStopped({ stopped, location }: CurrencyInfo): void {
  say(`  STOPPED: ${printable(stopped)}: specie wallet add ${location} --accept-changed-keys`);
}

async function send(
  wallet: Wallet,
  [text = '']: readonly string[],
  options: WalletOptions,
): Promise<Refusal | undefined> {
  const chosen = choose(wallet, options, text);
  if (chosen instanceof Refusal) return chosen;
  if (options.output === undefined)
    return refuse('not possible', 'No file was named for the coins; name one with -o FILE.oc');
  const unwritable = canWrite(options.output);
  if (unwritable !== undefined) return unwritable;
  const handing = options.to === undefined ? {} : { payee: options.to };
  const sent = await wallet.send(chosen.currency.id, chosen.amount, options.subject, handing);
  if (sent instanceof Refusal) return sent;
  const unwritten = writeStack(options.output, sent.stack);
  if (unwritten !== undefined)
    return refuse(
      'not possible',
      `${unwritten.details.replace(/;.*/, '')}; the coins are safe: specie wallet takeback ${sent.entry.number}`,
    );
  const whose =
    options.to === undefined ? 'Whoever receives it first has it.' : 'Only that payee can use it.';
  say(`${money(wallet, sent.entry)} is in ${options.output}. ${whose}`);
  return undefined;
}

/** What others name to `send --to`. */
function payee(wallet: Wallet, [meant]: readonly string[], options: WalletOptions): Refusal | undefined {
  const currency = chooseCurrency(wallet, meant === undefined ? options : { ...options, currency: meant });
  if (currency instanceof Refusal) return currency;
  const identity = wallet.payee(currency.id);
  if (identity instanceof Refusal) return identity;
  say(identity);
  return undefined;
}

async function receive(
  wallet: Wallet,
  [path = '']: readonly string[],
  { offline }: WalletOptions,
): Promise<Refusal | undefined> {
  const stack = readStack(path);
  if (stack instanceof Refusal) return stack;
  const entry = await wallet.receive(stack, { offline });
  if (entry instanceof Refusal) return entry;
  if (offline) {
    say(`Accepted ${money(wallet, entry)} offline; the next command that reaches the issuer renews it`);
    return undefined;
  }
  const subject = entry.subject === '' ? '' : `: ${printable(entry.subject)}`;
  if (entry.state === 'pending') say(`Not received yet: ${entry.reason || 'the issuer asks to wait'}`);
  else say(`${entry.kind === 'takeback' ? 'Took back' : 'Received'} ${money(wallet, entry)}${subject}`);
  return undefined;
}

async function takeback(wallet: Wallet, [operand = '']: readonly string[]): Promise<Refusal | undefined> {
  const number = /^[1-9]\d{0,9}$/.test(operand) ? Number(operand) : sentBy(wallet, operand);
  if (number instanceof Refusal) return number;
  const entry = await wallet.takeback(number);
  if (entry instanceof Refusal) {
    // Nobody is to be asked for other coins: these were ours.
    return entry.name === 'already spent'
      ? refuse('not possible', 'these coins were taken, or taken back, before; see specie wallet history')
      : entry;
  }
  say(
    entry.state === 'pending'
      ? 'Not taken back yet: the issuer asks to wait'
      : `Took back ${money(wallet, entry)}`,
  );
  return undefined;
}

function sentBy(wallet: Wallet, path: string): number | Refusal {
  const stack = readStack(path);
  return stack instanceof Refusal ? stack : wallet.sentAs(stack);
}

async function redeem(
  wallet: Wallet,
  [text = '']: readonly string[],
  options: WalletOptions,
): Promise<Refusal | undefined> {
  const chosen = choose(wallet, options, text);
  if (chosen instanceof Refusal) return chosen;
  const { to } = options;
  const entry = await wallet.redeem(chosen.currency.id, chosen.amount, to === undefined ? {} : { payee: to });
  if (entry instanceof Refusal) return entry;
  if (entry.receipt === null)
    say(`Redeeming ${money(wallet, entry)} is not finished yet. ${printable(entry.reason)}`);
  else {
    say(`Redeemed ${money(wallet, entry)}, receipt ${entry.receipt.receipt.sequence}`);
    if (to !== undefined) await credit(wallet, entry);
  }
  return undefined;
}

async function history(wallet: Wallet): Promise<undefined> {
  const unchecked = await wallet.checkSent();
  const entries = wallet.history();
  if (entries.length === 0) say('Nothing yet');
  for (const entry of entries) {
    const when = new Date(entry.started).toISOString().slice(0, 16).replace('T', ' ');
    const notes = notesOn(entry)
      .filter((note) => note !== '')
      .map(printable);
    say(
      [
        `${entry.number}`.padStart(4),
        when,
        entry.kind.padEnd(8),
        money(wallet, entry),
        entry.state,
        ...notes,
      ].join('  '),
    );
  }
  if (unchecked instanceof Refusal && entries.some(({ state }) => state === 'sent'))
    say(`Whether what was sent has been taken is not known: ${printable(unchecked.details)}.`);
}

function notesOn({ subject, payee, receipt, reason }: Entry): readonly string[] {
  return [
    subject,
    payee === '' ? '' : `to account ${payee}`,
    receipt === null ? '' : `receipt ${receipt.receipt.sequence}`,
    reason,
  ];
}

function phrase(wallet: Wallet): undefined {
  say(wallet.phrase());
}

async function restore(
  wallet: Wallet,
  urls: readonly string[],
  { hasTitles }: WalletOptions,
): Promise<Refusal | undefined> {
  const words = await readLine('The twelve words: ');
  if (hasTitles && isOther(wallet, words))
    return refuse(
      'not possible',
      'there are titles here that come from other words; restore into a new folder, with --data',
    );
  const locations = urls.length > 0 ? urls : wallet.currencies().map((each) => each.location);
  const refused = await findCoins(wallet, words, locations);
  if (refused !== undefined) return refused;
  say(
    locations.length === 0
      ? 'This wallet has its words again. Add its currencies to find their coins: specie wallet add URL'
      : 'Restored.',
  );
  return undefined;
}

function isOther(wallet: Wallet, words: string): boolean {
  const phrase = readPhrase(words);
  return !(phrase instanceof Refusal) && phrase !== wallet.phrase();
}

async function findCoins(
  wallet: Wallet,
  words: string,
  urls: readonly string[],
): Promise<Refusal | undefined> {
  const show = progress('looking through transactions:');
  const restored = await wallet.restore(words, urls, (_, asked) => {
    show(asked);
  });
  if (restored instanceof Refusal) return restored;
  for (const { currency, amount, doubtful } of restored) {
    if (amount === 0) continue;
    say(`Found ${formatAmount(amount, currency.divisor)} ${printable(currency.name)}`);
    if (doubtful > 0) sayDoubtful(wallet, doubtful, currency);
  }
  return undefined;
}

function isOpenToAll(location: string): boolean {
  const { protocol, hostname } = new URL(location);
  return protocol === 'http:' && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}
