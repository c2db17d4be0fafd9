/** The currencies that a box is started with: each is founded once, whenever it is first missing. */
import { existsSync, readFileSync } from 'node:fs';
import { canonical } from '../../base/canonical.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { pathTaken } from '../../mint/description.ts';
import { decodeDocument } from '../../protocol/codec.ts';
import type { Founding } from '../../protocol/governance.ts';
import type { Box, OpenCurrency } from './box.ts';

/** Reads founding documents (JSON); one that is gone meanwhile is not needed any more. Refuses what is none. */
export function readFoundings(paths: readonly string[]): readonly Founding[] | Refusal {
  const foundings: Founding[] = [];
  for (const path of paths.filter((each) => existsSync(each))) {
    const document = decodeDocument(readFileSync(path));
    if (document instanceof Refusal) return document;
    if (document.type !== 'founding') return refuse('malformed', `${path} holds no founding`);
    foundings.push(document);
  }
  return foundings;
}

/** Those of the foundings that no currency of the box began with, and whose place is free. */
export async function missingOf(
  currencies: ReadonlyMap<string, OpenCurrency>,
  foundings: readonly Founding[],
): Promise<readonly Founding[]> {
  const open = [...currencies.values()];
  const cdds = open.map(({ mint }) => mint.keyring.cdd);
  // By what its journal begins with: an order may have moved a currency since, and it is not to be founded again.
  const begun = new Set(await Promise.all(open.map(beginningOf)));
  return foundings.filter(
    (each) => !begun.has(canonical(each)) && pathTaken(each.description, cdds) === undefined,
  );
}

async function beginningOf({ store }: OpenCurrency): Promise<string> {
  const [first] = await store.journal(0, 1);
  const event = first?.entry.event;
  return event?.type === 'founded' ? canonical(event.founding) : '';
}

/** Founds them one after the other; what a crash leaves is founded at the next start. */
export async function foundAll(box: Box, foundings: readonly Founding[]): Promise<Refusal | undefined> {
  for (const founding of foundings) {
    const founded = await box.found(founding);
    if (founded instanceof Refusal) return founded;
  }
  return undefined;
}
