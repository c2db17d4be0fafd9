/** Sealed backups: a copy of the books and the box's data key, for the operators' recipients alone. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeDate } from '../../base/dates.ts';
import type { Clock } from '../../base/ports.ts';
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import type { Charter } from '../../mint/charter/charter.ts';
import { descriptionOf } from '../../mint/charter/charter.ts';
import type { MintStore } from '../../mint/ports.ts';
import type { Vault } from '../../signers/vault/vault.ts';
import { writeSnapshot } from '../../stores/mint/snapshot.ts';
import type { SnapshotHeader } from '../../stores/mint/snapshot.ts';
import { COPY } from './folder.ts';
import type { BoxFolder } from './folder.ts';

export interface BackupParts {
  readonly folder: BoxFolder;
  readonly vault: Vault;
  readonly clock: Clock;
}

/**
 * What a backup says of itself. The purse of a currency's reserve is not in it by itself: its phrase follows from the
 * data key (reserve-purse.ts), and with it the other issuer gives back every coin.
 */
export interface BackupHeader extends SnapshotHeader {
  readonly type: typeof BACKUP;
  readonly issuer_id: string;
  readonly currency_name: string;
  readonly journal_entries: number;
  readonly time: string;
}

export const BACKUP = 'specie backup';

/** What SQLite keeps beside a file while it is written: of a copy that was cut short, it would be taken for the next one's. */
const BESIDE = ['', '-journal', '-wal', '-shm'];

/** Writes a backup while the mint goes on. Refuses where no operator of the policy has a recipient. */
export async function backUp(
  { folder, vault, clock }: BackupParts,
  store: MintStore,
  charter: Charter,
): Promise<{ readonly sha256: string } | Refusal> {
  const recipients = charter.policy.operators.map((each) => each.recipient).filter((each) => each !== '');
  if (recipients.length === 0)
    return refuse(
      'not possible',
      'no operator of the policy has a recipient for backups; change the policy first',
    );
  const { issuerId } = charter;
  const time = writeDate(clock());
  const header: BackupHeader = {
    type: BACKUP,
    issuer_id: issuerId,
    currency_name: descriptionOf(charter).currency_name,
    journal_entries: charter.head.entries,
    time,
  };
  // Several may be at it. What a box that was killed leaves behind is removed at its next start (folder.ts).
  const copy = join(folder.backups(), `${randomBytes(12).toString('hex')}${COPY}`);
  try {
    await store.snapshot(copy);
    const target = join(folder.backups(), backupName(issuerId, time));
    return await writeSnapshot({ source: copy, header, secret: vault.exportKey(), recipients, target });
  } finally {
    remove(copy);
  }
}

/** Sorted by name, the backups of a currency are in order. Chance keeps apart those of one moment. */
function backupName(issuerId: string, time: string): string {
  return `${issuerId.slice(0, 12)}-${time.replaceAll(':', '')}-${randomBytes(6).toString('hex')}.age`;
}

function remove(copy: string): void {
  for (const end of BESIDE) rmSync(copy + end, { force: true });
}
