import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RefusalName } from '../../base/refusal.ts';
import type { Condition, Transfer, TransferInput } from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import type { Said } from '../documents/messages.ts';
import { holdingSealed } from '../documents/signed.ts';
import { openMemoryTitleStore } from '../../stores/title/memory.ts';
import {
  certificateOf,
  fresh,
  heldAfter,
  idOf,
  mustBe,
  openWorld,
  SERVER,
  sha256,
  signed,
  somebody,
  START,
  to,
  transferOf,
} from './world.test-helper.ts';
import type { Held, World } from './world.test-helper.ts';

const [anna, ben, carl] = [somebody('Anna'), somebody('Ben'), somebody('Carl')];
const people = [anna, ben, carl];
const shares = certificateOf([
  { denomination: 1, count: 20, holder: anna.publicKey },
  { denomination: 4, count: 5, holder: anna.publicKey },
]);
const id = idOf(shares);
const secret = new Uint8Array(32).fill(7);
const until = START + 1_000;
const condition: Condition = { hash: sha256(secret), until, fallback: carl.publicKey };

interface Scene {
  readonly world: World;
  /** Anna’s, of sequence 1. */
  readonly moved: Held;
  /** Ben’s, bound until `until`, when it is Carl’s. */
  readonly bound: Held;
}

/** A class; Anna’s title 1 has moved once, title 2 is Ben’s under a condition, titles 3 and 21 (4) are in the pool. */
async function openScene(): Promise<Scene> {
  const world = await openWorld();
  mustBe('response title class', await world.ask(shares));
  const [one, two, three, four] = [1, 2, 3, 21].map((serial) => fresh(id, serial, serial > 20 ? 4 : 1, anna));
  const transfer = transferOf([
    { title: one!, to: to(anna) },
    { title: two!, to: to(ben, condition) },
    { title: three!, to: to(SERVER) },
    { title: four!, to: to(SERVER) },
  ]);
  const request = signed(transfer, people);
  const receipt = mustBe('response title transfer', await world.ask(request));
  const [moved, bound] = heldAfter(request, receipt, [1, 1, 1, 4], people);
  return { world, moved: moved!, bound: bound! };
}

function withInput(transfer: Transfer, changed: Partial<TransferInput>): Transfer {
  const [first, ...others] = transfer.inputs;
  return { ...transfer, inputs: [{ ...first!, ...changed }, ...others] };
}

type Case = readonly [
  what: string,
  name: RefusalName,
  details: RegExp,
  ask: (scene: Scene) => Said<'request title transfer'>,
];

const old = fresh(id, 4, 1, anna);
const four = fresh(id, 22, 4, anna);
const give = (title: Held, changed: Partial<TransferInput> = {}): Said<'request title transfer'> =>
  signed(withInput(transferOf([{ title, to: to(ben) }]), changed), [...people, SERVER]);
const bind = (changed: Partial<Condition>): Said<'request title transfer'> =>
  signed(transferOf([{ title: old, to: to(ben, { ...condition, ...changed }) }]), people);
const pay = (
  given: readonly Held[],
  ...change: readonly (readonly [number, Transfer['change'][number]['to']])[]
): Said<'request title transfer'> =>
  signed(
    transferOf(
      given.map((title) => ({ title, to: to(SERVER) })),
      change.map(([denomination, destination]) => ({ denomination, to: destination })),
    ),
    people,
  );

