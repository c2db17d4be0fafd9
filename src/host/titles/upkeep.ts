/** What is done for an open member's titles without being asked. */
import { Refusal } from '../../base/refusal.ts';
import type { TitleWallet } from '../../title/wallet/facade.ts';
import { view } from '../desk.ts';
import type { Desk } from '../desk.ts';
import type { LetterRecord } from '../letter-record.ts';
import { isSettled } from '../letter-record.ts';
import { HOST_LIMITS, HOST_TIMES } from '../limits.ts';
import type { Rests } from '../money/rests.ts';
import { follow, isTitleLetter } from './give.ts';
import { takeTitles } from './take.ts';

/** Runs a job when nothing else changes the member's letters. */
type Run = (job: () => Promise<unknown>) => Promise<unknown>;

/** Gets to know the host's title servers, keeps addresses ready, takes up what is pending, and goes on with letters. */
export async function keepTitlesUp(desk: Desk, run: Run, rests: Rests): Promise<void> {
  const { titles, letters } = desk;
  if (titles === undefined) return;
  await run(() => furnish(desk, titles, rests));
  await run(() => titles.resumeAll());
  if (rests.isDue('issued titles', HOST_TIMES.issued)) await run(() => lookForIssued(desk, titles));
  for (const { id } of letters.all().filter((letter) => isTitleLetter(letter) && !isSettled(letter))) {
    await run(async () => {
      const letter = letters.get(id);
      if (letter !== undefined) await attend(desk, titles, letter, false);
    });
  }
}

/** Titles that an issuer made out to this wallet come without a letter. */
async function lookForIssued({ news }: Desk, titles: TitleWallet): Promise<void> {
  const before = titles.titles().length;
  for (const { id } of titles.servers()) await titles.classes(id);
  if (titles.titles().length !== before) news.tell({ kind: 'changed' });
}

/** The host's title servers that the wallet does not know, as far as they answer; and addresses at each. */
export async function furnish(desk: Desk, titles: TitleWallet, rests?: Rests): Promise<void> {
  for (const url of desk.context.parts.titles?.servers ?? []) {
    const isKnown = titles.servers().some((each) => each.url === url);
    if (isKnown || rests?.isResting(url) === true) continue;
    // The keeper's word: that of a server which moved too.
    rests?.met(url, await titles.add(url, { moves: true }));
  }
  await makeReady(desk, titles);
}

/** Keeps some addresses where those who give by name find them, while the member is away. */
export async function makeReady(desk: Desk, titles: TitleWallet): Promise<void> {
  const { store } = desk.context.parts;
  const member = desk.row().id;
  const ready = (await store.titleAddresses(member)).filter(({ use }) => use === 'ready');
  for (const { id: server } of titles.servers()) {
    const there = ready.filter((each) => each.server === server).length;
    for (let missing = HOST_LIMITS.readyAddresses - there; missing > 0; missing--) {
      const address = await titles.address(server);
      if (address instanceof Refusal) break;
      await store.putTitleAddress({ member, server, address, use: 'ready' });
    }
  }
}

/** A letter of titles that waits, or has just come. */
export async function attend(
  desk: Desk,
  titles: TitleWallet,
  letter: LetterRecord,
  hasCome: boolean,
): Promise<void> {
  if (!isTitleLetter(letter)) return;
  if (letter.folder === 'sent') {
    await follow(desk, titles, letter);
    return;
  }
  if (letter.state !== 'arrived') return;
  const { letter: after } = await takeTitles(desk, titles, letter);
  if (after.state === 'taken' || hasCome) desk.news.tell({ kind: 'letter', letter: view(desk, after) });
}
