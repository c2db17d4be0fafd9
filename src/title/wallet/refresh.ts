/** What the book says of titles once their server has said who holds them now. */
import { nameOf } from './book.ts';
import type { BookChange } from './book.ts';
import type { WalletClass } from './classes.ts';
import type { Context } from './context.ts';
import type { TitleName } from './facade.ts';
import { heldTitle, issuedWithout, provenTitle } from './holdings.ts';
import { ownerIn } from './lookup.ts';
import type { Found } from './lookup.ts';
import { COPY_AHEAD } from './pseudonyms.ts';
import type { KnownServer, ProvenTitle, Pseudonym } from './state.ts';

export interface Refreshed {
  readonly change: BookChange;
  /** What was held and is not any more. */
  readonly lost: readonly TitleName[];
  /** What the server says less of than it had said: an earlier sequence. It is held as it was proven. */
  readonly behind: readonly TitleName[];
  /** What is held, and of which the server has no proof of whose it is. It is held as it was proven. */
  readonly unproven: readonly TitleName[];
  /** What the server says has moved since, without a proof. It is held as it was proven. */
  readonly unsaid: readonly TitleName[];
}

/** Titles of one class as the server has them now; those that are not this wallet's are gone. */
export function refresh(
  context: Context,
  server: KnownServer,
  known: WalletClass,
  found: readonly Found[],
): Refreshed {
  const proven: ProvenTitle[] = [];
  const used: Pseudonym[] = [];
  const moved: TitleName[] = [];
  const lost: TitleName[] = [];
  const behind: TitleName[] = [];
  const unproven: TitleName[] = [];
  const unsaid: TitleName[] = [];
  const now = context.clock();
  for (const each of found) {
    const name = { titleClass: known.id, serial: each.serial };
    const held = heldTitle(context, name);
    const owner = ownerIn(context, server.id, each, COPY_AHEAD);
    if (held !== undefined && each.sequence < held.sequence) {
      behind.push(name);
      continue;
    }
    if (each.sequence > 0 && each.proof === undefined) {
      // Its word alone takes nothing away.
      if (held !== undefined) (each.sequence > held.sequence ? unsaid : unproven).push(name);
      continue;
    }
    if (owner !== undefined && each.proof !== undefined) {
      proven.push(provenTitle(each.proof, now));
      used.push(owner.pseudonym);
    } else if (held?.sequence === each.sequence) continue;
    else if (held !== undefined) lost.push(name);
    if (each.sequence > 0) moved.push(name);
  }
  const change: BookChange = {
    ...context.pseudonyms.used(server, used),
    classes: proven.length === 0 ? [] : context.classes.change(known),
    issued: issuedWithout(
      context,
      known.id,
      moved.map(({ serial }) => serial),
    ),
    gone: moved.filter((name) => context.book.proven.has(nameOf(name))),
    proven,
  };
  return { change, lost, behind, unproven, unsaid };
}
