/** The walk of two people, and of those whom they pay: every way that money can go. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { balance, buy, linkOf, pay, receive, signIn, signOut, signUp } from './people.ts';
import type { Person } from './people.ts';
import type { Device } from './visitor.ts';
import type { World } from './world.ts';

/** Everything below on one kind of device. Two walks at once are told apart by `mark`. */
export async function walkMoney(world: World, device: Device, mark: string): Promise<void> {
  const anna = await arrive(world, device, `anna.${mark}`);
  const bert = await arrive(world, device, `bert-${mark}`);
  await buy(anna, 90);
  assert.equal(await balance(anna), 90);

  await payByName(anna, bert, device);
  await payByLink(world, anna, device, `carla_${mark}`);
  await payByFile(world, anna, bert, mark);
  await payByText(anna, bert);
  await askAndPay(anna, bert, device);
  await askAnOutsider(world, anna, bert, device, mark);
  await payByMail(world, anna, bert, mark);
  await takeBack(anna);
  await redeem(anna);
  await lookBack(world, anna, bert, mark);
  assert.equal(await balance(anna), 90 - 12 - 5 - 3 - 2 - 4 - 6 - 2 - 7);
  assert.equal(await balance(bert), 12 + 3 + 2 + 4 + 6 + 2);

  await newPassword(anna);
  await comeBackByWords(anna);
  await moveAway(world, bert, mark);
  await Promise.all([anna.at.leave(), bert.at.leave()]);
}

async function arrive(world: World, device: Device, name: string): Promise<Person> {
  const at = await world.visitor(device);
  await at.open('/');
  await at.press(at.page.locator('main a[href="/signup"]').first());
  const person = await signUp(at, name);
  assert.match(at.path, /^\/inbox/);
  return person;
}

/** The other one sees it come while the inbox is open; without scripts, when it is opened again. */
async function payByName(anna: Person, bert: Person, device: Device): Promise<void> {
  await bert.at.open('/inbox');
  const stays = await bert.at.stays();
  const id = await pay(anna, {
    to: bert.name,
    amount: '12',
    subject: 'Lunch',
    text: 'It was <b>good</b>.\nThanks!',
  });
  await expectState(anna, 'sent', 'arrived', id);
  if (!device.scripts) await bert.at.open('/inbox');
  const letter = bert.at.page.locator('#letters a[href^="/inbox/"]', { hasText: 'Lunch' });
  await letter.waitFor();
  if (device.scripts) {
    await bert.at.page.locator('[data-news]', { hasText: anna.name }).waitFor();
    assert.match(await bert.at.page.title(), /^\(\d+\) /, 'the tab counts what is not read');
    await stays();
  }
  await bert.at.press(letter);
  await bert.at.sees('It was <b>good</b>.');
  await expectState(bert, 'inbox', 'taken');
}

/** Somebody without a wallet opens a link, and takes the coins with the wallet that is opened on the way. */
async function payByLink(world: World, anna: Person, device: Device, name: string): Promise<void> {
  const id = await pay(anna, { to: '', amount: '5', subject: 'For you', text: '' });
  const link = await linkOf(anna);
  const carla = await world.visitor(device);
  if (device.scripts) {
    await carla.open(link);
    await carla.page.waitForURL('**/receive/look');
  } else {
    await carla.open('/receive');
    await carla.send('/receive/look', { text: link });
  }
  await carla.sees('For you');
  assert.ok(!carla.page.url().includes('#'), 'the key is not in the address any more');
  await signUp(carla, name);
  await carla.send('/receive/take');
  await carla.isDone();
  assert.equal(await balance({ at: carla }), 5);
  if (!device.scripts) await anna.at.open(`/sent/${id}`);
  await expectState(anna, 'sent', 'taken');
  await carla.open('/receive');
  await carla.send('/receive/look', { text: link });
  await carla.objects('no drop');
  await carla.leave();
}

async function payByFile(world: World, anna: Person, bert: Person, mark: string): Promise<void> {
  await pay(anna, { to: '', amount: '3', subject: 'As a file', text: '' });
  const file = join(world.scratch, `${mark}.oc`);
  const name = await anna.at.save(anna.at.page.locator('a[href$="/coins.oc"]'), file);
  assert.match(name, /\.oc$/);
  await receive(bert, { file: { file } });
  await bert.at.open('/receive');
  await bert.at.send('/receive/look', { file: { file } });
  assert.equal(await bert.at.form('/receive/take').count(), 0, 'what was taken is not offered again');
}

async function payByText(anna: Person, bert: Person): Promise<void> {
  const id = await pay(anna, { to: '', amount: '2', subject: 'As a text', text: '' });
  await anna.at.open(`/sent/${id}/codes`);
  const coins = await anna.at.page.locator('textarea#coins').inputValue();
  await receive(bert, { text: `Here you are:\n\n${coins}\n\nBest wishes` });
}

/** A request is paid by one button; who asked sees it. */
async function askAndPay(anna: Person, bert: Person, device: Device): Promise<void> {
  const link = await ask(bert, '4', 'Tickets');
  await anna.at.open(link);
  await anna.at.send(new URL(link).pathname);
  await anna.at.isDone();
  if (!device.scripts) await bert.at.open(new URL(link).pathname.replace('pay', 'request'));
  await bert.at.sees(bert.at.texts.invoiceStates.paid);
  await anna.at.open(link);
  assert.equal(await anna.at.form(new URL(link).pathname).count(), 0, 'nothing is paid twice');
}

