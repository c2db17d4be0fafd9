/** Kills programs with SIGKILL at random, each by itself, while a supervisor starts them again. */
import { connect } from 'node:net';
import type { NetConnectOpts } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { supervise } from '../../src/apps/supervisor/supervisor.ts';
import type { Program, Supervisor, SupervisorEvent } from '../../src/apps/supervisor/supervisor.ts';
import { Dice } from '../fuzz/dice.ts';
import { isGone } from '../support/parts.ts';

export interface KillerOptions {
  readonly seed: number;
  /** How many kills there are in all. */
  readonly kills: number;
  /** Errands that a kill is to meet, as each program is to be killed: while one is missing, up to twice as many are killed. */
  readonly meets: readonly Errand[];
  /** A program that serves is killed within so many operations that come to something: so that trade goes on. */
  readonly liveWithin: number;
}

/**
 * What a kill may be aimed at: a receipt on its way, between a redemption's request and the bank's word that it is credited;
 * a payment on its way, between a person's wish and the host's answer; a second round on its way: blinds whose first round a
 * box that dies has forgotten; a transfer of titles on its way, between its first datagram and the answer.
 */
export type Errand = (typeof ERRANDS)[number];
const ERRANDS = ['receipt', 'payment', 'second round', 'transfer'] as const;
const NONE: Readonly<Record<Errand, number>> = { receipt: 0, payment: 0, 'second round': 0, transfer: 0 };

/** What was killed. */
export interface Kills {
  readonly byProgram: ReadonlyMap<string, number>;
  /** How many met such an errand on its way, whatever they were aimed at. */
  readonly during: Readonly<Record<Errand, number>>;
}

/** Real supervision waits longer after each death; here a thousand deaths are no reason to give up trade. */
const PAUSES = { first: 20, most: 200, forgetAfter: 60_000 };
/** One kill of so many comes while the program starts, within so many milliseconds; the others while it serves. */
const EARLY = 4;
const EARLY_WITHIN = 600;
/** Of the others one of so many waits until what it is aimed at is on its way. */
const AIMED = 2;
/** What each program is killed at; one that is not here is killed at any time. */
const AIMS: Readonly<Record<string, readonly Errand[]>> = {
  box: ['receipt', 'payment', 'second round'],
  bank: ['receipt'],
  wallets: ['payment'],
  titles: ['transfer'],
  front: ['transfer'],
};
/** Milliseconds within which a kill comes. */
const STRIKE_WITHIN = 30;
/** Times the kills that are wanted. */
const AT_MOST_TIMES = 2;
/** Milliseconds between two looks whether a program serves. */
const LOOK_PACE = 25;

/** Runs the programs and kills them. */
export class Killer {
  readonly supervisor: Supervisor;
  /** What the programs wrote on standard error. */
  readonly lines: string[] = [];
  readonly #addresses: ReadonlyMap<string, NetConnectOpts>;
  readonly #options: KillerOptions;
  readonly #dice: Dice;
  readonly #done = Promise.withResolvers<undefined>();
  readonly #kills = new Map<string, number>();
  readonly #killed = new Set<number>();
  /** The count of operations at which a program that serves is to die. */
  readonly #until = new Map<string, number>();
  /** Programs that die when the next errand of a kind is on its way. */
  readonly #due = new Map<string, Errand>();
  readonly #underway: Record<Errand, number> = { ...NONE };
  readonly #during: Record<Errand, number> = { ...NONE };
  /** Errands that were ever on their way: a kill is aimed at no other. */
  readonly #seen = new Set<Errand>();
  #operations = 0;
  #total = 0;
  #hunts = false;

  /** `addresses`: where each program listens, by its name. */
  constructor(
    programs: readonly Program[],
    addresses: ReadonlyMap<string, NetConnectOpts>,
    options: KillerOptions,
  ) {
    this.#addresses = addresses;
    this.#options = options;
    this.#dice = new Dice(options.seed);
    this.supervisor = supervise(programs, {
      pauses: PAUSES,
      report: (event) => this.#heard(event),
      errors: (line) => void this.lines.push(line),
    });
  }

  /** Kills until there were enough. */
  async hunt(): Promise<void> {
    this.#hunts = true;
    for (const program of this.supervisor.pids().keys()) void this.#follow(program);
    await this.#done.promise;
  }

  get isOver(): boolean {
    const { kills, meets } = this.#options;
    const isMissing =
      meets.some((errand) => this.#during[errand] === 0) ||
      [...this.#addresses.keys()].some((program) => !this.#kills.has(program));
    return this.#total >= (isMissing ? AT_MOST_TIMES * kills : kills);
  }

  get kills(): Kills {
    return { byProgram: this.#kills, during: this.#during };
  }

  /** An operation has come to something. */
  progress(): void {
    this.#operations++;
    for (const [program, until] of this.#until) {
      if (until > this.#operations) continue;
      this.#until.delete(program);
      const aims = (AIMS[program] ?? []).filter((errand) => this.#seen.has(errand));
      const isAimed = aims.length > 0 && this.#dice.below(AIMED) === 0;
      if (isAimed) this.#due.set(program, this.#dice.pick(aims));
      else void this.#strike(program, this.#dice.below(STRIKE_WITHIN));
    }
  }

  /** Watches an errand, and kills meanwhile what is due to be killed at one. */
  async during<Value>(errand: Errand, work: Promise<Value>): Promise<Value> {
    this.#underway[errand]++;
    this.#seen.add(errand);
    for (const [program, aim] of this.#due) {
      if (aim !== errand) continue;
      this.#due.delete(program);
      void this.#strike(program, this.#dice.below(STRIKE_WITHIN));
    }
    try {
      return await work;
    } finally {
      this.#underway[errand]--;
    }
  }

  #heard(event: SupervisorEvent): void {
    if (event.event !== 'program started') return;
    this.#due.delete(event.program);
    this.#until.delete(event.program);
    if (this.#hunts) void this.#follow(event.program);
  }

  /** Decides when a program dies that has just started. */
  async #follow(program: string): Promise<void> {
    if (this.#dice.below(EARLY) === 0) return this.#strike(program, this.#dice.below(EARLY_WITHIN));
    const pid = this.supervisor.pids().get(program);
    const lives = () => !this.isOver && this.supervisor.pids().get(program) === pid;
    while (lives() && !(await this.#serves(program))) await pause(LOOK_PACE);
    if (lives()) this.#until.set(program, this.#operations + this.#dice.below(this.#options.liveWithin));
  }

  async #strike(program: string, milliseconds: number): Promise<void> {
    const pid = this.supervisor.pids().get(program);
    await pause(milliseconds);
    if (this.isOver || pid === undefined || this.supervisor.pids().get(program) !== pid) return;
    // Another kill may have come before this one, or it has just ended by itself.
    if (this.#killed.has(pid) || isGone(pid)) return;
    this.#killed.add(pid);
    process.kill(pid, 'SIGKILL');
    this.#count(program);
  }

  #serves(program: string): Promise<boolean> {
    const address = this.#addresses.get(program);
    if (address === undefined) throw new Error(`nobody said where the ${program} listens`);
    return new Promise((resolve) => {
      const socket = connect(address);
      const settle = (serves: boolean) => {
        socket.destroy();
        resolve(serves);
      };
      socket.once('connect', () => settle(true)).once('error', () => settle(false));
    });
  }

  #count(program: string): void {
    this.#kills.set(program, (this.#kills.get(program) ?? 0) + 1);
    for (const errand of ERRANDS) if (this.#underway[errand] > 0) this.#during[errand]++;
    this.#total++;
    if (this.isOver) this.#done.resolve(undefined);
  }
}
