/** The journal, page by page: entries from a number on, as many as one answer holds. */
import Type from 'typebox';
import { LIMITS } from '../../base/limits.ts';
import { AmountField, List, MessageReference, Strict, answerFields } from '../fields.ts';
import type { Written } from '../fields.ts';
import { SignedEntry } from '../journal.ts';

export const RequestJournal = Strict({
  from: AmountField,
  message_reference: MessageReference,
  type: Type.Literal('request journal'),
});
export type RequestJournal = Written<typeof RequestJournal>;

export const ResponseJournal = Strict({
  ...answerFields,
  entries: List(SignedEntry, 0, LIMITS.journalPage),
  type: Type.Literal('response journal'),
});
export type ResponseJournal = Omit<Written<typeof ResponseJournal>, 'entries'> & {
  readonly entries: readonly SignedEntry[];
};
