/** A box with a second place, killed at random while it is traded with: it always starts again, and nothing is lost. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { restoreCurrency } from '../src/apps/box/restore.ts';
import { amount } from '../src/base/amount.ts';
import { Refusal } from '../src/base/refusal.ts';
import { makeAgeIdentity } from '../src/stores/mint/snapshot.ts';
import type { Wallet } from '../src/wallet/wallet.ts';
import { until } from './support/processes.ts';
import { Issuer, available, closeLeft, keyFileOf, must, stand } from './restore.test-helper.ts';

const KILLS = 20;
/** Milliseconds from an operation that went through to the kill, at the most. */
const LATEST_KILL = 200;

const top = mkdtempSync(join(tmpdir(), 'sp-'));
after(async () => {
  await closeLeft();
  rmSync(top, { recursive: true });
});

/** Refusals that trade meets while the box is away. */
const EXPECTED: ReadonlySet<string> = new Set([
  'unreachable',
  'busy',
  'unpaid',
  'not enough',
  'already spent',
]);

test('a box killed at random with a second place always starts again, and nothing is lost', async () => {
  const { identity, recipient } = await makeAgeIdentity();
  const places = { box: join(top, 'box'), bank: join(top, 'bank'), second: join(top, 'second') };
  const standing = await stand(top, places.bank, recipient);
  const issuer = await Issuer.open(standing, places);
  const backup = await issuer.backUp();
  const wallets = [await issuer.wallet(), await issuer.wallet(), await issuer.wallet()];
  let done = 0;
  const over = new AbortController();
  const trading = wallets.map((wallet, index) =>
    trade(wallet, wallets[(index + 1) % wallets.length]!, issuer.id, over.signal, () => done++),
  );
  for (let kill = 0; kill < KILLS; kill++) {
    const before = done;
    // Every fourth hits a box that has hardly started.
    if (kill % 4 > 0) await until(() => done > before, 'trade does not go on');
    await pause(randomInt(LATEST_KILL));
    await issuer.killAndRestart();
  }
  over.abort();
  await Promise.all(trading);
  for (const wallet of [...wallets, ...wallets]) await wallet.resumeAll();
  const float = wallets.map(available).reduce((left, right) => left + right);
  assert.equal(await issuer.float(), float, 'the float is in the wallets');
  assert.equal(await issuer.sold(), float, 'the bank reconciles');
  assert.deepEqual((await issuer.audit()).faults, []);
  await issuer.close('SIGKILL');
  await restoredAgain();

  async function restoredAgain(): Promise<void> {
    const box = join(top, 'restored');
    const unlock = { keyFile: keyFileOf(standing) };
    const parts = { backup, identities: [identity], second: places.second, unlock, clock: Date.now };
    assert.ok(must(await restoreCurrency({ folder: box, ...parts })).replayed > KILLS);
    const again = await Issuer.open(standing, { ...places, box });
    assert.equal(await again.float(), float);
    for (const wallet of wallets) {
      const heir = await again.wallet();
      const all = available(wallet);
      must(await heir.receive(must(await wallet.send(again.id, amount(all), '')).stack));
      assert.equal(available(heir), all, 'every coin still renews');
    }
    await again.close();
  }
});

/** Buys and pays until it is over; stacks that could not be received at once are received in the end. `did` is told of what went through. */
async function trade(
  wallet: Wallet,
  other: Wallet,
  id: string,
  over: AbortSignal,
  did: () => void,
): Promise<void> {
  const count = async <Value>(operation: Promise<Value | Refusal>): Promise<Value | undefined> => {
    const outcome = await operation;
    if (!(outcome instanceof Refusal)) did();
    else assert.ok(EXPECTED.has(outcome.name), `${outcome.name}: ${outcome.details}`);
    return outcome instanceof Refusal ? undefined : outcome;
  };
  const stacks = [];
  while (!over.aborted) {
    await count(wallet.buy(id, amount(1 + randomInt(60)), { payTest: true }));
    const sent = await count(wallet.send(id, amount(1 + randomInt(20)), ''));
    if (sent !== undefined) stacks.push(sent.stack);
    const [first] = stacks;
    // One that was underway when the box was killed is taken up by itself: asked again, it was received before.
    if (first !== undefined && isSettled(await other.receive(first))) stacks.shift();
    await wallet.resumeAll();
  }
  for (const stack of stacks) assert.ok(isSettled(await other.receive(stack)));
}

function isSettled(received: unknown): boolean {
  return !(received instanceof Refusal) || received.name === 'already spent';
}