/** A request is paid by somebody without a wallet, who has coins as a text. */
async function askAnOutsider(
  world: World,
  anna: Person,
  bert: Person,
  device: Device,
  mark: string,
): Promise<void> {
  const id = await pay(anna, { to: '', amount: '6', subject: `Change ${mark}`, text: '' });
  await anna.at.open(`/sent/${id}/codes`);
  const coins = await anna.at.page.locator('textarea#coins').inputValue();
  const link = await ask(bert, '6', 'Cake');
  const outsider = await world.visitor(device);
  await outsider.open(link);
  await outsider.send(`${new URL(link).pathname}/coins`, { text: coins });
  await outsider.isDone();
  await outsider.leave();
}

async function ask({ at }: Person, amount: string, subject: string): Promise<string> {
  await at.open('/request');
  await at.send('/request', { amount, subject });
  await at.isDone();
  const link = await at.page.locator('input#link').inputValue();
  assert.match(link, /^http:\/\/localhost:\d+\/pay\/[0-9a-f]{32}$/);
  return link;
}

/** The mail holds the link, and the coins as a file. */
async function payByMail(world: World, anna: Person, bert: Person, mark: string): Promise<void> {
  const to = `dora.${mark}@mail.example`;
  await pay(anna, { to, amount: '2', subject: 'By mail', text: 'Hello Dora' });
  const link = await linkOf(anna);
  const mails = readdirSync(world.mails).map((name) => readFileSync(join(world.mails, name), 'utf8'));
  const mail = mails.find((each) => each.includes(`To: ${to}`)) ?? '';
  const unfolded = mail.replace(/=\r?\n/g, '').replaceAll('=3D', '=');
  assert.ok(unfolded.includes(link), 'the link is in the mail');
  const [, attached = ''] = /filename=\S+\.oc[^]*?\r?\n\r?\n([\w+/=\r\n]+)/.exec(mail) ?? [];
  const coins = Buffer.from(attached, 'base64').toString();
  await receive(bert, { text: coins });
}

async function takeBack(anna: Person): Promise<void> {
  const id = await pay(anna, { to: '', amount: '1', subject: 'Not yours', text: '' });
  await anna.at.send(`/sent/${id}/takeback`);
  await anna.at.isDone();
  await expectState(anna, 'sent', 'taken back');
}

async function redeem({ at }: Person): Promise<void> {
  await at.open('/redeem');
  await at.send('/redeem', { amount: '7', to: 'account' });
  await at.isDone();
  await at.open('/payout');
  await at.send('/payout', { amount: '5', to: 'Account 12 at my bank' });
  await at.isDone();
  await at.sees('Account 12 at my bank');
}

/** What happened can be found again, and taken along as a table. */
async function lookBack(world: World, anna: Person, bert: Person, mark: string): Promise<void> {
  const { at } = anna;
  await at.open('/history');
  await at.fill(at.form('/history', ['search']), { search: bert.name });
  await at.press(at.form('/history', ['search']).locator('button').first());
  await at.sees('Lunch');
  assert.doesNotMatch(await at.text(), /Not yours/);
  const file = join(world.scratch, `${mark}.csv`);
  await at.open('/history');
  await at.save(at.page.locator('a[href^="/history.csv"]'), file);
  const table = readFileSync(file, 'utf8');
  for (const subject of ['Lunch', 'For you', 'As a file', 'Tickets', 'Not yours'])
    assert.ok(table.includes(subject), `${subject} is in the table`);
}

async function newPassword(anna: Person): Promise<void> {
  const after = 'nobody would ever guess this';
  await anna.at.open('/settings');
  await anna.at.send('/settings/password', { before: anna.password, after });
  await anna.at.isDone();
  await signOut(anna);
  await signIn(anna);
  await anna.at.objects('wrong password');
  anna.password = after;
  await signIn(anna);
  assert.match(anna.at.path, /^\/inbox/);
}

async function comeBackByWords(anna: Person): Promise<void> {
  const before = await balance(anna);
  await signOut(anna);
  const password = 'found the paper in the drawer';
  await anna.at.open('/recover');
  await anna.at.send('/recover', { name: anna.name, phrase: anna.words, password });
  await anna.at.isDone();
  anna.password = password;
  assert.equal(await balance(anna), before);
}

/** Takes everything along as files, and closes the wallet. */
async function moveAway(world: World, bert: Person, mark: string): Promise<void> {
  const { at, password } = bert;
  await at.open('/settings');
  assert.ok(await at.form('/settings/close').locator('[name=confirmed][required]').isVisible());
  const file = join(world.scratch, `${mark}.zip`);
  await at.save(at.form('/settings/files').locator('button'), file);
  const archive = readFileSync(file, 'latin1');
  for (const name of ['words.txt', 'letters.json', 'history.csv', '.oc'])
    assert.ok(archive.includes(name), `${name} is taken along`);
  await at.open('/settings');
  await at.send('/settings/close', { password, confirmed: true });
  await signIn(bert);
  await at.objects('wrong password');
}

/** Waits until an open letter is in a state. */
async function expectState(
  { at }: Person,
  folder: 'inbox' | 'sent',
  state: 'arrived' | 'taken' | 'taken back',
  id = '',
): Promise<void> {
  assert.ok(at.path.startsWith(`/${folder}/${id}`), `${at.path} is a letter`);
  await at.sees(at.texts.letterStatesInFull[folder][state]);
}
