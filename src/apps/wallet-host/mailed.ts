/** Payments by e-mail: each goes out under the host's name, to somebody who may not want it. */
import { Objection } from '../../host/objections.ts';
import type { Attempt } from './attempts.ts';
import type { Site } from './site.ts';
import { addressOf, counted } from './visit.ts';
import type { Visit } from './visit.ts';

type Counted = readonly [kind: Attempt, whose: string];

/** Whether a payment to `to` goes by e-mail: an address, and not a name at this host. */
export function isMailed({ url }: Pick<Site, 'url'>, to: string): boolean {
  const at = to.lastIndexOf('@');
  const host = to
    .slice(at + 1)
    .trim()
    .toLowerCase();
  return at >= 0 && host !== url.hostname && host !== url.host;
}

/** Does what mails to `to`, unless too much is mailed: by the member, from their network, to whom it is for, or by the host. */
export async function mailing<Result>(
  visit: Pick<Visit, 'site' | 'request'>,
  member: string,
  to: string,
  act: () => Promise<Result | Objection>,
): Promise<Result | Objection> {
  const done: Counted[] = [];
  const result = (await tooMany(visit, countsOf(visit, member, to), done)) ?? (await act());
  // What no mail server was asked for uses nothing up, least of all what others may still mail.
  if (result instanceof Objection && result.name !== 'not mailed')
    for (const [kind, whose] of done) await visit.site.attempts.forgive(kind, whose);
  return result;
}

/** The host's own at last, so that only what may be mailed counts for it. */
function countsOf({ site, request }: Pick<Visit, 'site' | 'request'>, member: string, to: string): Counted[] {
  return [
    ['mail', member],
    ['mail by address', addressOf(site, request)],
    ['mail to', mailbox(to)],
    ['mail of host', ''],
  ];
}

async function tooMany(
  visit: Pick<Visit, 'site' | 'request'>,
  counts: readonly Counted[],
  done: Counted[],
): Promise<Objection | undefined> {
  for (const count of counts) {
    const objection = await counted(visit, ...count);
    if (objection !== undefined) return objection;
    done.push(count);
  }
  return undefined;
}

/** The same for all spellings that reach one person: many hosts ignore what stands behind a plus, and the case. */
function mailbox(to: string): string {
  const [name = '', host = ''] = to.trim().toLowerCase().split('@');
  return `${name.replace(/\+.*$/, '')}@${host}`;
}
