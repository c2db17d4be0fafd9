/** What a bank's tellers type: they speak to the bank over its own socket, which only its owner may open. */
import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { amount, formatAmount, parseAmount } from '../../../base/amount.ts';
import { LIMITS } from '../../../base/limits.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { refusalIn } from '../../../protocol/answers.ts';
import type { Response, TellerRequest, TellerResponse } from '../../../protocol/catalogue.ts';
import { decodeResponse, decodeTellerResponse, encode } from '../../../protocol/codec.ts';
import type { Cddc } from '../../../protocol/documents.ts';
import { openFramesClient } from '../../../transports/frames/client.ts';
import { allBooks, descriptionPath } from '../../bank/folder.ts';
import { readDescription } from '../../bank/open-all.ts';
import { socketPath } from '../../supervisor/confined.ts';
import { fileError } from '../files.ts';
import { say } from '../terminal.ts';

/** What a teller's command works with. */
export interface Counter {
  /** Amounts as people read and type them. */
  readonly money: (value: number) => string;
  /** A refusal says what was wrong with what was typed. */
  readonly amount: (text: string) => number | Refusal;
  readonly ask: <Type extends TellerResponse['type']>(
    request: TellerRequest,
    expected: Type,
  ) => Promise<Extract<TellerResponse, { type: Type }> | Refusal>;
}

export interface TellerCommand {
  readonly usage: string;
  readonly operands: number;
  run(counter: Counter, operands: readonly string[]): Promise<Refusal | undefined>;
}

/** Runs a teller's command against the bank that is running on this folder; `wanted` names a currency by name or id. */
export async function atCounter(
  folder: string,
  command: TellerCommand,
  operands: readonly string[],
  wanted: string | undefined,
): Promise<Refusal | undefined> {
  const described = soldIn(folder, wanted);
  if (described instanceof Refusal) return described;
  const path = socketPath(folder, 'teller.sock');
  if (path instanceof Refusal) return path;
  const client = openFramesClient({ path, messageBytes: LIMITS.messageBytes, patience: 10_000 });
  const ask = async (request: TellerRequest): Promise<TellerResponse | Refusal> => {
    const bytes = await client.ask(described.cdd.id, encode(request));
    if (bytes === undefined)
      return refuse('unreachable', `the bank in ${folder} does not answer; is it running?`);
    const answer = decodeTellerResponse(bytes);
    return answer instanceof Refusal ? refusedBy(decodeResponse(bytes), answer) : answer;
  };
  try {
    return await command.run(counter(described.cdd.currency_divisor, ask), operands);
  } finally {
    client.close();
  }
}

/** A refusal is a message of the protocol's, which tellers' answers are not. */
function refusedBy(answer: Response | Refusal, unread: Refusal): Refusal {
  return answer instanceof Refusal ? unread : (refusalIn(answer) ?? unread);
}

function counter(
  divisor: number,
  ask: (request: TellerRequest) => Promise<TellerResponse | Refusal>,
): Counter {
  return {
    money: (value) => (value < 0 ? '-' : '') + formatAmount(amount(Math.abs(value)), divisor),
    amount: (text) =>
      parseAmount(text, divisor) ?? refuse('malformed', `${text} is no amount of this currency`),
    ask: async (request, expected) => {
      const answer = await ask(request);
      if (answer instanceof Refusal) return answer;
      if (answer.type !== expected) throw new Error('the bank answered another question');
      return answer as Extract<TellerResponse, { type: typeof expected }>;
    },
  };
}

/** The currency that a teller means, of those that the bank sold when it last served. */
function soldIn(folder: string, wanted: string | undefined): Cddc | Refusal {
  const sold: Cddc[] = [];
  for (const place of allBooks(folder).filter((each) => existsSync(descriptionPath(each)))) {
    const described = readDescription(place);
    if (described instanceof Refusal) return described;
    sold.push(described);
  }
  if (sold.length === 0)
    return refuse('not possible', `the bank in ${folder} has never served; start it with specie bank serve`);
  const meant = sold.filter(
    ({ cdd }) => wanted === undefined || wanted === cdd.id || wanted === cdd.currency_name,
  );
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return only;
  const names = sold.map(({ cdd }) => cdd.currency_name).join(', ');
  return meant.length === 0
    ? refuse('unknown', `the bank in ${folder} sells ${names}, and not ${String(wanted)}`)
    : refuse('not possible', `the bank in ${folder} sells ${names}; say which with --currency`);
}

const NUMBER = { message_reference: 0 } as const;