const CASES: readonly Case[] = [
  ['a class that is none', 'unknown', /title_class/, () => give({ ...old, titleClass: sha256(id) })],
  ['a serial that was not issued', 'unknown', /inputs\[0\].serial/, () => give({ ...old, serial: 26 })],
  [
    'the same title twice',
    'malformed',
    /inputs\[1\].serial: 4 is there twice/,
    () => signed(transferOf([old, old].map((title) => ({ title, to: to(ben) }))), people),
  ],
  [
    'a seal that is none',
    'bad signature',
    /inputs\[0\].seal/,
    ({ moved }) => give(moved, { seal: new Uint8Array(16) }),
  ],
  [
    'a seal for another holder',
    'bad signature',
    /seal/,
    ({ moved }) => give(moved, { holder: ben.publicKey }),
  ],
  ['a seal for another sequence', 'bad signature', /seal/, ({ moved }) => give(moved, { sequence: 2 })],
  ['a seal for another title', 'bad signature', /seal/, ({ moved }) => give(moved, { serial: 4 })],
  [
    'a seal without its condition',
    'bad signature',
    /seal/,
    ({ bound }) => give(bound, { condition: undefined }),
  ],
  [
    'a seal with another condition',
    'bad signature',
    /seal/,
    ({ bound }) => give(bound, { condition: { ...condition, until: until - 1 }, secret }),
  ],
  [
    'a first holder that the class does not name',
    'bad signature',
    /seal/,
    () => give(old, { holder: ben.publicKey }),
  ],
  ['a first holder under a condition', 'bad signature', /seal/, () => give(old, { condition, secret })],
  [
    'a seal on what never moved',
    'bad signature',
    /seal/,
    () => give(old, { seal: new Uint8Array(16).fill(1) }),
  ],
  [
    'a proof that is not the last',
    'outdated proof',
    /sequence: 0, title 1 is at 1/,
    () => give({ ...old, serial: 1 }),
  ],
  ['a secret that nothing asks for', 'malformed', /secret/, () => give(old, { secret })],
  ['a bound title without the secret', 'not possible', /secret/, ({ bound }) => give(bound)],
  [
    'a bound title with another secret',
    'not possible',
    /secret/,
    ({ bound }) => give(bound, { secret: sha256(secret) }),
  ],
  [
    'a fallback that comes too early',
    'bad signature',
    /signatures\[0\]/,
    ({ bound }) => {
      const request = give(bound, { secret });
      const early = signed(request.transfer, people, until);
      return { ...request, signatures: early.signatures };
    },
  ],
  ['a condition that is over', 'not possible', /until: is over/, () => bind({ until: START })],
  [
    'a condition that lasts too long',
    'not possible',
    /ninety days/,
    () => bind({ until: START + TITLE_LIMITS.conditionLasts + 1 }),
  ],
  [
    'a condition that falls back to the pool',
    'not possible',
    /fallback/,
    () => bind({ fallback: SERVER.publicKey }),
  ],
  [
    'a condition on a title for the pool',
    'not possible',
    /to.condition/,
    () => signed(transferOf([{ title: old, to: to(SERVER, condition) }]), people),
  ],
  [
    'a condition on change that is over',
    'not possible',
    /change\[0\].to.condition.until/,
    () => pay([old], [1, to(ben, { ...condition, until: START })]),
  ],
  ['change for the pool', 'not possible', /change\[0\].to.holder/, () => pay([old], [1, to(SERVER)])],
  [
    'more change than there is for it',
    'unbalanced',
    /1 for the pool, 2 of change/,
    () => pay([old], [1, to(anna)], [1, to(anna)]),
  ],
  [
    'less change than there is for it',
    'unbalanced',
    /4 for the pool, 1 of change/,
    () => pay([four], [1, to(anna)]),
  ],
  [
    'change without anything for the pool',
    'unbalanced',
    /0 for the pool, 1 of change/,
    () => signed(transferOf([{ title: old, to: to(ben) }], [{ denomination: 1, to: to(anna) }]), people),
  ],
  [
    'a signature too few',
    'bad signature',
    /2 have to sign, 1 did/,
    ({ bound }) => {
      const both = signed(transferOf([old, bound].map((title) => ({ title, to: to(carl), secret }))), people);
      const inputs = both.transfer.inputs.map((input, at) =>
        at === 0 ? { ...input, secret: undefined } : input,
      );
      const request = signed({ ...both.transfer, inputs }, people);
      return { ...request, signatures: request.signatures.slice(0, 1) };
    },
  ],
  [
    'a signature too many',
    'bad signature',
    /1 have to sign, 2 did/,
    () => ({ ...give(old), signatures: [0, 0].map(() => give(old).signatures[0]!) }),
  ],
  [
    'somebody else’s signature',
    'bad signature',
    /signatures\[0\]/,
    () => ({ ...give(old), signatures: [new Uint8Array(64)] }),
  ],
  [
    'a signature over another transfer',
    'bad signature',
    /signatures\[0\]/,
    () => ({ ...give(old), signatures: give({ ...old, serial: 5 }).signatures }),
  ],
  [
    'change that the pool has not',
    'empty pool',
    /holds 1 of 1, 1 of 4/,
    () => pay([four], ...[1, 1, 1, 1].map(() => [1, to(anna)] as const)),
  ],
  [
    'change of a denomination that there is none of',
    'empty pool',
    /transfer.change/,
    () => pay([four], [3, to(anna)], [1, to(anna)]),
  ],
];

