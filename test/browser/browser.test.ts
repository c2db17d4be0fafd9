/** The hosted wallet through a real browser, as people use it; under its content security policy, and nothing complains. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { WITHOUT_CHROMIUM } from './chromium.ts';
import { inspect } from './inspect.ts';
import { scriptBytes } from './scripts-size.ts';
import { tour } from './tour.ts';
import { DESK, PHONE, WITHOUT_SCRIPTS } from './visitor.ts';
import { walkCamera } from './walk-camera.ts';
import { walkMoney } from './walk-money.ts';
import { walkPasskeys } from './walk-passkeys.ts';
import { walkScripts } from './walk-scripts.ts';
import { startWorld } from './world.ts';
import type { World } from './world.ts';

describe('in a browser', { skip: WITHOUT_CHROMIUM, concurrency: 2 }, () => {
  let world: World;

  before(async () => {
    world = await startWorld();
  });

  after(async () => {
    await world.end();
  });

  test('every way that money can go, at a desk', () => walkMoney(world, DESK, 'desk'));

  test('the same on a phone, in German', () => walkMoney(world, PHONE, 'phone'));

  test('the same without scripts', () => walkMoney(world, WITHOUT_SCRIPTS, 'plain'));

  test('passkeys: the way in, the second factor', () => walkPasskeys(world));

  test('coins from a screen to a camera', () => walkCamera(world));

  test('what scripts add', () => walkScripts(world));

  test('every page is accessible, in both sizes and colour schemes', () => tour(world, inspect));

  test('the scripts are small', async () => {
    const at = await world.visitor(DESK);
    await at.open('/');
    const bytes = await scriptBytes(at);
    assert.ok(bytes < 12_288, `${bytes} bytes`);
    await at.leave();
  });
});
