import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOST_TIMES } from '../limits.ts';
import { Registry } from './registry.ts';
import type { Closable } from './registry.ts';
import { Turns } from '../turns.ts';

class Fake implements Closable {
  readonly news = { listeners: 0 };
  isBroken = false;
  isClosed = false;
  closing: Promise<void> = Promise.resolve();

  async close(): Promise<void> {
    await this.closing;
    this.isClosed = true;
  }
}

async function closeIdle(registry: Registry<Fake>): Promise<void> {
  await Promise.all(registry.idle().map((id) => registry.closeIdle(id)));
}

/** A registry whose clock stands still until it is moved, and what it was told of. */
function place(most = 100) {
  const clock = { now: 0 };
  const bugs: Error[] = [];
  const opened: string[] = [];
  const registry = new Registry<Fake>({
    clock: () => clock.now,
    turns: new Turns(),
    bug: (error) => bugs.push(error),
    most,
  });
  const open = async (id: string): Promise<Fake> => {
    const member = await registry.open(id, async () => {
      opened.push(id);
      return new Fake();
    });
    assert.ok(member !== undefined);
    return member;
  };
  return { registry, clock, bugs, opened, open };
}

function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return { passed: promise, open: () => resolve(undefined) };
}

describe('the registry of open members', () => {
  it('opens a member once, however many ask at once', async () => {
    const { open, opened, registry } = place();
    const [one, two, three] = await Promise.all([open('ada'), open('ada'), open('ben')]);
    assert.equal(one, two);
    assert.notEqual(one, three);
    assert.deepEqual(opened.sort(), ['ada', 'ben']);
    assert.equal(registry.use('ada'), one);
    assert.equal(registry.peek('ben'), three);
    assert.equal(registry.peek('eve'), undefined);
  });

  it('keeps nobody whose opening fails or gives none, and tries again', async () => {
    const { registry, open } = place();
    await assert.rejects(
      registry.open('ada', () => Promise.reject(new Error('damaged'))),
      /damaged/,
    );
    assert.equal(await registry.open('ada', async () => undefined), undefined);
    assert.equal(registry.peek('ada'), undefined);
    await open('ada');
  });

  it('closes whom nobody used for a while', async () => {
    const { registry, clock, open } = place();
    const [ada, ben, eve] = [await open('ada'), await open('ben'), await open('eve')];
    eve.news.listeners = 1;
    clock.now += HOST_TIMES.idle - 1;
    registry.use('ben');
    await closeIdle(registry);
    assert.ok(!ada.isClosed);
    clock.now += 1;
    await closeIdle(registry);
    assert.deepEqual([ada.isClosed, ben.isClosed, eve.isClosed], [true, false, false]);
    assert.equal(registry.use('ada'), undefined, 'nothing of it is held any more');
    eve.news.listeners = 0;
    await closeIdle(registry);
    assert.ok(eve.isClosed);
  });

  it('leaves open whom somebody uses just before it is closed', async () => {
    const { registry, clock, open } = place();
    const ada = await open('ada');
    clock.now += HOST_TIMES.idle;
    const closing = closeIdle(registry);
    assert.equal(registry.use('ada'), ada);
    await closing;
    assert.ok(!ada.isClosed);
    assert.equal(registry.peek('ada'), ada);
  });

  it('opens a member again only when it is closed', async () => {
    const { registry, open, opened } = place();
    const ada = await open('ada');
    const closed = gate();
    ada.closing = closed.passed;
    const forgetting = registry.forget('ada');
    const again = open('ada');
    const beside = await open('ben');
    assert.ok(beside instanceof Fake, 'others need not wait');
    assert.deepEqual(opened, ['ada', 'ben']);
    closed.open();
    await forgetting;
    assert.notEqual(await again, ada);
    assert.deepEqual(opened, ['ada', 'ben', 'ada']);
  });

  it('closes the longest unused where there would be too many, listened-to ones last', async () => {
    const { registry, clock, open } = place(2);
    const ada = await open('ada');
    ada.news.listeners = 1;
    clock.now++;
    const ben = await open('ben');
    clock.now++;
    const eve = await open('eve');
    assert.deepEqual([ada.isClosed, ben.isClosed, eve.isClosed], [false, true, false]);
    eve.news.listeners = 1;
    clock.now++;
    const joe = await open('joe');
    assert.deepEqual([ada.isClosed, eve.isClosed, joe.isClosed], [true, false, false]);
    assert.equal(registry.all().length, 2);
  });

  it('opens the broken afresh, and shows them to nobody', async () => {
    const { registry, open } = place();
    const ada = await open('ada');
    ada.isBroken = true;
    assert.equal(registry.peek('ada'), undefined);
    assert.equal(registry.use('ada'), undefined);
    const afresh = await open('ada');
    assert.ok(ada.isClosed);
    assert.notEqual(afresh, ada);
    afresh.isBroken = true;
    await closeIdle(registry);
    assert.ok(afresh.isClosed);
  });

  it('tells of a member that does not close, and goes on with the others', async () => {
    const { registry, open, bugs } = place();
    const [ada, ben] = [await open('ada'), await open('ben')];
    ada.closing = Promise.reject(new Error('the disk is full'));
    await registry.end();
    assert.ok(ben.isClosed);
    assert.deepEqual(
      bugs.map(({ message }) => message),
      ['the disk is full'],
    );
  });

  it('closes all in the end, those too that are being opened, and opens none any more', async () => {
    const { registry, open } = place();
    const ada = await open('ada');
    const isOpening = gate();
    const late = new Fake();
    const opening = registry.open('ben', async () => {
      await isOpening.passed;
      return late;
    });
    // Its turn has come.
    await new Promise((resolve) => setImmediate(resolve));
    const ending = registry.end();
    isOpening.open();
    await ending;
    assert.equal(await opening, late);
    assert.deepEqual([ada.isClosed, late.isClosed], [true, true]);
    await assert.rejects(open('eve'), /closed/);
    assert.equal(registry.all().length, 0);
  });
});

describe('turns', () => {
  it('come one after the other by name, and beside one another otherwise', async () => {
    const turns = new Turns();
    const seen: string[] = [];
    const first = gate();
    const job = (what: string, wait?: Promise<void>) => async () => {
      seen.push(`${what} begins`);
      await wait;
      seen.push(`${what} ends`);
    };
    const one = turns.run('ada', job('one', first.passed));
    const two = turns.run('ada', job('two'));
    await turns.run('ben', job('beside'));
    assert.deepEqual(seen, ['one begins', 'beside begins', 'beside ends']);
    first.open();
    await Promise.all([one, two]);
    assert.deepEqual(seen.slice(3), ['one ends', 'two begins', 'two ends']);
  });

  it('go on after one that fails, which is told to whoever asked', async () => {
    const turns = new Turns();
    const failing = turns.run('ada', () => Promise.reject(new Error('mine')));
    const next = turns.run('ada', async () => 'done');
    await assert.rejects(failing, /mine/);
    assert.equal(await next, 'done');
  });
});
