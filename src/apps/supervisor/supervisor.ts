import type { Clock } from '../../base/ports.ts';
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import { asDetails } from './last-words.ts';
import { PAUSES, pauseAfter } from './pauses.ts';
import type { Pauses } from './pauses.ts';
import { run } from './run.ts';
import type { Program, Run, RunEnd } from './run.ts';

export type { Program } from './run.ts';

/** What a supervisor reports: names of programs and how they ended, nothing that they said. */
export type SupervisorEvent =
  | { readonly event: 'program started'; readonly program: string }
  | {
      readonly event: 'program ended';
      readonly program: string;
      /** The exit status; null when a signal ended it. */
      readonly status: number | null;
      readonly signal: string | null;
      /** Until it is started again; null when it is not. */
      readonly pauseMilliseconds: number | null;
    };

export interface SupervisorOptions {
  readonly report: (event: SupervisorEvent) => void;
  /** Whether the programs' standard output is passed on too, but for the lines that say they serve. */
  readonly passOutput?: boolean;
  readonly pauses?: Pauses;
  /** Milliseconds between SIGTERM and SIGKILL. */
  readonly grace?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly clock?: Clock;
  /** From 0 to 1. */
  readonly random?: () => number;
  /** Where lines of the programs go; our own standard output and standard error when not given. */
  readonly output?: (line: string) => void;
  readonly errors?: (line: string) => void;
}

export interface Supervisor {
  /** Resolves when all serve for the first time, or with why they do not; then none runs any more. */
  readonly started: Promise<Refusal | undefined>;
  /** The processes that run now, by the programs' names. */
  pids(): ReadonlyMap<string, number>;
  /** Ends all, the last one first, each when the one before it has ended. Resolves when none runs. */
  stop(): Promise<void>;
}

const GRACE = 10_000;

/**
 * Runs programs in processes of their own. They are started in order, each when the one before serves. One that dies
 * is started again after a pause that grows, while the others go on. One that ends by itself before it ever served
 * ends all: what is wrong at the first start does not mend itself.
 */
export function supervise(programs: readonly Program[], options: SupervisorOptions): Supervisor {
  const supervision = new Supervision(programs, options);
  const started = supervision.start();
  return {
    started,
    pids: () => supervision.pids(),
    stop: () => supervision.stop(),
  };
}

/** A program and what became of it. */
interface Ward {
  readonly program: Program;
  readonly served: PromiseWithResolvers<Refusal | undefined>;
  hasServed: boolean;
  deaths: number;
  startedAt: number;
  run: Run | undefined;
  restart: NodeJS.Timeout | undefined;
}

class Supervision {
  readonly #wards: readonly Ward[];
  readonly #options: Required<SupervisorOptions>;
  #stopping: Promise<void> | undefined;

  constructor(programs: readonly Program[], options: SupervisorOptions) {
    this.#options = {
      passOutput: false,
      pauses: PAUSES,
      grace: GRACE,
      clock: () => performance.now(),
      random: Math.random,
      output: (line) => void process.stdout.write(`${line}\n`),
      errors: (line) => void process.stderr.write(`${line}\n`),
      ...options,
    };
    this.#wards = programs.map((program) => ({
      program,
      served: Promise.withResolvers(),
      hasServed: false,
      deaths: 0,
      startedAt: 0,
      run: undefined,
      restart: undefined,
    }));
  }

  async start(): Promise<Refusal | undefined> {
    for (const ward of this.#wards) {
      if (this.#stopping === undefined) this.#run(ward);
      const refusal = await ward.served.promise;
      if (refusal === undefined) continue;
      await this.stop();
      return refusal;
    }
    return undefined;
  }

  pids(): ReadonlyMap<string, number> {
    const pids = new Map<string, number>();
    for (const { program, run: current } of this.#wards) {
      if (current?.pid !== undefined) pids.set(program.name, current.pid);
    }
    return pids;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    for (const ward of this.#wards) {
      clearTimeout(ward.restart);
      ward.served.resolve(refuse('not possible', `${ward.program.name} was stopped before it served`));
    }
    for (const ward of this.#wards.toReversed()) await ward.run?.stop(this.#options.grace);
  }

  #run(ward: Ward): void {
    const { report, passOutput, output, errors, clock } = this.#options;
    ward.startedAt = clock();
    const current = run(ward.program, {
      ready: () => {
        ward.hasServed = true;
        ward.served.resolve(undefined);
      },
      output: passOutput ? output : () => undefined,
      errors,
    });
    ward.run = current;
    if (current.pid !== undefined) report({ event: 'program started', program: ward.program.name });
    void current.ended.then((end) => this.#ended(ward, end));
  }

  #ended(ward: Ward, end: RunEnd): void {
    ward.run = undefined;
    const pause = this.#pause(ward, end);
    this.#options.report({
      event: 'program ended',
      program: ward.program.name,
      status: end.status,
      signal: end.signal,
      pauseMilliseconds: pause ?? null,
    });
    if (pause !== undefined) ward.restart = setTimeout(() => this.#run(ward), pause);
    else ward.served.resolve(neverServed(ward.program, end));
  }

  /** Milliseconds until a program that ended is started again; undefined when it is not. */
  #pause(ward: Ward, end: RunEnd): number | undefined {
    if (this.#stopping !== undefined) return undefined;
    // A signal came from outside, so the next start may go well.
    if (!ward.hasServed && end.signal === null) return undefined;
    const { pauses, clock, random } = this.#options;
    const wasCalm = clock() - ward.startedAt >= pauses.forgetAfter;
    ward.deaths = wasCalm ? 1 : ward.deaths + 1;
    return pauseAfter(ward.deaths, random(), pauses);
  }
}

function neverServed({ name }: Program, { status, lastWords }: RunEnd): Refusal {
  const why = lastWords === '' ? `it ended with status ${status ?? 'none'}` : asDetails(lastWords);
  return refuse('not possible', `${name} did not start: ${why}`);
}
