/** Taking titles that others gave. The wallet takes a handover once, however often it comes. */
import { Refusal } from '../../base/refusal.ts';
import type { TitleWallet } from '../../title/wallet/facade.ts';
import type { Desk } from '../desk.ts';
import type { LetterRecord, Taken } from '../letter-record.ts';
import { isTitleLetter, titleReason } from './give.ts';

/** Takes what a letter of the inbox brings, as far as it goes now. */
export async function takeTitles(desk: Desk, titles: TitleWallet, letter: LetterRecord): Promise<Taken> {
  if (!isTitleLetter(letter) || letter.titles.handover === '') return { letter, refusal: undefined };
  const taken = await titles.receive(letter.titles.handover);
  if (taken instanceof Refusal) {
    const reason = titleReason(taken);
    const state = taken.temporary ? letter.state : 'refused';
    if (reason === letter.reason && state === letter.state) return { letter, refusal: taken };
    return { letter: await desk.letters.put({ ...letter, state, reason }), refusal: taken };
  }
  const serials = taken.map(({ serial }) => serial);
  const parcel = { ...letter.titles, serials, handover: '' };
  const done = await desk.letters.put({ ...letter, state: 'taken', reason: '', titles: parcel });
  return { letter: done, refusal: undefined };
}
