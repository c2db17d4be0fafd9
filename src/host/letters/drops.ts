/** Letters left at the host for whoever has their link. The host keeps what the key in the link opens, and not the key. */
import { bytesToHex, hexToBytes, utf8 } from '../../base/bytes.ts';
import type { CoinStack } from '../../protocol/documents.ts';
import { fromBase64url } from '../../base/base64url.ts';
import { rowTime } from '../letter-record.ts';
import { HOST_TIMES } from '../limits.ts';
import { object } from '../objections.ts';
import type { Objection } from '../objections.ts';
import type { HostParts, Secrets } from '../ports.ts';
import type { DropRow } from '../state.ts';

/** Bytes of the key in a link: nobody guesses 128 bits. */
export const DROP_KEY_BYTES = 16;

/** What lies in a drop. */
export interface DropContent {
  readonly from: string;
  readonly text: string;
  readonly stack: CoinStack;
}

type DropParts = Pick<HostParts, 'store' | 'secrets' | 'clock'>;

/** The id of a drop from its key; tells nothing of the key. */
export function dropId(secrets: Secrets, key: Uint8Array): string {
  return bytesToHex(secrets.subkey(widened(secrets, key), 'drop id')).slice(0, 32);
}

/** Leaves a letter under its key; again, it is the same drop. */
export async function putDrop(
  { store, secrets, clock }: DropParts,
  key: Uint8Array,
  owner: { readonly member: string; readonly letter: string },
  content: DropContent,
): Promise<void> {
  const id = dropId(secrets, key);
  const sealed = secrets.seal(sealingKey(secrets, key), sealedName(id), utf8(JSON.stringify(content)));
  const created = rowTime(clock());
  await store.putDrop({ id, ...owner, created, expires: created + HOST_TIMES.drop, sealed });
}

/** A drop with what lies in it; objects 'no drop' when the key, in base64url, opens none. */
export async function openDrop(
  { store, secrets, clock }: DropParts,
  key: string,
): Promise<{ readonly row: DropRow; readonly content: DropContent } | Objection> {
  const bytes = fromBase64url(key);
  if (bytes?.length !== DROP_KEY_BYTES) return object('no drop');
  const id = dropId(secrets, bytes);
  const row = await store.drop(id);
  if (row === undefined || row.expires < clock()) return object('no drop');
  const opened = secrets.open(sealingKey(secrets, bytes), sealedName(id), row.sealed);
  if (opened === undefined) return object('no drop');
  return { row, content: JSON.parse(new TextDecoder().decode(opened)) as DropContent };
}

function sealingKey(secrets: Secrets, key: Uint8Array): Uint8Array {
  return secrets.subkey(widened(secrets, key), 'drop key');
}

function widened(secrets: Secrets, key: Uint8Array): Uint8Array {
  return hexToBytes(secrets.hash(key));
}

function sealedName(id: string): string {
  return `drop ${id}`;
}
