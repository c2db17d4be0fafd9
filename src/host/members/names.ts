/** What members are called, and how names are compared. */
import { HOST_LIMITS } from '../limits.ts';
import { object } from '../objections.ts';
import type { Objection } from '../objections.ts';

const LEAST = 2;

/** Letters of any script with their marks, digits, and three signs within; nothing that cannot be seen. */
const PATTERN = /^[\p{L}\p{Nd}](?:[\p{L}\p{M}\p{Nd}._-]*[\p{L}\p{M}\p{Nd}])?$/u;
const UNSEEN = /\p{Default_Ignorable_Code_Point}/u;
const BLANKS = /[\s\p{Default_Ignorable_Code_Point}\p{Cc}\p{Z}]+/gu;

/** Scripts with letters that look like one another's: a name keeps to one of them, so that nobody is paid for another. */
const ALIKE = [
  /\p{Script=Latin}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
];

/** A name as it will be shown, of what a person typed: normalised, so that it is shown to everybody as it is compared. */
export function readName(typed: string): string | Objection {
  const name = typed.trim().normalize('NFKC');
  const { length } = Array.from(name);
  if (length < LEAST || length > HOST_LIMITS.name) {
    return object('bad name', `name: it has ${length} characters`);
  }
  if (!PATTERN.test(name) || UNSEEN.test(name)) {
    return object('bad name', 'name: it must begin and end with a letter or a digit, with no blanks');
  }
  if (ALIKE.filter((script) => script.test(name)).length > 1) {
    return object('bad name', 'name: it mixes alphabets that look alike');
  }
  return name;
}

/**
 * What two names are compared by: without case, width and blanks. For anything a person types; what is no name has the
 * handle of nobody.
 */
export function handleOf(name: string): string {
  // Up and down again: final sigma, sharp s and dotless i have one upper case only.
  const folded = name.normalize('NFKC').toUpperCase().toLowerCase();
  return folded.normalize('NFKC').replaceAll(BLANKS, '');
}
