/** What operators ask of an issuer: to take an order, which orders wait, and what the policy is. */
import { canonical } from '../../../base/canonical.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { descriptionOf } from '../../../mint/charter/charter.ts';
import type { Charter } from '../../../mint/charter/charter.ts';
import { judgeOrder, verifiedSignatures } from '../../../mint/charter/policy.ts';
import { decodeDocument } from '../../../protocol/codec.ts';
import type { Action, SignedOrder } from '../../../protocol/governance.ts';
import type { ResponseOperate } from '../../../protocol/messages/operate.ts';
import { verifyEd25519 } from '../../../signers/ed25519.ts';
import { openText } from '../../../stores/mint/sealed-text.ts';
import { ask } from '../../audit/ask.ts';
import { followJournal } from '../../audit/gather.ts';
import { governance, indented } from '../../audit/report.ts';
import { actionInWords, dated, scheduleInWords, signersInWords } from '../../audit/words.ts';
import type { Arguments } from '../arguments.ts';
import { canWrite, writeStack } from '../files.ts';
import { readIdentityOf } from './identity-file.ts';
import type { Desk, Misuse, OperatorCommand } from './desk.ts';
import { readOrderFile } from './file.ts';

const SUBMIT = 'submit ORDER.json [URL] [-o COINS.oc --identity FILE]';

export const submit: OperatorCommand = {
  usage: SUBMIT,
  run: async ({ operands, texts }, desk) => {
    const [path, other, ...rest] = operands;
    if (path === undefined || rest.length > 0) return { usage: SUBMIT, wrong: '' };
    const file = readOrderFile(path);
    if (file instanceof Refusal) return file;
    const way = desk.wayTo(other ?? file.url);
    if (way instanceof Refusal) return way;
    const { signed_order } = file;
    const opening = await readOpening(signed_order.order.action, texts);
    if (opening instanceof Refusal || (opening !== undefined && 'usage' in opening)) return opening;
    const answer = await ask(way, { type: 'request operate', signed_order });
    if (answer instanceof Refusal) return answer;
    if (canonical(answer.signed_order.order) !== canonical(signed_order.order)) {
      return refuse('distrusted', `${way.url} answered for another order`);
    }
    return tell(answer, opening, desk);
  },
};

/** Where the coins of a release go, and what opens them: known to fit before the order is handed in. */
interface Opening {
  readonly identity: string;
  readonly output: string;
}

async function readOpening(
  action: Action,
  { identity: path, output }: Arguments['texts'],
): Promise<Opening | Misuse | Refusal | undefined> {
  if (path === undefined && output === undefined) return undefined;
  if (path === undefined || output === undefined)
    return { usage: SUBMIT, wrong: '-o COINS.oc and --identity FILE go together' };
  if (action.type !== 'release reserve')
    return refuse('not possible', `the order pays nothing out: there are no coins for ${output}`);
  const identity = await readIdentityOf(action.recipient, path);
  return identity instanceof Refusal ? identity : (canWrite(output) ?? { identity, output });
}

async function tell(
  answer: ResponseOperate,
  opening: Opening | undefined,
  desk: Desk,
): Promise<Refusal | undefined> {
  if (answer.state === 'waiting') {
    const { length } = answer.signed_order.signatures;
    desk.say(`The order waits, with ${length} ${length === 1 ? 'signature' : 'signatures'}, for:`);
    for (const line of indented(eitherOf(answer.missing))) desk.say(line);
    return undefined;
  }
  desk.say('The order is executed.');
  const { action } = answer.signed_order.order;
  if (action.type !== 'release reserve') return undefined;
  if (opening !== undefined) return openCoins(answer.sealed_stack, opening, desk);
  desk.say(`The coins are sealed to ${action.recipient}. Whoever holds its identity gets them by submitting`);
  desk.say('this same order with -o COINS.oc --identity FILE, before it expires.');
  return undefined;
}

async function openCoins(
  sealed: string | undefined,
  { identity, output }: Opening,
  desk: Desk,
): Promise<Refusal | undefined> {
  if (sealed === undefined)
    return refuse('distrusted', 'the order is executed, and no coins came with the answer');
  const bytes = await openText(identity, sealed);
  if (bytes instanceof Refusal) return bytes;
  const stack = decodeDocument(bytes);
  if (stack instanceof Refusal || stack.type !== 'coinstack')
    return refuse('distrusted', 'what came sealed with the answer are no coins');
  const refused = writeStack(output, stack);
  if (refused === undefined) desk.say(`The coins are in ${output}.`);
  return refused;
}

function eitherOf(sentences: readonly string[]): readonly string[] {
  return sentences.map((sentence, index) => (index === 0 ? sentence : `or ${sentence}`));
}

export const pending: OperatorCommand = {
  usage: 'pending URL',
  run: async (given, desk) => {
    const way = onlyUrl(given, desk, 'pending URL');
    if (way instanceof Refusal || 'usage' in way) return way;
    const charter = await followJournal(way, verifyEd25519);
    if (charter instanceof Refusal) return charter;
    const answer = await ask(way, { type: 'request pending orders' });
    if (answer instanceof Refusal) return answer;
    if (answer.orders.length === 0) desk.say('No order waits.');
    for (const each of answer.orders) {
      for (const line of pendingInWords(charter, each, desk)) desk.say(line);
    }
    return undefined;
  },
};

/** One order that waits. Whose signatures it has is not taken on the issuer's word. */
function pendingInWords(charter: Charter, signed: SignedOrder, desk: Desk): readonly string[] {
  const { order } = signed;
  const signatures = verifiedSignatures(charter, signed, verifyEd25519);
  const verdict = judgeOrder(charter, { ...signed, signatures }, desk.clock());
  const [first = '', ...rest] = actionInWords(order.action, descriptionOf(charter));
  return [
    first,
    ...indented([
      ...rest,
      `order ${order.serial.slice(0, 16)}…, until ${dated(order.expires)}`,
      `signed by ${signersInWords(charter.policy, signatures)}`,
      ...lackingInWords(verdict),
    ]),
  ];
}

function lackingInWords(verdict: ReturnType<typeof judgeOrder>): readonly string[] {
  if (verdict instanceof Refusal) return [`cannot be executed now: ${verdict.details}`];
  if (verdict.kind === 'missing') return eitherOf(verdict.sentences).map((each) => `waits for ${each}`);
  return verdict.kind === 'met' ? ['has all the signatures it needs; submit it again'] : ['is executed'];
}

export const show: OperatorCommand = {
  usage: 'show URL',
  run: async (given, desk) => {
    const way = onlyUrl(given, desk, 'show URL');
    if (way instanceof Refusal || 'usage' in way) return way;
    const charter = await followJournal(way, verifyEd25519);
    if (charter instanceof Refusal) return charter;
    const { currency_name: name } = descriptionOf(charter);
    desk.say(
      `${name} (${charter.issuerId}), switched ${charter.power}; ${scheduleInWords(charter.schedule)}.`,
    );
    for (const line of governance(charter)) desk.say(line);
    return undefined;
  },
};

function onlyUrl({ operands }: Arguments, desk: Desk, usage: string): ReturnType<Desk['wayTo']> | Misuse {
  const [url, ...rest] = operands;
  return url === undefined || rest.length > 0 ? { usage, wrong: '' } : desk.wayTo(url);
}