describe('a transfer', () => {
  for (const [what, name, details, ask] of CASES)
    it(`refuses ${what}, and nothing changes`, async () => {
      const scene = await openScene();
      const before = await scene.world.ask({ type: 'request title root', pages: [0] });
      const said = mustBe('response title refusal', await scene.world.ask(ask(scene)));
      assert.equal(said.name, name, said.details);
      assert.match(said.details, details);
      const isOutdated = name === 'outdated proof';
      assert.deepEqual([said.serial, said.sequence], isOutdated ? [1, 1] : [undefined, undefined]);
      assert.deepEqual(await scene.world.ask({ type: 'request title root', pages: [0] }), before);
    });

  it('is done where none of this is so', async () => {
    const { world, moved } = await openScene();
    mustBe('response title transfer', await world.ask(give(moved)));
    mustBe('response title transfer', await world.ask(give(old)));
    mustBe('response title transfer', await world.ask(bindOf(5, {})));
    mustBe(
      'response title transfer',
      await world.ask(bindOf(6, { until: START + TITLE_LIMITS.conditionLasts })),
    );
    mustBe('response title transfer', await world.ask(pay([four], [4, to(ben)])));
  });

  it('refuses the pool’s own titles, though the server’s key signed', async () => {
    const { world } = await openScene();
    const answer = mustBe(
      'response title',
      await world.ask({ type: 'request title', title_class: id, serial: 3 }),
    );
    const pooled: Held = { ...old, serial: 3, sequence: 1, holder: SERVER, seal: answer.proof!.seal };
    const refusal = mustBe('response title refusal', await world.ask(give(pooled)));
    assert.equal(refusal.name, 'not possible');
    assert.match(refusal.details, /comes out of it as change/);
  });

  it('is done wholly or not at all', async () => {
    const { world, moved } = await openScene();
    const stale = { ...old, serial: 1 };
    for (const titles of [
      [old, stale],
      [stale, old],
      [moved, old, { ...old, serial: 26 }],
    ]) {
      const transfer = transferOf(titles.map((title) => ({ title, to: to(ben) })));
      mustBe('response title refusal', await world.ask(signed(transfer, people)));
    }
    mustBe('response title transfer', await world.ask(give(old)));
    mustBe('response title transfer', await world.ask(give(moved)));
  });

  it('takes each signer once, in the order of the inputs', async () => {
    const { world, bound } = await openScene();
    const transfer = transferOf([
      { title: old, to: to(carl) },
      { title: bound, to: to(carl), secret },
      { title: fresh(id, 5, 1, anna), to: to(carl) },
    ]);
    const request = signed(transfer, people);
    assert.equal(request.signatures.length, 2);
    const swapped = { ...request, signatures: request.signatures.toReversed() };
    assert.equal(mustBe('response title refusal', await world.ask(swapped)).name, 'bad signature');
    mustBe('response title transfer', await world.ask(request));
  });

  it('moves a title until it has moved as often as it can, and none into the pool that could not leave it', async () => {
    const last = TITLE_LIMITS.sequence;
    for (const [sequence, destination, isDone] of [
      [last - 1, ben, true],
      [last, ben, false],
      [last - 2, SERVER, true],
      [last - 1, SERVER, false],
    ] as const) {
      const memory = openMemoryTitleStore();
      const world = await openWorld({ store: { ...memory, sequence: () => sequence } });
      mustBe('response title class', await world.ask(shares));
      const seal = world.parts.key.seal(sealedBytes(sequence));
      const title: Held = { ...old, sequence, seal };
      const answer = await world.ask(signed(transferOf([{ title, to: to(destination) }]), people));
      if (isDone) mustBe('response title transfer', answer);
      else {
        const refusal = mustBe('response title refusal', answer);
        assert.equal(refusal.name, 'not possible');
        assert.match(refusal.details, /as often as it can/);
      }
    }
  });
});

describe('a condition', () => {
  const claim = (bound: Held, changed: { readonly at: number; readonly secret?: Uint8Array }) =>
    signed(
      transferOf([{ title: bound, to: to(anna), ...(changed.secret && { secret: changed.secret }) }]),
      people,
      changed.at,
    );

  it('lets the holder pass the title on with the secret, up to the last millisecond before its time', async () => {
    const { world, bound } = await openScene();
    world.now = until - 1;
    mustBe('response title transfer', await world.ask(claim(bound, { at: world.now, secret })));
  });

  it('hands it to the fallback from the first millisecond of its time, without the secret', async () => {
    const { world, bound } = await openScene();
    world.now = until;
    const late = claim(bound, { at: until - 1, secret });
    assert.equal(mustBe('response title refusal', await world.ask(late)).name, 'bad signature');
    mustBe('response title transfer', await world.ask(claim(bound, { at: until })));
  });

  it('goes by the time of the group, and refuses what its time has overtaken', async () => {
    const { world, bound } = await openScene();
    world.now = until - 1;
    const request = claim(bound, { at: until - 1, secret });
    const { checker } = world.parts;
    const late = await openWorld({
      store: world.parts.store,
      checker: {
        check: async (checks) => {
          const verdicts = await checker.check(checks);
          late.now = until;
          return verdicts;
        },
      },
    });
    late.now = until - 1;
    assert.equal(mustBe('response title refusal', await late.ask(request)).name, 'expired');
  });

  it('never goes back in time, whatever the clock says', async () => {
    const { world, bound } = await openScene();
    world.now = until;
    mustBe('response title transfer', await world.ask(give(old)));
    world.now = START;
    const request = claim(bound, { at: START, secret });
    assert.equal(mustBe('response title refusal', await world.ask(request)).name, 'bad signature');
    mustBe('response title transfer', await world.ask(claim(bound, { at: until })));
  });
});

function bindOf(serial: number, changed: Partial<Condition>): Said<'request title transfer'> {
  const title = { ...old, serial };
  return signed(transferOf([{ title, to: to(ben, { ...condition, ...changed }) }]), people);
}

function sealedBytes(sequence: number): Uint8Array {
  return holdingSealed({
    title_class: id,
    serial: old.serial,
    sequence,
    holder: anna.publicKey,
    condition: undefined,
  });
}
