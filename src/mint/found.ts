import { canonicalBytes } from '../base/canonical.ts';
import type { Canonical } from '../base/canonical.ts';
import { SECOND, writeDate } from '../base/dates.ts';
import type { Instant } from '../base/dates.ts';
import type { Refusal } from '../base/refusal.ts';
import type { StatementKeyCertificate } from '../protocol/attestations.ts';
import type { Cdd, Cddc } from '../protocol/documents.ts';
import { PROTOCOL_VERSION } from '../protocol/documents.ts';
import type { Founding } from '../protocol/governance.ts';
import { keyId } from '../protocol/ids.ts';
import type { JournalEvent } from '../protocol/journal.ts';
import { foundingFault } from './charter/actions.ts';
import { makeMintKey } from './keys/make.ts';
import type { MadeKey } from './keys/make.ts';
import type { JournalStep, KeyMaker, NewKey, NewStatementKey, Vault } from './ports.ts';
import { prepare } from './scribe.ts';
import { MASTER, STATEMENT, seal } from './secrets.ts';

export interface Founder {
  readonly maker: KeyMaker;
  readonly vault: Vault;
}

/** A currency that was made and is not in any store yet: recording the step founds it. */
export interface Founded {
  readonly issuerId: string;
  readonly step: JournalStep;
}

/** Makes a currency: master key, statement key, description, a mint key for each denomination, and the journal's first page. */
export async function foundCurrency(
  { maker, vault }: Founder,
  founding: Founding,
  now: Instant,
  progress: (made: number, of: number) => void,
): Promise<Founded | Refusal> {
  const faults = foundingFault(founding, now);
  if (faults !== undefined) return faults;
  const { issuer_cipher_suite: suite, description, key_schedule: schedule } = founding;
  const master = await maker.make(suite, 'master');
  const statement = maker.makeStatementKey();
  const issuerId = keyId(master.publicKey);
  const certify = (document: Canonical) => maker.signDocument(suite, master.secret, canonicalBytes(document));
  const cddc = await describe(founding, master, now, certify);
  let made = 0;
  const keys = await Promise.all(
    description.denominations.map(async (denomination) => {
      const window = { from: now, until: now + schedule.keys_sign_seconds * SECOND };
      const key = await makeMintKey(maker, cddc.cdd, { denomination, window, schedule }, certify);
      progress(++made, description.denominations.length);
      return key;
    }),
  );
  const events: JournalEvent[] = [
    {
      type: 'founded',
      cddc,
      founding,
      statement_key: await certifyStatementKey(statement, issuerId, certify),
    },
    ...keys.map(({ certificate }) => ({ type: 'mint key' as const, certificate })),
  ];
  const secrets = [
    seal(vault, issuerId, MASTER, master.secret),
    seal(vault, issuerId, STATEMENT, statement.secret),
    ...keys.map((key: MadeKey) => seal(vault, issuerId, key.secretName, key.secret)),
  ];
  const sign = (bytes: Uint8Array) => maker.attest(statement.secret, bytes);
  return { issuerId, step: prepare(undefined, { events, secrets }, now, sign).step };
}

async function describe(
  founding: Founding,
  master: NewKey,
  now: Instant,
  certify: (document: Canonical) => Promise<string>,
): Promise<Cddc> {
  const cdd: Cdd = {
    ...founding.description,
    cdd_serial: 1,
    cdd_signing_date: writeDate(now),
    currency_divisor: founding.currency_divisor,
    id: keyId(master.publicKey),
    issuer_cipher_suite: founding.issuer_cipher_suite,
    issuer_public_master_key: master.publicKey,
    protocol_version: PROTOCOL_VERSION,
    type: 'cdd',
  };
  return { cdd, signature: await certify(cdd), type: 'cdd certificate' };
}

async function certifyStatementKey(
  { publicKey }: NewStatementKey,
  issuerId: string,
  certify: (document: Canonical) => Promise<string>,
): Promise<StatementKeyCertificate> {
  const statement_key = { issuer_id: issuerId, public_key: publicKey, type: 'statement key' } as const;
  return { signature: await certify(statement_key), statement_key, type: 'statement key certificate' };
}
