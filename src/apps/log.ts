import type { MintEvent } from '../mint/mint.ts';
import type { TitleStoreEvent } from '../stores/title/events.ts';
import type { SupervisorEvent } from './supervisor/supervisor.ts';
import type { TitleClockEvent } from './title/clock.ts';

/** Everything a program of ours may write to its log: an allow-list, with no serial, blind, coin, phrase or key in it. */
export type LogEvent =
  | MintEvent
  | SupervisorEvent
  | TitleStoreEvent
  | TitleClockEvent
  /** The system objected to writing: the title box ends, and another one looks at what is there. */
  | { readonly event: 'title commit failed'; readonly code: string }
  | { readonly event: 'bug'; readonly message: string; readonly stack: string }
  | { readonly event: 'settling refused'; readonly name: string };

/** Writes one event as a line of JSON to standard error. */
export function log(event: LogEvent): void {
  console.error(JSON.stringify({ time: new Date().toISOString(), ...event }));
}

/** What a supervisor reports, as far as it is out of the ordinary: a program that ended and is started again. */
export function reportDeaths(event: SupervisorEvent): void {
  if (event.event === 'program ended' && event.pauseMilliseconds !== null) log(event);
}
