import type { Instant } from './dates.ts';

/** Tells the time. Floors 0 to 2 know no other clock. */
export type Clock = () => Instant;

/** Gives `length` unpredictable bytes. Floors 0 to 2 know no other randomness. */
export type Randomness = (length: number) => Uint8Array;

/** Waits. Rejects never; the waiting may be cut short by whoever runs the program. */
export type Pause = (milliseconds: number) => Promise<void>;
