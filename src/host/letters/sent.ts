/** Letters on their way: everything after the coins have left the purse. Each step may be asked for again. */
import { Refusal } from '../../base/refusal.ts';
import { DAY, MINUTE } from '../../base/dates.ts';
import { plainReason } from '../../wallet/plain.ts';
import { fromBase64url } from '../../base/base64url.ts';
import { entryOf } from '../desk.ts';
import type { Desk } from '../desk.ts';
import { dropId, putDrop } from './drops.ts';
import type { LetterRecord } from '../letter-record.ts';
import { newLetter } from '../letter-record.ts';
import { mailText, stackFileName } from './mail-text.ts';
import { object, passOn } from '../objections.ts';
import { Objection } from '../objections.ts';
import type { MemberRow } from '../state.ts';

/** How long a mail that could not be handed over waits until it is tried again, and until it is tried no more. */
const MAIL_AGAIN = 10 * MINUTE;
const MAIL_ENDS = 7 * DAY;

/**
 * Brings a letter whose coins have left the purse to where it goes. Objects where it can go nowhere; the coins are then
 * in the purse again, or can be taken back.
 */
export async function forward(desk: Desk, letter: LetterRecord): Promise<LetterRecord | Objection> {
  const stack = desk.wallet.stackOf(letter.operation);
  // Somebody has them, or they are back.
  if (stack instanceof Refusal) return follow(desk, letter);
  if (letter.way === 'name') return deliver(desk, letter);
  const { parts } = desk.context;
  const key = fromBase64url(letter.key);
  if (letter.key !== '' && key !== undefined) {
    const owner = { member: desk.row().id, letter: letter.id };
    await putDrop(parts, key, owner, { from: letter.from, text: letter.text, stack });
  }
  const left = await desk.letters.put({ ...letter, state: 'not taken' });
  return left.mail === 'due' ? mail(desk, left) : left;
}

async function deliver(desk: Desk, letter: LetterRecord): Promise<LetterRecord | Objection> {
  const stack = desk.wallet.stackOf(letter.operation);
  if (stack instanceof Refusal) return follow(desk, letter);
  const { parts, transits } = desk.context;
  const to = await parts.store.member(letter.recipient);
  if (to === undefined) return giveBack(desk, letter, object('no such member'));
  const sender = { member: desk.row().id, letter: letter.id };
  const outcome = await transits.deliver({ to, letter: { ...inboxLetter(desk, letter, to), stack }, sender });
  if (outcome instanceof Objection) return giveBack(desk, letter, outcome);
  return desk.letters.put({ ...letter, state: outcome });
}

function inboxLetter(desk: Desk, letter: LetterRecord, to: MemberRow): LetterRecord {
  const { from, subject, text, currency, currencyName, divisor, location, amount, invoice } = letter;
  return newLetter({
    ...{ id: desk.inboxId(letter.id), time: desk.context.parts.clock() },
    ...{ from, subject, text, currency, currencyName, divisor, location, amount, invoice },
    ...{ folder: 'inbox', way: 'name', to: to.name, state: 'arriving', isRead: false },
  });
}

/** It did not go: the coins come back, at once or when the issuer answers. */
async function giveBack(desk: Desk, letter: LetterRecord, objection: Objection): Promise<Objection> {
  const reason = objection.details === '' ? objection.next : objection.details;
  const refused = await desk.letters.put({ ...letter, state: 'refused', reason });
  await desk.wallet.takeback(letter.operation);
  await follow(desk, refused);
  return objection;
}

/** Brings a sent letter to where the wallet's operation is. A drop that has nothing to give any more is removed. */
export async function follow(desk: Desk, letter: LetterRecord): Promise<LetterRecord> {
  const entry = entryOf(desk, letter.operation);
  if (entry === undefined || entry.state === 'sent') return letter;
  const { secrets, store } = desk.context.parts;
  const key = fromBase64url(letter.key);
  if (letter.key !== '' && key !== undefined) await store.removeDrop(dropId(secrets, key));
  if (letter.way === 'mail') await desk.context.parts.postman.forget(letter.id);
  const state = settledState(letter, entry.state === 'taken back');
  const mail = letter.mail === 'due' ? 'failed' : letter.mail;
  const { reason } = letter;
  return desk.letters.put({ ...letter, state, key: '', mail, reason: mail === 'failed' ? '' : reason });
}

function settledState({ way, state }: LetterRecord, isBack: boolean): LetterRecord['state'] {
  if (isBack) return 'taken back';
  // What was refused can have been taken by nobody whom it was for.
  return way === 'name' && state !== 'refused' ? 'arrived' : 'taken';
}

/** Hands the letter to the postman. Where that fails the letter stays, and says so. */
export async function mail(desk: Desk, letter: LetterRecord): Promise<LetterRecord> {
  const { parts } = desk.context;
  const stack = desk.wallet.stackOf(letter.operation);
  if (stack instanceof Refusal) return follow(desk, letter);
  const refusal = await parts.postman.send({
    id: letter.id,
    to: letter.to,
    ...mailText(letter, desk.row().language, parts.url),
    stack,
    fileName: stackFileName(letter),
  });
  const tried = parts.clock();
  if (refusal === undefined) return desk.letters.put({ ...letter, mail: 'done', reason: '', tried });
  const isOver = !refusal.temporary || tried - letter.time > MAIL_ENDS;
  const reason = `Not mailed: ${refusal.details}`;
  return desk.letters.put({ ...letter, mail: isOver ? 'failed' : 'due', reason, tried });
}

/** Tries again what is not mailed; objects 'not mailed'. */
export async function mailAgain(desk: Desk, letter: LetterRecord): Promise<LetterRecord | Objection> {
  if (letter.way !== 'mail' || letter.state !== 'not taken') return letter;
  const mailed = await mail(desk, letter);
  return mailed.mail === 'done' ? mailed : object('not mailed', mailed.reason);
}

/** Whether a letter's mail is to be tried again now. */
export function isMailDue(desk: Desk, letter: LetterRecord): boolean {
  if (letter.state !== 'not taken' || letter.mail !== 'due') return false;
  return desk.context.parts.clock() - letter.tried >= MAIL_AGAIN;
}

/** Takes a sent letter's coins back, if nobody has them; objects 'already spent' where somebody was faster. */
export async function takeBack(desk: Desk, letter: LetterRecord): Promise<LetterRecord | Objection> {
  const entry = await desk.wallet.takeback(letter.operation);
  const followed = await follow(desk, letter);
  return entry instanceof Refusal ? passOn(entry) : followed;
}

/** Why something was refused, as a letter says it. */
export function reasonOf({ name, details }: Refusal): string {
  return plainReason({ name, details });
}
