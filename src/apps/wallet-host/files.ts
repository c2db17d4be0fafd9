/** Files to keep. */
import { zipSync } from 'fflate';
import { utf8 } from '../../base/bytes.ts';
import type { EntryView } from '../../host/schemas.ts';
import { csv } from '../../host/take-away.ts';
import { encode } from '../../protocol/codec.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import type { TakenFile } from '../../host/take-away.ts';
import type { File } from './answers.ts';

/** Coins as an `.oc` file. */
export function stackFile(stack: CoinStack): File {
  return { kind: 'file', name: 'coins.oc', type: 'application/octet-stream', bytes: encode(stack) };
}

/** A handover of titles as a `.title` file. */
export function titleFile(handover: string): File {
  return { kind: 'file', name: 'titles.title', type: 'application/octet-stream', bytes: utf8(handover) };
}

/** A history as a table for other programs. */
export function table(entries: readonly EntryView[]): File {
  return { kind: 'file', name: 'history.csv', type: 'text/csv; charset=utf-8', bytes: utf8(csv(entries)) };
}

/** Several files as one archive. */
export function archive(files: readonly TakenFile[]): File {
  const bytes = zipSync(Object.fromEntries(files.map((file) => [file.name, file.bytes])));
  return { kind: 'file', name: 'wallet.zip', type: 'application/zip', bytes };
}
