/** Asking servers about every title held. */
import { Refusal } from '../../base/refusal.ts';
import type { WalletClass } from './classes.ts';
import type { Context } from './context.ts';
import type { TitleName } from './facade.ts';
import { heldIn } from './holdings.ts';
import { lookUp } from './lookup.ts';
import type { Found } from './lookup.ts';
import { revive } from './reconcile.ts';
import { refresh } from './refresh.ts';
import { serialsInDoubt } from './refused.ts';
import { fetchClasses, serverOf } from './servers.ts';
import type { KnownServer } from './state.ts';

/** Issued titles of one class that are asked about at once; they moved only if another copy of this wallet moved them. */
const MOST_ISSUED = 32;

/**
 * Asks each server about its classes and about the titles held, and says what is amiss. Refuses only where nobody could be asked;
 * where one server of several does not answer, it is among what is said.
 */
export async function check(context: Context): Promise<readonly string[] | Refusal> {
  const said: string[] = [];
  let refused: Refusal | undefined;
  let answered = 0;
  for (const { id, url } of context.book.servers.values()) {
    const amiss = await checkServer(context, id);
    if (amiss instanceof Refusal) {
      refused ??= amiss;
      said.push(`${url}: ${amiss.details}`);
    } else {
      answered++;
      said.push(...amiss);
    }
  }
  return refused !== undefined && answered === 0 ? refused : said;
}

async function checkServer(context: Context, id: string): Promise<readonly string[] | Refusal> {
  const server = serverOf(context, id);
  if (server instanceof Refusal) return server;
  const classes = await fetchClasses(context, server);
  if (classes instanceof Refusal) return classes;
  const said: string[] = [];
  if (context.crowded.has(id))
    said.push(`${server.url}: has issued titles to you in more classes than this wallet keeps of one server`);
  for (const known of context.classes.of(id)) {
    const stopped = context.classes.stopped(known.id);
    if (stopped !== undefined) said.push(stopped.details);
    const amiss = await checkClass(context, server, known);
    if (amiss instanceof Refusal) return amiss;
    said.push(...amiss);
  }
  return said;
}

async function checkClass(
  context: Context,
  server: KnownServer,
  known: WalletClass,
): Promise<readonly string[] | Refusal> {
  const found: Found[] = [];
  const said: string[] = [];
  for (const serial of serialsToAsk(context, known)) {
    const each = await lookUp(context, server, known, serial);
    if (each instanceof Refusal && each.temporary) return each;
    if (each instanceof Refusal) said.push(each.details);
    else found.push(each);
  }
  if (found.length === 0) return said;
  const { change, lost, behind, unproven, unsaid } = refresh(context, server, known, found);
  const now = context.clock();
  const issued = [...context.book.issued.values()]
    .filter(({ titleClass }) => titleClass === known.id)
    .map((each) => ({ ...each, checked: now }));
  const moved = new Map((change.issued ?? []).map((each) => [each.first, { ...each, checked: now }]));
  await context.book.commit({ ...change, issued: issued.map((each) => moved.get(each.first) ?? each) });
  await revive(context, known, found);
  const { name } = known.certificate.title_class.terms;
  const words = (titles: readonly TitleName[], what: string): readonly string[] =>
    titles.map(({ serial }) => `${name} ${serial}: ${what}`);
  return [
    ...said,
    ...words(lost, 'somebody else holds it now'),
    ...words(
      behind,
      'the server says that it changed hands less often than it proved before; do not trust it',
    ),
    ...words(unproven, 'the server has no proof any more of who holds it; keep yours'),
    ...words(unsaid, 'the server says that it has changed hands since, and has lost to whom'),
  ];
}

function serialsToAsk(context: Context, { id }: WalletClass): readonly number[] {
  const held = heldIn(context, id, MOST_ISSUED).filter(({ isLeaving }) => !isLeaving);
  const own = held.map(({ serial }) => serial);
  return [...new Set([...own, ...serialsInDoubt(context, id)])];
}
