/** Coins from a screen to a camera: the codes that one page shows are the film that the other page's camera sees. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { balance, buy, pay, signUp } from './people.ts';
import { DESK, PHONE } from './visitor.ts';
import type { Visitor } from './visitor.ts';
import type { World } from './world.ts';

/** Pictures of a film for each code: Chromium plays thirty in a second. */
const PICTURES = 8;

export async function walkCamera(world: World): Promise<void> {
  const giver = await world.visitor(DESK);
  await giver.open('/signup');
  const ida = await signUp(giver, 'ida.shows');
  await buy(ida, 127);
  const id = await pay(ida, { to: '', amount: '127', subject: 'By camera', text: '' });
  await giver.open(`/sent/${id}/codes`);
  await animates(giver);
  writeFileSync(world.film, await film(giver));

  const phone = await world.visitor(PHONE);
  await phone.open('/signup');
  const jon = await signUp(phone, 'jon.scans');
  await phone.open('/receive');
  await scan(phone);
  await phone.send('/receive/take');
  await phone.isDone();
  assert.equal(await balance(jon), 127);

  await withoutCamera(phone);
  await Promise.all([giver.leave(), phone.leave()]);
}

/** One code at a time, in turn, until it is paused; who wants less motion starts it. */
async function animates({ page }: Visitor): Promise<void> {
  const frames = page.locator('[data-frame]');
  assert.ok((await frames.count()) > 1, 'the coins do not fit into one code');
  await frames.nth(0).waitFor({ state: 'hidden' });
  await frames.nth(0).waitFor({ state: 'visible' });
  assert.equal(await frames.filter({ visible: true }).count(), 1);
  const toggle = page.locator('[data-frames-toggle]');
  const [pause, play] = await toggle.evaluate((button: HTMLElement) => [
    button.dataset['pause'] ?? '',
    button.dataset['play'] ?? '',
  ]);
  assert.equal((await toggle.innerText()).trim(), pause);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.reload();
  await toggle.filter({ hasText: play }).waitFor();
}

/** The codes, which stand still now, one after the other. */
async function film({ page }: Visitor): Promise<Buffer> {
  const frames = page.locator('[data-frame]');
  const box = await frames.first().locator('svg').boundingBox();
  assert.ok(box !== null);
  // The camera gives pictures of this format only.
  const clip = { x: Math.floor(box.x) - 96, y: Math.floor(box.y) - 16, width: 640, height: 480 };
  const pictures: Buffer[] = [];
  for (let at = 0; at < (await frames.count()); at++) {
    await frames.evaluateAll((all, shown) => {
      for (const [index, frame] of all.entries()) (frame as HTMLElement).hidden = index !== shown;
    }, at);
    const picture = await page.screenshot({ type: 'jpeg', quality: 90, clip });
    for (let time = 0; time < PICTURES; time++) pictures.push(picture);
  }
  return Buffer.concat(pictures);
}

async function scan({ page }: Visitor): Promise<void> {
  await page.locator('[data-camera-start]').click();
  await page.waitForURL('**/receive/look');
  await page.locator('form[action="/receive/take"]').waitFor();
}

/** A camera can be stopped; where there is none, the page says what else helps. */
async function withoutCamera(at: Visitor): Promise<void> {
  const { page } = at;
  await at.open('/receive');
  const video = page.locator('[data-camera] video');
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
  });
  await page.locator('[data-camera-start]').click();
  await page.locator('[data-camera-status]', { hasText: at.texts.receive.cameraNone }).waitFor();
  assert.equal(await video.isVisible(), false);
  assert.equal(await page.locator('[data-camera-start]').isVisible(), true);
}
