/** For tests only: what a host is put together from, all in memory, and faults of its store to plant. */
import assert from 'node:assert/strict';
import { sameBytes } from '../base/bytes.ts';
import type { Instant } from '../base/dates.ts';
import { refuse } from '../base/refusal.ts';
import { verifyEd25519 } from '../signers/ed25519.ts';
import { memberSecrets } from '../signers/member-secrets.ts';
import { openMemoryHostStore } from '../stores/host/memory.test-helper.ts';
import { openMemoryWalletStore } from '../stores/wallet/memory.ts';
import type { Messenger, WalletStore } from '../wallet/ports.ts';
import { NOON } from '../wallet/issuer.test-helper.ts';
import { seeded } from '../wallet/testing.test-helper.ts';
import type { HostContext } from './context.ts';
import { Objection } from './objections.ts';
import type { ObjectionName } from './objections.ts';
import type { OpenMember } from './open-member.ts';
import type { HostParts, HostStore, Secrets, Wallets } from './ports.ts';
import { Transits } from './letters/transits.ts';
import { Turns } from './turns.ts';

export const PASSWORD = 'correct horse battery';
export const OTHER_PASSWORD = 'staple of another kind';

/** Guessing is cheap here, so that tests are quick. */
export const cheapSecrets: Secrets = memberSecrets({ memory: 32, passes: 1 });

/** What must not be objected to. */
export function agreed<Value>(value: Value): Exclude<Value, Objection> {
  assert.ok(
    !(value instanceof Objection),
    value instanceof Objection ? `${value.name}: ${value.details}` : '',
  );
  return value as Exclude<Value, Objection>;
}

/** That it was objected to, and by this name. */
export function assertObjected(value: unknown, name: ObjectionName): void {
  assert.ok(value instanceof Objection, 'this is objected to');
  assert.equal(value.name, name);
}

/** Wallets in memory: each opens under its first key only, and once at a time, as on a disk. */
export class MemoryWallets implements Wallets {
  readonly files = new Map<string, { readonly key: Uint8Array; readonly store: WalletStore }>();
  readonly held = new Set<string>();

  open(member: string, key: Uint8Array): ReturnType<Wallets['open']> {
    const file = this.files.get(member) ?? { key: Uint8Array.from(key), store: openMemoryWalletStore() };
    if (!sameBytes(file.key, key)) return refuse('unauthorised', 'sealed with another key');
    if (this.held.has(member)) return refuse('busy', 'the wallet is open');
    this.files.set(member, file);
    this.held.add(member);
    return {
      ...file.store,
      close: async () => {
        this.held.delete(member);
      },
    };
  }

  async remove(member: string): Promise<void> {
    this.files.delete(member);
  }
}

/** Thrown by a planted fault: as if the program had been killed there. */
export class Killed extends Error {}

/** Which call of the store kills: the n-th that writes (from 0), before it took effect or after. */
export interface Kill {
  readonly call: number;
  readonly when: 'before' | 'after';
}

const READS = new Set<PropertyKey>([
  'member',
  'memberNamed',
  'memberWith',
  'members',
  'session',
  'sessionsOf',
  'letter',
  'letters',
  'countLetters',
  'drop',
  'invoice',
  'invoicesOf',
  'titleAddresses',
  'close',
]);

/** A store that kills at a call, and goes on killing: a program that is dead does nothing more. `met` tells whether it did. */
export function killingStore(
  store: HostStore,
  kill: Kill,
): { readonly store: HostStore; met: () => boolean } {
  let writes = 0;
  let isDead = false;
  const call = async (name: PropertyKey, run: () => Promise<unknown>): Promise<unknown> => {
    if (isDead) throw new Killed();
    if (READS.has(name)) return run();
    const isHere = writes++ === kill.call;
    isDead = isHere;
    if (isHere && kill.when === 'before') throw new Killed();
    const result = await run();
    if (isHere) throw new Killed();
    return result;
  };
  const wrapped = new Proxy(store, {
    get: (target, name, receiver) => {
      const method = Reflect.get(target, name, receiver) as (...given: unknown[]) => Promise<unknown>;
      return (...given: unknown[]) => call(name, () => method.apply(target, given));
    },
  });
  return { store: wrapped, met: () => isDead };
}

/** The parts of a host that outlive its program. */
export class TestPlace {
  now: Instant = NOON;
  readonly store = openMemoryHostStore();
  readonly wallets = new MemoryWallets();
  readonly bugs: Error[] = [];
  readonly #randomness: (length: number) => Uint8Array;
  readonly messenger: Messenger;
  readonly #currencies: readonly string[];

  constructor(seed: string, messenger: Messenger = NOBODY, currencies: readonly string[] = []) {
    this.#randomness = seeded(seed);
    this.messenger = messenger;
    this.#currencies = currencies;
  }

  parts(changed: Partial<HostParts> = {}): HostParts {
    return {
      store: this.store,
      wallets: this.wallets,
      secrets: cheapSecrets,
      postman: {
        send: async () => refuse('unreachable', 'no postman here'),
        forget: async () => undefined,
      },
      handover: {
        write: (stack) => JSON.stringify(stack),
        read: () => refuse('malformed', 'nothing is read here'),
      },
      messenger: this.messenger,
      clock: () => this.now,
      randomness: this.#randomness,
      verifyEd25519,
      url: 'http://host.test/',
      currencies: this.#currencies,
      bug: (error) => void this.bugs.push(error),
      ...changed,
    };
  }

  /** A context in which nobody is open. */
  context(changed: Partial<HostParts> = {}): HostContext {
    const parts = this.parts(changed);
    const openNow = (): OpenMember | undefined => undefined;
    return {
      parts,
      turns: new Turns(),
      transits: new Transits({ parts, openNow }),
      openNow,
      forget: () => Promise.resolve(),
    };
  }

  /** What a thief has who took the store: all of a member's rows and sessions, as text. */
  async stolen(member: string): Promise<string> {
    const rows = [
      await this.store.member(member),
      await this.store.sessionsOf(member),
      await this.store.letters(member),
    ];
    return JSON.stringify(rows);
  }
}

const NOBODY: Messenger = {
  exchange: async () => refuse('unreachable', 'nobody is there'),
  describe: async () => refuse('unreachable', 'nobody is there'),
};
