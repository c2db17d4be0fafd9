/**
 * The title box's clock. A group's time never goes back, so one wrong jump ahead would let conditions fall back for good. The
 * machine's time is believed at the start; from then on only as long as it keeps up with the time that the machine has been up.
 */
import { MINUTE } from '../../base/dates.ts';
import type { Clock } from '../../base/ports.ts';
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';

/** Milliseconds by which the machine's time may be set ahead or back in all, while the box runs. */
export const CLOCK_STEP = 5 * MINUTE;

export interface ClockParts {
  /** The machine's time: milliseconds since 1970. It may be set. */
  readonly wall: Clock;
  /** Milliseconds since some moment. Nobody sets it, and it goes on while the machine sleeps. */
  readonly uptime: () => number;
  /** Told when the machine's time has run away, and when it is back. */
  readonly report: (event: TitleClockEvent) => void;
}

export type TitleClockEvent =
  | { readonly event: 'title clock ran away'; readonly milliseconds: number }
  | { readonly event: 'title clock is back' };

export interface BoxClock {
  /** The machine's time, or while it has run away what it would be. */
  readonly now: Clock;
  /** Why nothing should take effect for now (`busy`): the machine's time has run away. */
  readonly obstacle: () => Refusal | undefined;
}

/** A clock that begins with the machine's time. */
export function boxClock({ wall, uptime, report }: ClockParts): BoxClock {
  const begin = wall() - uptime();
  let isAway = false;
  const look = () => {
    const [is, due] = [wall(), begin + uptime()];
    const wasAway = isAway;
    isAway = Math.abs(is - due) > CLOCK_STEP;
    if (isAway && !wasAway) report({ event: 'title clock ran away', milliseconds: Math.round(is - due) });
    if (wasAway && !isAway) report({ event: 'title clock is back' });
    return isAway ? Math.round(due) : is;
  };
  return {
    now: look,
    obstacle: () => {
      look();
      return isAway
        ? refuse('busy', 'the clock of the title server was set; whoever runs it has to set it right')
        : undefined;
    },
  };
}
