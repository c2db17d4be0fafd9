import { de } from './de.ts';
import { en } from './en.ts';
import type { Texts } from './en.ts';

export type { Texts } from './en.ts';

export const TEXTS = { en, de } as const satisfies Record<string, Texts>;

export type Language = keyof typeof TEXTS;

/** What can be said to have been done: the keys of `?done=`. */
export type DoneKey = keyof Texts['done'];

export function isLanguage(text: string): text is Language {
  return Object.hasOwn(TEXTS, text);
}

export function isDone(key: string): key is DoneKey {
  return Object.hasOwn(en.done, key);
}
