/**
 * Which group a transfer is in that gave to the pool. Its titles may be on their way to others before who gave them has heard of
 * it: then no title's last group leads to it any more. Of the last some thousands only, and only in memory.
 */
import { bytesToHex } from '../../base/bytes.ts';
import { Refusal } from '../../base/refusal.ts';
import { readForm } from '../documents/codec.ts';
import { Group } from '../documents/documents.ts';
import type { Registry } from '../documents/registry.ts';
import { transferHash } from '../documents/signed.ts';
import type { TitleServerParts } from './ports.ts';
import { isWhole } from './receipts.ts';
import { isPooling } from './rules.ts';

const MOST = 8_192;
/** What of the log is read for it at the start. */
const GROUPS_AT_START = 64;
const BYTES_AT_START = 4_194_304;

export class Recent {
  readonly #groups = new Map<string, number>();

  /** The group that a transfer with this hash is in; undefined where it is not known any more. */
  find(hash: Uint8Array): number | undefined {
    return this.#groups.get(bytesToHex(hash));
  }

  note(hash: Uint8Array, group: number): void {
    this.#groups.set(bytesToHex(hash), group);
    if (this.#groups.size <= MOST) return;
    const [oldest] = this.#groups.keys();
    if (oldest !== undefined) this.#groups.delete(oldest);
  }
}

/** Notes what the end of the log says; nothing where it is lost. */
export async function noteRecent(
  recent: Recent,
  { groups, registry }: { readonly groups: number; readonly registry: Registry },
  parts: Pick<TitleServerParts, 'store' | 'key' | 'sha256' | 'verify'>,
): Promise<void> {
  if (groups === 0) return;
  const { store, key, sha256 } = parts;
  const from = Math.max(1, groups + 1 - GROUPS_AT_START);
  const isIt = (group: Group): boolean => isWhole(group, registry, parts);
  for (const bytes of await store.groups(from, BYTES_AT_START, isIt)) {
    const group = readForm(Group, bytes, 'group');
    // Documents lie where others may write; what cannot be read is as good as lost.
    if (group instanceof Refusal) continue;
    for (const { signed_transfer } of group.transfers) {
      const { transfer } = signed_transfer;
      if (transfer.inputs.some(({ to }) => isPooling(to, key.publicKey)))
        recent.note(transferHash(key.publicKey, transfer, sha256), group.signed_head.head.number);
    }
  }
}
