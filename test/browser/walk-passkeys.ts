/** The walk with a passkey: as the way in, as the second factor, and gone. */
import assert from 'node:assert/strict';
import { inspect } from './inspect.ts';
import { buy, linkOf, pay, signIn, signOut, signUp } from './people.ts';
import type { Person } from './people.ts';
import { DESK } from './visitor.ts';
import type { Visitor } from './visitor.ts';
import type { World } from './world.ts';

export async function walkPasskeys(world: World): Promise<void> {
  const at = await world.visitor(DESK);
  await addAuthenticator(at);
  await at.open('/signup');
  const eve = await signUp(at, 'eve.keys');
  await register(eve);
  await inspect('settings with a passkey', at);
  await signOut(eve);
  await takeTheOffer(at);
  await signOut(eve);
  await withoutOffers(at);
  await signInByPasskey(at);
  await carryCoinsIn(world, eve);
  await secondFactor(world, eve);
  await remove(eve);
  await at.leave();
}

/** A device of the browser's own that knows who holds it, and gives a secret for each host. */
async function addAuthenticator(at: Visitor): Promise<void> {
  const devtools = await at.context.newCDPSession(at.page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

async function register({ at, password }: Person): Promise<void> {
  await at.open('/settings');
  const form = at.page.locator('form', { has: at.page.locator('[data-passkey=register]') });
  await at.fill(form, { name: 'This laptop', password: 'not the password at all' });
  await form.locator('[data-passkey-start]').click();
  await at.page
    .locator('[data-passkey=register] [data-passkey-status]', {
      hasText: at.texts.objections['wrong password'],
    })
    .waitFor();
  await at.fill(form, { name: 'This laptop', password });
  await at.going(() => form.locator('[data-passkey-start]').click());
  await at.isDone();
  await at.sees('This laptop');
}

/** The browser offers the passkey where the name would be typed, and the person takes it. */
async function takeTheOffer(at: Visitor): Promise<void> {
  await at.open('/signin');
  await at.page.waitForURL('**/inbox*');
}

/** Makes it a browser that offers nothing by itself. */
async function withoutOffers({ page }: Visitor): Promise<void> {
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });
}

/** There the person presses the button. */
async function signInByPasskey(at: Visitor): Promise<void> {
  await at.open('/signin');
  await pressPasskey(at);
  assert.match(at.path, /^\/inbox/, 'nothing was typed');
}

async function pressPasskey(at: Visitor): Promise<void> {
  await at.going(() => at.page.locator('[data-passkey=signin] [data-passkey-start]').click());
}

/** Coins that somebody comes with are not lost at the door. */
async function carryCoinsIn(world: World, eve: Person): Promise<void> {
  const giver = await world.visitor(DESK);
  await giver.open('/signup');
  const gina = await signUp(giver, 'gina.gives');
  await buy(gina, 8);
  await pay(gina, { to: '', amount: '8', subject: 'Carried in', text: '' });
  const link = await linkOf(gina);
  await signOut(eve);
  await eve.at.open(link);
  await eve.at.page.waitForURL('**/receive/look');
  await pressPasskey(eve.at);
  await eve.at.send('/receive/take');
  await eve.at.isDone();
  await eve.at.sees('Carried in');
  await giver.leave();
}

/** The password alone opens nothing; with the passkey it does; without it the twelve words do. */
async function secondFactor(world: World, eve: Person): Promise<void> {
  const { at, password } = eve;
  await at.open('/settings');
  await at.send('/settings/second-factor', { password });
  await at.isDone();
  await signOut(eve);
  await signIn(eve);
  await at.open('/purse');
  assert.equal(await at.page.locator('.purse').count(), 0, 'the purse stays closed');
  await at.open('/signin/passkey');
  await inspect('second factor', at);
  await at.going(() => at.page.locator('[data-passkey=second] [data-passkey-start]').click());
  await at.open('/purse');
  await at.sees('8');

  const elsewhere = { ...eve, at: await world.visitor(DESK) };
  await signIn(elsewhere);
  await elsewhere.at.page.locator('[data-passkey=second] [data-passkey-start]').click();
  await elsewhere.at.page.locator('[data-passkey-status]', { hasText: /\S/ }).waitFor();
  await elsewhere.at.open('/recover');
  await elsewhere.at.send('/recover', { name: eve.name, phrase: eve.words, password });
  await elsewhere.at.isDone();
  await signOut(elsewhere);
  await signIn(elsewhere);
  assert.match(elsewhere.at.path, /^\/inbox/, 'the words have ended the second factor');
  await elsewhere.at.leave();
}

/** The words have removed all passkeys; a new one goes as it came. */
async function remove(eve: Person): Promise<void> {
  const { at, password } = eve;
  await at.open('/inbox');
  assert.equal(await at.page.locator('#letters').count(), 0, 'this browser was signed out by the words');
  await signIn(eve);
  await at.open('/settings');
  await at.sees(at.texts.settings.noPasskeys);
  await register(eve);
  await at.send('/settings/passkeys', { password });
  await at.isDone();
  await at.sees(at.texts.settings.noPasskeys);
}
