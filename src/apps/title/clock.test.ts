import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR, MINUTE } from '../../base/dates.ts';
import {
  START,
  certificateOf,
  fresh,
  heldAfter,
  idOf,
  mustBe,
  openWorld,
  sha256,
  signed,
  somebody,
  to,
  transferOf,
} from '../../title/server/world.test-helper.ts';
import type { World } from '../../title/server/world.test-helper.ts';
import { CLOCK_STEP, boxClock } from './clock.ts';
import type { TitleClockEvent } from './clock.ts';

/** A machine whose time can be set, and the clock of a box on it. */
function machine() {
  const at = { wall: START, uptime: 1_000 };
  const events: TitleClockEvent[] = [];
  const clock = boxClock({
    wall: () => at.wall,
    uptime: () => at.uptime,
    report: (event) => events.push(event),
  });
  const passes = (milliseconds: number) => {
    at.wall += milliseconds;
    at.uptime += milliseconds;
  };
  return { at, events, clock, passes };
}

describe('the clock of a title box', () => {
  it('goes with the machine’s, however long it runs or sleeps', () => {
    const { clock, passes, at, events } = machine();
    for (const milliseconds of [0, 1, HOUR, 400 * DAY]) {
      passes(milliseconds);
      assert.equal(clock.now(), at.wall);
      assert.equal(clock.obstacle(), undefined);
    }
    at.wall += CLOCK_STEP;
    assert.deepEqual([clock.now(), clock.obstacle(), events], [at.wall, undefined, []]);
  });

  for (const step of [CLOCK_STEP + 1, DAY, -CLOCK_STEP - 1, -DAY])
    it(`tells the time that it would be while the machine’s is off by ${step} ms, and lets nothing happen`, () => {
      const { clock, passes, at, events } = machine();
      passes(HOUR);
      at.wall += step;
      passes(MINUTE);
      assert.equal(clock.obstacle()?.name, 'busy');
      assert.equal(clock.now(), START + HOUR + MINUTE);
      at.wall -= step;
      assert.deepEqual([clock.now(), clock.obstacle()], [at.wall, undefined]);
      assert.deepEqual(events, [
        { event: 'title clock ran away', milliseconds: step },
        { event: 'title clock is back' },
      ]);
    });

  it('lets small steps be no more together than one', () => {
    const { clock, at } = machine();
    at.wall += CLOCK_STEP;
    assert.equal(clock.obstacle(), undefined);
    at.wall += 1;
    assert.equal(clock.obstacle()?.name, 'busy');
  });
});

describe('a title server whose machine’s time jumps', () => {
  const [seller, buyer, other] = [somebody('seller'), somebody('buyer'), somebody('other')];
  const people = [seller, buyer, other];
  const secret = new Uint8Array(32).fill(9);

  async function statedTime(world: World): Promise<number> {
    const answer = await world.ask({ type: 'request title root', pages: [] });
    return mustBe('response title root', answer).signed_root.statement.time;
  }

  it('lets no title fall back, makes nothing of that time, and goes on when it is set right', async () => {
    const { clock, at, passes } = machine();
    const world = await openWorld({ clock: clock.now, obstacle: clock.obstacle });
    const shares = certificateOf([{ denomination: 1, count: 9, holder: seller.publicKey }]);
    await world.ask(shares);
    const condition = { hash: sha256(secret), until: START + DAY, fallback: seller.publicKey };
    const own = (serial: number) => fresh(idOf(shares), serial, 1, seller);
    const bind = signed(transferOf([{ title: own(1), to: to(buyer, condition) }]), people);
    const receipt = mustBe('response title transfer', await world.ask(bind));
    const [bound] = heldAfter(bind, receipt, [1], people);
    assert.ok(bound !== undefined);
    at.wall += 10 * DAY;
    passes(MINUTE);
    const back = signed(transferOf([{ title: bound, to: to(seller) }]), people, at.wall);
    assert.equal(mustBe('response title refusal', await world.ask(back)).name, 'not possible');
    const give = signed(transferOf([{ title: own(2), to: to(other) }]), people);
    assert.equal(mustBe('response title refusal', await world.ask(give)).name, 'busy');
    const more = certificateOf([], { name: 'More' });
    assert.equal(mustBe('response title refusal', await world.ask(more)).name, 'busy');
    assert.equal(await statedTime(world), START + MINUTE);
    mustBe('response title transfer', await world.ask(bind));
    at.wall -= 10 * DAY;
    mustBe('response title transfer', await world.ask(give));
    const claim = signed(transferOf([{ title: bound, to: to(buyer), secret }]), people);
    mustBe('response title transfer', await world.ask(claim));
    assert.equal(await statedTime(world), at.wall);
    await world.server.close();
  });
});
