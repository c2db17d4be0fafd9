/** The walk of two people with titles: issued to one, given to the other and back, and whose they are for whoever asks. */
import assert from 'node:assert/strict';
import { specie } from '../support/processes.ts';
import { inspect } from './inspect.ts';
import { signUp } from './people.ts';
import type { Person } from './people.ts';
import type { See } from './tour.ts';
import type { Device } from './visitor.ts';
import type { World } from './world.ts';

/** Pages that a machine has seen when it has seen another. */
const ALIKE: ReadonlySet<string> = new Set([
  'titles-none',
  'title-sent',
  'title-letter',
  'title-handover',
  'titles-verify',
]);

const look: See = async (name, at) => {
  if (!ALIKE.has(name)) await inspect(name, at);
};

/** `see` looks at each page; a machine does where nobody else does. */
export async function walkTitles(world: World, device: Device, mark: string, see: See = look): Promise<void> {
  const tina = await someone(world, device, `tina.${mark}`);
  const ulf = await someone(world, device, `ulf.${mark}`);
  await tina.at.open('/titles');
  await see('titles-none', tina.at);
  await issueTo(world, await addressOf(tina, see));
  await tina.at.open('/titles');
  await tina.at.send('/titles/check');
  await tina.at.isDone();
  await tina.at.sees('Demo shares');
  assert.equal(await held(tina), 18);
  await see('titles', tina.at);

  await give(tina, ulf, see);
  await payBack(ulf, tina, see);
  await verify(tina, see);
  await tina.at.open('/titles/servers');
  await see('title-servers', tina.at);
  await Promise.all([tina.at.leave(), ulf.at.leave()]);
}

async function someone(world: World, device: Device, name: string): Promise<Person> {
  const at = await world.visitor(device);
  await at.open('/signup');
  return signUp(at, name);
}

async function addressOf({ at }: Person, see: See): Promise<string> {
  await at.open('/titles/receive');
  await see('titles-receive', at);
  return at.page.locator('.copyable input').first().inputValue();
}

/** What the issuer does at a terminal. */
async function issueTo({ titles }: World, address: string): Promise<void> {
  const where = ['--key', titles.key, '--server', titles.url];
  const { status, stderr } = await specie([
    'title',
    'issue',
    ...where,
    'Demo shares',
    '1x3',
    '5x3',
    '--to',
    address,
  ]);
  assert.equal(status, 0, stderr);
}

async function held({ at }: Person): Promise<number> {
  const [text = '0'] = await at.page.locator('.purse h2 .amount').allInnerTexts();
  return Number(/\d+/.exec(text)?.[0]);
}

/** Two that are ticked go to a name; they are there when the other one looks. */
async function give(tina: Person, ulf: Person, see: See): Promise<void> {
  const { at } = tina;
  await at.press(at.page.locator('a[href^="/titles/give"]').first());
  await see('titles-give', at);
  const boxes = at.page.locator('input[name=titles]');
  await boxes.first().check();
  await boxes.last().check();
  await at.send('/titles/give', { to: ulf.name, subject: 'Your part', text: 'As we said' });
  await at.isDone();
  await see('title-sent', at);
  await ulf.at.open('/inbox');
  const letter = ulf.at.page.locator('#letters a[href^="/inbox/"]', { hasText: 'Your part' });
  await letter.waitFor();
  await ulf.at.press(letter);
  await see('title-letter', ulf.at);
  await ulf.at.open('/titles');
  assert.equal(await held(ulf), 6);
}

/** An amount with change out of the pool goes to an address; the other one takes the handover. */
async function payBack(ulf: Person, tina: Person, see: See): Promise<void> {
  const address = await addressOf(tina, async () => undefined);
  const { at } = ulf;
  await at.open('/titles/give');
  await at.fill(at.form('/titles/give'), { how: 'amount' });
  await at.send('/titles/give', { to: address, amount: '3', subject: '', text: '' });
  await at.isDone();
  await see('title-handover', at);
  const text = await at.page.locator('textarea#handover').inputValue();
  await at.open('/titles');
  assert.equal(await held(ulf), 3);
  await tina.at.open('/titles/receive');
  await tina.at.send('/titles/receive', { text });
  await tina.at.isDone();
  assert.equal(await held(tina), 15);
}

async function verify({ at }: Person, see: See): Promise<void> {
  await at.open('/titles/verify');
  await see('titles-verify', at);
  await at.send('/titles/verify', { serial: '1' });
  await at.sees(at.texts.verifyTitles.current);
  await see('titles-verified', at);
  await at.open('/titles/verify');
  await at.send('/titles/verify', { serial: '999999' });
  await at.objects('no such title');
}
