/** A title server's random life: classes that grow, titles given, paid with change, pooled, bound and claimed. */
import { bytesToHex } from '../../base/bytes.ts';
import type { Condition, TitleRange, Transfer } from '../documents/documents.ts';
import type { Said } from '../documents/messages.ts';
import {
  SERVER,
  START,
  certificateOf,
  fresh,
  heldAfter,
  idOf,
  sha256,
  signed,
  somebody,
  to,
  transferOf,
} from '../server/world.test-helper.ts';
import type { Held, World } from '../server/world.test-helper.ts';

/** Pseudo-random choices, as test/fuzz/dice.ts makes them. */
export interface Choices {
  below(sides: number): number;
  pick<Item>(from: readonly Item[]): Item;
}

const PEOPLE = [...['alice', 'bob', 'carol'].map(somebody), SERVER];
const SECRET = sha256(Uint8Array.of(1));
const NAMES = ['Shares', 'Seats'];

export interface Life {
  /** Titles that are not in the pool, by class and serial. */
  readonly held: Map<string, Held>;
  /** Every request that was made and taken, the newest last. */
  readonly asked: (Said<'request title transfer'> | Said<'request title class'>)[];
  /** Does something at random. False where the server refused it. */
  step(): Promise<boolean>;
  /** A transfer that the server would take, and that nobody has asked for; undefined where nobody holds anything. */
  offer(): Said<'request title transfer'> | undefined;
}

/** Begins a life in a world. */
export function beginLife(world: World, dice: Choices): Life {
  const versions = new Map<string, readonly TitleRange[]>();
  const held = new Map<string, Held>();
  const asked: Life['asked'] = [];
  const keyOf = ({ titleClass, serial }: Pick<Held, 'titleClass' | 'serial'>) =>
    `${bytesToHex(titleClass)} ${serial}`;

  async function issue(): Promise<boolean> {
    const name = dice.pick(NAMES);
    const before = versions.get(name) ?? [];
    const holder = dice.pick(PEOPLE.slice(0, 3));
    const range = {
      denomination: dice.pick([1, 2, 4]),
      count: 1 + dice.below(dice.below(8) === 0 ? 1_500 : 6),
      holder: holder.publicKey,
    };
    const ranges = [...before, range];
    const request = certificateOf(ranges, { name, version: before.length + 1 });
    if ((await world.ask(request)).type !== 'response title class') return false;
    versions.set(name, ranges);
    asked.push(request);
    const first = before.reduce((sum, { count }) => sum + count, 1);
    for (let serial = first; serial < first + Math.min(range.count, 8); serial++) {
      const title = fresh(idOf(request), serial, range.denomination, holder);
      held.set(keyOf(title), title);
    }
    return true;
  }

  /** What somebody could ask for: titles of one class, given or paid with. */
  function wish():
    { readonly chosen: readonly Held[]; readonly request: Said<'request title transfer'> } | undefined {
    const titles = [...held.values()];
    if (titles.length === 0) return undefined;
    const first = dice.pick(titles);
    const id = bytesToHex(first.titleClass);
    const others = titles.filter((each) => each !== first && bytesToHex(each.titleClass) === id);
    const chosen = [first, ...others.slice(0, dice.below(3))];
    const isPaying = dice.below(3) === 0;
    const given = chosen.map((title, at) => ({
      title,
      to: isPaying && at === 0 ? to(SERVER) : to(dice.pick(PEOPLE.slice(0, 3)), conditionAt(world.now)),
      ...(title.condition !== undefined && world.now < title.condition.until ? { secret: SECRET } : {}),
    }));
    const ones = Array.from({ length: first.denomination }, () => ({
      denomination: 1,
      to: to(dice.pick(PEOPLE.slice(0, 3))),
    }));
    const change: Transfer['change'] = isPaying && dice.below(3) > 0 ? ones : [];
    return { chosen, request: signed(transferOf(given, change), PEOPLE, world.now) };
  }

  async function transfer(): Promise<boolean> {
    const wished = wish();
    if (wished === undefined) return issue();
    const { chosen, request } = wished;
    const answer = await world.ask(request);
    // Somebody may have asked for what was offered.
    if (answer.type === 'response title refusal' && answer.name === 'outdated proof')
      for (const title of chosen) held.delete(keyOf(title));
    if (answer.type !== 'response title transfer') return false;
    asked.push(request);
    for (const title of chosen) held.delete(keyOf(title));
    const { type: _, ...receipt } = answer;
    const denominations = chosen.map(({ denomination }) => denomination);
    for (const title of heldAfter(request, receipt, denominations, PEOPLE))
      if (title.holder !== SERVER) held.set(keyOf(title), title);
    return true;
  }

  function conditionAt(now: number): Condition | undefined {
    if (dice.below(5) > 0) return undefined;
    return {
      hash: sha256(SECRET),
      until: now + 1 + dice.below(5_000),
      fallback: dice.pick(PEOPLE.slice(0, 3)).publicKey,
    };
  }

  return {
    held,
    asked,
    offer: () => wish()?.request,
    step: async () => {
      world.now = Math.max(START, world.now) + dice.below(1_000);
      return dice.below(8) === 0 || held.size === 0 ? issue() : transfer();
    },
  };
}