/** Every command of a teller's, by its name. */
export const TELLER_COMMANDS: Readonly<Record<string, TellerCommand>> = {
  orders: {
    usage: 'bank orders [--data DIR]',
    operands: 0,
    run: async ({ ask, money }) => {
      const answer = await ask({ ...NUMBER, type: 'request unpaid orders' }, 'response unpaid orders');
      if (answer instanceof Refusal) return answer;
      for (const each of answer.orders)
        say(`${each.payment_reference}  ${money(each.amount)}  until ${day(each.expires)}`);
      if (answer.orders.length === 0) say('No order waits for money.');
      return undefined;
    },
  },
  confirm: {
    usage: 'bank confirm REFERENCE AMOUNT [--data DIR]',
    operands: 2,
    run: async ({ ask, amount: read, money }, [payment_reference = '', text = '']) => {
      const paid = read(text);
      if (paid instanceof Refusal) return paid;
      const answer = await ask(
        { ...NUMBER, amount: paid, payment_reference, type: 'request confirm payment' },
        'response confirm payment',
      );
      if (answer instanceof Refusal) return answer;
      say(
        answer.confirmed_before
          ? `${answer.payment_reference} was confirmed before. If money came twice, send it back.`
          : `${answer.payment_reference} is paid: ${money(paid)}`,
      );
      return undefined;
    },
  },
  vouchers: {
    usage: 'bank vouchers COUNT AMOUNT FILE [--data DIR]',
    operands: 3,
    run: issueVouchers,
  },
  payouts: {
    usage: 'bank payouts [--data DIR]',
    operands: 0,
    run: async ({ ask, money }) => {
      const answer = await ask({ ...NUMBER, type: 'request pending payouts' }, 'response pending payouts');
      if (answer instanceof Refusal) return answer;
      for (const each of answer.payouts)
        say(
          `${each.number}  ${money(each.amount)}  to ${each.to}  (account ${each.account}, ${day(each.time)})`,
        );
      if (answer.payouts.length === 0) say('No payout waits.');
      return undefined;
    },
  },
  paid: {
    usage: 'bank paid NUMBER [--data DIR]',
    operands: 1,
    run: async ({ ask, money }, [text = '']) => {
      if (!/^[1-9]\d{0,14}$/.test(text)) return refuse('malformed', `${text} is no number of a payout`);
      const answer = await ask(
        { ...NUMBER, number: Number(text), type: 'request payout paid' },
        'response payout paid',
      );
      if (answer instanceof Refusal) return answer;
      const { amount: sum, to } = answer.payout;
      say(
        answer.paid_before
          ? `Payout ${text} was paid before.`
          : `Payout ${text} is paid: ${money(sum)} to ${to}`,
      );
      return undefined;
    },
  },
  registrations: {
    usage: 'bank registrations [--data DIR]',
    operands: 0,
    run: async ({ ask }) => {
      const answer = await ask(
        { ...NUMBER, type: 'request waiting registrations' },
        'response waiting registrations',
      );
      if (answer instanceof Refusal) return answer;
      for (const { account, expires, identity } of answer.registrations)
        say(`account ${account}  ${identity}  until ${day(expires)}`);
      if (answer.registrations.length === 0) say('No registration waits.');
      return undefined;
    },
  },
  approve: {
    usage: 'bank approve IDENTITY [--data DIR]',
    operands: 1,
    run: async ({ ask }, [typed = '']) => {
      const identity = readIdentity(typed);
      if (identity instanceof Refusal) return identity;
      const answer = await ask(
        { ...NUMBER, identity, type: 'request approve registration' },
        'response approve registration',
      );
      if (answer instanceof Refusal) return answer;
      say(
        `Account ${answer.account} ${answer.approved_before ? 'was registered before' : 'is registered'} as ${answer.identity}`,
      );
      return undefined;
    },
  },
  forget: {
    usage: 'bank forget ACCOUNT [--data DIR]',
    operands: 1,
    run: async ({ ask }, [account = '']) => {
      const answer = await ask(
        { ...NUMBER, account, type: 'request forget identity' },
        'response forget identity',
      );
      if (answer instanceof Refusal) return answer;
      say(
        answer.identity === undefined
          ? `Account ${answer.account} has no identity.`
          : `Account ${answer.account} may register anew. It had ${answer.identity}`,
      );
      return undefined;
    },
  },
  who: {
    usage: 'bank who IDENTITY [--data DIR]',
    operands: 1,
    run: async ({ ask }, [typed = '']) => {
      const identity = readIdentity(typed);
      if (identity instanceof Refusal) return identity;
      const answer = await ask(
        { ...NUMBER, identity, type: 'request identity holder' },
        'response identity holder',
      );
      if (answer instanceof Refusal) return answer;
      say(
        `account ${answer.account}${answer.state === 'taken back' ? ', from which it was taken back' : ''}`,
      );
      return undefined;
    },
  },
  balances: {
    usage: 'bank balances [--data DIR]',
    operands: 0,
    run: async ({ ask, money }) => {
      const answer = await ask({ ...NUMBER, type: 'request balances' }, 'response balances');
      if (answer instanceof Refusal) return answer;
      for (const each of answer.accounts) say(`${each.account.padEnd(16)} ${money(each.balance)}`);
      return undefined;
    },
  },
};

/** An identity as typed, or how it begins. */
function readIdentity(typed: string): string | Refusal {
  return /^[0-9a-f]{1,2048}$/.test(typed)
    ? typed
    : refuse('malformed', 'this is no identity: hexadecimal digits in small letters');
}

function day(date: string): string {
  return date.slice(0, 10);
}

/** Codes are money: they go into a file that only its owner reads, made before any is issued, and not onto the screen. */
async function issueVouchers(
  { ask, amount: read, money }: Counter,
  [count = '', text = '', file = '']: readonly string[],
): Promise<Refusal | undefined> {
  const worth = read(text);
  if (worth instanceof Refusal) return worth;
  if (!/^[1-9]\d{0,3}$/.test(count) || Number(count) > LIMITS.vouchersAtOnce)
    return refuse('malformed', `a count is a number from 1 to ${LIMITS.vouchersAtOnce}`);
  try {
    writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    return fileError(error, file);
  }
  const answer = await ask(
    {
      ...NUMBER,
      amount: worth,
      count: Number(count),
      reference: randomBytes(32).toString('hex'),
      type: 'request issue vouchers',
    },
    'response issue vouchers',
  );
  if (answer instanceof Refusal) return answer;
  writeFileSync(file, answer.codes.map((code) => `${code}\n`).join(''), { flush: true });
  say(
    `${count} vouchers of ${money(worth)} are in ${file}, a code a line. Whoever knows a code can spend it.`,
  );
  return undefined;
}
