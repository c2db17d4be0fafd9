/** Sealed backups: a copy of the books and the box's data key, for the operators' recipients alone. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeDate } from '../../base/dates.ts';
import type { Clock } from '../../base/ports.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { Charter } from '../../mint/charter/charter.ts';
import { descriptionOf } from '../../mint/charter/charter.ts';
import type { MintStore } from '../../mint/ports.ts';
import type { Vault } from '../../signers/vault.ts';
import { writeSnapshot } from '../../stores/snapshot.ts';
import type { BoxFolder } from './folder.ts';

export interface BackupParts {
  readonly folder: BoxFolder;
  readonly vault: Vault;
  readonly clock: Clock;
}

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
  const time = writeDate(clock());
  const copy = join(folder.backups(), 'copy.sqlite');
  rmSync(copy, { force: true });
  try {
    await store.snapshot(copy);
    return await writeSnapshot({
      source: copy,
      header: {
        type: 'specie backup',
        issuer_id: charter.issuerId,
        currency_name: descriptionOf(charter).currency_name,
        journal_entries: charter.head.entries,
        time,
      },
      secret: vault.exportKey(),
      recipients,
      target: join(folder.backups(), `${charter.issuerId.slice(0, 12)}-${time.replaceAll(':', '')}.age`),
    });
  } finally {
    rmSync(copy, { force: true });
  }
}
