/** What came of a request that a person made: the same whatever it was. */
import type { Objection } from '../../host/objections.ts';
import type { Html } from '../../pages/look.ts';
import type { DoneKey } from '../../pages/texts/index.ts';

/** Go on to another page of this host, which says what was done. */
export interface GoOn {
  readonly kind: 'go on';
  /** A path of ours. */
  readonly to: string;
  readonly done?: DoneKey | undefined;
}

/** A page as it is. */
export interface Shown {
  readonly kind: 'shown';
  readonly html: Html;
  readonly status?: 200 | 404 | undefined;
}

/** A file to keep. */
export interface File {
  readonly kind: 'file';
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export type Answer = GoOn | Shown | File | Objection;

export function goOn(to: string, done?: DoneKey): GoOn {
  return { kind: 'go on', to, done };
}

export function shown(html: Html): Shown {
  return { kind: 'shown', html };
}
