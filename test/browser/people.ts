/** What people do in their wallets, in few words. */
import assert from 'node:assert/strict';
import type { Visitor } from './visitor.ts';
import type { Filling } from './visitor.ts';

/** A person who has a wallet here. */
export interface Person {
  readonly name: string;
  password: string;
  readonly words: string;
  readonly at: Visitor;
}

/** Signs up where a form for it is open, and notes the twelve words. */
export async function signUp(
  at: Visitor,
  name: string,
  onWords: (at: Visitor) => Promise<void> = async () => undefined,
): Promise<Person> {
  const password = `${name} likes long passwords`;
  await at.send('/signup', { name, password });
  const words = (await at.page.locator('.words li').allInnerTexts()).map((word) => word.trim()).join(' ');
  assert.match(words, /^([a-z]+ ){11}[a-z]+$/, 'there are the twelve words');
  await onWords(at);
  await at.send('/words', { written: true });
  return { name, password, words, at };
}

export async function signIn({ name, password, at }: Person): Promise<void> {
  await at.open('/signin');
  await at.send('/signin', { name, password });
}

export async function signOut({ at }: Person): Promise<void> {
  await at.open('/inbox');
  const more = at.page.locator('[popovertarget=more]');
  if (await more.isVisible()) await more.click();
  await at.send('/signout');
}

/** Buys Demo, which costs nothing here. */
export async function buy({ at }: Person, amount: number): Promise<void> {
  await at.open('/buy');
  await at.send('/buy', { rail: 'test', amount: String(amount) });
  await at.isDone();
}

/** Sends a letter with money; the id of the letter. */
export async function pay({ at }: Person, letter: Filling): Promise<string> {
  await at.open('/compose');
  await at.send('/compose', letter);
  await at.isDone();
  const id = /^\/sent\/([0-9a-f]{32})/.exec(at.path)?.[1];
  assert.ok(id !== undefined, `${at.path} is the letter that was sent`);
  return id;
}

/** The link of a letter that is open. */
export async function linkOf({ at }: Person): Promise<string> {
  const link = await at.page.locator('input[value*="/receive#"]').first().inputValue();
  assert.match(link, /^http:\/\/localhost:\d+\/receive#[\w-]{22}$/);
  return link;
}

/** Looks at coins on the receive page, and takes them by the one button. */
export async function receive({ at }: Person, coins: Filling): Promise<void> {
  await at.open('/receive');
  await at.send('/receive/look', coins);
  await at.send('/receive/take');
  await at.isDone();
}

/** What is in the purse, of the one currency there is. */
export async function balance({ at }: Pick<Person, 'at'>): Promise<number> {
  await at.open('/purse');
  const [text = ''] = await at.page.locator('.purse h2 .amount').allInnerTexts();
  return Number(/\d+/.exec(text.replace(/[.,]/g, ''))?.[0]);
}
