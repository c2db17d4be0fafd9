/** The hosted wallet through a real browser, as people use it; under its content security policy, and nothing complains. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { WITHOUT_CHROMIUM } from './chromium.ts';
import { inspect } from './inspect.ts';
import { scriptBytes } from './scripts-size.ts';
import { tour } from './tour.ts';
import { DESK, PHONE, WITHOUT_SCRIPTS } from './visitor.ts';
import type { Device, Visitor } from './visitor.ts';
import { walkCamera } from './walk-camera.ts';
import { walkMoney } from './walk-money.ts';
import { walkPasskeys } from './walk-passkeys.ts';
import { walkScripts } from './walk-scripts.ts';
import { walkTitles } from './walk-titles.ts';
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

  /** A walk whose failure says what its people saw last. */
  function walk(name: string, go: (people: World) => Promise<void>): void {
    test(name, async () => {
      const visitors: Visitor[] = [];
      const visitor = async (device: Device) => {
        const at = await world.visitor(device);
        visitors.push(at);
        return at;
      };
      try {
        await go({ ...world, visitor });
      } catch (error) {
        const seen = await Promise.all(visitors.map((at) => at.lastSeen()));
        throw new Error(seen.join('\n\n'), { cause: error });
      }
    });
  }

  walk('every way that money can go, at a desk', (people) => walkMoney(people, DESK, 'desk'));

  walk('the same on a phone, in German', (people) => walkMoney(people, PHONE, 'phone'));

  walk('the same without scripts', (people) => walkMoney(people, WITHOUT_SCRIPTS, 'plain'));

  walk('titles: issued, given by name and by address, verified', (people) =>
    walkTitles(people, DESK, 'desk'),
  );

  walk('passkeys: the way in, the second factor', walkPasskeys);

  walk('coins from a screen to a camera', walkCamera);

  walk('what scripts add', walkScripts);

  walk('every page is accessible, in both sizes and colour schemes', (people) => tour(people, inspect));

  walk('the scripts are small', async (people) => {
    const at = await people.visitor(DESK);
    await at.open('/');
    const bytes = await scriptBytes(at);
    assert.ok(bytes < 12_288, `${bytes} bytes`);
    await at.leave();
  });
});
