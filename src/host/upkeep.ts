/** What is done for an open member without being asked. */
import type { LetterRecord } from './letter-record.ts';
import { isSettled } from './letter-record.ts';
import { Refusal } from '../base/refusal.ts';
import type { Desk } from './desk.ts';
import { view } from './desk.ts';
import { forgetRemoved } from './letters/remove.ts';
import type { Rests } from './money/rests.ts';
import { follow, forward, isMailDue, mail } from './letters/sent.ts';
import { isWaiting, take } from './letters/take.ts';
import { attend, keepTitlesUp } from './titles/upkeep.ts';

/** Runs a job when nothing else changes the member's letters. */
export type Run = (job: () => Promise<unknown>) => Promise<unknown>;

/**
 * Adds the host's currencies that are missing, takes up what is pending, looks what became of what was sent, and takes what
 * arrived. Each is a job of its own, so that the person need not wait for all of it. An issuer that does not answer is asked
 * less and less.
 */
export async function keepUp(desk: Desk, run: Run, rests: Rests): Promise<void> {
  const { wallet, letters, context } = desk;
  for (const url of context.parts.currencies) {
    await run(async () => {
      const { addresses } = context.transits.issuers;
      if (wallet.currencies().some(({ id, location }) => location === url || addresses.get(url) === id))
        return;
      // A phrase that was brought along may have coins in it. Where these are safe offline they stay doubtful: only the
      // person knows what was handed over elsewhere.
      const restored = await wallet.restore(wallet.phrase(), [url]);
      const [found] = restored instanceof Refusal ? [] : restored;
      if (found !== undefined) addresses.set(url, found.currency.id);
    });
  }
  await run(() => forgetRemoved(desk));
  const isAwake = (currency: string): boolean => !rests.isResting(currency);
  await run(async () => {
    for (const { entry, refusal } of await wallet.resumePending(isAwake)) rests.met(entry.currency, refusal);
  });
  await run(async () => {
    for (const { currency, refusal } of await wallet.renewDue(isAwake))
      if (refusal !== undefined) rests.met(currency.id, refusal);
  });
  for (const { id: currency } of wallet.currencies().filter(({ id }) => isAwake(id))) {
    await run(async () => {
      const checked = await wallet.checkSent((each) => each === currency);
      if (checked instanceof Refusal) rests.met(currency, checked);
    });
  }
  await keepTitlesUp(desk, run, rests);
  const money = letters.all().filter(({ titles }) => titles === null);
  for (const { id } of money.filter((letter) => !isSettled(letter))) {
    await run(async () => {
      const letter = letters.get(id);
      if (letter === undefined) return;
      if (letter.state !== 'not taken' && rests.isResting(letter.currency)) return;
      if (letter.folder === 'sent') await attendSent(desk, letter);
      else if (isWaiting(letter)) rests.met(letter.currency, await attendInbox(desk, letter));
    });
  }
}

/** Others have changed a letter: it was brought, or taken. */
export async function attendChanged(desk: Desk, id: string): Promise<void> {
  const before = desk.letters.get(id);
  // Nobody changes one of titles that was sent.
  if (before?.folder === 'sent' && before.titles !== null) return;
  if (before?.folder === 'sent') {
    await desk.wallet.checkSent((currency) => currency === before.currency);
    await attendSent(desk, before);
    return;
  }
  const now = await desk.letters.reread(id);
  if (now === undefined) return;
  if (isWaiting(now)) await attendInbox(desk, now, before);
  else if (desk.titles !== undefined) await attend(desk, desk.titles, now, before === undefined);
}

async function attendInbox(
  desk: Desk,
  letter: LetterRecord,
  before?: LetterRecord,
): Promise<Refusal | undefined> {
  const { letter: after, refusal } = await take(desk, letter);
  const hasCome = before === undefined || before.state === 'arriving';
  if (after.state === 'taken' || (hasCome && after.state === 'arrived')) {
    desk.news.tell({ kind: 'letter', letter: view(desk, after) });
  }
  return refusal;
}

async function attendSent(desk: Desk, letter: LetterRecord): Promise<void> {
  const followed = await follow(desk, letter);
  if (isSettled(followed)) return;
  if (followed.state === 'arriving') await goOn(desk, followed);
  else if (isMailDue(desk, followed)) await mail(desk, followed);
}

/** A letter that was cut short on its way; one to a name only where it is not there, and nobody else has its coins. */
async function goOn(desk: Desk, letter: LetterRecord): Promise<void> {
  if (letter.operation === 0) return;
  if (letter.way === 'name') {
    const { transits, parts } = desk.context;
    const there = desk.inboxId(letter.id);
    if (transits.isAt(letter.recipient, there)) return;
    if ((await parts.store.letter(letter.recipient, there)) !== undefined) return;
    const stack = desk.wallet.stackOf(letter.operation);
    if (stack instanceof Refusal || (await desk.wallet.isSpent(stack)) !== false) return;
  }
  await forward(desk, letter);
}
