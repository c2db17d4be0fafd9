/** What scripts add: news without loading, the clipboard, dragging, printing. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buy, linkOf, pay, signUp } from './people.ts';
import type { Person } from './people.ts';
import { DESK } from './visitor.ts';
import type { World } from './world.ts';

export async function walkScripts(world: World): Promise<void> {
  const kim = await someone(world, 'kim.sends');
  const lea = await someone(world, 'lea.looks');
  await buy(kim, 60);
  await newsInAllTabs(kim, lea);
  await newsWhileTyping(kim, lea);
  const id = await copy(kim);
  await prints(kim, id);
  await drop(world, kim, lea, id);
  await paste(kim, lea);
  await Promise.all([kim.at.leave(), lea.at.leave()]);
}

async function someone(world: World, name: string): Promise<Person> {
  const at = await world.visitor(DESK);
  await at.open('/signup');
  return signUp(at, name);
}

/** All tabs of a browser share one stream; when the one that listens is closed, another goes on. */
async function newsInAllTabs(kim: Person, lea: Person): Promise<void> {
  const { at } = lea;
  await at.open('/inbox');
  const second = await at.tab();
  await second.open('/inbox');
  await pay(kim, { to: lea.name, amount: '1', subject: 'To all tabs', text: '' });
  for (const tab of [at, second]) await tab.page.locator('#letters', { hasText: 'To all tabs' }).waitFor();
  const third = await at.tab();
  await third.open('/inbox');
  await second.page.close();
  await at.open('/receive');
  await pay(kim, { to: lea.name, amount: '1', subject: 'To who is left', text: '' });
  await third.page.locator('#letters', { hasText: 'To who is left' }).waitFor();
  await third.page.close();
}

/** News come while somebody writes: they are told, and what was written stays. */
async function newsWhileTyping(kim: Person, lea: Person): Promise<void> {
  const { page } = lea.at;
  await lea.at.open('/compose');
  const before = await page.locator('#available').innerText();
  const stays = await lea.at.stays();
  await page.locator('[name=to]').fill('somebody');
  await page.locator('[name=text]').fill('Half a senten');
  await pay(kim, { to: lea.name, amount: '2', subject: 'In between', text: '' });
  await page.locator('[data-news]', { hasText: kim.name }).waitFor();
  await page.locator('#available', { hasNotText: before }).waitFor();
  assert.equal(await page.locator('[name=text]').inputValue(), 'Half a senten');
  assert.equal(await page.locator('[name=to]').inputValue(), 'somebody');
  await stays();
}

async function copy(kim: Person): Promise<string> {
  const { page, context, texts } = kim.at;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const id = await pay(kim, { to: '', amount: '3', subject: 'To copy', text: '' });
  await page.locator('[data-copy="#link"]').click();
  await page.locator('[data-news]', { hasText: texts.common.copied }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await linkOf(kim));
  return id;
}

async function prints({ at }: Person, id: string): Promise<void> {
  const { page } = at;
  await at.open(`/sent/${id}/note`);
  await page.evaluate(() => {
    window.print = () => document.documentElement.setAttribute('data-printed', '');
  });
  await page.locator('[data-print]').click();
  await page.locator('html[data-printed]').waitFor();
}

/** A file that is dragged onto the receive page is looked at; nothing happens before its button is pressed. */
async function drop(world: World, kim: Person, lea: Person, id: string): Promise<void> {
  const file = join(world.scratch, 'dropped.oc');
  await kim.at.open(`/sent/${id}`);
  await kim.at.save(kim.at.page.locator('a[href$="/coins.oc"]'), file);
  const { page } = lea.at;
  await lea.at.open('/receive');
  const dataTransfer = await page.evaluateHandle(
    (text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], 'coins.oc'));
      return data;
    },
    readFileSync(file, 'utf8'),
  );
  await page.dispatchEvent('[data-drop]', 'dragover', { dataTransfer });
  assert.equal(await page.locator('[data-drop].over').count(), 1, 'the page shows where to drop it');
  await lea.at.going(() => page.dispatchEvent('[data-drop]', 'drop', { dataTransfer }));
  await lea.at.send('/receive/take');
  await lea.at.isDone();
}

async function paste(kim: Person, lea: Person): Promise<void> {
  await pay(kim, { to: '', amount: '4', subject: 'To paste', text: '' });
  const link = await linkOf(kim);
  const { page, context } = lea.at;
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await lea.at.open('/receive');
  await page.evaluate((text) => navigator.clipboard.writeText(text), link);
  await page.locator('h1').click();
  await lea.at.going(() => page.keyboard.press('ControlOrMeta+v'));
  await lea.at.send('/receive/take');
  await lea.at.isDone();
}
