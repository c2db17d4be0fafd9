/** Operators' commands: keys, orders, signatures. */
import { randomBytes } from 'node:crypto';
import { HOUR, writeDate } from '../../../base/dates.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { decodeDocument, encode } from '../../../protocol/codec.ts';
import type { OperatorOrder } from '../../../protocol/governance.ts';
import { instantOf } from '../../../mint/charter/charter.ts';
import { askDescription } from '../../audit/ask.ts';
import { openCddc } from '../../verify/check.ts';
import { readArguments } from '../arguments.ts';
import type { KnownOptions } from '../arguments.ts';
import { wayTo } from '../audit/audit.ts';
import { ACTIONS, ACTION_TEXTS, readAction, wholeNumber } from './actions.ts';
import type { Desk, OperatorCommand } from './desk.ts';
import {
  createOrderFile,
  orderFile,
  orderInWords,
  readOrderFile,
  replaceOrderFile,
  withSignature,
} from './file.ts';
import { makeIdentityFile, makeKeyFile, nameTaken, openKeyFile } from './key.ts';
import { askPassphrase, askYes } from './passphrase.ts';
import { pending, show, submit } from './submit.ts';
import { complain, misused, printable, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';

const DEFAULT_HOURS = '72';
const SERIAL_BYTES = 32;

const KEYGEN = 'keygen -o FILE [--recipient] [--no-passphrase]';

const keygen: OperatorCommand = {
  usage: KEYGEN,
  run: async ({ operands, texts, flags }, desk) => {
    const path = texts['output'];
    if (path === undefined || operands.length > 0) return { usage: KEYGEN, wrong: '' };
    const identityPath = `${path}.age`;
    const taken = nameTaken(path) ?? (flags.has('recipient') ? nameTaken(identityPath) : undefined);
    if (taken !== undefined) return taken;
    const passphrase = flags.has('no-passphrase')
      ? undefined
      : await desk.passphrase('Passphrase for the new key, at least 12 characters: ', true);
    if (passphrase instanceof Refusal) return passphrase;
    const key = makeKeyFile(path, passphrase);
    if (key instanceof Refusal) return key;
    desk.say(`public key: ${key.publicKey}`);
    if (!flags.has('recipient')) return undefined;
    const recipient = await makeIdentityFile(identityPath);
    if (recipient instanceof Refusal) return recipient;
    desk.say(`recipient: ${recipient}`);
    desk.say(`${identityPath} opens sealed backups: keep it away from the box, and a copy of it on paper.`);
    return undefined;
  },
};

const ORDER = `order URL ACTION … -o ORDER.json [--expires HOURS] [--sign KEYFILE], where ACTION is one of: ${Object.values(
  ACTIONS,
)
  .map((each) => each.usage)
  .join('; ')}`;

const order: OperatorCommand = {
  usage: ORDER,
  run: async ({ operands: [url, name, ...operands], texts }, desk) => {
    const { output, expires = DEFAULT_HOURS, sign: keyPath } = texts;
    if (url === undefined || name === undefined || output === undefined) return { usage: ORDER, wrong: '' };
    const hours = wholeNumber(expires);
    if (hours === undefined || hours > MOST_HOURS) {
      return refuse('malformed', `an order expires after 1 to ${MOST_HOURS} hours, not ${expires}`);
    }
    const taken = nameTaken(output);
    if (taken !== undefined) return taken;
    const way = desk.wayTo(url);
    if (way instanceof Refusal) return way;
    const cddc = await askDescription(way);
    if (cddc instanceof Refusal) return cddc;
    const opened = openCddc(cddc);
    if (opened instanceof Refusal) return opened;
    const now = desk.clock();
    const action = await readAction(name, { operands, texts, cdd: cddc.cdd, now, desk });
    if (typeof action === 'string') return { usage: ORDER, wrong: action };
    if (action instanceof Refusal) return action;
    const document: OperatorOrder = {
      action,
      expires: writeDate(now + hours * HOUR),
      issuer_id: cddc.cdd.id,
      serial: randomBytes(SERIAL_BYTES)
        .toString('hex')
        .replace(/^0+(?=.)/, ''),
      type: 'operator order',
    };
    const unreadable = decodeDocument(encode(document));
    if (unreadable instanceof Refusal) return unreadable;
    const file = orderFile(url, cddc, document);
    for (const line of orderInWords(file)) desk.say(line);
    const key = keyPath === undefined ? undefined : await openKeyFile(keyPath, desk);
    if (key instanceof Refusal) return key;
    const refused = createOrderFile(output, key === undefined ? file : withSignature(file, key));
    if (refused === undefined)
      desk.say(`${output} is written${key === undefined ? '' : ` and signed by ${key.publicKey}`}.`);
    return refused;
  },
};

/** The mint takes no order that lives longer (spec/protocol.md, Operators). */
const MOST_HOURS = 2_160;

const SIGN = 'sign ORDER.json --key FILE [--yes]';

const sign: OperatorCommand = {
  usage: SIGN,
  run: async ({ operands: [path, ...rest], texts, flags }, desk) => {
    const keyPath = texts['key'];
    if (path === undefined || rest.length > 0 || keyPath === undefined) return { usage: SIGN, wrong: '' };
    const file = readOrderFile(path);
    if (file instanceof Refusal) return file;
    for (const line of orderInWords(file)) desk.say(line);
    if (instantOf(file.signed_order.order.expires) < desk.clock()) {
      return refuse('expired', 'the order has expired; have a new one written');
    }
    const agreed = flags.has('yes') || (await desk.confirm('Sign it? (yes or no) '));
    if (agreed instanceof Refusal) return agreed;
    if (!agreed) return refuse('not possible', 'it was not signed');
    const key = await openKeyFile(keyPath, desk);
    if (key instanceof Refusal) return key;
    const refused = replaceOrderFile(path, withSignature(file, key));
    if (refused === undefined) desk.say(`${path} is signed by ${key.publicKey}.`);
    return refused;
  },
};

const COMMANDS: Readonly<Record<string, OperatorCommand>> = { keygen, order, sign, submit, pending, show };

/** To make a recipient is one thing, to name one another. */
const KEYGEN_OPTIONS: KnownOptions = {
  texts: ['output'],
  flags: ['recipient', 'no-passphrase'],
  letters: { o: 'output' },
};
const OPTIONS: KnownOptions = {
  texts: ['output', 'expires', 'sign', 'key', 'identity', ...ACTION_TEXTS],
  flags: ['yes'],
  letters: { o: 'output' },
};

const USAGE = `specie operator ${Object.keys(COMMANDS).join('|')} …`;

const DESK: Desk = {
  wayTo,
  clock: Date.now,
  say: (line) => say(printable(line)),
  passphrase: askPassphrase,
  confirm: askYes,
};

/** Runs one of the operators' commands. */
export async function operator(args: readonly string[], desk: Desk = DESK): Promise<ExitStatus> {
  const result = await runOperator(args, desk);
  if (result === undefined) return 0;
  return result instanceof Refusal ? complain(advised(result)) : misused(result.usage, result.wrong);
}

/** An operator who is not allowed something can read who is. */
function advised({ name, details }: Refusal): Refusal {
  const isTold = name !== 'unauthorised' || details.includes(';');
  return refuse(name, isTold ? details : `${details}; "specie operator show URL" says who may do what`);
}

/** The same, saying what became of it; undefined when it was done. */
export async function runOperator(args: readonly string[], desk: Desk): ReturnType<OperatorCommand['run']> {
  const [name = '', ...rest] = args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    return { usage: USAGE, wrong: name === '' ? '' : `there is no command operator ${name}` };
  }
  const given = readArguments(rest, name === 'keygen' ? KEYGEN_OPTIONS : OPTIONS);
  const usage = `specie operator ${command.usage}`;
  if (typeof given === 'string') return { usage, wrong: given };
  const result = await command.run(given, desk);
  return result === undefined || result instanceof Refusal ? result : { ...result, usage };
}
