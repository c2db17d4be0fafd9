/** Every page there is, with something on it: for whoever wants to see them all. */
import assert from 'node:assert/strict';
import { buy, linkOf, pay, signOut, signUp } from './people.ts';
import type { Person } from './people.ts';
import { DESK } from './visitor.ts';
import type { Visitor } from './visitor.ts';
import type { World } from './world.ts';

/** Looks at the page that is open, which is called by a name of its own. */
export type See = (name: string, at: Visitor) => Promise<void>;

export async function tour(world: World, see: See): Promise<void> {
  const outside = await world.visitor(DESK);
  await door(outside, see);
  const nora = await someoneNew(world, see);
  const omar = await someone(world, 'omar');
  await buy(nora, 199);
  const letter = await letters(nora, omar, see);
  await requests(nora, omar, outside, see);
  await handOver(nora, omar, outside, { letter, see });
  await money(nora, see);
  await settings(nora, see);
  await goodbye(nora, omar, see);
  await Promise.all([outside.leave(), nora.at.leave(), omar.at.leave()]);
}

async function someone(world: World, name: string): Promise<Person> {
  const at = await world.visitor(DESK);
  await at.open('/signup');
  return signUp(at, name);
}

async function door(at: Visitor, see: See): Promise<void> {
  const pages = { welcome: '/', 'sign-in': '/signin', 'sign-up': '/signup', recover: '/recover' };
  for (const [name, path] of Object.entries({
    ...pages,
    'receive-outside': '/receive',
    missing: '/nothing/here',
  })) {
    await at.open(path);
    await see(name, at);
  }
  await at.open('/signin');
  await at.send('/signin', { name: 'nobody', password: 'at all at all' });
  await see('sign-in-wrong', at);
}

async function someoneNew(world: World, see: See): Promise<Person> {
  const at = await world.visitor(DESK);
  await at.open('/signup');
  const nora = await signUp(at, 'nora', (words) => see('words-new', words));
  for (const name of ['inbox', 'sent', 'purse', 'history', 'compose', 'request']) {
    await at.open(`/${name}`);
    await see(`${name}-empty`, at);
  }
  return nora;
}

async function letters(nora: Person, omar: Person, see: See): Promise<string> {
  const { at } = nora;
  const coffee = {
    to: omar.name,
    amount: '44',
    subject: 'Coffee for a month',
    text: 'You paid last time.\nThanks!',
  };
  await pay(nora, coffee);
  await see('sent-taken', at);
  await pay(nora, { to: omar.name, amount: '3', subject: '', text: '' });
  await pay(omar, { to: nora.name, amount: '4', subject: 'Tram tickets', text: '' });
  await pay(omar, { to: nora.name, amount: '9', subject: 'Half of the rent', text: '' });
  await pay(omar, { to: nora.name, amount: '5', subject: 'A change', text: 'Too much – keep the rest.' });
  await pay(nora, { to: 'kai@mail.example', amount: '8', subject: 'Books', text: 'All four of them' });
  await see('sent-mailed', at);
  const letter = await pay(nora, { to: '', amount: '42', subject: 'For whoever finds it', text: 'Take it!' });
  await see('sent-link', at);
  await at.open(`/sent/${letter}/note`);
  await see('note', at);
  await at.open(`/sent/${letter}/codes`);
  await see('codes', at);
  await at.open('/sent');
  await see('sent', at);
  await at.open('/inbox');
  await see('inbox', at);
  await at.press(at.page.locator('#letters a[href^="/inbox/"]').first());
  await see('inbox-letter', at);
  await at.open('/compose');
  const cinema = { to: omar.name, amount: '12', subject: 'Cinema', text: 'The next one is on you!' };
  await at.fill(at.form('/compose'), cinema);
  await see('compose-filled', at);
  await at.open('/compose');
  await at.send('/compose', { to: 'nobody.here', amount: '5', subject: 'Hello', text: '' });
  await see('compose-objection', at);
  return letter;
}

async function requests(nora: Person, omar: Person, outside: Visitor, see: See): Promise<void> {
  const { at } = nora;
  await at.open('/request');
  await at.send('/request', { amount: '11', subject: 'Concert tickets' });
  await see('request-own', at);
  const link = await at.page.locator('input#link').inputValue();
  await at.open('/request');
  await see('request', at);
  await omar.at.open(link);
  await see('pay', omar.at);
  await outside.open(link);
  await see('pay-outside', outside);
  await omar.at.send(new URL(link).pathname);
  await see('pay-paid', omar.at);
}

interface HandedOver {
  readonly letter: string;
  readonly see: See;
}

async function handOver(
  nora: Person,
  omar: Person,
  outside: Visitor,
  { letter, see }: HandedOver,
): Promise<void> {
  await nora.at.open(`/sent/${letter}`);
  const link = await linkOf(nora);
  await omar.at.open('/receive');
  await see('receive', omar.at);
  for (const [name, at] of [
    ['offer', omar.at],
    ['offer-own', nora.at],
    ['offer-outside', outside],
  ] as const) {
    await at.open('/receive');
    await at.send('/receive/look', { text: link });
    await see(name, at);
  }
  await omar.at.open('/receive');
  await omar.at.send('/receive/look', { text: 'Hello?' });
  await see('receive-objection', omar.at);
}

async function money({ at }: Person, see: See): Promise<void> {
  await at.open('/redeem');
  await at.send('/redeem', { amount: '30', to: 'account' });
  await see('redeem', at);
  await at.open('/payout');
  await at.send('/payout', { amount: '10', to: 'Account 12 at my bank' });
  await see('payout', at);
  for (const name of ['purse', 'buy', 'currencies', 'history', 'compose']) {
    await at.open(`/${name}`);
    await see(name, at);
  }
  await at.open('/history?search=nothing-like-this');
  await see('history-none', at);
}

async function settings({ at, password }: Person, see: See): Promise<void> {
  await at.open('/settings');
  await at.send('/settings/tokens', { label: 'My shop', password });
  await see('token', at);
  await at.open('/settings');
  await at.send('/settings/words', { password });
  await see('words', at);
  await at.open('/settings');
  await see('settings', at);
}

async function goodbye(nora: Person, omar: Person, see: See): Promise<void> {
  await signOut(nora);
  await see('signed-out', nora.at);
  await omar.at.open('/settings');
  await omar.at.send('/settings/close', { password: omar.password, confirmed: true });
  await see('closed', omar.at);
  assert.equal(await omar.at.page.locator('nav.rail').count(), 0);
}
