import type { CoinStack } from '../protocol/documents.ts';
import type { HostContext } from './context.ts';
import type { Objection } from './objections.ts';
import type { OfferView } from './schemas.ts';

/** What a link, a text or a file holds, for somebody who is not signed in. */
export function look(_context: HostContext, _text: string): Promise<OfferView | Objection> {
  throw new Error('not yet');
}

/** The coins in a link or a text, to save as a file. */
export function coinsIn(_context: HostContext, _text: string): Promise<CoinStack | Objection> {
  throw new Error('not yet');
}
