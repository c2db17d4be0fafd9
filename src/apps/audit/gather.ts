/** Fetches what an audit looks at. */
import { Refusal, refuse } from '../../base/refusal.ts';
import type { Charter } from '../../mint/charter/charter.ts';
import type { VerifySignature } from '../../mint/ports.ts';
import type { ResponseFloat } from '../../protocol/messages/float.ts';
import { ask, askDescription, askJournal } from './ask.ts';
import type { Way } from './ask.ts';
import type { Evidence } from './audit.ts';
import { follow } from './follow.ts';

/**
 * Asks for everything that an issuer says in public. The journal is asked for page by page while it is read. What is
 * published stands between two statements, so that a journal that grows meanwhile is no fault.
 */
export async function gather(way: Way, kept?: ResponseFloat): Promise<Evidence | Refusal> {
  const early = await ask(way, { type: 'request float' });
  if (early instanceof Refusal) return early;
  const keys = await ask(way, { type: 'request mint key certificates' });
  if (keys instanceof Refusal) return keys;
  const cddc = await askDescription(way);
  if (cddc instanceof Refusal) return cddc;
  const late = await ask(way, { type: 'request float' });
  if (late instanceof Refusal) return late;
  const journal = askJournal(way, late.signed_statement.statement.journal.entries);
  return { early, keys, cddc, late, journal, ...(kept === undefined ? {} : { kept }) };
}

/** What an issuer's journal adds up to now, every entry of it checked. */
export async function followJournal(way: Way, verify: VerifySignature): Promise<Charter | Refusal> {
  const float = await ask(way, { type: 'request float' });
  if (float instanceof Refusal) return float;
  const journal = askJournal(way, float.signed_statement.statement.journal.entries);
  const followed = await follow(journal, verify);
  if (followed instanceof Refusal) return followed;
  const { charter, fault } = followed;
  return charter === undefined || fault !== undefined
    ? refuse('distrusted', `its journal is wrong: ${fault ?? 'it has no entries'}`)
    : charter;
}
